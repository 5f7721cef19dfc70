"""What readers say in words of speech, in the words that papers use: 穷国 are 发展中国家, "poor
countries" developing ones.

The encoder learned from written texts and knows little of speech. A table of our own in two
columns, of words that papers hardly use; knows nothing of any paper but which words it holds.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable
from functools import cache
from itertools import accumulate, pairwise
from pathlib import Path

import rjieba

COLLOQUIAL = Path(__file__).with_name("colloquial.tsv")
OPENING = 2  # letters, which every expression has


def formal(question: str, holds: Callable[[str], bool]) -> str:
    """The question in the words of papers; what the papers that are asked hold themselves, in
    small letters, stays as it is."""
    small = question.lower()
    if len(small) != len(question):
        return question
    said, at = list[str](), 0
    # An expression begins and ends where words do, however it is cut in two.
    bounds = [0, *accumulate(map(len, rjieba.cut(question)))]
    for start, end in pairwise(bounds):
        if start < at:
            continue
        known = (
            each
            for each in _by_opening().get(small[start : start + OPENING], ())
            if small.startswith(each, start) and start + len(each) in bounds and not holds(each)
        )
        spoken = next(known, "")
        said.append(table()[spoken] if spoken else question[start:end])
        at = start + len(spoken) if spoken else end
    return "".join(said)


@cache
def table() -> dict[str, str]:
    """How it is written, by what is said, in small letters."""
    return dict(line.split("\t") for line in COLLOQUIAL.read_text("utf-8").splitlines())


@cache
def _by_opening() -> dict[str, list[str]]:
    """The expressions that begin with OPENING letters, the longest first."""
    found: dict[str, list[str]] = defaultdict(list)
    for spoken in sorted(table(), key=len, reverse=True):
        found[spoken[:OPENING]].append(spoken)
    return found
