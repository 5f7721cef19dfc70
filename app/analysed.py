"""What is known of a chunk before any question: its sentences, their words, numbers, countries.

Remembered, since chunks come up again and again. Knows nothing of questions.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from app.countries import countries
from app.questions import KINDS, counts, holds, without_dates
from index.chunking import Chunk
from index.encoder import Floats, bundled_encoder
from index.late import GAP
from index.lexical import normalise, terms
from sources import language_of, split_sentences

KEPT_CHUNKS = 256  # which take some 250 kB each

_NUMBER = re.compile(r"\d+(?:[.,]\d+)*")


@dataclass(frozen=True, slots=True)
class Sentence:
    """A sentence of a chunk that was found. `start` and `end` are offsets into the document."""

    chunk: Chunk
    text: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Analysed:
    """What is known of a chunk before any question.

    `units` [distinct words, dimension] are the vectors of the words of its sentences, and of one
    that is like none; `place` [words] says which of them each word is, and GAP more after the
    last, `norms` and `digits` [words] what else is known of them. The sentences have `lengths`
    words; `heading` [words, dimension] are the vectors of the words above them. `wholes`
    [sentences, dimension] are the unit vectors of whole sentences. `counts` are the `numbers` that
    are no dates; the first of `countries` are those of the headings. `texts` are normalised.
    """

    sentences: list[Sentence]
    units: Floats
    place: NDArray[np.int64]
    norms: Floats
    digits: NDArray[np.bool_]
    lengths: NDArray[np.int64]
    heading: Floats
    wholes: Floats
    texts: list[str]
    bigrams: list[frozenset[str]]
    languages: list[str]
    terms: list[frozenset[str]]
    kinds: NDArray[np.bool_]
    numbers: list[frozenset[str]]
    counts: list[frozenset[str]]
    countries: list[frozenset[int]]
    counted: NDArray[np.bool_]


@lru_cache(maxsize=KEPT_CHUNKS)
def analyse(chunk: Chunk) -> Analysed:
    """A chunk, with the headings that it stands under."""
    heading, at = " ".join(chunk.section), chunk.start
    sentences = [
        Sentence(chunk, chunk.text[start:end], at + start, at + end)
        for start, end in split_sentences(chunk.text)
    ]
    texts = [each.text for each in sentences]
    words = bundled_encoder().words(texts)
    rows = np.concatenate([np.zeros(0, np.int32), *(each.rows for each in words)])
    distinct, place = np.unique(rows, return_inverse=True)
    units, norms = bundled_encoder().units(distinct)
    place = np.pad(place, (0, GAP), constant_values=len(distinct))
    digits = [
        any(map(str.isdigit, held[a:b]))
        for held, each in zip(texts, words, strict=True)
        for a, b in each.spans
    ]
    return Analysed(
        sentences,
        np.pad(units, ((0, 1), (0, 0))),
        place,
        np.pad(norms, (0, 1))[place],
        np.array([*digits, *[False] * GAP], np.bool_),
        np.array([len(each.rows) for each in words], np.int64),
        bundled_encoder().units_of(heading)[0],
        bundled_encoder().encode(texts),
        [normalise(each) for each in texts],
        [frozenset(bigrams(normalise(each))) for each in texts],
        [language_of(each) for each in texts],
        [frozenset(terms(each)) for each in texts],
        np.array([flags(holds(each)) for each in texts], np.bool_),
        [numbers(each) for each in texts],
        [numbers(without_dates(each)) for each in texts],
        [countries(each) for each in (heading, *texts)],
        np.array([counts(each) for each in texts], np.bool_),
    )


def bigrams(text: str) -> list[str]:
    """All two characters that stand side by side."""
    return [one + other for one, other in pairwise(text)]


def flags(kinds: frozenset[str]) -> list[bool]:
    """Which of KINDS there are, in that order."""
    return [kind in kinds for kind in KINDS]


@lru_cache(maxsize=1024)
def numbers(text: str) -> frozenset[str]:
    """The numbers in a text, as written."""
    return frozenset(_NUMBER.findall(normalise(text)))
