"""Words that sound right and are written wrong are read as they were meant."""

import pytest

from app import Assistant
from app.homophones import put_right
from index import Index

PAPER = (
    "数字贸易障碍包括数据本地化的要求。工作组认为，海关手续是贸易障碍。自贸协定有电商章节。"
    "我国银行支持跨境数据流动，专门小组负责监督。"
)


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("数字贸已障碍有哪些？", "数字贸易障碍有哪些？"),
        ("自贸谢顶里有电商章节吗", "自贸协定里有电商章节吗"),
        ("海关手序是障碍吗？", "海关手续是障碍吗？"),
        ("跨境数居流动", "跨境数据流动"),
        ("很行支持什么？", "很行支持什么？"),
        ("银航支持什么？", "银行支持什么？"),
    ],
)
def test_a_word_of_the_paper_was_meant(typed: str, meant: str) -> None:
    assert put_right(typed, PAPER) == meant


def test_a_word_that_the_paper_lacks_was_meant() -> None:
    assert put_right("平果手机多少钱", PAPER) == "苹果手机多少钱"


@pytest.mark.parametrize(
    "typed",
    [
        "数字贸易障碍有哪些？",
        "美国提出了什么主张？",
        "金融服务商也算吗",
        "傅抱石是谁？",
        "徐凤月在哪里举办了记者会？",
        "先试哪几国的？",
        "“数字贸已”是什么意思？",
        "“数字贸已障碍，包括数居”是什么意思？",
        "它抄了哪部法",
        "WTO, RCEP?",
        "",
    ],
)
def test_what_may_be_meant_stays(typed: str) -> None:
    assert put_right(typed, PAPER) == typed


def test_what_was_understood_is_shown(index: Index) -> None:
    answer = Assistant(index).ask("2018年有多少项数字贸已障碍？")
    assert answer.standalone_question == "2018年有多少项数字贸易障碍？"
    assert answer.question == "2018年有多少项数字贸已障碍？"
