"""What a paper says of itself is found before its text; what it does not say is not made up."""

from __future__ import annotations

import pytest

from app import Assistant
from index import Index
from index.front import front_matter
from sources import Document, Section

TITLE, AUTHORS = "Trade in Small States", "Ada Lane¹ and Bo Chen²"
HEAD = f"Journal of Trade, 2021, Vol. 3\n{TITLE}\n{AUTHORS}\n¹University of X\n"
ABSTRACT = "Abstract\nWe ask who wrote the rules in 1998.\n"
KEYWORDS = "Keywords\ntrade; small states;\nrules\nReceived late.\n"
TEXT = HEAD + ABSTRACT + KEYWORDS
PAPER = Document(
    "paper",
    TEXT,
    "paper.pdf",
    title=TITLE,
    sections=tuple(
        Section("", title, 1, TEXT.index(title), TEXT.index(title) + len(body), (title,))
        for title, body in (("Abstract", ABSTRACT), ("Keywords", KEYWORDS))
    ),
)


@pytest.mark.parametrize(
    ("question", "told"),
    [
        ("What is the title of the paper?", [TITLE]),
        ("标题是什么", [TITLE]),
        ("Who wrote this?", [AUTHORS, "¹University of X"]),
        ("这篇论文的作者是谁？", [AUTHORS, "¹University of X"]),
        ("When was the paper published?", ["Journal of Trade, 2021, Vol. 3"]),
        ("What year was this written?", ["Journal of Trade, 2021, Vol. 3"]),
        ("发表在哪个期刊", ["Journal of Trade, 2021, Vol. 3"]),
        ("What are the keywords?", ["trade; small states;", "rules"]),
    ],
)
def test_what_a_paper_says_of_itself(question: str, told: list[str]) -> None:
    spans = front_matter(question, PAPER)
    assert spans is not None
    assert [TEXT[start:end] for start, end in spans] == told


@pytest.mark.parametrize(
    "question",
    ["Who wrote the rules?", "作者怎么看中国？", "When was the act published?", "", "谁"],
)
def test_what_is_asked_of_something_else(question: str) -> None:
    assert front_matter(question, PAPER) is None


@pytest.mark.parametrize(
    "question", ["作者是谁", "What is the title of the paper?", "关键词是什么"]
)
def test_what_a_paper_does_not_say_of_itself_is_refused(index: Index, question: str) -> None:
    document = next(iter(index.documents.values()))
    assert front_matter(question, document) == []
    answer = Assistant(index).ask(question)
    assert not answer.answered
    assert not answer.citations
