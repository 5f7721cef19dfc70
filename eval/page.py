"""A run as one HTML page that needs nothing else: table, charts, failures, every answer.

Knows nothing of how a score came about; `report.html` is its template.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from statistics import quantiles
from typing import Any

from markupsafe import Markup

from eval.calibration import precision_recall, reliability
from eval.charts import Series, chart
from eval.failures import failures
from eval.metrics import Estimate, hit_at_k
from eval.records import EvalReport, Record
from eval.report import METRICS, TAG_METRICS, Row, short, summarise

TEMPLATE = Path(__file__).with_name("report.html")
DEPTH = 10  # of the hit@k curves
MEANINGS = {
    "hit@1": "the first place found is evidence",
    "hit@3": "evidence among the first three",
    "hit@5": "evidence among the first five",
    "mrr@10": "1 / rank of the first evidence",
    "ndcg@10": "how early all evidence stands",
    "citation_precision": "cited sentences that are evidence",
    "citation_recall": "evidence that is cited",
    "citation_page": "citations of evidence that give its page",
    "quote_fidelity": "quotes that are in the paper to the letter",
    "answer_inclusion": "answers that hold what they must",
    "wrongly_refused": "answerable, yet refused; lower is better",
    "refusal_recall": "unanswerable and refused",
    "refusal_precision": "refused and unanswerable",
    "refusal_auroc": "confidence tells the answerable from the others",
    "calibration_error": "confidence against what is true; lower is better",
    "followup_raw": "hit@1 of follow-ups as typed",
    "followup_rewritten": "hit@1 as the assistant understood them",
    "followup_gold": "hit@1 as a person rewrites them",
    "latency_p50_ms": "half of the answers are quicker, ms",
    "latency_p95_ms": "19 of 20 answers are quicker, ms",
}
STYLES = ("s-all", "s-1", "s-2", "s-3")


def to_html(reports: Mapping[str, EvalReport]) -> str:
    """The whole page; `reports` by the name of their gold file."""
    # Imported here: only a run that is done draws a page.
    from jinja2 import Environment, StrictUndefined

    environment = Environment(autoescape=True, undefined=StrictUndefined, trim_blocks=True)
    template = environment.from_string(TEMPLATE.read_text("utf-8"))
    runs = [_run(name, report) for name, report in reports.items() if report.records]
    return template.render(runs=runs)


def _run(name: str, report: EvalReport) -> dict[str, Any]:
    records = report.records
    groups = summarise(records)
    langs = [lang for lang in groups if lang in {record.lang for record in records}]
    wide = ["all", *langs]
    ranked = failures(records)
    faults = {failure.record.id: failure.faults for failure in ranked}
    right = [record for record in records if record.id not in faults]
    return {
        "name": name,
        "questions": len(records),
        "answerable": sum(record.answerable for record in records),
        "warnings": report.warnings,
        "columns": wide,
        "rows": [
            (metric, MEANINGS[metric], [_cell(groups[group].get(metric)) for group in wide])
            for metric in METRICS
            if any(metric in groups[group] for group in wide)
        ],
        "tag_columns": TAG_METRICS,
        "tags": [
            (tag, [_cell(row.get(metric)) for metric in TAG_METRICS])
            for tag, row in groups.items()
            if tag not in wide and _measured(row)
        ],
        "charts": _charts(records, langs),
        "failures": [(failure.record, failure.faults) for failure in ranked],
        "right": right,
    }


def _measured(row: Row) -> bool:
    return any(metric in row for metric in TAG_METRICS)


def _cell(number: Estimate | None) -> tuple[str, str]:
    """Value, and interval with n; empty for what was not measured."""
    if number is None:
        return "", ""
    return short(number.value), f"{short(number.low)}–{short(number.high)} · {number.n}"


def _charts(records: Sequence[Record], langs: Sequence[str]) -> list[tuple[str, Markup, str, Any]]:
    """Title, picture, a line below it and the legend (name, style) of each chart."""
    return [_reliability(records), _refusal(records), _hits(records, langs), _latency(records)]


def _reliability(records: Sequence[Record]) -> tuple[str, Markup, str, Any]:
    bins = reliability([r.confidence for r in records], [r.answerable for r in records])
    notes = [f"confidence {b.confidence:.2f}, {b.answerable:.2f} answerable, n={b.n}" for b in bins]
    line = Series(
        "all",
        [(b.confidence, b.answerable) for b in bins],
        "s-all",
        [b.n / len(records) for b in bins],
        notes,
    )
    title = "Is the confidence right?"
    picture = chart(title, ("confidence", "share that the paper answers"), [line], diagonal=True)
    return title, picture, "On the dashed line it is. A larger dot holds more questions.", ()


def _refusal(records: Sequence[Record]) -> tuple[str, Markup, str, Any]:
    curve = precision_recall([r.confidence for r in records], [r.answerable for r in records])
    series = [Series("every threshold", [(p.recall, p.precision) for p in curve], "s-all")]
    refused = [not r.answerable for r in records if not r.answered]
    unanswerable = sum(not r.answerable for r in records)
    if refused and unanswerable:
        point = (sum(refused) / unanswerable, sum(refused) / len(refused))
        note = f"as it is set: recall {point[0]:.2f}, precision {point[1]:.2f}"
        series.append(Series("as it is set", [point], "s-2", [0.2], [note], line=False))
    title = "What would other thresholds refuse?"
    axes = ("unanswerable questions refused (recall)", "refusals that are right (precision)")
    caption = "Each point refuses everything below one confidence."
    if not curve:
        caption = "Every question is answerable: there is nothing to refuse."
    return title, chart(title, axes, series), caption, [(s.name, s.style) for s in series]


def _hits(records: Sequence[Record], langs: Sequence[str]) -> tuple[str, Markup, str, Any]:
    series = []
    for group, style in zip(["all", *langs], STYLES, strict=False):
        ranks = [r.hits for r in records if "hit@1" in r.scores and group in ("all", r.lang)]
        curve = [
            (float(k), sum(hit_at_k(hits, k) for hits in ranks) / len(ranks))
            for k in range(1, DEPTH + 1)
            if ranks
        ]
        series.append(Series(group, curve, style))
    title = "How many places must be read?"
    picture = chart(title, ("k", "hit@k"), series, [float(k) for k in range(1, DEPTH + 1)])
    caption = "Questions with evidence among the first k chunks found."
    return title, picture, caption, [(s.name, s.style) for s in series]


def _latency(records: Sequence[Record]) -> tuple[str, Markup, str, Any]:
    times = sorted(1000 * record.seconds for record in records)
    n = len(times)
    curve = [(time, rank / n) for rank, time in enumerate(times, 1)]
    top = _round_up(times[-1])
    title = "How long does an answer take?"
    ticks = [top * at / 4 for at in range(5)]
    picture = chart(
        title, ("milliseconds", "answers given by then"), [Series("all", curve, "s-all")], ticks
    )
    p95 = quantiles(times, n=20, method="inclusive")[-1] if n > 1 else times[-1]
    caption = f"Half by {times[n // 2]:.0f} ms, 19 of 20 by {p95:.0f} ms."
    return title, picture, caption, ()


def _round_up(number: float) -> float:
    """The next of 1, 2, 4 or 8 times a power of ten."""
    power = 1.0
    while power * 10 <= number:
        power *= 10
    while power > number:
        power /= 10
    return next(step * power for step in (1, 2, 4, 8, 10) if step * power >= number)
