"""Late interaction: each word of a question is met by its nearest word in a text.

Works on rows of the bundled encoder's table, not on text; the arrays may be memory-mapped. Knows
nothing of legs, weights of the sum or files.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from index.encoder import Floats, Rows, bundled_encoder
from index.nearness import WINDOW, Positions

GAP = WINDOW  # places between texts, so that no window reaches from one into the next
FEW = 4_000  # words that are sorted quicker than counted


def spans_within(starts: Positions, ends: Positions) -> Positions:
    """The numbers from each start to before its end, one after the other."""
    lengths = ends - starts
    numbers = np.arange(int(lengths.sum()), dtype=np.int64)
    return np.asarray(np.repeat(starts - _firsts(lengths), lengths) + numbers)


def _firsts(lengths: Positions) -> Positions:
    """Where each begins when they stand one after the other."""
    return np.asarray(np.cumsum(lengths) - lengths)


def _distinct(rows: Rows) -> tuple[Rows, Positions]:
    """The distinct rows, ascending, and which of them each is."""
    if len(rows) < FEW:
        distinct, place = np.unique(rows, return_inverse=True)
        return distinct, place
    # Counting is quicker than sorting.
    seen = np.bincount(rows) > 0
    return np.flatnonzero(seen).astype(np.int32), (np.cumsum(seen) - 1)[rows]


@dataclass(frozen=True, slots=True)
class TextWords:
    """Rows of the encoder for all words of some texts, and where each text begins among them, with
    the end as the last."""

    rows: Rows
    offsets: Positions

    @classmethod
    def of_texts(cls, texts: Sequence[str]) -> TextWords:
        """From texts, which are read once."""
        rows = bundled_encoder().rows(texts)
        return cls(np.concatenate([np.zeros(0, np.int32), *rows]), np.cumsum([0, *map(len, rows)]))

    @classmethod
    def joined(cls, parts: Sequence[TextWords]) -> TextWords:
        """The texts of one after those of the other."""
        lengths = [np.diff(each.offsets) for each in parts]
        return cls(
            np.concatenate([np.zeros(0, np.int32), *(each.rows for each in parts)]),
            np.cumsum(np.concatenate([np.zeros(1, np.int64), *lengths])),
        )

    def between(self, first: int, last: int) -> TextWords:
        """The texts from the first to before the last."""
        offsets = self.offsets[first : last + 1]
        return TextWords(self.rows[offsets[0] : offsets[-1]], offsets - offsets[0])

    def some(self, positions: Positions) -> TextWords:
        """Those of some of the texts."""
        starts, ends = self.offsets[positions], self.offsets[positions + 1]
        return TextWords(
            self.rows[spans_within(starts, ends)], np.cumsum([0, *(ends - starts).tolist()])
        )


class LateInteraction:
    """Compares a question with texts word by word."""

    def __init__(self, texts: TextWords) -> None:
        """Nothing is read before a question comes."""
        self._texts = texts
        self._offsets = texts.offsets + GAP * np.arange(len(texts.offsets))
        self._compared: tuple[bytes | None, Floats] = (None, np.zeros((0, 0), np.float32))

    def __len__(self) -> int:
        return len(self._texts.offsets) - 1

    @cached_property
    def _vocabulary(self) -> tuple[Positions, Floats]:
        """The place of each word among the distinct ones, and their unit vectors. GAP places after
        each text are one beyond them."""
        distinct, words = _distinct(self._texts.rows)
        place = np.full(self._offsets[-1], len(distinct))
        lengths = np.diff(self._texts.offsets)
        place[np.arange(len(words)) + GAP * np.repeat(np.arange(len(lengths)), lengths)] = words
        return place, bundled_encoder().units(distinct)[0]

    def met(self, question: Rows, positions: Positions | None = None) -> Floats:
        """How well each word of the question is met: the highest cosine in each text, or in all,
        shape [texts, words]; 0 where none is higher."""
        if positions is None:
            positions = np.arange(len(self))
        if not len(question) or not len(positions):
            return np.zeros((len(positions), len(question)), np.float32)
        cosines, firsts = self.cosines(question, positions)
        return np.asarray(np.maximum.reduceat(cosines, firsts, axis=0))

    def cosines(self, question: Rows, positions: Positions) -> tuple[Floats, Positions]:
        """Of the texts' words with those of the question, shape [texts' words, words], and the
        first word of each text [texts]; after each text there are GAP words like none.

        Columns lie in one piece: rows, of a few words, would make most of NumPy's loops short.
        """
        place, units = self._vocabulary
        compared, cosines = self._compared  # the last question is often compared again
        if compared != question.tobytes():
            cosines = np.zeros((len(question), len(units) + 1), np.float32)
            cosines[:, :-1] = (units @ bundled_encoder().units(question)[0].T).T
            self._compared = question.tobytes(), cosines
        starts, ends = self._offsets[positions], self._offsets[positions + 1]
        return cosines.take(place.take(spans_within(starts, ends)), axis=1).T, _firsts(
            ends - starts
        )
