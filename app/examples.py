"""What the small models of the quoted answer are fitted to: questions with what is found for them.

Reads sets of questions on passages, our own gold questions and everyday sentences. Knows nothing
of models.
"""

from __future__ import annotations

import gzip
import json
import random
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from tqdm import tqdm

from app.answers import Turn
from app.assistant import Assistant
from app.discourse import Rank, discourse
from app.extract import CHUNKS
from app.features import SENTENCE_FEATURES, Evidence, gather
from app.pool import PassagePool, held_out
from index.encoder import Floats
from index.places import without_places
from index.retrieval import ScoredChunk

FAR_OFF = 300  # everyday questions of each language
# What an example counts: gold questions are few, but the real thing.
GOLD_WEIGHT, FAR_OFF_WEIGHT, SET_WEIGHT = 3.0, 20.0, 0.3


@dataclass(frozen=True, slots=True)
class Example:
    """A question with what was found for it; `right` [sentences] marks those that answer.
    `answerable` is None for one that tells nothing of whether to answer. `near` is one that a
    paper does not answer though it treats the topic. `follows` gives `app.discourse.discourse` of
    a follow-up, as it was `typed`, from what ranks sentences."""

    question: str
    evidence: Evidence
    right: NDArray[np.bool_]
    answerable: bool | None
    weight: float = SET_WEIGHT
    near: bool = False
    follows: Callable[[Rank], tuple[Floats, Evidence]] | None = None
    typed: str = ""


def _read(path: Path) -> Iterator[dict[str, Any]]:
    with gzip.open(path, "rt", encoding="utf-8") as lines:
        yield from map(json.loads, lines)


def read_examples(folder: Path, limit: int, halved: bool) -> Iterator[Example]:
    """Each question: as it is, inside the passage that answers, and with that out of reach.

    `halved` leaves out those on passages that are held out for measuring.
    """
    documents = _read(folder / "documents.jsonl.gz")
    pool = PassagePool((row["id"], row["text"]) for row in documents)
    rows = [
        row
        for row in _read(folder / "questions.jsonl.gz")
        if not (halved and any(map(held_out, row["gold_doc_ids"])))
    ]
    sample = random.Random(0).sample(rows, min(limit, len(rows)))
    for row in tqdm(sample, desc=folder.name, disable=None):
        question, gold = row["question"], row["gold_doc_ids"]
        answerable = row.get("answerable", True)
        evidence = pool.evidence(question)
        right = _right(row, evidence)
        if right.any() or not answerable:
            yield Example(question, evidence, right, answerable)
        if right.any():
            yield _inside(question, evidence, right, gold)
        if answerable:
            evidence = pool.evidence(question, gold)
            yield Example(question, evidence, np.zeros(len(evidence.sentences), bool), False)


def _right(row: dict[str, Any], evidence: Evidence) -> NDArray[np.bool_]:
    """The sentences in which an answer begins; without offsets, those that hold one."""
    starts = row.get("answer_starts")
    return np.array(
        [
            row.get("answerable", True)
            and s.chunk.doc_id in row["gold_doc_ids"]
            and (
                any(s.start <= start < s.end for start in starts)
                if starts
                else any(answer in s.text for answer in row["answers"])
            )
            for s in evidence.sentences
        ],
        np.bool_,
    )


def _inside(
    question: str, evidence: Evidence, right: NDArray[np.bool_], passages: Sequence[str]
) -> Example:
    """The same with the sentences of the passage alone, which are harder to tell apart."""
    own = np.array([s.chunk.doc_id in passages for s in evidence.sentences], np.bool_)
    traits = evidence.traits[own]
    late = SENTENCE_FEATURES.index("late")
    traits[:, SENTENCE_FEATURES.index("chunk")] = 1.0
    traits[:, SENTENCE_FEATURES.index("lead")] = traits[:, late] - traits[:, late].max()
    sentences = [s for s, kept in zip(evidence.sentences, own, strict=True) if kept]
    inside = replace(
        evidence,
        sentences=sentences,
        met=evidence.met[own],
        traits=traits,
        alike=evidence.alike[own],
    )
    return Example(question, inside, right[own], answerable=None)


def far_off_examples(path: Path, assistant: Assistant) -> Iterator[Example]:
    """Everyday questions, asked of our paper."""
    pairs = list(_read(path))
    random.Random(0).shuffle(pairs)
    english = [p["a"] for p in pairs if p["a"].endswith("?") and len(p["a"].split()) > 4]
    chinese = [p["b"] for p in pairs if p["b"].endswith("？") and len(p["b"]) > 7]
    yield from strangers(english[:FAR_OFF] + chinese[:FAR_OFF], assistant)


def strangers(questions: Iterable[str], assistant: Assistant) -> Iterator[Example]:
    """Questions of other texts, asked of our paper, which answers none."""
    for asked in questions:
        question, evidence, _ = _evidence(asked, assistant)
        wrong = np.zeros(len(evidence.sentences), np.bool_)
        yield Example(question, evidence, wrong, False, FAR_OFF_WEIGHT)


def gold_examples(path: Path, assistant: Assistant) -> Iterator[Example]:
    """Our own questions with what a reader gets for them, follow-ups after their history."""
    for line in path.read_text("utf-8").splitlines():
        yield _example(json.loads(line), assistant)


def _example(row: dict[str, Any], assistant: Assistant) -> Example:
    history: list[Turn] = []
    for earlier in row.get("history", ()):
        history.append(Turn(earlier, assistant.ask(earlier, history).text))
    question, evidence, found = _evidence(row["question"], assistant, history)
    quotes = ["".join(quote.split()) for quote in row.get("evidence", ())]
    texts = ["".join(sentence.text.split()) for sentence in evidence.sentences]
    right = np.array([any(q in text or text in q for q in quotes) for text in texts], bool)
    near = not {"near-miss", "false-premise"}.isdisjoint(row["tags"])
    example = Example(question, evidence, right, row["answerable"], GOLD_WEIGHT, near)
    talk = assistant.talk(row["question"], question, history, found)
    if not talk or not evidence.sentences:
        return example
    follows = partial(discourse, talk, evidence, found, assistant.index.weigh)
    return replace(example, follows=follows, typed=talk.typed)


def _evidence(
    asked: str, assistant: Assistant, history: Sequence[Turn] = ()
) -> tuple[str, Evidence, Sequence[ScoredChunk]]:
    """The question as it was understood, and the chunks that were read."""
    answer = assistant.ask(asked, history)
    question = without_places(answer.standalone_question)
    found = answer.retrieved[:CHUNKS]
    return question, gather(question, found, assistant.index.weigh(question)), found
