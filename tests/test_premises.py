"""What a question takes for granted is held against the sentence that would answer it."""

from __future__ import annotations

import pytest

from app import Assistant
from app.premises import OBJECTIONS, contrary, denied, objections, only_listed, other_years
from index import Index

SIGNED = "2019 年 1 月，中国、美国等 76 个成员签署了联合声明。"
SIZE = "据联合国统计，2018 年全球电子商务规模达到 25.6 万亿美元。"
BARRIERS = "2018 年的主要障碍来自中国、韩国等 9 个国家和地区，共 15 项障碍。"
GROUP = "2016 年 7 月美国贸易代表办公室(USTR)成立数字贸易工作组。"
LAW = "The law was signed by the president in March 2018 and covers data abroad."


def objected(question: str, sentence: str) -> set[str]:
    found = objections(question, sentence, sentence)
    assert all(0.0 <= each <= 1.0 for each in found)
    return {name for name, much in zip(OBJECTIONS, found, strict=True) if much > 0.5}


@pytest.mark.parametrize(
    ("question", "sentence", "objection"),
    [
        ("2017年全球电商规模多大？", SIZE, "other_year"),
        ("How large was e-commerce in 2016?", SIZE, "other_year"),
        ("巴西签署了联合声明吗？", SIGNED, "no_country"),
        ("RCEP的成员签署了什么？", SIGNED, "no_acronym"),
        ("中国为什么拒绝签署联合声明？", SIGNED, "contradicted"),
        ("When did the president repeal the law?", LAW, "not_ended"),
        ("中国为什么退出了联合声明？", SIGNED, "not_ended"),
        ("Which president signed the law?", LAW, "no_person"),
        ("数字贸易工作组是谁负责的？", GROUP, "no_person"),
        ("联合声明是在哪个城市签的？", SIGNED, "no_place"),
        ("哪个国家最先提出成立工作组？", "各成员方提出成立工作组。", "no_country_named"),
        ("Which ten countries joined later?", "参与方增加至 86 个成员方。", "no_country_named"),
        ("谁担任工作组的组长？", GROUP, "no_person"),
        ("Who was elected chair of the group?", GROUP, "no_person"),
        ("71个成员包括哪些？", "71 个成员签订共同声明。", "no_items"),
        ("Name the three barriers that Indonesia poses.", "印度尼西亚有 3 项。", "no_items"),
        ("What is the name of the US president who signed?", LAW, "no_person"),
        ("For how long must data be kept?", LAW, "no_duration"),
        ("通信记录要保存多久？", GROUP, "no_duration"),
        ("What penalty does the law set?", LAW, "no_penalty"),
        ("违反声明会受什么处罚？", SIGNED, "no_penalty"),
        ("Which court reviewed the law?", LAW, "no_court"),
        ("第一个签署声明的国家是哪个？", SIGNED, "no_first"),
        ("When did the president scrap the law?", LAW, "not_ended"),
        ("How fast did trade grow in 2018?", SIGNED, "no_share"),
        ("工作组的组长是谁？", "会议通过《全球宣言》，成立了工作组。", "no_person"),
        ("联合声明规定的税率是多少？", SIGNED, "no_share"),
        ("What tariff rate does the statement set?", SIGNED, "no_share"),
        ("不签会被罚多少钱？", SIGNED, "no_sum"),
        ("工作组的占比是多少？", GROUP, "no_share"),
        ("数字贸易工作组有多少名工作人员？", GROUP, "uncounted"),
        ("How many people work in the group?", GROUP, "uncounted"),
    ],
)
def test_what_the_sentence_does_not_grant(question: str, sentence: str, objection: str) -> None:
    assert objection in objected(question, sentence)


@pytest.mark.parametrize(
    ("question", "sentence"),
    [
        ("2018年全球电商规模多大？", SIZE),
        ("电商规模达到多少万亿美元？", SIZE),
        ("美国签署了什么？", SIGNED),
        ("多少个成员签署了联合声明？", SIGNED),
        ("How many members signed the statement in 2019?", SIGNED),
        ("一共有多少项障碍？", BARRIERS),
        ("障碍来自几个国家？", BARRIERS),
        ("Who signed the law?", "President Donald Trump signed the law in 2018."),
        ("谈判在哪个城市举行？", "谈判在日内瓦举行。"),
        ("哪个国家最先提出成立工作组？", "巴西提出成立工作组。"),
        ("哪些国家得到援助？", "援助给了发展中国家。"),
        ("这榜是谁做的？", GROUP),
        ("税率是多少？", "税率为 5%。"),
        ("三家企业分别是谁？", "三家企业是腾讯、阿里巴巴和百度。"),
        ("Does the law cover data abroad?", LAW),
        ("Why did Japan withdraw from the talks?", "Japan withdrew from the talks over tariffs."),
        ("美国为什么反对数据本地化？", "美国反对数据本地化，因为它妨碍贸易。"),
        ("How long is the bridge?", "The bridge has 300 metres."),
        ("For how long must data be kept?", "Data are kept for two years."),
        ("How long did the talks last?", "The talks went on from 1998 to 2017."),
        ("通信记录要保存多久？", "通信记录应保存 10 年。"),
        ("What does the law exclude?", "The law covers data at home only."),
        ("What should Japan never give up?", "Japan has to hold on to its rules."),
        ("Which ministers' conference signed it?", "It was signed at the meeting in Osaka."),
    ],
)
def test_what_the_sentence_grants(question: str, sentence: str) -> None:
    assert objected(question, sentence) == set()


def test_years_that_are_told_instead() -> None:
    assert other_years("规模在2016年多大？", "2018 年比 2017 年大，2018 年最大。") == (
        "2018",
        "2017",
    )
    assert other_years("规模在2017年多大？", "2018 年比 2017 年大。") == ()
    assert other_years("规模多大？", SIZE) == ()
    assert other_years("规模在2017年以后多大？", SIZE) == ()
    assert other_years("How large was it in the 1990s?", SIZE) == ()
    assert other_years("2005年有几个协定？", "在 2001 年~2017年，共有 67 个协定。") == ()
    assert other_years("2017年呢？", "规模很大。") == ()


@pytest.mark.parametrize(
    ("question", "sentence", "listed"),
    [
        ("韩国有几项障碍？", "障碍来自中国、欧盟、韩国等国，共 15 项。", True),
        ("How many barriers does Korea have?", "障碍来自中国、欧盟、韩国等国，共 15 项。", True),
        ("美国说韩国设了几项障碍？", "美国的障碍来自中国、欧盟、韩国等国，共 15 项。", True),
        ("中国和韩国谁的障碍更多？", "障碍来自中国、欧盟、韩国等国，共 15 项。", True),
        ("中国有几项障碍？", "中国最多，有 4 项；韩国次之，有 3 项。", False),
        ("韩国主张什么？", "中国、欧盟、韩国、泰国等 76 个成员签了。", True),
        ("What did Korea propose?", "中国、欧盟、韩国提出了声明。", False),
        ("韩国签了吗？", "中国、欧盟、韩国等 76 个成员签了。", False),
        ("韩国有几项障碍？", "共 15 项。", False),
    ],
)
def test_what_is_counted_of_many_is_not_that_of_one(
    question: str, sentence: str, listed: bool
) -> None:
    assert bool(only_listed(question, sentence)) is listed


@pytest.mark.parametrize(
    ("question", "told"),
    [
        ("2016年全球电子商务规模达到多少万亿美元？", "关于2016年，论文没有这样说"),
        (
            "How many trillion dollars was global e-commerce worth in 2016?",
            "does not say this of 2016",
        ),
    ],
)
def test_another_year_is_refused_and_told(index: Index, question: str, told: str) -> None:
    answer = Assistant(index).ask(question)
    assert not answer.answered
    assert told in answer.text


def test_a_sentence_that_leans_on_the_one_before_is_read_with_it() -> None:
    question, told = "关税最多的国家为什么是俄罗斯？", "其中，中国最多，有 4 项。"
    assert contrary(question, told, "2018 年关税主要来自中国、俄罗斯等国家。")
    assert not contrary(question, told)
    assert not contrary(question, told.removeprefix("其中，"), "关税主要来自中国、俄罗斯等国家。")


@pytest.mark.parametrize(
    ("question", "sentence", "expected"),
    [
        ("Why did Norway join the union?", "Norway did not join the union.", True),
        ("Why has Sweden never joined the union?", "Sweden joined the union.", True),
        ("Why didn't Norway join the union?", "Norway stayed out; it would not be ruled.", False),
        ("Why did Norway join the union?", "Norway joined the union, and Sweden did not.", False),
        ("挪威为什么加入联盟？", "挪威没有加入联盟。", True),
        ("挪威为什么没有加入联盟？", "挪威加入了联盟，以降低关税。", True),
        ("为什么论文认为挪威没有加入联盟？", "挪威加入了联盟，以降低关税。", True),
        ("Why did Norway and Sweden agree on fish?", "挪威和瑞典在鱼的问题上立场不同。", True),
        ("挪威为什么没有加入联盟？", "挪威不愿受人统治，联盟没有得到它的同意。", False),
    ],
)
def test_where_both_deny_something_nothing_is_denied(
    question: str, sentence: str, expected: bool
) -> None:
    assert denied(question, sentence) is expected
