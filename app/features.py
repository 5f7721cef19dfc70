"""How far sentences answer a question, in numbers.

Features for two small models whose weights are in `weights.json` (made by `python -m app.fit`):
one ranks sentences, one says how likely it is that the paper answers at all. All features are
between about 0 and 1 and hold for any paper and for both languages.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from app.analysed import Analysed, analyse, flags, numbers
from app.mentions import countries
from app.questions import KINDS, asks_how_many, interrogative, wants
from index.chunking import Chunk
from index.encoder import Floats, Rows, Words, bundled_encoder
from index.lexical import normalise, terms
from index.nearness import neighbours, pair_weights, together
from index.retrieval import ScoredChunk
from sources import language_of

# Of a word of the question: what tells how much it should count.
WORD_FEATURES = (
    *("share", "norm", "mean_met", "best_met", "common", "place", "digit", "no_interrogative"),
    *("asked", "just_before", "second_before", "before", "just_after", "second_after", "after"),
    "opening",
)
# How a sentence may meet a word: by a word like it, by the same word, or not, while an earlier
# sentence of the chunk (or its heading), the one before or the one after does.
CHANNELS = ("own", "same", "carried", "before", "after")
# Those that take all sentences; "apart" is text in another language than most, such as an abstract.
COMPARED = ("least", "late", "lead", "apart", "apart_own")
SENTENCE_FEATURES = (
    *("chunk", "overlap", "phrase", "told", "news", "fresh_number", "short", "long", "first"),
    *("order", "close", "number_close", "named", "named_before", "named_others"),
    *("uncounted", *COMPARED),
    *(f"{asked}:{held}" for asked in KINDS for held in KINDS),
)
COMMON = 0.6  # the cosine from which a sentence is said to hold a word

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
    """The sentences of the chunks found, and what tells them apart.

    `words` [words, WORD_FEATURES] is of the question, `met` [sentences, words, CHANNELS] says how
    each sentence meets each word, `traits` [sentences, SENTENCE_FEATURES] is the rest. `weights`
    [words], which sum to 1, is how much each word counts here, `norms` [words] anywhere. `alike`
    [sentences] is the cosine of the whole sentence with the whole question.
    """

    sentences: list[Sentence]
    words: Floats
    met: Floats
    traits: Floats
    weights: Floats
    norms: Floats
    alike: Floats


@dataclass(frozen=True, slots=True)
class _Asked:
    """What is known of a question before any chunk."""

    text: str
    words: Words
    units: Floats
    norms: Floats
    weights: Floats
    terms: list[str]
    wants: NDArray[np.bool_]
    numbers: frozenset[str]
    countries: frozenset[int]
    how_many: bool


def _ask(question: str, weighed: Weighed) -> _Asked:
    rows, weights = weighed
    units, norms = bundled_encoder().units(rows)
    return _Asked(
        normalise(question),
        bundled_encoder().words_of(question),
        units,
        norms,
        weights,
        terms(question),
        np.array(flags(wants(question)), np.bool_),
        numbers(question),
        countries(question),
        asks_how_many(question),
    )


def gather(question: str, found: Sequence[ScoredChunk], weighed: Weighed) -> Evidence:
    """The sentences of the chunks found, in the chunks' order, with their features.

    `weighed` are the question's words and how much each tells.
    """
    asked = _ask(question, weighed)
    best = max((each.score for each in found), default=1.0) or 1.0
    sentences: list[Sentence] = []
    met = [np.zeros((0, len(asked.weights), len(CHANNELS)), np.float32)]
    traits = [np.zeros((0, len(SENTENCE_FEATURES)), np.float32)]
    alike = [np.zeros(0, np.float32)]
    whole = bundled_encoder().encode([question])[0]
    for each in found:
        chunk = analyse(each.chunk.text, " ".join(each.chunk.section))
        if not chunk.spans:
            continue
        cosines = np.maximum(chunk.units @ asked.units.T, 0.0)
        met.append(_met(chunk, cosines))
        traits.append(_traits(chunk, asked, cosines, each.score / best))
        alike.append(chunk.wholes @ whole)
        for start, end in chunk.spans:
            offset, text = each.chunk.start, each.chunk.text[start:end]
            sentences.append(Sentence(each.chunk, text, offset + start, offset + end))
    all_met, all_traits = np.concatenate(met), np.concatenate(traits)
    if sentences and len(asked.weights):
        _compare(question, sentences, all_met[:, :, 0], asked, all_traits)
    return Evidence(
        sentences,
        _words(question, asked, all_met[:, :, 0]),
        all_met,
        all_traits,
        asked.weights,
        asked.norms,
        np.concatenate(alike),
    )


def _met(chunk: Analysed, cosines: Floats) -> Floats:
    """Shape [sentences, words, CHANNELS], from the cosines of the chunk's words with the
    question's, shape [chunk's words, words]."""
    best = np.zeros((len(chunk.lengths), cosines.shape[1]), np.float32)
    filled = chunk.lengths > 0
    if filled.any() and cosines.shape[1]:
        best[filled] = np.maximum.reduceat(cosines, chunk.firsts[filled], axis=0)
    own, heading = best[:-1], best[-1:]
    nothing = np.zeros_like(heading)
    carried = np.maximum.accumulate(np.concatenate([heading, own[:-1]]), axis=0)
    before = np.concatenate([nothing, own[:-1]])
    after = np.concatenate([own[1:], nothing])
    beyond = [np.maximum(each - own, 0.0) for each in (carried, before, after)]
    return np.stack([own, own**4, *beyond], axis=2)


def _traits(chunk: Analysed, asked: _Asked, cosines: Floats, score: float) -> Floats:
    count = len(chunk.spans)
    lengths = chunk.lengths[:-1]
    known = cosines.max(axis=1, initial=0.0)
    own = np.zeros((count, 2), np.float32)
    filled = np.flatnonzero(lengths)
    if len(filled):
        end = int(chunk.firsts[-1])
        both = np.stack([chunk.norms * known, chunk.norms * (known < 0.4)], axis=1)[:end]
        weight = np.add.reduceat(chunk.norms[:end], chunk.firsts[filled])
        own[filled] = np.add.reduceat(both, chunk.firsts[filled], axis=0)
        own[filled, 0] /= np.maximum(weight, 1e-6)
    asks = asked.wants[None, :, None] & chunk.kinds[:, None, :]
    near = np.zeros((count, 3), np.float32)
    number, date = (bool(asked.wants[KINDS.index(kind)]) for kind in ("number", "date"))
    held = chunk.numbers if date else chunk.counts
    fresh = (number or date) & np.array([bool(each - asked.numbers) for each in held])
    if len(filled):
        firsts, ours = chunk.firsts[filled], cosines[:end]
        close = together(ours, asked.weights, np.array([0]))
        near[filled, 0] = neighbours(ours, firsts) @ pair_weights(asked.weights)
        near[filled, 1] = np.maximum.reduceat(close, firsts)
        near[filled, 2] = np.maximum.reduceat(close * chunk.digits[:end], firsts)
        near[:, 2] *= fresh
    shared = [sum(map(held.__contains__, asked.terms)) for held in chunk.terms]
    columns = (
        np.full(count, score),
        np.array(shared) / max(len(asked.terms), 1),
        np.array([_run(asked.text, text) for text in chunk.texts]) / max(len(asked.text), 1),
        own[:, 0],
        np.log1p(own[:, 1]) / 4,
        fresh,
        1 / np.sqrt(lengths + 1),
        np.log(lengths + 1) / 4,
        np.arange(count) == 0,
        *near.T,
        *_named(chunk.countries, asked.countries),
        asked.how_many & ~chunk.counted,
        np.zeros((len(COMPARED), count)),
    )
    return np.concatenate([np.vstack(columns).T, asks.reshape(count, -1)], axis=1, dtype=np.float32)


def _named(
    held: Sequence[frozenset[int]], asked: frozenset[int]
) -> tuple[NDArray[np.bool_], NDArray[np.bool_], NDArray[np.bool_]]:
    """Whether each sentence mentions a country that is asked about, only what stands before it in
    its chunk does, and it mentions others only; `held` begins with the heading's countries."""
    own = np.array([bool(each & asked) for each in held[1:]], np.bool_)
    before = np.logical_or.accumulate([bool(each & asked) for each in held[:-1]])
    others = np.array([bool(asked and each) for each in held[1:]], np.bool_)
    return own, before & ~own, others & ~own


def _compare(
    question: str, sentences: Sequence[Sentence], own: Floats, asked: _Asked, traits: Floats
) -> None:
    """Fills in the traits of COMPARED, which take all sentences."""
    telling = asked.weights >= asked.weights.mean()
    late = own @ asked.weights
    languages = [language_of(each.text) for each in sentences]
    papers = max(sorted(set(languages)), key=languages.count)
    apart = np.array([each != papers for each in languages])
    columns = (
        own[:, telling].min(axis=1),
        late,
        late - late.max(),
        apart,
        apart & (language_of(question) != papers),
    )
    traits[:, [SENTENCE_FEATURES.index(name) for name in COMPARED]] = np.stack(columns, axis=1)


def _run(asked: str, text: str) -> int:
    """The length of the longest stretch of the question that stands in the text."""
    longest = 0
    for start in range(len(asked)):
        while asked[start : start + longest + 1] in text and start + longest < len(asked):
            longest += 1
    return longest


def _words(question: str, asked: _Asked, own: Floats) -> Floats:
    """Shape [words, WORD_FEATURES]."""
    count = len(asked.weights)
    features = np.zeros((count, len(WORD_FEATURES)), np.float32)
    if not count or not len(own):
        return features
    span = interrogative(question)
    features[:, 0] = 5 * asked.weights
    features[:, 1] = asked.norms / 3
    features[:, 2] = own.mean(axis=0)
    features[:, 3] = own.max(axis=0)
    features[:, 4] = (own > COMMON).mean(axis=0)
    features[:, 5] = np.arange(count) / count
    features[:, 6] = [any(map(str.isdigit, question[a:b])) for a, b in asked.words.spans]
    features[:, 7] = span is None
    features[:, -1] = own[0]  # what the first sentence names is the topic, not the question
    if span:
        before = sum(end <= span[0] for _, end in asked.words.spans)
        after = sum(start < span[1] for start, _ in asked.words.spans)
        for at in range(count):
            features[at, 8 + _distance(at, before, after)] = 1.0
    return features


def _distance(at: int, before: int, after: int) -> int:
    """0 in the interrogative, 1 to 3 before it, 4 to 6 after it, from near to far."""
    if at < before:
        return min(before - at, 3)
    return 0 if at < after else 3 + min(at - after + 1, 3)
