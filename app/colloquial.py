"""What readers say in words of speech, in the words that papers use: 穷国 are 发展中国家, "poor
countries" developing ones.

The encoder learned from written texts and knows little of speech. A table of our own in two
columns, of words that papers hardly use; knows nothing of any paper but which words it holds.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from pathlib import Path

import rjieba

COLLOQUIAL = Path(__file__).with_name("colloquial.tsv")


def formal(question: str, holds: Callable[[str], bool]) -> str:
    """The question in the words of papers; what the papers that are asked hold themselves, in
    small letters, stays as it is."""
    words, said, at = rjieba.cut(question), list[str](), 0
    small = [word.lower() for word in words]
    while at < len(words):
        ends = range(min(at + _longest(), len(words)), at, -1)
        spoken = ((end, "".join(small[at:end])) for end in ends)
        known = (
            (end, table()[each]) for end, each in spoken if each in table() and not holds(each)
        )
        at, told = next(known, (at + 1, words[at]))
        said.append(told)
    return "".join(said)


@cache
def table() -> dict[str, str]:
    """How it is written, by what is said, in small letters."""
    return dict(line.split("\t") for line in COLLOQUIAL.read_text("utf-8").splitlines())


@cache
def _longest() -> int:
    """Words of the longest expression."""
    return max(len(rjieba.cut(spoken)) for spoken in table())
