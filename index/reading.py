"""Papers that are new or have changed are read, chunked and encoded into parts.

In as many processes as wished. A part is a segment that no manifest names yet. Knows nothing of
what the index holds but the contents that it has read before.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from hashlib import sha256
from multiprocessing import get_context
from pathlib import Path

from index.library import dense_encoder
from index.originals import pdf_of
from index.segment import Loaded, digest_of
from index.writing import write_segment
from sources import Document, PaperError, Source, document_of, fetch_source, load_paper
from sources.catalog import PaperEntry, find_paper
from sources.loaders import is_url

PART = 1_000_000  # bytes of papers that one process reads and encodes at a time

Paper = str | Path | Document


@dataclass(frozen=True, slots=True)
class Item:
    """A paper to be read; see PaperRecord. `size` is in bytes."""

    paper: Paper | Source
    source: str
    content: str
    size: int


Task = tuple[Path, list[Item]]
"""The folder of a part and what is read into it."""
Failed = list[tuple[Item, PaperError]]


def changed(
    papers: Iterable[Paper],
    known: dict[str, str],
    skip: Callable[[str, PaperError], None] | None,
) -> Iterator[Item]:
    """What has to be read, the last of those that come from the same place."""
    items: dict[str, Item] = {}
    for paper in papers:
        try:
            item = _item(paper)
        except PaperError as error:
            if skip is None:
                raise
            skip(str(paper), error)
            continue
        if known.get(item.source) != item.content:
            items[item.source] = item
    yield from items.values()


def _item(paper: Paper) -> Item:
    if isinstance(paper, Document):
        return Item(paper, paper.url or paper.doc_id, digest_of(paper), len(paper.text))
    if is_url(paper):
        source = fetch_source(str(paper))
        digest = sha256(source.content).hexdigest()[:16]
        return Item(source, str(paper), digest, len(source.content))
    found = find_paper(paper)
    path = found.path if isinstance(found, PaperEntry) else found
    place = found.paper_id if isinstance(found, PaperEntry) else str(path.resolve())
    try:
        size = path.stat().st_size
        with path.open("rb") as file:
            hashed = sha256(repr(found).encode() if isinstance(found, PaperEntry) else b"")
            while piece := file.read(1 << 20):
                hashed.update(piece)
    except OSError:  # it is no file, or closed to us: what reads papers says so best
        return Item(paper, place, "", 0)
    return Item(paper, place, hashed.hexdigest()[:16], size)


def batches(items: Iterable[Item]) -> Iterator[list[Item]]:
    """What goes into each part, about PART bytes."""
    batch: list[Item] = []
    for item in items:
        batch.append(item)
        if sum(each.size for each in batch) >= PART:
            yield batch
            batch = []
    if batch:
        yield batch


def in_processes(tasks: Sequence[Task], workers: int) -> Iterator[tuple[Task, Failed]]:
    """Carry out the tasks, in their order, in this process or in several."""
    if workers == 1 or len(tasks) <= 1:
        yield from ((task, _write_part(task)) for task in tasks)
        return
    with ProcessPoolExecutor(min(workers, len(tasks)), get_context("spawn")) as pool:
        try:
            yield from zip(tasks, pool.map(_write_part, tasks), strict=True)
        except BaseException:
            pool.shutdown(cancel_futures=True)
            raise


def _write_part(task: Task) -> Failed:
    """Read the papers of a task and write a segment of those that can be read."""
    folder, items = task
    failed: Failed = []
    loaded = []
    for item in items:
        try:
            document, original = _read(item.paper)
            loaded.append(Loaded(document, item.source, item.content, original))
        except PaperError as error:
            failed.append((item, error))
    if loaded:
        write_segment(folder, loaded, dense_encoder())
    return failed


def _read(paper: Paper | Source) -> tuple[Document, bytes]:
    """The document, and the PDF that it came from, if it did."""
    if isinstance(paper, Source):
        return document_of(paper), paper.content if paper.suffix == ".pdf" else b""
    document = paper if isinstance(paper, Document) else load_paper(paper)
    return document, pdf_of(document)
