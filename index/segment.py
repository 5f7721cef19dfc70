"""A segment: some papers, their chunks and what both legs know of them, in one folder.

    papers.jsonl, texts.utf8    the documents, a line each, with the length of their text in bytes,
                                and the texts one after the other
    papers.npy                  where each document begins in these two files
    chunks.npy                  the offsets of each chunk in its document, in characters
    places.npy                  and in texts.utf8, in bytes
    pages.npy                   the first and the last page of each chunk, 0 without pages
    headings.json, headings.npy the distinct heading paths, and which one each chunk has
    chinese.npy                 whether a chunk is Chinese
    words.npy, sentences.npy, texts.npy
                                the encoder's rows of all words, where each sentence begins among
                                them and where each chunk begins among the sentences
    vectors.npy                 the dense vectors, which Chroma holds too
    lexical/                    postings
    originals/                  the PDF files of its papers, to draw their pages
    segment.json                written last: the papers, and the size and hash of every file

A segment never changes once it is written, so a reader needs no lock and a killed writer harms
none. Larger segments are made of smaller ones without reading a paper or encoding a word again.
Knows nothing of other segments nor of which papers are still in force; `index.store` puts the
vectors into Chroma.
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import asdict, dataclass
from functools import cached_property, lru_cache
from hashlib import sha256
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from index.chunking import Chunk, chunk, chunk_id
from index.encoder import Encoder
from index.late import SentenceArrays, joined_offsets, sentence_rows
from index.lexical import Postings, open_array
from index.originals import ORIGINALS, carry_original, keep_original
from sources import Document, Section, StoreError, language_of

ARRAYS = (
    "papers", "chunks", "places", "pages", "headings", "chinese",
    "words", "sentences", "texts", "vectors",
)  # fmt: skip
TEXTS, UTF8 = "texts.utf8", ("utf-8", "surrogatepass")
KEPT_DOCUMENTS = 64  # of a segment, in memory

Arrays = dict[str, NDArray[Any]]


@dataclass(frozen=True, slots=True)
class PaperRecord:
    """What the index knows of a paper without opening it.

    `source` is the file or the id it was read from and `content` a hash of what was there;
    `digest` is a hash of the document that came of it and `original` the name of the PDF that is
    kept of it, empty for other papers; see index.originals.
    """

    doc_id: str
    digest: str
    source: str
    content: str
    name: str
    year: int | None
    characters: int
    chunks: int
    original: str = ""


@dataclass(frozen=True, slots=True)
class Loaded:
    """A document and where it came from; see PaperRecord. `original` is the PDF, to be kept."""

    document: Document
    source: str
    content: str
    original: bytes | Path = b""


class Segment:
    """An opened segment. Chunks and papers are addressed by number, in the order of writing."""

    def __init__(self, folder: Path) -> None:
        """Open a segment's files. Raises StoreError when one is missing or of another size."""
        self.folder = folder
        stored = read_description(folder)
        for name, (size, _) in stored["files"].items():
            path = folder / name
            if path.parent.name == ORIGINALS:
                continue  # without it the paper can still be asked; `verify` misses it
            if not path.is_file() or path.stat().st_size != size:
                raise StoreError(f"{path}: missing or damaged")
        self.papers = [PaperRecord(**each) for each in stored["papers"]]
        self.arrays: Arrays = {name: open_array(folder / f"{name}.npy") for name in ARRAYS}
        self.postings = Postings.load(folder / "lexical")
        self.firsts = np.cumsum([0, *(each.chunks for each in self.papers)])
        self.document = lru_cache(maxsize=KEPT_DOCUMENTS)(self._document)

    def __len__(self) -> int:
        return len(self.arrays["chunks"])

    @property
    def words(self) -> SentenceArrays:
        """The words of the chunks."""
        return SentenceArrays(*(self.arrays[name] for name in ("words", "sentences", "texts")))

    @cached_property
    def headings(self) -> list[tuple[str, ...]]:
        """The distinct heading paths; `arrays["headings"]` are their numbers."""
        return [*map(tuple, json.loads((self.folder / "headings.json").read_text("utf-8")))]

    def _document(self, number: int) -> Document:
        (line, text), (line_end, text_end) = self.arrays["papers"][number : number + 2]
        fields = json.loads(_read(self.folder / "papers.jsonl", line, line_end))
        return to_document(fields, _read(self.folder / TEXTS, text, text_end))

    def chunk(self, number: int) -> Chunk:
        """The chunk of that number."""
        paper = self.papers[int(np.searchsorted(self.firsts, number, "right")) - 1]
        start, end = self.arrays["chunks"][number].tolist()
        first, last = self.arrays["pages"][number].tolist()
        text = _read(self.folder / TEXTS, *self.arrays["places"][number])
        return Chunk(
            chunk_id=chunk_id(paper.doc_id, start, end, text),
            doc_id=paper.doc_id,
            text=text.decode(*UTF8),
            start=start,
            end=end,
            pages=tuple(range(first, last + 1)) if last else (),
            section=self.headings[int(self.arrays["headings"][number])],
        )


def read_description(folder: Path) -> dict[str, Any]:
    """What `segment.json` says. Raises StoreError when it cannot be read."""
    try:
        stored: dict[str, Any] = json.loads((folder / "segment.json").read_text("utf-8"))
        return {"papers": stored["papers"], "files": stored["files"]}
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise StoreError(f"{folder}: missing or damaged ({error})") from error


def digest_of(document: Document) -> str:
    """A hash of all we know of a paper."""
    return sha256(json.dumps(asdict(document)).encode()).hexdigest()[:16]


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
    words = SentenceArrays.of_rows(sentence_rows(texts))
    codes = [headings.setdefault(each.section, len(headings)) for each in chunks]
    pages = [(each.pages[0], each.pages[-1]) if each.pages else (0, 0) for each in chunks]
    arrays: Arrays = {
        "papers": np.array(papers_at, np.int64),
        "chunks": np.array([(each.start, each.end) for each in chunks], np.int32).reshape(-1, 2),
        "places": np.array(places, np.int64).reshape(-1, 2),
        "pages": np.array(pages, np.int32).reshape(-1, 2),
        "headings": np.array(codes, np.int32),
        "chinese": np.array([language_of(each.text) == "zh" for each in chunks], np.bool_),
        "words": words.words,
        "sentences": words.sentences,
        "texts": words.texts,
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


def _read(path: Path, start: int, end: int) -> bytes:
    with path.open("rb") as file:
        file.seek(start)
        return file.read(end - start)


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
    codes, places, sentences, texts, words = [], [], [], [], []
    papers_at = [np.zeros((1, 2), np.int64)]
    with (folder / "papers.jsonl").open("wb") as lines, (folder / TEXTS).open("wb") as file:
        for segment, a, b in runs:
            old = segment.arrays["papers"][a : b + 1]
            first, last = int(segment.firsts[a]), int(segment.firsts[b])
            places.append(segment.arrays["places"][first:last] - old[0, 1] + file.tell())
            papers_at.append(old[1:] - old[0] + papers_at[-1][-1])
            lines.write(_read(segment.folder / "papers.jsonl", old[0, 0], old[-1, 0]))
            file.write(_read(segment.folder / TEXTS, old[0, 1], old[-1, 1]))
            for each in segment.papers[a:b]:
                carry_original(segment.folder, folder, each.original)
    for segment, first, last in spans:
        known = [headings.setdefault(each, len(headings)) for each in segment.headings]
        codes.append(np.array(known, np.int32)[segment.arrays["headings"][first:last]])
        texts.append(segment.arrays["texts"][first : last + 1])
        sentences.append(segment.arrays["sentences"][texts[-1][0] : texts[-1][-1] + 1])
        words.append(segment.arrays["words"][sentences[-1][0] : sentences[-1][-1]])
    arrays: Arrays = {
        name: np.concatenate([segment.arrays[name][first:last] for segment, first, last in spans])
        for name in ("chunks", "pages", "chinese", "vectors")
    }
    arrays |= {
        "papers": np.concatenate(papers_at),
        "places": np.concatenate(places),
        "headings": np.concatenate(codes),
        "words": np.concatenate(words),
        "sentences": joined_offsets(sentences),
        "texts": joined_offsets(texts),
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


def sized(path: Path) -> tuple[int, str]:
    """The size of a file and a hash of what it holds."""
    with path.open("rb") as file:
        digest = sha256()
        while piece := file.read(1 << 20):
            digest.update(piece)
        return file.tell(), digest.hexdigest()[:16]


def sync(path: Path) -> None:
    """Have the disk keep what was written, so that a power cut loses nothing that is in force."""
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def to_document(fields: dict[str, Any], text: bytes) -> Document:
    """The document of a line of papers.jsonl. Raises ValueError for a text of another length."""
    if len(text) != fields["text"]:
        raise ValueError("the text is damaged")
    sections = tuple(Section(**s | {"path": tuple(s["path"])}) for s in fields["sections"])
    lists = {
        name: tuple(tuple(e) if isinstance(e, list) else e for e in value)
        for name, value in fields.items()
        if isinstance(value, list) and name != "sections"
    }
    return Document(**fields | lists | {"sections": sections, "text": text.decode(*UTF8)})
