"""Measures how well a passage is read: the right sentence first, and how sure to be.

Any set of passages with questions and answers will do. Knows nothing of papers.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np
from tqdm import tqdm

from app.extract import probability
from app.pool import PassagePool, held_out
from app.ranker import models
from eval.jsonl import read_jsonl
from eval.metrics import estimate, estimate_auroc
from eval.report import Row, table
from sources.errors import GoldError


@dataclass(frozen=True, slots=True)
class Asked:
    """A question on a passage; `answers` are strings of it, none where it does not answer."""

    question: str
    passage: str
    answers: tuple[str, ...]


def measure(documents: Path, questions: Path, limit: int | None = None, half: bool = False) -> str:
    """A table of three numbers for the first `limit` questions; with `half`, for those on the half
    of the passages that fitting leaves out of a set that serves for both.

    `sentence inside`: of the sentences of the passage that answers, the first holds an answer;
    passages of one sentence do not count. `sentence found`: the same among the sentences that
    retrieval finds in all passages. `refusal_auroc`: how likely a question that is answered gets
    a higher confidence than one that is not. Raises GoldError that names a wrong line.
    """
    pool = PassagePool((line.text("id"), line.text("text")) for line in read_jsonl(documents))
    inside: list[float] = []
    found: list[float] = []
    confidences: dict[bool, list[float]] = {True: [], False: []}
    for asked in tqdm(_read(questions, pool, half)[:limit], disable=None, unit="question"):
        evidence = pool.evidence(asked.question)
        confidence = 0.0
        if evidence.sentences:
            scores = models().ranker.scores(evidence)
            confidence = probability(asked.question, evidence, scores)
        confidences[bool(asked.answers)].append(confidence)
        if not asked.answers:
            continue
        of_passage = pool.evidence_in(asked.question, asked.passage)
        for kept, each in ((inside, of_passage), (found, evidence)):
            right = [
                s.chunk.doc_id == asked.passage and any(a in s.text for a in asked.answers)
                for s in each.sentences
            ]
            if kept is found or (any(right) and len(right) > 1):
                best = int(np.argmax(models().ranker.scores(each))) if right else None
                kept.append(float(best is not None and right[best]))
    row: Row = {"sentence inside": estimate(inside), "sentence found": estimate(found)}
    if all(confidences.values()):
        row["refusal_auroc"] = estimate_auroc(confidences[True], confidences[False])
    return "\n".join(table({questions.parent.name: row}, tuple(row)))


def _read(path: Path, pool: PassagePool, half: bool) -> list[Asked]:
    asked = []
    for line in read_jsonl(path):
        passages = line.texts("gold_doc_ids")
        if unknown := sorted(set(passages) - pool.texts.keys()):
            raise line.error(f'document "{unknown[0]}" is unknown', "add it to the documents")
        answers = line.texts("answers", ()) if line.flag("answerable", True) else ()
        if passages and (not half or held_out(passages[0])):
            asked.append(Asked(line.text("question"), passages[0], answers))
    if not any(each.answers for each in asked):
        raise GoldError(f"{path}: no question with an answer; nothing to measure")
    return asked
