"""How far a sentence answers a question, in numbers.

Features for two small models whose weights are in `weights.json` (made by `python -m app.fit`):
one ranks sentences, one says how likely it is that the paper answers at all. All features are
between about 0 and 1 and hold for any paper and for both languages.
"""

from __future__ import annotations

import math
import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from app.questions import holds, wants
from index.chunking import Chunk
from index.encoder import Floats, Rows, bundled_encoder
from index.late import LateInteraction
from index.lexical import normalise, terms
from index.retrieval import ScoredChunk
from sources import split_sentences

SENTENCE_FEATURES = ("late", "around", "chunk", "kind", "fresh_number", "news", "short")
ANSWERED_FEATURES = ("chunk_late", "sentence_late", "met", "unmet", "mass", "missing_number")
MASS = 30.0  # summed norms of about six telling words
MET = 0.5  # the cosine from which a word of the question counts as met
UNMET = 0.3  # the cosine below which nothing in the text means the same
NEWS_WORDS = 12

_NUMBER = re.compile(r"\d+(?:[.,]\d+)*")
Weighed = tuple[Rows, Floats]


@dataclass(frozen=True, slots=True)
class Sentence:
    """A sentence of a chunk that was found. `start` and `end` are offsets into the document."""

    chunk: Chunk
    text: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Evidence:
    """The sentences of the chunks found and their features, shape [sentences, features].

    `met` [sentences, words] holds how well each word of the question is met, `weights` [words],
    which sum to 1, how much each counts here, `norms` [words] how much it does anywhere.
    """

    sentences: list[Sentence]
    features: Floats
    met: Floats
    weights: Floats
    norms: Floats


@dataclass(frozen=True, slots=True)
class _Analysed:
    """What is known of a chunk before any question."""

    spans: list[tuple[int, int]]
    late: LateInteraction
    terms: list[frozenset[str]]
    kinds: list[frozenset[str]]
    numbers: list[frozenset[str]]


@lru_cache(maxsize=4096)
def _analyse(text: str) -> _Analysed:
    spans = split_sentences(text)
    texts = [text[start:end] for start, end in spans]
    return _Analysed(
        spans,
        LateInteraction(bundled_encoder(), bundled_encoder().rows(texts)),
        [frozenset(terms(each)) for each in texts],
        [holds(each) for each in texts],
        [numbers(each) for each in texts],
    )


def numbers(text: str) -> frozenset[str]:
    """The numbers in a text, as written."""
    return frozenset(_NUMBER.findall(normalise(text)))


def gather(question: str, found: Sequence[ScoredChunk], weighed: Weighed) -> Evidence:
    """The sentences of the chunks found, in the chunks' order, with their features.

    `weighed` are the question's words and how much each tells.
    """
    rows, weights = weighed
    asked = _Asked(frozenset(terms(question)), wants(question), numbers(question))
    best_score = max((each.score for each in found), default=1.0) or 1.0
    sentences: list[Sentence] = []
    features: list[Floats] = []
    met: list[Floats] = []
    for each in found:
        analysed = _analyse(each.chunk.text)
        cosines = analysed.late.best(rows)
        place = each.score / best_score
        features.append(_sentence_features(asked, analysed, cosines, weights, place))
        met.append(cosines)
        for start, end in analysed.spans:
            offset = each.chunk.start
            text = each.chunk.text[start:end]
            sentences.append(Sentence(each.chunk, text, offset + start, offset + end))
    return Evidence(
        sentences,
        np.concatenate([*features, np.zeros((0, len(SENTENCE_FEATURES)), np.float32)]),
        np.concatenate([*met, np.zeros((0, len(rows)), np.float32)]),
        weights,
        bundled_encoder().units(rows)[1],
    )


@dataclass(frozen=True, slots=True)
class _Asked:
    terms: frozenset[str]
    wants: frozenset[str]
    numbers: frozenset[str]


def _sentence_features(
    asked: _Asked, chunk: _Analysed, cosines: Floats, weights: Floats, place: float
) -> Floats:
    features = np.zeros((len(chunk.spans), len(SENTENCE_FEATURES)), np.float32)
    for at, (start, end) in enumerate(chunk.spans):
        around = cosines[max(0, at - 1) : at + 2].max(axis=0)
        new = len(chunk.terms[at] - asked.terms)
        features[at] = (
            cosines[at] @ weights,
            around @ weights,
            place,
            len(asked.wants & chunk.kinds[at]) / max(len(asked.wants), 1),
            float(bool(asked.wants & {"number", "date"} and chunk.numbers[at] - asked.numbers)),
            min(new / NEWS_WORDS, 1.0),
            1.0 / math.sqrt(max(end - start, 1)),
        )
    return features


def answered_features(
    question: str, evidence: Evidence, order: NDArray[np.int64], scores: Floats
) -> Floats:
    """What tells whether the paper answers, shape [features].

    `order` are the sentences best first by `scores`.
    """
    share = evidence.weights
    best = int(order[0])
    sentence = evidence.sentences[best]
    same_chunk = [s.chunk.chunk_id == sentence.chunk.chunk_id for s in evidence.sentences]
    chunk_met = evidence.met[same_chunk].max(axis=0)
    place = " ".join([*sentence.chunk.section, sentence.chunk.text])
    features = (
        chunk_met @ share,
        evidence.met[best] @ share,
        share[chunk_met >= MET].sum(),
        share[chunk_met < UNMET].sum(),
        min(evidence.norms[chunk_met >= MET].sum() / MASS, 1.0),
        float(bool(numbers(question) - numbers(place))),
    )
    return np.asarray(features, np.float32)
