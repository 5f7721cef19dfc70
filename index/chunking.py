"""A document becomes chunks: whole sentences, never across a section.

`document.text[chunk.start:chunk.end] == chunk.text`, always. A heading is in the chunk's
`section`, not in its text. Knows nothing of words, vectors or questions.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterator
from dataclasses import dataclass
from hashlib import sha256

from sources import Document, split_sentences

# Raise it whenever other chunks, or other words of them, come out; indexes are then rebuilt.
CHUNKING_VERSION = 3
MAX_CHUNK = 400.0  # Chinese characters, unless a single sentence is longer
LATIN_WEIGHT = 1 / 3  # a Latin letter says about a third of what a Chinese character says
PARAGRAPH_BONUS = 60.0  # how far from the best size a break may be to fall between paragraphs

_CJK = re.compile("[\u2e80-\u9fff\uf900-\ufaff\uff00-\uffef]")

Span = tuple[int, int]


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


def chunk(document: Document) -> list[Chunk]:
    """The chunks of `document` in reading order; every sentence of its body is in exactly one.

    A chunk weighs at most `MAX_CHUNK`, and the chunks of a section are of about the same size.
    A heading with nothing below it gives no chunk.
    """
    first = document.sections[0].start if document.sections else len(document.text)
    bodies: list[tuple[int, int, tuple[str, ...]]] = [(0, first, ())]
    for section in document.sections:
        bodies.append((section.start + len(section.path[-1]), section.end, section.path))
    return [
        _chunk(document, start, end, path)
        for body_start, body_end, path in bodies
        for start, end in _pack(document.text, split_sentences(document.text, body_start, body_end))
    ]


def chunk_id(doc_id: str, start: int, end: int, text: bytes) -> str:
    """The id of the chunk with that text, in UTF-8."""
    return f"{doc_id}:{start}-{end}:{sha256(text).hexdigest()[:8]}"


def _chunk(document: Document, start: int, end: int, path: tuple[str, ...]) -> Chunk:
    text = document.text[start:end]
    first, last = document.page_at(start), document.page_at(end - 1)
    return Chunk(
        chunk_id=chunk_id(document.doc_id, start, end, text.encode(errors="surrogatepass")),
        doc_id=document.doc_id,
        text=text,
        start=start,
        end=end,
        pages=tuple(range(first or last, last + 1)) if last else (),
        section=path,
    )


def _pack(text: str, sentences: list[Span]) -> Iterator[Span]:
    """Runs of sentences as spans, each as near as it gets to an even share of what is left."""
    weights = [_weight(text[start:end]) for start, end in sentences]
    left = sum(weights)
    first = 0
    while first < len(sentences):
        share = left / max(math.ceil(left / MAX_CHUNK), 1)
        best, least, weight, taken = first, math.inf, 0.0, 0.0
        for at in range(first, len(sentences)):
            weight += weights[at]
            if weight > MAX_CHUNK and at > first:
                break
            cost = abs(weight - share)
            if at + 1 == len(sentences) or "\n" in text[sentences[at][1] : sentences[at + 1][0]]:
                cost -= PARAGRAPH_BONUS
            if cost < least:
                best, least, taken = at, cost, weight
        yield sentences[first][0], sentences[best][1]
        left -= taken
        first = best + 1


def _weight(text: str) -> float:
    wide = len(_CJK.findall(text))
    return wide + (len(text) - wide) * LATIN_WEIGHT
