"""Places that a question names are found by the paper's structure."""

from __future__ import annotations

import pytest

from app import Assistant
from app.extract import quote_place
from index import Index
from index.places import (
    MAX_QUOTED,
    named_sections,
    opening_sentences,
    outline,
    without_places,
)
from sources import Document, Section


@pytest.fixture(scope="module")
def paper(index: Index) -> Document:
    return next(iter(index.documents.values()))


def names(sections: list[Section]) -> list[str]:
    return [section.number or "".join(section.title.split()) for section in sections]


@pytest.mark.parametrize(
    ("question", "named"),
    [
        ("第3.2节讲了什么？", ["3.2"]),
        ("请概括一下第 3.1 小节的主要内容", ["3.1"]),
        ("3.3节说了什么", ["3.3"]),
        ("第二章讲了什么？", ["2"]),
        ("第4部分讨论了什么", ["4", "4.1", "4.2", "4.3", "4.4"]),
        ("最后一节说了什么", [*"5 5.1 5.2 5.2.1 5.2.2 5.2.3 5.2.4 5.2.5".split()]),
        ("What does the last section say?", [*"5 5.1 5.2 5.2.1 5.2.2 5.2.3 5.2.4 5.2.5".split()]),
        ("summarise section 4", ["4", "4.1", "4.2", "4.3", "4.4"]),
        ("Summarise section 4.3 for me.", ["4.3"]),
        ("What does chapter 2 discuss?", ["2"]),
        ("Could you briefly outline Section 5.2.1, please?", ["5.2.1"]),
        ("摘要说了什么", ["摘要"]),
        ("主要观点有哪些", ["摘要"]),
        ("总结全文", ["摘要"]),
        ("Give me three key takeaways", ["Abstract"]),
        ("tl;dr", ["Abstract"]),
        ("把摘要翻译成英文", ["Abstract"]),
        ("Translate the abstract into Chinese", ["摘要"]),
        ("What does the abstract say?", ["Abstract"]),
        ("引言讲了什么", ["1"]),
        ("what is this paper about?", ["Abstract"]),
        ("what's the paper about", ["Abstract"]),
        ("这篇论文主要讲了什么？", ["摘要"]),
        ("请总结全文的核心观点", ["摘要"]),
    ],
)
def test_only_the_content_of_a_place_is_asked(
    paper: Document, question: str, named: list[str]
) -> None:
    sections, content = named_sections(question, paper)
    assert names(sections) == named
    assert content


@pytest.mark.parametrize(
    ("question", "named"),
    [
        ("第3.2节怎么说欧盟的隐私保护？", ["3.2"]),
        ("What does section 3.1 say about Australia?", ["3.1"]),
        ("摘要里提到了哪一年？", ["摘要"]),
    ],
)
def test_something_in_a_place_is_asked(paper: Document, question: str, named: list[str]) -> None:
    sections, content = named_sections(question, paper)
    assert names(sections) == named
    assert not content


@pytest.mark.parametrize(
    "question",
    [
        "这篇论文里，2018年全球电子商务规模是多少？",
        "这篇文章是谁写的？",
        "How many members does this paper say took part in December 2020?",
        "Who wrote this paper?",
        "Does the article mention Australia?",
        "欧盟如何保护个人信息？",
        "数字技术使全球贸易增长34%吗？",
        "讲了什么？",
        "What is summarized?",
        "概括一下美国的立场",
    ],
)
def test_a_question_that_merely_mentions_the_paper_names_no_place(
    paper: Document, question: str
) -> None:
    assert named_sections(question, paper) == ([], False)


@pytest.mark.parametrize("question", ["第9.9节讲了什么", "summarise section 12", "第八章讲了什么"])
def test_a_section_that_does_not_exist_is_not_made_up(paper: Document, question: str) -> None:
    assert named_sections(question, paper)[0] == []


@pytest.mark.parametrize(
    ("question", "section"),
    [
        ("第3.2节讲了什么", "3.2. 主要成员方"),
        ("What is this paper about?", "Abstract"),
        ("Summarise section 4", "4. 美国力争引领"),
        ("摘要说了什么", "摘要"),
    ],
)
def test_a_place_is_answered_from_itself(index: Index, question: str, section: str) -> None:
    assistant = Assistant(index)
    answer = assistant.ask(question)
    assert answer.answered
    assert 1 < len(answer.citations) <= MAX_QUOTED
    for cited in answer.citations:
        assert section in cited.section
        assert cited.quote == assistant.document.text[cited.start : cited.end]
        assert f"“{cited.quote}”" in answer.text
    assert section in " › ".join(answer.retrieved[0].chunk.section)


def test_a_specific_question_gets_the_place_it_asks_for(index: Index) -> None:
    answer = Assistant(index).ask("这篇论文里，2018年全球电子商务规模达到多少万亿美元？")
    assert "25.6 万亿" in answer.text


def test_the_opening_of_every_section_is_its_own_text(paper: Document) -> None:
    for section in paper.sections:
        spans = opening_sentences(paper, [section])
        assert len(spans) <= MAX_QUOTED
        assert spans == sorted(spans)
        for start, end in spans:
            assert section.start + len(section.path[-1]) <= start < end <= section.end


def test_several_sections_open_with_one_sentence_each(paper: Document) -> None:
    sections, _ = named_sections("第3节讲了什么", paper)
    spans = opening_sentences(paper, sections)
    found = [section.number for start, _ in spans if (section := paper.section_at(start))]
    assert found == ["3.1", "3.2", "3.3"]


def test_a_text_without_sections_is_about_its_opening() -> None:
    plain = Document("plain", "A text without headings. It says little.", "plain")
    sections, content = named_sections("What is this paper about?", plain)
    assert content
    spans = opening_sentences(plain, sections)
    assert [plain.text[a:b] for a, b in spans] == ["A text without headings.", "It says little."]
    assert named_sections("What does the abstract say about tides?", plain) == ([], False)


def test_a_section_that_is_not_there_is_refused(paper: Document, index: Index) -> None:
    refused = quote_place("Summarise section 12", paper, [], index.weigh)
    assert refused is not None
    assert not refused.answered
    assert refused.sentences == ()


def test_a_paper_without_an_abstract_is_about_its_first_section() -> None:
    text = "1. Tides\nThe tide rises twice a day.\n2. Gauges\nA gauge was built in 1807.\n"
    split = text.index("2. Gauges")
    first = Section("1", "Tides", 1, 0, split, ("1. Tides",))
    second = Section("2", "Gauges", 1, split, len(text), ("2. Gauges",))
    document = Document("tides", text, "tides", sections=(first, second))
    assert named_sections("What is this paper about?", document) == ([first], True)
    spans = opening_sentences(document, [first])
    assert [text[start:end] for start, end in spans] == ["The tide rises twice a day."]


@pytest.mark.parametrize(
    ("question", "numbers"),
    [
        ("第四部分有哪些小节？", ["4.1", "4.2", "4.3", "4.4"]),
        ("Which parts is section 3 divided into?", ["3.1", "3.2", "3.3"]),
        ("论文的结构是怎样的", ["", "", "1", "2", "3", "4", "5"]),
        ("what are the main points?", []),
        ("What does the last section say?", []),
        ("这篇论文分几个部分？", ["", "", "1", "2", "3", "4", "5"]),
        ("第3.2节讲了什么？", []),
        ("Summarise section 4", []),
    ],
)
def test_how_a_paper_is_divided_is_told_by_headings(
    paper: Document, question: str, numbers: list[str]
) -> None:
    sections, content = named_sections(question, paper)
    assert content
    spans = outline(question, paper, sections)
    assert [paper.section_at(start).number for start, _ in spans] == numbers  # type: ignore[union-attr]
    assert all("\n" not in paper.text[start:end] for start, end in spans)


@pytest.mark.parametrize(
    ("question", "rest"),
    [
        ("摘要里说哪两个国家分歧最大？", "里说哪两个国家分歧最大？"),
        ("论文中欧盟的立场是什么", "欧盟的立场是什么"),
        ("作者怎么看CLOUD法案？", "怎么看CLOUD法案？"),
        ("作者简介里写了什么", "作者简介里写了什么"),
        ("本文件的签署方是谁", "本文件的签署方是谁"),
        ("What does the abstract say?", "What does the abstract say?"),
        ("Who signed it?", "Who signed it?"),
        ("What does the paper say about data tax?", "data tax"),
        ("Is climate change mentioned in this paper?", "climate change"),
        ("anything on tariffs?", "tariffs"),
        ("关于隐私问题，论文说了什么", "隐私"),
        ("文章有没有提到区块链？", "区块链"),
    ],
)
def test_a_place_is_no_word_to_look_for(question: str, rest: str) -> None:
    assert without_places(question) == rest
