"""What a question names and the paper never mentions is told, across languages."""

from __future__ import annotations

import numpy as np
import pytest

from app.mentions import elsewhere, familiar, strange, unmentioned

ZH = "2018年，中国、欧盟和印度尼西亚等成员讨论了美墨加协定。WTO 的自贸协定涵盖数据保护。"
EN = "In 2018 China and the EU discussed the trade agreement of the WTO."


@pytest.mark.parametrize(
    ("question", "text", "missing", "nothing_left"),
    [
        ("巴西的立场是什么？", ZH, ("巴西",), True),
        ("What does Brazil want?", ZH, ("Brazil",), True),
        ("What does China want?", ZH, (), False),
        ("北京想要什么？", EN, (), False),  # a capital stands for its government
        ("What is Brussels' line?", ZH, (), False),
        ("中方想要什么？", EN, (), False),
        ("俄方想要什么？", EN, ("俄方",), True),
        ("有哪些中方案？", "各国。", (), False),  # no side
        ("印度的立场是什么？", ZH, ("印度",), True),  # 印度尼西亚 is another country
        ("墨西哥怎么看？", ZH, (), False),  # 美墨加
        ("What does the NAFTA successor say?", ZH, (), False),  # is another agreement
        ("What does NAFTA say of data?", EN, ("NAFTA",), True),
        ("取代北美自由贸易协定的那份协定讲了什么？", ZH, (), False),
        ("What does Geneva want?", ZH, (), False),  # stands for the WTO
        ("欧盟和巴西的立场有何不同？", ZH, ("巴西",), False),
        ("How do the EU and Brazil differ?", EN, ("Brazil",), False),
        ("Why does France tax China's firms?", EN, ("France",), True),
        ("2018年和2022年呢？", ZH, ("2022",), False),
        ("2022年呢？", ZH, ("2022",), True),
        ("CPTPP怎么规定的？", ZH, ("CPTPP",), True),
        ("FTA里怎么规定的？", ZH, (), False),  # 自贸
        ("What does the GATS say?", ZH, ("GATS",), True),  # nor 服务贸易总协定
        ("What does the DEFA say?", ZH, (), False),  # may have a Chinese name
        ("what do they tell us?", EN, (), False),  # no country
        ("世界贸易组织怎么看？", ZH, (), False),  # WTO
        ("What did the World Trade Organization say?", ZH, (), False),
        ("京东怎么看？", ZH, ("京东",), True),
        ("What did the Senate say?", ZH, ("Senate",), True),
        ("What does the OECD say?", ZH, ("OECD",), True),  # nor 经合组织
        ("Did Victoria sign it?", ZH, ("Victoria",), True),
        ("Did Haidian sign it?", ZH, (), False),  # known by its pieces only
        ("Did the VICTORIA SIGN IT?", ZH, (), False),  # a shout
        ("B2C占多少？", ZH, ("B2C",), True),
        ("G20怎么看？", "电子商务是 G20 的合作内容。", (), False),
        ("第十二届部长级会议谈了什么？", "第十一次部长会议。", ("第十二届",), True),
        ("第11届部长级会议谈了什么？", "第十一次部长会议。", (), False),
        ("What did the twelfth ministerial conference decide?", ZH, ("twelfth",), True),
        ("排名第四的是谁？", "三家企业分列前三甲。", ("第四",), True),
        ("排名第三的是谁？", "三家企业分列前三甲。", (), False),
        ("Who ranked fifth?", "Three firms lead.", ("fifth",), True),
        ("Is the tenth article binding?", EN, (), False),  # of what is no series of events
        ("What is COVID-19?", "The novel coronavirus spread.", (), False),
        ("What did the 1990s law say?", EN, (), False),  # no year
        ("90年代末、1990年代的法律？", ZH, (), False),
        ("我要做PPT，中国想要什么？", ZH, (), False),
        ("假如我公司在爱尔兰，中国会怎么做？", ZH, (), False),  # made up
        ("我的邮件存在爱尔兰，中国能要走吗？", ZH, (), False),
        ("京东这类巨头会被告吗？", ZH, (), False),
        ("How many signed before 2019?", ZH, (), False),  # up to 2018
        ("2019年之前有多少成员？", ZH, (), False),
        ("How many signed before 2022?", ZH, ("2022",), True),
        ("If our servers are in Ireland, may China have our data?", EN, (), False),
        ("I sell from Ireland. May China have our data?", EN, (), False),
        ("What do firms like Victoria have to do?", EN, (), False),
        ("What do countries like Ireland have to do?", EN, ("Ireland",), True),
        ("What would change if Ireland joined?", EN, ("Ireland",), True),
        ("If Ireland joins, what will change?", EN, ("Ireland",), True),
    ],
)
def test_unmentioned(
    question: str, text: str, missing: tuple[str, ...], nothing_left: bool
) -> None:
    assert unmentioned(question, [text]) == (missing, nothing_left)


PLACES = """WTO 讨论贸易。
USTR 于 2016 年公布了报告。
2018 年，日本和韩国参加了 APEC。
越南支持 WTO。
德国没有参加。"""


@pytest.mark.parametrize(
    ("question", "quote", "missing", "nothing_left"),
    [
        ("韩国的立场是什么？", "越南支持 WTO。", ("韩国",), True),
        ("What is Korea's position?", "越南支持 WTO。", ("Korea",), True),
        ("How do Vietnam and Korea differ?", "越南支持 WTO。", (), False),
        ("韩国的立场是什么？", "各方立场不同。", (), False),  # of all, perhaps
        ("2018年谁支持？", "2016年，越南支持。", ("2018",), True),
        ("韩国比越南支持得更多吗？", "越南比德国支持得多。", ("韩国",), True),
        ("Does Korea want more than Vietnam?", "越南要的比德国多。", ("Korea",), True),
        ("Does Korea want more than Vietnam?", "越南要的比韩国多。", (), False),
        ("韩国支持什么？", "支持的有越南、日本和德国。", ("韩国",), True),  # all of them
        ("越南支持什么？", "支持的有越南、日本和德国。", (), False),
        ("越南为什么和韩国有分歧？", "越南与德国有分歧。", ("韩国",), True),
        ("Why does Vietnam disagree with Korea?", "越南与韩国有分歧。", (), False),
        ("What did USTR say?", "越南支持 WTO。", ("USTR",), True),
        ("What did the WTO say?", "越南支持。", (), False),  # all of the paper is about it
        ("What did the GATS say?", "越南支持。", (), False),  # may have a Chinese name
    ],
)
def test_elsewhere(question: str, quote: str, missing: tuple[str, ...], nothing_left: bool) -> None:
    assert elsewhere(question, [quote], [quote], [PLACES]) == (missing, nothing_left)


def test_who_made_a_list_need_not_be_in_it() -> None:
    listed = "名单上有越南、日本和德国。"
    around = ["韩国的名单", listed]
    assert elsewhere("韩国点了哪些国家的名？", [listed], around, around) == ((), False)
    assert elsewhere("韩国要求什么？", [listed], around, around) == (("韩国",), True)
    assert elsewhere("韩国抱怨得最多的是什么？", [listed], around, around) == ((), False)
    assert elsewhere("How long is Korea's list?", [listed], around, around) == ((), False)


def test_one_of_several_papers_is_enough() -> None:
    assert unmentioned("What does Brazil want?", [ZH, "Brazil wants talks."]) == ((), False)
    assert unmentioned("What does Brazil want in Brazil?", [ZH]) == (("Brazil",), True)


def test_how_strange_a_question_is_to_the_papers() -> None:
    assert strange("番茄炒蛋先放什么？", [ZH]) == 1.0
    assert strange("How do I teach a puppy to sit?", [ZH, EN]) == 1.0
    assert strange("What does Beijing think of the trade agreement?", [EN]) < 0.65
    assert strange("How do I teach a puppy to sit?", [ZH]) == 0.0
    assert strange("番茄炒蛋先放什么？", [ZH], np.full(9, 0.9, np.float32)) == 0.0
    assert strange("2018?", [ZH]) == strange("哪里？", []) == 0.0


def test_a_question_is_familiar_when_every_telling_word_is() -> None:
    assert familiar("成员讨论了什么协定？", [ZH])
    assert familiar("What about the agreement?", [ZH])
    assert not familiar("红烧肉怎么做？", [ZH])
    assert not familiar("成员讨论了什么协定？", [])
