"""Papers on the page: added, asked one or several, removed; what goes wrong is told there."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Event, Thread

import pytest
from chatpage import ask, running, serious, visiting
from playwright.sync_api import Browser, Page, expect

from app.assistant import Assistant
from app.exchange import EXAMPLES
from app.shelf import Shelf, adding
from app.ui import build_page
from app.words import WORDS
from index import add_papers, build_index, remove_papers
from sources import PaperError, StoreError, load_paper, web

EN, ZH = WORDS["en"], WORDS["zh"]
TEA = "# On tea\n\n## Sleep\n\nTea delays sleep by forty minutes, as a study of 2011 found.\n"


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("shelf") / "index"


@pytest.fixture(scope="module")
def shelf(folder: Path) -> Shelf:
    return Shelf(Assistant(build_index(folder=folder)), folder)


@pytest.fixture
def tea(tmp_path: Path) -> Path:
    (tmp_path / "upload").mkdir()
    file = tmp_path / "upload" / "tea.md"
    file.write_text(TEA, "utf-8")
    return file


@pytest.fixture(scope="module")
def library(shelf: Shelf) -> Iterator[str]:
    with running(build_page(shelf)) as url:
        yield url


def drop(page: Page, file: Path) -> None:
    page.locator("#upload input[type=file]").set_input_files(file)


def test_a_paper_is_added_asked_and_removed_and_its_copy_is_gone(shelf: Shelf, tea: Path) -> None:
    *_, last = adding(shelf, [tea], Event())
    (added,) = last.papers
    assert not tea.parent.exists()
    assert "2011" in shelf.asking([added]).ask("How long does tea delay sleep?").text
    shelf.remove([added])
    assert added not in shelf.names
    assert shelf.chosen([added]) == shelf.asking(()).papers


def test_what_another_process_added_is_there_once_a_page_is_opened(
    shelf: Shelf, folder: Path, tea: Path
) -> None:
    first = shelf.names
    (added,) = add_papers([load_paper(tea)], folder).documents.keys() - first.keys()
    assert shelf.names == first
    shelf.refresh()
    assert "2011" in shelf.asking([added]).ask("How long does tea delay sleep?").text
    remove_papers([added], folder)
    (folder / "manifest.json").rename(folder / "away")
    shelf.refresh()
    assert added in shelf.names
    (folder / "away").rename(folder / "manifest.json")
    shelf.refresh()
    assert shelf.names == first


def test_progress_goes_from_reading_to_storing(shelf: Shelf, tea: Path) -> None:
    second = tea.with_name("coffee.md")
    second.write_text(TEA.replace("Tea", "Coffee").replace("tea", "coffee"), "utf-8")
    *steps, last = adding(shelf, [tea, second], Event())
    shares = [each.done / each.total for each in steps]
    assert shares[:2] == [0.25, 0.5]
    assert shares == sorted(shares)
    assert shares[-1] == 1.0
    shelf.remove(last.papers)


def test_what_is_called_off_leaves_nothing(shelf: Shelf, tea: Path) -> None:
    before, called_off = shelf.names, Event()
    called_off.set()
    *_, last = adding(shelf, [tea], called_off)
    assert last.papers == ()
    assert shelf.names == before
    assert not tea.exists()


def test_a_file_that_cannot_be_read_is_named_without_its_folder(
    shelf: Shelf, tmp_path: Path
) -> None:
    file = tmp_path / "bad.xyz"
    file.write_text("x")
    with pytest.raises(PaperError, match=r"bad\.xyz") as caught:
        list(adding(shelf, [file], Event()))
    assert str(tmp_path) not in str(caught.value)


def test_the_bundled_paper_stays(shelf: Shelf) -> None:
    with pytest.raises(StoreError, match="stays"):
        shelf.remove([*shelf.names])


@pytest.mark.browser
def test_a_paper_is_dropped_chosen_and_removed_on_the_page(
    browser: Browser, library: str, tea: Path
) -> None:
    with visiting(browser, library) as page:
        expect(page.locator("#chat .example")).to_have_text(list(EXAMPLES))
        page.get_by_role("button", name=EN["menu"]).click()
        for nothing_to in ("remove", "rename", "delete", "markdown"):
            expect(page.locator(f"#{nothing_to}")).to_be_hidden()
        drop(page, tea)
        mine = page.get_by_role("checkbox", name="On tea")
        bundled = page.get_by_role("checkbox", name="WTO")
        expect(mine).to_be_checked()
        expect(bundled).not_to_be_checked()
        expect(page.locator("#text article")).to_have_count(1)
        expect(page.locator("#chat .example")).to_have_count(0)
        bundled.check()
        expect(page.locator("#text article")).to_have_count(2)
        page.keyboard.press("Escape")
        for count, question in enumerate(("How long does tea delay sleep?", EXAMPLES[0]), 1):
            ask(page, question)
            expect(page.locator(".answer .sure")).to_have_count(count)
        page.locator(".answer .marker").first.click()
        expect(page.locator("#text article:not([hidden])")).to_contain_text("forty minutes")
        page.locator(".answer .marker").last.click()
        expect(page.locator("#text article:not([hidden]) .shown").first).to_contain_text("25.6")
        expect(page.locator(".card .place").first).to_contain_text("On tea")
        page.get_by_role("button", name=EN["menu"]).click()
        bundled.uncheck()
        expect(page.locator("#text article")).to_have_count(2)  # still cited
        page.get_by_role("button", name=EN["remove"]).click()
        expect(mine).to_have_count(0)
        expect(bundled).to_be_checked()
        expect(page.locator(".user-row")).to_have_count(2)  # what was asked can still be read


@pytest.fixture
def site(tea: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """Where the paper can be fetched, as if loopback were public."""
    monkeypatch.setattr(web, "fetch", partial(web.fetch, allowed=lambda address: True))
    handler = partial(SimpleHTTPRequestHandler, directory=str(tea.parent))
    with ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        thread = Thread(target=server.serve_forever, args=(0.01,))
        thread.start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()
        thread.join()


@pytest.mark.browser
def test_a_paper_is_fetched_on_the_page(browser: Browser, library: str, site: str) -> None:
    with visiting(browser, library) as page:
        page.get_by_role("button", name=EN["menu"]).click()
        address = page.get_by_label(EN["address"])
        address.fill(f" {site}/tea.md")
        address.press("Enter")
        expect(page.get_by_role("checkbox", name="On tea")).to_be_checked()
        expect(address).to_have_value("")
        assert not serious(page)
        page.get_by_role("button", name=EN["remove"]).click()
        expect(page.get_by_role("checkbox", name="On tea")).to_have_count(0)


@pytest.mark.browser
@pytest.mark.parametrize(
    ("typed", "told"),
    [
        ("http://127.0.0.1/tea.md", "内部地址 127.0.0.1"),
        ("localhost/tea.md", "内部地址"),
        ("file:///etc/passwd", "只支持 http"),
        ("/etc/passwd", "不能获取"),
        ("wto-ecommerce-negotiations x", "没有添加"),
    ],
)
def test_an_address_that_is_refused_can_be_mended(
    browser: Browser, library: str, typed: str, told: str
) -> None:
    with visiting(browser, library, locale="zh-CN") as page:
        page.get_by_role("button", name=ZH["menu"]).click()
        address = page.get_by_label(ZH["address"])
        address.fill(typed)
        address.press("Enter")
        expect(page.locator("#adding").get_by_role("alert")).to_contain_text(told)
        expect(address).to_have_value(typed)
        expect(page.locator("#shelf label")).to_have_count(1)


@pytest.mark.browser
def test_progress_is_shown_and_cancelling_leaves_nothing(
    browser: Browser, library: str, shelf: Shelf, tea: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def slow(
        files: Sequence[Path], progress: Callable[[int, int], None], called_off: Event
    ) -> tuple[str, ...]:
        progress(1, 4)
        assert called_off.wait(20)
        return ()

    monkeypatch.setattr(shelf, "add", slow)
    with visiting(browser, library) as page:
        page.get_by_role("button", name=EN["menu"]).click()
        drop(page, tea)
        expect(page.get_by_role("progressbar")).to_have_attribute("value", "25")
        expect(page.locator("#adding")).to_contain_text(EN["adding"].format(25))
        expect(page.locator("#upload")).to_be_hidden()
        assert not serious(page)
        page.get_by_role("button", name=EN["cancel"]).click()
        expect(page.get_by_role("progressbar")).to_have_count(0)
        expect(page.get_by_role("button", name=EN["cancel"])).to_have_count(0)
        expect(page.locator("#shelf label")).to_have_count(1)


@pytest.mark.browser
@pytest.mark.parametrize(("locale", "words"), [("en-US", EN), ("zh-CN", ZH)])
def test_what_cannot_be_added_is_told_in_the_readers_language(
    browser: Browser, library: str, tmp_path: Path, locale: str, words: dict[str, str]
) -> None:
    bad = tmp_path / "bad.xyz"
    bad.write_text("x")
    with visiting(browser, library, locale=locale) as page:
        page.get_by_role("button", name=words["menu"]).click()
        drop(page, bad)
        told = page.locator("#adding").get_by_role("alert")
        expect(told).to_contain_text(words["unreadable"].partition("{}")[0].strip())
        expect(told).to_contain_text("bad.xyz")
        expect(page.get_by_role("button", name=words["cancel"])).to_have_count(0)
