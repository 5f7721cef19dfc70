"""The answer with a language model: numbered sentences go in, cited and checked sentences come out.

The quoted answer is there first. When the model fails twice, finds nothing, or writes nothing that
what it cites supports, the reader gets the quoted answer and one line that says why.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing
from dataclasses import replace

from app.analysed import Sentence
from app.answers import Answer, Citation, Turn
from app.citations import cite
from app.llm import LanguageModel
from app.prompts import NOT_FOUND, answer_prompt, rewrite_prompt
from app.questions import check_question
from app.support import objections
from sources import ModelError, QuestionError, language_of, split_sentences

CHUNKS = 5  # whose sentences the model is given
MAX_MATERIAL = 4_000  # Chinese characters, about as many tokens; other characters count a third
PAUSE = 1.0  # seconds before the second try
MAX_REWRITTEN = 300  # characters

_NOTICES = {
    "failed": {
        "en": "The language model did not answer ({why}). These are quotes from the paper.",
        "zh": "语言模型没有给出回答（{why}）。以下是论文原文的引用。",
    },
    "unverified": {
        "en": "The language model's answer could not be verified against the paper, so it is not "
        "shown. These are quotes from the paper.",
        "zh": "语言模型的回答无法在论文中核实，因此不予显示。以下是论文原文的引用。",
    },
    "absent": {
        "en": "The language model found no answer in the sentences it was given. These are the "
        "closest places in the paper.",
        "zh": "语言模型在所给的句子中没有找到答案。以下是论文中最接近的地方。",
    },
    "partly": {
        "en": "What is marked as not supported could not be verified against the paper.",
        "zh": "标为“未证实”的句子无法在论文中核实。",
    },
}


def generate(
    llm: LanguageModel,
    quoted: Answer,
    refused: Answer,
    cited: Callable[[int, Sentence], Citation],
) -> Iterator[Answer]:
    """Ever more complete answers, the last one checked; from a second try on, anew.

    `quoted` is the whole answer without a language model, `refused` the same as a refusal;
    `cited` makes the citation of a sentence. Closing the iterator ends the request.
    """
    offered = _offered(quoted, cited)
    if not offered:
        yield quoted
        return
    asked = language_of(quoted.question)
    sections = [each.section for each in offered]
    prompt = answer_prompt(
        quoted.standalone_question, [each.quote for each in offered], sections, asked
    )
    reply = ""
    for last in (False, True):
        try:
            with closing(llm.stream(*prompt)) as replies:  # type: ignore[type-var]
                for reply in replies:
                    if not NOT_FOUND.startswith(reply.strip()[: len(NOT_FOUND)]):
                        yield _generated(quoted, reply, offered, whole=False)
            break
        except ModelError as error:
            if last:
                yield _noticed(quoted, "failed", why=str(error))
                return
            time.sleep(PAUSE)
    if NOT_FOUND in reply:
        yield _noticed(refused, "absent")
        return
    answer = _generated(quoted, reply, offered, whole=True)
    if not any(each.verified for each in answer.citations):
        yield _noticed(quoted, "unverified")
    elif answer.unsupported:
        yield _noticed(answer, "partly")
    else:
        yield answer


def rewrite(llm: LanguageModel, question: str, history: Sequence[Turn]) -> str:
    """The follow-up as it stands alone, "" when the model gives nothing of use.

    What it writes has to be in the question's language and in the conversation's words: a
    question about anything else is not the reader's.
    """
    try:
        rewritten = check_question(llm.reply(*rewrite_prompt(question, history)))
    except (ModelError, QuestionError):
        return ""
    said = [question]
    for turn in history:
        said += [turn.question, turn.answer_text]
    own = "\n" not in rewritten and len(rewritten) <= MAX_REWRITTEN
    own = own and language_of(rewritten) == language_of(question)
    return rewritten if own and not objections(rewritten, "\n".join(said)) - {"negation"} else ""


def _offered(quoted: Answer, cited: Callable[[int, Sentence], Citation]) -> list[Citation]:
    """The sentences quoted and those of the chunks found, each once, in the paper's order.

    What is over MAX_MATERIAL is left out, the chunks that fit the question least first.
    """
    offered = {each.start: each for each in quoted.citations}
    room = MAX_MATERIAL - sum(_size(each.quote) for each in quoted.citations)
    for found in quoted.retrieved[:CHUNKS]:
        chunk = found.chunk
        for start, end in split_sentences(chunk.text):
            sentence = Sentence(
                chunk, chunk.text[start:end], chunk.start + start, chunk.start + end
            )
            size = _size(sentence.text)
            if sentence.start not in offered and size <= room:
                offered[sentence.start] = cited(0, sentence)
                room -= size
    return [offered[start] for start in sorted(offered)]


def _size(text: str) -> float:
    return sum(1 / 3 if char < "⺀" else 1.0 for char in text)


def _generated(quoted: Answer, reply: str, offered: Sequence[Citation], *, whole: bool) -> Answer:
    resolved = cite(reply, offered, whole=whole)
    return replace(
        quoted,
        text=resolved.text,
        citations=resolved.citations,
        answered=True,
        mode="generated",
        missing=(),
        unsupported=resolved.unsupported,
    )


def _noticed(answer: Answer, kind: str, why: str = "") -> Answer:
    return replace(answer, notice=_NOTICES[kind][language_of(answer.question)].format(why=why))
