"""What belongs to something else in the evidence is noticed; what is only put otherwise is not."""

import pytest

from app.binding import misattributed
from app.support import objections

SIGNED = (
    "2018 年 7月 71 个 WTO 成员签订共同声明，承诺在电子商务领域共同开展探索性工作。\n"
    "2019 年 1 月在瑞士达沃斯举行的会议上，中国、美国等 76 个成员签署了《关于电子商务的联合声明》。"
)
BARRIERS = "其中，中国最多，有 4 项；印度尼西亚次之，有 3 项。"
GROWTH = (
    "The survey of rural clinics found 12 doctors on duty at night. "
    "The survey of city hospitals found 340 doctors on duty at night."
)


@pytest.mark.parametrize(
    ("claim", "evidence"),
    [
        ("In January 2019, 71 members signed the joint statement.", SIGNED),
        ("2018年7月有76个成员签署了声明。", SIGNED),
        ("Indonesia accounts for 4 of the barriers.", BARRIERS),
        ("印度尼西亚设了4项障碍。", BARRIERS),
        ("At night 340 doctors were on duty in rural clinics.", GROWTH),
        ("夜间乡村诊所有340名医生值班。", GROWTH),
    ],
)
def test_a_value_of_something_else_is_noticed(claim: str, evidence: str) -> None:
    assert misattributed(claim, evidence)
    assert "binding" in objections(claim, evidence)


@pytest.mark.parametrize(
    ("claim", "evidence"),
    [
        ("In July 2018, 71 members signed, and in January 2019 76 did.", SIGNED),
        ("Signatories rose from 71 in 2018 to 76 in 2019.", SIGNED),
        ("自2018年7月的声明以来，签署成员增加到76个。", SIGNED),
        ("China has the most, four, and Indonesia three.", BARRIERS),
        ("At night 12 doctors were on duty in rural clinics.", GROWTH),
        ("In January 2019, 71 members signed.", SIGNED.splitlines()[0]),  # 2019 is missed elsewhere
    ],
)
def test_what_is_only_put_otherwise_is_not(claim: str, evidence: str) -> None:
    assert not misattributed(claim, evidence)


def test_a_line_with_a_date_belongs_to_nothing() -> None:
    article = "GENEVA, 3 May 2019\nThe council of ministers met again in the spring of 2020."
    assert not misattributed("The council of ministers met in 2019.", article)


@pytest.mark.parametrize(
    "claim",
    [
        "In 2019 it had five members more than in 2018.",
        "2019年的成员比2018年多5个。",
        "成员先后两次签署了声明。",
    ],
)
def test_what_follows_from_the_figures_is_no_new_number(claim: str) -> None:
    assert "number" not in objections(claim, SIGNED)


def test_what_does_not_follow_is() -> None:
    assert "number" in objections("2019年的成员比2018年多9个。", SIGNED)
