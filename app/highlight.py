"""The words of a quoted sentence that answer: the number, the date, the name, what is abbreviated.

By the kind of answer that the question wants and what the sentence holds of that kind beyond the
question's own words. Knows nothing of how the sentence was chosen.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

import rjieba

from app.questions import wants
from index.definitions import asked_term, long_form

Span = tuple[int, int]

_HAN = re.compile(r"[\u3400-\u9fff]")
_NUMBER = re.compile(
    r"(?<![A-Za-z\d.[])\d[\d,.]*\d?\s?(?:[万亿千百]+|%|％|percent|trillion|billion|million)?"
    r"(?:[多余]?(?:美元|人民币|元|个|项|家|国|种|次|倍|份|名|位|条|方)|\s?(?:members|countries|dollars))?"
    r"|百分之[一二三四五六七八九十百零点]+"
    r"|[一二三四五六七八九十百千万亿两]+(?:个|项|家|国|种|次|倍|份|名|位|条)(?:国家|成员)?"
)
_MONTH = "(?:January|February|March|April|May|June|July|August|September|October|November|December)"
_DATE = re.compile(
    r"(?:19|20)\d\d ?年(?: ?\d{1,2} ?月)?(?: ?\d{1,2} ?日)?"
    rf"|(?:\d{{1,2}} )?{_MONTH}(?: \d{{1,2}},)?(?: (?:19|20)\d\d)?|\b(?:19|20)\d\d\b"
)
_NAME = re.compile(
    r"《[^》]+》|\b(?!(?:In|On|At|By|For|From|As|The|This|These|It|An?)\b)[A-Z][\w&-]*"
    r"(?: (?:of |for )?[A-Z][\w&-]*)*"
)
_NAME_TAGS = ("nr", "nrt", "ns", "nt")  # people, places, organisations: jieba's parts of speech


def answering_words(question: str, sentence: str) -> tuple[Span, ...]:
    """Spans of the sentence, in order and apart; none where the question wants no such thing."""
    asked = wants(question)
    found: list[Span] = []
    if "date" in asked:
        found += _spans(_DATE, sentence)
    elif "number" in asked:
        years = _spans(_DATE, sentence)
        found += [s for s in _spans(_NUMBER, sentence) if not any(_overlap(s, y) for y in years)]
    if asked & {"who", "where"}:
        found += [*_spans(_NAME, sentence), *_tagged(sentence)]
    if spelt := long_form(asked_term(question), sentence):
        found.append(spelt)
    kept: list[Span] = []
    for start, end in sorted(found, key=lambda span: (span[0], -span[1])):
        new = sentence[start:end].strip() not in question
        if new and not any(_overlap((start, end), other) for other in kept):
            kept.append((start, end))
    return tuple(kept)


def _spans(pattern: re.Pattern[str], text: str) -> list[Span]:
    return [found.span() for found in pattern.finditer(text)]


def _tagged(sentence: str) -> Iterator[Span]:
    at = 0
    for word, tag in rjieba.tag(sentence):
        at = max(sentence.find(word, at), 0)
        if tag in _NAME_TAGS and len(word) > 1 and _HAN.search(word):
            yield at, at + len(word)
        at += len(word)


def _overlap(one: Span, other: Span) -> bool:
    return one[0] < other[1] and other[0] < one[1]
