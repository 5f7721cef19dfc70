"""Two runs over the same questions: what changed, and is it more than chance?

Every metric gets a paired permutation test (Fisher, 1935): if the runs were alike, which of them
gave which of a question's two scores would be a coin toss. It asks nothing of how scores are
distributed, holds for few questions, tests AUROC and calibration error as well as means, and on
scores of 0 and 1 it is McNemar's exact test. The interval is a paired bootstrap. As a dozen
metrics are tested, a change for the worse counts when Holm's (1979) adjusted p is below .05.

Latency is shown, not tested: two runs meet two different loads of the machine.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import product

import numpy as np
from numpy.typing import NDArray

from eval.calibration import calibration_error
from eval.metrics import RESAMPLES, SEED, Floats, auroc, middle
from eval.records import EvalReport, Record
from eval.report import METRICS, aligned, short
from sources.errors import GoldError

LEVEL = 0.05
RESHUFFLES = 9999
EXACT = 12  # differing questions up to which every reshuffle is tried
LOWER_IS_BETTER = frozenset({"wrongly_refused", "calibration_error"})
# The mean of refusal_precision is over the questions that a run chose to refuse: two runs have no
# pairs. wrongly_refused and refusal_recall test the same.
UNTESTED = frozenset({"refusal_precision", "latency_p50_ms", "latency_p95_ms"})
FLIPS = ("hit@1", "wrongly_refused", "refusal_recall", "citation_precision", "answer_inclusion")

Pair = tuple[Record, Record]
Truth = NDArray[np.bool_]
# Maps the scores of one run and whether each question is answerable, both (questions,), to a
# number.
Statistic = Callable[[Floats, Truth], float]


@dataclass(frozen=True, slots=True)
class Change:
    """A metric of both runs over the same `n` questions; `low` to `high` is the 95 % interval of
    new - old, `p` the two-sided p-value, `adjusted` the one after Holm."""

    metric: str
    old: float
    new: float
    n: int
    low: float
    high: float
    p: float
    adjusted: float

    @property
    def worse(self) -> bool:
        """Whether the new run is worse by more than chance explains."""
        lost = self.new > self.old if self.metric in LOWER_IS_BETTER else self.new < self.old
        return lost and self.adjusted < LEVEL


def pair_up(old: EvalReport, new: EvalReport) -> list[Pair]:
    """The records of questions that both runs asked, in the same words and after the same ones."""
    asked = {(r.id, r.question, r.history): r for r in old.records}
    keys = [(r.id, r.question, r.history) for r in new.records]
    return [(asked[key], r) for key, r in zip(keys, new.records, strict=True) if key in asked]


def changes(pairs: Sequence[Pair]) -> list[Change]:
    """Every metric that both runs measured, tested; each over the questions it applies to in
    both."""
    found = []
    for metric in (name for name in METRICS if name not in UNTESTED):
        scored = [(a, b) for a, b in pairs if None not in (_score(metric, a), _score(metric, b))]
        truth = np.asarray([b.answerable for _, b in scored], np.bool_)
        by_truth = metric in BY_TRUTH
        if not scored or (by_truth and (truth.all() or not truth.any())):
            continue
        old, new = np.asarray([[_score(metric, r) for r in p] for p in scored], np.float64).T
        found.append(_change(metric, old, new, truth, BY_TRUTH.get(metric, _mean)))
    return _holm(found)


def _score(metric: str, record: Record) -> float | None:
    return record.confidence if metric in BY_TRUTH else record.scores.get(metric)


def _mean(scores: Floats, truth: Truth) -> float:
    return float(scores.mean())


BY_TRUTH: Mapping[str, Statistic] = {
    "refusal_auroc": lambda scores, truth: auroc(scores[truth], scores[~truth]),
    "calibration_error": calibration_error,
}


def _change(metric: str, old: Floats, new: Floats, truth: Truth, statistic: Statistic) -> Change:
    rng = np.random.default_rng(SEED)
    draws = rng.integers(len(old), size=(RESAMPLES, len(old)))
    if metric in BY_TRUTH:  # a resample without one of the classes has no AUROC
        draws = draws[truth[draws].any(axis=1) & ~truth[draws].all(axis=1)]
    gains = [statistic(new[d], truth[d]) - statistic(old[d], truth[d]) for d in draws]
    low, high = middle(np.asarray(gains), 0.95)
    p = permutation_p(old, new, truth, statistic)
    before, after = statistic(old, truth), statistic(new, truth)
    return Change(metric, before, after, len(old), low, high, p, p)


def permutation_p(old: Floats, new: Floats, truth: Truth, statistic: Statistic = _mean) -> float:
    """How often runs that are alike differ as much as these do, one way or the other.

    Each reshuffle swaps the two scores of a question or leaves them. All are tried where at most
    12 questions differ; else 9999 are drawn, and the p-value counts the runs as they are as one
    more (Phipson and Smyth, 2010).
    """
    differing = np.flatnonzero(old != new)
    observed = abs(statistic(new, truth) - statistic(old, truth))
    exact = len(differing) <= EXACT
    swaps: Iterable[Sequence[bool] | Truth] = (
        product([False, True], repeat=len(differing))
        if exact
        else np.random.default_rng(SEED).random((RESHUFFLES, len(differing))) < 0.5
    )
    extreme = total = 0
    for swap in swaps:
        rows = differing[np.asarray(swap, np.bool_)]
        left, right = old.copy(), new.copy()
        left[rows], right[rows] = new[rows], old[rows]
        gain = abs(statistic(right, truth) - statistic(left, truth))
        extreme += gain >= observed - 1e-12
        total += 1
    return extreme / total if exact else (extreme + 1) / (total + 1)


def _holm(found: Sequence[Change]) -> list[Change]:
    """The changes with p-values adjusted for how many were tested."""
    adjusted: dict[str, float] = {}
    least = 0.0
    for rank, change in enumerate(sorted(found, key=lambda c: c.p)):
        least = max(least, min(1.0, change.p * (len(found) - rank)))
        adjusted[change.metric] = least
    return [replace(change, adjusted=adjusted[change.metric]) for change in found]


def compare(
    old: Mapping[str, EvalReport], new: Mapping[str, EvalReport]
) -> tuple[str, list[Change]]:
    """The comparison as text, and every change for the worse. Raises GoldError when the runs
    share no question."""
    shared = {name: pair_up(old[name], new[name]) for name in new if name in old}
    if not any(shared.values()):
        raise GoldError("the two runs share no question; compare runs of the same gold file")
    texts, worse = [], []
    for name, pairs in shared.items():
        if pairs:
            found = changes(pairs)
            worse += [change for change in found if change.worse]
            alone = len(old[name].records) + len(new[name].records) - 2 * len(pairs)
            texts.append(_to_text(name, pairs, found, alone))
    return "\n\n".join(texts), worse


def _to_text(name: str, pairs: Sequence[Pair], found: Sequence[Change], alone: int) -> str:
    rows: list[tuple[str, ...]] = [
        ("", "old", "new", "change [95 % interval]", "n", "p", "Holm", "")
    ]
    for c in found:
        verdict = "worse" if c.worse else "changed" if c.adjusted < LEVEL else ""
        gain = f"{c.new - c.old:+.2f} [{c.low:+.2f} {c.high:+.2f}]"
        values = (short(c.old), short(c.new), gain, str(c.n), f"{c.p:.4f}", f"{c.adjusted:.4f}")
        rows.append((c.metric, *values, verdict))
    old, new = (np.median([p[side].seconds for p in pairs]) * 1000 for side in (0, 1))
    rows.append(
        ("latency_p50_ms", short(old), short(new), "not tested", str(len(pairs)), *[""] * 3)
    )
    only = f"; {alone} in one run only" if alone else ""
    return "\n".join(
        [f"{name}: {len(pairs)} questions in both runs{only}", *aligned(rows), *_flips(pairs)]
    )


def _flips(pairs: Sequence[Pair]) -> list[str]:
    lines = []
    for old, new in pairs:
        moved = [
            f"{metric} {short(old.scores[metric])} -> {short(new.scores[metric])}"
            for metric in FLIPS
            if metric in old.scores
            and metric in new.scores
            and (old.scores[metric] > 0) != (new.scores[metric] > 0)
        ]
        if moved:
            lines.append(f"  {new.id}  {new.question}  {', '.join(moved)}")
    return ["", f"{len(lines)} questions flipped", *lines] if lines else ["", "no question flipped"]
