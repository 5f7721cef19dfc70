"""Asking, reading and looks: the chat page before a scripted assistant and before the real one."""

from __future__ import annotations

import re

import pytest
from chatpage import (
    FAR_DOWN,
    HOSTILE,
    MARKUP,
    NEAR,
    Scripted,
    ask,
    in_view,
    running,
    visiting,
)
from playwright.sync_api import Browser, expect

from app.assistant import Assistant
from app.exchange import EXAMPLES
from app.theme import ASSETS
from app.ui import build_page
from app.words import WORDS
from sources import BusyError


@pytest.mark.browser
def test_an_example_is_sent_at_once_and_answered(browser: Browser, site: str) -> None:
    with visiting(browser, site) as page:
        expect(page.locator("#chat .example")).to_have_text(list(EXAMPLES))
        page.locator("#chat .example").first.click()
        expect(page.locator(".user-row")).to_have_text(EXAMPLES[0])
        expect(page.locator(".answer .cite")).to_have_count(2)
        expect(page.locator("#chat .example")).to_have_count(0)
        expect(page.locator(".answer u")).to_have_text("began")
        expect(page.locator("#question textarea")).to_have_value("")


@pytest.mark.browser
def test_a_citation_is_shown_in_the_paper_by_mouse_and_by_keyboard(
    browser: Browser, site: str
) -> None:
    with visiting(browser, site) as page:
        ask(page, "When?")
        expect(page.locator("#text .cited")).to_have_text([NEAR, FAR_DOWN])
        assert page.locator("#paper").evaluate("pane => pane.scrollTop") == 0
        page.locator(".answer .cite").nth(1).click()
        expect(page.locator("#text .shown")).to_have_text(FAR_DOWN)
        assert in_view(page, "#text .shown")
        assert page.locator("#paper").evaluate("pane => pane.scrollTop") > 1000
        page.locator(".answer .marker").first.focus()
        page.keyboard.press("Enter")
        expect(page.locator("#text .shown")).to_have_text(NEAR)
        assert in_view(page, "#text .shown")
        expect(page.locator(".answer [aria-current]")).to_have_count(2)  # the marker and its card


@pytest.mark.browser
def test_a_long_quote_unfolds_and_folds_again(browser: Browser, site: str) -> None:
    with visiting(browser, site) as page:
        ask(page, "When?")
        quote = page.locator(".card.long .quote")
        height = "document.querySelector('.card.long .quote')?.clientHeight"
        folded = page.wait_for_function(height).json_value()
        for name, unfolded in ((WORDS["en"]["more"], True), (WORDS["en"]["less"], False)):
            page.get_by_role("button", name=name).click()
            assert (quote.evaluate("quote => quote.clientHeight") > folded) is unfolded


@pytest.mark.browser
def test_answers_stream_and_the_box_is_free_meanwhile(
    browser: Browser, site: str, assistant: Scripted
) -> None:
    assistant.released.clear()
    with visiting(browser, site) as page:
        ask(page, "wait for it")
        expect(page.locator(".answer .said")).to_have_text("wait for it so")
        expect(page.locator("#question textarea")).to_have_value("")
        expect(page.locator("#question textarea")).to_be_focused()
        page.locator("#question textarea").fill("the next one")
        assistant.released.set()
        expect(page.locator(".answer .cite")).to_have_count(2)
        expect(page.locator("#question textarea")).to_have_value("the next one")


@pytest.mark.browser
def test_clearing_stops_the_answer_and_forgets_the_conversation(
    browser: Browser, site: str, assistant: Scripted
) -> None:
    assistant.released.clear()
    with visiting(browser, site) as page:
        ask(page, "Before")
        expect(page.locator(".answer .cite")).to_have_count(2)
        ask(page, "wait again")
        expect(page.locator(".answer .said").nth(1)).to_have_text("wait again so")
        page.get_by_role("button", name=WORDS["en"]["clear"]).click()
        expect(page.locator("#chat .example")).to_have_count(len(EXAMPLES))
        expect(page.locator("#text .cited")).to_have_count(0)
        assistant.released.set()
        ask(page, "After")
        expect(page.locator(".user-row")).to_have_text(["After"])
        expect(page.locator(".answer .cite")).to_have_count(2)
    assert assistant.histories["After"] == []


@pytest.mark.browser
def test_two_readers_have_two_conversations(
    browser: Browser, site: str, assistant: Scripted
) -> None:
    with visiting(browser, site) as first, visiting(browser, site) as second:
        for page, name in ((first, "first"), (second, "second")):
            ask(page, f"{name} opens")
            expect(page.locator(".answer .cite")).to_have_count(2)
        ask(first, "and first goes on")
        expect(first.locator(".answer .understood span")).to_have_text("talks: and first goes on")
        expect(second.locator(".user-row")).to_have_text(["second opens"])
    assert assistant.histories["second opens"] == []
    assert assistant.histories["and first goes on"] == ["first opens"]


@pytest.mark.browser
def test_a_refusal_is_calm_and_shows_the_closest_places(browser: Browser, site: str) -> None:
    with visiting(browser, site) as page:
        ask(page, "refuse this")
        refusal = page.locator(".answer.refused")
        expect(refusal).to_contain_text("The paper is silent.")
        expect(refusal.locator(".heading").first).to_have_text(WORDS["en"]["closest"])
        expect(refusal.locator(".cite")).to_have_count(2)
        expect(page.get_by_role("alert")).to_have_count(0)


@pytest.mark.browser
@pytest.mark.parametrize(("locale", "says"), [("en-US", "is empty"), ("zh-CN", "问题是空的")])
def test_an_empty_question_is_refused_where_one_looks(
    browser: Browser, site: str, locale: str, says: str
) -> None:
    with visiting(browser, site, locale=locale) as page:
        ask(page, "   ")
        expect(page.get_by_role("alert")).to_contain_text(says)
        ask(page, "When?")
        expect(page.locator(".answer .cite")).to_have_count(2)
        expect(page.get_by_role("alert")).to_have_count(0)


@pytest.mark.browser
@pytest.mark.parametrize(("question", "says"), [("y" * 3000, "3,000"), ("break", "went wrong")])
def test_a_question_that_fails_is_not_lost(
    browser: Browser, site: str, question: str, says: str
) -> None:
    with visiting(browser, site) as page:
        ask(page, question)
        expect(page.get_by_role("alert")).to_contain_text(says)
        expect(page.locator("#question textarea")).to_have_value(question)
        expect(page.locator(".user-row")).to_have_count(0)
        assert "secret" not in page.content() and "Traceback" not in page.content()


@pytest.mark.browser
@pytest.mark.parametrize(("locale", "says"), [("en-US", "ask again in"), ("zh-CN", "太多")])
def test_a_question_too_many_is_refused_and_not_lost(
    browser: Browser, assistant: Scripted, locale: str, says: str
) -> None:
    def admit(address: str) -> None:
        assert address == "127.0.0.1"
        raise BusyError("more than 1 questions in a minute; ask again in 60 s")

    with (
        running(build_page(assistant, admit)) as url,
        visiting(browser, url, locale=locale) as page,
    ):
        ask(page, "When?")
        expect(page.get_by_role("alert")).to_contain_text(says)
        expect(page.locator("#question textarea")).to_have_value("When?")


@pytest.mark.browser
def test_shift_and_enter_begin_a_new_line(browser: Browser, site: str) -> None:
    with visiting(browser, site) as page:
        box = page.locator("#question textarea")
        box.fill("one")
        box.press("Shift+Enter")
        box.type("two")
        expect(box).to_have_value("one\ntwo")
        expect(page.locator(".user-row")).to_have_count(0)


@pytest.mark.browser
@pytest.mark.parametrize(("composing", "sent"), [(True, 0), (False, 1)])
def test_enter_in_an_input_method_sends_nothing(
    browser: Browser, site: str, composing: bool, sent: int
) -> None:
    with visiting(browser, site) as page:
        box = page.locator("#question textarea")
        box.fill("shuzi maoyi")
        pressed = {"key": "Enter", "isComposing": composing, "bubbles": True, "cancelable": True}
        box.dispatch_event("keypress", pressed)
        if sent:
            expect(page.locator(".user-row")).to_have_count(1)
        page.wait_for_timeout(300)
        expect(page.locator(".user-row")).to_have_count(sent)


@pytest.mark.browser
@pytest.mark.parametrize("locale", ["zh", "zh-CN", "zh-HK", "zh-TW"])
def test_a_chinese_browser_gets_a_chinese_page(browser: Browser, site: str, locale: str) -> None:
    with visiting(browser, site, locale=locale) as page:
        expect(page.locator("#question textarea")).to_have_attribute(
            "placeholder", WORDS["zh"]["hint"]
        )
        expect(page.locator("#chat")).to_contain_text(WORDS["zh"]["welcome"])
        expect(page.get_by_role("button", name=WORDS["zh"]["send"], exact=True)).to_be_visible()
        ask(page, "When?")
        expect(page.locator(".answer .sure")).to_have_text(WORDS["zh"]["sure"])


@pytest.mark.browser
def test_dark_follows_the_system(browser: Browser, site: str) -> None:
    colours = set()
    for scheme in ("light", "dark"):
        with visiting(browser, site, color_scheme=scheme) as page:
            read = "pane => getComputedStyle(pane).backgroundColor"
            colours.add(page.locator("#paper").evaluate(read))
    assert len(colours) == 2


@pytest.mark.browser
def test_on_a_phone_the_paper_is_a_drawer_that_a_citation_opens(
    browser: Browser, site: str
) -> None:
    with visiting(browser, site, viewport={"width": 390, "height": 844}) as page:
        drawer = page.get_by_role("button", name=WORDS["en"]["paper"], exact=True)
        expect(drawer).to_have_attribute("aria-expanded", "false")
        expect(page.locator("#text")).to_be_hidden()
        ask(page, "When?")
        page.locator(".answer .cite").nth(1).click()
        expect(drawer).to_have_attribute("aria-expanded", "true")
        expect(page.locator("#text .shown")).to_have_text(FAR_DOWN)
        assert in_view(page, "#text .shown")
        expect(page.locator(".answer .cite").nth(1)).to_be_in_viewport()
        drawer.click()
        expect(page.locator("#text")).to_be_hidden()
        assert page.evaluate("document.documentElement.scrollWidth") == 390


@pytest.mark.browser
def test_markup_in_paper_question_and_answer_is_inert(browser: Browser) -> None:
    with (
        running(
            build_page(Scripted(HOSTILE, (MARKUP.split(" ", 1)[0], "The end is here.")))
        ) as url,
        visiting(browser, url) as page,
    ):
        expect(page.locator("#chat .example")).to_have_count(0)  # they are about another paper
        ask(page, MARKUP)
        expect(page.locator(".user-row")).to_have_text(MARKUP)
        expect(page.locator(".answer .said")).to_contain_text(MARKUP)
        expect(page.locator("#text h1")).to_have_text(MARKUP)
        assert page.locator("#talk a, #paper a, #talk img, #paper img").count() == 0
        assert page.evaluate("window.hit") is None
        assert page.locator("#paper").evaluate("pane => pane.scrollWidth <= pane.clientWidth")


@pytest.mark.browser
def test_the_real_assistant_answers_refuses_and_follows_up(
    browser: Browser, tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ASKPAPER_INDEX", str(tmp_path_factory.mktemp("index")))
    assistant = Assistant.open()
    with running(build_page(assistant)) as url, visiting(browser, url) as page:
        for at, (question, quoted) in enumerate(
            [(EXAMPLES[0], "25.6 万亿美元"), (EXAMPLES[4], "印度尼西亚、尼日利亚、俄罗斯")]
        ):
            ask(page, question)
            answer = page.locator(".answer").nth(at)
            expect(answer.locator(".cite").first).to_contain_text(quoted)
            answer.locator(".cite").first.click()
            expect(page.locator("#text .shown").first).to_contain_text(quoted)
            assert in_view(page, "#text .shown")
        ask(page, "那中国呢？")
        expect(page.locator(".answer").nth(2).locator(".understood")).to_be_visible()
        expect(page.locator(".answer .sure")).to_have_count(3)
        ask(page, "What is the weather in Paris?")
        expect(page.locator(".answer.refused")).to_have_count(1)


def test_the_assets_name_no_other_machine() -> None:
    for asset in ASSETS.iterdir():
        assert not re.search(r"https?:|//[a-z]|@import|url\(", asset.read_text("utf-8")), asset


@pytest.mark.browser
def test_a_question_of_a_thousand_lines_is_refused_in_words_and_not_lost(
    browser: Browser, site: str
) -> None:
    long = "\n".join(f"line {n}" for n in range(1000))
    with visiting(browser, site) as page:
        ask(page, long)
        expect(page.get_by_role("alert")).to_contain_text("2,000")
        expect(page.locator("#question textarea")).to_have_value(long)
        expect(page.locator("#question textarea")).to_be_in_viewport()


@pytest.mark.browser
def test_a_server_that_went_away_is_told_and_the_conversation_comes_back(
    browser: Browser, assistant: Scripted
) -> None:
    with running(build_page(assistant)) as url:
        context = browser.new_context(locale="en-US")
        page = context.new_page()
        page.goto(url)
        ask(page, "Before")
        expect(page.locator(".answer .sure")).to_have_count(1)
    page.locator("#question textarea").fill("half typed")
    expect(page.locator("#lost")).to_have_text(WORDS["en"]["lost"])
    with running(build_page(assistant), int(url.rstrip("/").rpartition(":")[2])):
        expect(page.locator("#problem")).to_contain_text(WORDS["en"]["restarted"], timeout=15_000)
        expect(page.locator("#lost")).to_have_count(0)
        expect(page.locator("#question textarea")).to_have_value("half typed")
        expect(page.locator(".user-row")).to_have_text(["Before"])
        ask(page, "and again")
        expect(page.locator(".answer .sure")).to_have_count(2)
    context.close()
    assert assistant.histories["and again"] == ["Before"]
