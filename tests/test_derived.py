from __future__ import annotations

import pytest

from app.derived import derived
from app.figures import figures


@pytest.mark.parametrize(
    ("claim", "evidence"),
    [
        ("成员增加了10个", "2018 年有 76 个成员，2019 年有 86 个成员"),
        ("the other five countries", "中国、印度等 6 个国家"),
        ("China and five others", "6 countries in all"),
        ("Together they raised 7 of them.", "中国有 4 项，印度有 3 项"),
        ("more than 80 percent of its agreements", "12 个协定中有 10 个"),
        ("83% of its agreements", "12 个协定中有 10 个"),
        ("其余不到一成", "比重超过 90%"),
        ("增长三成以上", "增长 34%"),
        ("约三分之一", "额外增长 34%"),
        ("60多个协定", "67 个协定"),
        ("over 25 trillion", "25.6 万亿"),
        ("about 26 trillion", "25.6 万亿"),
        ("上世纪90年代末", "1998 年成立"),
        ("in the late 1990s", "1998 年成立"),
        ("两次会议", "2016 年开会。\n2017 年又开会。"),
    ],
)
def test_a_figure_follows_as_the_claim_says(claim: str, evidence: str) -> None:
    asked = figures(claim) - figures(evidence, loose=True)
    assert asked
    assert asked <= derived(claim, evidence)


@pytest.mark.parametrize(
    ("claim", "evidence"),
    [
        ("中国于2017年11月共同提交一份文件", "2016 年 11 月提交一份文件"),
        ("规模约为26.5万亿", "规模达到 25.6 万亿"),
        ("over 26 trillion", "25.6 万亿"),
        ("about 50 members", "34 members"),
        ("80年代", "1998 年成立"),
        ("12 members signed", "76 members signed, then 86"),
    ],
)
def test_a_changed_figure_follows_from_nothing(claim: str, evidence: str) -> None:
    assert not figures(claim) - figures(evidence, loose=True) <= derived(claim, evidence)
