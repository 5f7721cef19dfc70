"""The answer without a language model: sentences are chosen and quoted, or the paper is said not
to tell.

The answer's own words are in the question's language, the quotes in the paper's.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from app.doubt import answered_features, objections_to
from app.features import Evidence, Sentence, Weighed, gather
from app.figures import figures
from app.mentions import countries, elsewhere, familiar, named, strange, unmentioned
from app.premises import denied, lacks, never_ended, only_listed, other_years
from app.questions import asks_how_many, counts, granted, tells_when, wants, without_dates
from app.ranker import models
from index.chunking import Chunk
from index.encoder import Floats
from index.overview import overview, same_role
from index.places import headings_below, named_sections, opening_sentences, outline
from index.retrieval import ScoredChunk
from index.zones import zone
from sources import Document, Language, Section, language_of

CHUNKS = 5  # whose sentences are looked at
MAX_SENTENCES = 3
LACKING = 0.2  # what remains of the confidence when the paper never mentions what is asked about
FITTING = 3.0  # log-odds for a sentence that says what the section is asked for
ANNOUNCED = 0.85  # confidence in what the authors themselves call a finding, or a limitation
STRANGE = 0.65  # the share of the question that no word of the paper comes near: it is off topic
FAMILIAR = 0.75  # of the threshold, for a follow-up all of whose words the paper knows
CLOSEST = 3  # places named in a refusal
Lack = Literal["", "here", "number", "share", "sum", "date", "person", "place", "otherwise"]
ASIDE = 1e3  # log-odds against a sentence that counts for many what is asked of one
RERANKING = 0.2  # of a chunk's best sentence, in log-odds, beside the chunk's own score


@dataclass(frozen=True, slots=True)
class Extract:
    """The sentences chosen, in the paper's order, and the probability that they answer.

    `missing` are the years, countries and acronyms that the question names and the paper does not,
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
    weighed: Weighed,
    texts: Sequence[str],
    *,
    typed: str = "",
) -> Extract:
    """Choose the sentences that answer, or the closest ones when none does.

    `found` are the chunks, best first; `weighed` are the question's words and how much each tells;
    `texts` are the papers that the chunks are of. `typed` is what the reader wrote where `question`
    is a follow-up made to stand alone: it says little, is seldom far off, and is searched near the
    last answer, so that a name that is missing there is no sign.
    """
    evidence = gather(question, found[:CHUNKS], weighed)
    if not evidence.sentences or not len(evidence.weights):
        return Extract((), 0.0, False)
    aside = np.array([only_listed(question, each.text) for each in evidence.sentences])
    scores = models().ranker.scores(evidence)
    scores[aside] -= ASIDE
    order = np.argsort(-scores, kind="stable")
    confidence = probability(question, evidence)
    # Everything but the name may fit: a question for 2022 finds what is said of 2018.
    missing, nothing_left = unmentioned(question, texts)
    chosen = [evidence.sentences[at] for at in _choose(question, order, scores)]
    lacks: Lack = ""
    if not missing and aside.any() and not _about(question, chosen):
        lacks, missing, nothing_left = "here", _names(question), True
    elif not missing:
        lacks, missing, nothing_left = _lack(question, typed, chosen, found, texts)
    if nothing_left or strange(question, texts) >= STRANGE:
        confidence *= LACKING
    foreign = language_of(question) != language_of(evidence.sentences[int(order[0])].text)
    threshold = models().foreign_threshold if foreign else models().threshold
    if typed and familiar(question, texts):
        threshold *= FAMILIAR
    ranked = rerank(found, evidence, scores)
    answered = confidence >= threshold and not nothing_left
    if answered or lacks == "otherwise":
        sentences = tuple(sorted(chosen, key=lambda sentence: sentence.start))
    else:
        sentences = _closest(evidence, order)
    return Extract(sentences, confidence, answered, missing, lacks, ranked)


def _about(question: str, chosen: Sequence[Sentence]) -> bool:
    """Whether a sentence names a country of the question, and not only in a list."""
    asked = countries(question)
    return any(countries(s.text) & asked and not only_listed(question, s.text) for s in chosen)


def _names(question: str, years: bool = False) -> tuple[str, ...]:
    """The countries of a question, or its years."""
    names = (n.text for n in named(question, ()) if n.year == years)
    return tuple(dict.fromkeys(name for name in names if years or countries(name)))


def _lack(
    question: str,
    typed: str,
    chosen: Sequence[Sentence],
    found: Sequence[ScoredChunk],
    texts: Sequence[str],
) -> tuple[Lack, tuple[str, ...], bool]:
    """What the sentences chosen lack of what the question asks, the names that they lack, and
    whether nothing is left to answer."""
    quotes = [sentence.text for sentence in chosen]
    sections = {sentence.chunk.section for sentence in chosen}
    around = [
        " ".join([*hit.chunk.section, hit.chunk.text])
        for hit in found
        if hit.chunk.section in sections
    ]
    missing, nothing_left = ((), False) if typed else elsewhere(question, quotes, around, texts)
    if missing:
        return "here", missing, nothing_left
    said = " ".join(quotes)
    if other_years(typed or question, said):
        return "here", _names(typed or question, years=True), True
    wanted = wants(question)
    how_many = asks_how_many(question) and not wanted & {"reason", "where", "who"}
    kinds: list[tuple[Lack, bool]] = [
        ("otherwise", denied(question, said)),
        ("otherwise", all(never_ended(question, quote) for quote in quotes)),
        ("place", lacks("place", question, said)),
        ("person", lacks("person", question, said)),
        ("sum", lacks("sum", question, said)),
        ("share", lacks("share", question, said)),
        ("number", how_many and not any(map(counts, quotes)) and not figures(without_dates(said))),
        ("date", "date" in wanted and bool(granted(question)) and not tells_when(question, said)),
    ]
    for kind, lacking in kinds:
        if lacking:
            return kind, (), True
    return "", (), False


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
    return tuple(replace(each, rank=rank) for rank, each in enumerate(together, 1))


def probability(question: str, evidence: Evidence) -> float:
    """How likely it is that the sentences, of which there are some, answer the question: that the
    paper speaks of it, times how much less likely the objections make it."""
    scores = models().ranker.scores(evidence)
    speaks = models().answered.probability(answered_features(question, evidence, scores))
    return speaks * models().granted.ratio(objections_to(question, evidence, scores))


def quote_place(
    question: str, document: Document, chunks: Sequence[Chunk], weighed: Weighed
) -> Extract | None:
    """What a place of the paper says in short, when that is all the question asks: its findings
    or its limitations, a place that it names, or a section whose heading says what it asks for. A
    refusal when there is no such place."""
    sections, content = named_sections(question, document)
    confidence = float(bool(sections))
    spans = outline(question, document, sections)
    if (said := zone(question, document)) is not None:
        spans, confidence = said, ANNOUNCED
    elif not content:
        sections, confidence = overview(question, document)
        if not sections:
            return None
        spans = headings_below(sections) or _best_in(question, sections[0], chunks, weighed)
    own = [each for each in chunks if each.doc_id == document.doc_id]
    spans = spans or ([] if said is not None else opening_sentences(document, sections))
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
    question: str, section: Section, chunks: Sequence[Chunk], weighed: Weighed
) -> list[tuple[int, int]]:
    """Spans of the sentences of a section that answer best, in its order."""
    held = [each for each in chunks if section.start <= each.start < section.end]
    found = [ScoredChunk(each, 1.0, rank) for rank, each in enumerate(held, 1)]
    evidence = gather(question, found, weighed)
    fits = [same_role(question, each.text) for each in evidence.sentences]
    scores = models().ranker.scores(evidence) + FITTING * np.array(fits, np.float32)
    order = np.argsort(-scores, kind="stable")[:MAX_SENTENCES]
    best = [evidence.sentences[at] for at in order]
    return sorted((each.start, each.end) for each in best)


def _choose(question: str, order: NDArray[np.int64], scores: Floats) -> list[int]:
    most = MAX_SENTENCES if wants(question) & {"list", "reason", "how"} else MAX_SENTENCES - 1
    best = scores[order[0]]
    return [int(at) for at in order[:most] if scores[at] >= best - models().near]


def _closest(evidence: Evidence, order: NDArray[np.int64]) -> tuple[Sentence, ...]:
    closest: dict[str, Sentence] = {}
    for at in order:
        sentence = evidence.sentences[int(at)]
        closest.setdefault(sentence.chunk.chunk_id, sentence)
    return tuple(list(closest.values())[:CLOSEST])


def lead_in(question: str, extract: Extract) -> str:
    """The answer's own words before the quotes."""
    asked = language_of(question)
    gone = _LACKS[extract.lacks][asked] if extract.missing or extract.lacks else ""
    gone = gone.format(_AND[asked].join(extract.missing))
    if asked == "zh" and gone:
        gone = re.sub(r"(\d{4})(?=[、。，])", r"\1年", gone)
    if not extract.answered and extract.lacks != "otherwise":
        return gone + _CLOSEST[asked] if gone else _REFUSALS[asked]
    if all(language_of(sentence.text) != asked for sentence in extract.sentences):
        return gone + _LEAD_INS[asked]
    return gone + _PARTLY[asked] if gone else ""


_AND = {"en": " or ", "zh": "、"}
_LACKS: dict[Lack, dict[Language, str]] = {
    "": {"en": "The paper does not mention {}. ", "zh": "论文没有提到{}。"},
    "here": {"en": "The paper does not say this of {}. ", "zh": "关于{}，论文没有这样说。"},
    "number": {"en": "The paper gives no number for this. ", "zh": "论文没有给出这个数字。"},
    "share": {"en": "The paper gives no share for this. ", "zh": "论文没有给出这个比例。"},
    "sum": {"en": "The paper gives no sum for this. ", "zh": "论文没有给出这个金额。"},
    "place": {"en": "The paper does not name this place. ", "zh": "论文没有说是哪里。"},
    "person": {"en": "The paper does not name this person. ", "zh": "论文没有说是谁。"},
    "date": {"en": "The paper gives no date for this. ", "zh": "论文没有给出这个时间。"},
    "otherwise": {"en": "The paper does not say so. ", "zh": "论文没有这样说。"},
}
_CLOSEST = {"en": "The closest places in it:", "zh": "最接近的地方："}
_PARTLY = {"en": "What it says:", "zh": "论文中有的内容："}
_LEAD_INS = {"en": "The paper says, in Chinese:", "zh": "论文的英文原文写道："}
_REFUSALS = {
    "en": "The paper does not seem to answer this. The closest places in it:",
    "zh": "这篇论文似乎没有回答这个问题。最接近的地方：",
}
_QUOTES = {"zh": "“{}”[{}]", "en": "“{}” [{}]"}


def compose(question: str, extract: Extract) -> Iterator[str]:
    """The answer's text, one more quote each time; [n] marks the n-th sentence."""
    lines = [lead_in(question, extract)]
    if not extract.sentences:
        yield _NOTHING[language_of(question)]
    for marker, sentence in enumerate(extract.sentences, 1):
        lines.append(_QUOTES[language_of(sentence.text)].format(sentence.text, marker))
        yield "\n".join(line for line in lines if line)


_NOTHING = {
    "en": "The paper does not seem to answer this, and nothing in it comes close.",
    "zh": "这篇论文似乎没有回答这个问题，也没有接近的内容。",
}
