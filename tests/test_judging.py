"""A question for a judgement is answered by a sentence that judges, in words of its own."""

from __future__ import annotations

import pytest

from app import Assistant
from app.judging import judges, unjudged
from index import Index

AGAINST = ("规则的碎片化带来不确定性。", "The rules are fragmented.")
MATTERS = ("这对恢复信心意义重大。", "This was a milestone.")
FOR = ("这有利于出口。", "It helps exporters.")
NEUTRAL = ("会议在日内瓦举行。", "The meeting took place in Geneva, in harmony.")


@pytest.mark.parametrize(
    ("question", "held"),
    [
        ("双边协定有什么问题", AGAINST),
        ("弊端是什么？", AGAINST),
        ("谈判卡在哪里", AGAINST),
        ("面临哪些挑战？", AGAINST),
        ("What are the downsides of the deal?", AGAINST),
        ("What does the author criticise?", AGAINST),
        ("Which risks does it bring?", AGAINST),
        ("这次谈判有什么意义", MATTERS),
        ("Why does it matter?", MATTERS),
        ("开放有什么好处", FOR),
        ("What good came of the deal?", FOR),
    ],
)
def test_what_judges_as_the_question_asks(question: str, held: tuple[str, str]) -> None:
    asked = judges(question)
    assert asked
    assert all(asked.search(sentence) for sentence in held)
    assert not any(asked.search(sentence) for sentence in NEUTRAL)


@pytest.mark.parametrize(
    "question",
    [
        "哪些问题取得了进展",
        "不足一年就谈成的是哪个协定",
        "硬币的正面是什么",
        "What kind of problem is this?",
        "What problem does the method solve?",
        "这个方法要解决什么问题",
        "What is a risk factor?",
        "Which countries took part?",
    ],
)
def test_a_question_for_no_judgement(question: str) -> None:
    assert judges(question) is None


def test_what_is_judged_is_searched_for_without_the_verdict() -> None:
    assert unjudged("区域协定有什么坏处") == "区域协定有什么"
    assert unjudged("面临哪些挑战？") == "面临哪些挑战？"  # a word that texts share
    assert unjudged("好处？") == "好处？"
    assert unjudged("Which countries took part?") == "Which countries took part?"


@pytest.mark.parametrize(
    ("question", "quoted"),
    [
        ("积极参加国际讨论对中国有什么好处？", "才能防止被抹黑"),
        ("What are the downsides of regional e-commerce deals?", "碎片化"),
    ],
)
def test_a_judgement_is_quoted(index: Index, question: str, quoted: str) -> None:
    answer = Assistant(index).ask(question)
    assert answer.answered
    assert any(quoted in each.quote for each in answer.citations)
