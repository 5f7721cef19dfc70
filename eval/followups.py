"""Measures on any set of conversations how follow-ups are rewritten, by what retrieval then finds.

Knows nothing of how they are rewritten or searched.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from tqdm import tqdm

from app.answers import Turn
from app.followup import standalone
from eval.jsonl import Line, read_jsonl
from eval.metrics import estimate
from eval.report import Row, table
from eval.retrieval import DEPTH, Build
from eval.scoring import ranking_scores
from sources.errors import GoldError

METRICS = ("hit@1", "hit@5", "mrr@10")


@dataclass(frozen=True, slots=True)
class FollowUp:
    """A question, the turns before it and the ids of the documents that answer it."""

    question: str
    history: tuple[Turn, ...]
    gold: frozenset[str]


@dataclass(frozen=True, slots=True)
class FollowUps:
    """Documents by id and the follow-ups on them."""

    documents: Mapping[str, str]
    questions: Sequence[FollowUp]


def read_followups(documents: Path, questions: Path) -> FollowUps:
    """Questions (question, gold_doc_ids, history) on documents (id, text), JSON Lines or .gz.

    First questions and those that no document answers are left out. Raises GoldError that names
    a wrong line.
    """
    texts = {line.text("id"): line.text("text") for line in read_jsonl(documents)}
    asked = []
    for line in read_jsonl(questions):
        gold, history = frozenset(line.texts("gold_doc_ids")), _history(line)
        if unknown := sorted(gold - texts.keys()):
            raise line.error(f'document "{unknown[0]}" is unknown', f"add it to {documents}")
        if history and gold and line.flag("answerable", True):
            asked.append(FollowUp(line.text("question"), history, gold))
    if not asked:
        raise GoldError(f"{questions}: no follow-up that a document answers; nothing to measure")
    return FollowUps(texts, asked)


def _history(line: Line) -> tuple[Turn, ...]:
    """What was said, question and answer in turn: texts, or objects that hold a "text"."""
    told = line.fields.get("history") or ()
    said = [each.get("text") if isinstance(each, dict) else each for each in told]
    texts = [each for each in said if isinstance(each, str)]
    if len(texts) < len(said):
        raise line.error('"history" is not a list of texts', 'write "history": ["...", "..."]')
    return tuple(Turn(*texts[at : at + 2]) for at in range(0, len(texts), 2))


def measure(followups: FollowUps, build: Build) -> str:
    """A table: the question as typed, as rewritten (and searched as typed, too, as the assistant
    does), and with the whole history in front, and what the latter two gain on the first. Gains
    are paired: of each question, with the bootstrap interval of their mean. The documents stand
    in no order here, so that none is nearer than others to the last answer."""
    ids, pool = list(followups.documents), build(list(followups.documents.values()))
    scores: defaultdict[str, defaultdict[str, list[float]]]
    scores = defaultdict(lambda: defaultdict(list))
    for asked in tqdm(followups.questions, disable=None, unit="question"):
        told = [text for turn in asked.history for text in (turn.question, turn.answer_text)]
        forms = {
            "as typed": asked.question,
            "as rewritten": standalone(asked.question, asked.history),
            "whole history": " ".join([*told, asked.question]),
        }
        for form, text in forms.items():
            before = asked.question if form == "as rewritten" else text
            found = pool.search(text, DEPTH, typed=before)
            ranks = [rank for rank, (at, _) in enumerate(found, 1) if ids[at] in asked.gold]
            for metric, score in ranking_scores(ranks, len(asked.gold)).items():
                scores[form][metric].append(score)
    rows: dict[str, Row] = {
        form: {metric: estimate(values) for metric, values in own.items()}
        for form, own in scores.items()
    }
    typed = scores["as typed"]
    for form in ("as rewritten", "whole history"):
        rows[f"gain, {form}"] = {
            metric: estimate([a - b for a, b in zip(values, typed[metric], strict=True)])
            for metric, values in scores[form].items()
        }
    return "\n".join(["value [95 % interval] n", "", *table(rows, METRICS)])
