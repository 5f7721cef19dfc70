"""How far sentences answer a question, in numbers.

Features for two small models whose weights are in `weights.json` (made by `python -m app.fit`):
one ranks sentences, one says how likely it is that the paper answers at all. All features are
between about 0 and 1 and hold for any paper and for both languages.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import chain

import numpy as np
from numpy.typing import NDArray

from app.analysed import Analysed, Sentence, analyse, bigrams, flags, numbers
from app.countries import countries
from app.questions import KINDS, asks_how_many, interrogative, wants
from app.reading import Reading, read
from index.encoder import EPSILON, Floats, Words, bundled_encoder
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
STRANGER = 0.4  # below which a word of a sentence is none of the question's


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

    @classmethod
    def none(cls) -> Evidence:
        """Where nothing was found, or nothing is known of the question."""
        shapes = (0, len(WORD_FEATURES)), (0, 0, len(CHANNELS)), (0, len(SENTENCE_FEATURES))
        nothing = np.zeros(0, np.float32)
        return cls([], *(np.zeros(shape, np.float32) for shape in shapes), *[nothing] * 3)


@dataclass(frozen=True, slots=True)
class _Asked:
    """What is known of a question before any chunk; `bigrams` says where each begins in `text`."""

    text: str
    words: Words
    units: Floats
    norms: Floats
    weights: Floats
    bigrams: dict[str, list[int]]
    terms: list[str]
    wants: NDArray[np.bool_]
    numbers: frozenset[str]
    countries: frozenset[int]
    how_many: bool


def _ask(question: str, weights: Floats) -> _Asked:
    units, norms = bundled_encoder().units_of(question)
    text = normalise(question)
    starts: dict[str, list[int]] = {}
    for at, two in enumerate(bigrams(text)):
        starts.setdefault(two, []).append(at)
    return _Asked(
        text,
        bundled_encoder().words_of(question),
        units,
        norms,
        weights,
        starts,
        terms(question),
        np.array(flags(wants(question)), np.bool_),
        numbers(question),
        countries(question),
        asks_how_many(question),
    )


def gather(question: str, found: Sequence[ScoredChunk], weights: Floats) -> Evidence:
    """The sentences of the chunks found, in the chunks' order, with their features.

    `weights` [words] are how much each word of the question tells.
    """
    found = [each for each in found if analyse(each.chunk).sentences]
    if not found or not len(weights):
        return Evidence.none()
    asked = _ask(question, weights)
    held = read(found, asked.units)
    met = _met(held)
    own = met[:, :, 0]
    whole = asked.norms @ asked.units
    alike = np.concatenate([each.wholes for each in held.chunks]) @ whole
    return Evidence(
        held.sentences,
        _words(question, asked, own),
        met,
        _traits(held, asked, _compared(question, held, own, asked)),
        asked.weights,
        asked.norms,
        alike / max(float(np.linalg.norm(whole)), EPSILON),
    )


def _met(held: Reading) -> Floats:
    """Shape [sentences, words, CHANNELS]."""
    own = held.each(np.maximum, held.cosines)
    carried, before, after = np.zeros((3, *own.shape), np.float32)
    before[1:], after[:-1] = own[:-1], own[1:]
    before[held.starts] = after[held.starts[1:] - 1] = 0.0
    for chunk, heading, start in zip(held.chunks, held.headings, held.starts, strict=True):
        end = start + len(chunk.sentences)
        above = np.concatenate([heading[None], own[start : end - 1]])
        np.maximum.accumulate(above, axis=0, out=carried[start:end])
    beyond = [np.maximum(each - own, 0.0) for each in (carried, before, after)]
    return np.stack([own, own**4, *beyond], axis=2)


def _traits(held: Reading, asked: _Asked, compared: Floats) -> Floats:
    """Shape [sentences, SENTENCE_FEATURES]; `compared` are those of COMPARED."""
    count = len(held.sentences)
    known = held.cosines.max(axis=1)
    norms = np.concatenate([each.norms for each in held.chunks])
    parts = np.stack([norms, norms * known, norms * (known < STRANGER)], axis=1)
    norm, told, news = held.each(np.add, parts).T
    number, date = (bool(asked.wants[KINDS.index(kind)]) for kind in ("number", "date"))
    figures = held.all(lambda chunk: chunk.numbers if date else chunk.counts)
    fresh = (number or date) & np.array([bool(each - asked.numbers) for each in figures], np.bool_)
    counted = np.array(held.all(lambda chunk: chunk.counted), np.bool_)
    opens = np.zeros(count, np.bool_)
    opens[held.starts] = True
    columns = (
        np.repeat(held.scores, np.diff([*held.starts, count])),
        [_share(asked.terms, terms) for terms in held.all(lambda chunk: chunk.terms)],
        [_run(asked, *each) / max(len(asked.text), 1) for each in held.all(_spelt)],
        told / np.maximum(norm, 1e-6),
        np.log1p(news) / 4,
        fresh,
        1 / np.sqrt(held.lengths + 1),
        np.log(held.lengths + 1) / 4,
        opens,
        *_near(held, asked, fresh),
        *_named(held, asked.countries),
        asked.how_many & ~counted,
        *compared,
    )
    kinds = np.concatenate([each.kinds for each in held.chunks])
    asks = asked.wants[None, :, None] & kinds[:, None, :]
    return np.concatenate([np.vstack(columns).T, asks.reshape(count, -1)], axis=1, dtype=np.float32)


def _near(held: Reading, asked: _Asked, fresh: NDArray[np.bool_]) -> Floats:
    """How far each sentence meets the question's words side by side, how near each other, and how
    near a number that is not the question's; shape [3, sentences]."""
    near = np.zeros((3, len(held.sentences)), np.float32)
    if len(held.filled):
        digits = np.concatenate([each.digits for each in held.chunks])
        close = together(held.cosines, asked.weights)
        near[0, held.filled] = neighbours(held.cosines, held.firsts) @ pair_weights(asked.weights)
        near[1] = held.each(np.maximum, close)
        near[2] = held.each(np.maximum, close * digits) * fresh
    return near


def _share(asked: Sequence[str], held: frozenset[str]) -> float:
    """Of the question's terms those that a sentence holds."""
    return sum(map(held.__contains__, asked)) / max(len(asked), 1)


def _named(held: Reading, asked: frozenset[int]) -> NDArray[np.bool_]:
    """Whether each sentence mentions a country that is asked about, only what stands before it in
    its chunk does, and it mentions others only; shape [3, sentences]."""
    found = np.zeros((3, len(held.sentences)), np.bool_)
    if not asked:
        return found
    for chunk, start in zip(held.chunks, held.starts.tolist(), strict=True):
        span = slice(start, start + len(chunk.sentences))
        met = np.array([bool(each & asked) for each in chunk.countries], np.bool_)
        before = np.logical_or.accumulate(met[:-1])
        others = np.array([bool(each) for each in chunk.countries[1:]], np.bool_)
        found[:, span] = met[1:], before & ~met[1:], others & ~met[1:]
    return found


def _compared(question: str, held: Reading, own: Floats, asked: _Asked) -> Floats:
    """The traits of COMPARED, which take all sentences, shape [COMPARED, sentences]."""
    telling = asked.weights >= asked.weights.mean()
    late = own @ asked.weights
    languages = held.all(lambda chunk: chunk.languages)
    papers = max(sorted(set(languages)), key=languages.count)
    apart = np.array([each != papers for each in languages])
    lead = late - late.max()
    apart_own = apart & (language_of(question) != papers)
    return np.stack([own[:, telling].min(axis=1), late, lead, apart, apart_own])


def _spelt(chunk: Analysed) -> Iterator[tuple[str, frozenset[str]]]:
    return zip(chunk.texts, chunk.bigrams, strict=True)


def _run(asked: _Asked, text: str, held: frozenset[str]) -> int:
    """The length of the longest stretch of the question that stands in a text; `held` are the
    text's bigrams, which tell at once where one can begin."""
    shared = held.intersection(asked.bigrams)
    if not shared:
        return int(not {*asked.text}.isdisjoint(text))
    longest, end = 2, len(asked.text)
    for start in chain.from_iterable(map(asked.bigrams.__getitem__, shared)):
        while start + longest < end and asked.text[start : start + longest + 1] in text:
            longest += 1
    return longest


def _words(question: str, asked: _Asked, own: Floats) -> Floats:
    """Shape [words, WORD_FEATURES]."""
    count = len(asked.weights)
    features = np.zeros((count, len(WORD_FEATURES)), np.float32)
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
