"""Asks an assistant the gold questions and keeps a scored record of each answer.

Knows nothing of how the assistant works, nor of tables.
"""

from __future__ import annotations

from collections.abc import Sequence
from time import perf_counter
from typing import Protocol

from tqdm import tqdm

from app.answers import Answer, Turn
from eval.gold import GoldQuestion, evidence_spans, nearest_place
from eval.journal import Journal
from eval.records import CitedPlace, EvalReport, Record
from eval.scoring import Evidence, answer_scores, chunk_hits, citation_support, retrieval_scores
from index.retrieval import ScoredChunk
from sources.documents import Document
from sources.errors import GoldError

DEPTH = 10  # how many chunks retrieval is asked for


class AskableAssistant(Protocol):
    """What the suite needs of an assistant: any that cites places of the paper can be measured."""

    @property
    def index(self) -> object:
        """What the assistant searches; over another one, a run begins anew."""

    def ask(self, question: str, *, history: Sequence[Turn], top_k: int) -> Answer:
        """The answer to a question, after earlier turns, oldest first, from `top_k` chunks."""


def run(
    gold: Sequence[GoldQuestion],
    assistant: AskableAssistant,
    document: Document,
    journal: Journal | None = None,
) -> EvalReport:
    """Ask every question and score its answer; a progress bar on stderr when it is a terminal.

    Records go to the journal as they are made, and those that it kept are not asked again. A
    follow-up is asked after its history, which the assistant answers first. An answerable
    question whose evidence is nowhere in the paper gets no retrieval and no citation scores.
    Raises GoldError if that is all of them.
    """
    evidence: dict[str, Evidence] = {}
    warnings = []
    for question in gold:
        places = [evidence_spans(document, [quote]) for quote in question.evidence]
        quotes = zip(question.evidence, places, strict=True)
        warnings += [_missing(question, q, document) for q, found in quotes if not found]
        evidence[question.id] = [found for found in places if found] if question.answerable else []
    if any(question.answerable for question in gold) and not any(evidence.values()):
        raise GoldError(
            f"no evidence of these questions is in {document.name} ({warnings[0]}); "
            "mend it, or give the gold file that belongs to this paper"
        )

    kept = journal.kept if journal else {}
    for question in [each for each in gold if each.id not in kept][:1]:
        assistant.ask(question.question, history=(), top_k=DEPTH)  # loads what is no latency
    answered: dict[tuple[str, ...], str] = {}
    records = []
    for question in tqdm(gold, disable=None, unit="question", leave=journal is not None):
        if question.id in kept:
            records.append(kept[question.id])
            continue
        history = _turns(question.history, assistant, answered)
        records.append(_record(question, history, assistant, document, evidence[question.id]))
        if journal:
            journal.add(records[-1])
    return EvalReport(tuple(records), tuple(warnings))


def _missing(question: GoldQuestion, quote: str, document: Document) -> str:
    nearest = nearest_place(document, quote)
    hint = f"; nearest: {document.text[slice(*nearest)]}" if nearest else ""
    return f"{question.id}: not in the paper: {quote}{hint}"


def _turns(
    history: tuple[str, ...],
    assistant: AskableAssistant,
    answered: dict[tuple[str, ...], str],
) -> tuple[Turn, ...]:
    """The conversation as it would have gone; `answered` keeps what follow-ups share."""
    turns: tuple[Turn, ...] = ()
    for at, question in enumerate(history, 1):
        if history[:at] not in answered:
            answered[history[:at]] = assistant.ask(question, history=turns, top_k=DEPTH).text
        turns += (Turn(question, answered[history[:at]]),)
    return turns


def _record(
    question: GoldQuestion,
    history: Sequence[Turn],
    assistant: AskableAssistant,
    document: Document,
    evidence: Evidence,
) -> Record:
    begun = perf_counter()
    answer = assistant.ask(question.question, history=history, top_k=DEPTH)
    seconds = perf_counter() - begun
    scores = answer_scores(question, answer, document, evidence)
    hits: list[int] = []
    if evidence:
        hits = chunk_hits(answer.retrieved, document, evidence)
        scores |= retrieval_scores(answer.retrieved, document, evidence)
        if history:
            scores |= _followup_scores(question, answer, assistant, document, evidence)
    return Record(
        id=question.id,
        question=question.question,
        standalone_question=answer.standalone_question,
        lang=question.lang,
        tags=question.tags,
        answerable=question.answerable,
        answered=answer.answered,
        confidence=answer.confidence,
        hits=tuple(hits),
        answer=answer.text,
        citations=_cited(answer, document, evidence),
        seconds=seconds,
        scores=scores,
        history=question.history,
        evidence=question.evidence,
        must_include=question.must_include,
    )


def _cited(answer: Answer, document: Document, evidence: Evidence) -> tuple[CitedPlace, ...]:
    support = citation_support(answer, document, evidence)
    return tuple(
        CitedPlace(c.quote, c.start, c.end, c.section, is_evidence)
        for c, is_evidence in zip(answer.citations, support, strict=True)
    )


def _followup_scores(
    question: GoldQuestion,
    answer: Answer,
    assistant: AskableAssistant,
    document: Document,
    evidence: Evidence,
) -> dict[str, float]:
    """hit@1 of a follow-up as typed, as the assistant rewrote it, and as a person did."""

    def hit(retrieved: Sequence[ScoredChunk]) -> float:
        return float(chunk_hits(retrieved[:1], document, evidence) == [1])

    scores = {"followup_rewritten": hit(answer.retrieved)}
    for name, form in (("raw", question.question), ("gold", question.standalone)):
        if form:
            asked = assistant.ask(form, history=(), top_k=DEPTH)
            scores[f"followup_{name}"] = hit(asked.retrieved)
    return scores
