"""Segments are written: of papers, or of the papers of other segments.

Larger segments are made of smaller ones without reading a paper or encoding a word again. Nothing
here looks at a segment once it is written; see index.segment.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import asdict
from pathlib import Path

import numpy as np

from index.chunking import Chunk, chunk
from index.encoder import Encoder
from index.late import TextWords
from index.lexical import Postings
from index.originals import ORIGINALS, carry_original, keep_original
from index.segment import (
    TEXTS,
    UTF8,
    Arrays,
    Loaded,
    PaperRecord,
    Segment,
    digest_of,
    read_span,
    sized,
    sync,
)
from sources import Document, language_of


def write_segment(folder: Path, papers: Iterable[Loaded], encoder: Encoder) -> None:
    """Chunk, count and encode papers into a new folder. Raises OSError when it cannot be written,
    as on a full disk."""
    (folder / "lexical").parent.mkdir(parents=True)
    records, papers_at, chunks, headings = [], [(0, 0)], list[Chunk](), dict[tuple[str, ...], int]()
    places: list[tuple[int, int]] = []
    with (folder / "papers.jsonl").open("wb") as lines, (folder / TEXTS).open("wb") as file:
        for each in papers:
            own, text = chunk(each.document), each.document.text
            places += _in_bytes(text, own, file.tell())
            lines.write(_to_line(each.document))
            file.write(text.encode(*UTF8))
            papers_at.append((lines.tell(), file.tell()))
            records.append(_record(each, len(own), keep_original(folder, each.original)))
            chunks += own
    texts = [searchable(each) for each in chunks]
    words = TextWords.of_texts(texts)
    codes = [headings.setdefault(each.section, len(headings)) for each in chunks]
    pages = [(each.pages[0], each.pages[-1]) if each.pages else (0, 0) for each in chunks]
    arrays: Arrays = {
        "papers": np.array(papers_at, np.int64),
        "chunks": np.array([(each.start, each.end) for each in chunks], np.int32).reshape(-1, 2),
        "places": np.array(places, np.int64).reshape(-1, 2),
        "pages": np.array(pages, np.int32).reshape(-1, 2),
        "headings": np.array(codes, np.int32),
        "chinese": np.array([language_of(each.text) == "zh" for each in chunks], np.bool_),
        "words": words.rows,
        "texts": words.offsets,
        "vectors": encoder.encode(texts),
    }
    _finish(folder, records, arrays, Postings.build(texts), list(headings))


def _record(each: Loaded, chunks: int, original: str) -> PaperRecord:
    paper = each.document
    return PaperRecord(
        doc_id=paper.doc_id,
        digest=digest_of(paper),
        source=each.source,
        content=each.content,
        name=paper.name,
        year=paper.year,
        characters=len(paper.text),
        chunks=chunks,
        original=original,
    )


def _to_line(document: Document) -> bytes:
    size = len(document.text.encode(*UTF8))
    return json.dumps(asdict(document) | {"text": size}).encode() + b"\n"


def _in_bytes(text: str, chunks: Sequence[Chunk], before: int) -> Iterator[tuple[int, int]]:
    """From where to where each chunk is in the UTF-8 of its document, after `before` bytes."""
    at, place = 0, before
    for each in chunks:
        start = place + len(text[at : each.start].encode(*UTF8))
        at, place = each.end, start + len(each.text.encode(*UTF8))
        yield start, place


def searchable(each: Chunk) -> str:
    """What the legs see of a chunk: its headings tell what its sentences leave unsaid."""
    return "\n".join([*each.section, each.text])


def merge_segments(folder: Path, kept: Sequence[tuple[Segment, Sequence[bool]]]) -> None:
    """Write into a new folder the papers of some segments that are kept, in their order."""
    folder.mkdir(parents=True)
    runs = [(segment, a, b) for segment, keep in kept for a, b in _runs(keep)]
    records = [each for segment, a, b in runs for each in segment.papers[a:b]]
    spans = [(s, int(s.firsts[a]), int(s.firsts[b])) for s, a, b in runs]
    headings: dict[tuple[str, ...], int] = {}
    codes, places = [], []
    papers_at = [np.zeros((1, 2), np.int64)]
    with (folder / "papers.jsonl").open("wb") as lines, (folder / TEXTS).open("wb") as file:
        for segment, a, b in runs:
            old = segment.arrays["papers"][a : b + 1]
            first, last = int(segment.firsts[a]), int(segment.firsts[b])
            places.append(segment.arrays["places"][first:last] - old[0, 1] + file.tell())
            papers_at.append(old[1:] - old[0] + papers_at[-1][-1])
            lines.write(read_span(segment.folder / "papers.jsonl", old[0, 0], old[-1, 0]))
            file.write(read_span(segment.folder / TEXTS, old[0, 1], old[-1, 1]))
            for each in segment.papers[a:b]:
                carry_original(segment.folder, folder, each.original)
    for segment, first, last in spans:
        known = [headings.setdefault(each, len(headings)) for each in segment.headings]
        codes.append(np.array(known, np.int32)[segment.arrays["headings"][first:last]])
    words = TextWords.joined([segment.words.between(first, last) for segment, first, last in spans])
    arrays: Arrays = {
        name: np.concatenate([segment.arrays[name][first:last] for segment, first, last in spans])
        for name in ("chunks", "pages", "chinese", "vectors")
    }
    arrays |= {
        "papers": np.concatenate(papers_at),
        "places": np.concatenate(places),
        "headings": np.concatenate(codes),
        "words": words.rows,
        "texts": words.offsets,
    }
    postings = Postings.merge([(segment.postings, a, b) for segment, a, b in spans])
    _finish(folder, records, arrays, postings, list(headings))


def _runs(keep: Sequence[bool]) -> list[tuple[int, int]]:
    """From where to before where `keep` is true."""
    edges = np.flatnonzero(np.diff([0, *map(int, keep), 0]))
    return [(int(a), int(b)) for a, b in edges.reshape(-1, 2)]


def _finish(
    folder: Path,
    records: Sequence[PaperRecord],
    arrays: Arrays,
    postings: Postings,
    headings: Sequence[tuple[str, ...]],
) -> None:
    for name, array in arrays.items():
        np.save(folder / f"{name}.npy", array)
    (folder / "headings.json").write_text(json.dumps(headings), "utf-8")
    postings.save(folder / "lexical")
    files = {str(path.relative_to(folder)): _described(path) for path in _files(folder)}
    description = {"papers": [asdict(each) for each in records], "files": files}
    (folder / "segment.json").write_text(json.dumps(description), "utf-8")
    for path in [*_files(folder), folder]:
        sync(path)


def _described(path: Path) -> tuple[int, str]:
    """As `sized`, but what is named by its hash is not read again with every merge."""
    return (path.stat().st_size, path.stem) if path.parent.name == ORIGINALS else sized(path)


def _files(folder: Path) -> list[Path]:
    return sorted(path for path in folder.rglob("*") if path.is_file())
