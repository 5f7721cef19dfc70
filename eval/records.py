"""What is kept of a run: a record for each question, and how a saved run is read back.

Knows nothing of assistants, nor of how a score came about.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path

from sources.errors import GoldError


@dataclass(frozen=True, slots=True)
class CitedPlace:
    """A citation as it was given; offsets into the document's text.

    `supported` says whether it is evidence, None where the question has no evidence.
    """

    quote: str
    start: int
    end: int
    section: str
    supported: bool | None = None


@dataclass(frozen=True, slots=True)
class Record:
    """One question, its answer and its scores.

    `hits` are the ranks, from 1, of the retrieved chunks that are evidence. `scores` holds the
    metrics that apply to this question, by name. `history`, `evidence` and `must_include` are
    those of the gold question.
    """

    id: str
    question: str
    standalone_question: str
    lang: str
    tags: tuple[str, ...]
    answerable: bool
    answered: bool
    confidence: float
    hits: tuple[int, ...]
    answer: str
    citations: tuple[CitedPlace, ...]
    seconds: float
    scores: dict[str, float]
    history: tuple[str, ...] = ()
    evidence: tuple[str, ...] = ()
    must_include: tuple[tuple[str, ...], ...] = ()


@dataclass(frozen=True, slots=True)
class EvalReport:
    """A record for each question, in order; `warnings` name evidence that is not in the paper."""

    records: tuple[Record, ...]
    warnings: tuple[str, ...] = ()


def read_runs(path: Path) -> dict[str, EvalReport]:
    """The runs of a file that `python -m eval` wrote, by the name of their gold file.

    Raises GoldError for a file that is missing or no such file.
    """
    # Imported here: a run needs no validation of its own records.
    from pydantic import TypeAdapter, ValidationError

    try:
        saved = json.loads(path.read_text(encoding="utf-8"))
        return TypeAdapter(dict[str, EvalReport]).validate_python(saved)
    except FileNotFoundError as error:
        raise GoldError(f"{path}: no such file; check the path") from error
    except (OSError, UnicodeDecodeError, json.JSONDecodeError) as error:
        raise GoldError(f"{path}: cannot be read ({error}); give a run's JSON") from error
    except ValidationError as error:
        where = ".".join(map(str, error.errors()[0]["loc"]))
        raise GoldError(
            f"{path}: no run of this version ({where}: {error.errors()[0]['msg']}); "
            "make it again with python -m eval --json FILE"
        ) from error
