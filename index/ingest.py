"""Papers are added, replaced and removed: each call is one change of the index, all or nothing.

What is new goes through three steps: papers are read, chunked and encoded into parts
(index.reading); the parts and the small segments at the end become one segment, so that there are
never many (the logarithmic method, Bentley and Saxe 1980); its vectors go into Chroma. Then the
manifest is replaced. A paper that has not changed costs no more than reading its file.
"""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import replace
from pathlib import Path

from index.library import (
    Index,
    check_made_alike,
    dense_encoder,
    made_with,
    open_index,
)
from index.manifest import Change, Manifest, changing, default_folder, read_manifest
from index.reading import Item, Paper, batches, changed, in_processes
from index.segment import PaperRecord, Segment
from index.store import write_vectors
from index.writing import merge_segments
from sources import PaperError, catalog

LARGEST = 120_000  # chunks of a segment that is made of smaller ones

Progress = Callable[[int, int], None]
"""Called with how much is done and how much there is to do, in bytes of papers."""
Kept = tuple[Segment, list[bool]]
"""A segment and which of its papers are in force."""


def never() -> bool:
    """The change is not called off."""
    return False


class CancelledError(Exception):
    """The change was called off; nothing of it is left."""


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
        items = list(changed(asked, known, skip))
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
        tasks = [(self._change.begin(), items) for items in batches(self._items)]
        written, done = [], 0
        for (folder, items), failed in in_processes(tasks, workers):
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
