"""The index, opened: the papers of all segments in force, searched as one.

Knows nothing of how they came there: see index.ingest. The files are described in index.manifest
and index.segment.
"""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping, Sequence
from functools import lru_cache
from pathlib import Path

import numpy as np

from index.chunking import CHUNKING_VERSION, Chunk
from index.encoder import Encoder, Floats, TransformerEncoder, bundled_encoder
from index.lexical import LexicalIndex, simplified
from index.manifest import (
    REBUILD,
    SCHEMA_VERSION,
    Manifest,
    default_folder,
    read_manifest,
    tell_interrupted,
    way_back,
)
from index.originals import place_of
from index.places import named_sections, without_places
from index.retrieval import Mask, ScoredChunk, Searcher
from index.segment import PaperRecord, Segment
from index.spelling import spelt_document
from index.store import REPAIR, DenseLeg
from sources import Document, IndexMismatch, StoreError
from sources.worker import draw_apart

TOP_K = 8
PAGE_WIDTH = 1000  # pixels of a page's picture
KEPT_CHUNKS = 1024  # those read last, which come up again and again
MOST_NAMED = 8  # papers of an index in a message

Papers = str | Sequence[str] | None
"""The id of a paper, the ids of several, or None for all."""


class Index:
    """An opened index. `documents` maps ids to papers; `chunks` are in reading order."""

    def __init__(self, manifest: Manifest, segments: Sequence[Segment], encoder: Encoder) -> None:
        self.manifest = manifest
        self._segments = segments
        self._firsts = np.cumsum([0, *map(len, segments)])
        self._places: dict[str, tuple[int, int]] = {}
        self._chunks_of: dict[str, list[Chunk]] = {}
        self._spelt: dict[str, Document] = {}
        self.chunk = lru_cache(maxsize=KEPT_CHUNKS)(self._chunk)
        alive = np.ones(self._firsts[-1], np.bool_)
        for at, segment in enumerate(segments):
            gone = set(manifest.segments[segment.folder.name])
            for number, paper in enumerate(segment.papers):
                if number in gone:
                    alive[self._span(at, number)] = False
                else:
                    self._places[paper.doc_id] = (at, number)
        self.documents: Mapping[str, Document] = Documents(segments, self._places)
        self.chunks: Sequence[Chunk] = Chunks(self, np.flatnonzero(alive))
        self._alive = None if alive.all() else alive
        self._searcher = Searcher(
            LexicalIndex([segment.postings for segment in segments], self._alive),
            [segment.words for segment in segments],
            np.concatenate([np.zeros(0, np.bool_), *(s.arrays["chinese"] for s in segments)]),
            DenseLeg(segments, encoder, self._alive),
            self._alive,
        )

    @property
    def papers(self) -> list[PaperRecord]:
        """What is known of each paper without opening it."""
        return [self._segments[at].papers[number] for at, number in self._places.values()]

    def search(  # noqa: PLR0913 - all but the first two narrow it down or come from a conversation
        self,
        question: str,
        k: int = TOP_K,
        papers: Papers = None,
        *,
        years: Sequence[int] | None = None,
        section: str | None = None,
        typed: str = "",
        near: Floats | None = None,
    ) -> list[ScoredChunk]:
        """The k best chunks, best first, of some papers or of all, if asked only of papers of
        these years or below headings that hold `section`; `typed` and `near` as in Searcher.
        Raises StoreError for a paper that the index does not hold."""
        asked = self.ids(papers)
        question = simplified(question)
        words = without_places(question)
        allowed = self._allowed(asked, years, section)
        found = self._searcher.search(words, k, allowed, without_places(simplified(typed)), near)
        if len(asked) == 1 and not section:
            found = self._named_first(question, found, asked[0])
        return [
            ScoredChunk(self.chunk(position), score, rank, words)
            for rank, (position, score) in enumerate(found[: max(k, 0)], 1)
        ]

    def scores(self, text: str, papers: Papers = None) -> Floats:
        """How well every chunk fits a text, shape [chunks]; see Searcher."""
        return self._searcher.scores(text, self._allowed(self.ids(papers), None, None))

    def nearness(self, position: int) -> Floats:
        """How near each chunk is to the one at a position, shape [chunks]: 1 for itself, half as
        much for each next one of its paper, 0 in the others."""
        near = np.zeros(self._firsts[-1], np.float32)
        span = self._span(*self._places[self.chunk(position).doc_id])
        near[span] = 0.5 ** np.abs(np.arange(len(near))[span] - position)
        return near

    def ids(self, papers: Papers) -> list[str]:
        """The ids of the papers that are meant. Raises StoreError for one that is not there."""
        if papers is None:
            return list(self._places)
        asked = [papers] if isinstance(papers, str) else list(dict.fromkeys(papers))
        for paper in asked:
            if paper not in self._places:
                known = ", ".join([*self._places][:MOST_NAMED]) or "none"
                more = len(self._places) - MOST_NAMED
                known += f" and {more} more" if more > 0 else ""
                raise StoreError(f"no paper {paper!r} in the index; it holds {known}")
        return asked

    def weigh(self, question: str) -> Floats:
        """How much each known word of a question tells in this index; see Searcher."""
        return self._searcher.weigh(question)

    def _chunk(self, position: int) -> Chunk:
        """The chunk at a position, counted through all segments."""
        at = int(np.searchsorted(self._firsts, position, "right")) - 1
        return self._segments[at].chunk(position - int(self._firsts[at]))

    def chunks_of(self, paper: str) -> Sequence[Chunk]:
        """The chunks of one paper in reading order."""
        if paper not in self._chunks_of:
            span = self._span(*self._places[paper])
            # Two threads may both do it: they come to the same.
            self._chunks_of[paper] = [self.chunk(at) for at in range(span.start, span.stop)]
        return self._chunks_of[paper]

    def spelt(self, paper: str) -> Document:
        """The paper in the characters that rules read; see `spelling.spelt_document`."""
        if paper not in self._spelt:
            self._spelt[paper] = spelt_document(self.documents[paper])
        return self._spelt[paper]

    def page_image(self, paper: str, page: int, width: int = PAGE_WIDTH) -> bytes:
        """A PNG of a page of a paper, counted from 1, `width` pixels wide, from the PDF that the
        index keeps.

        Raises StoreError for a paper that is not there, has no pages or was kept without its
        file, and PaperError for a page that it does not have.
        """
        self.ids(paper)
        at, number = self._places[paper]
        segment = self._segments[at]
        name = segment.papers[number].original
        if not name:
            raise StoreError(f"no pages are kept of {paper!r}: a PDF that is added anew has them")
        path = place_of(segment.folder, name)
        try:
            content = path.read_bytes()
        except OSError as error:
            raise StoreError(f"{path}: missing or damaged; {way_back(segment.folder)}") from error
        return draw_apart(content, page, width)

    def _span(self, at: int, number: int) -> slice:
        first, firsts = int(self._firsts[at]), self._segments[at].firsts
        return slice(first + int(firsts[number]), first + int(firsts[number + 1]))

    def _allowed(
        self, papers: Sequence[str], years: Sequence[int] | None, section: str | None
    ) -> Mask | None:
        """Which chunks the filters leave; None when they leave all that are in force."""
        if years is None and not section and len(papers) == len(self._places):
            return None
        allowed = np.zeros(self._firsts[-1], np.bool_)
        for paper in papers:
            at, number = self._places[paper]
            if years is None or self._segments[at].papers[number].year in years:
                allowed[self._span(at, number)] = True
        if section:
            for first, segment in zip(self._firsts[:-1], self._segments, strict=True):
                named = [section.casefold() in "\n".join(p).casefold() for p in segment.headings]
                meant = np.array(named, np.bool_)[segment.arrays["headings"]]
                allowed[first : first + len(segment)] &= meant
        return allowed

    def _named_first(
        self, question: str, found: list[tuple[int, float]], paper: str
    ) -> list[tuple[int, float]]:
        """The chunks of sections that the question names, then the others that were found."""
        sections, _ = named_sections(question, self.spelt(paper))
        if not sections:
            return found
        best = found[0][1] if found else 1.0
        scores = dict(found)
        at, number = self._places[paper]
        span, firsts = self._span(at, number), self._segments[at].firsts
        starts = self._segments[at].arrays["chunks"][firsts[number] : firsts[number + 1], 0]
        named = [
            (position, best + scores.get(position, 0.0))
            for position, start in zip(range(span.start, span.stop), starts, strict=True)
            if any(section.start <= start < section.end for section in sections)
        ]
        named.sort(key=lambda hit: -hit[1])
        return named + [hit for hit in found if hit[0] not in dict(named)]


class Documents(Mapping[str, Document]):
    """The papers in force by id, read when they are asked for."""

    def __init__(self, segments: Sequence[Segment], places: Mapping[str, tuple[int, int]]) -> None:
        self._segments, self._places = segments, places

    def __getitem__(self, paper: str) -> Document:
        at, number = self._places[paper]
        return self._segments[at].document(number)

    def __iter__(self) -> Iterator[str]:
        return iter(self._places)

    def __len__(self) -> int:
        return len(self._places)


class Chunks(Sequence[Chunk]):
    """The chunks in force, made when they are asked for."""

    def __init__(self, index: Index, positions: np.typing.NDArray[np.int64]) -> None:
        self._index, self._positions = index, positions

    def __len__(self) -> int:
        return len(self._positions)

    def __getitem__(self, at):  # type: ignore[no-untyped-def]  # an int or a slice
        if isinstance(at, slice):
            return [self._index.chunk(int(position)) for position in self._positions[at]]
        return self._index.chunk(int(self._positions[at]))


def dense_encoder() -> Encoder:
    """The model of the dense leg: the bundled one, or the one that ASKPAPER_EMBEDDING names."""
    name = os.environ.get("ASKPAPER_EMBEDDING")
    return _transformer(name) if name else bundled_encoder()


@lru_cache(maxsize=1)
def _transformer(name: str) -> Encoder:
    return TransformerEncoder(name)


def made_with(encoder: Encoder) -> Manifest:
    """The manifest of an empty index of this version and this encoder."""
    return Manifest(
        schema=SCHEMA_VERSION,
        encoder=encoder.fingerprint,
        late_encoder=bundled_encoder().fingerprint,
        chunking=CHUNKING_VERSION,
        segments={},
        papers=0,
        chunks=0,
        change="",
    )


def check_made_alike(folder: Path, manifest: Manifest) -> None:
    """Raises IndexMismatch when another encoder or another version made the index."""
    expected = made_with(dense_encoder())
    for field, what in (
        ("chunking", "version"),
        ("encoder", "encoder"),
        ("late_encoder", "encoder"),
    ):
        was, now = getattr(manifest, field), getattr(expected, field)
        if was != now:
            raise IndexMismatch(
                f"{folder}: made by another {what} ({field} {was}, not {now}); rebuild: {REBUILD}"
            )


def open_index(folder: Path | None = None) -> Index:
    """Open the index in force.

    Raises StoreError when there is none or it is damaged, and IndexMismatch when another encoder
    or another version made it. Logs a warning, once, when a change of it had been killed.
    """
    folder = folder or default_folder()
    tell_interrupted(folder)
    while True:
        manifest = read_manifest(folder)
        try:
            return _opened(folder, manifest)
        except StoreError:
            # Two changes since it was read, and its segments have been swept up.
            if read_manifest(folder).change == manifest.change:
                raise


def _opened(folder: Path, manifest: Manifest) -> Index:
    check_made_alike(folder, manifest)
    try:
        segments = [Segment(folder / name) for name in manifest.segments]
        return Index(manifest, segments, dense_encoder())
    except StoreError as error:
        told = str(error)
        raise StoreError(
            told
            if any(way in told for way in (REPAIR, "CHROMA_URL", "ASKPAPER_INDEX"))
            else f"{told}; {way_back(folder)}"
        ) from error
    except Exception as error:  # the readers raise whatever a damaged file provokes
        told = " ".join(str(error).split())
        raise StoreError(f"{folder}: damaged ({told}); {way_back(folder)}") from error
