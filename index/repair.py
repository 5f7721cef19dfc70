"""An index is checked, mended and made anew from the papers that it holds.

The papers as they were read are part of every segment, so all else can be made from them: damaged
vectors in Chroma from the vectors beside them, damaged anything from the papers. Only a paper
whose own lines are damaged has to be read again from where it came.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from pathlib import Path

import numpy as np

from index.ingest import Kept, merged, put_in_force
from index.library import check_made_alike, dense_encoder, made_with
from index.manifest import OURS, Change, changing, default_folder, read_manifest
from index.originals import pdf_of, place_of
from index.reading import PART
from index.segment import (
    TEXTS,
    Loaded,
    PaperRecord,
    Segment,
    digest_of,
    read_description,
    sized,
    to_document,
)
from index.store import open_collection, read_only, write_vectors
from index.writing import write_segment
from sources import Document, IndexMismatch, PaperError, StoreError, load_paper

SAMPLE = 16  # vectors of a segment that Chroma has to find


def verify_index(folder: Path | None = None) -> list[str]:
    """What is wrong with the index, a line each; empty when nothing is.

    Reads every file. Raises IndexMismatch as `open_index` does, and StoreError for no index."""
    folder = folder or default_folder()
    if not (folder / "manifest.json").exists():
        read_manifest(folder)
    try:
        manifest = read_manifest(folder)
    except IndexMismatch:
        raise
    except StoreError as error:
        return [str(error)]
    check_made_alike(folder, manifest)
    found = []
    for name in manifest.segments:
        found += _damaged_files(folder / name) or _damaged_vectors(folder / name)
    # What another process has replaced meanwhile is not damaged.
    return found if read_manifest(folder).change == manifest.change else verify_index(folder)


def _damaged_files(folder: Path) -> list[str]:
    try:
        files = read_description(folder)["files"]
    except StoreError as error:
        return [str(error)]
    return [
        f"{folder / name}: missing or damaged"
        for name, (size, digest) in files.items()
        if not (folder / name).is_file() or sized(folder / name) != (size, digest)
    ]


def _damaged_vectors(folder: Path) -> list[str]:
    """What is wrong with a segment in Chroma, whose other files are sound."""
    if read_only(folder):  # Chroma is not asked then
        return []
    try:
        segment, collection = Segment(folder), open_collection(folder)
        count = collection.count()
        if count != len(segment):
            return [f"{folder}: Chroma holds {count} chunks, not {len(segment)}"]
        if not count:
            return []
        some = np.linspace(0, count - 1, min(SAMPLE, count)).astype(int)
        vectors = segment.arrays["vectors"][some]
        near = collection.query(vectors, n_results=1, include=["distances"])
        stored = collection.get([str(at) for at in some], include=["embeddings"])
        order = [stored["ids"].index(str(at)) for at in some]
        apart = np.abs(np.asarray(stored["embeddings"])[order] - vectors).max()
        furthest = max(max(each, default=1.0) for each in near["distances"] or [[]])
        known = np.linalg.norm(vectors, axis=1).min() > 0  # a text without words is near none
        if apart > 1e-3 or (known and furthest > 1e-3):
            return [f"{folder}: Chroma does not find what it holds"]
    except Exception as error:  # Chroma and its database raise whatever damage provokes
        return [f"{folder}: {' '.join(str(error).split())}"]
    return []


def repair_index(folder: Path | None = None) -> list[str]:
    """Mend what `verify_index` finds. Returns what was done, a line each; a paper that is lost is
    named. Raises StoreError when the index cannot be written, IndexMismatch as `open_index`."""
    folder = folder or default_folder()
    with changing(folder, "repair it") as change:
        done: list[str] = []
        try:
            manifest = read_manifest(folder)
            check_made_alike(folder, manifest)
            names = manifest.segments
        except IndexMismatch:
            raise
        except StoreError:
            manifest, names = made_with(dense_encoder()), _salvaged(folder)
            done.append(f"the list of segments was made anew from the {len(names)} that are there")
        kept: list[Kept] = []
        for name, gone in names.items():
            files = _damaged_files(folder / name)
            if not files and not _damaged_vectors(folder / name):
                segment = Segment(folder / name)
                kept.append((segment, [at not in gone for at in range(len(segment.papers))]))
                continue
            papers = list(_readable(folder / name, gone, done))
            done.append(f"{name}: made anew from its {len(papers)} paper(s)")
            if papers:
                kept.append(_anew(change, papers))
        if done:
            change.begin()
            put_in_force(change, manifest, kept)
        return done


def rebuild_index(folder: Path | None = None) -> None:
    """Make every segment anew from its papers, with the encoder and by the rules of today."""
    folder = folder or default_folder()
    with changing(folder, "rebuild it") as change:
        try:
            names = read_manifest(folder).segments
        except IndexMismatch:  # of a version whose files we do not know
            names = {}
        change.begin()
        kept = [
            _anew(change, papers)
            for name, gone in names.items()
            if (papers := list(_readable(folder / name, gone, [])))
        ]
        put_in_force(change, made_with(dense_encoder()), kept)


def _salvaged(folder: Path) -> dict[str, list[int]]:
    """The segments of a folder whose manifest is lost, oldest first; of a paper that several
    hold, the last counts."""
    found = [path for path in folder.iterdir() if OURS.fullmatch(path.name) and path.is_dir()]
    found = [path for path in found if (path / "segment.json").is_file()]
    found.sort(key=lambda path: (path / "segment.json").stat().st_mtime_ns)
    names: dict[str, list[int]] = {}
    seen: set[str] = set()
    for path in reversed(found):
        gone = []
        try:
            papers = read_description(path)["papers"]
        except StoreError:
            continue
        for at, paper in enumerate(papers):
            if {paper["doc_id"], paper["source"]} & seen:
                gone.append(at)
            else:
                seen |= {paper["doc_id"], paper["source"]}
        names[path.name] = gone
    return dict(reversed(names.items()))


def _readable(folder: Path, gone: list[int], done: list[str]) -> Iterator[Loaded]:
    """The papers of a segment, from its own lines or from where they came."""
    try:
        records = [PaperRecord(**each) for each in read_description(folder)["papers"]]
    except (StoreError, TypeError):
        records = []
    try:
        lines = (folder / "papers.jsonl").read_bytes().split(b"\n")
        texts = (folder / TEXTS).read_bytes()
    except OSError:
        lines, texts = [], b""
    before = 0
    for at in range(max(len(records), len(lines))):
        record = records[at] if at < len(records) else None
        if at in gone or (record is None and not lines[at]):
            continue
        try:
            fields = json.loads(lines[at])
            text = texts[before : before + fields["text"]]
            before += fields["text"]
            document = to_document(fields, text)
            if record and digest_of(document) != record.digest:
                raise ValueError(record.doc_id)
            source, content = (record.source, record.content) if record else ("", "")
            yield Loaded(document, source, content, _original(folder, record, document, done))
        except (IndexError, ValueError, KeyError, TypeError):
            name = record.doc_id if record else f"the paper in line {at + 1}"
            try:
                document = load_paper(record.source if record else "")
                yield Loaded(document, record.source if record else "", "", pdf_of(document))
                done.append(f"{name}: read again from {record.source if record else ''}")
            except PaperError:
                done.append(f"{name}: lost, add it again")


def _original(
    folder: Path, record: PaperRecord | None, document: Document, done: list[str]
) -> bytes | Path:
    """The PDF that is kept of a paper, or else the one it was read from."""
    name = record.original if record else ""
    kept = place_of(folder, name)
    if name and kept.is_file() and sized(kept)[1] == name:
        return kept
    original = pdf_of(document)
    if name and not original:
        done.append(f"{document.doc_id}: its PDF is lost, its pages cannot be shown")
    return original


def _anew(change: Change, papers: Iterable[Loaded]) -> Kept:
    parts, batch = [], []
    for paper in [*papers, None]:
        if paper:
            batch.append(paper)
        if batch and (paper is None or sum(len(p.document.text) for p in batch) >= PART):
            parts.append(change.begin())
            write_segment(parts[-1], batch, dense_encoder())
            batch = []
    segments = [Segment(part) for part in parts]
    made = merged(change, [(each, [True] * len(each.papers)) for each in segments])
    for _ in write_vectors(made):
        pass
    return made, [True] * len(made.papers)
