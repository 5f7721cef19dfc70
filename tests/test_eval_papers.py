"""Answers on whole papers, measured on a set small enough to check by hand."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from eval.cli import main
from eval.papers import read_papers
from tests.sets import write_rows

RIVER = "The river rises in the hills. It is 640 kilometres long.\n\nHerons nest along its banks."
TEA = (
    "Tea came to the island in 1867. It rains there.\n\nThe first garden lay near a lake. It rains."
)


@pytest.fixture
def documents(tmp_path: Path) -> Path:
    rows: list[dict[str, object]] = [{"id": "river", "text": RIVER}, {"id": "tea", "text": TEA}]
    return write_rows(tmp_path / "d.jsonl", rows)


def asked(number: int, question: str, *papers: str, **more: object) -> dict[str, object]:
    row = {"id": str(number), "question": question, "lang": "en", "gold_doc_ids": [*papers]}
    return row | {"answerable": True} | more


def test_each_question_is_asked_of_its_own_paper(
    tmp_path: Path, documents: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    questions = [
        asked(1, "How many kilometres long is the river?", "river", answers=["640"]),
        asked(2, "When did tea come to the island?", "tea", evidence=["in 1867"], answers=["1867"]),
        asked(3, "Who sang on the moon in June?", "tea", answerable=False, answers=[]),
        asked(4, "Where do swans nest?", "river", answers=["on roofs"]),  # not in the text
        asked(5, "What do both speak of?", "river", "tea", answers=["water"]),
    ]
    path, out = write_rows(tmp_path / "q.jsonl", questions), tmp_path / "out.json"
    arguments = ["--documents", str(documents), "--questions", str(path), "--json", str(out)]
    assert main(["papers", *arguments]) == 0
    told = capsys.readouterr().out
    assert "3 questions, 2 of them answerable" in told
    assert "1 questions left out" in told
    assert "hit@1               1.00 [1.00 1.00] 2" in told
    [records] = (run["records"] for run in json.loads(out.read_text("utf-8")).values())
    cited = [record["citations"][0]["quote"] for record in records if record["answered"]]
    assert cited == ["It is 640 kilometres long.", "Tea came to the island in 1867."]
    assert out.with_suffix(".html").exists()


def test_an_answer_that_stands_twice_is_evidence_where_it_begins(
    tmp_path: Path, documents: Path
) -> None:
    at = TEA.rindex("It rains")
    row = asked(1, "What about the weather?", "tea", answers=["It rains"], answer_starts=[at])
    papers = read_papers(documents, write_rows(tmp_path / "q.jsonl", [row]))
    assert [each.evidence for each in papers.questions["tea"]] == [("It rains.",)]
    assert [*papers.texts] == ["tea"]
