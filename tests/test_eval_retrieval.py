"""Retrieval and follow-ups alone, measured with a scripted pool, of which every number is known."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest

from eval import retrieval
from eval.cli import main
from sources.errors import GoldError
from tests.sets import write_rows


class ScriptedPool:
    """Ranks the texts by how many characters they share with the question; dense reverses."""

    def __init__(self, texts: list[str]) -> None:
        self.texts = texts

    def search_ids(self, question: str, k: int, legs: str) -> list[int]:
        shared = self.scores(question)
        order = sorted(range(len(self.texts)), key=lambda at: -shared[at])
        return (order[::-1] if legs == "dense" else order)[:k]

    def search(self, question: str, k: int, *, typed: str) -> list[tuple[int, float]]:
        return [(at, 1.0) for at in self.search_ids(question, k, "fused")]

    def scores(self, question: str) -> np.ndarray:
        return np.array([len(set(question) & set(text)) for text in self.texts], np.float32)


def write_set(folder: Path) -> tuple[Path, Path]:
    documents = write_rows(
        folder / "documents.jsonl.gz",
        [
            {"id": "d1", "text": "甲乙", "lang": "zh-Hant"},
            {"id": "d2", "text": "丙丁X"},
            {"id": "d3", "text": "xy"},
        ],
    )
    questions = write_rows(
        folder / "questions.jsonl.gz",
        [
            {"id": "q1", "question": "甲?", "lang": "zh", "gold_doc_ids": ["d1"], "answers": []},
            {"id": "q2", "question": "X", "gold_doc_ids": ["d3"], "gold_xling_doc_ids": ["d2"]},
            {"id": "q3", "question": "no", "gold_doc_ids": ["d1"], "answerable": False},
            {"id": "q4", "question": "丁", "gold_doc_ids": ["d2"]},
        ],
    )
    return documents, questions


def test_each_direction_has_its_own_pool(tmp_path: Path) -> None:
    measured = retrieval.measure(retrieval.read_set(*write_set(tmp_path)), ScriptedPool)
    assert list(measured) == ["en -> en", "en -> zh", "zh -> zh"]
    assert {direction: legs["fused"]["hit@1"].n for direction, legs in measured.items()} == {
        "en -> en": 1,
        "en -> zh": 1,
        "zh -> zh": 2,
    }
    assert measured["en -> zh"]["fused"]["hit@1"].value == 1
    assert measured["zh -> zh"]["dense"]["mrr@10"].value == 0.5
    assert measured["zh -> zh"]["dense"]["ndcg@10"].value == pytest.approx(0.6309, abs=1e-4)


def test_limit_keeps_all_documents(tmp_path: Path) -> None:
    ranking = retrieval.read_set(*write_set(tmp_path), limit=1)
    assert (len(ranking.documents), [q.question for q in ranking.questions]) == (3, ["甲?"])


def test_parallel_sentences_are_asked_both_ways(tmp_path: Path) -> None:
    path = write_rows(
        tmp_path / "pairs.jsonl.gz",
        [{"zh": "甲a", "en": "a"}, {"zh": "乙b", "en": "b"}, {"zh": "丙a", "en": "a"}],
    )
    ranking = retrieval.read_pairs(path, limit=2)
    assert len(ranking.documents) == 5
    assert [(q.question, len(q.gold)) for q in ranking.questions] == [
        ("甲a", 1), ("a", 2), ("乙b", 1), ("b", 1),
    ]  # fmt: skip
    measured = retrieval.measure(ranking, ScriptedPool)
    assert measured["zh -> en"]["late"]["hit@1"].value == 1
    assert measured["en -> zh"]["late"]["ndcg@10"].value == 1


def test_retrieval_end_to_end(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    documents, questions = write_set(tmp_path)
    out = tmp_path / "out.json"
    arguments = ["retrieval", "--documents", documents, "--questions", questions, "--json", out]
    assert main([str(a) for a in arguments], build_pool=ScriptedPool) == 0
    printed = capsys.readouterr().out
    assert "en -> zh" in printed
    assert "bm25" in printed
    assert json.loads(out.read_text())["zh -> zh"]["dense"]["mrr@10"]["value"] == 0.5


def test_a_wrong_set_is_named(tmp_path: Path) -> None:
    documents, questions = write_set(tmp_path)
    unknown = write_rows(
        tmp_path / "q.jsonl.gz", [{"id": "q", "question": "?", "gold_doc_ids": ["d9"]}]
    )
    with pytest.raises(
        GoldError, match=r'q\.jsonl\.gz line 1: document "d9" is unknown; add it to'
    ):
        retrieval.read_set(documents, unknown)
    with pytest.raises(GoldError, match="no question that a document answers"):
        retrieval.read_set(documents, questions, limit=0)


def test_follow_ups_are_measured_as_typed_and_as_rewritten(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    documents, _ = write_set(tmp_path)
    history = [{"speaker": "user", "text": "丙丁X是什么时候签的？"}, {"text": "甲"}]
    questions = write_rows(
        tmp_path / "followups.jsonl.gz",
        [
            {"question": "丙？", "gold_doc_ids": ["d2"], "history": []},
            {"question": "它呢？", "gold_doc_ids": ["d2"], "history": history},
            {"question": "它？", "gold_doc_ids": ["d2"], "history": history},
        ],
    )
    arguments = ["followups", "--documents", documents, "--questions", questions]
    assert main([str(a) for a in arguments], build_pool=ScriptedPool) == 0
    lines = capsys.readouterr().out.splitlines()
    hits = {line[:20].strip(): line.split("[")[0].split()[-1] for line in lines[3:]}
    assert hits == {
        "as typed": ".00",
        "as rewritten": "1.00",
        "whole history": "1.00",
        "gain, as rewritten": "1.00",
        "gain, whole history": "1.00",
    }


def test_a_history_that_is_no_list_of_texts_is_named(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    documents, _ = write_set(tmp_path)
    questions = write_rows(
        tmp_path / "q.jsonl.gz", [{"question": "?", "gold_doc_ids": ["d1"], "history": [1, 2]}]
    )
    arguments = ["followups", "--documents", documents, "--questions", questions]
    assert main([str(a) for a in arguments], build_pool=ScriptedPool) == 1
    assert f'{questions} line 1: "history" is not a list of texts' in capsys.readouterr().err
