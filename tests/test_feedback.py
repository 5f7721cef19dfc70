"""Ratings are kept line by line, whoever writes at the same time."""

from __future__ import annotations

import json
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from app.answers import Answer
from app.assistant import Assistant
from app.feedback import FILE, MAX_ANSWER, MAX_TEXT, record
from index import Index
from sources import StoreError

QUESTION = "Which countries require data localization?"


@pytest.fixture(scope="module")
def answer(index: Index) -> Answer:
    return Assistant(index).ask(QUESTION)


def lines(folder: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in (folder / FILE).read_text("utf-8").splitlines()]


def test_a_rating_holds_what_a_gold_question_needs(
    answer: Answer, index: Index, tmp_path: Path
) -> None:
    record(tmp_path / "new", answer, "down", " wrong place\nentirely ")
    record(tmp_path / "new", answer, "up")
    first, second = lines(tmp_path / "new")
    assert list(first) == [
        *("time", "paper", "question", "standalone_question", "answer", "citations"),
        *("rating", "reason"),
    ]
    assert first["question"] == QUESTION and first["answer"] == answer.text
    assert (first["rating"], first["reason"]) == ("down", "wrong place\nentirely")
    assert (second["rating"], second["reason"]) == ("up", "")
    text = index.documents[first["paper"]].text
    assert first["citations"]
    assert all(text[each["start"] : each["end"]] == each["quote"] for each in first["citations"])


def test_fields_are_bounded_and_any_text_is_one_line(answer: Answer, tmp_path: Path) -> None:
    long = replace(answer, question="\ud800\u2028\n" * 5_000, text="x" * 1_000_000)
    record(tmp_path, long, "down", "y" * 1_000_000)
    (line,) = (tmp_path / FILE).read_bytes().removesuffix(b"\n").split(b"\n")
    kept = json.loads(line)
    assert [len(kept[name]) for name in ("question", "answer", "reason")] == [
        *(MAX_TEXT, MAX_ANSWER, MAX_TEXT),
    ]


def test_threads_and_processes_lose_nothing(answer: Answer, tmp_path: Path) -> None:
    code = (
        "import sys; from pathlib import Path; from app.answers import Answer\n"
        "from app.feedback import record\n"
        "for n in range(50): record(Path(sys.argv[1]), Answer('q', 'q', 'z' * 9_000, (), (), True,"
        " 1.0), 'up', f'{sys.argv[2]}-{n}')"
    )
    started = [subprocess.Popen([sys.executable, "-c", code, str(tmp_path), name]) for name in "ab"]
    with ThreadPoolExecutor(8) as threads:
        list(threads.map(lambda n: record(tmp_path, answer, "up", f"c-{n}"), range(50)))
    assert [process.wait(60) for process in started] == [0, 0]
    assert sorted(each["reason"] for each in lines(tmp_path)) == sorted(
        f"{name}-{n}" for name in "abc" for n in range(50)
    )


def test_a_folder_that_cannot_be_written_is_one_line(answer: Answer, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(StoreError, match="cannot be written") as caught:
        record(tmp_path / "file", answer, "up")
    assert "\n" not in str(caught.value)
