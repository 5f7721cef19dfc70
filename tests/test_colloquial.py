"""Words of speech are read as the words that papers use, unless the paper has them itself."""

from pathlib import Path

import pytest

from app import Assistant
from app.colloquial import formal, table
from index import Index, build_index


@pytest.mark.parametrize(
    ("question", "read"),
    [
        ("对穷国有什么坏处？", "对发展中国家有什么弊端？"),
        ("Does it help POORER countries?", "Does it help developing countries?"),
        ("扩大会议是什么？", "扩大会议是什么？"),
        ("What is a dealer?", "What is a dealer?"),
        ("", ""),
    ],
)
def test_formal(question: str, read: str) -> None:
    assert formal(question, lambda words: False) == read


def test_what_a_paper_says_itself_stays() -> None:
    assert formal("穷国怎么看富国？", "穷国".__eq__) == "穷国怎么看发达国家？"


def test_the_table_ends_in_written_words() -> None:
    for spoken, written in table().items():
        assert formal(spoken, lambda words: False) == written
        assert formal(written, lambda words: False) == written


def test_a_question_in_words_of_speech_is_answered(index: Index) -> None:
    said = Assistant(index).ask("WTO该怎么帮穷国解决上不了网这类麻烦？")
    assert said.answered
    assert said.standalone_question == said.question
    assert "发展中国家" in said.text


def test_the_words_of_the_paper_are_not_exchanged(tmp_path: Path) -> None:
    paper = tmp_path / "loans.txt"
    paper.write_text("贷款\n\n穷国去年借了三亿元。\n\n发展中国家去年借了五亿元。\n", "utf-8")
    index = build_index([paper], folder=tmp_path / "index")
    said = Assistant(index, [*index.documents][-1]).ask("穷国去年借了多少？")
    assert "三亿元" in said.citations[0].quote
