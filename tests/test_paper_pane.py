"""The paper beside the conversation: its contents, search in it, and what a marker tells."""

from __future__ import annotations

import pytest
from chatpage import FAR_DOWN, FIRST, NEAR, SECOND, ask, in_view, visiting
from playwright.sync_api import Browser, Page, expect

from app.words import WORDS

pytestmark = pytest.mark.browser

_HITS = "name => [...(CSS.highlights.get(name) ?? [])].map(range => range.toString())"


def found(page: Page, name: str) -> list[str]:
    texts: list[str] = page.evaluate(_HITS, name)
    return texts


def test_contents_lead_to_a_section_and_close(browser: Browser, site: str) -> None:
    with visiting(browser, site) as page:
        page.locator(".contents summary").click()
        expect(page.locator(".contents .entry:visible")).to_have_text([FIRST, SECOND])
        page.locator(".contents .entry").nth(1).click()
        expect(page.locator(".contents .entry:visible")).to_have_count(0)
        assert in_view(page, "#text h3")


def test_search_counts_marks_and_goes_round(browser: Browser, site: str) -> None:
    with visiting(browser, site) as page:
        field, count = page.locator(".find input"), page.locator(".find output")
        field.fill("PARAGRAPH 19")
        expect(count).to_have_text("1 / 11")  # 19, and 190 to 199
        assert found(page, "hit") == ["Paragraph 19"] * 11
        for key, place in (("Enter", "2"), ("Shift+Enter", "1"), ("Shift+Enter", "11")):
            field.press(key)
            expect(count).to_have_text(f"{place} / 11")
        page.wait_for_function("document.querySelector('#paper').scrollTop > 1000")
        field.press("Escape")
        expect(count).to_have_text("")
        assert found(page, "hit") == []


def test_a_search_across_sentences_and_one_in_vain(browser: Browser, site: str) -> None:
    with visiting(browser, site) as page:
        field, count = page.locator(".find input"), page.locator(".find output")
        field.fill("谈判的结论很长")
        expect(count).to_have_text("1 / 1")
        field.fill("[a-z]+")  # no pattern, but characters
        expect(count).to_have_text(WORDS["en"]["no_hit"])
        assert found(page, "hit") == []


def test_a_pointer_over_a_marker_sees_section_and_quote(browser: Browser, site: str) -> None:
    with visiting(browser, site) as page:
        ask(page, "When?")
        markers = page.locator(".answer .said .marker")
        expect(markers.first).to_have_attribute("title", f"1. Part › 1.1. X\n{NEAR}")
        expect(markers.nth(1)).to_have_attribute("title", f"1. Part › 1.1. X\n{FAR_DOWN}")
