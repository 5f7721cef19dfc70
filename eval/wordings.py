"""Measures how far answers depend on the way in which a question is typed.

Each way changes the letters of a gold question, or what stands around it, and never what it asks.
Knows nothing of how an assistant reads it.
"""

from __future__ import annotations

import random
import re
from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import cache
from itertools import accumulate

import opencc
import rjieba
from pypinyin import lazy_pinyin

from eval.gold import GoldQuestion
from eval.report import Row, summarise, table
from eval.runner import AskableAssistant, run
from sources.documents import Document
from sources.language import language_of

METRICS = ("hit@1", "citation_precision", "wrongly_refused", "refusal_recall", "followup_rewritten")

Way = Callable[[str], str]


def _traditional(question: str) -> str:
    return str(_converter().convert(question))


@cache
def _converter() -> opencc.OpenCC:
    return opencc.OpenCC("s2tw")


def _polite(question: str) -> str:
    if language_of(question) == "zh":
        return f"你好，请问一下{question} 请简要回答，谢谢"
    return f"Could you please tell me: {question} Please answer briefly. Thank you!"


def _of_the_paper(question: str) -> str:
    return (
        "根据这篇论文，" if language_of(question) == "zh" else "According to this paper, "
    ) + question


def _wide(question: str) -> str:
    """Letters and digits of Chinese input methods."""
    if language_of(question) == "en":
        return question
    return re.sub(r"[A-Za-z0-9]", lambda found: chr(ord(found[0]) + 0xFEE0), question)


def _spaced(question: str) -> str:
    """Two spaces for one, and one between Chinese characters, as they are copied out of a PDF."""
    return re.sub(r"(?<=[\u4e00-\u9fff])(?=[\u4e00-\u9fff])", " ", question.replace(" ", "  "))


def _misspelt(question: str) -> str:
    """One letter of an English word swapped with the next, left out or doubled, always the same."""
    words = list(re.finditer(r"\b[a-z]{6,}\b", question))
    if language_of(question) == "zh" or not words:
        return question
    chance = random.Random(question)
    word = chance.choice(words)
    at = word.start() + chance.randrange(1, len(word[0]) - 2)
    one, after = question[at], question[at + 1]
    wrong = chance.choice([after + one, after, one + one + after])
    return question[:at] + wrong + question[at + 2 :]


def _homophone(question: str) -> str:
    """One character of a Chinese word written as a common one that sounds the same."""
    if language_of(question) == "en":
        return question
    places = [
        at + place
        for at, word in _words(question)
        for place, character in enumerate(word)
        if _alike(character)
    ]
    if not places:
        return question
    chance = random.Random(question)
    at = chance.choice(places)
    return question[:at] + chance.choice(_alike(question[at])) + question[at + 1 :]


def _words(question: str) -> list[tuple[int, str]]:
    """Where each word of two or more Chinese characters begins, and the word."""
    words = rjieba.cut(question)
    starts = accumulate(map(len, words), initial=0)
    cut = zip(starts, words, strict=False)
    return [(at, word) for at, word in cut if len(word) > 1 and "\u4e00" <= word[0] <= "\u9fff"]


@cache
def _alike(character: str) -> str:
    """The other characters of GB 2312's first level, the common ones, that sound the same."""
    sound = lazy_pinyin(character)
    return "".join(each for each in _common() if each != character and lazy_pinyin(each) == sound)


@cache
def _common() -> str:
    rows = (bytes([row, cell]) for row in range(0xB0, 0xD8) for cell in range(0xA1, 0xFF))
    return b"".join(rows).decode("gb2312", "ignore")


def _numbered(question: str) -> str:
    return ("3、" if language_of(question) == "zh" else "3. ") + question


def _with_the_reader(question: str) -> str:
    if language_of(question) == "zh":
        return f"我是学生，在写作业。作者认为，{question}"
    return f"I'm a student writing an essay. {question.rstrip('?')}, according to the author?"


def _spoken(question: str) -> str:
    asked = question.rstrip("?？")
    return f"话说{asked}来着？" if language_of(question) == "zh" else f"Well, {asked} exactly?"


WAYS: dict[str, Way] = {
    "as it is": lambda question: question,
    "traditional characters": _traditional,
    "polite": _polite,
    "according to the paper": _of_the_paper,
    "small letters": str.lower,
    "capitals": str.upper,
    "wide letters": _wide,
    "spaces": _spaced,
    "a wrong letter": _misspelt,
    "a homophone": _homophone,
    "numbered": _numbered,
    "with the reader": _with_the_reader,
    "spoken": _spoken,
}


def measure(gold: Sequence[GoldQuestion], assistant: AskableAssistant, document: Document) -> str:
    """A table: the same questions, and what was asked before them, typed in each way."""
    rows: dict[str, Row] = {}
    for name, way in WAYS.items():
        typed = [
            replace(each, question=way(each.question), history=tuple(map(way, each.history)))
            for each in gold
        ]
        rows[name] = summarise(run(typed, assistant, document).records)["all"]
    return "\n".join(["value [95 % interval] n", "", *table(rows, METRICS)])
