"""A follow-up stands alone after the rules; a complete question stays as it is."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.answers import Turn
from app.followup import MAX_CARRIED, MAX_SWAPPED, MOST_DRAWN, drawn, reworded, standalone


def after(*questions: str) -> list[Turn]:
    return [Turn(question) for question in questions]


@pytest.mark.parametrize(
    ("earlier", "question", "expected"),
    [
        ("CLOUD Act是哪天签署的？", "它的第一条说的是什么？", "CLOUD Act的第一条说的是什么？"),
        ("美国为什么反对数据本地化？", "那欧盟呢？", "欧盟为什么反对数据本地化？"),
        ("美国2018年的提案说了什么？", "2019年呢？", "美国2019年的提案说了什么？"),
        ("RCEP里有没有电商一章？", "那CPTPP呢？", "CPTPP里有没有电商一章？"),
        ("第3节讲了什么？", "那第4节呢？", "第4节讲了什么？"),
        (
            "欧盟为什么跟美国在数据传输上有争议？",
            "那技术中立方面呢？",
            "欧盟为什么跟美国在技术中立上有争议？",
        ),
        (
            "How many members signed the July 2018 statement?",
            "And the January 2019 one?",
            "How many members signed the January 2019 statement?",
        ),
        (
            "Why does the US oppose data localisation?",
            "What about the EU?",
            "Why does the EU oppose data localisation?",
        ),
        (
            "What is the EU's position on data flows?",
            "What about China?",
            "What is China's position on data flows?",
        ),
        (
            "What did China propose in 2016?",
            "and in 2017?",
            "What did China propose in 2017?",
        ),
        ("Why does the US object?", "no, sorry, I meant the EU", "Why does the EU object?"),
        ("美国要求什么？", "不对，我问的是欧盟", "欧盟要求什么？"),
        ("美国凭什么要走数据？", "为什么呢？", "美国要走数据：为什么呢？"),
        (
            "欧美在个人数据上为何不和？",
            "那技术中立上呢，谁变了？",
            "欧美在技术中立上不和：谁变了？",
        ),
        (
            "What does the US want for data?",
            "what about the EU, does it want the same?",
            "the EU want for data: does it want the same?",
        ),
    ],
)
def test_the_new_part_takes_the_place_of_the_old_one(
    earlier: str, question: str, expected: str
) -> None:
    assert standalone(question, after(earlier)) == expected


@pytest.mark.parametrize(
    ("earlier", "question", "carried"),
    [
        ("欧盟为什么总跟美国在数据传输上闹矛盾？", "后来双方是怎么处理的？", "数据传输"),
        ("2017年有多少个贸易协定写了电商一章？", "其中过半的都写了什么？", "贸易协定"),
        ("作者提议哪两类国家进白名单？", "第二类为什么会入选？", "白名单"),
        ("中国在WTO提交了哪些文件？", "为什么？", "中国"),
        ("中国在WTO提交了哪些文件？", "还有呢？", "WTO"),
        ("电商谈判有哪两种模式？", "前者有什么好处？", "电商谈判"),
        ("25.6万亿是哪一年的数字？", "那2022年呢？", "25.6万亿的数字"),
        ("What is the data controller test in the CLOUD Act?", "Who signed it?", "CLOUD Act"),
        ("What is the data controller test in the CLOUD Act?", "Who signed the law?", "CLOUD Act"),
        ("Who drew up the ranking of digital disruptors?", "When did they do that?", "ranking"),
        ("How does the EU protect personal data?", "Why?", "personal data"),
        ("How does the EU protect personal data?", "And since when?", "personal data"),
        (
            "How does the EU protect personal data?",
            "Tell me more about the rules.",
            "personal data",
        ),
        ("Which companies lead the ranking?", "How many of the top ten are Chinese?", "ranking"),
    ],
)
def test_the_topic_is_carried(earlier: str, question: str, carried: str) -> None:
    rewritten = standalone(question, after(earlier))
    assert carried in rewritten
    assert rewritten != question


def test_a_topic_goes_through_a_chain() -> None:
    first = "USTR的数字贸易工作组是什么时候建的？"
    chain = after(first, "建它是为了什么？")
    assert "USTR的数字贸易工作组" in standalone("它的报告里加了什么内容？", chain)
    chain = after("How does the EU protect personal data?", "Who enforces it?")
    assert "personal data" in standalone("And what do they do?", chain)


def test_a_swapped_part_stays_swapped() -> None:
    chain = after("美国为什么反对数据本地化？", "那欧盟呢？")
    rewritten = standalone("它后来改变立场了吗？", chain)
    assert "欧盟" in rewritten
    assert "美国" not in rewritten


COMPLETE = [
    "RCEP在哪些方面超出了以往的协定？",
    "美国和欧盟的双方分歧主要是什么？",
    "这篇论文主要讲什么？",
    "主要结论是什么",
    "作者是谁",
    "What are the limitations?",
    "main points?",
    "Who wrote this paper?",
    "What topics does the paper cover?",
    "这篇论文是谁写的",
    "第3.2节讲了什么？",
    "第3节讲了什么",
    "what does section 3 say",
    "现在那份综合谈判文本都包括哪些板块？",
    "除了WTO，中国还能在哪些国际场合谈数字贸易？",
    "中国应该如何参与WTO电子商务谈判？",
    "那么发展中国家对电子传输征税持什么立场？",
    "那欧盟想要什么？",
    "Where does RCEP break new ground on e-commerce?",
    "What does this paper say about data localisation?",
    "Does China support the moratorium, and what are its reasons?",
    "Which agreement first had its own chapter on e-commerce?",
    "Are there any disagreements between the EU and the US?",
    "What are the customs duties that developing members want to keep?",
]
HISTORIES = [
    [],
    after("CLOUD Act是哪天签署生效的？"),
    after("欧盟为什么总跟美国在数据传输上闹矛盾？", "后来双方是怎么处理的？"),
    after("What is the data controller test in the CLOUD Act?", "Who signed it?"),
]


@pytest.mark.parametrize("question", COMPLETE)
@pytest.mark.parametrize("history", HISTORIES)
def test_a_complete_question_stays_as_it_is(question: str, history: list[Turn]) -> None:
    assert standalone(question, history) == question


@pytest.mark.parametrize(
    ("question", "expected"),
    [
        ("换个问题，它是什么？", "它是什么？"),
        ("换个事问：它是什么？", "它是什么？"),
        ("对了，另外想问问，它是什么？", "它是什么？"),
        ("Change of subject: what is it?", "what is it?"),
        ("Different topic: who signed it?", "who signed it?"),
    ],
)
def test_an_announced_change_drops_the_topic(question: str, expected: str) -> None:
    assert standalone(question, after("CLOUD Act是哪天签署的？")) == expected


def test_a_complete_question_drops_the_earlier_topic() -> None:
    chain = after("CLOUD Act是哪天签署的？", "RCEP是什么时候签署的？")
    rewritten = standalone("它有多少个成员？", chain)
    assert rewritten == "RCEP有多少个成员？"


def test_what_was_asked_of_is_no_topic() -> None:
    rewritten = standalone("后来做到了吗", after("美国是在哪部法律里写明目标的？"))
    assert rewritten == "美国法律里写明目标的：后来做到了吗"
    rewritten = standalone("那些分歧呢？", after("谈判现在走到哪一步了？"))
    assert rewritten == "谈判现在走到了：那些分歧呢？"


def test_courtesies_are_not_carried() -> None:
    rewritten = standalone(
        "Yes, can you tell me more about its history please?",
        after("I would like to know about the Havana Charter."),
    )
    assert rewritten == "the Havana Charter: its history"


@pytest.mark.parametrize(
    "question", ["要提前做什么准备", "涉及几个国家", "接下来最关键的是什么条款"]
)
def test_a_question_without_a_subject_leans(question: str) -> None:
    rewritten = standalone(question, after("CLOUD Act是哪天签署的？"))
    assert rewritten == f"CLOUD Act是签署的：{question}"


def test_what_is_asked_for_is_not_what_a_pronoun_stands_for() -> None:
    earlier = after("Had the WTO dealt with e-commerce before 2019?")
    assert "the WTO" in standalone("which bodies did it set up", earlier)
    question = "Which members say that they support the moratorium?"
    assert standalone(question, earlier) == question


def test_what_says_next_to_nothing_is_no_topic() -> None:
    earlier = after("What happened in Davos?", "who was there")
    assert standalone("what for?", earlier) == "Davos: what for?"


def test_an_earlier_topic_is_returned_to() -> None:
    chain = after("中国企业对数据规则有什么诉求？", "换个问题，Gartner是干什么的？")
    rewritten = standalone("回到刚才那个，要提前准备什么", chain)
    assert rewritten == "中国企业对数据规则诉求：要提前准备什么"
    chain = after("How does the EU protect personal data?", "Different topic: what is Gartner?")
    assert "personal data" in standalone("back to my first question, who enforces it?", chain)


def test_a_particle_alone_is_chinese() -> None:
    assert standalone("RCEP呢", after("USMCA是什么时候签署的？")) == "RCEP是什么时候签署的？"


def test_a_topic_in_front_is_no_new_wording() -> None:
    earlier = [Turn("中国在数据流动上持什么立场？", "")]
    for question, expected in (("那美国呢？", True), ("为什么？", False), ("", False)):
        assert reworded(question, standalone(question, earlier)) is expected


def test_the_less_a_question_says_the_more_it_is_drawn_to_the_last_answer() -> None:
    said = ["why?", "why did they do so?", "Why did the United States leave the negotiations?"]
    drawing = [drawn(question, question) for question in said]
    assert drawing == sorted(drawing, reverse=True)
    assert drawing[0] == MOST_DRAWN
    assert drawing[-1] > 0
    assert drawn("换个问题，为什么？", "为什么？") == drawn("Different topic: why?", "why?") == 0
    assert drawn("那欧盟呢", "美国：那欧盟呢") > drawn("那欧盟呢", "欧盟为什么反对数据本地化")


def test_a_year_that_is_told_from_the_last_one_is_named() -> None:
    earlier = after("Who asked for talks in 2017?")
    assert standalone("what about the year after?", earlier) == "Who asked for talks in 2018?"
    rewritten = standalone("前一年呢，有多少个", after("2018年有多少个成员签订声明？"))
    assert "2017年呢，有多少个" in rewritten


def test_what_follows_is_asked_of_that_year() -> None:
    chain = after("What did China propose in 2016?", "And the one a year later, what was in it?")
    rewritten = standalone("did it help poorer countries?", chain)
    assert rewritten == "China propose in 2017: did it help poorer countries?"
    rewritten = standalone("back to the first: who helped?", [*chain, Turn("did it help?")])
    assert rewritten == "China propose in 2016: who helped?"
    chain = after("2016年中国向WTO提交的是什么文件？", "其中最先谈的是什么")
    assert standalone("那第二年呢", chain) == "2017年中国向WTO提交的是什么文件？"


@pytest.mark.parametrize(
    ("reaction", "question"),
    [
        ("Hm, really? ", "who signed it?"),
        ("Interesting. ", "who signed it?"),
        ("Another thing: ", "who signed it?"),
        ("原来如此，", "谁签署的？"),
        ("真的假的？还真有意思，", "谁签署的？"),
        ("嚯这么多，", "谁签署的？"),
        ("huh, that few? ", "who signed it?"),
    ],
)
def test_a_reaction_says_nothing(reaction: str, question: str) -> None:
    for earlier in ("CLOUD Act是哪天生效的？", "What is the CLOUD Act?"):
        plain = standalone(question, after(earlier))
        assert standalone(reaction + question, after(earlier)).endswith(question)
        assert drawn(reaction + question, plain) == drawn(question, plain)


@pytest.mark.parametrize(
    ("earlier", "question"),
    [
        ("Where was the statement signed?", "did China sign there too?"),
        ("Where was the statement signed?", "so which side does China take then?"),
        ("What does the CLOUD Act demand?", "Anything about fines?"),
        ("What does the CLOUD Act demand?", "Is this law of theirs disputed by others?"),
        ("美国在法案里写了什么目标？", "在WTO那边他们想保证什么"),
        ("How many groups did the WTO set up?", "who kept an eye on them"),
        ("Which white list does the author want?", "what's the whole thing meant to offset?"),
        ("What does the CLOUD Act demand?", "does it put American firms above all others abroad?"),
        ("What is in the USMCA?", "and the other one, with Japan, does it touch on banks?"),
        ("2016年谁跟中国一起交了文件？", "他们俩主张先谈困难的议题还是先谈简单的"),
        ("中国的提案说了什么？", "只说帮穷国的那块就行"),
        ("云法案说了什么？", "作者怎么看这种安排？"),
        ("中国2016年的文件说了什么？", "第二年那份又加了什么新东西"),
        ("What is digital trade?", "And does the author think China should join talks on it?"),
        ("Do they quarrel?", "and on tech neutrality, do they agree at least"),
    ],
)
def test_what_points_back_late_leans(earlier: str, question: str) -> None:
    assert standalone(question, after(earlier)) != question


PIECES = st.sampled_from(
    (
        "它 那 呢 ？ 欧盟 美国 2018年 在 上 方面 第2节 ： is it why and "
        "what about in 2017 the EU U.S. one? ’s “ \\1 ( \n"
    ).split(" ")
)
TEXT = st.one_of(
    st.text(max_size=60),
    st.lists(PIECES, max_size=30).map(" ".join),
    st.lists(PIECES, max_size=30).map("".join),
)


@settings(max_examples=300, deadline=None)
@given(TEXT, st.lists(st.builds(Turn, TEXT, TEXT), max_size=5))
def test_any_text_gives_a_bounded_question(question: str, history: list[Turn]) -> None:
    rewritten = standalone(question, history)
    assert len(rewritten) <= max(len(question) + MAX_CARRIED + 2, MAX_SWAPPED)
    assert bool(rewritten) == bool(question)


@settings(max_examples=50, deadline=None)
@given(TEXT)
def test_without_a_history_only_an_announced_change_is_dropped(question: str) -> None:
    assert question.strip().endswith(standalone(question, []).strip())


@pytest.mark.parametrize(
    ("returns", "topic"),
    [
        ("ok back to the 2017 paper - anything in it for poorer countries?", "2017"),
        ("back to the first question: who decided?", "the 2017 paper"),
        ("back to the first ministerial: who spoke?", "the first ministerial"),
        ("Back to the CLOUD Act, who signed it?", "CLOUD Act"),
        ("back to the weather: is it warm?", "the weather"),
    ],
)
def test_back_to_any_earlier_question(returns: str, topic: str) -> None:
    asked = (
        "What did China suggest in the 2017 paper?",
        "When did the CLOUD Act become law?",
        "How strong is China in digital competitiveness?",
    )
    assert topic in standalone(returns, [Turn(each) for each in asked])


def test_back_to_an_earlier_question_in_chinese() -> None:
    asked = [
        Turn("中国2017年的提案说了什么？"),
        Turn("云法案是哪年签署的？"),
        Turn("欧盟想要什么？"),
    ]
    assert "云法案" in standalone("说回云法案，它有哪些规定？", asked)


def test_any_country_takes_the_place_of_the_one_that_is_asked_about() -> None:
    asked = [Turn("2018年美国列的数字贸易障碍，中国有几项？")]
    assert standalone("那印尼呢？", asked) == "2018年美国列的数字贸易障碍，印尼有几项？"
    assert standalone("智利呢？", [Turn("中国的立场是什么？")]) == "智利的立场是什么？"
