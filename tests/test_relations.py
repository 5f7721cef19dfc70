"""Who comes first, and what replaces what: the other way round is noticed in both languages."""

import pytest

from app.relations import reversed_in
from app.support import objections

LEADER = "在数字竞争力方面美国仍独占鳌头，中国紧随其后。"
BARRIERS = "其中，中国最多，有 4 项；印度尼西亚次之，有 3 项。"
REPLACED = "美国首先以数字贸易的概念来取代电子商务的概念。"
BECAME = "美欧间个人数据跨境转移由“安全港”向“隐私护盾”的变动"
RANKING = "前 10 家企业中有 8 家来自中国，腾讯、阿里巴巴和百度分列前三甲。"


@pytest.mark.parametrize(
    ("claim", "evidence"),
    [
        ("Why is China ahead of the US in digital competitiveness?", LEADER),
        ("China leads, with the United States close behind.", LEADER),
        ("中国的数字竞争力是怎么超过美国的？", LEADER),
        ("美国的数字竞争力不如中国。", LEADER),
        ("The US is weaker than China.", LEADER),
        ("Why did Indonesia pose more barriers than China?", BARRIERS),
        ("中国的障碍比印度尼西亚少得多。", BARRIERS),
        ("障碍最多的国家为什么是印度尼西亚？", BARRIERS),
        ("美国为什么用电子商务的概念取代数字贸易？", REPLACED),
        ("The US replaced digital trade by electronic commerce.", REPLACED),
        ("How did Safe Harbor come to replace the Privacy Shield?", BECAME),
        ("“隐私护盾”为什么被“安全港”取代？", BECAME),
        ("Why was the Privacy Shield replaced by Safe Harbor?", BECAME),
        ("个人数据转移由“隐私护盾”变为“安全港”。", BECAME),
        ("Japan surpassed Korea.", "Korea leads the table and Japan is second."),
        ("障碍最多的国家为什么是俄罗斯？", BARRIERS),
        ("Why does the US prefer the term e-commerce to digital trade?", REPLACED),
        ("阿里巴巴是怎么排到第一的？", RANKING),
        ("How did Alibaba come first?", RANKING),
        ("Baidu ranks ahead of Tencent.", RANKING),
    ],
)
def test_the_other_way_round_is_noticed(claim: str, evidence: str) -> None:
    assert reversed_in(claim, evidence)


@pytest.mark.parametrize(
    ("claim", "evidence"),
    [
        ("Why is the US ahead of China?", LEADER),
        ("The United States leads, followed by China.", LEADER),
        ("中国落后于美国。", LEADER),
        ("China has more barriers than Indonesia.", BARRIERS),
        ("The US replaced electronic commerce by digital trade.", REPLACED),
        ("How did the Privacy Shield come to replace Safe Harbor?", BECAME),
        ("“安全港”为什么被“隐私护盾”取代？", BECAME),
        ("Japan surpassed Korea.", LEADER),
        ("中国的障碍比印度尼西亚少得多吗？中国没有超过美国。", LEADER),
        ("China is not ahead of the US.", LEADER),
        ("Tencent ranks first.", RANKING),
        ("哪个国家给美国制造的数字贸易障碍最多", BARRIERS),
        ("Which country gives the US the most barriers?", BARRIERS),
        ("Alibaba ranks ahead of Baidu.", RANKING),
        ("中国为什么是障碍最多的国家？", BARRIERS),
        ("Barriers in the US report: which kind hits the most countries?", BARRIERS),
        ("Why does the US prefer the term digital trade to e-commerce?", REPLACED),
        ("", LEADER),
        ("China is ahead of the US.", ""),
    ],
)
def test_the_same_is_not(claim: str, evidence: str) -> None:
    assert not reversed_in(claim, evidence)


def test_a_claim_that_reverses_its_quote_is_not_supported() -> None:
    assert "binding" in objections("China leads, with the United States close behind.", LEADER)
