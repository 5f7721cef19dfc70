"""What happens to the papers on the page: waited for, shown, ticked, added and removed.

Gradio's events and no logic, which is in `app.shelf`. The conversation is `app.desk`'s.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Iterator, Mapping
from dataclasses import replace
from pathlib import Path
from threading import Event

import gradio as gr

from app.conversations import Notebook
from app.exchange import EXAMPLES, EXAMPLES_FOR, Answering
from app.page import adding_html, opening_html
from app.parts import Parts, Updates
from app.problems import problem_html, shelf_problem_html
from app.reader import papers_html, tools_html
from app.shelf import Shelf, adding
from app.threads import in_threads
from app.words import WORDS
from sources import AskPaperError, Document, Language


class Papers:
    """The papers of a shelf, or the one of an assistant. Every method returns what changes."""

    def __init__(
        self, asked: Answering | Shelf, parts: Parts, changed: Callable[..., Updates]
    ) -> None:
        """`changed` gives what else changes with an open conversation that has changed."""
        self._asked, self._parts, self._changed = asked, parts, changed

    @property
    def shelf(self) -> Shelf | None:
        """The shelf, None where there is one assistant for all."""
        return self._asked if isinstance(self._asked, Shelf) else None

    def asking(self, notebook: Notebook) -> Answering:
        """Who answers in the open conversation. Waits for the index, as `Shelf.asking` does."""
        if isinstance(self._asked, Shelf):
            return self._asked.asking(notebook.current.papers)
        return self._asked

    def shares(self) -> Iterator[float]:
        """The share of the index that is built, until it is there."""
        return self._asked.opening() if isinstance(self._asked, Shelf) else iter(())

    def documents(self) -> Mapping[str, Document]:
        """Every paper that an answer may point to, by its id."""
        if isinstance(self._asked, Shelf):
            return self._asked.documents
        return {self._asked.document.doc_id: self._asked.document}

    def examples(self, notebook: Notebook) -> list[dict[str, str]]:
        """Questions for a reader who has not asked yet."""
        papers = [self._asked.document.doc_id]
        if isinstance(self._asked, Shelf):
            papers = [*self._asked.chosen(notebook.current.papers)]
        return [{"text": each} for each in EXAMPLES] if papers == [EXAMPLES_FOR] else []

    def shown(self, notebook: Notebook, language: Language) -> Updates:
        """The papers that there are, and those that are asked."""
        parts, shelf = self._parts, self._asked
        if not isinstance(shelf, Shelf):
            return {parts.tools: tools_html([shelf.document], language)}
        chosen = shelf.chosen(notebook.current.papers)
        shown = dict.fromkeys([*chosen, *notebook.current.cited])  # earlier answers point there
        known = shelf.documents
        papers = [known[each] for each in shown if each in known]
        choices = [(name, key) for key, name in shelf.names.items()]
        label = WORDS[language]["papers"]
        return {
            parts.shelf: gr.update(choices=choices, value=[*chosen], label=label),
            parts.text: papers_html(papers),
            parts.tools: tools_html(papers, language),
        }

    async def wait(self, language: Language) -> AsyncIterator[Updates]:
        """How far the index is, until it is there; then all of its papers, or why it is not."""
        parts, shelf = self._parts, self._asked
        if not isinstance(shelf, Shelf):
            return
        waited = not shelf.ready
        async for share in in_threads(shelf.opening()):
            yield {parts.opening: opening_html(share, language)}
        try:
            shelf.check()
        except Exception as error:  # the log has it
            told = error if isinstance(error, AskPaperError) else None
            yield {parts.opening: problem_html(told, "", language)}
            return
        yield {parts.opening: ""}  # Gradio empties what a generator without a step would change
        if waited:
            choices = [(name, key) for key, name in shelf.names.items()]
            yield {parts.shelf: gr.update(choices=choices, value=[*shelf.chosen(())])}

    def tick(self, papers: list[str], notebook: Notebook, language: Language) -> Updates:
        """Other papers are asked from now on."""
        fresh = notebook.keep(replace(notebook.current, papers=tuple(papers)))
        return {
            **self._changed(fresh, language, keep=bool(fresh.current.answers)),
            **self.shown(fresh, language),
            self._parts.adding: "",
        }

    async def add(
        self, given: list[str] | str | None, notebook: Notebook, language: Language
    ) -> AsyncIterator[Updates]:
        """Papers that were uploaded, or those at the addresses that were typed; they are asked
        from then on."""
        papers: list[Path | str]
        if isinstance(given, str):
            # Never a path: what is typed reads no file of the server.
            papers = [each if "://" in each else f"https://{each}" for each in given.split()]
        else:
            papers = [*map(Path, given or [])]
        parts, called_off = self._parts, Event()
        done: Updates = {parts.cancel: gr.update(visible=False), parts.upload: None}
        if not isinstance(self._asked, Shelf) or not papers:
            return
        yield {parts.adding: adding_html(0, 1, language), parts.cancel: gr.update(visible=True)}
        try:
            async for step in in_threads(adding(self._asked, papers, called_off)):
                yield {parts.adding: adding_html(step.done, step.total, language)}
                if step.papers:
                    added = self.tick([*step.papers], notebook, language)
                    yield {**added, **done, parts.address: ""}
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
            if isinstance(self._asked, Shelf):
                self._asked.remove(papers)
        except AskPaperError as error:
            return {self._parts.adding: shelf_problem_html(error, language)}
        return self.tick([], notebook, language)
