"""Months and years in a text, also those that are told in words: 2019 年底, early 2019.

Rules for Chinese and English. Knows nothing of days.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from itertools import chain

from app.figures import MONTHS

YEAR = re.compile(r"(?<!\d)(?:1[89]|20)\d\d(?!\d|['’]?s\b|\s*年代)")

_YEAR = r"(?P<year>(?:19|20)\d\d)"
_NAMES = "|".join(MONTHS)
_MONTHS = (
    re.compile(rf"{_YEAR}\s*年\s*(?P<month>1[0-2]|0?[1-9])\s*月"),
    re.compile(rf"{_YEAR}\s*年?\s*(?P<part>[初底末])"),
    re.compile(
        rf"\b(?P<name>{_NAMES})\.?(?: \d{{1,2}}(?:st|nd|rd|th)?,?)?(?: of)? {_YEAR}", re.IGNORECASE
    ),
    re.compile(
        rf"\b(?P<part>beginning|start|early|end|close|late)(?: (?:of|in))? {_YEAR}", re.IGNORECASE
    ),
)
_BEGINNINGS = ("初", "beginning", "start", "early")


@dataclass(frozen=True, slots=True)
class Month:
    """A month as it stands in a text; the beginning of a year is its first, the end its last."""

    text: str
    year: int
    month: int


def months(text: str) -> list[Month]:
    """The months of a text that are told with their year."""
    found = []
    for match in chain.from_iterable(pattern.finditer(text) for pattern in _MONTHS):
        told = match.groupdict()
        if told.get("part"):
            month = 1 if told["part"].lower() in _BEGINNINGS else 12
        else:
            month = MONTHS[told["name"].lower()] if told.get("name") else int(told["month"])
        found.append(Month(match[0], int(told["year"]), month))
    return found


def other_months(asked: str, told: str) -> tuple[str, ...]:
    """The months that a question names of years of which a text tells other months only. The one
    before and the one after are near enough."""
    wanted = months(asked)
    held = months(told) if wanted else []
    return tuple(
        month.text
        for month in wanted
        if (same := [each.month for each in held if each.year == month.year])
        and all(abs(each - month.month) > 1 for each in same)
    )
