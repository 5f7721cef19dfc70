"""Whoever reads: by keyboard, by ear, enlarged, in either language, on any screen."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from chatpage import ask, serious, visiting
from playwright.sync_api import Browser, Page, expect

from app.words import WORDS

EN, ZH = WORDS["en"], WORDS["zh"]


def asked(page: Page) -> None:
    ask(page, "and part of it?")
    expect(page.locator(".answer .sure")).to_have_count(1)
    page.locator(".answer .marker").first.click()
    page.get_by_role("button", name=EN["correct"]).click()
    page.locator(".rate[data-rating=down]").click()
    page.locator(".contents summary").click()


def refused(page: Page) -> None:
    ask(page, "made up?")
    expect(page.locator(".answer .sure")).to_have_count(1)
    ask(page, "refuse this")
    expect(page.locator(".answer .sure")).to_have_count(2)
    page.get_by_role("button", name=EN["menu"]).click()


@pytest.mark.browser
@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("state", [lambda page: None, asked, refused], ids=["new", "asked", "side"])
def test_axe_finds_nothing_serious(
    browser: Browser, site: str, scheme: Any, state: Callable[[Page], None]
) -> None:
    with visiting(browser, site, color_scheme=scheme) as page:
        state(page)
        page.wait_for_timeout(300)
        assert not serious(page)


@pytest.mark.browser
def test_at_twice_the_size_nothing_has_to_be_scrolled_sideways(browser: Browser, site: str) -> None:
    half = {"width": 640, "height": 400}  # a screen of 1280 by 800 at 200 %
    with visiting(browser, site, viewport=half) as page:
        ask(page, "When?")
        expect(page.locator(".answer .sure")).to_have_count(1)
        assert page.evaluate("document.documentElement.scrollWidth") == 640
        expect(page.locator("#question textarea")).to_be_in_viewport()
        page.locator(".answer .marker").first.click()
        expect(page.locator("#text .shown")).to_be_in_viewport()


@pytest.mark.browser
def test_the_language_can_be_switched_and_is_remembered(browser: Browser, site: str) -> None:
    with visiting(browser, site) as page:
        ask(page, "When?")
        expect(page.locator(".answer .sure")).to_have_text(EN["sure"])
        assert page.evaluate("document.documentElement.lang") == "en"
        page.get_by_role("button", name=EN["language"]).click()
        expect(page.locator(".answer .sure")).to_have_text(ZH["sure"])
        expect(page.get_by_role("searchbox", name=ZH["find"])).to_be_visible()
        page.wait_for_function("document.documentElement.lang === 'zh-CN'")
        page.reload()
        expect(page.locator(".answer .sure")).to_have_text(ZH["sure"])
        page.get_by_role("button", name=ZH["language"]).click()
        expect(page.locator(".answer .sure")).to_have_text(EN["sure"])


@pytest.mark.browser
def test_the_whole_page_works_by_keyboard(browser: Browser, site: str) -> None:
    with visiting(browser, site) as page:
        expect(page.locator("#question textarea")).to_be_focused()
        page.keyboard.type("When?")
        page.keyboard.press("Enter")
        expect(page.locator(".answer .sure")).to_have_count(1)
        for _ in range(30):
            page.keyboard.press("Shift+Tab")
            if page.evaluate("document.activeElement.matches('.answer .marker')"):
                break
        page.keyboard.press("Enter")
        expect(page.locator("#text .shown")).to_have_count(1)
        page.get_by_role("button", name=EN["menu"]).press("Enter")
        expect(page.get_by_role("button", name=EN["shut"])).to_be_focused()
        page.keyboard.press("Escape")
        expect(page.get_by_role("button", name=EN["menu"])).to_be_focused()
