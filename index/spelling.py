"""One spelling for all rules: simplified characters, and of a question no slang, apostrophes in
place.

What was typed and what a paper prints is what the reader sees; rules read it in this spelling.
"""

from __future__ import annotations

import re
from dataclasses import replace
from functools import cache, lru_cache

import opencc

from index.chunking import Chunk
from index.lexical import simplified
from sources import Document

KEPT_TEXTS = 32  # a conversation is spelt anew with each question
KEPT_CHUNKS = 256

_SPELT = [
    (re.compile(pattern, re.IGNORECASE), spelling)
    for pattern, spelling in (
        (r"干(?:嘛|吗|啥)(?=[的用了]|\W*$)", "干什么"),
        (r"干(?:嘛|吗|啥)", "为什么"),
        (r"多会儿|几时", "什么时候"),
        (r"啥子?", "什么"),
        (r"咋", "怎么"),
        (r"’", "'"),
        (r"\b(what|who|where|when|why|how|that|there|here)s\b", r"\1's"),
        (r"\b(do|does|did|is|are|was|were|has|have|had|could|would|should)nt\b", r"\1n't"),
        (r"\b(can|won)t\b", r"\1't"),
        (r"\bim\b", "I'm"),
        (r"\b(?:pls|plz)\b", "please"),
        (r"\bu\b(?!\.)", "you"),
        (r"\b(?:cuz|coz|b/c)(?!\w)", "because"),
        (r"\bw/o(?!\w)", "without"),
        (r"\bgov(?:'|ern)?t(s?)\b", r"government\1"),
        (r"\be[ ‑–]?commerce\b", "e-commerce"),
    )
]


@lru_cache(maxsize=KEPT_TEXTS)
def spelt(question: str) -> str:
    """The question in the spelling of papers; idempotent."""
    text = simplified(question)
    for pattern, spelling in _SPELT:
        text = pattern.sub(spelling, text)
    return text


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
