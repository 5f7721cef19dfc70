"""Which lines of a text are headings, and how they nest.

A line has to look like a heading and to stand where one can stand: a printed number has to follow
the number before it, so that a sentence that starts with "86 个成员方" is no section 86. Knows
nothing of paragraphs, offsets or files.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass

MAX_HEADING_WIDTH = 100  # in columns: a CJK character takes two

# Ranks order the styles from the outermost in; a decimal number of depth d has rank 4 + d.
NAME_RANK, CHAPTER_RANK, PART_RANK, COMMA_RANK, PAREN_RANK = 0, 1, 2, 3, 4

_NAME = re.compile(
    "(?:内容|中文|英文)?摘要|关键[词字]|目录|前言|[引绪]言|绪论|导论|序言|结论|结语|结束语|总结|讨论|参考文献|"
    "致谢|附录|注释|作者简介|基金项目|abstract|summary|key ?words|contents|introduction|background|"
    "methods|results|discussion|conclusions?|references|bibliography|acknowledge?ments?|appendix|"
    "related work|future work|notes",
    re.IGNORECASE,
)
_REFERENCES = re.compile("参考文献|注释|references|bibliography|notes", re.IGNORECASE)

_MARKDOWN = re.compile(r"(#{1,6})\s+(\S.*?)(?:\s+#+)?$")
_DECIMAL = re.compile(r"(\d{1,2}(?:[.．]\d{1,2}){0,4})([.．、]?)(\s*)([^\d\s.．、].*)$")
_ROMAN = re.compile(r"([IVX]{1,5})\.\s+([A-Z].*)$")
_CHAPTER = re.compile(r"(第([一二三四五六七八九十\d]{1,3})([章篇编节]|部分))[\s:：、]*(\S.*)$")
_COMMA = re.compile(r"([一二三四五六七八九十]{1,3})、\s*(\S.*)$")
_PAREN = re.compile(r"[（(]([一二三四五六七八九十]{1,3})[)）]\s*(\S.*)$")
_ENDS_A_CLAUSE = re.compile(r"[。．.；;，,、：:！!…]$")
_LEADER = re.compile(r"\.{4,}|…{2,}|·{4,}")  # the dots of a table of contents

# After a bare number these make it a quantity or a date ("86 个成员方", "12 月").
_UNITS = frozenset("年月日号时分秒个项种次名位家人条款岁国届世万亿千百成点倍%％")


@dataclass(frozen=True, slots=True)
class Heading:
    """A heading line. `text` is the line as it goes into the document, without Markdown's `#`.

    `rank` orders the styles of headings (smaller is further out), `value` is the number as
    integers ((5, 2, 1) for "5.2.1."), empty for a heading without one.
    """

    text: str
    number: str
    title: str
    rank: int
    value: tuple[int, ...] = ()
    marked: bool = True  # whether the number has a dot or comma of its own behind it


def width(text: str) -> int:
    """The columns that `text` takes on a page of fixed pitch: two for a wide character."""
    return sum(2 if unicodedata.east_asian_width(char) in "WFA" else 1 for char in text)


def heading_of(line: str) -> Heading | None:
    """What a line is if it is a heading, by its looks alone: a number or a known name."""
    return _candidate(line)


def find_headings(lines: Sequence[str], may_start: Sequence[bool]) -> dict[int, Heading]:
    """The headings among `lines` (none blank), by line number.

    `may_start[i]` says whether a block of text can begin at line i. Where a text has Markdown
    headings these are the only ones. A run of numbered lines without text between them is a list
    or a table of contents, and none of its lines is a heading.
    """
    marked = _find_markdown(lines, may_start)
    if marked:
        return marked
    candidates = [_candidate(line) for line in lines]
    accepted: dict[int, Heading] = {}
    last: dict[int, tuple[int, ...]] = {}
    in_references = False
    for i, heading in enumerate(candidates):
        if heading is None or not (may_start[i] or i - 1 in accepted):
            continue
        if heading.rank != NAME_RANK and (in_references or not _in_sequence(heading, last)):
            continue
        after = candidates[i + 1] if i + 1 < len(lines) else None
        before = candidates[i - 1] if i and i - 1 not in accepted else None
        if (after and _lists_on(heading, after)) or (before and _lists_on(before, heading)):
            continue
        accepted[i] = heading
        in_references = bool(_REFERENCES.fullmatch(heading.title))
        if heading.rank != NAME_RANK:
            style = _style(heading)
            last = {rank: value for rank, value in last.items() if rank < style}
            last[style] = heading.value
    return accepted


def heading_paths(headings: Sequence[Heading]) -> list[tuple[str, ...]]:
    """The path of every heading: the texts from the outermost heading to this one."""
    paths: list[tuple[str, ...]] = []
    open_headings: list[Heading] = []
    for heading in headings:
        if heading.rank == NAME_RANK:  # an abstract or a reference list has nothing below it
            paths.append((heading.text,))
            continue
        while open_headings and open_headings[-1].rank >= heading.rank:
            open_headings.pop()
        open_headings.append(heading)
        paths.append(tuple(each.text for each in open_headings))
    return paths


def heading_at(text: str, level: int) -> Heading:
    """A heading whose level, from 1, is known."""
    inner = _numbered(text)
    if inner:
        return Heading(text, inner.number, inner.title, level, inner.value)
    return Heading(text, "", text, level)


def _find_markdown(lines: Sequence[str], may_start: Sequence[bool]) -> dict[int, Heading]:
    found: dict[int, Heading] = {}
    in_code = False
    for i, line in enumerate(lines):
        if line.startswith(("```", "~~~")):
            in_code = not in_code
        elif not in_code and (may_start[i] or i - 1 in found) and (heading := _markdown(line)):
            found[i] = heading
    return found


def _markdown(line: str) -> Heading | None:
    found = _MARKDOWN.match(line)
    if not found:
        return None
    return heading_at(found[2], len(found[1]))


def _candidate(line: str) -> Heading | None:
    """What the line is if it is a heading, by its looks alone."""
    if len(line) > MAX_HEADING_WIDTH or width(line) > MAX_HEADING_WIDTH or _LEADER.search(line):
        return None
    name = line.strip("[]【】:：—- ")
    if name[:1].isupper():  # a last word of a paragraph is not
        name = name.removesuffix(".")
    closed = "".join(name.split())
    if not name.isascii() and _NAME.fullmatch(closed):  # "摘  要" is spaced for the eye only
        return Heading("".join(line.split()), "", closed, NAME_RANK)
    if _NAME.fullmatch(name):
        return Heading(line, "", name, NAME_RANK)
    return None if _ENDS_A_CLAUSE.search(line) else _numbered(line)


def _numbered(line: str) -> Heading | None:
    if found := _CHAPTER.match(line):
        rank = PART_RANK if found[3] == "节" else CHAPTER_RANK
        return Heading(line, found[1], found[4], rank, (_integer(found[2]),))
    for style, rank, integer in _STYLES:
        if (found := style.match(line)) and (value := integer(found[1])):
            return Heading(line, found[1], found[2], rank, (value,))
    return _decimal(line)


def _decimal(line: str) -> Heading | None:
    found = _DECIMAL.match(line)
    if not found:
        return None
    number, mark, gap, title = found.groups()
    first = title[0]
    if not any(char.isalpha() for char in title) or (not mark and not gap and first.isascii()):
        return None
    if not mark and (first in _UNITS or first.islower()):
        return None
    value = tuple(int(part) for part in re.split(r"[.．]", number))
    return Heading(line, number.replace("．", "."), title, 4 + len(value), value, bool(mark))


def _style(heading: Heading) -> int:
    """Decimal numbers of every depth are one sequence."""
    return min(heading.rank, PAREN_RANK + 1)


def _in_sequence(heading: Heading, last: dict[int, tuple[int, ...]]) -> bool:
    previous = last.get(_style(heading))
    if previous is None:
        return heading.rank <= PART_RANK or heading.value in {(0,), (1,), (1, 1)}
    return _follows(previous, heading.value, skip=heading.marked or len(heading.value) > 1)


def _follows(previous: tuple[int, ...], value: tuple[int, ...], *, skip: bool) -> bool:
    """Whether `value` may come after `previous`: a child, or the next at the same or outer depth.

    With `skip` one number may be missing, as where a heading was lost on the way into the text.
    """
    steps = {1, 2} if skip else {1}
    depth = len(value)
    if depth == len(previous) + 1:
        return value[:-1] == previous and value[-1] in steps
    return (
        depth <= len(previous)
        and value[:-1] == previous[: depth - 1]
        and value[-1] - previous[depth - 1] in steps
    )


def _lists_on(heading: Heading, after: Heading) -> bool:
    """Whether two lines in a row read as entries of one list, not as a heading and its child."""
    if after.rank > heading.rank:
        return False
    if NAME_RANK in (heading.rank, after.rank):
        return True
    return _style(heading) == _style(after) and _follows(heading.value, after.value, skip=False)


def _integer(numeral: str) -> int:
    """The value of a Chinese numeral up to 99, or of digits."""
    if numeral.isdecimal():
        return int(numeral)
    tens, ten, ones = numeral.rpartition("十")
    digits = "〇一二三四五六七八九"
    return (max(digits.find(tens), 1) * 10 if ten else 0) + max(digits.find(ones or "〇"), 0)


def _roman(numeral: str) -> int:
    """The value of a Roman numeral up to 12, 0 for what is none."""
    numerals = ("I", "II", "III", "IV", "V", "VI", "VII", "VIII", "IX", "X", "XI", "XII")
    return numerals.index(numeral) + 1 if numeral in numerals else 0


_STYLES = (
    (_COMMA, COMMA_RANK, _integer),
    (_PAREN, PAREN_RANK, _integer),
    (_ROMAN, COMMA_RANK, _roman),
)
