"""The small models of the quoted answer, read from `weights.json`.

The ranker scores sentences: every word of the question gets a weight for each way in which a
sentence may meet it, from a hidden layer over what is known of the word. The traits of the
sentence are added, and a hidden layer over both, for what counts only together. The calibration
turns features of the best sentence into the probability that the paper answers. What tells the
sentences apart that a follow-up may mean is weighed once more. All are fitted by
`python -m app.fit`.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import numpy as np

from app.discourse import DISCOURSE_FEATURES
from app.doubt import ACROSS_FEATURES, ANSWERED_FEATURES, FOLLOWED_FEATURES
from app.features import SENTENCE_FEATURES, Evidence
from app.premises import OBJECTIONS
from index.encoder import Floats

WEIGHTS = Path(__file__).with_name("weights.json")


@dataclass(frozen=True, slots=True)
class Ranker:
    """`inner` [hidden, WORD_FEATURES + 1] and `outer` [CHANNELS, hidden + 1] weigh words;
    `traits` [SENTENCE_FEATURES] weighs the rest; `joint` [units, SENTENCE_FEATURES + CHANNELS + 1]
    and `out` [units] weigh all of it together. Last columns are biases."""

    inner: Floats
    outer: Floats
    traits: Floats
    joint: Floats
    out: Floats

    def scores(self, evidence: Evidence) -> Floats:
        """Log-odds of the sentences up to a constant, shape [sentences]."""
        hidden = np.tanh(evidence.words @ self.inner[:, :-1].T + self.inner[:, -1])
        gates = hidden @ self.outer[:, :-1].T + self.outer[:, -1]
        met = np.einsum("swc,wc->sc", evidence.met, gates)
        both = np.concatenate([evidence.traits, met], axis=1)
        joint = np.tanh(both @ self.joint[:, :-1].T + self.joint[:, -1]) @ self.out
        return np.asarray(met.sum(axis=1) + evidence.traits @ self.traits + joint, np.float32)


@dataclass(frozen=True, slots=True)
class Calibration:
    """A logistic regression."""

    weights: Floats
    bias: float

    def probability(self, features: Floats) -> float:
        """How likely it is that the paper answers, shape [] for features [features]."""
        return float(1 / (1 + np.exp(-(features @ self.weights + self.bias))))

    def ratio(self, features: Floats) -> float:
        """The same beside features that are all nothing."""
        return self.probability(features) / self.probability(np.zeros_like(features))


@dataclass(frozen=True, slots=True)
class Models:
    """`answered` weighs ANSWERED_FEATURES, whether the paper speaks of what is asked, `across`
    ACROSS_FEATURES, the same across languages, `granted` OBJECTIONS, whether it says just this.
    `discourse` [DISCOURSE_FEATURES] gives the log-odds of the sentences for a follow-up, `followed`
    weighs FOLLOWED_FEATURES, whether the paper answers one. Below `threshold` the answer is a
    refusal; `followed_threshold` is for what `followed` gives. A further sentence is quoted only
    when its log-odds are within `near` of the best one's."""

    ranker: Ranker
    answered: Calibration
    across: Calibration
    granted: Calibration
    discourse: Floats
    followed: Calibration
    threshold: float
    followed_threshold: float
    near: float


@cache
def models() -> Models:
    """The fitted models, read once."""
    fitted = json.loads(WEIGHTS.read_text("utf-8"))
    ranker = fitted["ranker"]
    return Models(
        Ranker(
            np.asarray(ranker["inner"], np.float32),
            np.asarray(ranker["outer"], np.float32),
            _weights(ranker["traits"], SENTENCE_FEATURES),
            np.asarray(ranker["joint"], np.float32),
            np.asarray(ranker["out"], np.float32),
        ),
        _calibration(fitted["answered"], ANSWERED_FEATURES),
        _calibration(fitted["across"], ACROSS_FEATURES),
        _calibration(fitted["granted"], OBJECTIONS),
        _weights(fitted["discourse"], DISCOURSE_FEATURES),
        _calibration(fitted["followed"], FOLLOWED_FEATURES),
        fitted["threshold"],
        fitted["followed_threshold"],
        fitted["near"],
    )


def _calibration(fitted: dict[str, float], features: Sequence[str]) -> Calibration:
    return Calibration(_weights(fitted, features), fitted["bias"])


def _weights(fitted: dict[str, float], features: Sequence[str]) -> Floats:
    return np.asarray([fitted.get(name, 0.0) for name in features], np.float32)
