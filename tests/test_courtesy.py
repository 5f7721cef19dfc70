"""A greeting is returned; a question that begins with one is a question."""

from __future__ import annotations

from html import escape

import pytest

from app import Assistant, Turn
from app.courtesy import courteous
from app.page import answer_html
from index import Index
from sources import language_of


@pytest.mark.parametrize(
    "text",
    [
        "hi",
        "Hello there!",
        "Thanks a lot :)",
        "ok thanks",
        "Bye!",
        "你好",
        "您好！",
        "谢谢你们",
        "好的，谢谢！",
        "好的",
        "ok",
        "Got it!",
        "你是谁？",
        "你能做什么",
        "What can you do?",
    ],
)
def test_a_courtesy_is_returned_in_its_language(index: Index, text: str) -> None:
    answer = Assistant(index).ask(text)
    assert not answer.answered
    assert answer.citations == answer.retrieved == ()
    assert language_of(answer.text) == language_of(text)
    shown = answer_html(answer, "en")
    assert escape(answer.text) in shown
    assert "refused" not in shown
    assert "sure" not in shown


@pytest.mark.parametrize(
    "text",
    [
        "hi, what is the WTO?",
        "你好，WTO是什么？",
        "early harvest",
        "早期收获",
        "谢谢的英文",
        "thankful",
    ],
)
def test_a_question_is_no_courtesy(text: str) -> None:
    assert courteous(text) is None


def test_a_conversation_goes_on_after_thanks(index: Index) -> None:
    assistant = Assistant(index)
    asked = assistant.ask("美国对源代码披露持什么立场？")
    history = [Turn(asked.question, asked.text), Turn("谢谢", "不客气！")]
    asked_on = assistant.ask("那欧盟呢？", history)
    assert asked_on == assistant.ask("那欧盟呢？", history[:1])
    assert "源代码" in asked_on.standalone_question
