"""A question finds chunks: both legs propose, late interaction and a weighted sum decide.

Every score lies between 0 and 1 and means the same for every question, so that nothing has to be
set per language: a question in another language than the chunks gets next to nothing from the
lexical leg by itself. Knows nothing of files or of Chroma.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from index.chunking import Chunk
from index.encoder import Floats, Rows, StaticEncoder, bundled_encoder
from index.lexical import LexicalIndex

CANDIDATES = 100  # proposed by each leg
# Weights of the sum, tuned on the dev sets (see the table in index/model/README.md).
LATE, DENSE, LEXICAL = 1.0, 0.35, 0.6
MATCH_STRENGTH = 0.45  # the cosine from which two words are shown as a match

Scores = NDArray[np.float32]
Nearest = Callable[[str, int], tuple[list[int], list[float]]]
"""The positions of the k texts nearest to a question and their cosines, nearest first."""


@dataclass(frozen=True, slots=True)
class Match:
    """A word of the question and the word of the chunk that met it.

    `start` and `end` are offsets of the chunk's word into the document's text; `strength` is the
    cosine of the two words' vectors, 1.0 for the same word.
    """

    question_word: str
    chunk_word: str
    start: int
    end: int
    strength: float


@dataclass(frozen=True, slots=True)
class ScoredChunk:
    """A chunk that was found: `rank` counts from 1, a higher `score` is better."""

    chunk: Chunk
    score: float
    rank: int
    matches: tuple[Match, ...] = ()


class LateInteraction:
    """Scores texts by their words' rows; `rows` holds those of each text, by position."""

    def __init__(self, encoder: StaticEncoder, rows: Sequence[Rows]) -> None:
        self._encoder = encoder
        lengths = np.fromiter(map(len, rows), np.int64, len(rows))
        self._offsets = np.concatenate([[0], np.cumsum(lengths)])
        self._rows = np.concatenate(rows) if len(rows) else np.zeros(0, np.int32)

    def scores(self, question: Rows, positions: NDArray[np.int64]) -> Scores:
        """score(q, d) = Σ_w weight(w) · max_t cos(w, t) / Σ_w weight(w), for each position.

        The sum runs over the question's words; a text or a question without words scores 0.
        """
        best, weights = self.best(question, positions)
        return np.asarray(best @ weights / max(float(weights.sum()), 1e-9), np.float32)

    def best(self, question: Rows, positions: NDArray[np.int64]) -> tuple[Floats, Floats]:
        """How well each word of the question is met: the highest cosine in each text, shape
        [positions, words], and the words' weights, shape [words]."""
        asked, weights = self._encoder.units(question)
        best = np.zeros((len(positions), len(question)), np.float32)
        lengths = self._offsets[positions + 1] - self._offsets[positions]
        filled = np.flatnonzero(lengths)
        if len(question) and len(filled):
            words = [self._rows[self._offsets[p] : self._offsets[p + 1]] for p in positions[filled]]
            distinct, place = np.unique(np.concatenate(words), return_inverse=True)
            known, _ = self._encoder.units(distinct)
            cosines = (known @ asked.T)[place]
            starts = np.concatenate([[0], np.cumsum(lengths[filled])[:-1]])
            best[filled] = np.maximum.reduceat(cosines, starts, axis=0)
        return best, weights


class Searcher:
    """Both legs and late interaction over texts that are addressed by position."""

    def __init__(
        self, lexical: LexicalIndex, late: LateInteraction, size: int, nearest: Nearest
    ) -> None:
        self._lexical, self._late, self._size, self._nearest = lexical, late, size, nearest
        self._encoder = bundled_encoder()

    @classmethod
    def from_texts(cls, texts: Sequence[str]) -> Searcher:
        """A searcher in memory, without a store: the dense leg is an exact product."""
        encoder = bundled_encoder()
        vectors = encoder.encode(texts)

        def nearest(question: str, k: int) -> tuple[list[int], list[float]]:
            cosines = vectors @ encoder.encode([question])[0]
            order = np.argsort(-cosines, kind="stable")[:k]
            return order.tolist(), cosines[order].tolist()

        late = LateInteraction(encoder, encoder.rows(texts))
        return cls(LexicalIndex.build(texts), late, len(texts), nearest)

    def search(
        self, question: str, k: int, among: NDArray[np.bool_] | None = None
    ) -> list[tuple[int, float]]:
        """Positions and scores of the k best texts, best first; of `among` [texts] only."""
        positions, _, _, _, fused = self._scored(question, among)
        order = np.argsort(-fused, kind="stable")[:k]
        return [(int(positions[at]), float(fused[at])) for at in order]

    def search_ids(self, question: str, k: int, legs: str) -> list[int]:
        """The k best positions by one leg alone ("bm25", "dense", "late") or "fused"."""
        positions, lexical, dense, late, fused = self._scored(question, None)
        by = {"bm25": lexical, "dense": dense, "late": late, "fused": fused}[legs]
        return [int(p) for p in positions[np.argsort(-by, kind="stable")[:k]]]

    def _scored(
        self, question: str, among: NDArray[np.bool_] | None
    ) -> tuple[NDArray[np.int64], Scores, Scores, Scores, Scores]:
        lexical = self._lexical.scores(question)[: self._size]
        near, cosines = self._nearest(question, min(CANDIDATES, self._size))
        dense = np.zeros(self._size, np.float32)
        dense[near] = cosines
        proposed = np.zeros(self._size, np.bool_)
        proposed[near] = True
        if self._size > CANDIDATES:
            proposed[np.argpartition(-lexical, CANDIDATES)[:CANDIDATES]] = True
        else:
            proposed[:] = True
        if among is not None:
            proposed &= among
        positions = np.flatnonzero(proposed)
        rows = self._encoder.rows([question])[0]
        late = self._late.scores(rows, positions)
        # A text that only the lexical leg proposed is no nearer than the last that is near.
        floor = min(cosines, default=0.0)
        found = np.where(np.isin(positions, near), dense[positions], floor)
        fused = LATE * late + DENSE * found + LEXICAL * lexical[positions]
        return positions, lexical[positions], found, late, fused


def word_matches(question: str, text: str, offset: int) -> tuple[Match, ...]:
    """Which words of the question met which words of the text, in the text's order.

    `offset` is where the text begins in its document. For every word of the question, its
    best word in the text, if the two are alike enough.
    """
    encoder = bundled_encoder()
    asked, found = encoder.words([question, text])
    if not len(asked.rows) or not len(found.rows):
        return ()
    questions, _ = encoder.units(asked.rows)
    known, _ = encoder.units(found.rows)
    cosines: Floats = questions @ known.T
    matches = set()
    for at, best in enumerate(cosines.argmax(axis=1)):
        strength = float(cosines[at, best])
        if strength >= MATCH_STRENGTH:
            (q_start, q_end), (start, end) = asked.spans[at], found.spans[best]
            matches.add(
                Match(
                    question[q_start:q_end],
                    text[start:end],
                    offset + start,
                    offset + end,
                    round(min(strength, 1.0), 3),
                )
            )
    return tuple(sorted(matches, key=lambda match: (match.start, match.question_word)))
