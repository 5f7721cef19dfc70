"""The glossary of trade, law and research, in English and Chinese.

An expression of several words means more than its words, which is all that the encoder knows: a
question in English is searched for in Chinese by its expressions, too.
"""

from __future__ import annotations

import re
from collections import defaultdict
from functools import cache
from pathlib import Path

from index.lexical import normalise, singular

GLOSSARY = Path(__file__).with_name("glossary.tsv")
MOST_TOLD = 2  # ways to say an expression in Chinese

_WORD = re.compile(r"[^\W_]+(?:['’.&/-][^\W_]+)*")
# Expressions that ask or join tell nothing of what is looked for.
_ASKS_OR_JOINS = re.compile(r"(?:how|which|what|are|is|according|based|more|less|at) ")


@cache
def glossary() -> list[tuple[str, str]]:
    """All pairs, English and Chinese."""
    lines = GLOSSARY.read_text("utf-8").splitlines()
    return [(english, chinese) for english, chinese in (line.split("\t") for line in lines)]


def expressions(question: str) -> list[str]:
    """The Chinese for the expressions of several words in an English question, the longest where
    two begin with the same word."""
    words, told, at = _words(question), list[str](), 0
    while at < len(words):
        ends = range(min(at + _longest(), len(words)), at + 1, -1)
        end = next((end for end in ends if tuple(words[at:end]) in _expressions()), 0)
        told += _expressions()[tuple(words[at:end])][:MOST_TOLD] if end else []
        at = end or at + 1
    return told


def _words(text: str) -> list[str]:
    return [singular(word) for word in _WORD.findall(normalise(text))]


@cache
def _expressions() -> dict[tuple[str, ...], list[str]]:
    known: dict[tuple[str, ...], list[str]] = defaultdict(list)
    for english, chinese in glossary():
        words = tuple(_words(english))
        if len(words) > 1 and not _ASKS_OR_JOINS.match(english) and chinese not in known[words]:
            known[words].append(chinese)
    return {words: told for words, told in known.items() if told}


@cache
def _longest() -> int:
    return max(map(len, _expressions()))
