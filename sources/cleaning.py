"""Raw text becomes clean text: wrapped lines joined into paragraphs, headings found.

The clean text is a row of blocks, each a heading or a paragraph, with one newline between two
blocks and none inside, so that a newline always ends a sentence. Apart from white space, the
hyphens of words broken at a line's end and invisible characters, nothing is taken out or added.
Knows nothing of files and formats.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from sources.documents import Section
from sources.headings import Heading, find_headings, heading_at, heading_paths, width

FULL_LINE = 0.88  # of the column: a line this wide was broken because the column ended
SHORT_LINE = 0.6  # of the column: a line this narrow was ended on purpose
MIN_COLUMN = 40  # narrower than this the widths of the lines say nothing
MAX_COLUMN = 160  # wider than this a line is a whole paragraph: nobody wraps so wide
CODE_INDENT = 4  # columns, as CommonMark has it
STRAY_BLANKS = 0.2  # share of blank lines inside sentences from which blank lines mean nothing

_INVISIBLE = re.compile("[\x00-\x08\x0e-\x1b\x7f-\x84\x86-\x9f\u200b-\u200f\u2060\ufeff\ufffe]")
ENDS_SENTENCE = re.compile(
    r"[。！？!?…．.][”’」』)）】\]\"'》]*(?:\[\d{1,3}(?:[-–,，、]\s?\d{1,3})*\])*$"
)
_BEFORE_ANITEM = (";", "；", ":", "：")
ITEM = re.compile(r"(?:[-*+•·▪◆●]\s|\[\d{1,3}\]|[（(]?\d{1,2}[)）]|[①-⑳]|\d{1,2}[.、]\s*\D)")
_ALWAYS_A_BLOCK = re.compile(r"\||>|```|~~~|[•▪◆●]\s|[-*+]\s+\S")
_RUN_IN = re.compile(
    r"([\[【]?(?:摘\s*要|关\s*键\s*[词字]|abstract|key\s?words)(?:[\]】]\s*[:：]?|\s*[:：—]+))\s*(\S.*)$",
    re.IGNORECASE,
)
_BROKEN_WORD = re.compile(r"([A-Za-z]+(?:-[A-Za-z]+)*)-$")
_QUOTES = "“”‘’\"'…—"
# Prefixes whose hyphen is part of the word when nothing else in the text tells.
_HYPHENATED = re.compile(
    "self|cross|non|well|real|high|low|long|short|half|ex|quasi|all|decision|policy|rule|so"
)


@dataclass(frozen=True, slots=True)
class _Line:
    text: str
    width: int
    indent: int
    after_blank: bool


@dataclass(frozen=True, slots=True)
class _Layout:
    """How the lines of a text were set. `column` is its width, 0 for text that is not wrapped."""

    column: int
    blanks_end_paragraphs: bool


def clean(raw: str) -> tuple[str, tuple[Section, ...]]:
    """The clean text of `raw` and the sections its headings open, in reading order.

    Text before the first heading belongs to no section.
    """
    lines = _read_lines(raw)
    layout = _measure(lines)
    starts = [_may_start(lines, i, layout) for i in range(len(lines))]
    # A heading may follow a full line that ends a sentence; for a paragraph that is no sign.
    after_sentence = [False] + [bool(ENDS_SENTENCE.search(line.text)) for line in lines[:-1]]
    places = [start or ends for start, ends in zip(starts, after_sentence, strict=False)]
    # Markdown that is indented by four is code, whose comments look like headings.
    code = [line.text.startswith("#") and line.indent >= CODE_INDENT for line in lines]
    places = [place and not quoted for place, quoted in zip(places, code, strict=True)]
    headings = find_headings([line.text for line in lines], places)
    words = words_of(raw)
    blocks: list[str] = []
    opened: list[tuple[int, Heading]] = []
    offset = first = 0
    for i in range(1, len(lines) + 1):
        if i < len(lines) and not (starts[i] or i in headings or i - 1 in headings):
            continue
        if first in headings:
            opened.append((offset, headings[first]))
            block = headings[first].text
        else:
            block = join_lines([line.text for line in lines[first:i]], words)
        blocks.append(block)
        offset += len(block) + 1
        first = i
    text = "\n".join(blocks)
    return text, sections_of(opened, len(text))


def sections_of(opened: Sequence[tuple[int, Heading]], length: int) -> tuple[Section, ...]:
    """The sections of a text of this length whose headings start at these offsets."""
    paths = heading_paths([heading for _, heading in opened])
    ends = [*(start for start, _ in opened), length][1:]
    return tuple(
        Section(heading.number, heading.title, len(path), start, end, path)
        for (start, heading), end, path in zip(opened, ends, paths, strict=True)
    )


def assemble(blocks: Sequence[tuple[str, int]]) -> tuple[str, tuple[Section, ...]]:
    """The text and the sections of blocks whose kind is known, as in HTML or Word.

    A block is its text and its level: 1 to 6 for a heading, 0 for anything else. Where no block
    is a heading, those that look like one are.
    """
    lines = [" ".join(_INVISIBLE.sub("", text).split()) for text, _ in blocks]
    kept = [(line, level) for line, (_, level) in zip(lines, blocks, strict=True) if line]
    found = {at: heading_at(line, level) for at, (line, level) in enumerate(kept) if level}
    if not found:
        found = find_headings([line for line, _ in kept], [True] * len(kept))
    opened, offset = [], 0
    for at, (line, _) in enumerate(kept):
        if at in found:
            opened.append((offset, replace(found[at], text=line)))
        offset += len(line) + 1
    text = "\n".join(line for line, _ in kept)
    return text, sections_of(opened, len(text))


def _read_lines(raw: str) -> list[_Line]:
    lines: list[_Line] = []
    after_blank = False
    for printed in raw.splitlines():
        visible = _INVISIBLE.sub("", printed).replace("\t", "    ").replace("\xa0", " ")
        text = visible.strip()
        indent = width(visible[: len(visible) - len(visible.lstrip())])
        run_in = _RUN_IN.match(text)
        for part in run_in.groups() if run_in else (text,):
            if part:
                lines.append(_Line(part, width(part), indent, after_blank))
        after_blank = not text
    return lines


def _measure(lines: Sequence[_Line]) -> _Layout:
    widths = sorted(line.width for line in lines)
    column = widths[-1 - len(widths) // 10] if widths else 0
    if column > MAX_COLUMN:
        return _Layout(0, True)
    gaps = [before for before, line in pairwise(lines) if line.after_blank]
    stray = [
        line
        for line in gaps
        if line.width >= FULL_LINE * column and not ENDS_SENTENCE.search(line.text)
    ]
    return _Layout(column, len(stray) <= 2 or len(stray) < STRAY_BLANKS * len(gaps))


def _may_start(lines: Sequence[_Line], i: int, layout: _Layout) -> bool:
    """Whether a paragraph or a heading can begin at line i, judged by the line before it."""
    if i == 0 or not layout.column:
        return True
    line, before = lines[i], lines[i - 1]
    ends = bool(ENDS_SENTENCE.search(before.text))
    return (
        (line.after_blank and layout.blanks_end_paragraphs)
        or bool(_ALWAYS_A_BLOCK.match(line.text))
        or before.text.startswith(("|", "#", "```", "~~~"))
        # A page break leaves one space before a line; an indented first line has more.
        or line.indent >= 2 > before.indent
        or (ends and before.width < FULL_LINE * layout.column)
        or (bool(ITEM.match(line.text)) and (ends or before.text.endswith(_BEFORE_ANITEM)))
        or (layout.column >= MIN_COLUMN and before.width < SHORT_LINE * layout.column)
    )


def words_of(raw: str) -> frozenset[str]:
    """The lower-cased Latin words of a text, hyphened ones whole."""
    return frozenset(re.findall(r"[a-z]+(?:-[a-z]+)*", raw.lower()))


def join_lines(lines: Sequence[str], words: frozenset[str]) -> str:
    """One paragraph of its lines. `words`: what `words_of` says of the whole text.

    Nothing is changed but the white space between two lines and the hyphens of broken words.
    """
    pieces = [lines[0]]
    for line in lines[1:]:
        before = pieces[-1]
        broken = _BROKEN_WORD.search(before[-80:])
        if before.endswith("\xad"):
            pieces[-1] = before[:-1]
        elif broken and "a" <= line[0] <= "z":
            following = re.match(r"[a-z]+", line)
            if following and not _keeps_hyphen(broken[1], following[0], words):
                pieces[-1] = before[:-1]
        else:
            pieces.append(_gap(before, line))
        pieces.append(line)
    return "".join(pieces).replace("\xad", "")


def _keeps_hyphen(prefix: str, rest: str, words: frozenset[str]) -> bool:
    start = prefix.lower()
    if f"{start}-{rest}" in words:
        return True
    if start + rest in words:
        return False
    return (
        len(prefix) == 1
        or "-" in prefix
        or prefix[1:].isupper()
        or bool(_HYPHENATED.fullmatch(start))
    )


def _gap(before: str, line: str) -> str:
    """What stands between two joined lines: nothing beside a Chinese character, else a space."""
    left, right = before.rstrip(_QUOTES)[-1:], line.lstrip(_QUOTES)[:1]
    if _is_cjk(left) or _is_cjk(right):
        return ""
    return "" if re.search(r"\w[-–/]$|—$", before) else " "


def _is_cjk(char: str) -> bool:
    """Whether `char` is written without spaces around it. Korean has spaces, so it is not, and
    Greek and Cyrillic letters are as wide as Chinese ones only in Chinese fonts."""
    wide = unicodedata.east_asian_width(char) in "WF" if char.isalpha() else width(char) == 2
    return char != "" and wide and not "\uac00" <= char <= "\ud7a3"
