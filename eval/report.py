"""Records become a table for the terminal and JSON for everything else.

Knows nothing of how a score came about.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict

from eval.calibration import estimate_calibration
from eval.metrics import Estimate, estimate, estimate_auroc, percentile_of
from eval.records import EvalReport, Record

# Column (mostly a metric) -> estimate.
Row = dict[str, Estimate]

METRICS = (
    "hit@1",
    "hit@3",
    "hit@5",
    "mrr@10",
    "ndcg@10",
    "citation_precision",
    "citation_recall",
    "citation_page",
    "quote_fidelity",
    "answer_inclusion",
    "wrongly_refused",
    "refusal_recall",
    "refusal_precision",
    "refusal_auroc",
    "calibration_error",
    "followup_raw",
    "followup_rewritten",
    "followup_gold",
    "latency_p50_ms",
    "latency_p95_ms",
)
TAG_METRICS = (
    "hit@1",
    "citation_precision",
    "answer_inclusion",
    "wrongly_refused",
    "refusal_recall",
)


def summarise(records: Sequence[Record]) -> dict[str, Row]:
    """Every metric over all questions ("all"), over each language and over each tag."""
    groups = {"all": list(records)}
    for lang in sorted({record.lang for record in records}, reverse=True):
        groups[lang] = [record for record in records if record.lang == lang]
    for tag in sorted({tag for record in records for tag in record.tags} - groups.keys()):
        groups[tag] = [record for record in records if tag in record.tags]
    return {name: _estimates(group) for name, group in groups.items()}


def _estimates(records: Sequence[Record]) -> Row:
    row: Row = {}
    for name in METRICS:
        values = [record.scores[name] for record in records if name in record.scores]
        if values:
            row[name] = estimate(values)
    answerable = [record.confidence for record in records if record.answerable]
    others = [record.confidence for record in records if not record.answerable]
    if answerable and others:
        row["refusal_auroc"] = estimate_auroc(answerable, others)
        row["calibration_error"] = estimate_calibration(
            [record.confidence for record in records], [record.answerable for record in records]
        )
    else:
        # Where nothing, or everything, is to be refused, precision says nothing.
        row.pop("refusal_precision", None)
    milliseconds = [1000 * record.seconds for record in records]
    row["latency_p50_ms"] = estimate(milliseconds, percentile_of(50))
    row["latency_p95_ms"] = estimate(milliseconds, percentile_of(95))
    return row


def to_text(name: str, report: EvalReport) -> str:
    """The report as plain aligned tables: over all and by language, then by tag the main ones."""
    groups = summarise(report.records)
    langs = {record.lang for record in report.records}
    wide = [group for group in groups if group == "all" or group in langs]
    by_metric = {
        metric: {group: groups[group][metric] for group in wide if metric in groups[group]}
        for metric in METRICS
    }
    answerable = sum(record.answerable for record in report.records)
    tags = {tag: groups[tag] for tag in groups if tag not in wide}
    lines = [
        f"{name}: {len(report.records)} questions, {answerable} of them answerable",
        "value [95 % interval] n",
        "",
        *table(by_metric, wide),
        *(["", *table(tags, TAG_METRICS)] if tags else []),
        *(f"warning: {warning}" for warning in report.warnings),
    ]
    return "\n".join(lines)


def table(rows: Mapping[str, Row], columns: Sequence[str]) -> list[str]:
    """Aligned lines, a heading first; a row without a number in any column is left out."""
    cells = [("", *columns)] + [
        (label, *(_cell(row.get(column)) for column in columns))
        for label, row in rows.items()
        if any(column in row for column in columns)
    ]
    return aligned(cells)


def aligned(cells: Sequence[Sequence[str]]) -> list[str]:
    """Rows of equally many cells as lines in columns."""
    widths = [max(map(len, column)) + 2 for column in zip(*cells, strict=True)]
    return [
        "".join(f"{cell:<{width}}" for cell, width in zip(line, widths, strict=True)).rstrip()
        for line in cells
    ]


def _cell(number: Estimate | None) -> str:
    if number is None:
        return ""
    return f"{short(number.value)} [{short(number.low)} {short(number.high)}] {number.n}"


def short(value: float) -> str:
    """Two decimals, without the leading zero; whole numbers from ten on."""
    return f"{value:.2f}".removeprefix("0") if value < 10 else f"{value:.0f}"


def to_json(reports: Mapping[str, EvalReport]) -> str:
    """All that was measured: for each gold file its metrics by group, records and warnings."""
    runs = {
        name: {
            "metrics": rows_to_dict(summarise(report.records)),
            "warnings": report.warnings,
            "records": [asdict(record) for record in report.records],
        }
        for name, report in reports.items()
    }
    return json.dumps(runs, ensure_ascii=False, indent=1)


def rows_to_dict(rows: Mapping[str, Row]) -> dict[str, dict[str, dict[str, float]]]:
    """Estimates as plain dicts: group -> metric -> value, n, low, high."""
    return {
        group: {metric: asdict(number) for metric, number in row.items()}
        for group, row in rows.items()
    }
