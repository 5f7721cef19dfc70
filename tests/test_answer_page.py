"""What an answer offers on the page: correct it, copy it, rate it, ask on, stop it."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from chatpage import NEAR, Scripted, ask, running, visiting
from playwright.sync_api import Browser, expect

from app.assistant import Assistant
from app.exchange import EXAMPLES
from app.ui import build_page
from app.words import WORDS

EN = WORDS["en"]


@pytest.mark.browser
def test_a_partial_answer_says_what_is_missing_and_a_notice_is_text(
    browser: Browser, site: str
) -> None:
    with visiting(browser, site) as page:
        ask(page, "part of it")
        expect(page.locator(".answer .sure")).to_have_text(EN["partly"].format("2025, <b>"))
        expect(page.locator(".answer .notice")).to_have_text("The model is <i>away</i>.")


@pytest.mark.browser
def test_a_generated_answer_says_what_each_source_supports(browser: Browser, site: str) -> None:
    with visiting(browser, site) as page:
        ask(page, "made up?")
        expect(page.locator(".card .verified")).to_have_text(EN["verified"])
        expect(page.locator(".card .unverified")).to_have_text(EN["unverified"])
        doubted = page.get_by_role("button", name=EN["show_unverified"].format(2))
        expect(doubted).to_have_text("2")


@pytest.mark.browser
def test_a_follow_up_can_be_corrected_and_its_turn_is_replaced(
    browser: Browser, site: str, assistant: Scripted
) -> None:
    with visiting(browser, site) as page:
        ask(page, "First")
        expect(page.locator(".answer .sure")).to_have_count(1)
        ask(page, "and then?")
        expect(page.locator(".answer .sure")).to_have_count(2)
        ask(page, "Third")
        expect(page.locator(".answer .sure")).to_have_count(3)
        expect(page.get_by_role("button", name=EN["send"], exact=True)).to_be_visible()
        page.get_by_role("button", name=EN["correct"]).click()
        field = page.get_by_role("textbox", name=EN["corrected"])
        expect(field).to_be_focused()
        expect(field).to_have_value("talks: and then?")
        field.fill("When did the talks end?")
        page.get_by_role("button", name=EN["again"]).click()
        expect(page.locator(".user-row")).to_have_text(
            ["First", "When did the talks end?", "Third"]
        )
        expect(page.locator(".answer .sure")).to_have_count(3)
    assert assistant.histories["When did the talks end?"] == []


@pytest.mark.browser
def test_what_is_typed_as_a_correction_stays_while_the_answer_grows(
    browser: Browser, site: str, assistant: Scripted
) -> None:
    assistant.released.clear()
    with visiting(browser, site) as page:
        ask(page, "and wait")
        page.get_by_role("button", name=EN["correct"]).click()
        field = page.get_by_role("textbox", name=EN["corrected"])
        field.fill("When did the talks end?")
        assistant.released.set()
        expect(page.locator(".answer .sure")).to_have_count(1)
        expect(field).to_be_focused()
        expect(field).to_have_value("When did the talks end?")
        page.keyboard.press("Escape")
        expect(page.get_by_role("button", name=EN["correct"])).to_be_focused()


@pytest.mark.browser
def test_an_answer_is_copied_with_its_sources(browser: Browser, site: str) -> None:
    with visiting(browser, site, permissions=["clipboard-read", "clipboard-write"]) as page:
        ask(page, "When?")
        page.get_by_role("button", name=EN["copy"]).click()
        expect(page.get_by_role("status").first).to_have_text(EN["copied"])
        copied = page.evaluate("navigator.clipboard.readText()")
        assert copied.startswith("When? so") and NEAR in copied and "[2] 1. Part › 1.1. X" in copied


@pytest.mark.browser
def test_ratings_are_kept_on_this_machine(
    browser: Browser, site: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ASKPAPER_INDEX", str(tmp_path))
    with visiting(browser, site) as page:
        for count, question in enumerate(("Good?", "Bad?"), 1):
            ask(page, question)
            expect(page.locator(".answer .sure")).to_have_count(count)
        page.locator(".rate[data-rating=up]").first.click()
        expect(page.get_by_role("status").first).to_have_text(EN["thanks"])
        page.locator(".rate[data-rating=down]").nth(1).click()
        page.get_by_role("textbox", name=EN["why"]).last.fill("<b>no</b>")
        page.keyboard.press("Enter")
        expect(page.get_by_role("status").nth(1)).to_have_text(EN["thanks"])
        file = tmp_path / "feedback.jsonl"
        page.wait_for_timeout(500)
        lines = [json.loads(line) for line in file.read_text("utf-8").splitlines()]
    assert [(line["question"], line["rating"], line["reason"]) for line in lines] == [
        ("Good?", "up", ""),
        ("Bad?", "down", "<b>no</b>"),
    ]


@pytest.mark.browser
def test_escape_stops_an_answer_and_gives_the_question_back(
    browser: Browser, site: str, assistant: Scripted
) -> None:
    assistant.released.clear()
    with visiting(browser, site) as page:
        ask(page, "Before")
        expect(page.locator(".answer .sure")).to_have_count(1)
        ask(page, "wait for ever")
        expect(page.locator(".answer.growing .said")).to_have_text("wait for ever so")
        expect(page.get_by_role("button", name=EN["stop"])).to_be_visible()
        page.keyboard.press("Escape")
        expect(page.locator("#question textarea")).to_have_value("wait for ever")
        expect(page.locator(".user-row")).to_have_text(["Before"])
        expect(page.get_by_role("button", name=EN["stop"])).to_be_hidden()
        assistant.released.set()


@pytest.mark.browser
def test_the_arrow_up_brings_the_last_question_back(browser: Browser, site: str) -> None:
    with visiting(browser, site) as page:
        ask(page, "Where from?")
        expect(page.locator(".answer .sure")).to_have_count(1)
        box = page.locator("#question textarea")
        box.press("ArrowUp")
        expect(box).to_have_value("Where from?")
        box.fill("typed")
        box.press("ArrowUp")
        expect(box).to_have_value("typed")


@pytest.mark.browser
def test_a_suggestion_is_asked_with_one_click(browser: Browser) -> None:
    with running(build_page(Assistant.open())) as url, visiting(browser, url) as page:
        ask(page, EXAMPLES[0])
        onward = page.locator(".onward .next")
        expect(onward).to_have_count(3)
        question = onward.first.text_content() or ""
        onward.first.click()
        expect(page.locator(".user-row").nth(1)).to_have_text(question)
        expect(page.locator(".answer:not(.refused) .sure")).to_have_count(2)
