"""How well passages are read, measured on a set small enough to check by hand."""

from __future__ import annotations

from pathlib import Path

import pytest

from app.pool import held_out
from eval.cli import main
from tests.sets import write_rows

PASSAGES = {
    "river": "The river rises in the hills. It is 640 kilometres long. Herons nest along it.",
    "tea": "Tea came to the island in 1867. The first garden was planted near a lake.",
}


@pytest.fixture
def documents(tmp_path: Path) -> Path:
    return write_rows(tmp_path / "d.jsonl", [{"id": i, "text": t} for i, t in PASSAGES.items()])


def asked(question: str, passage: str, *answers: str) -> dict[str, object]:
    row = {"id": question, "question": question, "gold_doc_ids": [passage]}
    return row | {"answers": list(answers), "answerable": bool(answers)}


def test_the_right_sentence_and_the_confidence(
    tmp_path: Path, documents: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    questions = [
        asked("How many kilometres long is the river?", "river", "640"),
        asked("When did tea come to the island?", "tea", "1867"),
        asked("Which bishop baked bread for the astronauts?", "tea"),
    ]
    path = write_rows(tmp_path / "q.jsonl", questions)
    assert main(["reading", "--documents", str(documents), "--questions", str(path)]) == 0
    out = capsys.readouterr().out
    assert out.count("1.00 [1.00 1.00] 2") == 2
    assert "refusal_auroc" in out


def test_only_what_fitting_left_out_is_measured(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert held_out("tea") and not held_out("brook")
    passages = [{"id": "brook", "text": PASSAGES["river"]}, {"id": "tea", "text": PASSAGES["tea"]}]
    documents = write_rows(tmp_path / "d.jsonl", [*passages])
    path = write_rows(
        tmp_path / "q.jsonl",
        [
            asked("How many kilometres long is the river?", "brook", "640"),
            asked("When did tea come to the island?", "tea", "1867"),
        ],
    )
    files = ["--documents", str(documents), "--questions", str(path)]
    assert main(["reading", *files, "--held-out"]) == 0
    assert "] 1" in capsys.readouterr().out
