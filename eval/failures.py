"""Which answers of a run are wrong, and which of them is worst.

Only the deterministic scores of a record count. Knows nothing of tables or pages.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from eval.records import Record

SHOWN = 10  # in the terminal
WIDTH = 160  # of a quote in the terminal, in characters


@dataclass(frozen=True, slots=True)
class Failure:
    """A record with what is wrong with it, worst first; `weight` compares failures."""

    record: Record
    faults: tuple[str, ...]
    weight: float


def failures(records: Sequence[Record]) -> list[Failure]:
    """The records with a fault, worst first.

    A reader is hurt most by what looks right: a quote that is not in the paper (weight 4), then
    an answer where the paper gives none, or one that cites no evidence (2, and its confidence).
    A wrong refusal (1, and how sure it was) costs the reader an answer, and so does one that
    lacks what it must include (1). Half a citation wrong weighs .5. Of one question the heaviest
    fault counts, with a tenth of the others.
    """
    found = []
    for record in records:
        faults = sorted(_faults(record), reverse=True)
        if faults:
            weights = [weight for weight, _ in faults]
            total = weights[0] + sum(weights[1:]) / 10
            found.append(Failure(record, tuple(text for _, text in faults), total))
    return sorted(found, key=lambda failure: -failure.weight)


def _faults(record: Record) -> Iterator[tuple[float, str]]:
    scores = record.scores
    if scores.get("quote_fidelity", 1) < 1:
        yield 4, "a quote is not in the paper to the letter"
    if not record.answerable:
        if record.answered:
            yield 2 + record.confidence, "answered, though the paper does not say"
        return
    if not record.answered:
        yield 2 - record.confidence, "refused, though the paper says"
    elif scores.get("citation_precision", 1) == 0:
        yield 2 + record.confidence, "cites no evidence"
    elif scores.get("citation_precision", 1) < 1:
        yield 1 - scores["citation_precision"], "cites more than the evidence"
    if record.answered and scores.get("answer_inclusion", 1) < 1:
        yield 1, "lacks " + "; ".join(" or ".join(group) for group in _missing(record))
    if "hit@1" in scores and not record.hits:
        yield 0.5, "the evidence was not found"


def _missing(record: Record) -> list[tuple[str, ...]]:
    said = "".join(
        "".join([record.answer, *(c.quote for c in record.citations)]).split()
    ).casefold()
    return [
        group
        for group in record.must_include
        if not any("".join(wanted.split()).casefold() in said for wanted in group)
    ]


def to_text(records: Sequence[Record], most: int = SHOWN) -> str:
    """The worst failures for the terminal: question, faults, evidence and what was cited."""
    found = failures(records)
    if not found:
        return "no failures"
    lines = [f"failures, worst first: {min(most, len(found))} of {len(found)}"]
    for failure in found[:most]:
        record = failure.record
        lines += ["", f"{record.id}  {record.question}", f"  {'; '.join(failure.faults)}"]
        lines += [f"  evidence  {_short(quote)}" for quote in record.evidence[:3]]
        if len(record.evidence) > 3:
            lines.append(f"            and {len(record.evidence) - 3} more")
        kind = "cited" if record.answered else "closest"
        lines += [f"  {kind:8s}  {_short(place.quote)}" for place in record.citations]
    return "\n".join(lines)


def _short(text: str) -> str:
    line = " ".join(text.split())
    return line if len(line) <= WIDTH else line[: WIDTH - 1] + "…"
