"""Questions that name a place of the paper, or the whole of it: answered by its structure.

"第3.2节讲了什么", "summarise section 4", "what is this paper about": no similarity finds these.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from app.extract import Extract
from app.features import Sentence
from index.chunking import Chunk
from sources import Document, Section, language_of, split_sentences

MAX_QUOTED = 4
OF_A_SECTION = 3
NUMERALS = "一二三四五六七八九"

_NUMBERED = re.compile(
    r"第\s*([\d.]+|[一二三四五六七八九])\s*(?:小?节|章|部分|段)|(?<![\d.])(\d+(?:\.\d+)+)(?![\d%.])\s*(?:小?节|部分)?|"
    r"\b(?:section|chapter|part|sec\.)\s*(\d+(?:\.\d+)*)",
    re.IGNORECASE,
)
_NAMED = {
    "abstract": r"摘要|\babstract\b",
    "introduction": r"引言|前言|导论|绪论|\bintroduction\b",
    "conclusion": r"结论|结语|总结部分|结束语|\bconclusions?\b",
}
_PAPER = re.compile(
    r"(?:这|本|该|此)?(?:篇|个)?(?:论文|文章|文|paper|article|study|document)|全文", re.IGNORECASE
)
# What remains of a question that asks for nothing but the content of a place.
_ABOUT = re.compile(
    r"讲了?|说了?|谈了?|写了?|介绍|论述|讨论|研究|内容|主要|大概|大致|核心|观点|主旨|主题|中心|思想|概括|总结|归纳|概述|一下|简单|"
    r"一句话|几句话|关于|请|帮我|给我|什么|哪些|哪方面|是|的|了|在|里|都|有|吗|呢|"
    r"\b(?:what|is|are|does|do|did|the|this|that|of|in|about|say|says|said|discuss|discusses|cover|covers|"
    r"main|mainly|content|contents|topic|point|points|idea|ideas|argument|arguments|thesis|subject|summar\w+|"
    r"overview|gist|brief|briefly|give|me|a|an|can|could|you|please|tell|describe|outline|explain|argue|argues|"
    r"deal|deals|with|talk|talks|key|message|whole|overall|short)\b|[^\w]",
    re.IGNORECASE,
)


def named_place(question: str, document: Document, chunks: Sequence[Chunk]) -> Extract | None:
    """What stands at the place that the question names; None when it asks for something else."""
    rest = question
    sections: list[Section] = []
    if numbered := _NUMBERED.search(question):
        number = next(group for group in numbered.groups() if group).strip(".")
        if number in NUMERALS:
            number = str(NUMERALS.index(number) + 1)
        sections = _section(document, number)
        rest = _NUMBERED.sub("", question)
    else:
        for pattern in _NAMED.values():
            if re.search(pattern, question, re.IGNORECASE):
                sections = _titled(document, pattern, question)
                rest = re.sub(pattern, "", question, flags=re.IGNORECASE)
        if not sections and _PAPER.search(question):
            sections = _titled(document, _NAMED["abstract"], question) or [*document.sections[:1]]
    if not sections or _ABOUT.sub("", _PAPER.sub("", rest)).strip():
        return None
    own = [each for each in chunks if each.doc_id == document.doc_id]
    spans = list(_opening(document, sections))[:MAX_QUOTED]
    sentences = tuple(s for span in spans for s in _sentence(document, own, span))
    return Extract(sentences, 1.0, True) if sentences else None


def _section(document: Document, number: str) -> list[Section]:
    """The section of that number and those below it."""
    return [s for s in document.sections if f"{s.number}.".startswith(f"{number}.")]


def _titled(document: Document, pattern: str, question: str) -> list[Section]:
    """The section of that name; of two, such as abstracts, the one in the question's language."""
    titled = [s for s in document.sections if re.search(pattern, re.sub(r"\s", "", s.title), re.I)]
    asked = language_of(question)
    own = [s for s in titled if language_of(document.text[s.start : s.end]) == asked]
    return (own or titled)[:1]


def _opening(document: Document, sections: list[Section]) -> Iterator[tuple[int, int]]:
    """The first sentences of one section; the first of each when there are several."""
    each = OF_A_SECTION if len(sections) == 1 else 1
    if len(sections) == 1 and not sections[0].number:
        each = MAX_QUOTED
    for section in sections:
        body = section.start + len(section.path[-1])
        yield from split_sentences(document.text, body, section.end)[:each]


def _sentence(
    document: Document, chunks: Sequence[Chunk], span: tuple[int, int]
) -> Iterator[Sentence]:
    start, end = span
    for chunk in chunks:
        if chunk.start <= start < chunk.end:
            yield Sentence(chunk, document.text[start:end], start, end)
