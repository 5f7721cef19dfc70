"""Traditional characters are read as simplified ones, and shown as they were typed or printed."""

import opencc
import pytest

from app import Assistant, Turn
from index import Index, build_index
from index.spelling import as_in, spelt_document
from sources import catalog, load_paper

TRADITIONAL = opencc.OpenCC("s2tw")
QUESTIONS = [
    "CLOUD法案是什么时候签署的？",
    "第3节讲了什么？",
    "这篇论文的结论是什么？",
    "什么是数字贸易？",
    "中国在跨境数据流动上持什么立场？",
    "德国在2031年花了多少钱？",
]


@pytest.mark.parametrize("question", QUESTIONS)
def test_traditional_characters_ask_the_same(index: Index, question: str) -> None:
    assistant = Assistant(index)
    simplified, traditional = assistant.ask(question), assistant.ask(TRADITIONAL.convert(question))
    assert [each.quote for each in traditional.citations] == [
        each.quote for each in simplified.citations
    ]
    assert traditional.answered == simplified.answered
    assert traditional.standalone_question == traditional.question
    if not simplified.answered:
        own = simplified.text.partition("\n")[0]
        assert traditional.text.partition("\n")[0] == TRADITIONAL.convert(own)


def test_a_follow_up_is_shown_in_the_characters_it_was_typed_in(index: Index) -> None:
    assistant, first = Assistant(index), "美國為什麼反對數據本地化？"
    history = [Turn(first, assistant.ask(first).text)]
    answer = assistant.ask("那歐盟呢？", history)
    assert answer.standalone_question == "歐盟為什麼反對數據本地化？"


@pytest.fixture(scope="module")
def in_traditional(tmp_path_factory: pytest.TempPathFactory) -> Assistant:
    """The bundled paper in traditional characters."""
    folder = tmp_path_factory.mktemp("traditional")
    text = load_paper(catalog()[0].paper_id).text
    (folder / "paper.txt").write_text(TRADITIONAL.convert(text), "utf-8")
    index = build_index([folder / "paper.txt"], folder=folder / "index")
    return Assistant(index, [*index.documents][-1])


@pytest.mark.parametrize("question", QUESTIONS)
def test_a_paper_in_traditional_characters_answers_the_same(
    index: Index, in_traditional: Assistant, question: str
) -> None:
    simplified, traditional = Assistant(index).ask(question), in_traditional.ask(question)
    text = in_traditional.document.text
    assert traditional.answered == simplified.answered
    assert [each.quote for each in traditional.citations] == [
        TRADITIONAL.convert(each.quote) for each in simplified.citations
    ]
    assert all(text[each.start : each.end] == each.quote for each in traditional.citations)


def test_offsets_hold_where_characters_do_not_fold_one_to_one(in_traditional: Assistant) -> None:
    document = in_traditional.document
    read = spelt_document(document)
    assert read != document
    assert len(read.text) == len(document.text)
    assert spelt_document(read) is read


def test_own_words_follow_the_question() -> None:
    assert as_in("誰簽署的", "论文没有说是谁。") == "論文沒有說是誰。"
    assert as_in("谁签署的", "论文没有说是谁。") == "论文没有说是谁。"
    assert as_in("Who signed?", "The paper does not say so.") == "The paper does not say so."
