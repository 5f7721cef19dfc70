"""What happens on the chat page.

Handlers of Gradio's events, and no logic: `app.exchange` asks, `app.page` and `app.reader` render.
What a session has asked lives in its own `gr.State` and in its browser; the assistant is shared
and keeps nothing.
"""

from __future__ import annotations

import time
from collections.abc import AsyncIterator, Callable
from dataclasses import replace
from functools import partial
from typing import Any

import gradio as gr

from app.conversations import Conversation, Notebook, read_notebook
from app.exchange import Answering, Asked, Floor, exchange, rated, talk
from app.export import to_html, to_markdown
from app.page import title_html
from app.pages import page_drawn
from app.papers import Papers
from app.parts import Parts, Updates
from app.shelf import Shelf
from app.threads import in_threads
from app.words import WORDS, reader_language
from sources import Language


class Desk:
    """What happens on the page. Every method returns what changes on it; state is passed in."""

    def __init__(
        self,
        asked: Answering | Shelf,
        admit: Callable[[str], None],
        parts: Parts,
    ) -> None:
        self.papers = Papers(asked, parts, self._changed)
        self._admit = admit
        self._parts = parts

    async def ask(
        self,
        question: str,
        notebook: Notebook,
        language: Language,
        floor: Floor,
        request: gr.Request,
    ) -> AsyncIterator[Updates]:
        """From the box."""
        asked = Asked(question, language, admit=self._admits(request))
        async for updates in self._asked(asked, notebook, floor):
            yield updates

    async def ask_example(
        self,
        notebook: Notebook,
        language: Language,
        floor: Floor,
        event: gr.SelectData,
        request: gr.Request,
    ) -> AsyncIterator[Updates]:
        """From an empty conversation."""
        asked = Asked(event.value["text"], language, admit=self._admits(request))
        async for updates in self._asked(asked, notebook, floor):
            yield updates

    async def ask_again(
        self,
        notebook: Notebook,
        language: Language,
        floor: Floor,
        event: gr.EventData,
        request: gr.Request,
    ) -> AsyncIterator[Updates]:
        """From an answer: a question that it suggests, or its own, corrected."""
        question, turn = event._data["question"], event._data.get("turn")
        asked = Asked(question, language, turn, self._admits(request))
        async for updates in self._asked(asked, notebook, floor):
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
        return {**self._changed(fresh, language), **self.papers.shown(fresh, language)}

    def rename(self, name: str, notebook: Notebook, language: Language) -> Updates:
        """Another name for the open conversation."""
        fresh = notebook.rename(name)
        return self._changed(fresh, language, keep=True)

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
        back = self._changed(fresh, language, keep=True)
        return {**back, **self.papers.shown(fresh, language)}

    def save(self, notebook: Notebook, language: Language) -> Updates:
        """The open conversation as a file."""
        current, papers = notebook.current, self.papers.documents()
        text = to_markdown(current.answers, papers, language, current.name)
        file = {"name": "conversation.md", "type": "text/markdown", "text": text}
        return {self._parts.store: _numbered(file=file)}

    def print_page(self, notebook: Notebook, language: Language) -> Updates:
        """The open conversation in a window of its own, to be printed."""
        current, papers = notebook.current, self.papers.documents()
        text = to_html(current.answers, papers, language, current.name)
        return {self._parts.store: _numbered(file={"type": "text/html", "text": text})}

    def rate(self, notebook: Notebook, language: Language, event: gr.EventData) -> str:
        """Keeps a rating; returns a problem, or nothing."""
        data = event._data
        answer = notebook.current.answers[data["turn"]]
        return rated(answer, data["rating"], data["reason"], language)

    def show_page(self, language: Language, event: gr.EventData) -> dict[str, Any]:
        """A page of a paper, as it is printed."""
        if self.papers.shelf is None:
            return {}
        index = self.papers.shelf.asking(()).index
        return _numbered(page=page_drawn(index, event._data, language))

    def load(self, kept: dict[str, Any] | None, request: gr.Request) -> Updates:
        """The first sight of the page, with what the browser kept."""
        if self.papers.shelf:
            self.papers.shelf.refresh()
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
            **self.papers.shown(notebook, language),
            parts.chat: {**chat, "label": words["chat"], "placeholder": words["welcome"]},
            parts.upload: gr.update(label=words["upload"]),
            parts.address: gr.update(label=words["address"], placeholder="https://"),
            parts.language: language,
        }

    def _admits(self, request: gr.Request) -> Callable[[], None]:
        address = request.client.host if request.client else ""
        return lambda: self._admit(address)

    async def _asked(
        self, asked: Asked, notebook: Notebook, floor: Floor
    ) -> AsyncIterator[Updates]:
        parts, question, language = self._parts, asked.question, asked.language
        asked = replace(asked, opening=self.papers.shares())
        answering = partial(self.papers.asking, notebook)
        steps = exchange(answering, asked, notebook, self.papers.documents())
        held = floor.take()
        first: Updates = {parts.box: "", parts.asking: question, parts.problem: ""}
        async for step in in_threads(steps):
            if not held():
                yield {}  # Gradio shows once more what was last yielded
                return
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

    def _changed(
        self, notebook: Notebook, language: Language, keep: bool = False, **change: Any
    ) -> Updates:
        """What shows, and is kept by the browser, of a conversation that has changed."""
        parts = self._parts
        if keep:
            change["keep"] = _entry(notebook)
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
        shown = talk(current.answers, self.papers.documents(), language, current.following)
        return {
            parts.chat: gr.update(value=_messages(shown), examples=self.papers.examples(notebook)),
            parts.kept: gr.update(choices=choices, value=chosen),
            parts.name: current.name,
            parts.problem: "",
            parts.notebook: notebook,
        }


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
