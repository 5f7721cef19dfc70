"""Measures whole answers on a set of papers, each question asked of its own paper alone.

Much may be fitted to one paper, ours above all, less to a hundred. Knows nothing of how they are
indexed.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

from tqdm import tqdm

from eval.gold import GoldQuestion, evidence_spans
from eval.jsonl import Line, read_jsonl
from eval.records import EvalReport, Record
from eval.runner import AskableAssistant, run
from sources import split_sentences
from sources.documents import Document
from sources.errors import GoldError


@dataclass(frozen=True, slots=True)
class PaperSet:
    """The texts of papers by id, and the questions on each that has some."""

    texts: Mapping[str, str]
    questions: Mapping[str, tuple[GoldQuestion, ...]]


def read_papers(documents: Path, questions: Path, limit: int | None = None) -> PaperSet:
    """A set of papers with the first `limit` questions that are on one of them alone.

    What supports an answer are the quotes in `evidence`, without them the sentences of the paper
    in which `answers` begin at `answer_starts`, without these the answers. Raises GoldError that
    names a wrong line.
    """
    texts = {line.text("id"): line.text("text") for line in read_jsonl(documents)}
    asked: dict[str, list[GoldQuestion]] = {}
    for line in [*read_jsonl(questions)][:limit]:
        papers = line.texts("gold_doc_ids")
        if unknown := sorted(set(papers) - texts.keys()):
            raise line.error(f'document "{unknown[0]}" is unknown', "add it to the documents")
        if len(papers) == 1:
            asked.setdefault(papers[0], []).append(_question(line, texts[papers[0]]))
    if not asked:
        raise GoldError(f"{questions}: no question on one paper alone; nothing to measure")
    kept = {paper: tuple(each) for paper, each in asked.items()}
    return PaperSet({paper: texts[paper] for paper in kept}, kept)


def measure(
    papers: PaperSet, opened: Iterable[tuple[str, AskableAssistant, Document]]
) -> tuple[EvalReport, int]:
    """A record for each question, and how many were left out, as what supports their answer is
    not in the text as it was read. `opened` are the papers' ids, each with what answers on it."""
    records: list[Record] = []
    left_out = 0
    with tqdm(total=len(papers.texts), disable=None, unit="paper") as progress:
        for paper, assistant, document in opened:
            asked = papers.questions[paper]
            usable = [q for q in asked if not q.answerable or evidence_spans(document, q.evidence)]
            left_out += len(asked) - len(usable)
            records += run(usable, assistant, document).records
            progress.update()
    return EvalReport(tuple(records), ()), left_out


def _question(line: Line, text: str) -> GoldQuestion:
    answerable = line.flag("answerable", True)
    answers = line.texts("answers", ()) if answerable else ()
    starts = line.fields.get("answer_starts") or ()
    begun = [
        text[start:end]
        for start, end in (split_sentences(text) if starts else ())
        if any(start <= at < end for at in starts)
    ]
    return GoldQuestion(
        id=line.text("id"),
        question=line.text("question"),
        lang=line.text("lang"),
        history=(),
        answerable=answerable,
        evidence=(line.texts("evidence", ()) or tuple(begun) or answers) if answerable else (),
        must_include=(answers,) if answers else (),
        tags=(),
    )
