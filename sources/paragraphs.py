"""Blocks of printed lines become text: what they say, its sections, and where each line stands.

Knows nothing of files.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import replace

from sources.blocks import (
    CJK,
    LETTER,
    RUN_IN,
    SHORT,
    SIZE_STEP,
    Block,
    Style,
    blocks_of,
    made_whole,
)
from sources.cleaning import ENDS_SENTENCE, join_lines, sections_of, words_of
from sources.columns import Line
from sources.documents import Section
from sources.furniture import is_caption
from sources.headings import NAME_RANK, Heading, find_headings, heading_of, width
from sources.layout import PlacedLine

MAX_HEADING_LINES = 3
MAX_UNNUMBERED = 60  # columns of a heading that only its type tells
CELL = " | "  # between the cells of a table's row


def compose(
    body: Sequence[Line], notes: Sequence[Line], style: Style
) -> tuple[str, tuple[Section, ...], list[PlacedLine]]:
    """The text of the lines, its sections, and its printed lines in points of their pages."""
    body = [part for line in body for part in _split_run_in(line)]
    blocks = _with_notes(
        made_whole(list(blocks_of(body, style)), style), list(blocks_of(notes, style))
    )
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
    found = RUN_IN.match(line.text)
    if not found or found.end() == len(line.text):
        return [line]
    cut = found.end()
    head = replace(line, text=line.text[:cut], edges=line.edges[:cut], cells=1)
    return [head, replace(line, text=line.text[cut:], edges=line.edges[cut:])]


def _cells(text: str, row: bool) -> str:
    return " ".join(text.replace("\t", CELL if row else " ").split())


def _with_notes(blocks: list[Block], notes: list[Block]) -> list[Block]:
    """Footnotes go behind the last block that begins on their page or before it."""
    done: list[Block] = []
    for note in notes:
        note.note = True
    waiting = list(notes)
    for block in blocks:
        while waiting and waiting[0].lines[0].page < block.lines[0].page:
            done.append(waiting.pop(0))
        done.append(block)
    return done + waiting


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
    spaced = len(words) > 1 and all(len(word) == 1 and CJK.match(word) for word in words)
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
    letters = len(LETTER.findall(text))
    return (
        text[0] not in "(（"
        and not text[0].isdigit()
        and letters >= 2
        and letters > 0.6 * len(text.replace(" ", ""))
    )


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
    lefts = {at: left for at, left, _ in spots}
    rights = {at + 1: right for at, _, right in spots}
    edges: list[float] = []
    for at in range(first, last + 1):
        # White space begins where the character before it ends.
        edges.append(lefts.get(at, rights.get(at, edges[-1] if edges else 0.0)))
    edges.append(spots[-1][2])
    return PlacedLine(offset + first, line.page, line.top, line.bottom, tuple(edges))
