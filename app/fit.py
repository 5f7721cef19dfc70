"""Fit the two small models of the quoted answer and write `weights.json`.

    python -m app.fit --questions DIR [DIR …] --gold FILE --far-off FILE [--limit N]

Each DIR holds `documents.jsonl.gz` and `questions.jsonl.gz` with answers. The sentence ranker
learns from them: pairs of sentences of the chunks found, one that holds the answer and one that
does not. How likely it is that a paper answers is learned from the gold questions on ours, from the
questions of DIR with the passage that answers them there and taken away, and from the questions
among everyday sentence pairs (`a`, `b`), which no paper answers.
Needs scikit-learn.
"""

from __future__ import annotations

import argparse
import gzip
import json
import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from sklearn.linear_model import LogisticRegression
from tqdm import tqdm

from app.answers import Turn
from app.assistant import Assistant
from app.extract import CHUNKS, WEIGHTS, LinearModel
from app.features import (
    ANSWERED_FEATURES,
    SENTENCE_FEATURES,
    Evidence,
    answered_features,
    gather,
)
from app.followup import standalone
from index import TOP_K, Chunk, chunk
from index.encoder import Floats
from index.places import without_places
from index.retrieval import ScoredChunk, Searcher
from sources import Document

LIMIT = 1_500  # questions of each set
FAR_OFF = 300  # everyday questions of each language
# What an example counts: gold questions are few, but the real thing.
GOLD_WEIGHT, FAR_OFF_WEIGHT, SET_WEIGHT = 6.0, 2.0, 0.3
WRONGLY_REFUSED = 0.02  # the share of answerable gold questions below the threshold


@dataclass(frozen=True, slots=True)
class Example:
    """A question with what was found for it; `right` [sentences] marks those that answer."""

    question: str
    evidence: Evidence
    right: np.ndarray
    weight: float = SET_WEIGHT


class Pool:
    """The passages of one set, chunked and searchable."""

    def __init__(self, folder: Path) -> None:
        self.chunks: list[Chunk] = []
        for row in _read(folder / "documents.jsonl.gz"):
            self.chunks += chunk(Document(row["id"], row["text"], row["id"]))
        texts = [each.text for each in self.chunks]
        self._searcher = Searcher.from_texts(texts)
        self.weigh = self._searcher.weigh

    def found(self, question: str, without: Sequence[str] = ()) -> list[ScoredChunk]:
        """The best chunks, none of them of the documents `without`."""
        hits = [
            (self.chunks[position], score)
            for position, score in self._searcher.search(question, 2 * CHUNKS)
            if self.chunks[position].doc_id not in without
        ]
        return [ScoredChunk(each, s, rank) for rank, (each, s) in enumerate(hits[:CHUNKS], 1)]


def _read(path: Path) -> Iterator[dict[str, Any]]:
    with gzip.open(path, "rt", encoding="utf-8") as lines:
        yield from map(json.loads, lines)


def read_examples(folder: Path, limit: int) -> Iterator[Example]:
    """Each question twice: as it is, and with the passages that answer it out of reach."""
    pool = Pool(folder)
    rows = [r for r in _read(folder / "questions.jsonl.gz") if r.get("answers")]
    for row in tqdm(
        random.Random(0).sample(rows, min(limit, len(rows))), desc=folder.name, disable=None
    ):
        question, gold = row["question"], row["gold_doc_ids"]
        for without in ((), gold):
            evidence = gather(question, pool.found(question, without), pool.weigh(question))
            right = [
                s.chunk.doc_id in gold and any(a in s.text for a in row["answers"])
                for s in evidence.sentences
            ]
            if without or any(right):
                yield Example(question, evidence, np.array(right, bool))


def far_off_examples(path: Path, assistant: Assistant) -> Iterator[Example]:
    """Everyday questions, asked of our paper."""
    pairs = list(_read(path))
    random.Random(0).shuffle(pairs)
    english = [p["a"] for p in pairs if p["a"].endswith("?") and len(p["a"].split()) > 4]
    chinese = [p["b"] for p in pairs if p["b"].endswith("？") and len(p["b"]) > 7]
    for question in english[:FAR_OFF] + chinese[:FAR_OFF]:
        evidence = _evidence(question, assistant)
        yield Example(question, evidence, np.zeros(len(evidence.sentences), bool), FAR_OFF_WEIGHT)


def _evidence(question: str, assistant: Assistant) -> Evidence:
    index, question = assistant.index, without_places(question)
    found = index.search(question, TOP_K)[:CHUNKS]
    return gather(question, found, index.weigh(question))


def gold_examples(path: Path, assistant: Assistant) -> Iterator[Example]:
    """Our own questions, follow-ups made to stand alone."""
    for line in path.read_text("utf-8").splitlines():
        row = json.loads(line)
        history = [Turn(each) for each in row.get("history", ())]
        question = standalone(row["question"], history, assistant.scores)
        evidence = _evidence(question, assistant)
        quotes = ["".join(quote.split()) for quote in row.get("evidence", ())]
        texts = ["".join(sentence.text.split()) for sentence in evidence.sentences]
        right = [any(q in text or text in q for q in quotes) for text in texts]
        yield Example(question, evidence, np.array(right, bool), GOLD_WEIGHT)


def fit_ranker(examples: Sequence[Example]) -> LinearModel:
    """Logistic regression on differences of a right and a wrong sentence (RankNet without a
    hidden layer, Burges et al. 2005)."""
    differences, weights = [], []
    for example in examples:
        right = example.evidence.features[example.right]
        wrong = example.evidence.features[~example.right]
        if len(right) and len(wrong):
            pairs = (right[:, None] - wrong[None]).reshape(-1, len(SENTENCE_FEATURES))
            differences.append(pairs)
            weights += [example.weight / len(pairs)] * len(pairs)
    rows = np.concatenate(differences)
    model = LogisticRegression(fit_intercept=False, max_iter=1000)
    model.fit(
        np.concatenate([rows, -rows]),
        np.repeat([1, 0], len(rows)),
        sample_weight=np.array(weights * 2) * len(rows) / sum(weights),
    )
    return LinearModel(model.coef_[0].astype(np.float32), 0.0)


def fit_answered(
    examples: Sequence[Example], ranker: LinearModel
) -> tuple[LinearModel, Floats, Floats]:
    """The probability that the paper answers; also each example's probability and its truth."""
    rows, truth = [], []
    examples = [example for example in examples if len(example.evidence.weights)]
    for example in examples:
        scores = ranker.scores(example.evidence.features)
        order = np.argsort(-scores, kind="stable")
        rows.append(answered_features(example.question, example.evidence, order, scores))
        truth.append(example.right.any())
    model = LogisticRegression(max_iter=1000, C=1.0)
    model.fit(np.array(rows), truth, sample_weight=[example.weight for example in examples])
    linear = LinearModel(model.coef_[0].astype(np.float32), float(model.intercept_[0]))
    return linear, model.predict_proba(np.array(rows))[:, 1], np.array(truth, np.float32)


def main(arguments: Sequence[str] | None = None) -> None:
    """Fit, print what was learned and write the weights."""
    parser = argparse.ArgumentParser(prog="python -m app.fit", description=__doc__)
    parser.add_argument("--questions", type=Path, nargs="+", metavar="DIR", required=True)
    parser.add_argument("--gold", type=Path, metavar="FILE", required=True)
    parser.add_argument("--far-off", type=Path, metavar="FILE", required=True)
    parser.add_argument("--limit", type=int, default=LIMIT, help="questions of each DIR")
    parser.add_argument("--out", type=Path, default=WEIGHTS)
    options = parser.parse_args(arguments)
    assistant = Assistant.open()
    gold = list(gold_examples(options.gold, assistant))
    far_off = list(far_off_examples(options.far_off, assistant))
    sets = [e for folder in options.questions for e in read_examples(folder, options.limit)]
    ranker = fit_ranker([*sets, *gold])
    answered, probabilities, truth = fit_answered([*gold, *far_off, *sets], ranker)
    ours, right = probabilities[: len(gold)], truth[: len(gold)] > 0
    fitted = {
        "sentence": _named(SENTENCE_FEATURES, ranker),
        "answered": _named(ANSWERED_FEATURES, answered),
        "threshold": round(float(np.quantile(ours[right], WRONGLY_REFUSED)), 3),
        "near": 0.35,
    }
    options.out.write_text(json.dumps(fitted, indent=1) + "\n", "utf-8")
    print(json.dumps(fitted, indent=1))


def _named(features: Sequence[str], model: LinearModel) -> dict[str, float]:
    weights = {name: round(float(w), 3) for name, w in zip(features, model.weights, strict=True)}
    return weights | {"bias": round(model.bias, 3)}


if __name__ == "__main__":
    main()
