"""A question finds chunks: both legs propose, late interaction and a weighted sum decide.

Late interaction counts twice: for the chunk, and for the best sentence in it.

Every score lies between 0 and 1 and means the same for every question, so that nothing has to be
set per language: a question in another language than the chunks gets next to nothing from the
lexical leg by itself. Knows nothing of files or of Chroma.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from index.chunking import Chunk
from index.encoder import Floats, Rows, StaticEncoder, Words, bundled_encoder
from index.lexical import LexicalIndex
from sources import language_of, split_sentences

CANDIDATES = 100  # proposed by each leg
# Weights of the sum, tuned on the dev sets (see the table in index/model/README.md).
LATE, SENTENCE, DENSE, LEXICAL = 1.0, 0.6, 0.6, 0.8
# A paper may hold both languages, an abstract in the other one above all. Words meet their
# translation less closely than themselves, so text in the question's language would always win.
FOREIGN = 1.3
SAMPLE = 256  # texts that tell how common a word's meaning is
LEAST_TELLING = 0.02
CACHED_WORDS = 50_000  # up to which the vectors of all words of the texts are kept
MATCH_STRENGTH = 0.45  # the cosine from which two words are shown as a match
MATCH_WEIGHT = 0.4  # of the weightiest word's; below it a word, such as "of", shows nothing

Scores = NDArray[np.float32]
Leg = Literal["bm25", "dense", "late", "fused"]
Nearest = Callable[[str, int, str | None], tuple[list[int], list[float]]]
"""The positions of the k texts, of one paper or of all, that are nearest to a question, and their
cosines, nearest first."""


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
    """Compares questions with texts word by word; `rows` holds each text's words, by position."""

    def __init__(self, encoder: StaticEncoder, rows: Sequence[Rows]) -> None:
        self._encoder = encoder
        lengths = np.fromiter(map(len, rows), np.int64, len(rows))
        self._offsets = np.concatenate([[0], np.cumsum(lengths)])
        self._rows = np.concatenate([*rows, np.zeros(0, np.int32)])

    @cached_property
    def _vocabulary(self) -> tuple[NDArray[np.int64], Floats]:
        """The place of each word among the distinct ones, and their unit vectors."""
        distinct, place = np.unique(self._rows, return_inverse=True)
        return place, self._encoder.units(distinct)[0]

    def best(self, question: Rows, positions: NDArray[np.int64] | None = None) -> Floats:
        """How well each word of the question is met: the highest cosine in each text, shape
        [positions or texts, words]; 0 in a text without words."""
        asked, _ = self._encoder.units(question)
        if positions is None:
            positions = np.arange(len(self._offsets) - 1)
        best = np.zeros((len(positions), len(question)), np.float32)
        starts, ends = self._offsets[positions], self._offsets[positions + 1]
        filled = np.flatnonzero(ends > starts)
        if not len(question) or not len(filled):
            return best
        words = np.concatenate([np.arange(starts[at], ends[at]) for at in filled])
        if len(self._rows) <= CACHED_WORDS:
            place, known = self._vocabulary
            place = place[words]
        else:
            distinct, place = np.unique(self._rows[words], return_inverse=True)
            known, _ = self._encoder.units(distinct)
        firsts = np.concatenate([[0], np.cumsum((ends - starts)[filled])[:-1]])
        best[filled] = np.maximum.reduceat((known @ asked.T)[place], firsts, axis=0)
        return best


@dataclass(frozen=True, slots=True)
class Scored:
    """The candidates and what each leg says of them; all arrays have shape [candidates]."""

    positions: NDArray[np.int64]
    bm25: Scores
    dense: Scores
    late: Scores
    fused: Scores

    def best(self, k: int, by: Leg = "fused") -> list[tuple[int, float]]:
        """Positions and scores of the k best, best first."""
        scores: Scores = getattr(self, by)
        order = np.argsort(-scores, kind="stable")[: max(k, 0)]
        return [(int(self.positions[at]), float(scores[at])) for at in order]


class SentenceWords:
    """The words of the sentences of texts, met by those of a question."""

    def __init__(self, rows: Sequence[Sequence[Rows]]) -> None:
        self._late = LateInteraction(bundled_encoder(), [each for text in rows for each in text])
        self._offsets = np.concatenate([[0], np.cumsum([len(text) for text in rows])]).astype(int)

    def met(
        self, question: Rows, positions: NDArray[np.int64] | None = None
    ) -> tuple[Floats, Floats, NDArray[np.int64]]:
        """How well each word of the question is met: in each text [texts, words], in each of
        their sentences [sentences, words], and the first sentence of each text [texts]."""
        if positions is None:
            positions = np.arange(len(self._offsets) - 1)
        starts, ends = self._offsets[positions], self._offsets[positions + 1]
        firsts = np.concatenate([[0], np.cumsum(ends - starts)]).astype(np.int64)[:-1]
        if not len(positions):
            nothing = np.zeros((0, len(question)), np.float32)
            return nothing, nothing, firsts
        spans = zip(starts, ends, strict=True)
        sentences = self._late.best(question, np.concatenate([np.arange(*span) for span in spans]))
        return np.maximum.reduceat(sentences, firsts, axis=0), sentences, firsts


def sentence_rows(texts: Sequence[str]) -> list[list[Rows]]:
    """The rows of the words of each sentence of each text; one empty sentence for an empty text."""
    split = [[text[a:b] for a, b in split_sentences(text)] or [""] for text in texts]
    rows = iter(bundled_encoder().rows([sentence for text in split for sentence in text]))
    return [[next(rows) for _ in text] for text in split]


class Searcher:
    """Both legs and late interaction over texts that are addressed by position."""

    def __init__(
        self,
        lexical: LexicalIndex,
        rows: Sequence[Sequence[Rows]],
        texts: Sequence[str],
        nearest: Nearest,
        papers: Sequence[str] = (),
    ) -> None:
        """`rows` are the words of each sentence of each text, of one sentence at least; `papers`,
        if there are any, say whose text it is."""
        self._lexical, self._nearest = lexical, nearest
        self._words = SentenceWords(rows)
        step = max(1, math.ceil(len(rows) / SAMPLE))
        self._sample = self._words if step == 1 else SentenceWords(rows[::step])
        self._language = np.array([language_of(text) for text in texts])
        self._paper = np.array(papers)

    @classmethod
    def from_texts(cls, texts: Sequence[str]) -> Searcher:
        """A searcher in memory, without a store: the dense leg is an exact product."""
        encoder = bundled_encoder()
        vectors = encoder.encode(texts)

        def nearest(question: str, k: int, paper: str | None) -> tuple[list[int], list[float]]:
            cosines = vectors @ encoder.encode([question])[0]
            order = np.argsort(-cosines, kind="stable")[:k]
            return order.tolist(), cosines[order].tolist()

        return cls(LexicalIndex.build(texts), sentence_rows(texts), texts, nearest)

    def search(self, question: str, k: int, paper: str | None = None) -> list[tuple[int, float]]:
        """Positions and scores of the k best texts, best first, of one paper or of all."""
        return self.scored(question, paper).best(k)

    def search_ids(self, question: str, k: int, leg: Leg) -> list[int]:
        """The k best positions by one leg alone, or fused."""
        return [position for position, _ in self.scored(question).best(k, leg)]

    def scores(self, question: str, paper: str | None = None) -> Scores:
        """How well each text fits, shape [texts]; 0 for those that no leg proposed."""
        scored = self.scored(question, paper)
        fits = np.zeros(len(self._language), np.float32)
        fits[scored.positions] = scored.fused
        return fits

    def weigh(self, question: str) -> tuple[Rows, Floats]:
        """The words of a question and how much each tells here, both of shape [words].

        The weights sum to 1. A word's own weight, its norm, is lowered by how well it is met on
        the average text of a sample: a document frequency by meaning, not by spelling.
        """
        rows = bundled_encoder().rows([question])[0]
        _, weights = bundled_encoder().units(rows)
        if not len(rows) or not len(self._language):
            return rows, np.zeros(len(rows), np.float32)
        common = self._sample.met(rows)[0].mean(axis=0)
        weights = weights * np.maximum(1 - common, LEAST_TELLING)
        return rows, np.asarray(weights / max(float(weights.sum()), 1e-9), np.float32)

    def scored(self, question: str, paper: str | None = None) -> Scored:
        """What both legs propose, with all scores."""
        size = len(self._language)
        lexical = self._lexical.scores(question)[:size]
        allowed = self._paper == paper if paper else np.ones(size, np.bool_)
        near, cosines = self._nearest(question, min(CANDIDATES, int(allowed.sum())), paper)
        if allowed.sum() > CANDIDATES:
            proposed = np.zeros(size, np.bool_)
            proposed[near] = True
            proposed[np.argpartition(-lexical * allowed, CANDIDATES)[:CANDIDATES]] = True
            allowed &= proposed
        positions = np.flatnonzero(allowed)
        # A text that only the lexical leg proposed is no nearer than the last that is near.
        dense = np.full(size, min(cosines, default=0.0), np.float32)
        dense[near] = cosines
        found = dense[positions]
        rows, weights = self.weigh(question)
        met, sentences, firsts = self._words.met(rows, positions)
        late = met @ weights
        if len(positions):
            late += SENTENCE * np.maximum.reduceat(sentences @ weights, firsts)
        fused = LATE * late + DENSE * found + LEXICAL * lexical[positions]
        fused[self._language[positions] != language_of(question)] *= FOREIGN
        return Scored(positions, lexical[positions], found, late, fused)


@lru_cache(maxsize=2048)
def _words(text: str) -> Words:
    return bundled_encoder().words([text])[0]


def word_matches(question: str, text: str, offset: int) -> tuple[Match, ...]:
    """Which words of the question met which words of the text, in the text's order.

    `offset` is where the text begins in its document. For every word of the question, its
    best word in the text, if the two are alike enough.
    """
    encoder = bundled_encoder()
    asked, found = _words(question), _words(text)
    if not len(asked.rows) or not len(found.rows):
        return ()
    questions, weights = encoder.units(asked.rows)
    known, _ = encoder.units(found.rows)
    cosines: Floats = questions @ known.T
    matches = set()
    for at, best in enumerate(cosines.argmax(axis=1)):
        strength = float(cosines[at, best])
        if strength >= MATCH_STRENGTH and weights[at] >= MATCH_WEIGHT * weights.max():
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
