"""Fit what tells of follow-ups which sentences they may mean, and whether the paper answers them.

Both learn from the follow-ups of gold questions. Used by `python -m app.fit`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import minimize
from sklearn.linear_model import LogisticRegression

from app.discourse import Rank
from app.doubt import followed_features
from app.examples import Example
from app.features import Evidence
from app.ranker import Calibration
from index.encoder import EPSILON, Floats

NOWHERE = -1e9  # the score of what is no right sentence
HELD = 0.03  # how far weights are held to nothing; by leaving out each lot of conversations in turn
SPREAD = 2.0  # then a further sentence within NEAR is right about as often as of other questions
LOOSE = 0.3  # how far weights may go from nothing; by leaving out a tenth in turn
WRONGLY = 0.015  # of answerable follow-ups, of which other rules refuse .02 more


@dataclass(frozen=True, slots=True)
class Heard:
    """A follow-up: `follows` [sentences, DISCOURSE_FEATURES], the evidence for what was `typed`,
    and how `sure` one is of the question that it was made."""

    example: Example
    follows: Floats
    typed: Evidence
    sure: float


def heard(gold: Iterable[Example], rank: Rank, sure: Callable[[Example], float]) -> Iterator[Heard]:
    """The follow-ups among gold questions."""
    for example in gold:
        if example.follows:
            follows, typed = example.follows(rank)
            yield Heard(example, follows, typed, sure(example))


def fit_discourse(talks: Sequence[Heard]) -> Floats:
    """What tells apart the sentences that a follow-up may mean, shape [DISCOURSE_FEATURES]: a
    conditional logit (McFadden 1974), its weights held near nothing, spread as the ranker is."""
    told = [each for each in talks if each.example.right.any()]
    features = np.concatenate([each.follows for each in told]).astype(np.float64)
    right = np.concatenate([each.example.right for each in told])
    starts = np.cumsum([0, *(len(each.follows) for each in told[:-1])])
    scale = features.std(axis=0) + EPSILON

    def loss(weights: NDArray[np.float64]) -> float:
        scores = features @ (weights / scale)
        every = np.logaddexp.reduceat(scores, starts)
        missed = every - np.logaddexp.reduceat(np.where(right, scores, NOWHERE), starts)
        return float(missed.mean() + HELD * weights @ weights)

    return np.asarray(SPREAD * minimize(loss, np.zeros(len(scale))).x / scale, np.float32)


def fit_followed(talks: Sequence[Heard], weights: Floats) -> tuple[Calibration, float]:
    """The probability that the paper answers a follow-up, and the threshold below which a share
    of those that it answers comes out; `weights` are of `fit_discourse`."""
    features = np.array(
        [
            followed_features(
                each.sure, each.example.typed, each.typed, each.follows, each.follows @ weights
            )
            for each in talks
        ]
    )
    truth = np.array([bool(each.example.answerable) for each in talks])
    scale = features.std(axis=0) + EPSILON
    model = LogisticRegression(C=LOOSE, max_iter=2000).fit(features / scale, truth)
    coefficients = np.asarray(model.coef_[0] / scale, np.float32)
    followed = Calibration(coefficients, float(model.intercept_[0]))
    sure = [followed.probability(each) for each in features[truth]]
    return followed, round(float(np.quantile(sure, WRONGLY)), 3)
