"""A document becomes chunks: whole sentences, never across a section.

`document.text[chunk.start:chunk.end] == chunk.text`, always.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Chunk:
    """A run of whole sentences of one section.

    `chunk_id` is made of the document's id, the offsets and a hash of the text, so that building
    twice gives the same ids. `pages` are the pages (from 1) that it touches, empty without pages.
    `section` is the heading path from the outermost heading in, empty before the first heading.
    """

    chunk_id: str
    doc_id: str
    text: str
    start: int
    end: int
    pages: tuple[int, ...]
    section: tuple[str, ...]
