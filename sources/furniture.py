"""Which lines of a page are not part of its text: running heads, page numbers, footnotes.

Judged by place, size and what other pages have there. Knows nothing of paragraphs.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from sources.columns import Line

MARGIN = 0.13  # of a page's height: running heads and page numbers stand within it
NOTES = 0.5  # of a page's height: no footnote stands higher than this
SMALL = 0.94  # of the body's size: footnotes are set smaller than this
NOTE_GAP = 2.2  # of the size: footnotes stand no further apart than this
SAME_HEIGHT = 4.0  # points
SAME_SHARE = 0.008  # of a page's height: what is repeated stands as high on every page
LEVELS = 3  # base lines that a running head takes at most

_PAGE_NUMBER = re.compile(
    r"[^\w]*(?:(?:page|p\.?|第)?\s*(?:\d{1,4}|[ivxlc]{1,6})(?:\s*[-–—~～/]\s*\d{1,4})?"
    r"\s*(?:页|of \d+|\|\s*p\s*a\s*g\s*e)?)[^\w]*",
    re.IGNORECASE,
)
_NOTE = re.compile(
    r"[\s\d¹²³⁰⁴-⁹]*(?:[*∗†‡§¶#＊①-⑳]|[¹²³⁰⁴-⁹]|\d{1,2}\s*(?:https?:|[A-Z][a-z]|[\u4e00-\u9fff]))|"
    r"[\[【]?(?:收稿日期|基金项目|作者简介|通[讯信]作者|引用格式|第一作者|项目名称)",
)
_CAPTION = re.compile(
    r"(?:图|表)\s*\d+(?:[-.]\d+)?[\s:：.．]|"
    r"(?:Fig(?:ure|\.)?|FIG(?:URE|\.)?|Table|TABLE|Tab\.|Algorithm)\s*(?:\d+|[IVX]+)(?:[:.|—]|\s+[A-Z]|$)"
)


@dataclass(frozen=True, slots=True)
class Sorted:
    """The lines of all pages, told apart; each part in reading order."""

    body: list[Line]
    notes: list[Line]
    heads: list[Line]


def tell_apart(pages: Sequence[tuple[float, Sequence[Line]]], size: float) -> Sorted:
    """The body, the footnotes and the running heads of pages, given as height and lines.

    `size` is that of the body's text.
    """
    repeated = _repeated(pages)
    found = Sorted([], [], [])
    for height, lines in pages:
        heads = _heads(height, lines, repeated)
        rest = [line for line in lines if id(line) not in heads]
        notes = _notes(height, rest, size)
        for line in lines:
            if id(line) in heads:
                found.heads.append(line)
            else:
                (found.notes if id(line) in notes else found.body).append(line)
    return found


def is_caption(text: str) -> bool:
    """Whether a text begins as the caption of a figure or a table does."""
    return bool(_CAPTION.match(text))


def _repeated(pages: Sequence[tuple[float, Sequence[Line]]]) -> tuple[set[str], float, float]:
    """What stands in the margins of two pages or more, and how far into them it reaches.

    The reach is the lowest base line of a running head and the highest one of a running foot, as
    shares of the height; 0 and 1 where there is none.
    """
    seen: dict[str, list[float]] = {}
    for height, lines in pages:
        outer = {_key(line, height): line.base for line in _outermost(lines, height, LEVELS)}
        for key, base in outer.items():
            seen.setdefault(key, []).append(base / height)
    often, top, bottom = set(), 0.0, 1.0
    for key, shares in seen.items():
        usual = sorted(shares)[len(shares) // 2]
        near = [share for share in shares if abs(share - usual) < SAME_SHARE]
        if len(near) < 2 or len(key.replace("#", "")) < 3:
            continue  # a number or a letter may stand anywhere
        often.add(key)
        top, bottom = (max(top, *near), bottom) if usual < 0.5 else (top, min(bottom, *near))
    return often, top, bottom


def _heads(
    height: float, lines: Sequence[Line], repeated: tuple[set[str], float, float]
) -> set[int]:
    often, top, bottom = repeated
    found = set()
    for line in _outermost(lines, height, 1):
        if _PAGE_NUMBER.fullmatch(line.text.strip()):
            found.add(id(line))
    for line in _outermost(lines, height, LEVELS):
        beyond = line.base <= top * height + 1 or line.base >= bottom * height - 1
        if beyond or _key(line, height) in often:
            found.add(id(line))
    return found


def _outermost(lines: Sequence[Line], height: float, levels: int) -> list[Line]:
    """The lines on the first and the last so many base lines of a page, within its margins."""
    found = []
    for side in (1, -1):
        last, level = None, 0
        for line in sorted(lines, key=lambda line: side * line.base):
            if last is None or abs(line.base - last) > SAME_HEIGHT:
                level, last = level + 1, line.base
            if level > levels or not _in_margin(line, height):
                break
            found.append(line)
    return found


def _in_margin(line: Line, height: float) -> bool:
    return not MARGIN * height < line.base < (1 - MARGIN) * height


def _key(line: Line, height: float) -> str:
    """What a running head is known by: its words without numbers, and on which margin."""
    words = re.sub(r"\d+|\b[ivxlc]+\b", "#", line.text.lower())
    side = "^" if line.base < height / 2 else "_"
    return side + "".join(char for char in words if char.isalnum() or char == "#")


def _notes(height: float, lines: Sequence[Line], size: float) -> set[int]:
    """The lines of the footnotes: small ones at the foot of a column, from the first mark on."""
    found: set[int] = set()
    for order in {line.order for line in lines}:
        column = sorted(
            (each for each in lines if each.order == order), key=lambda line: -line.base
        )
        below = [line for line in lines if line.base > column[0].base + SAME_HEIGHT]
        if any(line.size >= SMALL * size for line in below):
            continue  # there is text further down: this is not the foot of the page
        run: list[Line] = []
        for line in column:
            if line.size >= SMALL * size or line.base < NOTES * height or is_caption(line.text):
                break
            if line.cells > 2:
                break
            if run and run[-1].base - line.base > NOTE_GAP * line.size:
                break
            run.append(line)
            if _NOTE.match(line.text):
                found |= {id(each) for each in run}
    return found
