"""What the conversation's pane shows: one question on its way, and what was asked before.

Pure but for the assistant that it asks. Knows nothing of Gradio.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Protocol

from app.answers import Answer, Turn
from app.conversations import Notebook
from app.export import to_text
from app.feedback import record
from app.page import actions_html, answer_html, pending_html, question_html
from app.problems import problem_html
from app.questions import check_question
from app.suggest import suggest
from index.manifest import default_folder
from sources import AskPaperError, Document, Language

EXAMPLES_FOR = "wto-ecommerce-negotiations"
EXAMPLES = (
    "2018年全球电子商务规模有多大？",
    "中国在跨境数据流动上持什么立场？",
    "美国为什么用数字贸易取代电子商务的概念？",
    "How much could digital technology add to world trade by 2030?",
    "Which countries require data localization?",
    "Why should China be careful about cross-border data flows?",
)


class Answering(Protocol):
    """What the page needs of an `Assistant`."""

    @property
    def document(self) -> Document:
        """The paper that is asked."""
        ...

    @property
    def quoting(self) -> Answering:
        """The same without a language model."""
        ...

    def __hash__(self) -> int:
        """By identity will do: what was tried of one assistant is remembered by it."""
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


@dataclass(frozen=True, slots=True)
class Asked:
    """A question and where it belongs: the answer takes the place of answer number `turn`, if one
    is given. `admit` may refuse it, by an error. `opening` are the shares of the index that are
    built, until it is there."""

    question: str
    language: Language
    turn: int | None = None
    admit: Callable[[], None] = lambda: None
    opening: Iterable[float] = ()


class Floor:
    """Who has the floor in a session. What a question still comes to, after the reader has turned
    to something else, belongs nowhere."""

    def __init__(self) -> None:
        self._taken = 0

    def take(self) -> Callable[[], bool]:
        """Take the floor; the result says whether it is still held."""
        self._taken += 1
        taken = self._taken
        return lambda: taken == self._taken


def exchange(
    answering: Callable[[], Answering],
    asked: Asked,
    notebook: Notebook,
    papers: Mapping[str, Document],
) -> Iterator[Step]:
    """One question and its answer. `papers` are those that earlier answers may point to, by id.
    `answering` gives who answers, once the index is there.

    A question that replaces another is what the reader meant, so nothing is carried over to it.
    """
    question, language, turn = asked.question, asked.language, asked.turn
    answers = notebook.current.answers
    at = len(answers) if turn is None else turn
    before = talk(answers[:at], papers, language)
    after = talk(answers[at + 1 :], papers, language, first=at + 1)
    history = [Turn(each.question, each.text) for each in answers] if turn is None else []
    answer: Answer | None = None
    failure: AskPaperError | None = None
    try:
        check_question(question)
        asked.admit()
        typed = question_html(question.strip())
        for share in asked.opening:
            yield Step([*before, typed, pending_html(language, share), *after])
        assistant = answering()
        yield Step([*before, typed, pending_html(language), *after])
        for answer in assistant.stream(question, history):
            said = answer_html(answer, language, at, growing=True)
            yield Step([*before, typed, said, *after])
        if answer:
            fresh = notebook.current.add(answer, turn)
            fresh = replace(fresh, following=_following(assistant.quoting, fresh.answers))
            shown = talk(fresh.answers, papers, language, fresh.following)
            yield Step(shown, notebook.keep(fresh))
        return
    except AskPaperError as error:
        failure = error
    except Exception:  # a defect of ours: the log has it, the reader keeps the question
        logging.getLogger(__name__).exception("could not answer")
    shown = talk(answers, papers, language, notebook.current.following)
    yield Step(shown, problem=problem_html(failure, question, language))


def talk(
    answers: Sequence[Answer],
    papers: Mapping[str, Document],
    language: Language,
    following: Sequence[str] = (),
    first: int = 0,
) -> list[str]:
    """Questions and answers in turn, as HTML; `first` is the number of the first answer, and
    `following` are questions to ask after the last one."""
    shown = []
    for turn, answer in enumerate(answers, first):
        onward = following if turn == first + len(answers) - 1 else ()
        below = actions_html(to_text(answer, papers, language), onward, language)
        shown += [question_html(answer.question), answer_html(answer, language, turn, below)]
    return shown


def rated(answer: Answer, rating: str, reason: str, language: Language) -> str:
    """Keeps what a reader thinks of an answer; "" or, as HTML, why it could not be kept."""
    try:
        record(default_folder(), answer, "up" if rating == "up" else "down", reason)
    except AskPaperError as error:
        return problem_html(error, answer.question, language)
    return ""


def _following(assistant: Answering, answers: Sequence[Answer]) -> tuple[str, ...]:
    """What could be asked next."""
    document = assistant.document
    written = EXAMPLES if document.doc_id == EXAMPLES_FOR else ()
    asked = [each.question for each in answers]
    return suggest(
        answers[-1], asked, document, lambda each: _tried(assistant, document, each), written
    )


@lru_cache(maxsize=1_000)
def _tried(assistant: Answering, document: Document, question: str) -> Answer:
    """The answer to a question that could be suggested; the same ones come up again and again."""
    return [*assistant.stream(question)][-1]
