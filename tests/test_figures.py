from __future__ import annotations

import pytest

from app.figures import Figure, figures, is_number


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("25.6 万亿美元", {("", 25.6e12)}),
        ("US$25.6 trillion", {("", 25.6e12)}),
        ("25,600 billion", {("", 25.6e12)}),
        ("£125m", {("", 1.25e8)}),
        ("a million tons", {("", 1e6)}),
        ("百分之三十四", {("%", 34.0)}),
        ("34 per cent", {("%", 34.0)}),
        ("more than half", {("%", 50.0)}),
        ("四分之三", {("%", 75.0)}),
        ("三分之二", {("%", 66.67)}),
        ("two-thirds of them", {("%", 66.67)}),
        ("one in five children", {("%", 20.0)}),
        ("in the past two decades", {("", 20.0)}),
        ("in the second half; the rain may be heavy", set()),
        ("in July 2018", {("month", 7.0), ("", 2018.0)}),
        ("二〇一八年七月", {("month", 7.0), ("", 2018.0)}),
        ("2018-07-05", {("month", 7.0), ("", 2018.0), ("", 5.0)}),
        ("seventy-one members", {("", 71.0)}),
        ("七十一个成员", {("", 71.0)}),
        ("the 2018–19 season", {("", 2018.0), ("", 2019.0)}),
        ("1950-53年", {("", 1950.0), ("", 1953.0)}),
        ("这三项规则", {("", 3.0)}),
        ("550多万人", {("", 5.5e6)}),
        ("20余亿元", {("", 2e9)}),
        ("5000千瓦时", {("", 5000.0)}),
        ("3万千瓦", {("", 3e4)}),
        ("20 世纪 30 年代", {("", 30.0)}),
        ("in the 1930s", {("", 30.0)}),
        ("at 5.30pm", {("", 5.0), ("", 30.0)}),
    ],
)
def test_one_value_however_it_is_written(text: str, expected: set[Figure]) -> None:
    assert figures(text) == expected


@pytest.mark.parametrize(
    "text",
    [
        "",
        "one of the first",
        "一个",
        "十分重要",
        "数十年",
        "两国",
        "这两个人",
        "第二天",
        "第二次提案",
        "its second proposal",
        "有待讨论[7]。",
        "as was shown [3, 12].",
        "周五大跌",
        "COVID-19",
        "the march of democracy may go on",
        "in the first half of the game",
    ],
)
def test_what_only_looks_like_a_number_is_none(text: str) -> None:
    assert not figures(text)


@pytest.mark.parametrize(
    ("claim", "evidence"),
    [
        ("30% to 43%", "between 30 and 43 percent"),
        ("one in five children", "五分之一的孩子"),
        ("三个国家", "中国、印度和越南"),
        ("they met two times", "they met twice"),
        ("in March", "三月"),
        ("10 年", "a decade"),
        ("half an hour", "半个小时"),
    ],
)
def test_loose_figures_hold_what_a_claim_may_say(claim: str, evidence: str) -> None:
    assert figures(claim)
    assert figures(claim) <= figures(evidence, loose=True)


@pytest.mark.parametrize(
    ("claim", "evidence"),
    [
        ("7 月", "7 members"),
        ("35%", "34%"),
        ("71 members", "17 members"),
        ("seven countries", "中国、印度和越南 3 个国家[7]"),
        ("五个小组", "服务、货物、贸易与发展和其他四个小组"),
    ],
)
def test_loose_figures_are_not_everything(claim: str, evidence: str) -> None:
    assert not figures(claim) <= figures(evidence, loose=True)


def test_words_that_only_say_how_many() -> None:
    assert all(map(is_number, ("25", "trillion", "july", "万亿", "percent")))
    assert not is_number("members")
