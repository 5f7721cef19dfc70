"""A set that cannot be measured on is refused in one line, whatever measures."""

from __future__ import annotations

from pathlib import Path

import pytest

from eval.cli import main
from tests.sets import write_rows

ASKED = {"id": "1", "question": "Where?", "lang": "en", "answers": ["x"], "answerable": True}
UNKNOWN = 'q.jsonl line 1: document "sea" is unknown'
NOTHING = "nothing to measure"


@pytest.mark.parametrize(
    ("command", "row", "told"),
    [
        ("papers", {"gold_doc_ids": ["sea"]}, UNKNOWN),
        ("reading", {"gold_doc_ids": ["sea"]}, UNKNOWN),
        ("papers", {"gold_doc_ids": ["tea", "river"]}, NOTHING),  # each is asked of one paper
        ("reading", {"gold_doc_ids": ["tea"], "answers": [], "answerable": False}, NOTHING),
    ],
)
def test_a_wrong_set_is_one_line(
    command: str,
    row: dict[str, object],
    told: str,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
) -> None:
    papers = [{"id": name, "text": f"Of {name}."} for name in ("tea", "river")]
    documents = write_rows(tmp_path / "d.jsonl", papers)
    questions = write_rows(tmp_path / "q.jsonl", [ASKED | row])
    assert main([command, "--documents", str(documents), "--questions", str(questions)]) == 1
    error = capsys.readouterr().err
    assert told in error
    assert error.count("\n") == 1
