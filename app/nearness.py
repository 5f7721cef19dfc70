"""How near each other a sentence meets the words of a question, from cosines alone."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from index.encoder import Floats

WINDOW = 6  # words to each side within which words of the question are met together

Positions = NDArray[np.int64]


def ordered(cosines: Floats, weights: Floats, firsts: Positions) -> Floats:
    """How far neighbours in the question are met by neighbours, shape [sentences], 0 to 1.

    `cosines` [text's words, question's words] are not negative; `firsts` [sentences] are the first
    words of sentences, none of them empty. Another language may turn two words round or put one
    between them.
    """
    texts, asked = cosines.shape
    if texts < 2 or asked < 2:
        return np.zeros(len(firsts), np.float32)
    first, second = cosines[:, :-1], cosines[:, 1:]
    pairs = np.zeros_like(first)
    pairs[:-1] = np.maximum(first[:-1] * second[1:], second[:-1] * first[1:])
    np.maximum(pairs[:-2], first[:-2] * second[2:], out=pairs[:-2])
    both = np.sqrt(weights[:-1] * weights[1:])
    met = np.maximum.reduceat(pairs, firsts, axis=0)
    return np.asarray(met @ (both / max(float(both.sum()), 1e-6)), np.float32)


def together(cosines: Floats, weights: Floats) -> Floats:
    """The share of the question that is met within WINDOW words of each word, shape [text's
    words], 0 to 1."""
    if not cosines.size:
        return np.zeros(len(cosines), np.float32)
    best, width = np.zeros((len(cosines) + 2 * WINDOW, cosines.shape[1]), np.float32), 1
    best[WINDOW:-WINDOW] = cosines
    while width < 2 * WINDOW + 1:  # the maximum over a window is that over two halves, overlapping
        step = min(width, 2 * WINDOW + 1 - width)
        best, width = np.maximum(best[:-step], best[step:]), width + step
    return np.asarray(best @ weights, np.float32)
