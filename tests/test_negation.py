"""One text denies what another says, in one language or across two."""

from __future__ import annotations

import pytest

from app.negation import contradicts, denies_alone, speaks_of


@pytest.mark.parametrize(
    ("claim", "evidence", "expected"),
    [
        ("欧盟为何支持数据本地化？", "欧盟不支持数据本地化。", True),
        ("欧盟为何不支持数据本地化？", "欧盟不支持数据本地化。", False),
        ("Why did the council approve the plan?", "The council did not approve the plan.", True),
        ("Why did the council approve the plan?", "It was raining.", False),
        ("Why was the plan rejected?", "不同意见很多，但大多数人支持该计划。", True),
        ("Why did the union refuse to sign the treaty?", "非正式会议上，工会签署了条约。", True),
        ("Why is insurance kept out of the treaty?", "条约中包含保险。", True),
        ("Why does the treaty cover insurance?", "条约中包含保险。", False),
        ("挪威为什么单独提交了文件？", "挪威与瑞典联合提交了文件。", True),
        ("Which barrier is the rarest?", "关税障碍最常见。", True),
        ("Which barrier is the most common?", "关税障碍最常见。", False),
        ("委员会为什么不再用旧规则？", "委员会以新规则取代了旧规则。", False),
        ("委员会哪年被解散？", "委员会于1990年成立。", True),
        ("委员会哪年设立？", "委员会于1990年成立。", False),
        ("The minister was outspoken about the plan.", "部长对该计划直言不讳。", False),
        ("规则为什么跟不上发展？", "规则滞后于发展。", False),
        ("委员会为什么先谈最难的议题？", "委员会从相对简单的议题开始。", True),
        ("Why does the law cover only data at home?", "无论数据是否存储在境内，法律都适用。", True),
        ("Why does the law cover data at home?", "无论数据是否存储在境内，法律都适用。", False),
        ("多数协定都有此章，只有两个没有。", "12 个协定中有 10 个包含此章。", False),
        ("Only two of them do not have the chapter.", "Ten of the twelve have the chapter.", False),
        ("即便数据没有存放在境内，法律也适用。", "无论数据是否存储在境内，法律都适用。", False),
        ("委员会并非没有讨论过规则。", "委员会一直在讨论规则。", False),
        ("谈判沿用旧的授权，而不是另起炉灶。", "谈判在旧的授权上继续，新授权另有人提。", False),
        ("China is not alone in this demand.", "China and Norway make this demand.", False),
        ("Unless it joins, it cannot have a say.", "Only by joining can it have a say.", False),
        ("The committee does not neglect trade.", "The committee takes part in trade.", False),
        ("The committee lacks support for it.", "The committee supports it.", True),
        ("规则扩大了平台的责任。", "规则限制了平台的责任。", True),
        ("冲突不可避免。", "A conflict was certain to come.", False),
        ("", "It was raining.", False),
    ],
)
def test_one_denies_what_the_other_says(claim: str, evidence: str, expected: bool) -> None:
    assert contradicts(claim, evidence) is expected


@pytest.mark.parametrize(
    ("claim", "evidence", "expected"),
    [
        ("Why did Norway withdraw from the union?", "挪威参考了联盟的规则。", True),
        ("Why did Norway withdraw from the union?", "挪威退出了联盟。", False),
        ("Why do the two differ?", "两国的立场不同。", False),
        ("Why do the two disagree?", "两国就此出现争议。", False),
        ("为什么非得这样？", "这样更好。", False),
        ("Why did Norway withdraw from the union?", "联盟单独成章。", True),  # which denies nothing
        ("Why did Norway join the union?", "挪威参考了联盟的规则。", False),
    ],
)
def test_a_denial_that_the_other_side_has_nothing_like(
    claim: str, evidence: str, expected: bool
) -> None:
    assert denies_alone(claim, evidence) is expected


def test_what_speaks_of_another_matter_denies_nothing() -> None:
    assert speaks_of("Why did Norway join the union?", "Norway did not join the union.")
    assert speaks_of("挪威为何加入联盟？", "Norway never joined the union.")
    assert not speaks_of("Why did Norway join the union?", "It never rains in Spain.")
    assert not speaks_of("", "It never rains in Spain.")
