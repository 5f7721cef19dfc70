from __future__ import annotations

import json
from pathlib import Path

import pytest
from test_eval_page import GOOD, RECORDS, REFUSED, WRONG

from eval.cli import main
from eval.judge import Opinion, opinion, summarise, verdict
from eval.records import EvalReport
from eval.report import to_json


@pytest.mark.parametrize(
    ("reply", "score"),
    [
        ("It is.\nVERDICT: yes", 1.0),
        ("Half.\n**VERDICT: Partly**\n", 0.5),
        ("VERDICT: yes\nNo, wait.\nVERDICT: no", 0.0),
        ("VERDICT: yes, partly or no", None),
        ("I cannot say", None),
        ("", None),
    ],
)
def test_verdicts(reply: str, score: float | None) -> None:
    assert verdict(reply) == score


def test_an_answer_is_judged_by_its_quotes_and_by_the_evidence() -> None:
    prompts: list[str] = []

    def ask(prompt: str) -> str:
        prompts.append(prompt)
        return "So.\nVERDICT: yes" if "<quotes>" in prompt else "hm"

    judged = opinion(GOOD, ask)
    assert judged == Opinion("good", 1.0, None, ("So.\nVERDICT: yes", "hm"))
    assert "- 2019年。" in prompts[0]
    assert GOOD.evidence[0] not in prompts[0]
    assert GOOD.evidence[0] in prompts[1]
    assert GOOD.standalone_question in prompts[1]
    assert opinion(REFUSED, ask) is None


def test_opinions_are_summed_up_over_verdicts_only() -> None:
    row = summarise([Opinion("a", 1.0, None, ()), Opinion("b", 0.5, None, ())])
    assert (row["faithful"].value, row["faithful"].n) == (0.75, 2)
    assert "complete" not in row


def test_opinions_stand_in_a_file_of_their_own(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    run = tmp_path / "run.json"
    run.write_text(to_json({"mine": EvalReport((*RECORDS, WRONG))}), "utf-8")
    before = run.read_text("utf-8")
    assert main(["judge", str(run)], open_judge=lambda: lambda prompt: "VERDICT: partly") == 0
    assert "a language model's opinion of 5 answers" in capsys.readouterr().out
    judged = json.loads((tmp_path / "run.judge.json").read_text("utf-8"))["mine"]
    assert [each["faithful"] for each in judged] == [0.5] * 5
    assert run.read_text("utf-8") == before


def test_without_a_language_model_it_says_so(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.delenv("ASKPAPER_LLM", raising=False)
    run = tmp_path / "run.json"
    run.write_text(to_json({"mine": EvalReport(RECORDS)}), "utf-8")
    assert main(["judge", str(run)]) == 1
    assert "no language model is configured" in capsys.readouterr().err
