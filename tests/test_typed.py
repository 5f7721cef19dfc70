"""However a question is typed, the rules read it as papers write."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app import Assistant, Turn
from app.typed import corrected, read_as
from index import Index

PAPER = "RESULTS\n\nThe results: the USTR set up the DTWG. The CLOUD Act was signed in 2018."


@pytest.mark.parametrize(
    ("typed", "read"),
    [
        ("誰簽署了這份聲明？", "谁签署了这份声明？"),
        ("他们都提了啥？", "他们都提了什么？"),
        ("谈得咋样了", "谈得怎么样了"),
        ("WTO是干嘛的？", "WTO是干什么的？"),
        ("他们干嘛要退出？", "他们为什么要退出？"),
        ("whats its aim and why doesnt it sign", "what's its aim and why doesn't it sign"),
        ("What’s eCommerce about?", "What's e-commerce about?"),
        ("Is the U.S. in?", "Is the U.S. in?"),
        ("２０１８年ＷＴＯ有多少成员？", "2018年WTO有多少成员？"),
        ("二〇一八年有多少成员？", "2018年有多少成员？"),
        ("how  many\n members?", "how many members?"),
        ("20 1 9 年 谁 签 署 了 声 明？", "20 1 9 年谁签署了声明？"),
        ("数据 本地化 俄罗斯", "数据 本地化 俄罗斯"),
    ],
)
def test_one_spelling(typed: str, read: str) -> None:
    assert read_as(typed) == read


@pytest.mark.parametrize(
    ("typed", "read"),
    [
        ("18年发生了什么", "2018年发生了什么"),
        ("九八年发生了什么", "1998年发生了什么"),
        ("What happened in '98?", "What happened in 1998?"),
        ("18年来发生了什么", "18年来发生了什么"),
        ("未来18年会发生什么", "未来18年会发生什么"),
        ("19年发生了什么", "19年发生了什么"),
        ("十八年过去了", "十八年过去了"),
    ],
)
def test_a_year_has_its_century_if_the_paper_knows_it(typed: str, read: str) -> None:
    assert read_as(typed, "1998 年和 2018 年。") == read


@pytest.mark.parametrize(
    "typed",
    [
        "Could you please tell me: what is digital trade? Thank you!",
        "Hello! According to this paper, what is digital trade?",
        "I'd like to know what is digital trade, please",
        "Briefly: what is digital trade? In one sentence, please.",
        "what is digital trade? Please answer in English. Many thanks",
        "what is digital trade",
    ],
)
def test_what_wraps_a_question_is_left_out(typed: str) -> None:
    assert read_as(typed).rstrip("?") == "what is digital trade"


@pytest.mark.parametrize(
    "typed",
    [
        "你好，请问一下谁签的？谢谢",
        "根据这篇论文，谁签的？请用一句话回答。",
        "请简要回答：谁签的？",
        "不好意思，想问谁签的？",
    ],
)
def test_what_wraps_a_chinese_question_is_left_out(typed: str) -> None:
    assert read_as(typed) == "谁签的？"


@pytest.mark.parametrize(
    "typed",
    [
        "Please summarise the paper",
        "tell me more",
        "请用一句话概括这篇论文",
        "Summarise the paper in English",
        "What is RCEP called in Chinese?",
        "Thanks!",
        "Hello there!",
        "谢谢",
        "请问",
        "What does this paper say about taxes?",
        "这篇论文主要讲什么？",
        "WTO RCEP CPTPP",
        "Hi-tech exports and U-shaped growth",
        "谁向中国表示感谢",
        "",
    ],
)
def test_what_is_asked_stays(typed: str) -> None:
    assert read_as(typed) == typed


@pytest.mark.parametrize(
    ("typed", "read"),
    [
        ("what does the us want from china?", "what does the US want from China?"),
        ("WHAT DOES THE USTR WANT FROM CHINA?", "what does the USTR want from China?"),
        ("who joined the belt and road initiative", "who joined the Belt and Road Initiative"),
        ("when did the dtwg read the cloud act", "when did the DTWG read the CLOUD Act"),
        ("what results are there, us aside?", "what results are there, US aside?"),
        ("tell us what turkey does", "tell us what turkey does"),
        ("Does the us care about China?", "Does the us care about China?"),
    ],
)
def test_names_have_capitals_again(typed: str, read: str) -> None:
    assert read_as(typed, PAPER) == read


@pytest.mark.parametrize(
    ("typed", "read"),
    [
        (
            "what did the negotation change for goverments?",
            "what did the negotiation change for governments?",
        ),
        ("is headwya made", "is headway made"),
        (
            "localisation, digitalisation and disruptors",
            "localisation, digitalisation and disruptors",
        ),
        (
            "coinfection, blockchain, Huawai and fintech",
            "coinfection, blockchain, Huawai and fintech",
        ),
        ("what is 'difficle'", "what is 'difficle'"),
        ("the notwork of the paper", "the notwork of the paper"),
        ("谈判negotation", "谈判negotation"),
    ],
)
def test_a_wrong_letter_is_put_right(typed: str, read: str) -> None:
    assert corrected(typed, "This paper is about the notwork.") == read


def test_a_correction_is_shown(index: Index) -> None:
    answer = Assistant(index).ask("Who signed the agreemnt in Davos?")
    assert answer.standalone_question == "Who signed the agreement in Davos?"


@settings(max_examples=300, deadline=None)
@given(st.text(max_size=60) | st.text("hi, pleasetk?!谢谢请问 啥", max_size=30))
def test_any_text_can_be_read(text: str) -> None:
    assert bool(read_as(text).strip()) == bool(text.strip())


@pytest.mark.parametrize(
    ("typed", "plain"),
    [
        ("WHAT DOES THE US WANT?", "What does the US want?"),
        ("Hi, could you tell me what the cloud act is? thx", "What is the CLOUD Act?"),
        ("你好，请问ＲＣＥＰ是啥？谢谢！", "RCEP是什么？"),
        ("According to this paper, what is digital trade?", "What is digital trade?"),
        ("what did germany sign?", "What did Germany sign?"),
    ],
)
def test_it_is_answered_the_same(index: Index, typed: str, plain: str) -> None:
    assistant = Assistant(index)
    answer, same = assistant.ask(typed), assistant.ask(plain)
    assert answer.answered == same.answered
    assert {each.quote for each in answer.citations} & {each.quote for each in same.citations}
    assert answer.question == answer.standalone_question == typed


def test_a_follow_up_is_read_so_too(index: Index) -> None:
    history = [Turn("你好，请问美国为什么反对数据本地化？谢谢")]
    answer = Assistant(index).ask("请问欧盟呢？谢谢", history)
    assert answer.standalone_question == "欧盟为什么反对数据本地化？"
