"""A segment: some papers, their chunks and what both legs know of them, in one folder.

    papers.jsonl, texts.utf8    the documents, a line each, with the length of their text in bytes,
                                and the texts one after the other
    papers.npy                  where each document begins in these two files
    chunks.npy                  the offsets of each chunk in its document, in characters
    places.npy                  and in texts.utf8, in bytes
    pages.npy                   the first and the last page of each chunk, 0 without pages
    headings.json, headings.npy the distinct heading paths, and which one each chunk has
    chinese.npy                 whether a chunk is Chinese
    words.npy, texts.npy        the encoder's rows of all words, and where each chunk begins
    vectors.npy                 the dense vectors, which Chroma holds too
    lexical/                    postings
    originals/                  the PDF files of its papers, to draw their pages
    segment.json                written last: the papers, and the size and hash of every file

A segment never changes once it is written, so a killed writer harms no reader. Who has one open
holds it, and it is not removed before it is let go. Knows nothing of other segments nor of which
papers are still in force; `index.writing` writes it and `index.store` puts the vectors into Chroma.
"""

from __future__ import annotations

import json
import os
import weakref
from dataclasses import asdict, dataclass
from functools import cached_property, lru_cache
from hashlib import sha256
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from index.chunking import Chunk, chunk_id
from index.holding import hold
from index.late import TextWords
from index.lexical import Postings, open_array
from index.originals import ORIGINALS
from sources import Document, Section, StoreError

ARRAYS = (
    "papers", "chunks", "places", "pages", "headings", "chinese",
    "words", "texts", "vectors",
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
        weakref.finalize(self, hold(folder).close)
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
    def words(self) -> TextWords:
        """The words of the chunks."""
        return TextWords(self.arrays["words"], self.arrays["texts"])

    @cached_property
    def headings(self) -> list[tuple[str, ...]]:
        """The distinct heading paths; `arrays["headings"]` are their numbers."""
        return [*map(tuple, json.loads((self.folder / "headings.json").read_text("utf-8")))]

    def _document(self, number: int) -> Document:
        (line, text), (line_end, text_end) = self.arrays["papers"][number : number + 2]
        fields = json.loads(read_span(self.folder / "papers.jsonl", line, line_end))
        return to_document(fields, read_span(self.folder / TEXTS, text, text_end))

    def chunk(self, number: int) -> Chunk:
        """The chunk of that number."""
        paper = self.papers[int(np.searchsorted(self.firsts, number, "right")) - 1]
        start, end = self.arrays["chunks"][number].tolist()
        first, last = self.arrays["pages"][number].tolist()
        text = read_span(self.folder / TEXTS, *self.arrays["places"][number])
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


def read_span(path: Path, start: int, end: int) -> bytes:
    """The bytes of a file from `start` to before `end`."""
    with path.open("rb") as file:
        file.seek(start)
        return file.read(end - start)


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
