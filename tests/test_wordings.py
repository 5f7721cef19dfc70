"""The ways of typing change what they say they do, and are measured on the dev questions."""

import pytest
from pypinyin import lazy_pinyin

from eval.cli import main
from eval.wordings import WAYS


@pytest.mark.parametrize(
    ("way", "question", "typed"),
    [
        ("as it is", "谁签的？", "谁签的？"),
        ("traditional characters", "谁签的？", "誰籤的？"),
        ("traditional characters", "Who signed?", "Who signed?"),
        ("polite", "谁签的？", "你好，请问一下谁签的？ 请简要回答，谢谢"),
        (
            "polite",
            "Who signed?",
            "Could you please tell me: Who signed? Please answer briefly. Thank you!",
        ),
        ("according to the paper", "谁签的？", "根据这篇论文，谁签的？"),
        ("capitals", "Who signed the RCEP?", "WHO SIGNED THE RCEP?"),
        ("small letters", "Who signed the RCEP?", "who signed the rcep?"),
        ("wide letters", "RCEP有8章？", "ＲＣＥＰ有８章？"),
        ("wide letters", "Who signed?", "Who signed?"),
        ("spaces", "Who signed?", "Who  signed?"),
        ("spaces", "2019年谁签的？", "2019年 谁 签 的？"),
        ("spoken", "谁签的？", "话说谁签的来着？"),
        ("spoken", "Who signed?", "Well, Who signed exactly?"),
        ("a wrong letter", "谁签的negotiation", "谁签的negotiation"),
        ("a wrong letter", "Who did it?", "Who did it?"),
        ("a homophone", "Who did it?", "Who did it?"),
        ("a homophone", "谁做的？", "谁做的？"),
        ("numbered", "谁签的？", "3、谁签的？"),
        ("numbered", "Who signed?", "3. Who signed?"),
        ("with the reader", "谁签的？", "我是学生，在写作业。作者认为，谁签的？"),
        (
            "with the reader",
            "Who signed?",
            "I'm a student writing an essay. Who signed, according to the author?",
        ),
    ],
)
def test_a_way_of_typing(way: str, question: str, typed: str) -> None:
    assert WAYS[way](question) == typed


def test_one_letter_goes_wrong_in_one_word() -> None:
    question = "Which members agreed to the negotiations?"
    wrong = WAYS["a wrong letter"](question)
    assert wrong == WAYS["a wrong letter"](question) != question
    changed = [a for a, b in zip(question.split(), wrong.split(), strict=True) if a != b]
    assert len(changed) == 1
    assert abs(len(wrong) - len(question)) <= 1


def test_one_character_goes_wrong_in_one_word() -> None:
    question = "哪些成员参加了贸易谈判？"
    wrong = WAYS["a homophone"](question)
    assert wrong == WAYS["a homophone"](question)
    changed = [(a, b) for a, b in zip(question, wrong, strict=True) if a != b]
    assert len(changed) == 1
    assert lazy_pinyin(changed[0][0]) == lazy_pinyin(changed[0][1])


def test_all_ways_are_measured(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["wordings", "--limit", "6"]) == 0
    told = capsys.readouterr().out
    assert "hit@1" in told
    assert all(f"\n{way} " in told for way in WAYS)
