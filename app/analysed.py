"""What is known of a chunk before any question: its sentences, their words, numbers, countries.

Remembered, since chunks come up again and again. Knows nothing of questions.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from app.mentions import countries
from app.questions import KINDS, counts, holds, without_dates
from index.encoder import Floats, bundled_encoder
from index.lexical import normalise, terms
from sources import split_sentences

_NUMBER = re.compile(r"\d+(?:[.,]\d+)*")


@dataclass(frozen=True, slots=True)
class Analysed:
    """What is known of a chunk before any question. `units` [words, dimension] are the vectors of
    its words, `firsts` the first word of each sentence; a last one holds the headings. `wholes`
    [sentences, dimension] are the unit vectors of whole sentences. `counts` are the `numbers` that
    are no dates; the first of `countries` are those of the headings."""

    spans: list[tuple[int, int]]
    units: Floats
    norms: Floats
    digits: NDArray[np.bool_]
    firsts: NDArray[np.int64]
    lengths: NDArray[np.int64]
    wholes: Floats
    texts: list[str]
    terms: list[frozenset[str]]
    kinds: NDArray[np.bool_]
    numbers: list[frozenset[str]]
    counts: list[frozenset[str]]
    countries: list[frozenset[int]]
    counted: NDArray[np.bool_]


@lru_cache(maxsize=1024)
def analyse(text: str, heading: str) -> Analysed:
    """A chunk by its text and the headings that it stands under."""
    spans = split_sentences(text)
    texts = [text[start:end] for start, end in spans]
    words = bundled_encoder().words([*texts, heading])
    lengths = np.array([len(each.rows) for each in words])
    units, norms = bundled_encoder().units(np.concatenate([each.rows for each in words]))
    digits = [
        any(map(str.isdigit, held[a:b]))
        for held, each in zip([*texts, heading], words, strict=True)
        for a, b in each.spans
    ]
    return Analysed(
        spans,
        units,
        norms,
        np.array(digits, np.bool_),
        np.concatenate([[0], np.cumsum(lengths)[:-1]]),
        lengths,
        bundled_encoder().encode(texts),
        [normalise(each) for each in texts],
        [frozenset(terms(each)) for each in texts],
        np.array([flags(holds(each)) for each in texts], np.bool_),
        [numbers(each) for each in texts],
        [numbers(without_dates(each)) for each in texts],
        [countries(each) for each in (heading, *texts)],
        np.array([counts(each) for each in texts], np.bool_),
    )


def flags(kinds: frozenset[str]) -> list[bool]:
    """Which of KINDS there are, in that order."""
    return [kind in kinds for kind in KINDS]


def numbers(text: str) -> frozenset[str]:
    """The numbers in a text, as written."""
    return frozenset(_NUMBER.findall(normalise(text)))
