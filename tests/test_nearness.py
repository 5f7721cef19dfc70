"""Words of a question that a text meets side by side count for more than scattered ones."""

from __future__ import annotations

import numpy as np
import pytest

from index.encoder import bundled_encoder
from index.late import LateInteraction, TextWords
from index.nearness import WINDOW, neighbours, pair_weights, together

TWO = np.array([0.5, 0.5], np.float32)
START = np.array([0])


def met(length: int, first: int, second: int) -> np.ndarray:
    """The cosines of a text whose words at two places are the question's two words."""
    cosines = np.zeros((length, 2), np.float32)
    cosines[first, 0] = cosines[second, 1] = 1.0
    return cosines


@pytest.mark.parametrize(
    ("first", "second", "expected"), [(3, 4, 1.0), (4, 3, 1.0), (3, 5, 1.0), (3, 6, 0.0)]
)
def test_neighbours_are_met_by_neighbours(first: int, second: int, expected: float) -> None:
    found = neighbours(met(10, first, second), START)
    assert found == pytest.approx(np.array([[expected]]))


def test_each_sentence_has_its_own() -> None:
    cosines = np.concatenate([met(5, 0, 4), met(5, 1, 2)])
    assert neighbours(cosines, np.array([0, 5])).tolist() == [[0.0], [1.0]]


def test_neighbours_tell_as_much_as_both_words() -> None:
    weights = pair_weights(np.array([0.4, 0.4, 0.1, 0.1], np.float32))
    assert weights.sum() == pytest.approx(1.0)
    assert weights[0] > weights[1] > weights[2]


def test_what_is_met_within_the_window() -> None:
    near = together(met(40, 10, 10 + WINDOW), TWO)
    far = together(met(40, 10, 11 + 2 * WINDOW), TWO)
    assert near.max() == pytest.approx(1.0)
    assert far.max() == pytest.approx(0.5)
    assert near.shape == (40,)


def test_what_another_text_meets_is_not_near() -> None:
    question = bundled_encoder().words_of("关税贸易").rows
    assert len(question) == 2

    def near(*texts: str) -> list[float]:
        late = LateInteraction(TextWords.of_texts(texts))
        cosines, firsts = late.cosines(question, np.arange(len(texts)))
        return np.maximum.reduceat(together(np.maximum(cosines, 0), TWO), firsts).tolist()

    assert near("关税贸易") == pytest.approx([1.0])
    assert near("关税", "贸易") == pytest.approx([*near("关税"), *near("贸易")])
    assert max(near("关税", "贸易")) < 0.9


def test_nothing_is_met_by_nothing() -> None:
    assert neighbours(np.zeros((1, 1), np.float32), START).shape == (1, 0)
    assert pair_weights(TWO[:1]).shape == (0,)
    assert together(np.zeros((3, 0), np.float32), TWO[:0]).tolist() == [0.0] * 3
