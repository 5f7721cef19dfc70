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
    """What stands in some chunks, in their order.

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
        """What each chunk holds for each of its sentences, one after the other."""
        return list(chain.from_iterable(map(held, self.chunks)))

    def each(self, reduced: np.ufunc, numbers: Floats) -> Floats:
        """What is known of all words [words, ...], of the words of each sentence reduced to one,
        shape [sentences, ...]; 0 for a sentence without words."""
        found = np.zeros((len(self.lengths), *numbers.shape[1:]), np.float32)
        if len(self.filled):
            found[self.filled] = reduced.reduceat(numbers, self.firsts, axis=0)
        return found


def read(found: Sequence[ScoredChunk], asked: Floats) -> Reading:
    """The chunks found beside the words of a question, unit vectors of shape [words, dimension].

    There is a chunk, and each holds a sentence.
    """
    chunks = [analyse(each.chunk) for each in found]
    scores = np.array([each.score for each in found])
    columns = [(chunk.units @ asked.T).T.take(chunk.place, axis=1) for chunk in chunks]
    sizes = np.array([len(chunk.sentences) for chunk in chunks], np.int64)
    lengths = np.concatenate([chunk.lengths for chunk in chunks])
    filled = np.flatnonzero(lengths)
    begins = np.cumsum(lengths) - lengths + GAP * np.repeat(np.arange(len(chunks)), sizes)
    return Reading(
        chunks,
        [sentence for chunk in chunks for sentence in chunk.sentences],
        scores / (scores.max() or 1.0),
        np.maximum(np.concatenate(columns, axis=1), 0.0).T,  # as LateInteraction.cosines gives it
        np.stack([(chunk.heading @ asked.T).max(axis=0, initial=0.0) for chunk in chunks]),
        lengths,
        np.cumsum(sizes) - sizes,
        filled,
        begins[filled],
    )
