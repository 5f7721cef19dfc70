"""Growing a gold set: checked, added to in the terminal, imported."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import pytest
from test_eval import DOCUMENT, SENTENCES, sentence_chunk

from eval import goldimport
from eval.cli import main
from eval.gold import read_gold
from eval.goldadd import Candidate, Desk, read_feedback, typed
from eval.goldcheck import check
from eval.retrieval import read_set
from index import Index
from index.retrieval import ScoredChunk
from sources import load
from sources.errors import GoldError

WHEN = {
    "id": "when",
    "question": "何时？",
    "lang": "zh",
    "answerable": True,
    "evidence": [SENTENCES[0]],
}


def write(path: Path, *rows: dict[str, Any] | str) -> Path:
    lines = [r if isinstance(r, str) else json.dumps(r, ensure_ascii=False) for r in rows]
    path.write_text("\n".join(lines), "utf-8")
    return path


# --- check


def test_a_sound_file_has_no_findings(tmp_path: Path) -> None:
    assert check(write(tmp_path / "gold.jsonl", WHEN), DOCUMENT) == []


def test_every_fault_is_found_at_once(tmp_path: Path) -> None:
    half = write(tmp_path / "half.jsonl", WHEN | {"id": "other", "question": "China要贸易规则吗？"})
    path = write(
        tmp_path / "gold.jsonl",
        WHEN,
        WHEN | {"id": "typo", "question": "哪一年？", "evidence": ["谈判于2018年启动。"]},
        WHEN | {"id": "again", "question": "何 时 ？"},
        WHEN | {"id": "when", "question": "启动了没有？"},
        WHEN | {"id": "leak", "question": "China 要贸易规则吗?"},
        WHEN | {"id": "copy", "question": "谈判于2019年启动吗？"},
        WHEN | {"id": "empty", "question": "为什么？", "evidence": []},
        WHEN | {"id": "odd", "question": "谁？", "evidnce": []},
        WHEN | {"id": "moon", "question": "月球？", "answerable": False},
        "{oops",
    )
    with pytest.raises(GoldError, match="line 10: not JSON"):
        check(path, DOCUMENT)
    path.write_text(path.read_text("utf-8").replace("{oops", ""), "utf-8")
    found = {finding.where.split()[-1]: finding for finding in check(path, DOCUMENT, [half])}
    assert {where: finding.problem for where, finding in found.items()} == {
        "7": "answerable, but without evidence",
        "8": 'unknown field "evidnce"',
        "typo": "not in the paper: 谈判于2018年启动。",
        "again": "asks the same as when",
        "when": "this id is taken",
        "copy": '"谈判于2019年启动" is the paper\'s own wording',
        "moon": "unanswerable, but with evidence",
        "leak": "asks the same as other in half.jsonl",
    }
    assert found["typo"].remedy == "nearest at 0: 谈判于2019年启动。"
    assert [where for where, finding in found.items() if not finding.serious] == ["copy"]


def test_a_question_after_another_history_is_another(tmp_path: Path) -> None:
    rows = [WHEN, WHEN | {"id": "b", "history": ["美国呢？"]}]
    assert check(write(tmp_path / "gold.jsonl", *rows), DOCUMENT) == []


def test_check_from_the_command_line(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    bundled = WHEN | {"evidence": ["电子商务已成为全球经济发展的新引擎"]}
    sound = write(tmp_path / "sound.jsonl", bundled)
    (tmp_path / "empty.jsonl").touch()  # beside it, and nobody asked about it
    (tmp_path / "broken.jsonl").write_text("{}\nno JSON", "utf-8")
    assert main(["gold", "check", str(sound)]) == 0
    assert "0 errors, 0 warnings; held against no other file" in capsys.readouterr().out
    write(tmp_path / "half.jsonl", bundled)
    assert main(["gold", "check", str(sound)]) == 1
    assert "error: when: asks the same as when in half.jsonl" in capsys.readouterr().out
    assert main(["gold", "check", str(tmp_path / "none.jsonl")]) == 1
    assert "no such file" in capsys.readouterr().err


# --- add


def search(question: str, k: int) -> list[ScoredChunk]:
    return [ScoredChunk(sentence_chunk(at), 1.0, at + 1) for at in (0, 1)][:k]


def desk(*replies: str) -> tuple[Desk, list[str]]:
    """A desk whose person gives these replies, then leaves; and what was shown."""
    waiting: Iterator[str] = iter(replies)
    shown: list[str] = []

    def ask(prompt: str) -> str:
        try:
            return next(waiting)
        except StopIteration:
            raise EOFError from None

    return Desk(DOCUMENT, search, ask, shown.append), shown


def test_questions_are_added_one_by_one(tmp_path: Path) -> None:
    path = write(tmp_path / "gold.jsonl", WHEN)
    person, shown = desk(
        "谁反对？", "9", "1, 2", "2019 | 一九; 美国", "date lookup", "y",  # out of range first
        "月球？", "n", "far-off", "y",
        "算了？", "s",
        "不要？", "1", "", "", "n",
        "何时？",  # is there already
        "",
    )  # fmt: skip
    assert person.add(path, typed(person.ask)) == 2
    _, who, moon = read_gold(path)
    assert (who.id, who.lang, who.evidence) == ("zh-added-001", "zh", SENTENCES[:2])
    assert who.must_include == (("2019", "一九"), ("美国",))
    assert who.tags == ("date", "lookup")
    assert (moon.answerable, moon.evidence, moon.id) == (False, (), "zh-added-002")
    assert "numbers from 1 to 2, or n, s, q" in shown


def test_leaving_midway_loses_nothing(tmp_path: Path) -> None:
    path = tmp_path / "new.jsonl"
    person, _ = desk("谁？", "1", "", "", "y", "谁呢？", "q")
    assert person.add(path, typed(person.ask)) == 1
    assert len(read_gold(path)) == 1
    person, _ = desk("哪年？", "1", "")  # the terminal closes
    assert person.add(path, typed(person.ask)) == 0


LAST = len("".join(SENTENCES[:3]))


def feedback(**fields: Any) -> dict[str, Any]:
    return {
        "time": "2026-11-22T20:00:00+00:00",
        "paper": "paper",
        "question": "那美国呢？",
        "standalone_question": "美国何时？",
        "answer": "“美国主张自由流动。”[1]",
        "citations": [
            {"quote": SENTENCES[3], "start": LAST, "end": LAST + len(SENTENCES[3])},
            {"quote": "没有了。", "start": 90, "end": 94},
        ],
        "rating": "up",
        "reason": "",
        **fields,
    }


def test_feedback_becomes_candidates_that_a_person_confirms(tmp_path: Path) -> None:
    rated = write(
        tmp_path / "feedback.jsonl",
        feedback(),
        feedback(paper="another"),
        feedback(
            question="何故？", standalone_question="何故？", rating="down", reason="wrong place"
        ),
    )
    candidates = read_feedback(rated, DOCUMENT)
    assert [candidate.question for candidate in candidates] == ["何故？", "美国何时？"]
    assert candidates[0].notes[0] == "rated down: wrong place"
    person, shown = desk("1", "", "", "y", "s")
    path = tmp_path / "gold.jsonl"
    assert person.add(path, candidates) == 1
    # What was cited stands first and is marked.
    assert read_gold(path)[0].evidence == (SENTENCES[3],)
    assert f"*  1  {SENTENCES[3]}" in shown


@pytest.mark.parametrize(
    ("row", "message"),
    [
        (feedback(rating="maybe"), 'unknown rating "maybe"; write "up" or "down"'),
        (feedback(citations=[{"quote": "x"}]), '"citations" have no places'),
        ({"rating": "up"}, '"paper" is missing'),
    ],
)
def test_wrong_feedback_is_named(tmp_path: Path, row: dict[str, Any], message: str) -> None:
    with pytest.raises(GoldError, match=f"line 1: {message}"):
        read_feedback(write(tmp_path / "feedback.jsonl", row), DOCUMENT)


def test_add_from_the_command_line(
    tmp_path: Path, index: Index, index_folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    paper = next(iter(index.documents))
    write(index_folder / "feedback.jsonl", feedback(paper=paper, citations=[]))
    replies = iter(["1", "", "", "y"])
    monkeypatch.setattr("builtins.input", lambda prompt: next(replies))
    path = tmp_path / "gold.jsonl"
    assert main(["gold", "add", str(path), "--feedback"]) == 0
    (added,) = read_gold(path)
    assert added.evidence[0] in index.documents[paper].text


# --- import

CONTEXT = "谈判始于2019年。有76个成员参加。"
SQUAD = {
    "data": [
        {
            "paragraphs": [
                {
                    "context": CONTEXT,
                    "qas": [
                        {
                            "id": "1",
                            "question": "多少成员？",
                            "answers": [{"text": "76个", "answer_start": 11}],
                        },
                        {"id": "2", "question": "月球？", "answers": [], "is_impossible": True},
                    ],
                }
            ]
        }
    ]
}
CMRC = [
    {
        "context_text": CONTEXT,
        "qas": [{"query_id": "1", "query_text": "多少成员？", "answers": ["76个", "76个"]}],
    }
]


@pytest.mark.parametrize(("data", "questions"), [(SQUAD, 2), (CMRC, 1)])
def test_squad_and_cmrc(tmp_path: Path, data: object, questions: int) -> None:
    source, out = tmp_path / "set.json", tmp_path / "out"
    source.write_text(json.dumps(data), "utf-8")
    assert main(["gold", "import", str(source), str(out)]) == 0
    gold = read_gold(out / "gold.jsonl")
    assert len(gold) == questions
    assert gold[0].evidence == ("有76个成员参加。",)
    assert gold[0].must_include == (("76个",),)
    assert check(out / "gold.jsonl", load(out / "paper.txt")) == []
    ranking = read_set(out / "documents.jsonl", out / "questions.jsonl")
    assert [sorted(question.gold) for question in ranking.questions] == [["p1"]]


def beir(folder: Path, qrels: Sequence[str]) -> Path:
    (folder / "qrels").mkdir(parents=True)
    write(
        folder / "corpus.jsonl",
        {"_id": "d1", "title": "Trade", "text": "Rules of trade."},
        {"_id": "d2", "title": "", "text": ""},
    )
    write(folder / "queries.jsonl", {"_id": "q1", "text": "rules?"}, {"_id": "q2", "text": "no?"})
    (folder / "qrels" / "test.tsv").write_text("\n".join(qrels), "utf-8")
    return folder


def test_beir(tmp_path: Path) -> None:
    head = "query-id\tcorpus-id\tscore"
    source = beir(tmp_path / "beir", [head, "q1\td1\t1", "q1\td2\t1", "q2\td1\t0"])
    goldimport.write(goldimport.read_source(source), tmp_path / "out")
    ranking = read_set(tmp_path / "out/documents.jsonl", tmp_path / "out/questions.jsonl")
    assert ranking.documents == {"d1": "Trade\nRules of trade."}
    assert [(q.question, sorted(q.gold)) for q in ranking.questions] == [("rules?", ["d1"])]


def test_what_cannot_be_imported(tmp_path: Path) -> None:
    with pytest.raises(GoldError, match="no such file"):
        goldimport.read_source(tmp_path / "none.json")
    for content, message in (
        ("{", "cannot be read"),
        ('{"data": [{}]}', "not in the format of SQuAD or CMRC 2018"),
        ('{"data": []}', "holds no question"),
    ):
        (tmp_path / "set.json").write_text(content, "utf-8")
        with pytest.raises(GoldError, match=message):
            goldimport.read_source(tmp_path / "set.json")
    with pytest.raises(GoldError, match=r"test\.tsv line 2: not query, document, score"):
        goldimport.read_source(beir(tmp_path / "b1", ["query\tdoc\tscore", "q1 d1 1"]))
    with pytest.raises(GoldError, match="no query of"):
        goldimport.read_source(beir(tmp_path / "b2", ["q9\td1\t1"]))
    with pytest.raises(GoldError, match=r"no corpus\.jsonl"):
        goldimport.read_source(tmp_path)
    imported = goldimport.Imported([{"id": "d", "text": "t"}], [], [])
    goldimport.write(imported, tmp_path / "out")
    with pytest.raises(GoldError, match="is there already; give an empty folder"):
        goldimport.write(imported, tmp_path / "out")


def test_a_candidate_without_passages_can_be_skipped(tmp_path: Path) -> None:
    person = Desk(DOCUMENT, lambda question, k: [], lambda prompt: "s", lambda text: None)
    assert person.add(tmp_path / "gold.jsonl", [Candidate("x?")]) == 0
