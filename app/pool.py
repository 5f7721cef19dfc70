"""Passages that belong to no paper, chunked and asked like one: for fitting and measuring."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from hashlib import blake2b

from app.extract import CHUNKS
from app.features import Evidence, gather
from index import Chunk, chunk
from index.retrieval import ScoredChunk, Searcher
from sources import Document


def held_out(passage: str) -> bool:
    """Whether a set that serves for fitting and for measuring keeps this passage for measuring:
    half of them, by the hash of their ids."""
    return blake2b(passage.encode(), digest_size=1).digest()[0] % 2 == 1


class PassagePool:
    """Passages by id."""

    def __init__(self, passages: Iterable[tuple[str, str]]) -> None:
        """`passages` are ids and texts."""
        self.texts = dict(passages)
        self._chunks: list[Chunk] = []
        for passage, text in self.texts.items():
            self._chunks += chunk(Document(passage, text, passage))
        self._searcher = Searcher.from_texts([each.text for each in self._chunks])

    def evidence(self, question: str, without: Sequence[str] = ()) -> Evidence:
        """The sentences that an answer is chosen from, none of them of the passages `without`."""
        hits = [
            (self._chunks[position], score)
            for position, score in self._searcher.search(question, 4 * CHUNKS)
            if self._chunks[position].doc_id not in without
        ]
        return self._gather(question, hits[:CHUNKS])

    def evidence_in(self, question: str, passage: str) -> Evidence:
        """The sentences of one passage."""
        return self._gather(question, [(c, 1.0) for c in self._chunks if c.doc_id == passage])

    def _gather(self, question: str, hits: Sequence[tuple[Chunk, float]]) -> Evidence:
        found = [ScoredChunk(each, score, rank) for rank, (each, score) in enumerate(hits, 1)]
        return gather(question, found, self._searcher.weigh(question))
