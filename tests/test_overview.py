"""A question for the whole of a section is answered by it, in words of either language."""

from __future__ import annotations

import pytest

from app import Assistant
from index import Index
from index.overview import overview
from sources import Document, Section


@pytest.fixture(scope="module")
def paper(index: Index) -> Document:
    return next(iter(index.documents.values()))


@pytest.mark.parametrize(
    ("question", "number"),
    [
        ("作者给中国提了哪些建议", "5.2"),
        ("What does the author suggest China do?", "5.2"),
        ("What should China do?", "5.2"),
        ("Who are the major players and what do they want?", "3.2"),
        ("各方立场有什么不同？", "3.2"),
        ("谈判面临哪些困难", "3"),
        ("What progress has been made?", "2"),
        ("中国的立场是什么", "5.1"),
    ],
)
def test_the_heading_that_says_what_is_asked_for(
    paper: Document, question: str, number: str
) -> None:
    sections, met = overview(question, paper)
    assert sections[0].number == number
    assert all(each.number.startswith(f"{number}.") for each in sections[1:])
    assert 0.6 <= met <= 1.0


@pytest.mark.parametrize(
    "question",
    [
        "作者对日本有什么建议",  # the heading does not meet a word
        "What are France's recommendations on energy?",
        "What does the USMCA say about digital trade?",  # no heading names it
        "中国在2017年提出了什么建议？",  # one thing
        "Why do the positions differ?",
        "How many members take part in the negotiations?",
        "WTO是什么",  # many headings name it
        "建议",  # no question for the whole of anything
        "什么？",  # about nothing
        "欧盟在加拿大的协定里对数据本地化和数据流动提出了哪些主张",  # too much for a heading
    ],
)
def test_a_question_that_no_heading_answers(paper: Document, question: str) -> None:
    assert overview(question, paper) == ([], 0.0)


def test_a_paper_whose_headings_have_no_numbers() -> None:
    text = "Background\nLong ago.\nRecommendations\nTaxes\nRaise them.\nSchools\nOpen them.\n"
    starts = [text.index(word) for word in ("Background", "Recommendations", "Taxes", "Schools")]
    ends = [*starts[1:], len(text)]
    sections = tuple(
        Section("", title, level, start, end, (title,))
        for title, level, start, end in zip(
            ("Background", "Recommendations", "Taxes", "Schools"),
            (1, 1, 2, 2),
            starts,
            ends,
            strict=True,
        )
    )
    document = Document("plain", text, "plain", sections=sections)
    assert overview("作者有什么建议？", document)[0] == [*sections[1:]]
    assert overview("What is the background?", document)[0] == [sections[0]]


def test_headings_below_answer_in_the_papers_order(index: Index) -> None:
    answer = Assistant(index).ask("What are the policy recommendations?")
    assert answer.answered
    assert [each.quote[:6] for each in answer.citations] == [f"5.2.{n}." for n in range(1, 6)]


def test_a_section_without_headings_below_is_quoted_by_its_best_sentences(index: Index) -> None:
    answer = Assistant(index).ask("谈判取得了哪些进展？")
    assert answer.answered
    assert {each.section for each in answer.citations} == {"2. WTO 电子商务规则谈判取得积极进展"}


def test_a_section_is_asked_for_by_a_question_that_names_the_paper(index: Index) -> None:
    answer = Assistant(index).ask("What does the introduction of the paper say?")
    assert answer.answered
    answer = Assistant(index).ask("What is the position of China in the paper?")
    assert answer.answered
    assert all("5.1" in each.section for each in answer.citations)
