"""What could be asked next: every suggestion is answered, and no clumsy one is made."""

from __future__ import annotations

from pathlib import Path

import pytest

from app.assistant import Assistant
from app.exchange import EXAMPLES
from app.suggest import MOST, heading_question, suggest
from index import Index, add_papers
from sources import Document, language_of


@pytest.mark.parametrize("question", [*EXAMPLES, "今天天气怎么样？"])
def test_every_suggestion_is_answered_with_something_new(index: Index, question: str) -> None:
    assistant = Assistant(index)
    answer = assistant.ask(question)
    offered = suggest(answer, [question], assistant.document, assistant.ask, EXAMPLES)
    assert 0 < len(offered) <= MOST
    read = {each.start for each in answer.citations} if answer.answered else set()
    for each in offered:
        tried = assistant.ask(each)
        assert tried.answered
        assert not {cited.start for cited in tried.citations} <= read
        assert each != question
        assert language_of(each) == language_of(question)


@pytest.mark.parametrize(
    ("title", "question"),
    [
        ("3. 谈判仍面临严峻挑战", "谈判仍面临哪些挑战？"),
        ("主要成员方在立场上存在差异", "主要成员方在立场上存在哪些差异？"),
        ("2. 谈判取得积极进展", "谈判取得了哪些进展？"),
        ("美国力争引领全球规则谈判", "美国如何引领全球规则谈判？"),
        ("中国的主要立场", "中国的主要立场是什么？"),
        ("以数字贸易取代电子商务", ""),
        ("引言", ""),
    ],
)
def test_a_chinese_heading_becomes_a_question_or_nothing(title: str, question: str) -> None:
    assert heading_question(title, Document("d", title, "d", language="zh")) == question


@pytest.mark.parametrize(
    ("title", "question"),
    [
        ("The Challenges of Data in China", "What are the challenges of data in China?"),
        ("2.1 How do readers cite?", "How do readers cite?"),
        ("Limitations", "What are the limitations of the study?"),
        ("Results", ""),
        ("Introduction", ""),
    ],
)
def test_an_english_heading_becomes_a_question_or_nothing(title: str, question: str) -> None:
    paper = Document("d", "challenges of data in China, do readers cite", "d", language="en")
    assert heading_question(title, paper) == question


def test_a_paper_with_headings_that_say_nothing_is_asked_what_any_paper_is(tmp_path: Path) -> None:
    text = (
        "# On tea\n\n## Abstract\n\nTea is drunk all over the world. We used a survey of nine "
        "towns. Tea delays sleep.\n\n## Conclusion\n\nWhoever wants to sleep should not drink it."
    )
    (tmp_path / "tea.md").write_text(text, "utf-8")
    index = add_papers([tmp_path / "tea.md"], tmp_path / "index")
    assistant = Assistant(index, [index.papers[-1].doc_id])
    answer = assistant.ask("What delays sleep?")
    offered = suggest(answer, [answer.question], assistant.document, assistant.ask)
    assert offered[:2] == ("What does the paper conclude?", "What methods were used?")
