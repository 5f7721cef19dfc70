"""A paper as one text: every other part of askpaper points into it by character offset.

This module knows nothing of files, chunks or questions.
"""

from __future__ import annotations

from bisect import bisect_right
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Section:
    """A heading and the text below it, up to the next heading of any level.

    `start` is the offset of the heading's first character, `end` the offset just past the
    section's own text; sections tile the document in reading order. `path` holds the headings
    from the outermost one to this one, as they stand in the text ("3.2. 主要成员方…").
    `number` is the printed number without the last dot ("3.2"), empty for an abstract.
    """

    number: str
    title: str
    level: int
    start: int
    end: int
    path: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Document:
    """One paper. `text` is what citations quote: `text[start:end]`, to the letter.

    `title`, `authors`, `year` and `url` stay empty where the paper does not say them; `label`
    names it on screen. `page_starts` holds the offset at which each page begins, empty when the
    source has no pages. `language` is "zh" or "en", the language most of the text is in.
    """

    doc_id: str
    text: str
    label: str
    title: str = ""
    authors: tuple[str, ...] = ()
    year: int | None = None
    url: str = ""
    page_starts: tuple[int, ...] = ()
    sections: tuple[Section, ...] = ()
    language: str = "en"

    @property
    def name(self) -> str:
        """The title, or the label of a paper that does not say its title."""
        return self.title or self.label

    def section_at(self, offset: int) -> Section | None:
        """The section that holds the character at `offset`; None before the first one."""
        at = bisect_right([section.start for section in self.sections], offset) - 1
        return self.sections[at] if at >= 0 else None

    def page_at(self, offset: int) -> int | None:
        """The page, counted from 1, that holds the character at `offset`; None without pages."""
        return bisect_right(self.page_starts, offset) or None
