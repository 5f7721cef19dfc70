"""The papers that the page can ask, added and removed while it runs.

Shared by all readers. Every question takes the index that is in force when it is asked, so that
an answer never sees half a change. Knows nothing of Gradio.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from queue import SimpleQueue
from threading import Event, Thread

from app.assistant import Assistant
from index import Index, add_papers, remove_papers
from sources import Document, PaperError, StoreError, catalog, load_paper


class Shelf:
    """An index and the papers that are asked when nothing else is said."""

    def __init__(self, assistant: Assistant, folder: Path | None = None) -> None:
        """`folder` is that of the assistant's index, by default the default one."""
        self._index: Index = assistant.index
        self._first = assistant.papers
        self._folder = folder

    @property
    def names(self) -> dict[str, str]:
        """The name of every paper by its id."""
        return {paper.doc_id: paper.name for paper in self._index.papers}

    @property
    def documents(self) -> Mapping[str, Document]:
        """Every paper by its id."""
        return self._index.documents

    def chosen(self, papers: Sequence[str]) -> tuple[str, ...]:
        """Those of the papers that there are, or else the first ones."""
        known = self._index.documents
        return tuple(each for each in papers if each in known) or self._first

    def asking(self, papers: Sequence[str]) -> Assistant:
        """An assistant for these papers."""
        return Assistant(self._index, self.chosen(papers))

    def add(
        self, files: Sequence[Path], progress: Callable[[int, int], None], called_off: Event
    ) -> tuple[str, ...]:
        """Adds the papers in the files; returns their ids, none if it was called off.

        `progress` is told how much is done and how much there is. Raises PaperError for a file
        that cannot be read and StoreError for an index that cannot be written: nothing is added.
        """
        documents = [_read(file) for file in files]
        if not called_off.is_set():
            self._index = add_papers(documents, self._folder, progress, called_off.is_set)
        return tuple(each.doc_id for each in documents if each.doc_id in self._index.documents)

    def remove(self, papers: Sequence[str]) -> None:
        """Removes papers. Raises StoreError for those that come with askpaper."""
        bundled = {entry.paper_id for entry in catalog()} | {*self._first}
        if kept := [each for each in papers if each in bundled]:
            names = self.names
            raise StoreError(f"{', '.join(names[each] for each in kept)} belongs here and stays")
        self._index = remove_papers(papers, self._folder)


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


def adding(shelf: Shelf, files: Sequence[Path], called_off: Event) -> Iterator[Adding]:
    """Adds papers in a thread and tells how far it is. Raises as `Shelf.add` does.

    The files are removed in any case: they are the copies that an upload made.
    """
    news: SimpleQueue[Adding | Exception | None] = SimpleQueue()

    def work() -> None:
        try:
            added = shelf.add(files, lambda *done: news.put(Adding(*done)), called_off)
            news.put(Adding(1, 1, added))
        except Exception as error:  # raised where the news are read
            news.put(error)
        finally:
            for file in files:
                with suppress(OSError):
                    file.unlink()
                    file.parent.rmdir()
            news.put(None)

    Thread(target=work, daemon=True).start()
    while (step := news.get()) is not None:
        if isinstance(step, Exception):
            raise step
        yield step
