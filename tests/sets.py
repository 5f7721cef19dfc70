"""Sets to measure on, written as tests need them."""

from __future__ import annotations

import gzip
import json
from collections.abc import Iterable, Mapping
from pathlib import Path

import pytest

from eval.cli import main


def write_rows(path: Path, rows: Iterable[Mapping[str, object]]) -> Path:
    """JSON Lines, gzipped where the name says so."""
    text = "".join(json.dumps(row) + "\n" for row in rows).encode()
    path.write_bytes(gzip.compress(text) if path.suffix == ".gz" else text)
    return path


def refused(
    command: str, documents: Path, questions: Path, capsys: pytest.CaptureFixture[str]
) -> str:
    """The one line that a wrong set gives."""
    assert main([command, "--documents", str(documents), "--questions", str(questions)]) == 1
    error = capsys.readouterr().err
    assert error.count("\n") == 1
    return error
