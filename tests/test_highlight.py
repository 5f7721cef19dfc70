"""The words of a quote that answer are marked."""

from __future__ import annotations

import pytest

from app import Assistant
from app.highlight import answering_words
from index import Index


@pytest.mark.parametrize(
    ("question", "sentence", "marked"),
    [
        ("电商规模有多大？", "2018年电商规模达25.6 万亿美元[3]。", ["25.6 万亿美元"]),
        ("有多少个成员？", "共有76个成员、86方参加，占90%。", ["76个", "86方", "90%"]),
        ("云法案是什么时候通过的？", "2018年3月23日，美国通过云法案。", ["2018年3月23日"]),
        ("When was it signed?", "It was signed in January 2019 by 76.", ["January 2019"]),
        ("2018年是什么时候？", "2018年，规模很大。", []),
        ("Who signed?", "In Davos the European Union and Japan signed.", None),
        ("哪些国家要求数据本地化？", "中国、越南和印度要求。", ["中国", "越南", "印度"]),
        ("为什么这样做？", "2018年有76个成员。", []),
    ],
)
def test_by_the_kind_of_answer(question: str, sentence: str, marked: list[str] | None) -> None:
    words = [sentence[start:end] for start, end in answering_words(question, sentence)]
    if marked is None:
        assert {"European Union", "Japan"} <= {word.removeprefix("the ") for word in words}
    else:
        assert words == marked


def test_spans_are_offsets_into_the_paper(index: Index) -> None:
    assistant = Assistant(index)
    answer = assistant.ask("2018年全球电子商务规模达到多少？")
    marked = [assistant.document.text[a:b] for c in answer.citations for a, b in c.highlights]
    assert any(word.startswith("25.6") for word in marked)
    for citation in answer.citations:
        assert all(citation.start <= a < b <= citation.end for a, b in citation.highlights)
