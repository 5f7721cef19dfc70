"""The metrics: pure functions, each docstring is the metric's definition.

A metric scores one question, from 0 to 1, or is None where it does not apply; the report takes
the mean over the questions to which it applies. Knows nothing of assistants, files or tables.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

RESAMPLES = 1000
SEED = 0

Span = tuple[int, int]
Floats = NDArray[np.float64]
# Maps samples (rows, n) to one number a row (rows,).
Statistic = Callable[[Floats], Floats]


# --- ranking: `ranks` are the ranks, from 1, at which something relevant stands, ascending


def hit_at_k(ranks: Sequence[int], k: int) -> float:
    """1 if something relevant stands among the first k, else 0."""
    return float(any(rank <= k for rank in ranks))


def reciprocal_rank(ranks: Sequence[int]) -> float:
    """1 / the rank of the first relevant one, 0 without one. Its mean is the MRR."""
    return 1 / min(ranks) if ranks else 0.0


def ndcg_at_k(ranks: Sequence[int], relevant: int, k: int) -> float:
    """DCG / ideal DCG over the first k, with DCG the sum of 1 / log2(1 + rank), gain 0 or 1.

    `relevant` is how many relevant ones there are, found or not (at least 1). Järvelin and
    Kekäläinen, ACM TOIS 20(4), 2002.
    """

    def dcg(ranks: Sequence[int]) -> float:
        return float(sum(1 / np.log2(1 + rank) for rank in ranks if rank <= k))

    return dcg(ranks) / dcg(range(1, relevant + 1))


# --- citations: spans are (start, end) offsets into the text of the paper


def supported(text: str, span: Span, evidence: Sequence[Span]) -> bool:
    """Whether a span is evidence.

    It is when at least half of its characters lie in evidence, or when it holds at least half of
    one evidence span; white space does not count. The first half accepts a sentence cut
    differently from the gold quote, the second a longer sentence or chunk around a short quote.
    """
    inside = _characters(text, span)
    places = [_characters(text, place) for place in evidence]
    if not inside or not places:
        return False
    return 2 * len(inside & set().union(*places)) >= len(inside) or any(
        2 * len(inside & place) >= len(place) for place in places
    )


def citation_precision(text: str, cited: Sequence[Span], evidence: Sequence[Span]) -> float:
    """The share of cited spans that are evidence (see `supported`); 0 without a citation."""
    return _mean([supported(text, span, evidence) for span in cited])


def citation_page(pages: Sequence[int | None], right: Sequence[int]) -> float:
    """The share of citations, of those that are evidence, whose page is one of the `right` ones."""
    return sum(page in right for page in pages) / len(pages)


def citation_recall(text: str, cited: Sequence[Span], evidence: Sequence[Sequence[Span]]) -> float:
    """The share of evidence quotes that a citation meets (see `supported`) at one of their places.

    `evidence` holds, for each quote, the spans at which it stands. As any one quote supports the
    answer, a recall below 1 is no fault in itself.
    """
    return _mean([any(supported(text, span, places) for span in cited) for places in evidence])


def quote_fidelity(text: str, quotes: Sequence[tuple[str, Span]]) -> float | None:
    """The share of quotes that are the text of their span to the letter; None without a quote."""
    if not quotes:
        return None
    return _mean([text[start:end] == quote for quote, (start, end) in quotes])


def answer_inclusion(
    answer: str, quotes: Sequence[str], must_include: Sequence[Sequence[str]]
) -> float | None:
    """1 if every group has a string in the answer's text or in a quote, else 0; None if no groups.

    Compared case-folded and with white space removed.
    """
    if not must_include:
        return None
    texts = [_folded(text) for text in (answer, *quotes)]
    return float(
        all(any(_folded(s) in text for s in group for text in texts) for group in must_include)
    )


# --- refusals


def wrongly_refused(answerable: bool, answered: bool) -> float | None:
    """Of a question that the paper answers: 1 if it was refused. Lower is better."""
    return float(not answered) if answerable else None


def refusal_recall(answerable: bool, answered: bool) -> float | None:
    """Of a question that the paper does not answer: 1 if it was refused."""
    return None if answerable else float(not answered)


def refusal_precision(answerable: bool, answered: bool) -> float | None:
    """Of a question that was refused: 1 if the paper does not answer it."""
    return None if answered else float(not answerable)


def auroc(positive: Sequence[float] | Floats, negative: Sequence[float] | Floats) -> float:
    """How likely a positive scores above a negative, ties counting half.

    The area under the ROC curve by the rank formula of Mann and Whitney; both at least one long.
    """
    scores = np.concatenate([positive, negative])
    _, group, count = np.unique(scores, return_inverse=True, return_counts=True)
    # Equal scores share the mean of the ranks that they take up.
    ranks = (np.cumsum(count) - (count - 1) / 2)[group]
    n, m = len(positive), len(negative)
    return float((ranks[:n].sum() - n * (n + 1) / 2) / (n * m))


# --- over all questions


@dataclass(frozen=True, slots=True)
class Estimate:
    """A metric over `n` questions with its 95 % bootstrap interval from `low` to `high`."""

    value: float
    n: int
    low: float
    high: float


def mean_of(samples: Floats) -> Floats:
    """The mean of each row."""
    return np.asarray(samples.mean(axis=1))


def percentile_of(share: float) -> Statistic:
    """The percentile (0 to 100, linear interpolation) of each row."""
    return lambda samples: np.percentile(samples, share, axis=1)


def middle(estimates: Floats, level: float) -> tuple[float, float]:
    """The interval that holds the middle `level` of resampled estimates."""
    low, high = np.quantile(estimates, [(1 - level) / 2, (1 + level) / 2])
    return float(low), float(high)


def bootstrap_interval(
    values: Sequence[float],
    level: float = 0.95,
    seed: int = SEED,
    statistic: Statistic = mean_of,
) -> tuple[float, float]:
    """The percentile bootstrap interval of a statistic (Efron, 1979), by default of the mean.

    1000 resamples of the questions with replacement. Values that are all equal give an interval
    without width, however few they are: read it together with n.
    """
    sample = np.asarray(values, dtype=np.float64)
    rows = np.random.default_rng(seed).integers(len(sample), size=(RESAMPLES, len(sample)))
    return middle(statistic(sample[rows]), level)


def estimate(values: Sequence[float], statistic: Statistic = mean_of) -> Estimate:
    """A statistic of at least one value, by default the mean, with its interval."""
    value = statistic(np.asarray(values, dtype=np.float64)[None])[0]
    return Estimate(float(value), len(values), *bootstrap_interval(values, statistic=statistic))


def estimate_auroc(positive: Sequence[float], negative: Sequence[float]) -> Estimate:
    """The AUROC with its interval; both classes are resampled on their own."""
    rng = np.random.default_rng(SEED)
    resampled = [
        auroc(rng.choice(positive, len(positive)), rng.choice(negative, len(negative)))
        for _ in range(RESAMPLES)
    ]
    n = len(positive) + len(negative)
    return Estimate(auroc(positive, negative), n, *middle(np.asarray(resampled), 0.95))


def _characters(text: str, span: Span) -> set[int]:
    start, end = span
    return {at for at, letter in enumerate(text[start:end], start) if not letter.isspace()}


def _folded(text: str) -> str:
    return "".join(text.split()).casefold()


def _mean(values: Sequence[bool]) -> float:
    return sum(values) / len(values) if values else 0.0
