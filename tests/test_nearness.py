"""Words of a question that a text meets side by side count for more than scattered ones."""

from __future__ import annotations

import numpy as np
import pytest

from app.nearness import WINDOW, ordered, together

TWO = np.array([0.5, 0.5], np.float32)


def met(length: int, first: int, second: int) -> np.ndarray:
    """The cosines of a text whose words at two places are the question's two words."""
    cosines = np.zeros((length, 2), np.float32)
    cosines[first, 0] = cosines[second, 1] = 1.0
    return cosines


@pytest.mark.parametrize(
    ("first", "second", "expected"), [(3, 4, 1.0), (4, 3, 1.0), (3, 5, 1.0), (3, 6, 0.0)]
)
def test_neighbours_are_met_by_neighbours(first: int, second: int, expected: float) -> None:
    found = ordered(met(10, first, second), TWO, np.array([0]))
    assert found == pytest.approx([expected], abs=1e-5)


def test_each_sentence_has_its_own() -> None:
    cosines = np.concatenate([met(5, 0, 4), met(5, 1, 2)])
    assert ordered(cosines, TWO, np.array([0, 5])) == pytest.approx([0.0, 1.0], abs=1e-5)


def test_what_is_met_within_the_window() -> None:
    near = together(met(40, 10, 10 + WINDOW), TWO)
    far = together(met(40, 10, 11 + 2 * WINDOW), TWO)
    assert near.max() == pytest.approx(1.0)
    assert far.max() == pytest.approx(0.5)
    assert near.shape == (40,)


def test_nothing_is_met_by_nothing() -> None:
    assert ordered(np.zeros((1, 1), np.float32), TWO[:1], np.array([0])).tolist() == [0.0]
    assert together(np.zeros((3, 0), np.float32), TWO[:0]).tolist() == [0.0] * 3
