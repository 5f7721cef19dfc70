"""The first run: the page listens at once, and what is asked waits for the index."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from threading import Event

import pytest
from chatpage import ask, running, visiting
from playwright.sync_api import Browser, expect

from app.assistant import Assistant
from app.cli import main
from app.exchange import EXAMPLES
from app.programs import Programs
from app.shelf import Shelf, Unbuilt, open_shelf
from app.ui import build_page
from app.words import WORDS
from index import Index
from index.ingest import Progress
from sources import IndexMismatch, StoreError, catalog, load_paper

EN, ZH = WORDS["en"], WORDS["zh"]
QUESTION = EXAMPLES[0]


@contextmanager
def slow(index: Index) -> Iterator[tuple[Shelf, Event]]:
    """A shelf whose index stays half built until the event is set."""
    go_on = Event()

    def make(progress: Progress) -> Assistant:
        progress(1, 2)
        assert go_on.wait(60)
        return Assistant(index)

    shelf = Shelf(Unbuilt(load_paper(catalog()[0].paper_id), make))
    shelf.begin()
    yield shelf, go_on
    go_on.set()


def failing(error: Exception) -> Shelf:
    def make(progress: Progress) -> Assistant:
        raise error

    return Shelf(Unbuilt(load_paper(catalog()[0].paper_id), make))


@pytest.mark.browser
@pytest.mark.parametrize(("locale", "words"), [("en-US", EN), ("zh-CN", ZH)])
def test_the_page_shows_the_paper_at_once_and_a_question_waits(
    browser: Browser, index: Index, locale: str, words: dict[str, str]
) -> None:
    told = words["opening"].format(50)
    with (
        slow(index) as (shelf, go_on),
        running(build_page(shelf)) as url,
        visiting(browser, url, locale=locale) as page,
    ):
        expect(page.locator("#text article")).to_contain_text("25.6")
        expect(page.locator("#opening")).to_contain_text(told)
        expect(page.locator("#opening progress")).to_have_attribute("value", "50")
        ask(page, QUESTION)
        expect(page.locator("#chat .adding")).to_contain_text(told)
        page.locator("#stop").click()  # the question comes back
        expect(page.locator("#question textarea")).to_have_value(QUESTION)
        page.locator("#question textarea").press("Enter")
        expect(page.locator("#chat .adding")).to_contain_text(told)
        expect(page.locator(".answer .said")).to_have_count(0)
        go_on.set()
        expect(page.locator(".answer .said")).to_contain_text("25.6")
        expect(page.locator(".adding")).to_have_count(0)
        expect(page.locator("#opening")).to_be_hidden()


@pytest.mark.browser
def test_why_there_is_no_index_is_told_on_the_page(browser: Browser) -> None:
    shelf = failing(StoreError("the disk is full; make <b>room</b>"))
    shelf.begin()
    with running(build_page(shelf)) as url, visiting(browser, url) as page:
        expect(page.locator("#opening").get_by_role("alert")).to_contain_text("make <b>room</b>")
        ask(page, QUESTION)
        expect(page.locator("#problem").get_by_role("alert")).to_contain_text("disk is full")
        expect(page.locator("#question textarea")).to_have_value(QUESTION)


def test_programs_wait_too(index: Index) -> None:
    with slow(index) as (shelf, go_on):
        assert [*shelf.names] == [*shelf.documents] == [catalog()[0].paper_id]
        assert next(shelf.opening()) in (0.0, 0.5)
        go_on.set()
        assert "25.6" in Programs(shelf).ask(QUESTION).text
        assert [*shelf.opening()] == []


def test_a_first_run_builds_the_index_and_a_second_finds_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ASKPAPER_INDEX", str(tmp_path / "index"))
    mine = tmp_path / "tea.md"
    mine.write_text("# On tea\n\nTea delays sleep by forty minutes.\n", "utf-8")
    first = open_shelf(mine)
    assert not first.ready
    first.begin()
    assert "forty" in first.asking(()).ask("How long does tea delay sleep?").text
    assert len(first.names) == 1 + len(catalog())
    again = open_shelf(mine)
    assert again.ready
    assert again.chosen(()) == first.chosen(())


def test_a_folder_that_cannot_be_written_is_one_line_before_the_page_opens(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "file").write_text("")
    monkeypatch.setenv("ASKPAPER_INDEX", str(tmp_path / "file" / "index"))
    assert main(["--no-browser", "--port", "0"]) == 1
    told = capsys.readouterr()
    assert "ASKPAPER_INDEX" in told.err
    assert (told.err.count("\n"), told.out) == (1, "")


def test_an_index_of_another_version_is_told_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    def foreign() -> Index:
        raise IndexMismatch("made by another version")

    monkeypatch.setattr("app.assistant.open_index", foreign)
    with pytest.raises(IndexMismatch):
        open_shelf()
