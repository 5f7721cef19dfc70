"""The answer without a language model: which sentences of those found to quote, and how sure it is
that they answer.

How that is told is app.wording's matter.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from itertools import islice

import numpy as np
from numpy.typing import NDArray

from app.analysed import Sentence
from app.aspects import Aspect
from app.dates import YEAR
from app.discourse import Talk, discourse
from app.doubt import across_features, answered_features, followed_features, objections_to
from app.features import Evidence, gather
from app.lacking import Lack, lacking
from app.masks import beside_the_point, earliest, holds_quoted, latest, mentions, says_so
from app.mentions import familiar, strange
from app.premises import contrary, only_listed
from app.questions import (
    asks_how_many_now,
    asks_what_happened,
    asks_when_first,
    is_keywords,
    wants,
)
from app.ranker import models
from app.relations import relates
from index.chunking import Chunk
from index.definitions import definition
from index.encoder import Floats
from index.front import front_matter
from index.overview import overview, same_role
from index.places import (
    Span,
    headings_below,
    named_sections,
    opening_sentences,
    outline,
    without_places,
)
from index.retrieval import ScoredChunk
from index.zones import zone
from sources import Document, Section, language_of

CHUNKS = 5  # whose sentences are looked at
MAX_SENTENCES = 3
LACKING = 0.2  # what remains of the confidence when the paper never mentions what is asked about
FITTING = 3.0  # log-odds for a sentence that says what of its topic is asked for
ANNOUNCED = 0.85  # confidence in what the authors themselves call a finding, or a limitation
STRANGE = 0.65  # the share of the question that no word of the paper comes near: it is off topic
FAMILIAR = 0.75  # of the threshold, where all words of a follow-up, a keyword or the year are known
CLOSEST = 3  # places named in a refusal
ASIDE = 1e3  # log-odds against a sentence that cannot be what is asked for
QUOTED = 2.0  # for holding what the question has in quotation marks
DATED = 3.0  # for the latest or the earliest year of those close to the best, where it is asked for
RERANKING = 0.3  # of a chunk's best sentence, in log-odds, beside the chunk's own score


@dataclass(frozen=True, slots=True)
class Context:
    """What of its topic a question asks `about`, if that is known, and, after others, how it was
    `typed` and the `talk` that it goes on with, if it does."""

    about: Aspect | None = None
    typed: str = ""
    talk: Talk | None = None


NO_CONTEXT = Context()


@dataclass(frozen=True, slots=True)
class Extract:
    """The sentences chosen, in the paper's order, and the probability that they answer.

    `missing` are the years, countries and others that the question names and the paper does not,
    or not where it speaks of what is asked: then it `lacks` them "here". It may also lack the kind
    of thing that is asked for, or say "otherwise" than the question takes for granted.
    `found` are the chunks in the order that reading them gives, where they were read.
    """

    sentences: tuple[Sentence, ...]
    confidence: float
    answered: bool
    missing: tuple[str, ...] = ()
    lacks: Lack = ""
    found: tuple[ScoredChunk, ...] = ()


def extract(
    question: str,
    found: Sequence[ScoredChunk],
    weigh: Callable[[str], Floats],
    texts: Sequence[str],
    context: Context = NO_CONTEXT,
) -> Extract:
    """Choose the sentences that answer, or the closest ones when none does.

    `found` are the chunks, best first; `weigh` tells how much each word of a question counts, shape
    [words]; `texts` are the papers that the chunks are of. A follow-up as it was typed says little,
    is seldom far off, and is searched near the last answer, so that a name that is missing there is
    no sign.
    """
    evidence = gather(question, found[:CHUNKS], weigh(question))
    if not evidence.sentences:
        return Extract((), 0.0, False)
    listed = [only_listed(question, each.text) for each in evidence.sentences]
    aside = np.array([*map(bool, listed)]) | beside_the_point(question, evidence, texts)
    scores = models().ranker.scores(evidence)
    confidence = probability(question, evidence, scores)
    unheard = False
    if talk := context.talk:
        follows, typed = discourse(talk, evidence, found[:CHUNKS], weigh, models().ranker.scores)
        scores = follows @ models().discourse
        features = followed_features(confidence, talk.typed, typed, follows, scores)
        unheard = models().followed.probability(features) < models().followed_threshold
    scores[aside] -= ASIDE
    says = says_so(question, evidence, context.about)
    scores += FITTING * says
    scores += QUOTED * holds_quoted(question, evidence)
    if asks_how_many_now(question):
        scores += DATED * latest(evidence, scores)
    if asks_when_first(question):
        scores += DATED * earliest(evidence, scores)
    told = np.array([talk is not None and talk.told(each) for each in evidence.sentences])
    scores -= ASIDE * (told & (talk is not None and talk.more))
    order = np.argsort(-scores, kind="stable")
    against = _against(question, evidence, order) if relates(question) else []
    met = evidence.met[:, :, 0].max(axis=0)
    best = against or _choose(question, order, scores)
    keywords = mentions(evidence) & is_keywords(question)
    if keywords[best].any():
        best = [at for at in best if keywords[at]]
    broad = context.about is not None and context.about.broad and bool(says[best].any())
    fresh = [at for at in best if not told[at]] if talk and talk.another else []
    chosen = [evidence.sentences[at] for at in fresh or best]
    lacks, missing, nothing_left = lacking(
        question, chosen, found, texts, typed=context.typed, listed=frozenset[int]().union(*listed)
    )
    if nothing_left or unheard or strange(question, texts, met) >= STRANGE:
        confidence *= LACKING
    threshold = models().threshold
    happened = asks_what_happened(question) and bool(YEAR.search(question)) and not missing
    mentioned = bool(keywords[best].all())
    if happened or mentioned or ((context.typed or broad) and familiar(question, texts, met)):
        threshold *= FAMILIAR
    ranked = rerank(found, evidence, scores)
    answered = confidence >= threshold and not nothing_left
    if answered or lacks == "otherwise":
        sentences = tuple(sorted(chosen, key=lambda sentence: sentence.start))
    else:
        sentences = _closest(evidence, order)
    return Extract(sentences, confidence, answered, missing, lacks, ranked)


def rerank(
    found: Sequence[ScoredChunk], evidence: Evidence, scores: Floats
) -> tuple[ScoredChunk, ...]:
    """The chunks, those that were read ordered by how well their best sentence answers, too."""
    best = {each.chunk.chunk_id: -np.inf for each in found[:CHUNKS]}
    for sentence, score in zip(evidence.sentences, scores, strict=True):
        held = sentence.chunk.chunk_id
        best[held] = max(best[held], float(score))
    read = sorted(
        found[:CHUNKS],
        key=lambda each: -(each.score + RERANKING * best[each.chunk.chunk_id]),
    )
    together = [*read, *found[CHUNKS:]]
    return tuple(
        each if each.rank == rank else replace(each, rank=rank)
        for rank, each in enumerate(together, 1)
    )


def probability(question: str, evidence: Evidence, scores: Floats) -> float:
    """How likely it is that the sentences, of which there are some, answer the question: that the
    paper speaks of it, times how much less likely the objections make it. `scores` [sentences] are
    the ranker's."""
    if is_across(question, evidence, scores):
        speaks = models().across.probability(across_features(question, evidence, scores))
    else:
        speaks = models().answered.probability(answered_features(question, evidence, scores))
    return speaks * models().granted.ratio(objections_to(question, evidence, scores))


def is_across(question: str, evidence: Evidence, scores: Floats) -> bool:
    """Whether a question is in another language than the best sentence; not a few keywords, which
    say too little to be told apart from what is asked of other texts."""
    best = evidence.sentences[int(np.argmax(scores))]
    return language_of(question) != language_of(best.text) and not is_keywords(question)


def quote_place(
    question: str,
    document: Document,
    chunks: Sequence[Chunk],
    weigh: Callable[[str], Floats],
) -> Extract | None:
    """What a place of the paper says in short, when that is all the question asks: its findings
    or its limitations, what a term means, a place that it names, or a section whose heading says
    what it asks for. A refusal when there is no such place. For `weigh` see `extract`.
    """
    stated = front_matter(question, document)
    sections, content = named_sections(question, document)
    confidence = float(bool(sections))
    spans = outline(question, document, sections)
    if (said := stated if stated is not None else zone(question, document)) is not None:
        spans, confidence = said, ANNOUNCED
    elif meaning := definition(question, document):
        spans, confidence = meaning, ANNOUNCED
    elif not content:
        sections, confidence = overview(question, document)
        if not sections:
            return None
        spans = headings_below(sections) or _best_in(question, sections[0], chunks, weigh)
    spans = spans or ([] if said is not None else opening_sentences(document, sections))
    return quote_spans(spans, document, chunks, confidence)


def cited_first(found: Sequence[ScoredChunk], chosen: Extract) -> tuple[ScoredChunk, ...]:
    """The chunks found, those before the others that are quoted from, which a place may add."""
    known = {each.chunk.chunk_id: each for each in found}
    cited = {each.chunk.chunk_id: each.chunk for each in chosen.sentences}
    added = [ScoredChunk(chunk, 1.0, 1) for name, chunk in cited.items() if name not in known]
    ordered = sorted([*found, *added], key=lambda each: each.chunk.chunk_id not in cited)
    return tuple(replace(each, rank=rank) for rank, each in enumerate(ordered[: len(found)], 1))


def quote_spans(
    spans: Sequence[Span], document: Document, chunks: Sequence[Chunk], confidence: float
) -> Extract:
    """What stands in some places of the paper; a refusal where there are none."""
    own = [each for each in chunks if each.doc_id == document.doc_id]
    sentences = tuple(
        # A heading is in no chunk; it is shown with the text below it.
        Sentence(
            next(each for each in own if each.end > start), document.text[start:end], start, end
        )
        for start, end in spans
        if any(each.end > start for each in own)
    )
    return Extract(sentences, confidence if sentences else 0.0, bool(sentences))


def _best_in(
    question: str, section: Section, chunks: Sequence[Chunk], weigh: Callable[[str], Floats]
) -> list[tuple[int, int]]:
    """Spans of the sentences of a section that answer best, in its order."""
    held = [each for each in chunks if section.start <= each.start < section.end]
    found = [ScoredChunk(each, 1.0, rank) for rank, each in enumerate(held, 1)]
    asked = without_places(question)
    evidence = gather(asked, found, weigh(asked))
    fits = np.array([same_role(question, each.text) for each in evidence.sentences])
    scores = models().ranker.scores(evidence)
    order = np.argsort(ASIDE * ~fits - scores, kind="stable")[:MAX_SENTENCES]
    best = [evidence.sentences[at] for at in order if fits[at] or not fits.any()]
    return sorted((each.start, each.end) for each in best)


def _choose(question: str, order: NDArray[np.int64], scores: Floats) -> list[int]:
    most = MAX_SENTENCES if wants(question) & {"list", "reason", "how"} else MAX_SENTENCES - 1
    best = scores[order[0]]
    return [int(at) for at in order[:most] if scores[at] >= best - models().near]


def _against(question: str, evidence: Evidence, order: NDArray[np.int64]) -> list[int]:
    """The best sentence that says the opposite of what the question takes for granted, if any."""
    read = evidence.sentences

    def is_contrary(at: int) -> bool:
        follows = at > 0 and read[at - 1].chunk is read[at].chunk
        return contrary(question, read[at].text, read[at - 1].text if follows else "")

    return list(islice(filter(is_contrary, order.tolist()), 1))


def _closest(evidence: Evidence, order: NDArray[np.int64]) -> tuple[Sentence, ...]:
    closest: dict[str, Sentence] = {}
    for at in order:
        sentence = evidence.sentences[int(at)]
        closest.setdefault(sentence.chunk.chunk_id, sentence)
    return tuple(list(closest.values())[:CLOSEST])
