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


def test_a_latin_name_in_chinese_has_to_stand_in_an_english_quote() -> None:
    quote = "We trained Random Forests and LightGBM on both data sets."
    assert not objections("作者训练了LightGBM和随机森林（RF）。", quote)
    assert "name" in objections("作者训练了XGBoost和随机森林。", quote)


def test_an_acronym_that_the_quote_does_not_have_is_caught() -> None:
    quote = "RCEP 中电子商务也作为单独章节。"
    assert "name" in objections("APEC and RCEP have a chapter on e-commerce.", quote)


def test_a_flipped_negation_is_caught() -> None:
    quote = "The European Union supports the free flow of data."
    assert "negation" in objections("The European Union does not support the flow of data.", quote)
    assert "negation" in objections("欧盟不支持数据自由流动。", quote)


@pytest.mark.parametrize(
    ("claim", "quote"),
    [
        ("The negotiations made no progress.", "谈判取得一定进展。"),
        ("成员之间没有分歧。", "There are great differences among the members."),
        ("企业无须披露存储在境外的数据。", "企业应当披露存储在境外的数据。"),
        ("The law weakened its position.", "该法强化了其地位。"),
        ("参与方减少到 86 个。", "The participants increased to 86."),
        ("India opposes the free flow of data.", "India supports the free flow of data."),
        ("The members did not reject the plan.", "The members rejected the plan."),
    ],
)
def test_the_opposite_is_caught(claim: str, quote: str) -> None:
    assert "negation" in objections(claim, quote)


@pytest.mark.parametrize(
    ("claim", "quote"),
    [
        ("The EU opposes data localisation.", "欧盟不支持数据本地化。"),
        ("Rules have not kept pace with technology.", "规则滞后于技术发展。"),
        ("谈判尚未成功。", "The talks have so far been unsuccessful."),
        ("Data has to be kept whether or not it is abroad.", "无论数据是否在境外，均应保存。"),
        ("他不得不离开，会不会回来未来才知道。", "He had to leave; time will tell if he returns."),
        ("Growth slowed but did not stop.", "Growth slowed; it did not stop."),
    ],
)  # fmt: skip
def test_one_sense_in_other_words_is_no_contradiction(claim: str, quote: str) -> None:
    assert "negation" not in objections(claim, quote)


@pytest.mark.parametrize(
    ("claim", "quote"),
    [
        ("China's data industry is competitive.", "我国数据产业已经具备竞争力。"),
        ("Washington resisted, Brussels agreed.", "美方抵制，欧盟同意。"),
        ("China, the US and Europe agree, as the UN says.", "联合国大会称，中美欧一致。"),
        ("The WTO was paid in US dollars.", "在WTO 用美元支付。"),
    ],
)
def test_one_name_however_it_is_said(claim: str, quote: str) -> None:
    assert "name" not in objections(claim, quote)


def test_not_only_denies_nothing() -> None:
    quote = "The agreement covers trade and privacy."
    assert not objections("The agreement not only covers trade, it covers privacy.", quote)


@pytest.mark.parametrize("address", ["https://a.example/x", "www.a.example", "me@a.example"])
def test_an_address_that_the_quote_does_not_give_is_caught(address: str) -> None:
    assert "name" in objections(f"In July 2018, 71 WTO members signed, see {address}.", EN)
    assert not objections(f"In July 2018, 71 WTO members signed, see {address}.", f"{EN} {address}")


@pytest.mark.parametrize("claim", ["The cat sleeps on a warm sofa.", "猫在沙发上睡觉。", "…", ""])
def test_what_the_quote_does_not_speak_of_is_caught(claim: str) -> None:
    assert "words" in objections(claim, ZH)


def test_an_empty_quote_supports_nothing() -> None:
    assert objections(EN, "") == {"words"}


@pytest.mark.parametrize(
    ("claim", "quote"),
    [
        ("规模超过25万亿美元。", "规模达到 25.6 万亿美元。"),
        ("到2030年，贸易多增长约三分之一。", "在 2030 年使得全球贸易额外增长 34%。"),
        ("Only two of the ten are from elsewhere.", "前 10 家企业中有 8 家来自中国。"),
        ("三年之后，会议涉及该议题。", "1998 年成立了小组。2001 年的会议涉及该议题。"),
        ("Nearly twenty years later they met.", "They met in 1998. They met again in 2017."),
    ],
)
def test_a_rounded_figure_or_a_difference_is_supported(claim: str, quote: str) -> None:
    assert "number" not in objections(claim, quote)


@pytest.mark.parametrize(
    ("claim", "quote"),
    [
        ("规模超过26万亿美元。", "规模达到 25.6 万亿美元。"),
        ("规模约为35万亿美元。", "规模达到 25.6 万亿美元。"),
        ("超过三分之二的协定涉及此事。", "共有 67 个协定，其中有超过一半涉及此事。"),
        ("It happened in about 2019.", "It happened in 2018."),
    ],
)
def test_a_figure_that_is_rounded_the_wrong_way_is_caught(claim: str, quote: str) -> None:
    assert "number" in objections(claim, quote)


@pytest.mark.parametrize(
    ("claim", "quote"),
    [
        ("规则的制定没能跟上产业。", "规则谈判滞后于产业的需要。"),
        ("Rule-making failed to keep pace with industry.", "Rule-making lags behind industry."),
        ("疫情没有拖慢转型。", "疫情加速了转型。"),
        ("中方不肯放弃强保护立场。", "中国坚持强保护立场。"),
        ("中方并不反对该内容。", "中国支持该内容。"),
    ],
)
def test_who_denies_the_opposite_says_the_same(claim: str, quote: str) -> None:
    assert "negation" not in objections(claim, quote)


def test_who_denies_what_is_told_says_the_opposite() -> None:
    assert "negation" in objections("疫情没有加速转型。", "疫情加速了转型。")
    assert "negation" in objections("Industry did not support it.", "Industry supports it.")


@pytest.mark.parametrize(
    ("claim", "quote"),
    [
        (
            "拥护技术中立的是美国，而欧盟的做法与之相悖。",
            "欧盟一直较为拥护，而美国的做法同技术中立的立场相悖。",
        ),
        ("China wants open talks, while India wants none.", "印度希望谈判公开，中国则不想谈判。"),
    ],
)
def test_two_countries_that_are_taken_for_each_other_are_caught(claim: str, quote: str) -> None:
    assert "binding" in objections(claim, quote)
    assert "binding" not in objections(quote, quote)


def test_another_title_is_caught() -> None:
    quote = "美国总统签署了《澄清域外合法使用数据法》。"
    assert "name" in objections("美国总统签署了《爱国者法》。", quote)
    assert "name" not in objections("美国总统签署了《域外合法使用数据法》。", quote)
