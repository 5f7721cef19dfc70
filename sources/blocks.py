"""Printed lines become blocks: paragraphs, headings, captions, single rows of tables.

Lines come in reading order, without running heads. A paragraph that a figure, a footnote or the
end of a page interrupts is made whole again. Knows how text is set, not what it says.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import pairwise

from sources.cleaning import ENDS_SENTENCE, ITEM
from sources.columns import Line
from sources.furniture import is_caption
from sources.headings import heading_of, width

SIZE_STEP = 0.06  # of the size: lines that differ by more are of different blocks
GAP = 1.35  # of the usual leading: lines further apart are of different blocks
INDENT = 0.8  # of the size: a line set in by more begins a paragraph
SHORT = 2.0  # of the size: a line that ends further from the edge than this ends early
FULL = 0.75  # of the column: a line this wide may go on in the next column, also where set ragged
NARROW = 0.6  # of the column: a line this narrow was ended on purpose
MAX_PAGES_APART = 2  # a page of tables may stand between two parts of a paragraph
MAX_FLOATS = 120  # blocks that may stand between two parts of a paragraph

LETTER = re.compile(r"[^\W\d_]")
CJK = re.compile("[\u3400-\u9fff]")
RUN_IN = re.compile(
    r"(?:[\[【]\s*)?(?:摘\s*要|关\s*键\s*[词字]|abstract|key\s?words)"
    r"(?:\s*[\]】]\s*[:：]?|\s*[:：—.]+)\s*",
    re.IGNORECASE,
)
_MARK = re.compile("[¹²³⁰⁴-⁹*∗†‡§①-⑳]")
_BOLD = re.compile(r"bold|black|heavy|medi$|cmbx|hei|黑|FZHT|FZXBS|FZDBS", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Style:
    """What the body of a paper is set in: size, leading, and the fonts of most of its lines."""

    size: float
    leading: float
    fonts: frozenset[str]

    def stands_out(self, block: Block) -> bool:
        """Whether a block is set larger than the body, or in bold where the body is not."""
        line = block.lines[0]
        if line.size > (1 + SIZE_STEP) * self.size:
            return True
        other = line.font not in self.fonts and (_is_bold(line) or bool(CJK.search(line.text)))
        return other and line.size > (1 - SIZE_STEP) * self.size


@dataclass(slots=True)
class Block:
    """Lines that belong together. `row`: it is a row of a table."""

    lines: list[Line]
    row: bool = False
    note: bool = False
    text: str = field(default="", init=False)


def body_style(lines: Sequence[Line]) -> Style:
    """The style that most of the text is set in."""
    sizes: dict[float, float] = {}
    for line in lines:
        area = len(line.text) * line.size**2
        sizes[line.size] = sizes.get(line.size, 0.0) + area
    size = max(sizes, key=sizes.__getitem__, default=10.0)
    body = [line for line in lines if abs(line.size - size) <= SIZE_STEP * size]
    steps = Counter(
        round(b.base - a.base, 0)
        for a, b in pairwise(body)
        if (a.page, a.order) == (b.page, b.order) and 0.9 * size < b.base - a.base < 3 * size
    )
    fonts: Counter[str] = Counter()
    for line in body:
        fonts[line.font] += len(line.text)
    many = frozenset(font for font, count in fonts.items() if count > 0.1 * sum(fonts.values()))
    return Style(size, steps.most_common(1)[0][0] if steps else 1.2 * size, many)


def blocks_of(lines: Sequence[Line], style: Style) -> Iterator[Block]:
    """Lines that stand together, and single rows of tables."""
    rows = {at for at in range(len(lines)) if _is_row(lines, at)}
    block: list[Line] = []
    for at, line in enumerate(lines):
        if block and (at in rows or at - 1 in rows or _breaks(lines, at, block, style)):
            yield Block(block, row=at - 1 in rows)
            block = []
        block.append(line)
    if block:
        yield Block(block, row=len(lines) - 1 in rows)


def _is_row(lines: Sequence[Line], at: int) -> bool:
    """Whether a line is a row of a table: it has cells, and so has the line above or below."""
    if lines[at].cells < 2:
        return False
    beside = [lines[i] for i in (at - 1, at + 1) if 0 <= i < len(lines)]
    near = [
        line
        for line in beside
        if (line.page, line.order) == (lines[at].page, lines[at].order)
        and abs(line.base - lines[at].base) < 3 * line.size
    ]
    return any(line.cells >= 2 and line.cells + lines[at].cells >= 5 for line in near)


def _breaks(lines: Sequence[Line], at: int, block: Sequence[Line], style: Style) -> bool:
    """Whether a block ends before lines[at]."""
    line, before = lines[at], lines[at - 1]
    return (
        (line.page, line.order) != (before.page, before.order)
        or _set_otherwise(line, before, block, style)
        or _opens(line, before, style)
        or _set_in(line, before, block, style)
    )


def _set_otherwise(line: Line, before: Line, block: Sequence[Line], style: Style) -> bool:
    """Whether a line differs in size or weight from the one before it, or stands apart."""
    apart = line.base - before.base
    leading = _leading(block, style) * max(line.size, before.size, style.size) / style.size
    return (
        abs(line.size - before.size) > SIZE_STEP * before.size
        or not 0 <= apart <= GAP * leading
        or _is_bold(line) != _is_bold(before)
    )


def _opens(line: Line, before: Line, style: Style) -> bool:
    """Whether a line begins something by what it says, or the one before it ended something."""
    left, right = line.column
    early = before.right < right - SHORT * line.size
    ends = bool(ENDS_SENTENCE.search(before.text))
    centred = all(_is_centred(each) for each in (before, line))
    return (
        is_caption(line.text)
        or any(RUN_IN.fullmatch(each.text) for each in (line, before))
        or (early and (ends or heading_of(line.text) is not None))
        or (bool(ITEM.match(line.text)) and (ends or early))
        or (bool(_MARK.match(line.text)) and line.size < (1 - SIZE_STEP) * style.size)
        or (before.right < left + NARROW * (right - left) and not centred)
        or (early and before.font not in style.fonts and line.font != before.font)
    )


def _set_in(line: Line, before: Line, block: Sequence[Line], style: Style) -> bool:
    """Whether a line begins a paragraph by how far it is set in."""
    step, size = line.left - before.left, line.size
    if len(block) == 1:
        # A numbered heading in the type of the body, and a paragraph set in as far.
        under = heading_of(before.text) is not None and abs(step) < 0.5 * size
        return under and before.right < line.column[1] - 0.5 * size
    indent = line.left - line.column[0] > INDENT * size
    if indent and before.right < line.column[1] - SHORT * size and heading_of(block[0].text):
        return True  # behind a heading of several lines
    if size > (1 + SIZE_STEP) * style.size:
        return False  # the lines of a title or of a large heading
    hangs = block[1].left > block[0].left + INDENT * size
    return step > INDENT * size or (hangs and step < -INDENT * size)


def _is_centred(line: Line) -> bool:
    left, right = line.column
    before, behind = line.left - left, right - line.right
    return before > line.size and abs(before - behind) < line.size


def _leading(block: Sequence[Line], style: Style) -> float:
    """The distance of the block's lines, or the usual one in proportion to their size."""
    usual = style.leading * block[-1].size / style.size
    steps = sorted(b.base - a.base for a, b in pairwise(block))
    return steps[len(steps) // 2] if steps else usual


def _is_bold(line: Line) -> bool:
    return bool(_BOLD.search(line.font))


def made_whole(blocks: list[Block], style: Style) -> list[Block]:
    """Paragraphs that go on behind a figure, in the next column or on the next page, joined."""
    done: list[Block] = []
    taken: set[int] = set()
    for at, block in enumerate(blocks):
        if at in taken:
            continue
        done.append(block)
        while (following := _continuation(blocks, at, block, taken, style)) is not None:
            block.lines.extend(blocks[following].lines)
            taken.add(following)
    return done


def _continuation(
    blocks: Sequence[Block], at: int, block: Block, taken: set[int], style: Style
) -> int | None:
    """The block that goes on with this one, which ends in the middle of a sentence."""
    if not _is_open(block, style):
        return None
    last = block.lines[-1]
    for i in range(at + 1, min(at + MAX_FLOATS, len(blocks))):
        other, first = blocks[i], blocks[i].lines[0]
        if i in taken or other.row or is_caption(first.text):
            continue
        if first.page > last.page + MAX_PAGES_APART or style.stands_out(other):
            break
        # What is set otherwise floats between the two parts.
        alike = abs(first.size - last.size) < 0.35 and _is_bold(first) == _is_bold(last)
        if alike and _lettered(other):
            return i if _goes_on(first, block) else None
    return None


def _is_open(block: Block, style: Style) -> bool:
    """Whether a block is a paragraph that ends with a full line in the middle of a sentence."""
    first, last = block.lines[0], block.lines[-1]
    left, right = last.column
    full = last.right >= left + FULL * (right - left)
    apart = block.row or is_caption(first.text) or style.stands_out(block)
    return full and not apart and _prose(block) and not ENDS_SENTENCE.search(last.text)


def _goes_on(first: Line, block: Block) -> bool:
    """Whether a line that begins a column or a page can go on with the block's sentence."""
    last = block.lines[-1]
    new = (first.page, first.order) != (last.page, last.order)
    # What goes on is set in no further than the line before, which in a list is set in as well.
    usual = last.left - last.column[0] if len(block.lines) > 1 else 0.0
    indented = first.left - first.column[0] > usual + INDENT * first.size
    item = ITEM.match(first.text) and not first.text[0].isdigit()
    return new and not indented and not item


def _prose(block: Block) -> bool:
    return sum(width(line.text) for line in block.lines) > 12 and _lettered(block)


def _lettered(block: Block) -> bool:
    text = "".join(line.text for line in block.lines)
    return len(LETTER.findall(text)) > 0.5 * len(text.replace(" ", ""))
