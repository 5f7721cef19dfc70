"""The characters of a page become its printed lines, in the order in which they are read.

Lengths are points, measured from the upper left corner of the page as it is shown. Knows
geometry; which lines are headings, footnotes or running heads is told elsewhere.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

EM_GAP = 1.0  # of the size: characters further apart than this are in different runs
WORD_GAP = 0.18  # of the size: Latin runs further apart than this are different words
CELL_GAP = 1.2  # of the size: parts of a line further apart than this may be cells of a table
WIDE_RUN = 0.55  # of a column: a run this wide is a line of running text, not a cell
CJK_GAP = 0.45  # of the size: Chinese characters further apart than this have a space between
MIN_PAIRED = 5  # lines that stand side by side before a page is taken to have two columns
RAISED = 0.85  # of the size of its line: a smaller digit above the base line is a superscript
ASCENT, DESCENT = 0.82, 0.24  # of the size: how far a line reaches above and below its base

_CJK = re.compile("[\u2e80-\u30ff\u3400-\u9fff\uf900-\ufaff\uff00-\uffef]")
_CLOSING = frozenset(".,;:!?)]}，。；：！？）】")
_SUPERSCRIPTS = str.maketrans("0123456789+-−", "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻⁻")
_FIGURES = str.maketrans("⁰¹²³⁴⁵⁶⁷⁸⁹", "0123456789")
_BRACKETED = re.compile(r"[\[［][^\]］]{1,20}[\]］]")  # a raised reference mark is told by these


class Glyph(NamedTuple):
    """A printed character. `base` is the height of its base line, `space` whether a space goes
    before it in the file."""

    char: str
    left: float
    right: float
    base: float
    size: float
    font: str
    space: bool


@dataclass(slots=True)
class Line:
    """A printed line. `edges[i]` is the left and right edge of `text[i]`, `column` the left and
    right edge of the column it stands in. `cells` counts its parts that stand well apart."""

    page: int
    text: str
    edges: list[tuple[float, float]]
    top: float
    bottom: float
    base: float
    size: float
    font: str
    cells: int = 1
    column: tuple[float, float] = (0.0, 0.0)
    order: int = 0  # which column of the page, in reading order

    @property
    def left(self) -> float:
        """The left edge of the first character."""
        return self.edges[0][0]

    @property
    def right(self) -> float:
        """The right edge of the last character."""
        return self.edges[-1][1]


@dataclass(slots=True)
class _Run:
    """Characters in a row without a wide gap."""

    glyphs: list[Glyph]
    left: float = field(init=False)
    right: float = field(init=False)
    base: float = field(init=False)
    size: float = field(init=False)

    def __post_init__(self) -> None:
        self.left = min(glyph.left for glyph in self.glyphs)
        self.right = max(glyph.right for glyph in self.glyphs)
        self.size = Counter(glyph.size for glyph in self.glyphs).most_common(1)[0][0]
        bases = [glyph.base for glyph in self.glyphs if glyph.size == self.size]
        self.base = sorted(bases)[len(bases) // 2]

    @property
    def top(self) -> float:
        return self.base - ASCENT * self.size

    @property
    def bottom(self) -> float:
        return self.base + DESCENT * self.size


def page_lines(page: int, glyphs: Sequence[Glyph]) -> list[Line]:
    """The lines of a page in reading order: full width, then left column, then right column."""
    lines: list[Line] = []
    for order, column in enumerate(_columns(list(_runs(glyphs)), 2)):
        rows = [_line(page, row) for row in _rows(column)]
        if not rows:
            continue
        left, right = _extent(rows)
        for line in rows:
            line.column, line.order = (left, right), order
        lines.extend(rows)
    return lines


def _runs(glyphs: Sequence[Glyph]) -> Iterator[_Run]:
    run: list[Glyph] = []
    for glyph in glyphs:
        if run:
            before = run[-1]
            size = max(before.size, glyph.size)
            gap = glyph.left - before.right
            same_base = abs(glyph.base - before.base) < 0.5 * size
            if not (same_base and -0.6 * size < gap < EM_GAP * size):
                yield _Run(run)
                run = []
        run.append(glyph)
    if run:
        yield _Run(run)


def _columns(runs: list[_Run], depth: int) -> list[list[_Run]]:
    """The runs by column, in reading order. A run across the gutter ends the columns above it."""
    gutter = _gutter(runs) if depth else None
    if gutter is None:
        return [runs]
    across = {id(run) for run in runs if run.left < gutter - 3 and run.right > gutter + 3}
    across |= {id(run) for row in _table_rows(runs, gutter) for run in row}
    columns: list[list[_Run]] = []
    sides: tuple[list[_Run], list[_Run]] = ([], [])
    full: list[_Run] = []

    def flush_sides() -> None:
        for side in sides:
            if side:
                columns.extend(_columns(list(side), depth - 1))
                side.clear()

    for run in sorted(runs, key=lambda run: (run.base, run.left)):
        if id(run) in across:
            flush_sides()
            full.append(run)
            continue
        if full and _belongs(run, full[-3:], runs, gutter):
            full.append(run)
            continue
        if full:
            columns.append(list(full))
            full.clear()
        sides[(run.left + run.right) / 2 > gutter].append(run)
    if full:
        columns.append(full)
    flush_sides()
    return columns


def _belongs(run: _Run, full: Sequence[_Run], runs: Sequence[_Run], gutter: float) -> bool:
    """Whether a run on one side goes on with the runs across the gutter that stand above it.

    The number of a formula does, and the short last line of a paragraph of full width.
    """
    if any(abs(run.base - other.base) < 0.3 * run.size for other in full):
        return True
    near = 0 < run.base - full[-1].base < 1.8 * run.size and abs(run.size - full[-1].size) < 0.3
    left = run.right < gutter
    return near and not any(
        other is not run
        and (other.left > gutter) == left
        and abs(other.base - run.base) < 0.8 * run.size
        for other in runs
    )


def _gutter(runs: Sequence[_Run]) -> float | None:
    """The x between two columns of running text, None where there is but one column."""
    wide = [run for run in runs if len(run.glyphs) >= 8]
    if len(wide) < 2 * MIN_PAIRED:
        return None
    start, end = min(run.left for run in wide), max(run.right for run in wide)
    best: tuple[float, float] | None = None
    for step in range(30, 71):
        x = start + (end - start) * step / 100
        left = [run for run in wide if run.right <= x + 1]
        right = [run for run in wide if run.left >= x - 1]
        sides = ((left, x - start), (right, end - x))
        if any(
            sum(run.right - run.left > WIDE_RUN * width for run in side) < MIN_PAIRED
            for side, width in sides
        ):
            continue
        # A gutter has text on both sides: most of either is read beside the other.
        crossing = len(wide) - len(left) - len(right)
        middle = min(run.left for run in right) - max(run.right for run in left)
        score = len(left) + len(right) - crossing + min(abs(middle), 20) / 100
        if best is None or score > best[0]:
            best = (score, x)
    if best is None or not _beside(wide, best[1]):
        return None
    return best[1]


def _beside(runs: Sequence[_Run], x: float) -> bool:
    """Whether enough wide runs left of x have wide runs right of it at the same height."""
    left = [run for run in runs if run.right <= x + 1]
    right = [run for run in runs if run.left >= x - 1]
    if not left or not right:
        return False
    tops, bottoms = min(run.top for run in right), max(run.bottom for run in right)
    paired = sum(tops < run.base < bottoms for run in left)
    # Lines of the two sides that lie across each other's column make it one column.
    crossing = [run for run in runs if run.left < x - 3 and run.right > x + 3]
    inside = sum(
        tops < run.base < bottoms and min(each.top for each in left) < run.base for run in crossing
    )
    return paired >= MIN_PAIRED and inside < 0.6 * (len(left) + len(right))


def _table_rows(runs: Sequence[_Run], gutter: float) -> list[list[_Run]]:
    """The rows of tables that lie across the gutter: many narrow cells on one base line."""
    start, end = min(run.left for run in runs), max(run.right for run in runs)
    found = []
    for row in _rows(runs):
        left = [run for run in row if run.right <= gutter]
        right = [run for run in row if run.left >= gutter]
        narrow = all(run.right - run.left < WIDE_RUN * (end - start) / 2 for run in row)
        if narrow and len(left) >= 2 and len(right) >= 2 and len(row) >= 5:
            found.append(row)
    return found if len(found) >= 3 else []


def _rows(runs: Sequence[_Run]) -> list[list[_Run]]:
    """The runs of a column by line, from the top, each from the left."""
    rows: list[list[_Run]] = []
    for run in sorted(runs, key=lambda run: (run.base, run.left)):
        for row in rows[-3:]:
            anchor = max(row, key=lambda each: (each.size, each.right - each.left))
            large = max(run.size, anchor.size)
            overlap = min(run.bottom, anchor.bottom) - max(run.top, anchor.top)
            apart = abs(run.base - anchor.base)
            # A raised figure or an index joins the line; a line of its own size stands apart.
            near = 0.7 if min(run.size, anchor.size) < RAISED * large else 0.4
            if overlap > 0.4 * min(run.size, anchor.size) and apart < near * large:
                row.append(run)
                break
        else:
            rows.append([run])
    for row in rows:
        row.sort(key=lambda run: run.left)
    return rows


def _line(page: int, row: Sequence[_Run]) -> Line:
    glyphs = [glyph for run in row for glyph in run.glyphs]
    size = Counter(glyph.size for glyph in glyphs).most_common(1)[0][0]
    bases = sorted(glyph.base for glyph in glyphs if glyph.size == size)
    base = bases[len(bases) // 2]
    text: list[str] = []
    edges: list[tuple[float, float]] = []
    cells, before = 1, None
    starts = {id(run.glyphs[0]) for run in row}
    for glyph in glyphs:
        if before is not None and (mark := _between(before, glyph, id(glyph) in starts)):
            cells += mark == "\t"
            text.append(mark)
            edges.append((before.right, max(glyph.left, before.right)))
        raised = glyph.size < RAISED * size and glyph.base < base - 0.15 * size
        text.append(glyph.char.translate(_SUPERSCRIPTS) if raised else glyph.char)
        edges.append((glyph.left, glyph.right))
        before = glyph
    cjk = [glyph for glyph in glyphs if _CJK.match(glyph.char)]
    font, times = Counter(glyph.font for glyph in cjk or glyphs).most_common(1)[0]
    if times < 0.85 * len(cjk or glyphs):
        font = (cjk or glyphs)[-1].font  # words that run in are set otherwise than what they open
    top, bottom = base - ASCENT * size, base + DESCENT * size
    shown = _BRACKETED.sub(lambda found: found[0].translate(_FIGURES), "".join(text))
    return Line(page, shown, edges, top, bottom, base, size, font, cells)


def _between(before: Glyph, glyph: Glyph, new_run: bool) -> str:
    """What goes between two characters of a line: a tab between cells, a space, or nothing.

    Justified Chinese is set wide, and readers of PDFs see spaces in it that nobody typed.
    """
    gap = glyph.left - before.right
    size = min(glyph.size, before.size)
    if new_run and gap > CELL_GAP * size:
        return "\t"
    if glyph.char in _CLOSING and gap < WORD_GAP * before.size:
        return ""  # readers of PDFs see a space behind a raised figure
    wide = sum(bool(_CJK.match(each.char)) for each in (before, glyph))
    if wide == 2:
        return " " if gap > CJK_GAP * size else ""
    if wide:
        return " " if gap > (WORD_GAP if glyph.space else CJK_GAP) * size else ""
    return " " if glyph.space or (new_run and gap > WORD_GAP * size) else ""


def _extent(rows: Sequence[Line]) -> tuple[float, float]:
    """The left and right edge of a column, without the few lines that stick out of it."""
    lefts = sorted(line.left for line in rows)
    rights = sorted(line.right for line in rows)
    return lefts[len(lefts) // 20], rights[-1 - len(rights) // 20]
