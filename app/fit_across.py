"""Fit how likely it is that a paper answers a question in another language: `across` of
`weights.json`.

    python -m app.fit_across --gold FILE --collect ROWS
    python -m app.fit_across --rows ROWS [ROWS …] --strangers DIR [DIR …]

The first writes down the features of the gold questions that our paper answers. A word's meaning
may have been drawn to these very questions (`index.adapt`): collect a part of them at a time, with
an encoder that was drawn to the other parts only. The second tells them from the questions of DIR,
`questions.jsonl.gz`, which ask of other texts. Needs the extra `train`; takes a minute.
"""

from __future__ import annotations

import argparse
import gzip
import json
from collections.abc import Iterable, Sequence
from pathlib import Path

import numpy as np
from sklearn.linear_model import LogisticRegression

from app.assistant import Assistant
from app.doubt import ACROSS_FEATURES, across_features
from app.examples import Example, gold_examples, strangers
from app.extract import is_across
from app.ranker import WEIGHTS, models
from index.encoder import EPSILON, Floats

STRANGERS = 1_000  # questions of each DIR
LOOSE = 0.3  # how far weights may go from nothing
# Of what the paper answers; rules refuse another .005. At .03 the four sets that were left out in
# turn are refused .03 more.
WRONGLY_REFUSED = 0.02


def main(arguments: Sequence[str] | None = None) -> None:
    """Write rows, or fit to them, print what was learned and write the weights."""
    parser = argparse.ArgumentParser(prog="python -m app.fit_across", description=__doc__)
    parser.add_argument("--gold", type=Path, metavar="FILE")
    parser.add_argument("--collect", type=Path, metavar="ROWS")
    parser.add_argument("--rows", type=Path, nargs="*", metavar="ROWS", default=[])
    parser.add_argument("--strangers", type=Path, nargs="*", metavar="DIR", default=[])
    parser.add_argument("--out", type=Path, default=WEIGHTS)
    options = parser.parse_args(arguments)
    if not (options.gold and options.collect) and not (options.rows and options.strangers):
        parser.error("name a FILE and where to collect its ROWS, or ROWS and a DIR of strangers")
    assistant = Assistant.open()
    if options.collect:
        gold = gold_examples(options.gold, assistant)
        np.save(options.collect, _rows(each for each in gold if each.answerable))
        return
    answered = np.concatenate([np.load(each) for each in options.rows])
    strange = np.concatenate(
        [
            _rows(strangers(_questions(folder)[:STRANGERS], assistant))
            for folder in options.strangers
        ]
    )
    fitted = json.loads(WEIGHTS.read_text("utf-8"))
    fitted["across"] = fit(answered, strange, fitted["threshold"])
    print(json.dumps(fitted["across"], indent=1))
    options.out.write_text(json.dumps(fitted, indent=1) + "\n", "utf-8")


def fit(answered: Floats, strange: Floats, threshold: float) -> dict[str, float]:
    """The weights, from features [questions, ACROSS_FEATURES] of what the paper answers and of what
    asks of other texts, each of the two worth the same. The bias has the share WRONGLY_REFUSED of
    what is answered below the threshold."""
    features = np.concatenate([answered, strange]).astype(np.float64)
    truth = np.arange(len(features)) < len(answered)
    mean, spread = features.mean(axis=0), features.std(axis=0) + EPSILON
    model = LogisticRegression(C=LOOSE, max_iter=2000)
    worth = np.where(truth, 1.0, len(answered) / len(strange))
    model.fit((features - mean) / spread, truth, sample_weight=worth)
    weights = np.round(model.coef_[0] / spread, 3)
    least = np.quantile(features[truth] @ weights, WRONGLY_REFUSED)
    bias = round(float(np.log(threshold / (1 - threshold)) - least), 3)
    return dict(zip(ACROSS_FEATURES, weights.tolist(), strict=True)) | {"bias": bias}


def _rows(examples: Iterable[Example]) -> Floats:
    """The features of those in another language than the sentence that ranks first."""
    rows = [np.zeros((0, len(ACROSS_FEATURES)), np.float32)]
    for each in examples:
        if each.evidence.sentences:
            scores = models().ranker.scores(each.evidence)
            if is_across(each.question, each.evidence, scores):
                rows.append(across_features(each.question, each.evidence, scores)[None])
    return np.concatenate(rows)


def _questions(folder: Path) -> list[str]:
    with gzip.open(folder / "questions.jsonl.gz", "rt", encoding="utf-8") as lines:
        return [json.loads(line)["question"] for line in lines]


if __name__ == "__main__":
    main()
