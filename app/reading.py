"""The chunks found, read together: arrays over all their sentences, met by a question's words.

One array for all chunks instead of one for each is what makes an answer quick.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from itertools import chain
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

from app.analysed import Analysed, Sentence, analyse
from index.encoder import Floats
from index.late import GAP
from index.nearness import Positions
from index.retrieval import ScoredChunk

Item = TypeVar("Item")


@dataclass(frozen=True, slots=True)
class Reading:
    """What stands in the chunks that hold any sentence, in their order.

    `scores` [chunks] are shares of the best one's. `cosines` [words, question's words], none
    negative, are of all words of all sentences, which have `lengths` [sentences]; `headings`
    [chunks, question's words] are the highest of the words above each chunk. The chunks begin with
    the sentences `starts` [chunks], the words of the sentences that are `filled`, that hold any,
    at `firsts` [filled].
    """

    chunks: list[Analysed]
    sentences: list[Sentence]
    scores: NDArray[np.float64]
    cosines: Floats
    headings: Floats
    lengths: Positions
    starts: Positions
    filled: Positions
    firsts: Positions

    def all(self, held: Callable[[Analysed], Iterable[Item]]) -> list[Item]:
        """What each chunk holds for each of its sentences, or words, one after the other."""
        return list(chain.from_iterable(map(held, self.chunks)))

    def highest(self, cosines: Floats) -> Floats:
        """The highest in each sentence, shape [sentences, ...]; 0 in one without words."""
        best = np.zeros((len(self.lengths), *cosines.shape[1:]), np.float32)
        if len(self.filled):
            best[self.filled] = np.maximum.reduceat(cosines, self.firsts, axis=0)
        return best

    def summed(self, numbers: Floats) -> Floats:
        """The sum over each sentence's words, shape [sentences, ...]."""
        sums = np.zeros((len(self.lengths), *numbers.shape[1:]), np.float32)
        if len(self.filled):
            sums[self.filled] = np.add.reduceat(numbers, self.firsts, axis=0)
        return sums


def read(found: Sequence[ScoredChunk], asked: Floats) -> Reading:
    """The chunks found beside the words of a question, unit vectors of shape [words, dimension]."""
    every = [(each, analyse(each.chunk)) for each in found]
    held = [(each, chunk) for each, chunk in every if chunk.sentences]
    best = max((each.score for each in found), default=1.0) or 1.0
    nothing = np.zeros((0, len(asked)), np.float32)
    columns = [nothing.T, *((chunk.units @ asked.T).T for _, chunk in held)]
    cosines = np.concatenate(columns, axis=1).T  # as LateInteraction.cosines gives it
    headings = [nothing, *((c.heading @ asked.T).max(0, initial=0.0)[None] for _, c in held)]
    sizes = [len(chunk.sentences) for _, chunk in held]
    lengths = np.concatenate([np.zeros(0, np.int64), *(chunk.lengths for _, chunk in held)])
    starts = np.cumsum([0, *sizes])[:-1]
    filled = np.flatnonzero(lengths)
    gaps = np.repeat(np.arange(len(held)), sizes)
    begins = np.cumsum(lengths) - lengths + GAP * gaps
    return Reading(
        [chunk for _, chunk in held],
        [sentence for _, chunk in held for sentence in chunk.sentences],
        np.array([each.score / best for each, _ in held]),
        np.maximum(cosines, 0.0),
        np.concatenate(headings),
        lengths,
        starts,
        filled,
        begins[filled],
    )
