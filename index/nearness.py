"""How near each other a text meets the words of a question, from cosines alone.

Several texts are one after the other, with WINDOW words like none, of cosine 0, after each.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from index.encoder import Floats

WINDOW = 6  # words to each side within which words of the question are met together

Positions = NDArray[np.int64]


def neighbours(cosines: Floats, firsts: Positions) -> Floats:
    """How far neighbours in a question are met by neighbours, shape [texts, words - 1], 0 to 1.

    `cosines` [texts' words, words] are not negative; `firsts` [texts] are the first words of texts,
    or sentences, none of them empty. Another language may turn two words round or put one between
    them.
    """
    first, second = cosines[:, :-1], cosines[:, 1:]
    pairs = np.zeros_like(first)
    pairs[:-1] = np.maximum(first[:-1] * second[1:], second[:-1] * first[1:])
    np.maximum(pairs[:-2], first[:-2] * second[2:], out=pairs[:-2])
    return np.asarray(np.maximum.reduceat(pairs, firsts, axis=0))


def pair_weights(weights: Floats) -> Floats:
    """How much neighbours in a question tell, shape [words - 1], from what each of its words does;
    the sum is 1, or 0 where there are no two words."""
    both = np.sqrt(weights[:-1] * weights[1:])
    return np.asarray(both / max(float(both.sum()), 1e-6), np.float32)


def together(cosines: Floats, weights: Floats) -> Floats:
    """The share of a question that is met within WINDOW words of each word that meets any of it,
    shape [texts' words], 0 to 1; for `cosines` see `neighbours`."""
    meets = cosines.max(axis=1, initial=0.0) > 0  # what stands between texts is near to both
    beyond = np.zeros((cosines.shape[1], WINDOW), np.float32)
    best, width = np.concatenate([beyond, cosines.T, beyond], axis=1), 1
    while width < 2 * WINDOW + 1:  # the maximum over a window is that over two halves, overlapping
        step = min(width, 2 * WINDOW + 1 - width)
        best, width = np.maximum(best[:, :-step], best[:, step:]), width + step
    return np.asarray(meets * (weights @ best), np.float32)
