"""The paper's pane: contents, search, the words that met and the words that answer."""

from __future__ import annotations

import pytest
from chatpage import FAR_DOWN, FIRST, NEAR, SECOND, ask, in_view, visiting
from playwright.sync_api import Browser, Page, expect

from app.words import WORDS


def highlighted(page: Page, name: str) -> list[str]:
    found = page.evaluate(
        "name => [...(CSS.highlights.get(name) ?? [])].map((range) => range.toString())", name
    )
    return list(found)


@pytest.mark.browser
def test_the_contents_lead_to_a_heading(browser: Browser, site: str) -> None:
    with visiting(browser, site) as page:
        page.locator(".contents summary").click()
        expect(page.locator(".contents .entry")).to_have_text([FIRST, SECOND])
        page.locator(".contents .entry").nth(1).click()
        expect(page.locator(".contents nav")).to_be_hidden()
        expect(page.locator("#text h3")).to_be_in_viewport()


@pytest.mark.browser
def test_search_counts_hits_and_goes_round_both_ways(browser: Browser, site: str) -> None:
    with visiting(browser, site) as page:
        box, count = page.get_by_role("searchbox"), page.locator(".find output")
        box.fill("PARAGRAPH 19")
        expect(count).to_have_text("1 / 11")
        assert highlighted(page, "here") == ["Paragraph 19"]
        assert len(highlighted(page, "hit")) == 11
        box.press("Enter")
        expect(count).to_have_text("2 / 11")
        page.get_by_role("button", name=WORDS["en"]["following"]).click()
        expect(count).to_have_text("3 / 11")
        box.press("Shift+Enter")
        page.get_by_role("button", name=WORDS["en"]["previous"]).click()
        page.get_by_role("button", name=WORDS["en"]["previous"]).click()
        expect(count).to_have_text("11 / 11")
        expect(page.locator("#text span", has_text="Paragraph 199 ")).to_be_in_viewport()
        box.fill("a(b")
        expect(count).to_have_text(WORDS["en"]["no_hit"])
        box.press("Escape")
        expect(count).to_have_text("")
        assert highlighted(page, "hit") == []


@pytest.mark.browser
def test_search_finds_a_phrase_across_sentences(browser: Browser, site: str) -> None:
    with visiting(browser, site) as page:
        page.get_by_role("searchbox").fill("很长 很长")
        expect(page.locator(".find output")).to_have_text(WORDS["en"]["no_hit"])
        page.get_by_role("searchbox").fill("很长很长。")
        expect(page.locator(".find output")).to_have_text("1 / 1")
        assert in_view(page, "#text p:last-child span")


@pytest.mark.browser
def test_a_shown_place_marks_what_met_and_what_answers(browser: Browser, site: str) -> None:
    with visiting(browser, site) as page:
        ask(page, "When?")
        page.locator(".answer .marker").first.click()
        expect(page.locator("#text .shown")).to_have_text(NEAR)
        assert highlighted(page, "met") == ["began"]
        assert highlighted(page, "told") == [NEAR[4:9]]
        page.locator(".answer .cite").nth(1).click()
        expect(page.locator("#text .shown")).to_have_text(FAR_DOWN)
        assert highlighted(page, "met") == []
        expect(page.locator(".answer .cite mark").first).to_have_text(NEAR[4:9])


@pytest.mark.browser
def test_the_sentence_of_an_answer_leads_to_its_source(browser: Browser, site: str) -> None:
    with visiting(browser, site) as page:
        ask(page, "When?")
        page.locator(".answer .said .quote").nth(1).click()
        expect(page.locator("#text .shown")).to_have_text(FAR_DOWN)
        assert in_view(page, "#text .shown")


@pytest.mark.browser
def test_a_marker_shows_quote_and_section_to_pointer_and_keyboard(
    browser: Browser, site: str
) -> None:
    with visiting(browser, site) as page:
        ask(page, "When?")
        marker, tip = page.locator(".answer .marker").nth(1), page.get_by_role("tooltip")
        marker.hover()
        expect(tip).to_contain_text("1.1. X")
        expect(tip).to_contain_text(FAR_DOWN)
        marker.click()  # the quote is shown in the paper, which the tip would cover
        expect(tip).to_be_hidden()
        page.mouse.move(5, 5)
        expect(tip).to_be_hidden()
        page.locator(".answer .marker").first.focus()
        expect(tip).to_contain_text(NEAR)
        expect(page.locator(".answer .marker").first).to_have_attribute("aria-describedby", "tip")
        page.keyboard.press("Escape")
        expect(tip).to_be_hidden()
