"""What every paper says somewhere is found where its authors say it, in either language."""

from __future__ import annotations

import pytest

from app import Assistant
from app.extract import ANNOUNCED
from index import Index
from index.zones import MOST, MOST_ABSTRACT, zone
from sources import Document, Section

SCIENCE = {
    "Abstract": "Bees die. We measured hives with scales. The results show that cold kills bees.",
    "1 Introduction": "Hives matter to farms. Our contributions are as follows: A scale for hives. "
    "A way to read it. A model of weight.",
    "2 Methods": "Scales were put under forty hives in a valley of the north for two years.",
    "3 Results": "The data come from forty hives. "
    "Weight fell by a tenth in each of the winters that were cold and long enough.",
    "4 Discussion": "Earlier studies weighed fewer hives. Our study has only one valley. "
    "Future work should weigh hives in the south.",
    "5 Conclusion": "Cold kills bees. Farms should shelter hives.",
    "Acknowledgements": "We thank the beekeepers, whose contributions and findings helped.",
    "References": "[1] A. Bee. Limitations of this study. 2001.",
}
STRUCTURED = {
    "摘要": "目的 了解蜂群越冬的情况。方法 称量四十个蜂箱。"
    "结果 寒冷使蜂群减重一成。重量与温度有关。结论 寒冷对蜂群不利。",
    "讨论": "本研究尚存在局限性。只称量了一个山谷。",
    "参考文献": "[1] 蜂. 结论与局限. 2001.",
}
PLAIN = {"Abstract": "Bees die. Nobody knows why. Farms should care.", "Text": "A bee flew by."}


def paper(parts: dict[str, str]) -> Document:
    text, sections = "", []
    for title, body in parts.items():
        start, text = len(text), f"{text}{title}\n{body}\n"
        sections.append(Section("", title, 1, start, len(text), (title,)))
    return Document("bees", text, "Bees", sections=tuple(sections))


def quoted(question: str, parts: dict[str, str]) -> list[str] | None:
    document = paper(parts)
    found = zone(question, document)
    return None if found is None else [document.text[start:end] for start, end in found]


@pytest.mark.parametrize(
    ("question", "first"),
    [
        ("What does the paper conclude?", "Cold kills bees."),
        ("论文的结论是什么？", "Cold kills bees."),
        ("What's in the conclusion?", "Cold kills bees."),
        ("What are the main findings?", "The results show that cold kills bees."),
        ("What did the study find?", "The results show that cold kills bees."),
        ("作者用了什么方法？", "Scales were put under forty hives"),
        ("What methods were used?", "Scales were put under forty hives"),
        ("What data did they use?", "The data come from forty hives."),
        ("用了什么数据？", "The data come from forty hives."),
        ("What are the contributions of this paper?", "Our contributions are as follows:"),
        ("这项研究有什么局限？", "Our study has only one valley."),
        ("Does the paper mention any limitations?", "Our study has only one valley."),
        ("What future work is there?", "Future work should weigh hives in the south."),
    ],
)
def test_a_zone_is_found_where_authors_announce_it(question: str, first: str) -> None:
    found = quoted(question, SCIENCE)
    assert found
    assert found[0].startswith(first)
    assert len(found) <= MOST


def test_what_an_announcement_announces_comes_with_it() -> None:
    found = quoted("What is the contribution?", SCIENCE)
    assert found == [
        "Our contributions are as follows: A scale for hives.",
        "A way to read it.",
        "A model of weight.",
    ]


@pytest.mark.parametrize(
    ("question", "expected"),
    [
        ("研究的目的是什么", ["目的 了解蜂群越冬的情况。"]),
        ("用了什么方法", ["方法 称量四十个蜂箱。"]),
        ("What are the results?", ["结果 寒冷使蜂群减重一成。", "重量与温度有关。"]),
        ("这篇文章得出了什么结论？", ["结论 寒冷对蜂群不利。"]),
        ("研究有哪些不足？", ["本研究尚存在局限性。", "只称量了一个山谷。"]),
    ],
)
def test_the_labels_of_a_structured_abstract_divide_it(question: str, expected: list[str]) -> None:
    assert quoted(question, STRUCTURED) == expected


def test_an_abstract_ends_with_the_conclusion_where_no_heading_says_so() -> None:
    assert quoted("What does it conclude?", PLAIN) == ["Nobody knows why.", "Farms should care."]


def test_what_ends_a_paper_without_other_headings_is_no_conclusion() -> None:
    whole = {"Abstract": "Bees die. " * MOST_ABSTRACT + "The authors have no conflicts."}
    assert quoted("What does this report conclude?", PLAIN) == quoted("结论是什么", PLAIN)
    assert quoted("What does this report conclude?", whole) is None


def test_limitations_that_are_not_admitted_are_none() -> None:
    assert quoted("What are the limitations of the study?", PLAIN) == []
    assert quoted("What are the shortcomings?", PLAIN) is None  # perhaps of bees
    assert quoted("What are the findings?", PLAIN) is None


@pytest.mark.parametrize(
    "question",
    [
        "What are the limitations of scales?",
        "结论里怎么说蜂箱？",
        "How were the hives weighed?",
        "第3节的结论是什么？",
        "What progress has been made?",
        "What?",
    ],
)
def test_a_question_for_something_else_is_for_no_zone(question: str) -> None:
    assert quoted(question, SCIENCE) is None


def test_a_zone_is_quoted_and_a_lacking_one_refused(index: Index) -> None:
    assistant = Assistant(index)
    concluded = assistant.ask("这篇论文的结论是什么？")
    assert concluded.answered
    assert concluded.confidence == ANNOUNCED
    assert concluded.citations[-1].quote.startswith("中国应严守国家安全底线")
    refused = assistant.ask("What are the limitations of this study?")
    assert not refused.answered
    assert refused.citations == ()
