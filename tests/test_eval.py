"""The suite against a scripted assistant, of which every number is known."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import pytest

from app.answers import Answer, Citation, Turn
from eval import report
from eval.cli import main
from eval.floors import FLOORS, misses, read_floors
from eval.gold import GoldQuestion
from eval.metrics import Estimate
from eval.records import EvalReport
from eval.runner import run
from index.chunking import Chunk
from index.retrieval import ScoredChunk
from sources.documents import Document
from sources.errors import GoldError

SENTENCES = ("谈判于2019年启动。", "美国主张自由流动。", "China wants trade rules.", "结论在此。")
DOCUMENT = Document("paper", "".join(SENTENCES), "the paper")


def sentence_chunk(at: int, doc_id: str = "paper") -> Chunk:
    start = DOCUMENT.text.index(SENTENCES[at])
    end = start + len(SENTENCES[at])
    return Chunk(f"{doc_id}-{at}", doc_id, SENTENCES[at], start, end, (), ("1",))


def cite(at: int, doc_id: str = "paper") -> Citation:
    chunk = sentence_chunk(at, doc_id)
    return Citation(1, chunk, chunk.text, chunk.start, chunk.end, None, "1")


class ScriptedIndex:
    """Finds the sentences that the script lists for a question."""

    def __init__(self, found: dict[str, list[int]]) -> None:
        self.found = found

    def search(self, question: str, k: int) -> list[ScoredChunk]:
        found = [sentence_chunk(at) for at in self.found.get(question, [])]
        return [ScoredChunk(chunk, 1 / rank, rank) for rank, chunk in enumerate(found, 1)][:k]


class ScriptedAssistant:
    """Gives the scripted answer to a question and keeps what it was asked."""

    def __init__(self, answers: list[Answer], found: dict[str, list[int]]) -> None:
        self.answers = {answer.question: answer for answer in answers}
        self.index = ScriptedIndex(found)
        self.asked: list[tuple[str, tuple[Turn, ...]]] = []

    def ask(self, question: str, *, history: Sequence[Turn], top_k: int) -> Answer:
        self.asked.append((question, tuple(history)))
        given = self.answers.get(question) or answer(question, "不知道", confidence=0.0)
        searched = given.standalone_question if history else question
        return replace(given, retrieved=tuple(self.index.search(searched, top_k)))


def answer(
    question: str, text: str, *citations: Citation, confidence: float, standalone: str = ""
) -> Answer:
    answered = text != "不知道"
    return Answer(
        question, standalone or question, text, citations, (), answered, confidence, "quoted"
    )


WHEN = GoldQuestion("when", "何时？", "zh", (), True, ("2019年 启动",), (("2019",),), ("date",))
WHO = GoldQuestion(
    "who", "Who?", "en", ("何时？",), True, (SENTENCES[2], SENTENCES[1]), (("India",),),
    ("follow-up",), "Who wants rules?",
)  # fmt: skip
WHY = GoldQuestion("why", "为什么？", "zh", (), True, (SENTENCES[3],), (), ("reason",))
MOON = GoldQuestion("moon", "月球？", "zh", (), False, (), (), ("far-off",))
RAIN = GoldQuestion("rain", "Rain?", "en", (), False, (), (), ("far-off",))
GOLD = [WHEN, WHO, WHY, MOON, RAIN]


def scripted() -> ScriptedAssistant:
    return ScriptedAssistant(
        [
            answer("何时？", "2019 年。", cite(0), confidence=0.9),
            answer("Who?", "China.", cite(2), cite(0), confidence=0.6, standalone="Who wants?"),
            answer("为什么？", "不知道", cite(3), confidence=0.3),
            answer("月球？", "不知道", confidence=0.1),
            answer("Rain?", "Yes.", cite(1), confidence=0.5),
        ],
        {
            "何时？": [0, 1, 2],
            "Who?": [0, 3],
            "Who wants?": [0, 2, 3],
            "Who wants rules?": [2, 1],
            "为什么？": [0, 1, 2],
        },
    )


def scores(result: EvalReport) -> dict[str, dict[str, float]]:
    return {record.id: record.scores for record in result.records}


def test_an_answered_question_has_every_score() -> None:
    assert scores(run(GOLD, scripted(), DOCUMENT))["when"] == {
        "hit@1": 1, "hit@3": 1, "hit@5": 1, "mrr@10": 1, "ndcg@10": 1,
        "citation_precision": 1, "citation_recall": 1, "quote_fidelity": 1,
        "answer_inclusion": 1, "wrongly_refused": 0,
    }  # fmt: skip


def test_a_follow_up_is_searched_in_three_forms() -> None:
    who = scores(run(GOLD, scripted(), DOCUMENT))["who"]
    assert (who["followup_raw"], who["followup_rewritten"], who["followup_gold"]) == (0, 0, 1)
    assert (who["hit@1"], who["hit@3"], who["mrr@10"]) == (0, 1, 0.5)
    # Rank 2 found, one quote missed: log2(3) is the discount of rank 2.
    assert who["ndcg@10"] == pytest.approx(0.6309 / (1 + 0.6309), abs=1e-4)
    assert (who["citation_precision"], who["citation_recall"]) == (0.5, 0.5)
    assert who["answer_inclusion"] == 0


def test_a_wrong_refusal_has_no_precision_and_no_recall() -> None:
    why = scores(run(GOLD, scripted(), DOCUMENT))["why"]
    assert (why["wrongly_refused"], why["refusal_precision"], why["citation_recall"]) == (1, 0, 0)
    assert "citation_precision" not in why
    assert (why["hit@5"], why["ndcg@10"]) == (0, 0)


def test_the_unanswerable_have_refusal_scores_only() -> None:
    result = scores(run(GOLD, scripted(), DOCUMENT))
    assert result["moon"] == {"refusal_recall": 1, "refusal_precision": 1}
    assert result["rain"] == {"refusal_recall": 0, "quote_fidelity": 1}


def test_history_is_answered_first_and_once() -> None:
    assistant = scripted()
    again = GoldQuestion("who2", "Who?", "en", ("何时？", "Rain?"), False, (), (), ())
    run([WHO, again], assistant, DOCUMENT)
    when, rain = Turn("何时？", "2019 年。"), Turn("Rain?", "Yes.")
    assert assistant.asked.count(("何时？", ())) == 1
    assert [each for each in assistant.asked if each[1]] == [
        ("Who?", (when,)),
        ("Rain?", (when,)),
        ("Who?", (when, rain)),
    ]


def test_a_refusal_includes_nothing_and_another_paper_is_no_evidence() -> None:
    refusal = answer("何时？", "不知道", cite(0), confidence=0.2)
    foreign = answer("为什么？", "结论。", cite(3, "other"), confidence=0.2)
    assistant = ScriptedAssistant([refusal, foreign], {"何时？": [], "为什么？": []})
    result = scores(run([WHEN, WHY], assistant, DOCUMENT))
    assert result["when"]["answer_inclusion"] == 0
    assert result["why"]["citation_precision"] == 0
    assert "quote_fidelity" not in result["why"]


def test_evidence_outside_the_paper_is_said() -> None:
    typo = GoldQuestion("typo", "为什么？", "zh", (), True, ("不在文中",), (), ())
    result = run([WHEN, typo], scripted(), DOCUMENT)
    assert result.warnings == ("typo: not in the paper: 不在文中",)
    near = GoldQuestion("near", "为什么？", "zh", (), True, ("谈判于2020年启动。",), (), ())
    assert run([WHEN, near], scripted(), DOCUMENT).warnings == (
        "near: not in the paper: 谈判于2020年启动。; nearest: 谈判于2019年启动。",
    )
    assert "hit@1" not in scores(result)["typo"]
    with pytest.raises(GoldError, match=r"no evidence .* is in the paper .*nearest: 谈判于2019"):
        run([near], scripted(), DOCUMENT)


def test_summary_by_language_and_tag() -> None:
    rows = report.summarise(run(GOLD, scripted(), DOCUMENT).records)
    assert list(rows) == ["all", "zh", "en", "date", "far-off", "follow-up", "reason"]
    everything = rows["all"]
    assert everything["hit@1"].n == 3
    assert everything["hit@1"].value == pytest.approx(1 / 3)
    assert (everything["citation_precision"].value, everything["citation_precision"].n) == (0.75, 2)
    assert everything["refusal_recall"].value == 0.5
    assert everything["refusal_precision"].value == 0.5
    # Of 3 x 2 pairs of confidences only .3 stands below .5.
    assert everything["refusal_auroc"].value == pytest.approx(5 / 6)
    assert rows["far-off"]["refusal_recall"].n == 2
    assert "refusal_precision" not in rows["far-off"]
    assert everything["latency_p95_ms"].value >= everything["latency_p50_ms"].value > 0


def test_table_is_aligned() -> None:
    rows = {"a": {"x": Estimate(0.5, 10, 0.25, 1.0)}, "long name": {"y": Estimate(123.4, 7, 9, 11)}}
    assert report.table({**rows, "none": {}}, ["x", "y"]) == [
        "           x                  y",
        "a          .50 [.25 1.00] 10",
        "long name                     123 [9.00 11] 7",
    ]


def test_floors(tmp_path: Path) -> None:
    path = tmp_path / "floors.toml"
    path.write_text('[at_least]\n"all.x" = 0.9\n"zh.x" = 1\n[at_most]\n"all.y" = 0.1\n')
    rows = {"all": {"x": Estimate(0.89, 9, 0, 1), "y": Estimate(0.1, 9, 0, 1)}}
    assert misses(rows, read_floors(path)) == [
        "all.x: 0.890 (n=9), wanted at least 0.9",
        "zh.x: not measured, wanted at least 1",
    ]
    for wrong in ("[at_least", "[at_leats]", '[at_most]\n"all.x" = "high"', "[at_most]\nx = 1"):
        path.write_text(wrong)
        with pytest.raises(GoldError, match=r"floors\.toml: "):
            read_floors(path)


def test_own_floors_name_metrics_of_the_report() -> None:
    names = [name.split(".", 1)[1] for bounds in read_floors(FLOORS).values() for name in bounds]
    assert names
    assert set(names) <= set(report.METRICS)


# --- the command line


def write_gold(path: Path) -> Path:
    rows = [
        {"id": "1", "question": "何时？", "lang": "zh", "answerable": True, "evidence": ["2019年"]},
        {"id": "2", "question": "Rain?", "lang": "en", "answerable": False, "tags": ["far-off"]},
    ]
    path.write_text("\n".join(json.dumps(row) for row in rows))
    return path


def ask_eval(*arguments: object) -> int:
    return main([str(a) for a in arguments], open_assistant=lambda _: (scripted(), DOCUMENT))


def test_gold_end_to_end(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    gold, out = write_gold(tmp_path / "mine.jsonl"), tmp_path / "deep" / "out.json"
    assert ask_eval("--gold", gold, "--json", out) == 0
    printed = capsys.readouterr().out
    assert "mine: 2 questions, 1 of them answerable" in printed
    assert "far-off" in printed
    saved = json.loads(out.read_text())["mine"]
    assert saved["metrics"]["all"]["hit@1"] == {"value": 1, "n": 1, "low": 1, "high": 1}
    assert saved["records"][0]["citations"][0]["quote"] == SENTENCES[0]
    assert saved["records"][1]["answered"] is True


def test_a_missed_floor_fails_with_one_line(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    gold, floors = write_gold(tmp_path / "mine.jsonl"), tmp_path / "floors.toml"
    floors.write_text('[at_least]\n"far-off.refusal_recall" = 0.95\n"all.hit@1" = 1.0\n')
    out = tmp_path / "out.json"
    assert ask_eval("--gold", gold, "--json", out, "--fail-under", floors) == 1
    error = capsys.readouterr().err
    assert error == "mine far-off.refusal_recall: 0.000 (n=1), wanted at least 0.95\n"
    assert out.exists()


def test_mistakes_take_one_line_and_open_no_assistant(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    def unwanted(paper: str | None) -> tuple[ScriptedAssistant, Document]:
        raise AssertionError("the assistant was opened")

    gold = write_gold(tmp_path / "mine.jsonl")
    wrong = tmp_path / "wrong.jsonl"
    wrong.write_text("{}\n")
    for arguments, message in (
        (["--gold", wrong], f'{wrong} line 1: "id" is missing; add the field'),
        (["--gold", gold, "--json", tmp_path], f"{tmp_path}: cannot be written"),
        (["--gold", gold, "--json", tmp_path / "a.html"], "the page gets this name"),
        (["--gold", gold, "--fail-under", tmp_path / "none"], "none: cannot be read"),
        (["retrieval", "--documents", wrong], "give --documents and --questions, or --pairs"),
    ):
        assert main([str(a) for a in arguments], open_assistant=unwanted) == 1
        error = capsys.readouterr().err
        assert message in error
        assert error.count("\n") == 1
