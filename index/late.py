"""Late interaction: each word of a question is met by its nearest word in a text or a sentence.

Works on rows of the bundled encoder's table, not on text; the arrays may be memory-mapped. Knows
nothing of legs, weights of the sum or files.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache

import numpy as np
from numpy.typing import NDArray

from index.encoder import Floats, Rows, StaticEncoder, bundled_encoder
from sources import split_sentences

CACHED_WORDS = 200_000  # up to which the vectors of all words of the texts are kept
KEPT_QUESTIONS = 4
FEW = 4_000  # words that are sorted quicker than counted

Positions = NDArray[np.int64]


def spans_within(starts: Positions, ends: Positions) -> Positions:
    """The numbers from each start to before its end, one after the other."""
    lengths = ends - starts
    before = np.cumsum(lengths) - lengths
    numbers = np.arange(int(lengths.sum()), dtype=np.int64)
    return np.asarray(np.repeat(starts - before, lengths) + numbers)


def _distinct(rows: Rows) -> tuple[Rows, Positions]:
    """The distinct rows, ascending, and which of them each is."""
    if len(rows) < FEW:
        distinct, place = np.unique(rows, return_inverse=True)
        return distinct, place
    # Counting is quicker than sorting.
    seen = np.bincount(rows) > 0
    return np.flatnonzero(seen).astype(np.int32), (np.cumsum(seen) - 1)[rows]


class LateInteraction:
    """Compares questions with texts word by word; `rows` holds each text's words, by position."""

    def __init__(self, encoder: StaticEncoder, rows: Sequence[Rows]) -> None:
        lengths = np.fromiter(map(len, rows), np.int64, len(rows))
        offsets = np.concatenate([np.zeros(1, np.int64), np.cumsum(lengths)])
        self._open(encoder, np.concatenate([*rows, np.zeros(0, np.int32)]), offsets)

    @classmethod
    def of_arrays(cls, encoder: StaticEncoder, words: Rows, offsets: Positions) -> LateInteraction:
        """The words of all texts, which may be memory-mapped, and where each text begins."""
        made = cls.__new__(cls)
        made._open(encoder, words, offsets)
        return made

    def _open(self, encoder: StaticEncoder, words: Rows, offsets: Positions) -> None:
        self._encoder, self._rows, self._offsets = encoder, words, offsets

    @cached_property
    def _vocabulary(self) -> tuple[Positions, Floats]:
        """The place of each word among the distinct ones, and their unit vectors."""
        distinct, place = _distinct(self._rows)
        return place, self._encoder.units(distinct)[0]

    def best(self, question: Rows, positions: Positions | None = None) -> Floats:
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
        words = spans_within(starts[filled], ends[filled])
        if len(self._rows) <= CACHED_WORDS:
            place, known = self._vocabulary
            place = place[words]
        else:
            distinct, place = _distinct(self._rows[words])
            known, _ = self._encoder.units(distinct)
        firsts = np.concatenate([[0], np.cumsum((ends - starts)[filled])[:-1]])
        best[filled] = np.maximum.reduceat((known @ asked.T)[place], firsts, axis=0)
        return best


@dataclass(frozen=True, slots=True)
class SentenceArrays:
    """Rows of the encoder for all `words` of some texts, where each sentence begins among them
    and where each text begins among the `sentences`, each with the end as its last."""

    words: Rows
    sentences: Positions
    texts: Positions

    @classmethod
    def of_rows(cls, rows: Sequence[Sequence[Rows]]) -> SentenceArrays:
        """From the words of each sentence of each text."""
        flat = [sentence for text in rows for sentence in text]
        return cls(
            np.concatenate([np.zeros(0, np.int32), *flat]),
            np.cumsum([0, *map(len, flat)]).astype(np.int64),
            np.cumsum([0, *map(len, rows)]).astype(np.int64),
        )

    def some(self, positions: Positions) -> SentenceArrays:
        """The arrays of some of the texts."""
        starts, ends = self.texts[positions], self.texts[positions + 1]
        sentences = spans_within(starts, ends)
        firsts, lasts = self.sentences[sentences], self.sentences[sentences + 1]
        return SentenceArrays(
            self.words[spans_within(firsts, lasts)],
            np.concatenate([np.zeros(1, np.int64), np.cumsum(lasts - firsts)]),
            np.concatenate([np.zeros(1, np.int64), np.cumsum(ends - starts)]),
        )

    @classmethod
    def joined(cls, parts: Sequence[SentenceArrays]) -> SentenceArrays:
        """The texts of one after those of the other."""
        return cls(
            np.concatenate([np.zeros(0, np.int32), *(each.words for each in parts)]),
            joined_offsets([each.sentences for each in parts]),
            joined_offsets([each.texts for each in parts]),
        )


def joined_offsets(offsets: Sequence[Positions]) -> Positions:
    """Offsets into lists become offsets into the lists one after the other."""
    lengths = [np.diff(each) for each in offsets]
    return np.cumsum(np.concatenate([np.zeros(1, np.int64), *lengths]))


class SentenceWords:
    """The words of the sentences of texts, met by those of a question."""

    def __init__(self, arrays: SentenceArrays) -> None:
        encoder = bundled_encoder()
        self._late = LateInteraction.of_arrays(encoder, arrays.words, arrays.sentences)
        self._offsets = arrays.texts
        self._everywhere = lru_cache(maxsize=KEPT_QUESTIONS)(self._met_everywhere)

    def met(
        self, question: Rows, positions: Positions | None = None
    ) -> tuple[Floats, Floats, Positions]:
        """How well each word of the question is met: in each text [texts, words], in each of
        their sentences [sentences, words], and the first sentence of each text [texts]."""
        if positions is None:
            return self._everywhere(question.tobytes())
        starts, ends = self._offsets[positions], self._offsets[positions + 1]
        firsts = np.concatenate([[0], np.cumsum(ends - starts)]).astype(np.int64)[:-1]
        if not len(positions):
            nothing = np.zeros((0, len(question)), np.float32)
            return nothing, nothing, firsts
        sentences = self._late.best(question, spans_within(starts, ends))
        return np.maximum.reduceat(sentences, firsts, axis=0), sentences, firsts

    def _met_everywhere(self, question: bytes) -> tuple[Floats, Floats, Positions]:
        """The same in all texts, remembered: a question is weighed and then compared."""
        rows = np.frombuffer(question, np.int32)
        return self.met(rows, np.arange(len(self._offsets) - 1))


def sentence_rows(texts: Sequence[str]) -> list[list[Rows]]:
    """The rows of the words of each sentence of each text; one empty sentence for an empty text."""
    split = [[text[a:b] for a, b in split_sentences(text)] or [""] for text in texts]
    rows = iter(bundled_encoder().rows([sentence for text in split for sentence in text]))
    return [[next(rows) for _ in text] for text in split]
