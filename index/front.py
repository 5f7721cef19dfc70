"""What stands before a paper's text: its title, who wrote it, when and where it appeared, and its
keywords.

Found by where it stands. A paper that does not say it has no answer, however near its text comes:
"who wrote this?" is not answered by whoever writes in it. Knows nothing of answers.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from index.places import Span
from sources import Document, Section, language_of

MOST_LINES = 4  # of names and institutions

Find = Callable[[Document, str], Iterator[Span]]

_LINE = re.compile(r"[^\n]*\S[^\n]*")
_OPEN = re.compile(r"[;；,，、]\s*$")  # a list that goes on
_KEYWORDS = re.compile(r"关键[词字]|key ?words|index terms", re.IGNORECASE)
_LABEL = re.compile(rf"[【\[ ]*(?:{_KEYWORDS.pattern})\s*[:：】\]]", re.IGNORECASE)
_ISSUE = re.compile(
    r"(?<!\d)(?:19|20)\d\d(?!\d)|\bdoi\b|10\.\d{4,}/|\bissn\b|第\s?\d+\s?[卷期]|\bvol\b|\barxiv\b",
    re.IGNORECASE,
)
_PLAIN = re.compile(
    r"(?:这|本|该|此)?篇?(?:论文|文章|文献|文)的?|请问|请|告诉我|知道|什么|哪些?|哪里|哪儿|几个?|多少|名字|是|叫|有|都|的|了|在|上|吗|呢|"
    r"谁|名|个|全部|所有|它|其|"
    r"\b(?:what|which|who|whom|when|where|is|are|was|were|the|this|that|it|its|a|an|of|by|in|on|for|did|does|do|"
    r"has|have|tell|me|give|please|and|paper|article|study|document|all|any|called|name|names|full|written)\b|[^\w]",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class _Part:
    """How readers ask for it, and where it stands."""

    asked: re.Pattern[str]
    find: Find


def _front(document: Document) -> list[Span]:
    """The lines before the first section."""
    end = document.sections[0].start if document.sections else 0
    return [found.span() for found in _LINE.finditer(document.text, 0, end)]


def _title(document: Document, question: str) -> Iterator[Span]:
    lines = _front(document)
    own = (
        s for s in lines if document.title and document.text[slice(*s)].strip() in document.title
    )
    yield from [*own, *lines][:1]


def _authors(document: Document, question: str) -> Iterator[Span]:
    lines = _front(document)
    titles = [*_title(document, question)]
    after = lines.index(titles[0]) + 1 if titles else 0
    yield from lines[after : after + MOST_LINES]


def _issue(document: Document, question: str) -> Iterator[Span]:
    for start, end in _front(document):
        if _ISSUE.search(document.text[start:end]):
            yield start, end


def _keywords(document: Document, question: str) -> Iterator[Span]:
    def own(section: Section) -> bool:
        return language_of(document.text[section.start : section.end]) == language_of(question)

    titled = [s for s in document.sections if _KEYWORDS.search(re.sub(r"\s", "", s.title))]
    for section in sorted(titled, key=own, reverse=True)[:1]:
        start = section.start + len(section.path[-1])
        for line in _LINE.finditer(document.text, start, section.end):
            yield line.span()
            if not _OPEN.search(line[0]):
                return
    for line in _LINE.finditer(document.text):
        if _LABEL.match(line[0]):
            yield line.span()


def _part(asked: str, find: Find) -> _Part:
    return _Part(re.compile(asked, re.IGNORECASE), find)


_PARTS = (
    _part(r"标题|题目|题名|篇名|\btitle\b|\bpaper called\b", _title),
    _part(
        r"(?:谁|什么人|哪些人|哪几个人)(?:写|撰写|著)(?:的|作)?|作者(?:单位|姓名)?|"
        r"\b(?:who wrote|who(?: has)? written|written by(?: whom)?|authors?|affiliations?)\b",
        _authors,
    ),
    _part(
        r"(?:什么时候|何时|哪一?年|哪天)?(?:发表|出版|刊登|刊发)(?:时间|日期|年份|在)?|期刊|杂志|刊物|"
        r"\b(?:published|publication|appear(?:ed)?|journal|doi|date|year)\b|什么时候写|哪一?年写|何时写"
        r"|\bwhen was this written\b",
        _issue,
    ),
    _part(_KEYWORDS.pattern, _keywords),
)


def front_matter(question: str, document: Document) -> list[Span] | None:
    """Spans of what is asked for of the paper itself, such as its authors; none where the paper
    does not say it. None for a question that asks for something else."""
    for part in _PARTS:
        rest, met = part.asked.subn(" ", question)
        if met and not _PLAIN.sub("", rest):
            return [*part.find(document, question)][:MOST_LINES]
    return None
