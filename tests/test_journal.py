"""An interrupted run goes on, and only where it is the same run."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path

import pytest
from test_eval import DOCUMENT, ScriptedAssistant, scripted, write_gold

from app.answers import Answer, Turn
from eval.cli import main
from eval.gold import likeness, nearest_place
from eval.journal import fingerprint, open_journal
from sources.documents import Document


class Interrupted(ScriptedAssistant):
    """Is interrupted at a question."""

    def __init__(self, at: str) -> None:
        whole = scripted()
        super().__init__(list(whole.answers.values()), whole.index.found)
        self.at = at

    def ask(self, question: str, *, history: Sequence[Turn], top_k: int) -> Answer:
        if question == self.at:
            raise KeyboardInterrupt
        return super().ask(question, history=history, top_k=top_k)


def ask(assistant: ScriptedAssistant, *arguments: object) -> int:
    return main([str(a) for a in arguments], open_assistant=lambda paper: (assistant, DOCUMENT))


def test_an_interrupted_run_goes_on(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    gold, out = write_gold(tmp_path / "mine.jsonl"), tmp_path / "out.json"
    partial = tmp_path / "out.mine.partial.jsonl"
    assert ask(Interrupted("Rain?"), "--gold", gold, "--json", out) == 130
    assert "the same command goes on" in capsys.readouterr().err
    assert len(partial.read_text("utf-8").splitlines()) == 2
    # Killed while a record was written: its line is cut off.
    with partial.open("a", encoding="utf-8") as file:
        file.write('{"id": "2", "quest')
    again = scripted()
    assert ask(again, "--gold", gold, "--json", out) == 0
    assert {question for question, _ in again.asked} == {"Rain?"}
    assert "1 of 2 answers are kept" in capsys.readouterr().out
    records = json.loads(out.read_text("utf-8"))["mine"]["records"]
    assert [record["id"] for record in records] == ["1", "2"]
    assert not partial.exists()


def test_another_run_begins_anew(tmp_path: Path) -> None:
    gold, out = write_gold(tmp_path / "mine.jsonl"), tmp_path / "out.json"
    assert ask(Interrupted("Rain?"), "--gold", gold, "--json", out) == 130
    gold.write_text(gold.read_text("utf-8").replace("far-off", "far"), "utf-8")
    again = scripted()
    assert ask(again, "--gold", gold, "--json", out) == 0
    assert {question for question, _ in again.asked} == {"何时？", "Rain?"}


def test_what_makes_a_run_another(monkeypatch: pytest.MonkeyPatch) -> None:
    class Index:
        manifest = "one encoder"

    other = Index()
    other.manifest = "another encoder"
    same = fingerprint([], DOCUMENT, Index())
    assert fingerprint([], DOCUMENT, Index()) == same
    assert fingerprint([], DOCUMENT, other) != same
    assert fingerprint([], Document("paper", "another text", "the paper"), Index()) != same
    monkeypatch.setenv("ASKPAPER_LLM", "some/model")
    assert fingerprint([], DOCUMENT, Index()) != same


def test_a_file_that_is_no_journal_is_begun_anew(tmp_path: Path) -> None:
    path = tmp_path / "x.partial.jsonl"
    for content in ("", "nonsense", "[]\n{}"):
        path.write_text(content, "utf-8")
        with open_journal(path, "run") as journal:
            assert journal.kept == {}


def test_the_nearest_place_has_as_many_sentences_as_the_quote() -> None:
    def near(quote: str) -> str | None:
        place = nearest_place(DOCUMENT, quote)
        return place and DOCUMENT.text[slice(*place)]

    assert near("谈判于2018年启动。") == "谈判于2019年启动。"
    assert near("谈判于2018年启动。美国主张自由流通。") == "谈判于2019年启动。美国主张自由流动。"
    assert near("完全无关的一句话") is None
    assert nearest_place(Document("empty", "", "empty"), "结论") is None


def test_likeness() -> None:
    assert likeness("ab cd", "ABCD") == 1
    assert likeness("abc", "xbc") == 0.5
    assert likeness("", "a") == 0
