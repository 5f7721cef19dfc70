"""Printed lines become text: paragraphs, headings, rows of tables, and where each stands.

Lines come in reading order, without running heads. A paragraph that a figure, a footnote or the
end of a page interrupts is made whole again. Knows nothing of files.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace

from sources.cleaning import ENDS_SENTENCE, ITEM, join_lines, sections_of, words_of
from sources.columns import Line
from sources.documents import Section
from sources.furniture import is_caption
from sources.headings import NAME_RANK, Heading, find_headings, heading_of, width
from sources.layout import PlacedLine

SIZE_STEP = 0.06  # of the size: lines that differ by more are of different blocks
GAP = 1.35  # of the usual leading: lines further apart are of different blocks
INDENT = 0.8  # of the size: a line set in by more begins a paragraph
SHORT = 2.0  # of the size: a line that ends further from the edge than this ends early
MAX_HEADING_LINES = 3
MAX_UNNUMBERED = 60  # columns of a heading that only its type tells
CELL = " | "  # between the cells of a table's row

_CJK = re.compile("[\u3400-\u9fff]")
_RUN_IN = re.compile(
    r"(?:[\[【]\s*)?(?:摘\s*要|关\s*键\s*[词字]|abstract|key\s?words)(?:\s*[\]】]\s*[:：]?|\s*[:：—.]+)\s*",
    re.IGNORECASE,
)
_MARK = re.compile("[¹²³⁰⁴-⁹*∗†‡§①-⑳]")
_LETTER = re.compile(r"[^\W\d_]")
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
        other = line.font not in self.fonts and (_is_bold(line) or bool(_CJK.search(line.text)))
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
    sizes: Counter[float] = Counter()
    for line in lines:
        sizes[line.size] += len(line.text) * line.size**2  # what covers most of the paper
    size = sizes.most_common(1)[0][0] if sizes else 10.0
    body = [line for line in lines if abs(line.size - size) <= SIZE_STEP * size]
    steps = Counter(
        round(b.base - a.base, 0)
        for a, b in zip(body, body[1:], strict=False)
        if (a.page, a.order) == (b.page, b.order) and 0.9 * size < b.base - a.base < 3 * size
    )
    fonts: Counter[str] = Counter()
    for line in body:
        fonts[line.font] += len(line.text)
    many = frozenset(font for font, count in fonts.items() if count > 0.1 * sum(fonts.values()))
    return Style(size, steps.most_common(1)[0][0] if steps else 1.2 * size, many)


def compose(
    body: Sequence[Line], notes: Sequence[Line], style: Style
) -> tuple[str, tuple[Section, ...], list[PlacedLine]]:
    """The text of the lines, its sections, and its printed lines in points of their pages."""
    body = [part for line in body for part in _split_run_in(line)]
    blocks = _with_notes(_whole(list(_blocks(body, style)), style), list(_blocks(notes, style)))
    words = words_of("\n".join(line.text for line in (*body, *notes)))
    for block in blocks:
        parts = [_cells(line.text, block.row) for line in block.lines]
        block.text = join_lines(parts, words)
    headings = _headings(blocks, style)
    text: list[str] = []
    opened: list[tuple[int, Heading]] = []
    placed: list[PlacedLine] = []
    offset = 0
    for at, block in enumerate(blocks):
        heading = headings.get(at)
        if heading:
            opened.append((offset, heading))
        shown = heading.text if heading else block.text
        placed.extend(_place(block, shown, offset))
        text.append(shown)
        offset += len(shown) + 1
    whole = "\n".join(text)
    return whole, sections_of(opened, len(whole)), placed


def _split_run_in(line: Line) -> list[Line]:
    """A line that begins with "摘要：" or the like, as two: the heading and the rest."""
    found = _RUN_IN.match(line.text)
    if not found or found.end() == len(line.text):
        return [line]
    cut = found.end()
    head = replace(line, text=line.text[:cut], edges=line.edges[:cut], cells=1)
    return [head, replace(line, text=line.text[cut:], edges=line.edges[cut:])]


def _cells(text: str, row: bool) -> str:
    return " ".join(text.replace("\t", CELL if row else " ").split())


def _blocks(lines: Sequence[Line], style: Style) -> Iterator[Block]:
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
    if _RUN_IN.fullmatch(line.text) or _RUN_IN.fullmatch(before.text):
        return True
    if (line.page, line.order) != (before.page, before.order):
        return True
    size = line.size
    apart = line.base - before.base
    ratio = max(size, before.size) / style.size
    if abs(size - before.size) > SIZE_STEP * before.size or is_caption(line.text):
        return True
    if apart < 0 or apart > GAP * _leading(block, style) * max(ratio, 1.0):
        return True
    if _is_bold(line) != _is_bold(before):
        return True
    left, right = line.column
    ends = bool(ENDS_SENTENCE.search(before.text))
    early = before.right < right - SHORT * size
    if _MARK.match(line.text) and size < (1 - SIZE_STEP) * style.size:
        return True
    if (ends and early) or (ITEM.match(line.text) and (ends or early)):
        return True
    centred = all(_is_centred(each) for each in (before, line))
    if before.right < left + 0.6 * (right - left) and not centred:
        return True
    if early and before.font not in style.fonts and line.font != before.font:
        return True
    # A numbered heading in the type of the body, and a paragraph set in as far.
    if len(block) == 1 and heading_of(before.text) and abs(line.left - before.left) < 0.5 * size:
        return before.right < right - 0.5 * size
    # Set in further than the line before: a paragraph begins, unless the rest hangs.
    step = line.left - before.left
    if size > (1 + SIZE_STEP) * style.size:
        return False  # the lines of a title or a large heading
    if step > INDENT * size and not centred and len(block) > 1:
        return True
    hangs = len(block) > 1 and block[1].left > block[0].left + INDENT * size
    return hangs and step < -INDENT * size


def _is_centred(line: Line) -> bool:
    left, right = line.column
    before, behind = line.left - left, right - line.right
    return before > line.size and abs(before - behind) < line.size


def _leading(block: Sequence[Line], style: Style) -> float:
    """The distance of the block's lines, or the usual one in proportion to their size."""
    usual = style.leading * block[-1].size / style.size
    steps = sorted(b.base - a.base for a, b in zip(block, block[1:], strict=False))
    return steps[len(steps) // 2] if steps else usual


def _is_bold(line: Line) -> bool:
    return bool(_BOLD.search(line.font))


def _whole(blocks: list[Block], style: Style) -> list[Block]:
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
    last = block.lines[-1]
    if block.row or is_caption(block.lines[0].text) or ENDS_SENTENCE.search(last.text):
        return None
    if style.stands_out(block):
        return None
    if last.right < last.column[1] - SHORT * last.size or not _prose(block):
        return None
    for i in range(at + 1, min(at + 120, len(blocks))):
        if i in taken:
            continue
        other, first = blocks[i], blocks[i].lines[0]
        if first.page > last.page + 1:
            return None
        same = abs(first.size - last.size) < 0.35 and _is_bold(first) == _is_bold(last)
        fits = same and not other.row and not is_caption(first.text) and _prose(other)
        if fits:
            new = (first.page, first.order) != (last.page, last.order)
            indented = first.left > first.column[0] + INDENT * first.size
            item = ITEM.match(first.text) and not first.text[0].isdigit()
            return i if new and not indented and not item else None
        # Only what floats may stand between the two parts of a paragraph.
        if style.stands_out(other) and not is_caption(first.text):
            return None
    return None


def _prose(block: Block) -> bool:
    text = "".join(line.text for line in block.lines)
    wide = width(text)
    return wide > 12 and len(_LETTER.findall(text)) > 0.5 * len(text.replace(" ", ""))


def _with_notes(blocks: list[Block], notes: list[Block]) -> list[Block]:
    """Footnotes go behind the last block that begins on their page or before it."""
    done: list[Block] = []
    waiting = [replace_note(note) for note in notes]
    for block in blocks:
        while waiting and waiting[0].lines[0].page < block.lines[0].page:
            done.append(waiting.pop(0))
        done.append(block)
    return done + waiting


def replace_note(block: Block) -> Block:
    """The same block, marked as a footnote."""
    block.note = True
    return block


def _headings(blocks: Sequence[Block], style: Style) -> dict[int, Heading]:
    """The headings among the blocks: those with numbers or known names, and those set large."""
    places = [_may_be_heading(block, style) for block in blocks]
    texts = [block.text if may else "-" for block, may in zip(blocks, places, strict=True)]
    found = find_headings(texts, places)
    ranks = Counter(
        (blocks[at].lines[0].size, heading.rank)
        for at, heading in found.items()
        if heading.rank != NAME_RANK
    )
    by_size = {size: rank for (size, rank), _ in reversed(ranks.most_common())}
    first = min(found, default=0)
    for at, block in enumerate(blocks):
        line = block.lines[0]
        beside = at and blocks[at - 1].lines[-1].base == line.base  # what a run-in heading opens
        front = at < first and line.page == 1
        if at in found or front or beside or not places[at] or not style.stands_out(block):
            continue
        if width(block.text) > MAX_UNNUMBERED or ENDS_SENTENCE.search(block.text):
            continue
        if is_caption(block.text) or not _is_title_like(block.text):
            continue
        rank = by_size.get(
            line.size, max(by_size.values(), default=1) + (line.size < 1.1 * style.size)
        )
        found[at] = Heading(block.text, "", block.text, rank)
    return {at: _closed_up(found[at]) for at in sorted(found)}


def _closed_up(heading: Heading) -> Heading:
    words = heading.text.split()
    spaced = len(words) > 1 and all(len(word) == 1 and _CJK.match(word) for word in words)
    return replace(heading, text="".join(words) if spaced else " ".join(words))


def _may_be_heading(block: Block, style: Style) -> bool:
    if block.row or block.note or len(block.lines) > MAX_HEADING_LINES or block.text[:1] in "#`~":
        return False
    first = block.lines[0]
    named = heading_of(block.text)
    if style.stands_out(block) or (named and named.rank == NAME_RANK):
        return True
    # In the type of the body only a line by itself that ends early can be one.
    early = first.right < first.column[1] - 2 * SHORT * first.size
    return len(block.lines) == 1 and early and first.size > (1 - 2 * SIZE_STEP) * style.size


def _is_title_like(text: str) -> bool:
    letters = len(_LETTER.findall(text))
    return text[0] not in "(（" and not text[0].isdigit() and letters >= 2 and letters > 0.6 * len(text.replace(" ", ""))


def _place(block: Block, shown: str, offset: int) -> Iterator[PlacedLine]:
    """The printed lines of a block whose text stands at `offset`.

    The text holds the characters of the lines in their order; the hyphens of broken words and
    white space are what may be missing from it.
    """
    at = 0
    for line in block.lines:
        spots: list[tuple[int, float, float]] = []
        for char, (left, right) in zip(line.text, line.edges, strict=True):
            if char.isspace():
                continue
            ahead = at
            while ahead < len(shown) and (shown[ahead].isspace() or shown[ahead] == "|" != char):
                ahead += 1
            if ahead < len(shown) and shown[ahead] == char:
                spots.append((ahead, left, right))
                at = ahead + 1
        if spots:
            yield _placed(line, spots, offset)


def _placed(line: Line, spots: Sequence[tuple[int, float, float]], offset: int) -> PlacedLine:
    first, last = spots[0][0], spots[-1][0]
    lefts = dict((at, left) for at, left, _ in spots)
    edges: list[float] = []
    for at in range(first, last + 1):
        edges.append(lefts.get(at, edges[-1] if edges else 0.0))
    return PlacedLine(
        offset + first, line.page, line.top, line.bottom, (*edges, spots[-1][2])
    )
