"""Papers are added, replaced and removed: each call is one change of the index, all or nothing.

What is new goes through three steps: papers are read, chunked and encoded, in as many processes as
wished, into parts; the parts and the small segments at the end become one segment, so that there
are never many (the logarithmic method, Bentley and Saxe 1980); its vectors go into Chroma. Then
the manifest is replaced. A paper that has not changed costs no more than reading its file.
"""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, replace
from hashlib import sha256
from multiprocessing import get_context
from pathlib import Path

from index.library import (
    Index,
    check_made_alike,
    dense_encoder,
    made_with,
    open_index,
)
from index.manifest import Change, Manifest, changing, default_folder, read_manifest
from index.originals import pdf_of
from index.segment import Loaded, PaperRecord, Segment, digest_of, merge_segments, write_segment
from index.store import write_vectors
from sources import (
    Document,
    PaperError,
    Source,
    catalog,
    document_of,
    fetch_source,
    load_paper,
)
from sources.catalog import PaperEntry, find_paper
from sources.loaders import is_url

PART = 1_000_000  # bytes of papers that one process reads and encodes at a time
LARGEST = 120_000  # chunks of a segment that is made of smaller ones

Paper = str | Path | Document
Progress = Callable[[int, int], None]
"""Called with how much is done and how much there is to do, in bytes of papers."""
Kept = tuple[Segment, list[bool]]
"""A segment and which of its papers are in force."""


def never() -> bool:
    """The change is not called off."""
    return False


class CancelledError(Exception):
    """The change was called off; nothing of it is left."""


@dataclass(frozen=True, slots=True)
class Item:
    """A paper to be read; see PaperRecord. `size` is in bytes."""

    paper: Paper | Source
    source: str
    content: str
    size: int


def add_papers(  # noqa: PLR0913 - the last two are for folders of papers
    papers: Iterable[Paper],
    folder: Path | None = None,
    progress: Progress = lambda done, total: None,
    cancelled: Callable[[], bool] = never,
    *,
    workers: int = 1,
    skip: Callable[[str, PaperError], None] | None = None,
) -> Index:
    """Add papers, given by id, file, URL or as documents; replace those that have changed.

    Returns the index that is then in force. When `cancelled` comes to say so, it is the one that
    was there before. Raises PaperError for a paper that cannot be read, or calls `skip` with its
    name and the error and goes on, and StoreError for an index that cannot be used or written;
    in either case nothing is changed. `workers` above 1 need a main module that can be imported.
    """
    folder = folder or default_folder()
    asked = list(papers)
    if not (folder / "manifest.json").exists():
        asked = [*(entry.paper_id for entry in catalog()), *asked]
    with changing(folder, f"add {len(asked)} paper(s)") as change:
        manifest, kept = in_force(folder)
        known = {paper.source: paper.content for paper in _papers(kept)}
        items = list(_changed(asked, known, skip))
        adding = _Adding(change, items, progress, cancelled)
        try:
            parts = adding.read(workers, skip)
            if parts or not (folder / "manifest.json").exists():
                put_in_force(change, manifest, adding.store(kept, parts))
        except CancelledError:
            change.undo()
    return open_index(folder)


def remove_papers(ids: Sequence[str], folder: Path | None = None) -> Index:
    """Remove papers from the index. Raises StoreError for one that it does not hold."""
    folder = folder or default_folder()
    index = open_index(folder)
    index.ids(ids)
    with changing(folder, f"remove {len(set(ids))} paper(s)") as change:
        manifest, kept = in_force(folder)
        for segment, keep in kept:
            for number, paper in enumerate(segment.papers):
                keep[number] &= paper.doc_id not in ids
        change.begin()
        put_in_force(change, manifest, [_tidied(change, each) for each in kept])
    return open_index(folder)


def in_force(folder: Path) -> tuple[Manifest, list[Kept]]:
    """The manifest and the segments; those of an empty index where there is none."""
    if not (folder / "manifest.json").exists():
        return made_with(dense_encoder()), []
    manifest = read_manifest(folder)
    check_made_alike(folder, manifest)
    kept = []
    for name, gone in manifest.segments.items():
        segment = Segment(folder / name)
        kept.append((segment, [number not in gone for number in range(len(segment.papers))]))
    return manifest, kept


def put_in_force(change: Change, manifest: Manifest, kept: Sequence[Kept]) -> None:
    """Replace the manifest by one that has these segments; those without papers are left out."""
    kept = [(segment, keep) for segment, keep in kept if any(keep)]
    change.put_in_force(
        replace(
            manifest,
            segments={
                segment.folder.name: [number for number, is_kept in enumerate(keep) if not is_kept]
                for segment, keep in kept
            },
            papers=sum(sum(keep) for _, keep in kept),
            chunks=sum(map(_living, kept)),
        )
    )


def _papers(kept: Sequence[Kept]) -> Iterator[PaperRecord]:
    return (p for s, keep in kept for p, is_kept in zip(s.papers, keep, strict=True) if is_kept)


def _living(kept: Kept) -> int:
    return sum(paper.chunks for paper in _papers([kept]))


def _changed(
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


class _Adding:
    """The steps of one change that adds papers."""

    def __init__(
        self,
        change: Change,
        items: Sequence[Item],
        progress: Progress,
        cancelled: Callable[[], bool],
    ) -> None:
        self._change, self._items = change, items
        self._progress, self._cancelled = progress, cancelled
        self._total = sum(item.size for item in items)

    def _tell(self, share: float) -> None:
        """`share` of the work is done: reading and encoding is one half, storing the other."""
        if self._cancelled():
            raise CancelledError
        if self._total:
            self._progress(round(share * self._total), self._total)

    def read(self, workers: int, skip: Callable[[str, PaperError], None] | None) -> list[Segment]:
        """Read, chunk and encode the papers into parts."""
        tasks = [(self._change.begin(), items) for items in _batches(self._items)]
        written, done = [], 0
        for (folder, items), failed in _in_processes(tasks, workers):
            for item, error in failed:
                if skip is None:
                    raise error
                skip(item.source, error)
            if len(failed) < len(items):
                written.append(Segment(folder))
            done += sum(item.size for item in items)
            self._tell(done / (2 * self._total or 1))
        return written

    def store(self, kept: list[Kept], parts: Sequence[Segment]) -> list[Kept]:
        """The segments with the parts among them: one segment of the parts that are new and of
        the smaller segments at the end."""
        fresh = [(part, [True] * len(part.papers)) for part in parts]
        _drop_doubles(kept, fresh)
        size = sum(map(_living, fresh))
        if not any(any(keep) for _, keep in fresh):
            return kept
        absorbed: list[Kept] = []
        rest = list(kept)
        while rest and _living(rest[-1]) <= size <= LARGEST - _living(rest[-1]):
            absorbed.insert(0, rest.pop())
            size += _living(absorbed[0])
        made = merged(self._change, [*absorbed, *fresh])
        for done in write_vectors(made):
            self._tell(0.5 + done / (2 * len(made)))
        self._tell(1.0)
        for part, _ in fresh:
            if part.folder != made.folder:
                shutil.rmtree(part.folder)
        return [*(_tidied(self._change, each) for each in rest), (made, [True] * len(made.papers))]


def _drop_doubles(kept: Sequence[Kept], fresh: Sequence[Kept]) -> None:
    """Of the papers with the same id or from the same place only the last stays in force; one
    that came out as it was before stays where it is."""
    known = {(paper.digest, paper.original) for paper in _papers(kept)}
    seen: set[str] = set()
    for segment, keep in [*reversed(fresh), *reversed(kept)]:
        for number in reversed(range(len(segment.papers))):
            paper = segment.papers[number]
            is_fresh = any(segment is part for part, _ in fresh)
            if is_fresh and (paper.digest, paper.original) in known:
                keep[number] = False
            if keep[number]:
                keep[number] = not {paper.doc_id, paper.source} & seen
                seen |= {paper.doc_id, paper.source} - {""}


def merged(change: Change, kept: Sequence[Kept]) -> Segment:
    """One segment of what is kept of several; the only one itself when all of it is."""
    kept = [(segment, keep) for segment, keep in kept if any(keep)]
    if len(kept) == 1 and all(kept[0][1]):
        return kept[0][0]
    folder = change.begin()
    merge_segments(folder, kept)
    return Segment(folder)


def _tidied(change: Change, kept: Kept) -> Kept:
    """A segment of which most is no longer in force is written anew without it."""
    segment, keep = kept
    if not any(keep) or 2 * _living(kept) >= len(segment):
        return kept
    made = merged(change, [kept])
    for _ in write_vectors(made):
        pass
    return made, [True] * len(made.papers)


def _batches(items: Iterable[Item]) -> Iterator[list[Item]]:
    batch: list[Item] = []
    for item in items:
        batch.append(item)
        if sum(each.size for each in batch) >= PART:
            yield batch
            batch = []
    if batch:
        yield batch


Task = tuple[Path, list[Item]]
Failed = list[tuple[Item, PaperError]]


def _in_processes(tasks: Sequence[Task], workers: int) -> Iterator[tuple[Task, Failed]]:
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
