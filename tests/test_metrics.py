from __future__ import annotations

from math import log2

import numpy as np
import pytest
from sklearn.metrics import ndcg_score, roc_auc_score  # type: ignore[import-untyped]

from eval import metrics

# Sentence 1 is [0, 11), sentence 2 [12, 23), sentence 3 [24, 35); ten letters each, white space
# apart: "aaaa aaaaaa", "bbbb bbbbbb", "cccc cccccc".
TEXT = "aaaa aaaaaa bbbb bbbbbb cccc cccccc"
A, B, C = (0, 11), (12, 23), (24, 35)


def test_hit_and_reciprocal_rank() -> None:
    assert [metrics.hit_at_k([3, 7], k) for k in (1, 3, 5)] == [0, 1, 1]
    assert metrics.hit_at_k([], 5) == 0
    assert metrics.reciprocal_rank([4, 9]) == 0.25
    assert metrics.reciprocal_rank([]) == 0


def test_ndcg_by_hand() -> None:
    assert metrics.ndcg_at_k([1], 1, 10) == 1
    assert metrics.ndcg_at_k([2], 1, 10) == pytest.approx(1 / log2(3))
    assert metrics.ndcg_at_k([11], 1, 10) == 0
    assert metrics.ndcg_at_k([1], 2, 10) == pytest.approx(1 / (1 + 1 / log2(3)))


def test_ndcg_agrees_with_scikit_learn() -> None:
    rng = np.random.default_rng(7)
    for _ in range(50):
        relevance = rng.random(30) < 0.2
        relevance[0] = True
        scores = rng.permutation(30)
        ranks = np.flatnonzero(relevance[np.argsort(-scores)]) + 1
        ours = metrics.ndcg_at_k(ranks.tolist(), int(relevance.sum()), 10)
        assert ours == pytest.approx(ndcg_score([relevance], [scores], k=10))


@pytest.mark.parametrize(
    ("span", "evidence", "expected"),
    [
        (A, [A], True),
        (A, [B], False),
        ((0, 35), [B], True),  # holds all of the evidence
        ((0, 17), [B], False),  # 4 of its 14 letters, and 4 of the 10 of the evidence
        ((0, 18), [B], True),  # 5 of the 10 letters of the evidence
        ((5, 17), [B], False),  # 4 of 10
        ((6, 18), [(12, 35)], True),  # 5 of its 10 letters, a quarter of the evidence
        (B, [(0, 15), (21, 35)], True),  # 3 + 2 of its 10 letters, little of each evidence
        (B, [(0, 15), (22, 35)], False),
        ((11, 12), [(0, 35)], False),  # white space only
        (A, [], False),
        ((90, 99), [A], False),
    ],
)
def test_supported(span: metrics.Span, evidence: list[metrics.Span], expected: bool) -> None:
    assert metrics.supported(TEXT, span, evidence) is expected


def test_citation_precision_and_recall() -> None:
    assert metrics.citation_precision(TEXT, [A, C], [A, B]) == 0.5
    assert metrics.citation_precision(TEXT, [], [A]) == 0
    assert metrics.citation_recall(TEXT, [A], [[A], [B]]) == 0.5
    assert metrics.citation_recall(TEXT, [C], [[A, C]]) == 1
    assert metrics.citation_recall(TEXT, [], [[A]]) == 0


def test_quote_fidelity_is_to_the_letter() -> None:
    right, wrong = ("aaaa aaaaaa", A), ("bbbbbbbbbb", B)
    assert metrics.quote_fidelity(TEXT, [right, wrong]) == 0.5
    assert metrics.quote_fidelity(TEXT, []) is None


def test_answer_inclusion_wants_every_group() -> None:
    groups = [["2019 年", "二零一九"], ["WTO"]]
    assert metrics.answer_inclusion("于2019年", ["the wto"], groups) == 1
    assert metrics.answer_inclusion("于2019年", [], groups) == 0
    # A string does not span two quotes.
    assert metrics.answer_inclusion("", ["W", "TO"], [["WTO"]]) == 0
    assert metrics.answer_inclusion("anything", [], []) is None


def test_refusals() -> None:
    cases = [(True, True), (True, False), (False, True), (False, False)]
    assert [metrics.wrongly_refused(*case) for case in cases] == [0, 1, None, None]
    assert [metrics.refusal_recall(*case) for case in cases] == [None, None, 0, 1]
    assert [metrics.refusal_precision(*case) for case in cases] == [None, 0, None, 1]


def test_auroc_by_hand_and_against_scikit_learn() -> None:
    assert metrics.auroc([0.9, 0.8], [0.1]) == 1
    assert metrics.auroc([0.5], [0.5]) == 0.5
    assert metrics.auroc([0.9, 0.2], [0.5]) == 0.5
    rng = np.random.default_rng(7)
    for _ in range(20):
        # Ten levels, so that ties abound.
        positive, negative = rng.integers(10, size=30) / 10, rng.integers(8, size=12) / 10
        labels = [1] * 30 + [0] * 12
        expected = roc_auc_score(labels, np.concatenate([positive, negative]))
        assert metrics.auroc(positive, negative) == pytest.approx(expected)


def test_bootstrap_interval_of_a_mean_is_near_the_normal_one() -> None:
    values = [1.0] * 300 + [0.0] * 100
    low, high = metrics.bootstrap_interval(values)
    half = 1.96 * (0.75 * 0.25 / 400) ** 0.5
    assert (low, high) == pytest.approx((0.75 - half, 0.75 + half), abs=0.01)
    assert metrics.bootstrap_interval(values) == (low, high)
    assert metrics.bootstrap_interval(values, seed=1) != (low, high)
    narrow = metrics.bootstrap_interval(values, level=0.5)
    assert low < narrow[0] < 0.75 < narrow[1] < high


def test_estimates() -> None:
    assert metrics.estimate([1.0, 1.0]) == metrics.Estimate(1.0, 2, 1.0, 1.0)
    latency = metrics.estimate([float(n) for n in range(101)], metrics.percentile_of(95))
    assert (latency.value, latency.n) == (95, 101)
    assert latency.low < 95 < latency.high
    separable = metrics.estimate_auroc([0.8, 0.9], [0.1])
    assert separable == metrics.Estimate(1.0, 3, 1.0, 1.0)
    mixed = metrics.estimate_auroc([0.2, 0.6, 0.9] * 10, [0.1, 0.5, 0.7] * 10)
    assert 0 < mixed.low < mixed.value < mixed.high < 1
