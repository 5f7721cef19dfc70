"""What the conversation's pane shows: one question on its way, and what was asked before.

Pure but for the assistant that it asks. Knows nothing of Gradio.
"""

from __future__ import annotations

import logging
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

from app.answers import Answer, Turn
from app.conversations import Notebook
from app.export import to_text
from app.page import actions_html, answer_html, pending_html, problem_html, question_html
from app.questions import check_question
from sources import AskPaperError, Document, Language


class Answering(Protocol):
    """What the page needs of an `Assistant`."""

    @property
    def document(self) -> Document:
        """The paper that is asked."""
        ...

    def stream(self, question: str, history: Sequence[Turn] = ()) -> Iterator[Answer]:
        """Ever more complete answers."""
        ...


@dataclass(frozen=True, slots=True)
class Step:
    """What a question has come to. `shown` are questions and answers in turn, as HTML; `notebook`
    is there once the answer is whole, `problem` when there is none: then the question comes back
    to the box."""

    shown: list[str]
    notebook: Notebook | None = None
    problem: str = ""


def exchange(
    assistant: Answering,
    question: str,
    notebook: Notebook,
    language: Language,
    turn: int | None = None,
) -> Iterator[Step]:
    """One question and its answer; it takes the place of answer number `turn`, if one is given.

    A question that replaces another is what the reader meant, so nothing is carried over to it.
    """
    answers = notebook.current.answers
    at = len(answers) if turn is None else turn
    papers = {assistant.document.doc_id: assistant.document}
    before = talk(answers[:at], papers, language)
    after = talk(answers[at + 1 :], papers, language, at + 1)
    history = [Turn(each.question, each.text) for each in answers] if turn is None else []
    answer: Answer | None = None
    failure: AskPaperError | None = None
    try:
        check_question(question)
        asked = question_html(question.strip())
        yield Step([*before, asked, pending_html(language), *after])
        for answer in assistant.stream(question, history):
            said = answer_html(answer, language, at, growing=True)
            yield Step([*before, asked, said, *after])
        if answer:
            fresh = notebook.keep(notebook.current.add(answer, turn))
            yield Step(talk(fresh.current.answers, papers, language), fresh)
        return
    except AskPaperError as error:
        failure = error
    except Exception:  # a defect of ours: the log has it, the reader keeps the question
        logging.getLogger(__name__).exception("could not answer")
    shown = talk(answers, papers, language)
    yield Step(shown, problem=problem_html(failure, question, language))


def talk(
    answers: Sequence[Answer],
    papers: Mapping[str, Document],
    language: Language,
    first: int = 0,
) -> list[str]:
    """Questions and answers in turn, as HTML; `first` is the number of the first answer."""
    shown = []
    for turn, answer in enumerate(answers, first):
        below = actions_html(to_text(answer, papers, language), (), language)
        shown += [question_html(answer.question), answer_html(answer, language, turn, below)]
    return shown
