"""One spelling for all rules: simplified characters. Readers see what a paper prints."""

from __future__ import annotations

from dataclasses import replace
from functools import cache, lru_cache

import opencc

from index.chunking import Chunk
from index.lexical import simplified
from sources import Document

KEPT_CHUNKS = 256


def as_in(question: str, text: str) -> str:
    """The text in traditional characters (of Taiwan), if the question is in such."""
    return _traditional().convert(text) if simplified(question) != question else text


@cache
def _traditional() -> opencc.OpenCC:
    return opencc.OpenCC("s2tw")


def spelt_document(document: Document) -> Document:
    """The paper in simplified characters at the same offsets; itself, if it is in such."""
    text = _in_place(document.text)
    if text == document.text:
        return document
    sections = (
        replace(each, title=_in_place(each.title), path=tuple(map(_in_place, each.path)))
        for each in document.sections
    )
    return replace(document, text=text, sections=tuple(sections))


@lru_cache(maxsize=KEPT_CHUNKS)
def spelt_chunk(chunk: Chunk) -> Chunk:
    """The chunk in simplified characters at the same offsets; itself, if it is in such."""
    text, section = _in_place(chunk.text), tuple(map(_in_place, chunk.section))
    same = (text, section) == (chunk.text, chunk.section)
    return chunk if same else replace(chunk, text=text, section=section)


def _in_place(text: str) -> str:
    """Simplified characters, as many as before."""
    folded = simplified(text)
    if len(folded) == len(text):
        return folded
    each = (simplified(character) for character in text)
    return "".join(new if len(new) == 1 else old for new, old in zip(each, text, strict=True))
