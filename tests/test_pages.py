"""The page that a citation stands on, shown as it is printed."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from chatpage import ask, running, visiting
from papers import column, make_pdf
from playwright.sync_api import Browser, Page, expect

from app.assistant import Assistant
from app.page import answer_html
from app.pages import page_drawn
from app.shelf import Shelf
from app.ui import build_page
from app.words import WORDS
from index import Index, add_papers

EN, ZH = WORDS["en"], WORDS["zh"]
QUESTION = "By how many minutes does tea delay sleep?"
FIRST = [
    "We asked two hundred people about their habits in the evening, and",
    "wrote down what they drank. The methods are those of earlier studies.",
]
SECOND = [
    "The second part tells what was found in the winter of that year.",
    "Tea delays sleep by forty minutes, as the study of 2011 found, and",
    "it does so at every age. Coffee was not among the drinks we served.",
]


@pytest.fixture(scope="module")
def index(tmp_path_factory: pytest.TempPathFactory) -> Index:
    folder = tmp_path_factory.mktemp("pages")
    file = folder / "tea.pdf"
    pages = [column(FIRST, 80, 200, 12), column(SECOND, 80, 420, 12)]
    file.write_bytes(make_pdf([[(80, 110, 20, "Times-Roman", "On Tea"), *pages[0]], pages[1]]))
    made = add_papers([file], folder / "index")
    file.unlink()
    return made


@pytest.fixture(scope="module")
def assistant(index: Index) -> Assistant:
    return Assistant(index, [*index.documents][-1])


@pytest.fixture(scope="module")
def url(assistant: Assistant, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    shelf = Shelf(assistant, tmp_path_factory.mktemp("unused"))
    with running(build_page(shelf)) as url:
        yield url


def test_only_papers_with_pages_offer_one(assistant: Assistant, index: Index) -> None:
    assert 'data-page="2"' in answer_html(assistant.ask(QUESTION), "en")
    bundled = Assistant(index)
    assert 'class="leaf"' not in answer_html(bundled.ask("谈判什么时候开始？"), "zh")


def test_a_page_that_cannot_be_drawn_is_told(index: Index) -> None:
    bundled, tea = index.documents
    for asked in (
        {"paper": bundled, "page": 1},
        {"paper": tea, "page": 3},
        {"paper": "", "page": 1},
    ):
        for language in ("en", "zh"):
            drawn = page_drawn(index, asked, language)
            assert drawn["problem"].startswith(WORDS[language]["undrawn"].partition("{}")[0])
            assert "image" not in drawn


def shown(page: Page) -> tuple[float, float, float, float]:
    """Where the first box is on the picture, in parts of it: left, top, right, bottom."""
    picture = page.locator("#leaf img").bounding_box()
    box = page.locator("#leaf .box").first.bounding_box()
    assert picture
    assert box
    left, top = (box["x"] - picture["x"]), (box["y"] - picture["y"])
    wide, high = picture["width"], picture["height"]
    return left / wide, top / high, (left + box["width"]) / wide, (top + box["height"]) / high


@pytest.mark.browser
@pytest.mark.parametrize(("locale", "words"), [("en-US", EN), ("zh-CN", ZH)])
def test_a_cited_page_is_shown_with_its_boxes(
    browser: Browser, url: str, assistant: Assistant, locale: str, words: dict[str, str]
) -> None:
    box = assistant.ask(QUESTION).citations[0].boxes[0]
    with visiting(browser, url, locale=locale) as page:
        ask(page, QUESTION)
        button = page.locator(".card").first.get_by_role("button", name=words["leaf"].format(2))
        button.click()
        dialog = page.get_by_role("dialog", name=words["leaf"].format(2))
        picture = dialog.get_by_role("img", name=words["leaf_alt"].format(2))
        expect(picture).to_be_visible()
        page.wait_for_function("document.querySelector('#leaf img').naturalWidth == 1200")
        there = (box.left, box.top, box.right, box.bottom)
        assert shown(page) == pytest.approx(there, abs=0.003)
        page.keyboard.press("Escape")
        expect(dialog).to_have_count(0)
        expect(button).to_be_focused()
        button.press("Enter")
        expect(picture).to_be_visible()
        dialog.get_by_role("button", name=words["shut"]).click()
        expect(dialog).to_have_count(0)


@pytest.mark.browser
def test_a_page_that_is_lost_is_told_in_the_dialog(
    browser: Browser, url: str, index: Index, monkeypatch: pytest.MonkeyPatch
) -> None:
    with visiting(browser, url) as page:
        ask(page, QUESTION)
        monkeypatch.setattr("index.library.place_of", lambda folder, name: Path("nowhere.pdf"))
        page.locator(".leaf").first.click()
        expect(page.locator("#leaf [role=status]")).to_contain_text("verify --repair")
        expect(page.locator("#leaf figure")).to_be_hidden()
