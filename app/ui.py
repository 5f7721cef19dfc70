"""The chat page: the conversation on the left, the paper on the right.

Gradio's events and no logic: `app.exchange` asks, `app.page` and `app.reader` render. What a
session has asked lives in its own `gr.State` and in its browser; the assistant is shared and
keeps nothing.
"""

from __future__ import annotations

import time
from collections.abc import AsyncIterator, Callable, Iterator, Mapping
from dataclasses import replace
from pathlib import Path
from threading import Event
from typing import Any, TypeVar

import gradio as gr
from anyio import to_thread

from app.conversations import Conversation, Notebook, read_notebook
from app.exchange import EXAMPLES, EXAMPLES_FOR, Answering, Asked, exchange, rated, talk
from app.export import to_html, to_markdown
from app.page import adding_html, shelf_problem_html, title_html
from app.pages import page_drawn
from app.parts import Parts, place_parts
from app.reader import papers_html, tools_html
from app.shelf import Shelf, adding
from app.words import WORDS, reader_language
from sources import AskPaperError, Document, Language

T = TypeVar("T")
Updates = dict[Any, Any]
"""What changes on the page, by component."""

# The page scrolls and shows by itself that it is busy; Gradio's veil would hide the text. A name
# of its own leaves those of the public endpoints free.
QUIET: dict[str, Any] = {"show_progress": "hidden", "api_visibility": "private", "api_name": "page"}
MANY: dict[str, Any] = {"concurrency_limit": None, "concurrency_id": "ask"}


def build_page(
    assistant: Answering,
    admit: Callable[[str], None] = lambda address: None,
    shelf: Shelf | None = None,
) -> gr.Blocks:
    """The page, to be launched with `launch_settings`.

    `admit` is called with the reader's address before a question and may raise BusyError. With a
    `shelf` the reader chooses, adds and removes papers; without one, `assistant` answers.
    """
    document = assistant.document
    page = gr.Blocks(
        analytics_enabled=False, title=document.name, fill_height=True, fill_width=True
    )
    with page:
        parts = place_parts(document, library=shelf is not None)
        _wire(page, parts, _Desk(assistant, admit, shelf, parts))
    return page


def _wire(page: gr.Blocks, parts: Parts, desk: _Desk) -> None:
    state = [parts.notebook, parts.language]
    shown = [
        *(parts.chat, parts.box, parts.problem, parts.kept, parts.name, parts.store),
        *(parts.notebook, parts.asking, parts.deleted, parts.undo, parts.shelf, parts.text),
        *(parts.tools, parts.adding, parts.cancel, parts.upload),
    ]
    entered = [parts.box.submit, parts.send.click]
    asked: list[Any] = [
        gr.on(entered, desk.ask, [parts.box, *state], shown, **QUIET, **MANY),
        parts.chat.example_select(desk.ask_example, state, shown, **QUIET, **MANY),
        parts.store.asked(desk.ask_again, state, shown, **QUIET, **MANY),
    ]
    stops: dict[str, Any] = {"outputs": shown, "cancels": asked, **QUIET}
    parts.stop.click(desk.stop, [parts.asking, *state], **stops)
    parts.clear.click(desk.begin, state, **stops)
    gr.on([*entered, parts.stop.click, parts.clear.click], None, js="() => askpaper.focus()")

    parts.kept.input(desk.choose, [parts.kept, *state], **stops)
    named = [parts.rename.click, parts.name.submit]
    gr.on(named, desk.rename, [parts.name, *state], **stops)
    parts.delete.click(desk.delete, state, **stops)
    parts.undo.click(desk.restore, [parts.deleted, *state], **stops)
    parts.markdown.click(desk.save, state, parts.store, **QUIET)
    parts.printed.click(desk.print_page, state, parts.store, **QUIET)
    parts.store.rated(desk.rate, state, parts.problem, **QUIET)
    parts.store.paged(desk.show_page, parts.language, parts.store, **QUIET)

    parts.shelf.input(desk.tick, [parts.shelf, *state], **stops)
    parts.remove.click(desk.remove, [parts.shelf, *state], **stops)
    uploaded = parts.upload.upload(desk.add, [parts.upload, *state], shown, **QUIET, **MANY)
    parts.cancel.click(desk.call_off, None, shown, cancels=[uploaded], **QUIET)

    spoken = [*shown, parts.title, parts.language, *parts.labels(WORDS["en"])]
    given_back = "() => [askpaper.kept()]"
    page.load(desk.load, parts.store, spoken, js=given_back, queue=False, **QUIET)
    parts.switch.click(desk.switch, state, spoken, cancels=asked, **QUIET)


class _Desk:
    """What happens on the page. Every method returns what changes on it; state is passed in."""

    def __init__(
        self,
        assistant: Answering,
        admit: Callable[[str], None],
        shelf: Shelf | None,
        parts: Parts,
    ) -> None:
        self._assistant = assistant
        self._admit = admit
        self._shelf = shelf
        self._parts = parts

    async def ask(
        self, question: str, notebook: Notebook, language: Language, request: gr.Request
    ) -> AsyncIterator[Updates]:
        """From the box."""
        async for updates in self._asked(question, notebook, language, request):
            yield updates

    async def ask_example(
        self, notebook: Notebook, language: Language, event: gr.SelectData, request: gr.Request
    ) -> AsyncIterator[Updates]:
        """From an empty conversation."""
        async for updates in self._asked(event.value["text"], notebook, language, request):
            yield updates

    async def ask_again(
        self, notebook: Notebook, language: Language, event: gr.EventData, request: gr.Request
    ) -> AsyncIterator[Updates]:
        """From an answer: a question that it suggests, or its own, corrected."""
        question, turn = event._data["question"], event._data.get("turn")
        async for updates in self._asked(question, notebook, language, request, turn):
            yield updates

    def stop(self, question: str, notebook: Notebook, language: Language) -> Updates:
        """The question that was being answered comes back to the box."""
        return {**self._opened(notebook, language), self._parts.box: question}

    def begin(self, notebook: Notebook, language: Language) -> Updates:
        """A new conversation."""
        fresh = notebook.open("")
        return {**self._changed(fresh, language), self._parts.box: ""}

    def choose(self, key: str, notebook: Notebook, language: Language) -> Updates:
        """An earlier conversation."""
        fresh = notebook.open(key)
        return {**self._changed(fresh, language), **self._shelved(fresh, language)}

    def rename(self, name: str, notebook: Notebook, language: Language) -> Updates:
        """Another name for the open conversation."""
        fresh = notebook.rename(name)
        return self._changed(fresh, language, keep=_entry(fresh))

    def delete(self, notebook: Notebook, language: Language) -> Updates:
        """The open conversation goes, but can be taken back."""
        gone = notebook.current
        return {
            **self._changed(notebook.drop(), language, drop=gone.key),
            self._parts.deleted: gone,
            self._parts.undo: gr.update(visible=bool(gone.answers)),
        }

    def restore(self, gone: Conversation, notebook: Notebook, language: Language) -> Updates:
        """The conversation that was deleted last comes back."""
        fresh = notebook.keep(gone)
        back = self._changed(fresh, language, keep=_entry(fresh))
        return {**back, **self._shelved(fresh, language)}

    def tick(self, papers: list[str], notebook: Notebook, language: Language) -> Updates:
        """Other papers are asked from now on."""
        fresh = notebook.keep(replace(notebook.current, papers=tuple(papers)))
        kept = {"keep": _entry(fresh)} if fresh.current.answers else {}
        return {
            **self._changed(fresh, language, **kept),
            **self._shelved(fresh, language),
            self._parts.adding: "",
        }

    async def add(
        self, files: list[str] | None, notebook: Notebook, language: Language
    ) -> AsyncIterator[Updates]:
        """Papers that were uploaded; they are asked from then on."""
        parts, called_off = self._parts, Event()
        done: Updates = {parts.cancel: gr.update(visible=False), parts.upload: None}
        if self._shelf is None or not files:
            return
        yield {parts.adding: adding_html(0, 1, language), parts.cancel: gr.update(visible=True)}
        try:
            async for step in _in_threads(adding(self._shelf, [*map(Path, files)], called_off)):
                yield {parts.adding: adding_html(step.done, step.total, language)}
                if step.papers:
                    yield {**self.tick([*step.papers], notebook, language), **done}
        except AskPaperError as error:
            yield {parts.adding: shelf_problem_html(error, language), **done}
        finally:
            called_off.set()

    def call_off(self) -> Updates:
        """What was being added is not."""
        parts = self._parts
        hidden = gr.update(visible=False)
        return {parts.adding: "", parts.cancel: hidden, parts.upload: None}

    def remove(self, papers: list[str], notebook: Notebook, language: Language) -> Updates:
        """The papers that are ticked leave the index."""
        try:
            if self._shelf:
                self._shelf.remove(papers)
        except AskPaperError as error:
            return {self._parts.adding: shelf_problem_html(error, language)}
        return self.tick([], notebook, language)

    def save(self, notebook: Notebook, language: Language) -> Updates:
        """The open conversation as a file."""
        text = to_markdown(notebook.current.answers, self._documents(), language)
        file = {"name": "conversation.md", "type": "text/markdown", "text": text}
        return {self._parts.store: _numbered(file=file)}

    def print_page(self, notebook: Notebook, language: Language) -> Updates:
        """The open conversation in a window of its own, to be printed."""
        text = to_html(notebook.current.answers, self._documents(), language)
        return {self._parts.store: _numbered(file={"type": "text/html", "text": text})}

    def rate(self, notebook: Notebook, language: Language, event: gr.EventData) -> str:
        """Keeps a rating; returns a problem, or nothing."""
        data = event._data
        answer = notebook.current.answers[data["turn"]]
        return rated(answer, data["rating"], data["reason"], language)

    def show_page(self, language: Language, event: gr.EventData) -> dict[str, Any]:
        """A page of a paper, as it is printed."""
        if self._shelf is None:
            return {}
        index = self._shelf.asking(()).index
        return _numbered(page=page_drawn(index, event._data, language))

    def load(self, kept: dict[str, Any] | None, request: gr.Request) -> Updates:
        """The first sight of the page, with what the browser kept."""
        kept = kept or {}
        known = reader_language(request.headers.get("accept-language", ""))
        language = kept["language"] if kept.get("language") in WORDS else known
        notebook = read_notebook(kept.get("conversations") or (), kept.get("current") or "")
        spoken = self._speak(notebook, language)
        if (typed := kept.get("typed")) is None:
            return spoken
        restarted = f'<p class="problem" role="status">{WORDS[language]["restarted"]}</p>'
        box = {**spoken[self._parts.box], "value": typed}
        return {**spoken, self._parts.box: box, self._parts.problem: restarted}

    def switch(self, notebook: Notebook, language: Language) -> Updates:
        """The other language."""
        other: Language = "en" if language == "zh" else "zh"
        return {**self._speak(notebook, other), self._parts.store: _numbered(language=other)}

    def _speak(self, notebook: Notebook, language: Language) -> Updates:
        parts, words = self._parts, WORDS[language]
        opened = self._opened(notebook, language)
        chat, kept = opened[parts.chat], opened[parts.kept]
        return {
            **opened,
            **parts.labels(words),
            parts.kept: {**kept, "label": words["earlier"]},
            parts.box: gr.update(label=words["question"], placeholder=words["hint"]),
            parts.name: gr.update(value=notebook.current.name, label=words["name"]),
            parts.title: title_html(language),
            **self._shelved(notebook, language),
            parts.chat: {**chat, "label": words["chat"], "placeholder": words["welcome"]},
            parts.upload: gr.update(label=words["upload"]),
            parts.language: language,
        }

    async def _asked(
        self,
        question: str,
        notebook: Notebook,
        language: Language,
        request: gr.Request,
        turn: int | None = None,
    ) -> AsyncIterator[Updates]:
        parts = self._parts
        address = request.client.host if request.client else ""
        asked = Asked(question, language, turn, lambda: self._admit(address))
        chosen = notebook.current.papers
        assistant = self._shelf.asking(chosen) if self._shelf else self._assistant
        steps = exchange(assistant, asked, notebook, self._documents())
        first: Updates = {parts.box: "", parts.asking: question, parts.problem: ""}
        async for step in _in_threads(steps):
            if step.notebook:
                entry = _entry(step.notebook)
                yield {
                    **self._opened(step.notebook, language),
                    parts.store: _numbered(keep=entry, current=entry[0]),
                }
            elif step.problem:
                back = {parts.box: question, parts.problem: step.problem}
                yield {parts.chat: _messages(step.shown), **back}
            else:
                yield {parts.chat: _messages(step.shown), **first}
                first = {}

    def _changed(self, notebook: Notebook, language: Language, **change: Any) -> Updates:
        parts = self._parts
        return {
            **self._opened(notebook, language),
            parts.undo: gr.update(visible=False),
            parts.store: _numbered(current=notebook.current.key, **change),
        }

    def _opened(self, notebook: Notebook, language: Language) -> Updates:
        """The open conversation, and the list of all."""
        parts, current = self._parts, notebook.current
        untitled = WORDS[language]["untitled"]
        choices = [(each.title or untitled, each.key) for each in notebook.kept]
        chosen = current.key if current in notebook.kept else None
        shown = talk(current.answers, self._documents(), language, current.following)
        return {
            parts.chat: gr.update(value=_messages(shown), examples=self._examples(notebook)),
            parts.kept: gr.update(choices=choices, value=chosen),
            parts.name: current.name,
            parts.problem: "",
            parts.notebook: notebook,
        }

    def _examples(self, notebook: Notebook) -> list[dict[str, str]]:
        """Questions for a reader who has not asked yet."""
        papers = [self._assistant.document.doc_id]
        if self._shelf:
            papers = [*self._shelf.chosen(notebook.current.papers)]
        return [{"text": each} for each in EXAMPLES] if papers == [EXAMPLES_FOR] else []

    def _documents(self) -> Mapping[str, Document]:
        """Every paper that an answer may point to, by its id."""
        alone = self._assistant.document
        return self._shelf.documents if self._shelf else {alone.doc_id: alone}

    def _shelved(self, notebook: Notebook, language: Language) -> Updates:
        """The papers that there are, and those that are asked."""
        parts, words = self._parts, WORDS[language]
        if self._shelf is None:
            return {parts.tools: tools_html([self._assistant.document], language)}
        chosen = self._shelf.chosen(notebook.current.papers)
        shown = dict.fromkeys([*chosen, *notebook.current.cited])  # earlier answers point there
        known = self._shelf.documents
        papers = [known[each] for each in shown if each in known]
        choices = [(name, key) for key, name in self._shelf.names.items()]
        return {
            parts.shelf: gr.update(choices=choices, value=[*chosen], label=words["papers"]),
            parts.text: papers_html(papers),
            parts.tools: tools_html(papers, language),
        }


async def _in_threads(steps: Iterator[T]) -> AsyncIterator[T]:
    """The same steps, but a reader who stops need not wait for the next one.

    Gradio takes no new question from a page as long as an old one runs.
    """
    while True:
        step = await to_thread.run_sync(next, steps, None, abandon_on_cancel=True)
        if step is None:
            return
        yield step


def _messages(shown: list[str]) -> list[dict[str, Any]]:
    # Components: a plain message is read as HTML, and loses the attributes citations need.
    contents = (gr.HTML(html, apply_default_css=False) for html in shown)
    roles = ("user", "assistant")
    return [{"role": roles[at % 2], "content": content} for at, content in enumerate(contents)]


def _entry(notebook: Notebook) -> tuple[str, str]:
    return notebook.current.key, notebook.current.to_json()


def _numbered(**change: Any) -> dict[str, Any]:
    """A change for the browser's store; numbered, for the same one may come twice."""
    return {**change, "number": time.time_ns()}
