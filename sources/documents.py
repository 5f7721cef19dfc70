"""A paper as one text: every other part of askpaper points into it by character offset.

This module knows nothing of files, chunks or questions.
"""

from __future__ import annotations

from bisect import bisect_right
from dataclasses import asdict, dataclass
from typing import Any

from sources.layout import Box, boxes, page_of


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
    source has no pages. `language` is "zh" or "en", the language most of the text is in. `layout`
    says where the text stands on the pages (see `sources.layout`), empty when that is not known.
    `source` is the path or the URL that the paper was read from.
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
    layout: str = ""
    source: str = ""

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
        if self.layout:
            return page_of(self.layout, offset) or 1
        return bisect_right(self.page_starts, offset) or None

    def boxes(self, start: int, end: int) -> tuple[Box, ...]:
        """The rectangles on the pages that hold `text[start:end]`, one for each printed line.

        Empty where the file has no pages or the place of its text is not known.
        """
        return boxes(self.layout, start, end) if self.layout else ()

    def to_dict(self) -> dict[str, Any]:
        """The paper as plain lists and dicts, ready for JSON."""
        return asdict(self)

    @classmethod
    def from_dict(cls, fields: dict[str, Any]) -> Document:
        """The paper that `to_dict` gave, also when it has been through JSON."""
        sections = tuple(Section(**s | {"path": tuple(s["path"])}) for s in fields["sections"])
        lists = {name: tuple(fields[name]) for name in ("authors", "page_starts")}
        return cls(**fields | lists | {"sections": sections})
