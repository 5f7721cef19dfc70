"""What a question has in quotation marks, or of the earliest time, is looked for to the letter."""

import pytest

from app import Assistant
from index import Index


@pytest.mark.parametrize(
    "question",
    [
        "What is the 'data controller' test in the CLOUD Act?",
        "云法案里“数据控制者”那一条是什么意思？",
    ],
)
def test_what_is_quoted_comes_first(question: str, index: Index) -> None:
    (cited,) = Assistant(index).ask(question).citations
    assert "数据控制者" in cited.quote


def test_when_first_asks_for_the_earliest_year(index: Index) -> None:
    assistant = Assistant(index)
    for question in ("WTO最早什么时候开始管电商的？", "WTO最早是哪年开始管电商的？"):
        assert "1998" in assistant.ask(question).text
