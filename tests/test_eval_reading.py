"""How well passages are read, measured on a set small enough to check by hand."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from app.pool import held_out
from eval.cli import main

PASSAGES = {
    "river": "The river rises in the hills. It is 640 kilometres long. Herons nest along it.",
    "tea": "Tea came to the island in 1867. The first garden was planted near a lake.",
}


def written(folder: Path, name: str, rows: list[dict[str, object]]) -> Path:
    path = folder / name
    path.write_text("".join(json.dumps(row) + "\n" for row in rows), "utf-8")
    return path


@pytest.fixture
def documents(tmp_path: Path) -> Path:
    return written(tmp_path, "d.jsonl", [{"id": i, "text": t} for i, t in PASSAGES.items()])


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
    path = written(tmp_path, "q.jsonl", questions)
    assert main(["reading", "--documents", str(documents), "--questions", str(path)]) == 0
    out = capsys.readouterr().out
    assert out.count("1.00 [1.00 1.00] 2") == 2
    assert "refusal_auroc" in out


@pytest.mark.parametrize(
    ("row", "told"),
    [
        (asked("Where?", "sea", "there"), 'q.jsonl line 1: document "sea" is unknown'),
        (asked("Where?", "tea"), "nothing to measure"),
    ],
)
def test_a_wrong_set_is_one_line(
    row: dict[str, object],
    told: str,
    tmp_path: Path,
    documents: Path,
    capsys: pytest.CaptureFixture[str],
) -> None:
    path = written(tmp_path, "q.jsonl", [row])
    assert main(["reading", "--documents", str(documents), "--questions", str(path)]) == 1
    err = capsys.readouterr().err
    assert told in err
    assert err.count("\n") == 1


def test_only_what_fitting_left_out_is_measured(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert held_out("tea") and not held_out("brook")
    passages = [{"id": "brook", "text": PASSAGES["river"]}, {"id": "tea", "text": PASSAGES["tea"]}]
    documents = written(tmp_path, "d.jsonl", [*passages])
    path = written(
        tmp_path,
        "q.jsonl",
        [
            asked("How many kilometres long is the river?", "brook", "640"),
            asked("When did tea come to the island?", "tea", "1867"),
        ],
    )
    files = ["--documents", str(documents), "--questions", str(path)]
    assert main(["reading", *files, "--held-out"]) == 0
    assert "] 1" in capsys.readouterr().out
