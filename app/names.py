"""Names of institutions, agreements, companies, places and countries, and the ways to write each.

They are those of the glossary, whose English begins with a capital, and of the table of countries;
each is known by its names in both languages and by its abbreviation.
"""

from __future__ import annotations

import re
from collections import defaultdict
from functools import cache, lru_cache
from itertools import accumulate

import rjieba

from app.countries import table
from app.figures import figures
from index.glossary import glossary

ACRONYM = re.compile(r"(?<![A-Za-z\d])(?:[A-Z]{3,}|[A-Z]\d[A-Z]|[A-Z]\d{1,2}|\d[A-Z])(?![A-Za-z])")

_OPENS = re.compile(r"(?<![A-Za-z\d])[A-Z]|[^\x00-\x7f]")
_ENDS = re.compile(r"s?(?![A-Za-z\d])")


def spelt(name: str, text: str) -> bool:
    """Whether the text has the name, if only in a longer one; 印度尼西亚 is not 印度."""
    if name.casefold() not in _folded(text):
        return False
    inside = rf"(?<![A-Za-z]){re.escape(name)}" if name.isascii() else rf"{re.escape(name)}(?!尼)"
    return bool(re.search(inside, text, re.IGNORECASE if len(name) > 2 else 0))


@lru_cache(maxsize=64)
def _folded(text: str) -> str:
    return text.casefold()


@lru_cache(maxsize=1024)
def find_names(text: str) -> tuple[tuple[int, int], ...]:
    """Where a text has names of `gazetteer`: start and end; of two that overlap the first and
    longer.

    Looked up rather than searched for: a pattern of three thousand names is slow.
    """
    found: list[tuple[int, int]] = []
    for opening in _OPENS.finditer(text):
        start = opening.start()
        end = _end_at(text, start)
        if end and (not found or start >= found[-1][1]):
            found.append((start, end))
        elif found and end > found[-1][1] and _are_words(text, found[-1], (start, end)):
            found[-1] = start, end
    return tuple(found)


def _are_words(text: str, first: tuple[int, int], second: tuple[int, int]) -> bool:
    """Whether of two names that overlap the second is a word of the text and the first is none:
    in 看中东盟 stands 东盟 and not 中东."""
    words = rjieba.cut(text)
    ends = [*accumulate(map(len, words))]
    spans = set(zip([0, *ends], ends, strict=False))
    return second in spans and first not in spans


def _end_at(text: str, start: int) -> int:
    """Where the longest name that begins there ends, 0 if none does."""
    for end in range(min(start + _longest().get(text[start], 0), len(text)), start, -1):
        if text[start:end] in gazetteer() and (text[start] > "~" or _ENDS.match(text, end)):
            return end
    return 0


@cache
def _longest() -> dict[str, int]:
    """The length of the longest name that begins with each character."""
    return {name[0]: len(name) for name in sorted(gazetteer(), key=len)}


@cache
def gazetteer() -> dict[str, frozenset[str]]:
    """For each name of both tables the ways to write it, itself too."""
    ways: dict[str, set[str]] = defaultdict(set)
    for english, chinese in glossary():
        if english[:1].isupper() and not figures(f"in {english}"):
            name = re.sub(r"(?<=..)[的人]$", "", chinese)
            written = {english, english.replace("isation", "ization"), name}
            for way in written:
                ways[way] |= written
    for names, capitals in table():
        for name in (*names, *capitals):
            ways[name] |= {name, *names}
    # One step further: "World Trade Organisation" is 世界贸易组织, and so is WTO.
    return {name: frozenset().union(*(ways[way] for way in own)) for name, own in ways.items()}
