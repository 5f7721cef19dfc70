from __future__ import annotations

import numpy as np
import pytest
from sklearn.metrics import precision_recall_curve  # type: ignore[import-untyped]

from eval.calibration import (
    Operating,
    calibration_error,
    estimate_calibration,
    precision_recall,
    reliability,
)


def test_calibration_error_by_hand() -> None:
    # Bins .2 to .3 (mean .25, none answerable) and .9 to 1 (mean .95, two of three).
    confidences, answerable = [0.25, 0.91, 0.94, 1.0], [False, True, True, False]
    assert [b.n for b in reliability(confidences, answerable)] == [1, 3]
    assert calibration_error(confidences, answerable) == pytest.approx(
        0.25 * 0.25 + 0.75 * (0.95 - 2 / 3)
    )
    assert calibration_error([1.0, 0.0], [True, False]) == 0


def test_a_calibrated_confidence_has_a_small_error_and_a_skewed_one_has_not() -> None:
    rng = np.random.default_rng(7)
    confidences = rng.random(4000)
    truth = rng.random(4000) < confidences
    right = estimate_calibration(confidences.tolist(), truth.tolist())
    skewed = estimate_calibration((confidences**2).tolist(), truth.tolist())
    assert right.value < 0.03
    assert right.low <= right.value * 1.5
    assert skewed.low > 0.1
    assert skewed.n == 4000


def test_precision_recall_by_hand() -> None:
    assert precision_recall([0.1, 0.4, 0.9], [False, True, False]) == [
        Operating(0.4, 1.0, 0.5),
        Operating(0.9, 0.5, 0.5),
        Operating(float("inf"), pytest.approx(2 / 3), 1.0),
    ]
    assert precision_recall([0.5], [True]) == []


def test_precision_recall_agrees_with_scikit_learn() -> None:
    rng = np.random.default_rng(3)
    for _ in range(20):
        confidences = rng.integers(12, size=40) / 12  # ties abound
        truth = rng.random(40) < 0.7
        truth[0] = False
        ours = precision_recall(confidences.tolist(), truth.tolist())
        precision, recall, _ = precision_recall_curve(~truth, -confidences)
        # Theirs runs from all refused to none refused, which ours leaves out.
        expected = list(zip(precision[:-1], recall[:-1], strict=True))[::-1]
        assert np.array([(p.precision, p.recall) for p in ours]) == pytest.approx(
            np.array(expected)
        )
