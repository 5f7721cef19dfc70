from __future__ import annotations

import pytest

from app.support import objections

ZH = "2018 年 7 月，71 个 WTO 成员签订共同声明，美国没有参加。"
EN = "In July 2018, 71 WTO members signed a joint statement; the United States did not take part."
REFUSED = "Washington has also resisted calls to relax sanctions on North Korea."


@pytest.mark.parametrize(
    ("claim", "evidence"),
    [
        (ZH, EN),
        (EN, ZH),
        (EN, EN),
        (ZH, ZH),
        ("In July 2018, 71 members of the World Trade Organization signed a statement.", ZH),
        (REFUSED, "此外，华盛顿还拒绝放松针对朝鲜的国际制裁。"),
    ],
)
def test_a_true_sentence_meets_no_objection(claim: str, evidence: str) -> None:
    assert objections(claim, evidence) == frozenset()


@pytest.mark.parametrize("evidence", [ZH, EN])
def test_a_changed_number_or_month_is_caught(evidence: str) -> None:
    assert "number" in objections(EN.replace("71", "72"), evidence)
    assert "number" in objections(ZH.replace("7 月", "8 月"), evidence)


@pytest.mark.parametrize("evidence", [ZH, EN])
def test_another_name_is_caught(evidence: str) -> None:
    assert "name" in objections(EN.replace("the United States", "Japan"), evidence)
    assert "name" in objections(ZH.replace("美国", "日本"), evidence)


def test_a_name_beyond_the_glossary_objects_in_one_language_only() -> None:
    claim = "On Saturday Baggot helped the team to win the game."
    assert "name" in objections(claim, "On Saturday Morelos helped the team to win the game.")
    assert not objections(claim, "周六，巴戈特帮助球队赢得了比赛。")


def test_an_acronym_that_the_quote_does_not_have_is_caught() -> None:
    quote = "RCEP 中电子商务也作为单独章节。"
    assert "name" in objections("APEC and RCEP have a chapter on e-commerce.", quote)


def test_a_flipped_negation_is_caught() -> None:
    quote = "The European Union supports the free flow of data."
    assert "negation" in objections("The European Union does not support the flow of data.", quote)
    assert "negation" in objections("欧盟不支持数据自由流动。", quote)


def test_not_only_denies_nothing() -> None:
    quote = "The agreement covers trade and privacy."
    assert not objections("The agreement not only covers trade, it covers privacy.", quote)


@pytest.mark.parametrize("claim", ["The cat sleeps on a warm sofa.", "猫在沙发上睡觉。", "…", ""])
def test_what_the_quote_does_not_speak_of_is_caught(claim: str) -> None:
    assert "words" in objections(claim, ZH)


def test_an_empty_quote_supports_nothing() -> None:
    assert objections(EN, "") == {"words"}
