"""Raw text becomes paragraphs and sections, and nothing of it is lost."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sources.cleaning import clean

CHINESE_LINE = "国" * 44 + "，"


def headings(raw: str) -> list[str]:
    return [section.path[-1] for section in clean(raw)[1]]


def test_a_short_line_that_ends_a_sentence_ends_the_paragraph() -> None:
    raw = f"{CHINESE_LINE}\n\n" * 4 + f"完。\n新段{CHINESE_LINE}\n止。"
    assert clean(raw)[0] == CHINESE_LINE * 4 + "完。\n新段" + CHINESE_LINE + "止。"


def test_a_full_line_that_ends_a_sentence_does_not_end_the_paragraph() -> None:
    full = "国" * 44 + "。"
    assert clean(f"{CHINESE_LINE}\n{full}\n{CHINESE_LINE}\n完。")[0].count("\n") == 0


def test_blank_lines_end_paragraphs_where_they_are_not_everywhere() -> None:
    assert clean("A line of text\nthat goes on.\n\nAnother one")[0] == (
        "A line of text that goes on.\nAnother one"
    )


def test_one_line_to_a_paragraph_stays_so() -> None:
    raw = "\n".join(["国" * 200, "没有句号的短行", "家" * 300 + "。"])
    assert clean(raw)[0] == raw


def test_indented_first_lines_begin_paragraphs() -> None:
    raw = f"　　甲{CHINESE_LINE}\n{'乙' * 44}。\n　　丙{CHINESE_LINE}\n丁。"
    assert clean(raw)[0].count("\n") == 1


@pytest.mark.parametrize(
    ("raw", "joined"),
    [
        ("interna-\ntional trade", "international trade"),
        ("an E-\ncommerce deal", "an E-commerce deal"),
        ("e-\ncommerce", "e-commerce"),
        ("the state-of-the-\nart", "the state-of-the-art"),
        ("after COVID-\n19", "after COVID-19"),
        ("a WTO-\nled plan", "a WTO-led plan"),
        ("rule-mak-\ning and rule-making", "rule-making and rule-making"),
        ("a wine-\nred wine-red", "a wine-red wine-red"),
        ("non-\ntariff", "non-tariff"),
        ("soft\xad\nware", "software"),
        ("one\ntwo", "one two"),
        ("2017\n年", "2017年"),
        ("规则(USTR)\n成立", "规则(USTR)成立"),
        ("使用\nWTO", "使用WTO"),
        ("“安全港”\nWTO", "“安全港”WTO"),
        ("the “safe harbour”\nrule", "the “safe harbour” rule"),
        ("中文\u200b隐形\ufeff字", "中文隐形字"),
        ("한국어\n문장", "한국어 문장"),
        ("is called\nω-free", "is called ω-free"),
        ("торговля\nданными", "торговля данными"),
    ],
)
def test_two_lines_become_one(raw: str, joined: str) -> None:
    assert clean(raw)[0] == joined


@pytest.mark.parametrize(
    ("raw", "expected"),
    [
        ("1 Introduction\nText.\n2 Methods\nText.", ["1 Introduction", "2 Methods"]),
        ("1.引言\n正文。\n1.1背景\n正文。", ["1.引言", "1.1背景"]),
        ("第一章 绪论\n正文。\n第二章 方法\n正文。", ["第一章 绪论", "第二章 方法"]),
        (
            "一、背景\n正文。\n（一）现状\n正文。\n二、建议\n正文。",
            ["一、背景", "（一）现状", "二、建议"],
        ),
        ("I. INTRODUCTION\nText.\nII. METHODS\nText.", ["I. INTRODUCTION", "II. METHODS"]),
        ("# A\nText.\n## 1. B\nText.\n1. not one", ["A", "1. B"]),
        (
            f"摘要：{'国' * 40}。\n关键词：贸易；规则\n1. 引言\n正文。",
            ["摘要：", "关键词：", "1. 引言"],
        ),
        ("# A\n\n```\n# a comment\n```\n\n# B\n", ["A", "B"]),
        ("Keywords: trade, data", ["Keywords:"]),
        ("正文。\n参 考 文 献\n[1] 某文。", ["参考文献"]),
        ("1. 引言\n正文。\n86 个成员方\n正文。", ["1. 引言"]),
        ("1. 引言\n正文。\n2 月在瑞士\n正文。", ["1. 引言"]),
        ("1. 引言\n正文。\n2. 这是一句话。\n正文。", ["1. 引言"]),
        ("1 Introduction\nText.\n2 countries have signed\nText.", ["1 Introduction"]),
        ("1. 苹果\n2. 香蕉\n3. 梨\n正文。", []),
        ("2. 引言\n正文。\n1. 苹果\n2. 香蕉\n3. 梨\n正文。\n4. 结论\n正文。", []),
        ("1. A\nT.\n2. B\nT.\n1. x\n2. y\n3. z\nT.\n3. C\nT.", ["1. A", "2. B", "3. C"]),
        (f"目录\n1 引言 ..... 1\n2 结论 ..... 9\n1 引言\n{'国' * 40}。", ["目录", "1 引言"]),
        ("1. A\nT.\n3. C\nT.\n4. D\nT.", ["1. A", "3. C", "4. D"]),
        ("Abstract.\nBees die.\nIt is\nabstract.", ["Abstract."]),
    ],
)
def test_which_lines_are_headings(raw: str, expected: list[str]) -> None:
    assert headings(raw) == expected


def test_levels_of_mixed_styles() -> None:
    raw = "摘要\n文。\n第一章 甲\n文。\n第一节 乙\n文。\n一、丙\n文。\n1. 丁\n文。\n第二章 戊\n文。"
    assert [section.level for section in clean(raw)[1]] == [1, 1, 2, 3, 4, 1]


@given(st.text(alphabet="国家，。.-[]1234 aA\n#一、第章\t\u3000“”", max_size=300))
def test_cleaning_keeps_every_letter(raw: str) -> None:
    text, sections = clean(raw)
    assert [c for c in raw if c.isalnum()] == [c for c in text if c.isalnum()]
    assert all(text.startswith(section.path[-1], section.start) for section in sections)
    assert "\n\n" not in text
