"""What is asked on: drawn to what was said, more of it, or the same of something else."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import pytest

from app import Answer, Assistant, Turn
from index import Index

SIZE_ZH = "2018年全球电子商务规模达到多少万亿美元？"


@pytest.fixture(scope="module")
def assistant(index: Index) -> Assistant:
    return Assistant(index)


def test_a_follow_up_says_how_it_was_understood(assistant: Assistant) -> None:
    history = [Turn("2018年7月有多少个WTO成员签订共同声明？", "71 个")]
    answer = assistant.ask("2019年1月呢？", history)
    assert answer.question == "2019年1月呢？"
    assert answer.standalone_question == "2019年1月有多少个WTO成员签订共同声明？"
    assert "76 个" in answer.text  # of 2019, not the 71 of 2018


def test_a_short_follow_up_is_drawn_to_the_last_answer(assistant: Assistant) -> None:
    question, asked = "前三名呢", "我国数据企业有竞争力吗？"
    before = assistant.ask(asked)
    drawn = assistant.ask(question, [Turn(asked, before.text)])
    cited = {each.chunk.chunk_id for each in before.citations}
    assert drawn.retrieved[0].chunk.chunk_id in cited
    # What was said in a conversation that is not ours may be nowhere in the paper.
    assert assistant.ask(question, [Turn("", "")]).retrieved


def test_the_same_asked_of_another_is_not_answered_with_the_same(assistant: Assistant) -> None:
    first = "中国在跨境数据流动上持什么立场？"
    told = assistant.ask(first)
    answer = assistant.ask("那美国呢？", [Turn(first, told.text)])
    assert answer.citations[0].quote not in told.text
    assert "美" in answer.citations[0].quote
    assert all(each.quote not in told.text for each in answer.citations)


def test_another_country_is_not_answered_with_what_was_said_of_the_first(
    assistant: Assistant,
) -> None:
    first = "谈判中国和美国最大的分歧在哪里？"
    told = assistant.ask(first)
    answer = assistant.ask("那欧盟的立场呢？", [Turn(first, told.text)])
    assert answer.citations
    assert all("欧" in each.quote and each.quote not in told.text for each in answer.citations)


@pytest.mark.parametrize(
    ("first", "more"),
    [
        ("USMCA的数字贸易章规定了什么？", "还有呢？"),
        ("中国对谈判提出了哪些建议？", "除了这些还有什么"),
        ("What does the USMCA say about digital trade?", "What else?"),
        ("How does the US lead the talks?", "Anything else?"),
    ],
)
def test_who_asks_for_more_is_not_told_the_same(
    assistant: Assistant, first: str, more: str
) -> None:
    told = assistant.ask(first)
    answer = assistant.ask(more, [Turn(first, told.text)])
    assert answer.answered
    assert all(each.quote not in told.text for each in answer.citations)


@pytest.mark.parametrize(
    ("first", "more", "quoted"),
    [
        ("CLOUD法案有什么规定", "展开讲讲", "这实质上将美国数据企业"),
        ("What did China propose in 2017?", "Tell me more!", "主要包括延续对电子传输免征关税"),
        ("论文给中国提了哪些建议？", "具体说说", "中国一贯维护多边贸易体系"),  # below the headings
    ],
)
def test_who_asks_for_details_is_told_what_comes_next(
    assistant: Assistant, first: str, more: str, quoted: str
) -> None:
    answer = assistant.ask(more, [Turn(first, assistant.ask(first).text)])
    assert answer.answered
    assert answer.citations[0].quote.startswith(quoted)


def test_nothing_comes_next_after_a_refusal(assistant: Assistant) -> None:
    first = "What will the weather in Geneva be tomorrow?"
    refused = assistant.ask(first)
    assert not assistant.ask("Tell me more", [Turn(first, refused.text)]).answered
    assert assistant.ask("Tell me more", [Turn("Who?", "A made-up answer.")]).standalone_question


@pytest.mark.parametrize(
    ("question", "understood", "section"),
    [
        ("第三条具体怎么说", "第5.2.3节具体怎么说", "5.2.3."),
        ("what about the second one?", "what about section 5.2.2?", "5.2.2."),
    ],
)
def test_one_of_the_headings_that_were_listed(
    assistant: Assistant, question: str, understood: str, section: str
) -> None:
    first = "论文给中国提了哪些建议？"
    history = [Turn(first, assistant.ask(first).text), Turn("为什么", "“不知道。”[1]")]
    answer = assistant.ask(question, history)
    assert answer.standalone_question == understood
    assert all(each.section.split(" › ")[-1].startswith(section) for each in answer.citations)
    beyond = assistant.ask("第九条呢", history)
    assert "节" not in beyond.standalone_question


@pytest.mark.parametrize("question", ["How many members signed RCEP?", "RCEP有多少成员？"])
def test_a_whole_question_is_refused_as_if_it_were_the_first(
    assistant: Assistant, question: str
) -> None:
    first = "CLOUD法案是谁签的？"
    assert not assistant.ask(question).answered
    asked_on = assistant.ask(question, [Turn(first, assistant.ask(first).text)])
    assert not asked_on.answered
    assert asked_on.missing == ("RCEP",)


def test_conversations_at_the_same_time_do_not_mix(assistant: Assistant) -> None:
    conversations = (
        [SIZE_ZH, "那2017年呢？", "为什么？"],
        ["What did China propose in 2016?", "And in 2017?", "Why?"],
    )

    def converse(questions: list[str]) -> list[Answer]:
        history: list[Turn] = []
        answers = []
        for question in questions:
            answers.append(assistant.ask(question, history))
            history.append(Turn(question, answers[-1].text))
        return answers

    alone = [converse(questions) for questions in conversations]
    with ThreadPoolExecutor(4) as threads:
        assert [*threads.map(converse, conversations * 4)] == alone * 4
    assert alone[0][1].standalone_question != alone[1][1].standalone_question
