"""The papers that the page can ask, added and removed while it runs.

Shared by all readers. Every question takes the index that is in force when it is asked, so that
an answer never sees half a change; where it has yet to be built, the question waits. Knows nothing
of Gradio.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import Future, wait
from contextlib import suppress
from dataclasses import dataclass
from functools import lru_cache, partial
from pathlib import Path
from queue import SimpleQueue
from threading import Event, Lock, Thread

from app.assistant import Assistant
from app.llm import LanguageModel
from index import Index, add_papers, open_index, remove_papers
from index.ingest import Progress
from index.manifest import default_folder, read_manifest
from sources import AskPaperError, Document, PaperError, StoreError, catalog, load_paper
from sources.loaders import load_url

TICK = 0.5  # seconds between two looks at how far the index is
ASSISTANTS = 32  # sets of papers whose assistant is kept


@dataclass(frozen=True, slots=True)
class Unbuilt:
    """A paper, and how to make the assistant that answers from it, which takes its time."""

    document: Document
    make: Callable[[Progress], Assistant]


class Shelf:
    """An index and the papers that are asked when nothing else is said."""

    def __init__(self, first: Assistant | Unbuilt, folder: Path | None = None) -> None:
        """`folder` is that of the assistant's index, by default the default one. What is not
        built is built once `begin` is called; until then there is one paper."""
        self.document = first.document
        self._folder = folder
        self._changing = Lock()  # an index that was opened earlier is not put in force later
        self._share = 0.0
        self._current: Future[Assistant] = Future()
        if isinstance(first, Assistant):
            self._make = None
            self._current.set_result(first)
        else:
            self._make = first.make

    @property
    def ready(self) -> bool:
        """Whether the index is there, or has failed."""
        return self._current.done()

    def begin(self) -> None:
        """Start to build what is not built."""
        if self._make:
            Thread(target=self._build, args=[self._make], daemon=True).start()

    def opening(self) -> Iterator[float]:
        """The share of the index that is built, again and again until it is there or failed."""
        while not self.ready:
            yield self._share
            wait([self._current], TICK)

    def check(self) -> None:
        """Raises why the index cannot be built, as soon as that is known."""
        if self.ready:
            self._current.result()

    def refresh(self) -> None:
        """Takes over what another process has made of the index meanwhile, such as a paper added
        on the command line. What cannot be opened now is not taken over."""
        built = self._assistant
        if built is None or not self._changing.acquire(blocking=False):
            return
        try:
            folder = self._folder or default_folder()
            if read_manifest(folder).change != built.index.manifest.change:
                self._put(open_index(folder))
        except AskPaperError:
            logging.getLogger(__name__).warning("kept the index as it was", exc_info=True)
        finally:
            self._changing.release()

    @property
    def names(self) -> dict[str, str]:
        """The name of every paper by its id."""
        built = self._assistant
        if built is None:
            return {self.document.doc_id: self.document.name}
        return {paper.doc_id: paper.name for paper in built.index.papers}

    @property
    def documents(self) -> Mapping[str, Document]:
        """Every paper by its id."""
        built = self._assistant
        return built.index.documents if built else {self.document.doc_id: self.document}

    def chosen(self, papers: Sequence[str]) -> tuple[str, ...]:
        """Those of the papers that there are, or else the first ones."""
        known, built = self.documents, self._assistant
        first = built.papers if built else (self.document.doc_id,)
        return tuple(each for each in papers if each in known) or first

    def asking(self, papers: Sequence[str]) -> Assistant:
        """An assistant for these papers. Waits for the index; raises why it cannot be built."""
        current = self._current.result()
        return _about(current.index, self.chosen(papers), current.llm)

    def add(
        self, papers: Sequence[Path | str], progress: Callable[[int, int], None], called_off: Event
    ) -> tuple[str, ...]:
        """Adds the papers in files and at URLs; returns their ids, none if it was called off.

        `progress` is told how much is done and how much there is; reading them is one half.
        Raises PaperError for one that cannot be read and StoreError for an index that cannot be
        written: nothing is added.
        """
        documents, half = [], len(papers)
        for read, paper in enumerate(papers, 1):
            documents.append(load_url(paper) if isinstance(paper, str) else _read(paper))
            if called_off.is_set():
                return ()
            progress(read, 2 * half)

        def tell(done: int, total: int) -> None:
            progress(half * (total + done), 2 * half * total)

        self._current.result()
        with self._changing:
            if not called_off.is_set():
                self._put(add_papers(documents, self._folder, tell, called_off.is_set))
        known = self.documents
        return tuple(each.doc_id for each in documents if each.doc_id in known)

    def remove(self, papers: Sequence[str]) -> None:
        """Removes papers. Raises StoreError for those that come with askpaper."""
        bundled = {entry.paper_id for entry in catalog()} | {*self._current.result().papers}
        if kept := [each for each in papers if each in bundled]:
            names = self.names
            raise StoreError(f"{', '.join(names[each] for each in kept)} belongs here and stays")
        with self._changing:
            self._put(remove_papers(papers, self._folder))

    @property
    def _assistant(self) -> Assistant | None:
        """The one that is asked when nothing else is said, if its index is built."""
        current = self._current
        return None if not current.done() or current.exception() else current.result()

    def _put(self, index: Index) -> None:
        """From now on this index is asked."""
        before, fresh = self._current.result(), Future[Assistant]()
        fresh.set_result(_about(index, before.papers, before.llm))
        self._current = fresh

    def _build(self, make: Callable[[Progress], Assistant]) -> None:
        def tell(done: int, total: int) -> None:
            self._share = done / total

        try:
            self._current.set_result(make(tell))
        except Exception as error:  # raised where somebody waits for it
            if not isinstance(error, AskPaperError):  # a defect of ours
                logging.getLogger(__name__).exception("could not build the index")
            self._current.set_exception(error)


def open_shelf(paper: str | Path | None = None) -> Shelf:
    """The default index, where `paper`, an id or a file, or else its first paper is asked.

    Raises IndexMismatch, ModelError, and PaperError for a paper that cannot be read.
    """
    if built := Assistant.at_hand(paper):
        return Shelf(built)
    document = load_paper(catalog()[0].paper_id if paper is None else paper)
    return Shelf(Unbuilt(document, partial(Assistant.made, paper)))


@lru_cache(maxsize=ASSISTANTS)
def _about(index: Index, papers: tuple[str, ...], llm: LanguageModel | None) -> Assistant:
    """One assistant for the same papers: it remembers what it has scored."""
    return Assistant(index, papers, llm)


def _read(file: Path) -> Document:
    try:
        return load_paper(file)
    except PaperError as error:
        # The reader knows the file by its name, not the copy that the upload made.
        raise PaperError(str(error).replace(f"{file.parent}/", "")) from error


@dataclass(frozen=True, slots=True)
class Adding:
    """How far it is, `done` of `total`, and in the end which papers were added."""

    done: int
    total: int
    papers: tuple[str, ...] = ()


def adding(shelf: Shelf, papers: Sequence[Path | str], called_off: Event) -> Iterator[Adding]:
    """Adds papers in a thread and tells how far it is. Raises as `Shelf.add` does.

    The files are removed in any case: they are the copies that an upload made.
    """
    news: SimpleQueue[Adding | Exception | None] = SimpleQueue()

    def work() -> None:
        try:
            added = shelf.add(papers, lambda *done: news.put(Adding(*done)), called_off)
            news.put(Adding(1, 1, added))
        except Exception as error:  # raised where the news are read
            news.put(error)
        finally:
            for file in papers:
                with suppress(OSError):
                    if isinstance(file, Path):
                        file.unlink()
                        file.parent.rmdir()
            news.put(None)

    Thread(target=work, daemon=True).start()
    while (step := news.get()) is not None:
        if isinstance(step, Exception):
            raise step
        yield step
