"""Fit the two small models of the quoted answer and write `weights.json`.

    python -m app.fit --questions DIR [DIR …] --gold FILE --far-off FILE [--limit N]

Each DIR holds `documents.jsonl.gz` and `questions.jsonl.gz` with answers. The sentence ranker
learns from them which of the sentences found holds the answer. How likely it is that a paper
answers is learned from the gold questions on ours, from the questions of DIR with the passage that
answers them there and taken away, from those that DIR says have no answer, and from the questions
among everyday sentence pairs (`a`, `b`), which no paper answers.
Needs the extra `train`.
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
import torch
from numpy.typing import NDArray
from sklearn.linear_model import LogisticRegression
from tqdm import tqdm

from app.answers import Turn
from app.assistant import Assistant
from app.extract import CHUNKS
from app.features import (
    ANSWERED_FEATURES,
    CHANNELS,
    SENTENCE_FEATURES,
    WORD_FEATURES,
    Evidence,
    answered_features,
    gather,
)
from app.followup import standalone
from app.pool import PassagePool
from app.ranker import WEIGHTS, Calibration, Ranker
from index import TOP_K
from index.encoder import Floats
from index.places import without_places
from sources import language_of

LIMIT = 1_500  # questions of each set
FAR_OFF = 300  # everyday questions of each language
# What an example counts: gold questions are few, but the real thing.
GOLD_WEIGHT, FAR_OFF_WEIGHT, SET_WEIGHT = 3.0, 2.0, 0.3
WRONGLY_REFUSED = 0.06  # the share of answerable gold questions below the threshold
HIDDEN, EPOCHS, BATCH, RATE, DECAY = 12, 6, 16, 0.005, 0.01
# The share of examples that are made to look as if the question were in another language: words
# meet less closely, and no spelling is shared.
FOREIGN, LEAST_MET = 0.35, 0.5
NEAR = 1.0  # more quotes more and is right less often: .71 of citations, 2.0 gives .65

Truth = NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Example:
    """A question with what was found for it; `right` [sentences] marks those that answer."""

    question: str
    evidence: Evidence
    right: Truth
    weight: float = SET_WEIGHT


def _read(path: Path) -> Iterator[dict[str, Any]]:
    with gzip.open(path, "rt", encoding="utf-8") as lines:
        yield from map(json.loads, lines)


def read_examples(folder: Path, limit: int) -> Iterator[Example]:
    """Each question twice: as it is, and with the passages that answer it out of reach."""
    documents = _read(folder / "documents.jsonl.gz")
    pool = PassagePool((row["id"], row["text"]) for row in documents)
    rows = list(_read(folder / "questions.jsonl.gz"))
    sample = random.Random(0).sample(rows, min(limit, len(rows)))
    for row in tqdm(sample, desc=folder.name, disable=None):
        question, gold = row["question"], row["gold_doc_ids"]
        for without in ((), gold):
            evidence = pool.evidence(question, without)
            right = [
                s.chunk.doc_id in gold and any(a in s.text for a in row["answers"])
                for s in evidence.sentences
            ]
            if without or any(right) or not row.get("answerable", True):
                yield Example(question, evidence, np.array(right, bool))
            if not row.get("answerable", True):
                break


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


def fit_ranker(examples: Sequence[Example]) -> Ranker:
    """Softmax cross-entropy over the sentences of each question (ListNet, Cao et al. 2007)."""
    torch.manual_seed(0)
    rng = np.random.default_rng(0)
    inner = torch.nn.Linear(len(WORD_FEATURES), HIDDEN)
    outer = torch.nn.Linear(HIDDEN, len(CHANNELS))
    traits = torch.nn.Parameter(torch.zeros(len(SENTENCE_FEATURES)))
    parameters = [*inner.parameters(), *outer.parameters(), traits]
    optimiser = torch.optim.AdamW(parameters, lr=RATE, weight_decay=DECAY)
    usable = [e for e in examples if e.right.any() and not e.right.all()]
    steps = EPOCHS * -(-len(usable) // BATCH)
    schedule = torch.optim.lr_scheduler.LinearLR(optimiser, 1.0, 0.02, steps)
    for _ in tqdm(range(EPOCHS), desc="ranker", disable=None):
        order = rng.permutation(len(usable))
        for start in range(0, len(order), BATCH):
            optimiser.zero_grad()
            for at in order[start : start + BATCH]:
                example = usable[at]
                words, met, told = map(torch.from_numpy, _disguised(example.evidence, rng))
                gates = outer(torch.tanh(inner(words)))
                scores = (met * gates).sum((1, 2)) + told @ traits
                right = scores[torch.from_numpy(example.right)]
                loss = scores.logsumexp(0) - right.logsumexp(0)
                (example.weight * loss / (BATCH * SET_WEIGHT)).backward()
            torch.nn.utils.clip_grad_norm_(parameters, 1.0)
            optimiser.step()
            schedule.step()

    def layer(linear: torch.nn.Linear) -> Floats:
        both = torch.cat([linear.weight, linear.bias[:, None]], dim=1)
        return np.asarray(both.detach().numpy(), np.float32)

    return Ranker(layer(inner), layer(outer), traits.detach().numpy())


def _disguised(evidence: Evidence, rng: np.random.Generator) -> tuple[Floats, Floats, Floats]:
    """Words, met and traits, for some as if question and paper were in different languages."""
    words, met, traits = evidence.words, evidence.met, evidence.traits
    if rng.random() >= FOREIGN:
        return words, met, traits
    words, met, traits = words.copy(), met.copy(), traits.copy()
    less = rng.uniform(LEAST_MET, 1.0, len(words)).astype(np.float32)
    met *= less[:, None]
    met[:, :, CHANNELS.index("same")] *= less**3
    for name in ("mean_met", "best_met"):
        words[:, WORD_FEATURES.index(name)] *= less
    words[:, WORD_FEATURES.index("common")] *= less > np.mean([LEAST_MET, 1.0])
    for name in ("overlap", "phrase"):
        traits[:, SENTENCE_FEATURES.index(name)] = 0.0
    return words, met, traits


def fit_answered(examples: Sequence[Example], ranker: Ranker) -> tuple[Calibration, Floats]:
    """The probability that the paper answers; also that of each example."""
    rows = np.array([_answered_row(example, ranker) for example in examples])
    truth = [example.right.any() for example in examples]
    model = LogisticRegression(max_iter=2000)
    model.fit(rows, truth, sample_weight=[example.weight for example in examples])
    calibration = Calibration(model.coef_[0].astype(np.float32), float(model.intercept_[0]))
    return calibration, np.asarray(model.predict_proba(rows)[:, 1], np.float32)


def _answered_row(example: Example, ranker: Ranker) -> Floats:
    if not example.evidence.sentences or not len(example.evidence.weights):
        return np.zeros(len(ANSWERED_FEATURES), np.float32)
    return answered_features(example.question, example.evidence, ranker.scores(example.evidence))


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
    answered, probabilities = fit_answered([*gold, *far_off, *sets], ranker)
    fitted = {
        "ranker": {
            "inner": _rounded(ranker.inner),
            "outer": _rounded(ranker.outer),
            "traits": _named(SENTENCE_FEATURES, ranker.traits),
        },
        "answered": _named(ANSWERED_FEATURES, answered.weights) | {"bias": round(answered.bias, 3)},
        "threshold": _threshold(probabilities, gold, foreign=False),
        "foreign_threshold": _threshold(probabilities, gold, foreign=True),
        "near": NEAR,
    }
    options.out.write_text(json.dumps(fitted, indent=1) + "\n", "utf-8")


def _threshold(probabilities: Floats, gold: Sequence[Example], foreign: bool) -> float:
    """Below which the share of answerable gold questions is refused; the gold examples come first
    in `probabilities`."""
    ours = [
        probability
        for probability, example in zip(probabilities, gold, strict=False)
        if example.right.any()
        and foreign
        == (language_of(example.question) != language_of(example.evidence.sentences[0].text))
    ]
    return round(float(np.quantile(ours, WRONGLY_REFUSED)), 3)


def _rounded(weights: Floats) -> list[list[float]]:
    return np.round(weights.astype(np.float64), 3).tolist()  # type: ignore[no-any-return]


def _named(features: Sequence[str], weights: Floats) -> dict[str, float]:
    """The weights that are not nothing."""
    rounded = {n: round(float(w), 3) for n, w in zip(features, weights, strict=True)}
    return {name: weight for name, weight in rounded.items() if weight}


if __name__ == "__main__":
    main()
