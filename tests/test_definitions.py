"""What a term means is found where the paper says it, in either language."""

from __future__ import annotations

import pytest

from app import Assistant
from app.extract import ANNOUNCED
from index import Index
from index.definitions import asked_term, definition, long_form
from sources import Document

EN = (
    "Hepcidin was measured in sera. We met respiratory syncytial virus (RSV) in children. "
    "RSV spreads in winter (Figure 1). Because hepcidin is a hormone of the liver, iron falls. "
    "Viroporins (VPs) are small proteins. The R0 was estimated at 2.56. "
    "Digital trade means trade by wire. We used a Boosted Tree (BRT, Ridge)."
)
ZH = (
    "数字贸易规则很多。USTR认为，数字贸易是一个广泛的概念。2016年成立数字贸易工作组(DTWG)。"
    "《区域全面经济伙伴关系协定》(RCEP)已达成。DTWG是识别壁垒的机构。这种做法被称为“长臂管辖”。"
)


@pytest.mark.parametrize(
    ("question", "term"),
    [
        ("What is hepcidin?", "hepcidin"),
        ("what's the RSV", "RSV"),
        ("What does the term “phage display” mean?", "phage display"),
        ("What does RSV stand for?", "RSV"),
        ("Define digital trade.", "digital trade"),
        ("What is the meaning of GPA", "GPA"),
        ("什么是数字贸易？", "数字贸易"),
        ("什么叫数字贸易", "数字贸易"),
        ("文中所谓的“长臂管辖”是什么意思？", "长臂管辖"),
        ("RCEP指的是什么？", "RCEP"),
        ("数字贸易的定义是什么", "数字贸易"),
        ("What is it?", ""),
        ("这是什么？", ""),
        ("What did China do in the talks of 2017?", ""),
        ("What is it that all members of this group want to have?", ""),
        ("谁签了？", ""),
    ],
)
def test_the_term_that_is_asked(question: str, term: str) -> None:
    assert asked_term(question) == term


@pytest.mark.parametrize(
    ("question", "text", "openings"),
    [
        ("What is hepcidin?", EN, ["Because hepcidin"]),
        ("What is RSV?", EN, ["We met"]),  # not where it is only named, nor beside a figure
        ("What are viroporins?", EN, ["Viroporins (VPs) are"]),
        ("What is R0?", EN, []),  # a value is no meaning
        ("What is BRT?", EN, []),  # nor is what does not spell it
        ("What is iron?", EN, []),
        ("What is zinc?", EN, []),
        ("数字贸易是什么？", ZH, ["USTR认为"]),
        ("什么是数字贸易？", ZH, ["USTR认为"]),
        ("DTWG是什么？", ZH, ["2016年成立", "DTWG是"]),
        ("What is RCEP?", ZH, ["《区域"]),
        ("什么是长臂管辖？", ZH, ["这种做法"]),
        ("What is digital trade?", ZH, ["USTR认为"]),
        ("什么是数字贸易？", EN, ["Digital trade"]),
        ("What is a tariff?", ZH, []),
        ("数字贸易有哪些规则？", ZH, []),
    ],
)
def test_the_sentences_that_say_what_it_means(
    question: str, text: str, openings: list[str]
) -> None:
    found = definition(question, Document("x", text, "X"))
    for (start, end), opening in zip(found, openings, strict=True):
        assert text[start:end].startswith(opening)


@pytest.mark.parametrize(
    ("term", "text", "spelt"),
    [
        (
            "RSV",
            "We met respiratory syncytial virus (RSV) in children.",
            "respiratory syncytial virus",
        ),
        (
            "GPA",
            "The GPA (Government Procurement Agreement) holds.",
            "Government Procurement Agreement",
        ),
        (
            "DTWG",
            "2016 年 7 月美国贸易代表办公室(USTR)成立数字贸易工作组(DTWG)。",
            "数字贸易工作组",
        ),
        ("USTR", "2016 年 7 月美国贸易代表办公室(USTR)成立工作组。", "美国贸易代表办公室"),
        ("RCEP", "《区域全面经济伙伴关系协定》(RCEP)已达成。", "《区域全面经济伙伴关系协定》"),
        ("BRT", "We used a Boosted Tree (BRT).", None),
        ("iron", "Metals (iron) rust.", None),
    ],
)
def test_what_an_abbreviation_is_short_for(term: str, text: str, spelt: str | None) -> None:
    found = long_form(term, text)
    assert (found and text[slice(*found)]) == spelt


def test_a_reader_gets_the_meaning_alone(index: Index) -> None:
    answer = Assistant(index).ask("什么是数字贸易？")
    assert answer.answered
    assert answer.confidence == ANNOUNCED
    assert [c.quote.partition("，")[0] for c in answer.citations] == [
        "而美国贸易代表办公室(USTR)认为"
    ]
    [citation] = Assistant(index).ask("What does DTWG stand for?").citations
    document = Assistant(index).document
    assert [document.text[a:b] for a, b in citation.highlights] == ["数字贸易工作组"]
