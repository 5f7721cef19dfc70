"""Several conversations: as values, and as what a browser keeps."""

from __future__ import annotations

from dataclasses import replace

import pytest
from chatpage import NEAR, PAPER, Scripted, ask, reload, visiting
from playwright.sync_api import Browser, Page, expect

from app.answers import Answer
from app.conversations import MAX_NAME, Conversation, Notebook, read_notebook
from app.words import WORDS

EN = WORDS["en"]


def answered(question: str) -> Answer:
    return list(Scripted(PAPER, (NEAR,)).stream(question))[-1]


def test_what_is_kept_comes_back_as_it_was() -> None:
    held = Conversation(name="名", papers=("p",)).add(answered("一？")).add(answered("two?"))
    held = replace(held, following=("next?",))
    assert read_notebook([held.to_json()], held.key) == Notebook((held,), held)


def test_only_the_chunks_that_are_cited_are_kept() -> None:
    answer = answered("When?")
    other = replace(answer.retrieved[0], chunk=replace(answer.citations[0].chunk, chunk_id="x"))
    held = Conversation().add(replace(answer, retrieved=(*answer.retrieved, other)))
    (back,) = read_notebook([held.to_json()]).kept
    assert back.answers == (answer,)


@pytest.mark.parametrize("text", ["", "null", "{", "[]", '{"key": 1}', '{"answers": "x"}'])
def test_what_is_no_conversation_is_left_out(text: str) -> None:
    assert read_notebook([text]).kept == ()


def test_an_answer_can_take_the_place_of_an_earlier_one() -> None:
    one, two, three = map(answered, ("one", "two", "three"))
    held = replace(Conversation().add(one).add(two), following=("next?",))
    assert held.add(three, 0).answers == (three, two)
    assert held.add(three).answers == (one, two, three)
    assert held.add(three).following == ()


def test_conversations_are_listed_newest_first_and_empty_ones_not_at_all() -> None:
    old, new = (Conversation(key=key).add(answered(key)) for key in "ab")
    notebook = Notebook().keep(new).keep(old)
    assert [each.title for each in notebook.kept] == ["b", "a"]
    assert notebook.current == old
    assert notebook.open("b").current == new
    assert notebook.open("c").current.answers == ()
    assert notebook.keep(Conversation()).kept == notebook.kept
    assert notebook.drop().kept == (new,)
    assert notebook.rename("  a \n name" + "x" * 99).current.title == "a name" + "x" * (
        MAX_NAME - 6
    )
    assert notebook.rename("x").rename(" ").current.title == "a"


def titles(page: Page) -> list[str]:
    return [text.strip() for text in page.locator("#kept label").all_text_contents()]


@pytest.mark.browser
def test_conversations_survive_a_reload_and_can_be_opened_renamed_and_deleted(
    browser: Browser, site: str, assistant: Scripted
) -> None:
    with visiting(browser, site) as page:
        ask(page, "first one")
        expect(page.locator(".answer .sure")).to_have_count(1)
        page.get_by_role("button", name=EN["clear"]).click()
        expect(page.locator(".user-row")).to_have_count(0)
        ask(page, "second one")
        expect(page.locator(".answer .sure")).to_have_count(1)
        reload(page)
        expect(page.locator(".user-row")).to_have_text(["second one"])
        page.get_by_role("button", name=EN["menu"]).click()
        expect(page.locator("#kept label")).to_have_text(["second one", "first one"])
        page.get_by_role("radio", name="first one").check()
        expect(page.locator(".user-row")).to_have_text(["first one"])
        page.get_by_role("textbox", name=EN["name"]).fill("My talk")
        page.get_by_role("button", name=EN["rename"]).click()
        expect(page.locator("#kept label")).to_have_text(["second one", "My talk"])
        reload(page)
        expect(page.locator(".user-row")).to_have_text(["first one"])
        page.get_by_role("button", name=EN["menu"]).click()
        page.get_by_role("button", name=EN["delete"], exact=True).click()
        expect(page.locator("#kept label")).to_have_text(["second one"])
        page.get_by_role("button", name=EN["undo"]).click()
        expect(page.locator("#kept label")).to_have_text(["second one", "My talk"])
        page.get_by_role("button", name=EN["delete"], exact=True).click()
        expect(page.locator("#kept label")).to_have_text(["second one"])
        page.keyboard.press("Escape")
        expect(page.locator("#side")).to_be_hidden()
        reload(page)
        page.get_by_role("button", name=EN["menu"]).click()
        expect(page.locator("#kept label")).to_have_text(["second one"])
        page.get_by_role("radio", name="second one").check()
        expect(page.locator(".user-row")).to_have_text(["second one"])
        page.get_by_role("button", name=EN["shut"]).click()
        ask(page, "and more")
        expect(page.locator(".answer .sure")).to_have_count(2)
    assert assistant.histories["and more"] == ["second one"]


@pytest.mark.browser
def test_two_windows_of_one_browser_do_not_overwrite_each_other(
    browser: Browser, site: str
) -> None:
    with visiting(browser, site) as page:
        other = page.context.new_page()
        other.goto(site)
        for window, question in ((page, "in one"), (other, "in two")):
            ask(window, question)
            expect(window.locator(".answer .sure")).to_have_count(1)
        reload(page)
        expect(page.locator(".user-row")).to_have_text(["in one"])
        page.get_by_role("button", name=EN["menu"]).click()
        expect(page.locator("#kept label")).to_have_text(["in two", "in one"])


@pytest.mark.browser
def test_a_conversation_is_saved_and_printed_with_its_citations(
    browser: Browser, site: str
) -> None:
    with visiting(browser, site) as page:
        ask(page, "When <b>?")
        expect(page.locator(".answer .sure")).to_have_count(1)
        page.get_by_role("button", name=EN["menu"]).click()
        with page.expect_download() as download:
            page.get_by_role("button", name=EN["markdown"]).click()
        assert download.value.suggested_filename == "conversation.md"
        text = download.value.path().read_text("utf-8")
        assert "## When \\<b\\>?" in text and NEAR in text
        with page.expect_popup() as opened:
            page.get_by_role("button", name=EN["printed"]).click()
        expect(opened.value.get_by_role("heading", name="When <b>?")).to_be_visible()
        expect(opened.value.locator("blockquote").first).to_have_text(NEAR)
