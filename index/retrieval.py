"""A question finds chunks: both legs propose, late interaction and a weighted sum decide.

Of the best, it counts, too, how near each other a text meets the words of the question.

Every score lies between 0 and 1 and means the same for every question, so that nothing has to be
set per language: a question in another language than the chunks gets next to nothing from the
lexical leg by itself. Knows nothing of files or of Chroma.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from index.chunking import Chunk
from index.encoder import Floats, Rows, bundled_encoder
from index.late import LateInteraction, TextWords
from index.lexical import LexicalIndex
from index.nearness import Positions, neighbours, pair_weights, together
from sources import language_of

CANDIDATES = 100  # proposed by the lexical leg
NEAREST = 200  # by the dense one, which has to do alone where the languages differ
# Weights of the sum, tuned on the dev sets (see the table in index/model/README.md).
LATE, DENSE, LEXICAL = 1.0, 0.6, 0.8
# A paper may hold both languages, an abstract in the other one above all. Words meet their
# translation less closely than themselves, so text in the question's language would always win.
FOREIGN = 1.3
REREAD = 20  # of the best, for which it counts, too, how near each other they meet the words
NEIGHBOURS, TOGETHER = 0.6, 0.8
REWRITTEN = 0.7  # what a rewritten question counts beside the same as it was typed
SAMPLE = 256  # texts that tell how common a word's meaning is
LEAST_TELLING = 0.02
TELLING = 1.5  # how much a word's being rare counts, tuned on the dev sets
MATCH_STRENGTH = 0.45  # the cosine from which two words are shown as a match
MATCH_WEIGHT = 0.3  # of the weightiest word's; below it a word, such as "of", shows nothing
KEPT_TEXTS, KEPT_QUESTIONS = 64, 8  # whose vectors are remembered; those of a text take 200 kB
SAME = 1e-4  # between the cosines of one word in two places
# Words that ask or help to ask weigh something and are met by nothing that a reader would see.
ASKING = frozenset(
    """what which who whom whose when where why how was were is are do does did has have had can
    could will would should may might 什么 哪些 哪个 哪 谁 何时 怎么 怎样 如何 为什么 为何 多少 多大
    几 吗 呢""".split()
)

Scores = NDArray[np.float32]
Mask = NDArray[np.bool_]
Leg = Literal["bm25", "dense", "late", "fused"]
Nearest = Callable[[str, int, Mask | None], tuple[list[int], list[float]]]
"""The positions of the k texts, of those allowed or of all, that are nearest to a question, and
their cosines, nearest first."""


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
    """A chunk that was found: `rank` counts from 1, a higher `score` is better.

    `words` are those of the question that were looked for.
    """

    chunk: Chunk
    score: float
    rank: int
    words: str = ""

    @property
    def matches(self) -> tuple[Match, ...]:
        """Which words of the question met which words of the chunk, in the chunk's order; found
        when they are asked for, as most chunks are never shown."""
        return word_matches(self.words, self.chunk.text, self.chunk.start)


@dataclass(frozen=True, slots=True)
class Scored:
    """The candidates and what each leg says of them; all arrays have shape [candidates]."""

    positions: Positions
    bm25: Scores
    dense: Scores
    late: Scores
    fused: Scores

    def best(self, k: int, by: Leg = "fused") -> list[tuple[int, float]]:
        """Positions and scores of the k best, best first."""
        scores: Scores = getattr(self, by)
        order = np.argsort(-scores, kind="stable")[: max(k, 0)]
        return [(int(self.positions[at]), float(scores[at])) for at in order]


class Searcher:
    """Both legs and late interaction over texts that are addressed by position."""

    def __init__(
        self,
        lexical: LexicalIndex,
        words: Sequence[TextWords],
        chinese: Mask,
        nearest: Nearest,
        alive: Mask | None = None,
    ) -> None:
        """`words` are the texts' words, in as many parts as they are kept in; `chinese` [texts]
        says which are; `alive` [texts], if given, which are still in force."""
        self._lexical, self._nearest, self._alive = lexical, nearest, alive
        self._firsts = np.cumsum([0, *(len(part.offsets) - 1 for part in words)])
        self._chinese = chinese
        living = np.arange(len(chinese)) if alive is None else np.flatnonzero(alive)
        self._living = len(living)
        self._met: dict[int, Floats] = {}  # of the words that were asked for so far
        self._weighed: tuple[str | None, Floats] = (None, np.zeros(0, np.float32))
        self._parts = list(words)
        step = max(1, math.ceil(len(living) / SAMPLE))
        if step == 1 and len(words) == 1 and alive is None:
            self._whole: LateInteraction | None = LateInteraction(words[0])
            self._sample = self._whole
        else:
            self._whole = None
            self._sample = LateInteraction(self._gather(living[::step]))

    @classmethod
    def from_texts(cls, texts: Sequence[str]) -> Searcher:
        """A searcher in memory, without a store: the dense leg is an exact product."""
        encoder = bundled_encoder()
        vectors = encoder.encode(texts)

        def nearest(question: str, k: int, allowed: Mask | None) -> tuple[list[int], list[float]]:
            cosines = vectors @ encoder.encode([question])[0]
            order = np.argsort(-cosines, kind="stable")[:k]
            return order.tolist(), cosines[order].tolist()

        chinese = np.array([language_of(text) == "zh" for text in texts], np.bool_)
        return cls(LexicalIndex.build(texts), [TextWords.of_texts(texts)], chinese, nearest)

    def _gather(self, positions: Positions) -> TextWords:
        """The words of the texts at ascending positions."""
        edges = np.searchsorted(positions, self._firsts)
        return TextWords.joined(
            [
                part.some(positions[a:b] - first)
                for part, first, a, b in zip(
                    self._parts, self._firsts[:-1], edges[:-1], edges[1:], strict=True
                )
                if a < b
            ]
        )

    def search(
        self,
        question: str,
        k: int,
        allowed: Mask | None = None,
        typed: str = "",
        near: Scores | None = None,
    ) -> list[tuple[int, float]]:
        """Positions and scores of the k best texts, best first, of those allowed or of all.

        `typed` is the question before it was rewritten, if it was: it counts, too, for a rewriting
        may add what the reader did not mean. `near` [texts] is added to the score of each text
        that was proposed.
        """
        rewritten = bool(typed) and typed != question
        if not rewritten and near is None:
            return self.scored(question, allowed).best(k)
        fits = self.scores(question, allowed)
        if rewritten:
            fits = REWRITTEN * fits + (1 - REWRITTEN) * self.scores(typed, allowed)
        if near is not None:
            fits += np.where(fits > 0, near, 0)
        best = np.argsort(-fits, kind="stable")[: min(k, int((fits > 0).sum()))]
        return [(int(at), float(fits[at])) for at in best]

    def search_ids(self, question: str, k: int, leg: Leg) -> list[int]:
        """The k best positions by one leg alone, or fused."""
        return [position for position, _ in self.scored(question).best(k, leg)]

    def scores(self, question: str, allowed: Mask | None = None) -> Scores:
        """How well each text fits, shape [texts]; 0 for those that no leg proposed."""
        scored = self.scored(question, allowed)
        fits = np.zeros(len(self._chinese), np.float32)
        fits[scored.positions] = scored.fused
        return fits

    def weigh(self, question: str) -> Floats:
        """How much each word of a question tells here, shape [words].

        The weights sum to 1. A word's own weight, its norm, is lowered by how well it is met on
        the average text of a sample: a document frequency by meaning, not by spelling.
        """
        asked, weighed = self._weighed  # the one that was searched for is weighed again to read
        if asked == question:
            return weighed
        weighed = self._weigh(question)
        self._weighed = question, weighed
        return weighed

    def _weigh(self, question: str) -> Floats:
        rows = bundled_encoder().words_of(question).rows
        if not len(rows) or not self._living:
            return np.zeros(len(rows), np.float32)
        return _told(bundled_encoder().units_of(question)[1], self._sampled(rows).mean(axis=0))

    def _sampled(self, rows: Rows) -> Floats:
        """How well each word is met in the texts of the sample, shape [texts, words]."""
        unknown = np.array([row for row in {*rows.tolist()} if row not in self._met], np.int32)
        if len(unknown):
            self._met |= zip(unknown.tolist(), self._sample.met(unknown).T, strict=True)
        met = np.array([self._met[row] for row in rows.tolist()], np.float32)
        return met.reshape(len(rows), len(self._sample)).T

    def _candidates(self, lexical: Scores, near: Sequence[int], allowed: Mask | None) -> Positions:
        """The best of the lexical leg and the nearest; all texts where there are few."""
        wanted = self._alive if allowed is None else allowed
        count = self._living if allowed is None else int(allowed.sum())
        if count <= NEAREST:
            return np.arange(len(lexical)) if wanted is None else np.flatnonzero(wanted)
        scores = lexical if wanted is None else lexical * wanted
        best = np.argpartition(-scores, CANDIDATES)[:CANDIDATES]
        if wanted is not None:
            best = best[wanted[best]]
        return np.union1d(best, np.asarray(near, np.int64))

    def scored(self, question: str, allowed: Mask | None = None) -> Scored:
        """What both legs propose, with all scores."""
        lexical = self._lexical.scores(question)
        count = self._living if allowed is None else int(allowed.sum())
        near, cosines = self._nearest(question, min(NEAREST, count), allowed)
        positions = self._candidates(lexical, near, allowed)
        # A text that only the lexical leg proposed is no nearer than the last that is near.
        found = np.full(len(positions), min(cosines, default=0.0), np.float32)
        found[np.searchsorted(positions, near)] = cosines
        rows, weights = bundled_encoder().words_of(question).rows, self.weigh(question)
        if self._whole is not None:
            words, held, met = self._whole, positions, self._sampled(rows)[positions]
        else:
            words, held = LateInteraction(self._gather(positions)), np.arange(len(positions))
            met = words.met(rows, held)
        late = met @ weights
        fused = LATE * late + DENSE * found + LEXICAL * lexical[positions]
        foreign = self._chinese[positions] != (language_of(question) == "zh")
        scale = np.where(foreign, np.float32(FOREIGN), np.float32(1.0))
        fused *= scale
        best = np.argsort(-fused, kind="stable")[:REREAD]
        if len(best) and len(rows):
            fused[best] += scale[best] * _nearness(*words.cosines(rows, held[best]), weights)
        return Scored(positions, lexical[positions], found, late, fused)


def _nearness(cosines: Floats, firsts: Positions, weights: Floats) -> Scores:
    """What a text gains by meeting the words of a question side by side, or near each other; see
    `nearness.neighbours`. Neighbours that most of the texts hold tell less."""
    cosines = np.maximum(cosines, 0.0)
    pairs = neighbours(cosines, firsts)
    told = _told(pair_weights(weights), pairs.mean(axis=0))
    near = np.maximum.reduceat(together(cosines, weights), firsts)
    return np.asarray(NEIGHBOURS * (pairs @ told) + TOGETHER * near, np.float32)


def _told(weights: Floats, common: Floats) -> Floats:
    """Weights that sum to 1, lowered where what they weigh is met in most texts."""
    told = weights * np.maximum(1 - common, LEAST_TELLING) ** TELLING
    return np.asarray(told / max(float(told.sum()), 1e-9), np.float32)


@lru_cache(maxsize=KEPT_QUESTIONS)
def _telling(question: str) -> tuple[list[str], Floats]:
    """The words of a question that show something where they are met, and their unit vectors."""
    asked = bundled_encoder().words_of(question)
    units, weights = bundled_encoder().units_of(question)
    least = MATCH_WEIGHT * weights.max(initial=0.0)
    words = [question[start:end] for start, end in asked.spans]
    tell = [
        at for at, word in enumerate(words) if weights[at] >= least and word.lower() not in ASKING
    ]
    return [words[at] for at in tell], units[tell]


@lru_cache(maxsize=KEPT_TEXTS)
def _known(text: str) -> tuple[list[tuple[int, int]], Floats]:
    """Where the words of a text stand, and their unit vectors."""
    words = bundled_encoder().words([text])[0]
    return words.spans, bundled_encoder().units(words.rows)[0]


def word_matches(question: str, text: str, offset: int) -> tuple[Match, ...]:
    """Which words of the question met which words of the text, in the text's order.

    `offset` is where the text begins in its document. For every word of the question, its
    best word in the text, wherever it stands, if the two are alike enough.
    """
    words, asked = _telling(question)
    spans, known = _known(text)
    if not words or not spans:
        return ()
    cosines: Floats = asked @ known.T
    best = cosines.max(axis=1, keepdims=True)
    met = np.argwhere((cosines >= best - SAME) & (best >= MATCH_STRENGTH)).tolist()
    strengths = np.minimum(best[:, 0], 1.0).tolist()
    matches = set()
    for word, at in met:
        start, end = spans[at]
        strength = round(strengths[word], 3)
        matches.add(Match(words[word], text[start:end], offset + start, offset + end, strength))
    return tuple(sorted(matches, key=lambda match: (match.start, match.question_word)))
