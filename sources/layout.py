"""Where the characters of a text stand on the pages of its file.

A layout is one string, so that it is cheap to keep beside the text: the boxes of the printed
lines, with the left edge of every character, as differences, compressed. Lengths are kept in
`GRID`ths of the page's width and height. Knows nothing of files and formats.
"""

from __future__ import annotations

import base64
import zlib
from array import array
from bisect import bisect_right
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from itertools import accumulate, chain, pairwise

GRID = 4096
HEADER = 6  # numbers a line has before its edges: start, count, page, top, bottom, first edge


@dataclass(frozen=True, slots=True)
class Box:
    """A rectangle on a page. `page` counts from 1; the edges are fractions of the page's width
    and height, from its upper left corner."""

    page: int
    left: float
    top: float
    right: float
    bottom: float


@dataclass(frozen=True, slots=True)
class PlacedLine:
    """A printed line that stands at `text[start : start + len(edges) - 1]`.

    `edges` are the left edges of its characters and the right edge of the last one.
    """

    start: int
    page: int
    top: float
    bottom: float
    edges: tuple[float, ...]


def pack(lines: Iterable[PlacedLine]) -> str:
    """The layout of these lines, which are in the order of their starts."""
    numbers = array("i")
    before = 0
    for line in lines:
        edges = [_grid(edge) for edge in line.edges]
        head = (line.start - before, len(edges) - 1, line.page, _grid(line.top), _grid(line.bottom))
        steps = [right - left for left, right in pairwise(edges)]
        numbers.extend([*head, edges[0], *steps])
        before = line.start
    # Small numbers of either sign in few bytes: what compresses best is one byte a step.
    return base64.b85encode(zlib.compress(_bytes(numbers), 9)).decode("ascii")


def boxes(layout: str, start: int, end: int) -> tuple[Box, ...]:
    """The rectangles of `text[start:end]`, one for each printed line it touches, in order."""
    lines = _unpack(layout)
    first = max(bisect_right(lines, start, key=lambda line: line.start) - 1, 0)
    found = []
    for line in lines[first:]:
        if line.start >= end:
            break
        left, right = max(start - line.start, 0), min(end - line.start, len(line.edges) - 1)
        if left < right:
            edges = line.edges[left : right + 1]
            found.append(Box(line.page, min(edges), line.top, max(edges), line.bottom))
    return tuple(found)


def page_of(layout: str, offset: int) -> int | None:
    """The page of the last printed line that starts at or before `offset`; None before all."""
    lines = _unpack(layout)
    at = bisect_right(lines, offset, key=lambda line: line.start) - 1
    return lines[at].page if at >= 0 else None


@lru_cache(maxsize=64)
def _unpack(layout: str) -> tuple[PlacedLine, ...]:
    if not layout:
        return ()
    numbers = _numbers(zlib.decompress(base64.b85decode(layout)))
    lines, at, start = [], 0, 0
    while at < len(numbers):
        step, count, page, top, bottom, edge = numbers[at : at + HEADER]
        start += step
        steps = numbers[at + HEADER : at + HEADER + count]
        edges = tuple(each / GRID for each in accumulate(chain((edge,), steps)))
        lines.append(PlacedLine(start, page, top / GRID, bottom / GRID, edges))
        at += HEADER + count
    return tuple(lines)


def _grid(fraction: float) -> int:
    return round(min(max(fraction, 0.0), 1.0) * GRID)


def _bytes(numbers: Iterable[int]) -> bytes:
    """Each number as one byte if it is within -63..63, else as a mark and four bytes."""
    out = bytearray()
    for number in numbers:
        if -64 < number < 64:
            out.append(number + 64)
        else:
            out.append(255)
            out += number.to_bytes(4, "little", signed=True)
    return bytes(out)


def _numbers(packed: bytes) -> list[int]:
    numbers, at = [], 0
    while at < len(packed):
        if packed[at] < 255:
            numbers.append(packed[at] - 64)
            at += 1
        else:
            numbers.append(int.from_bytes(packed[at + 1 : at + 5], "little", signed=True))
            at += 5
    return numbers
