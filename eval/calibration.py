"""What the confidence is worth: is it right as a probability, and what refusing by it would give.

Pure functions over the confidences of a run and whether each question is answerable, both of
shape [questions]. Knows nothing of how a confidence comes about.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from eval.metrics import RESAMPLES, SEED, Estimate, middle

BINS = 10

Scores = Sequence[float] | NDArray[np.float64]
Truth = Sequence[bool] | NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Bin:
    """The `n` questions of one stretch of confidence: their mean confidence, and the share of
    them that the paper answers."""

    confidence: float
    answerable: float
    n: int


@dataclass(frozen=True, slots=True)
class Operating:
    """What refusing every question with a confidence below `threshold` gives."""

    threshold: float
    precision: float
    recall: float


def reliability(confidences: Scores, answerable: Truth) -> list[Bin]:
    """The questions in ten stretches of equal width from 0 to 1, without those that are empty."""
    scores, truth = np.asarray(confidences, np.float64), np.asarray(answerable, np.float64)
    place = np.minimum((scores * BINS).astype(int), BINS - 1)
    return [
        Bin(float(scores[held].mean()), float(truth[held].mean()), int(held.sum()))
        for held in (place == at for at in range(BINS))
        if held.any()
    ]


def calibration_error(confidences: Scores, answerable: Truth) -> float:
    """Expected calibration error: how far the mean confidence of a bin lies from its share of
    answerable questions, averaged over the bins by their size; 0 is best.

    Naeini, Cooper and Hauskrecht, AAAI 2015, with ten bins of equal width. It is never below 0,
    so chance alone makes it positive: the fewer the questions, the more.
    """
    scores, truth = np.asarray(confidences, np.float64), np.asarray(answerable, np.float64)
    place = np.minimum((scores * BINS).astype(int), BINS - 1)
    # A bin's size times its gap is the sum of what its questions differ by.
    return float(np.abs(np.bincount(place, scores - truth)).sum() / len(scores))


def estimate_calibration(confidences: Scores, answerable: Truth) -> Estimate:
    """The calibration error with its bootstrap interval, which lies a little high (see there)."""
    scores, truth = np.asarray(confidences, np.float64), np.asarray(answerable)
    rows = np.random.default_rng(SEED).integers(len(scores), size=(RESAMPLES, len(scores)))
    errors = np.asarray([calibration_error(scores[row], truth[row]) for row in rows])
    value = calibration_error(confidences, answerable)
    return Estimate(value, len(scores), *middle(errors, 0.95))


def precision_recall(confidences: Scores, answerable: Truth) -> list[Operating]:
    """Precision and recall of refusing at every threshold that makes a difference, ascending.

    Precision is the share of refused questions that the paper does not answer, recall the share of
    unanswerable questions that are refused. Empty when nothing is unanswerable.
    """
    scores, truth = np.asarray(confidences, np.float64), np.asarray(answerable, np.bool_)
    if truth.all():
        return []
    order = np.argsort(scores, kind="stable")
    right = np.cumsum(~truth[order])
    refused = np.arange(1, len(order) + 1)
    # Questions of one confidence are refused together.
    last = np.flatnonzero(np.append(np.diff(scores[order]) > 0, True))
    above = np.append(scores[order][1:], np.inf)
    return [
        Operating(float(above[i]), float(right[i] / refused[i]), float(right[i] / right[-1]))
        for i in last
    ]
