"""What of its topic a question asks about is told by sentences in words of their own."""

from __future__ import annotations

import pytest

from app import Assistant
from app.aspects import aspect, searched
from index import Index
from index.encoder import Floats
from sources import language_of

AGAINST = ("规则的碎片化带来不确定性。", "The rules are fragmented.")
MATTERS = ("这对恢复信心意义重大。", "This was a milestone.")
FOR = ("这有利于出口。", "It helps exporters.")
NEUTRAL = ("会议在日内瓦举行。", "The meeting took place in Geneva, in harmony.")


def unweighed(question: str) -> Floats:
    """A judgement is one whatever else is asked."""
    raise AssertionError(question)


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
        ("Why was it such a big deal?", MATTERS),
        ("Do data flows matter much for growth?", MATTERS),
        ("开放有什么好处", FOR),
        ("What good came of the deal?", FOR),
    ],
)
def test_what_judges_as_the_question_asks(question: str, held: tuple[str, str]) -> None:
    asked = aspect(question, unweighed)
    assert asked
    assert all(asked.held.search(sentence) for sentence in held)
    assert not any(asked.held.search(sentence) for sentence in NEUTRAL)


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
def test_a_question_for_nothing_of_the_kind(index: Index, question: str) -> None:
    assert aspect(question, index.weigh) is None


def test_what_is_judged_is_searched_for_without_the_verdict() -> None:
    def search(question: str) -> str:
        return searched(question, aspect(question, unweighed))

    assert search("区域协定有什么坏处") == "区域协定有什么"
    assert search("面临哪些挑战？") == "面临哪些挑战？"  # a word that texts share
    assert search("好处？") == "好处？"
    assert search("Which countries took part?") == "Which countries took part?"


@pytest.mark.parametrize(
    ("question", "word"),
    [
        ("谈判现在走到哪一步了", "进展"),
        ("Where do the WTO talks stand now?", "progress"),
        ("欧盟想要什么？", "立场"),
        ("What is the EU after?", "position"),
        ("美国强在哪里？", "优势"),
        ("What's holding the talks back?", "disagreement"),
        ("中国做了些什么", "签署"),
        ("What topics are on the table?", "issues"),
    ],
)
def test_a_broad_question_is_searched_for_in_the_words_of_papers(
    index: Index, question: str, word: str
) -> None:
    assert searched(question, aspect(question, index.weigh)).split()[-3:].count(word) == 1


@pytest.mark.parametrize(
    "question",
    [
        "where did congress lay down what it wants on data flows?",
        "中国企业想要什么样的数据规则",
        "what kind of trials does the author want inside China?",
    ],
)
def test_one_that_says_more_is_not(index: Index, question: str) -> None:
    assert aspect(question, index.weigh) is None


@pytest.mark.parametrize(
    ("question", "quoted"),
    [
        ("积极参加国际讨论对中国有什么好处？", "才能防止被抹黑"),
        ("What are the downsides of regional e-commerce deals?", "碎片化"),
        ("谈判现在走到哪一步了", "取得一定进展"),
        ("What is the EU after?", "欧盟"),
        ("美国强在哪里？", "领导地位"),
        ("电商谈判为什么谈不拢？", "分歧"),
        ("What's holding the talks back?", "分歧"),
    ],
)
def test_it_is_quoted(index: Index, question: str, quoted: str) -> None:
    answer = Assistant(index).ask(question)
    assert answer.answered
    assert any(quoted in each.quote for each in answer.citations)
    assert answer.retrieved[0].chunk in [each.chunk for each in answer.citations]


def test_a_reader_of_the_papers_language_is_quoted_no_translation(index: Index) -> None:
    answer = Assistant(index).ask("电子商务和数字贸易有什么区别？")
    assert answer.citations
    assert {language_of(each.quote) for each in answer.citations} == {"zh"}
