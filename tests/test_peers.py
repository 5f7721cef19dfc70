"""The bookkeeping of the table against the peers; the peers themselves are not installed here."""

from __future__ import annotations

import gzip
import json
from pathlib import Path

import pytest

from eval.peer_systems import PEERS, Peer, askpaper
from eval.peer_tables import tables
from eval.peers import Task, find, gold_tasks, score, set_tasks


def test_a_system_is_asked_and_scored() -> None:
    tasks = [Task("t", ["甲乙丙", "丁戊己"], [("甲乙", [0]), ("丁戊", [0, 1])])]
    done = find(Peer("ours", "askpaper", askpaper), [*tasks, Task("u", ["甲"], [("甲", [0])])])
    assert done["found"]["t"][0][0] == 0
    assert all(cost > 0 for cost in done["costs"].values())
    reversed_ = {"t": [[1, 0], [1]]}
    scores = score(reversed_, tasks)["t"]
    assert scores["hit@1"] == [0, 1]
    assert scores["ndcg@10"] == pytest.approx([0.6309, 1 / (1 + 0.6309)], abs=1e-4)


def test_our_questions_and_the_places_that_answer_them() -> None:
    zh, en = gold_tasks()
    assert zh.texts == en.texts
    assert min(len(task.questions) for task in (zh, en)) > 20
    assert all(places for _, places in zh.questions)


def test_a_set_is_split_by_direction(tmp_path: Path) -> None:
    (tmp_path / "bipar_valid").mkdir()
    for name, rows in {
        "documents": [{"id": "z", "text": "甲乙"}, {"id": "e", "text": "A text"}],
        "questions": [
            {"id": i, "question": q, "gold_doc_ids": ["z"], "gold_xling_doc_ids": ["e"]}
            for i, q in (("1", "甲？"), ("2", "What?"), ("3", "Which?"))
        ],
    }.items():
        with gzip.open(tmp_path / "bipar_valid" / f"{name}.jsonl.gz", "wt") as file:
            file.write("\n".join(json.dumps(row) for row in rows))
    tasks = set_tasks(tmp_path, "bipar_valid", limit=1)
    assert [(task.name, task.texts, len(task.questions)) for task in tasks] == [
        ("bipar_valid, en -> zh", ["甲乙"], 1),
        ("bipar_valid, zh -> en", ["A text"], 1),
    ]


def test_the_tables_mark_what_is_not_told_apart() -> None:
    def row(hits: list[float]) -> dict[str, object]:
        costs = dict.fromkeys(
            ("index_s_per_1000", "query_p50_ms", "query_p95_ms", "first_answer_s", "peak_mb"), 2.0
        )
        return {"version": "1", "scores": {"t": {"ndcg@10": hits, "hit@1": hits}}, "costs": costs}

    text = tables(
        {
            "good": row([1.0] * 20),
            "near": row([1.0] * 19 + [0.0]),
            "bad": row([0.0] * 20),
            "broken": {"error": "ImportError: no"},
        }
    )
    assert "| t | 20 | **1.00 ±.00** | **.95 ±.08** | .00 ±.00 |" in text
    assert "| good | 1 | 2.0 | 2.0 | 2.0 | 2.0 | 2.0 |" in text
    assert "does not run: ImportError: no" in text


def test_every_peer_has_a_name_of_its_own() -> None:
    assert len({peer.name for peer in PEERS}) == len(PEERS)
