"""The chat page in headless Chromium: a scripted assistant, a server and readers for the tests."""

from __future__ import annotations

import shutil
import socket
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from threading import Event
from typing import Any

import gradio as gr
import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, sync_playwright

from app.answers import Answer, Citation, Turn
from app.exchange import EXAMPLES_FOR
from app.questions import check_question
from app.theme import launch_settings
from app.ui import build_page
from index.chunking import chunk
from index.retrieval import ScoredChunk
from sources import Document, Section

LAUNCH = (
    "--no-sandbox --disable-gpu --disable-quic --no-first-run --disable-background-networking "
    "--disable-component-update --disable-sync"
).split()
KEPT = 5  # tenths of a second for which what the browser keeps stays as it is
MARKUP = (
    '<script>window.hit=1</script><img src=x onerror="window.hit=1">'
    "[x](javascript:window.hit=1) ${window.hit=1} {{window.hit}} **b**"
)
NEAR, FAR_DOWN = "The talks began in 2019.", "谈判的结论" + "很长很长" * 25 + "。"
FIRST, SECOND = "The first half", "Paragraph 100 says little."
_TEXT = "\n".join([FIRST, NEAR, *(f"Paragraph {n} says little." for n in range(200)), FAR_DOWN])
_HALF = _TEXT.index(SECOND)
PAPER = Document(
    EXAMPLES_FOR,
    _TEXT,
    "A paper",
    sections=(
        Section("", FIRST, 1, 0, _HALF, (FIRST,)),
        Section("", SECOND, 2, _HALF, len(_TEXT), (FIRST, SECOND)),
    ),
)
HOSTILE = Document("hostile", f"{MARKUP}\n{'x' * 10_000}\nThe end is here.", MARKUP)


class Scripted:
    """Answers with both sentences, and does what the question's first word says."""

    def __init__(self, document: Document, cited: Sequence[str]) -> None:
        self.document, self._cited = document, cited
        self.histories: dict[str, list[str]] = {}
        self.quoting = self
        self.released = Event()

    def stream(self, question: str, history: Sequence[Turn] = ()) -> Iterator[Answer]:
        asked = check_question(question)
        self.histories[asked] = [turn.question for turn in history]
        if asked.startswith("break"):
            raise RuntimeError("secret detail")
        cited = [self._cite(marker, quote) for marker, quote in enumerate(self._cited, 1)]
        text = " ".join([asked, "so", *(f"“{c.quote}”[{c.marker}]" for c in cited)])
        found = ScoredChunk(cited[0].chunk, 1.0, 1, "began")
        whole = Answer(asked, asked, text, tuple(cited), (found,), True, 0.95)
        if asked.startswith("and"):
            whole = replace(whole, standalone_question=f"talks: {asked}")
        yield replace(whole, text=f"{asked} so", citations=())
        if "wait" in asked:
            self.released.wait(10)
        if asked.startswith("part"):
            whole = replace(whole, missing=("2025", "<b>"), notice="The model is <i>away</i>.")
        if asked.startswith("made"):
            doubted = replace(cited[1], verified=False)
            whole = replace(whole, mode="generated", citations=(cited[0], doubted))
        if asked.startswith("refuse"):
            whole = replace(whole, answered=False, confidence=0.1, text="The paper is silent.")
        yield whole

    def _cite(self, marker: int, quote: str) -> Citation:
        start = self.document.text.index(quote)
        holder = next(c for c in chunk(self.document) if c.start <= start < c.end)
        told = ((start + 4, start + 9),)  # the fifth to the ninth character
        section = "1. Part › 1.1. X"
        return Citation(marker, holder, quote, start, start + len(quote), None, section, True, told)


@contextmanager
def no_way_out() -> Iterator[None]:
    """Fails at the end if this process tried to reach another machine, which is refused."""
    connect = socket.socket.connect
    tried: list[object] = []

    def connect_here(connection: socket.socket, address: Any) -> None:
        if connection.family != socket.AF_UNIX and address[0] not in ("127.0.0.1", "::1"):
            tried.append(address)
            raise OSError("no network")
        connect(connection, address)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(socket.socket, "connect", connect_here)
        yield
    assert not tried


@contextmanager
def running(page: gr.Blocks, port: int = 0) -> Iterator[str]:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        probe.bind(("127.0.0.1", port))
        port = probe.getsockname()[1]
    with no_way_out():
        _, url, _ = page.launch(
            server_name="127.0.0.1", server_port=port, prevent_thread_lock=True, **launch_settings()
        )
        try:
            yield url
        finally:
            page.close(verbose=False)


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    chromium = shutil.which("chromium") or shutil.which("chromium-browser")
    if chromium is None:
        pytest.fail("chromium is missing; `make test` installs it, or `apt-get install chromium`")
    with sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path=chromium, args=LAUNCH)
        yield started
        started.close()


@pytest.fixture(scope="module")
def assistant() -> Scripted:
    return Scripted(PAPER, (NEAR, FAR_DOWN))


@pytest.fixture(scope="module")
def site(assistant: Scripted) -> Iterator[str]:
    with running(build_page(assistant)) as url:
        yield url


@contextmanager
def visiting(browser: Browser, url: str, **kwargs: Any) -> Iterator[Page]:
    """A reader's page; whatever it asks of another machine is refused and fails the test."""
    context = browser.new_context(**{"locale": "en-US", **kwargs})
    outside: list[str] = []
    wrong: list[str] = []
    context.route(
        lambda asked: not asked.startswith(url), lambda route: outside.append(route.request.url)
    )
    page = context.new_page()
    page.on("pageerror", lambda error: wrong.append(str(error)))
    page.set_default_timeout(10_000)
    page.goto(url)
    page.locator(".name").wait_for()
    yield page
    context.close()
    assert not outside
    assert not wrong, wrong


def ask(page: Page, question: str) -> None:
    box = page.locator("#question textarea")
    box.fill(question)
    box.press("Enter")


def reload(page: Page) -> None:
    """Open the page anew, once the browser has kept what is shown: it does so a little later."""
    kept, stands = "", 0
    while stands < KEPT:
        page.wait_for_timeout(100)
        now = str(page.evaluate("JSON.stringify(localStorage)"))
        kept, stands = now, stands + 1 if now == kept else 0
    page.reload()


def serious(page: Page) -> list[tuple[str, list[str]]]:
    """What axe-core finds on the page as it is that is serious or worse."""
    return [
        (each["id"], [node["html"][:200] for node in each["nodes"]])
        for each in Axe().run(page).response["violations"]
        if each["impact"] in ("serious", "critical")
    ]


def in_view(page: Page, selector: str) -> bool:
    """Whether the element is inside the paper's pane, once scrolling has come to rest."""
    inside = """selector => {
        const sentence = document.querySelector(selector)?.getBoundingClientRect();
        const pane = document.querySelector("#paper").getBoundingClientRect();
        return sentence && sentence.top >= pane.top && sentence.bottom <= pane.bottom;
    }"""
    page.wait_for_function(inside, arg=selector)
    return bool(page.evaluate(inside, selector))
