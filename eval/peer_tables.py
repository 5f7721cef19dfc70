"""The tables of `python -m eval.peers`, in Markdown. Knows nothing of the systems."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from eval.compare import permutation_p
from eval.metrics import Floats, estimate
from eval.report import short

LEVEL = 0.05
NAMES = {"ndcg@10": "nDCG@10", "hit@1": "hit@1"}
COSTS = {
    "index_s_per_1000": "index 1,000 chunks, s",
    "query_p50_ms": "query p50, ms",
    "query_p95_ms": "query p95, ms",
    "first_answer_s": "start to first find, s",
    "peak_mb": "peak memory, MB",
}


def tables(measured: Mapping[str, Any]) -> str:
    """Quality by set and system, one table a metric, then versions and costs; what was not
    measured is left blank.

    Bold is the best of a row and whatever is not told apart from it: by a paired permutation test
    over the questions, p at least .05.
    """
    parts = [_quality(measured, metric) for metric in NAMES]
    return "\n\n".join([*parts, _costs(measured)])


def _quality(measured: Mapping[str, Any], metric: str) -> str:
    scored = {name: row["scores"] for name, row in measured.items() if "scores" in row}
    tasks = list(dict.fromkeys(task for scores in scored.values() for task in scores))
    lines = [_line([NAMES[metric], "n", *scored]), _line(["---"] * (len(scored) + 2))]
    for task in tasks:
        values = {
            name: np.asarray(scores[task][metric])
            for name, scores in scored.items()
            if task in scores
        }
        best = max(values.values(), key=lambda scores: float(scores.mean()))
        cells = [_cell(values[name], best) if name in values else "" for name in scored]
        lines.append(_line([task, str(len(best)), *cells]))
    return "\n".join(lines)


def _cell(scores: Floats, best: Floats) -> str:
    number = estimate(scores.tolist())
    cell = f"{short(number.value)} ±{short((number.high - number.low) / 2)}"
    tied = permutation_p(scores, best, scores >= 0) >= LEVEL
    return f"**{cell}**" if tied else cell


def _costs(measured: Mapping[str, Any]) -> str:
    lines = [_line(["", "version", *COSTS.values()]), _line(["---"] * (len(COSTS) + 2))]
    for name, row in measured.items():
        if "error" in row:
            lines.append(_line([name, "", f"does not run: {row['error']}", *[""] * 4]))
        elif "costs" in row:
            numbers = [row["costs"][cost] for cost in COSTS]
            cells = [f"{n:.0f}" if n >= 10 else f"{n:.1f}" for n in numbers]
            lines.append(_line([name, row["version"], *cells]))
    return "\n".join(lines)


def _line(cells: list[str]) -> str:
    return f"| {' | '.join(cells)} |"
