"""What can be asked, and what kinds of answer questions want and sentences hold."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.questions import (
    KINDS,
    MAX_QUESTION,
    asks_what_share,
    asks_whether,
    check_question,
    counts,
    granted,
    holds,
    is_keywords,
    tells_when,
    wants,
    without_dates,
)
from sources import QuestionError


@pytest.mark.parametrize(
    ("question", "says"),
    [
        ("", "empty"),
        (" \n\t\u3000", "empty"),
        ("问" * (MAX_QUESTION + 1), "2,001 characters"),
        ("a" * 100_000, "100,000 characters"),
        ("what\x00 is this", "control characters"),
        ("什么\x1b[2J", "control characters"),
        ("\ud800 what", "control characters"),
        ("？？？", "no word"),
    ],
)
def test_what_is_no_question_is_refused_in_one_line(question: str, says: str) -> None:
    with pytest.raises(QuestionError, match=says) as error:
        check_question(question)
    assert "\n" not in str(error.value)


@pytest.mark.parametrize("question", ["为什么？", "Why?", "2018?", "first line\nsecond\tline"])
def test_a_question_keeps_its_words(question: str) -> None:
    assert check_question(f"  {question}\n") == question


def test_the_longest_question_is_allowed() -> None:
    assert len(check_question("问" * MAX_QUESTION)) == MAX_QUESTION


@given(st.text(max_size=100))
def test_any_text_is_refused_or_stripped(text: str) -> None:
    try:
        assert check_question(text) == text.strip()
    except QuestionError as error:
        assert str(error)


@pytest.mark.parametrize(
    ("question", "kind"),
    [
        ("有多少个成员签署了声明？", "number"),
        ("How many members signed?", "number"),
        ("CLOUD Act是什么时候签署的？", "date"),
        ("When was it signed?", "date"),
        ("是谁签署的？", "who"),
        ("Which countries joined?", "who"),
        ("谈判在哪里举行？", "where"),
        ("Where do the talks take place?", "where"),
        ("美国为什么反对？", "reason"),
        ("Why does the US object?", "reason"),
        ("提案涉及哪些议题？", "list"),
        ("What are the main issues?", "list"),
        ("争议后来怎么处理的？", "how"),
        ("How did they settle it?", "how"),
        ("什么是数据控制者？", "definition"),
        ("What is a data controller?", "definition"),
    ],
)
def test_what_a_question_wants(question: str, kind: str) -> None:
    assert kind in wants(question)


@pytest.mark.parametrize(
    ("sentence", "kind"),
    [
        ("76个成员签署了联合声明。", "number"),
        ("协定于2020年11月签署。", "date"),
        ("It was signed in March.", "date"),
        ("声明由美国提出。", "who"),
        ("由于立场不同，谈判停滞。", "reason"),
        ("The talks stalled because positions differ.", "reason"),
        ("议题包括关税、数据流动、电子签名、隐私。", "list"),
        ("通过双边协定推进规则。", "how"),
        ("数据控制者是指控制数据的人。", "definition"),
        ("A data controller means whoever controls data.", "definition"),
    ],
)
def test_what_a_sentence_holds(sentence: str, kind: str) -> None:
    assert kind in holds(sentence)


@given(st.text(max_size=100))
def test_kinds_are_known_ones(text: str) -> None:
    assert wants(text) | holds(text) <= set(KINDS)


def test_a_statement_wants_nothing_and_empty_text_holds_nothing() -> None:
    assert wants("全球经济发展") == frozenset()
    assert holds("") == frozenset()


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("2019 年 1 月 76 个成员签署", True),
        ("法案于 2018 年 3 月 23 日签署[3]。", False),
        ("It was signed on 23 March 2018.", False),
        ("In January 2019, 76 members signed.", True),
        ("规模达到 25.6 万亿美元", True),
        ("下设四个专题小组", True),
        ("see section 3.2.1", False),
        ("成为“21 世纪新贸易规则”", False),
        ("rules for the 21st century", False),
    ],
)
def test_a_date_is_no_number(text: str, number: bool) -> None:
    assert ("number" in holds(text)) is number
    assert without_dates("76 members") == "76 members"


@pytest.mark.parametrize(
    ("question", "claim"),
    [
        ("既然要谈，美国为什么反对？", "美国为什么反对？"),
        ("Why did it leave, and when?", "Why did it leave, and when?"),
        ("条约是什么时候签的？", "条约是什么时候签的？"),
        ("条约签了吗，为什么？", ""),
        ("挪威到现在都没加入条约，作者怎么看？", "挪威到现在都没加入条约"),
        ("Since Norway insists on data at home, who objects?", "Norway insists on data at home"),
        ("在没有条约的情况下，谁反对？", ""),
        ("Did it say why?", ""),
        ("What about data, when it comes to trade?", ""),
    ],
)
def test_what_is_taken_for_granted(question: str, claim: str) -> None:
    assert granted(question) == claim


@pytest.mark.parametrize(
    ("question", "sentence", "time"),
    [
        ("何时迁居？", "先祖自唐末迁居入蜀。", True),
        ("When did it begin?", "It began after the war.", True),
        ("When did it begin?", "It began well [4].", False),
        ("哪一年开始的？", "战争以后开始。", False),
        ("In which year did it begin?", "It began in 1950.", True),
    ],
)
def test_any_word_of_time_unless_a_year_is_asked_for(
    question: str, sentence: str, time: bool
) -> None:
    assert tells_when(question, sentence) is time


@pytest.mark.parametrize(
    ("question", "share"),
    [
        ("中国占多大比重？", True),
        ("What share of trade is it?", True),
        ("比例模型是什么？", False),
        ("What is acceleration proportional to?", False),
    ],
)
def test_a_share_is_asked_for(question: str, share: bool) -> None:
    assert asks_what_share(question) is share


@pytest.mark.parametrize(
    ("question", "keywords"),
    [
        ("data localization", True),
        ("数据本地化", True),
        ("CLOUD Act signed", True),
        ("谁签的字", False),
        ("the EU rejects any data localization", False),
    ],
)
def test_a_few_words_as_for_a_search_engine(question: str, keywords: bool) -> None:
    assert is_keywords(question) == keywords


@pytest.mark.parametrize(
    ("sentence", "counted"),
    [
        ("截至年底有86个成员。", True),
        ("It saved 5000kWh.", True),
        ("Half of them signed.", True),
        ("借助G20等多边场合。", False),
        ("COVID-19 changed trade.", False),
        ("It was signed in 2018.", False),
    ],
)
def test_what_counts_something(sentence: str, counted: bool) -> None:
    assert counts(sentence) == counted


@pytest.mark.parametrize(
    ("question", "whether"),
    [
        ("Could they cut off access?", True),
        ("As a foreign lawyer, could I be cut off?", True),
        ("Why, in 2018, did they sign?", False),
        ("中国是赞成还是反对？", True),
        ("有电商章不", True),
        ("为什么不？", False),
    ],
)
def test_whether_yes_or_no_would_do(question: str, whether: bool) -> None:
    assert asks_whether(question) is whether
