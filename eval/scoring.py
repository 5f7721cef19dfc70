"""Scores one answer against its gold question: which metrics apply, and their values.

Knows nothing of how answers are made; what each metric means is in metrics.py.
"""

from __future__ import annotations

from collections.abc import Sequence

from app.answers import Answer
from eval import metrics
from eval.gold import GoldQuestion
from eval.metrics import Span
from index.retrieval import ScoredChunk
from sources.documents import Document

# Of a place in another paper: no evidence, whatever its offsets.
NOWHERE = (0, 0)

Evidence = Sequence[Sequence[Span]]  # for each quote, the spans at which it stands


def chunk_hits(found: Sequence[ScoredChunk], document: Document, evidence: Evidence) -> list[int]:
    """The ranks, from 1, of the chunks that are evidence (see `metrics.supported`)."""
    spans = [span for places in evidence for span in places]
    return [
        rank
        for rank, span in enumerate(_chunk_spans(found, document), 1)
        if metrics.supported(document.text, span, spans)
    ]


def retrieval_scores(
    found: Sequence[ScoredChunk], document: Document, evidence: Evidence
) -> dict[str, float]:
    """hit@1, hit@3, hit@5, MRR@10 and nDCG@10 of the first 10 chunks.

    How many chunks are relevant is not known beyond those found; for nDCG, each quote that no
    found chunk holds counts as one relevant chunk that was missed.
    """
    hits = chunk_hits(found, document, evidence)
    spans = _chunk_spans(found, document)
    missed = sum(
        not any(metrics.supported(document.text, span, places) for span in spans)
        for places in evidence
    )
    return ranking_scores(hits, len(hits) + missed)


def ranking_scores(ranks: Sequence[int], relevant: int) -> dict[str, float]:
    """hit@1, hit@3, hit@5, MRR@10 and nDCG@10 from the ranks of what is relevant (first 10)."""
    return {
        "hit@1": metrics.hit_at_k(ranks, 1),
        "hit@3": metrics.hit_at_k(ranks, 3),
        "hit@5": metrics.hit_at_k(ranks, 5),
        "mrr@10": metrics.reciprocal_rank(ranks),
        "ndcg@10": metrics.ndcg_at_k(ranks, relevant, 10),
    }


def answer_scores(
    question: GoldQuestion, answer: Answer, document: Document, evidence: Evidence
) -> dict[str, float]:
    """The scores of citations, content and refusal; metrics that do not apply are left out.

    A question that was wrongly refused has recall and inclusion 0 and no precision: the places
    that a refusal names are no citations. Their quotes must be verbatim all the same.
    """
    own = [c for c in answer.citations if c.chunk.doc_id == document.doc_id]
    cited = _cited_spans(answer, document)
    refusal = (question.answerable, answer.answered)
    scores: dict[str, float | None] = {
        "quote_fidelity": metrics.quote_fidelity(
            document.text, [(c.quote, (c.start, c.end)) for c in own]
        ),
        "wrongly_refused": metrics.wrongly_refused(*refusal),
        "refusal_recall": metrics.refusal_recall(*refusal),
        "refusal_precision": metrics.refusal_precision(*refusal),
    }
    if question.answerable:
        quotes = [c.quote for c in answer.citations]
        included = metrics.answer_inclusion(answer.text, quotes, question.must_include)
        scores["answer_inclusion"] = 0.0 if included and not answer.answered else included
    if evidence:
        spans = [span for places in evidence for span in places]
        recall = metrics.citation_recall(document.text, cited, evidence)
        scores["citation_recall"] = recall if answer.answered else 0.0
        found = [c for c in own if metrics.supported(document.text, (c.start, c.end), spans)]
        if question.pages and found:
            scores["citation_page"] = metrics.citation_page([c.page for c in found], question.pages)
        if answer.answered:
            scores["citation_precision"] = metrics.citation_precision(document.text, cited, spans)
    return {name: score for name, score in scores.items() if score is not None}


def citation_support(answer: Answer, document: Document, evidence: Evidence) -> list[bool | None]:
    """Whether each citation is evidence (see `metrics.supported`); None without evidence."""
    spans = [span for places in evidence for span in places]
    return [
        metrics.supported(document.text, span, spans) if spans else None
        for span in _cited_spans(answer, document)
    ]


def _cited_spans(answer: Answer, document: Document) -> list[Span]:
    return [
        (c.start, c.end) if c.chunk.doc_id == document.doc_id else NOWHERE for c in answer.citations
    ]


def _chunk_spans(found: Sequence[ScoredChunk], document: Document) -> list[Span]:
    chunks = [scored.chunk for scored in found]
    return [(c.start, c.end) if c.doc_id == document.doc_id else NOWHERE for c in chunks]
