"""What a language model wrote becomes sentences that cite the paper, each one checked.

`[n]` is resolved by code: a number that was not offered is dropped, the others are numbered anew
in the order in which they appear. The text is plain text: nothing in it is a link or HTML.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from unicodedata import normalize

from app.answers import Citation
from app.support import objections
from sources import split_sentences

MAX_CITED = 5  # by one sentence; to cite everything is to cite nothing

# How models write numbers, whatever they were told: [1, 2], 【1】, ［１］, [1-3], [Sentence 1],
# [^1], ^1, ¹, [1](address), and (1) where a clause ends and nothing else is cited.
_NUMBER = r"(?:sentences?|sources?|refs?\.?|no\.|[sS]|句子?|第|来源|出处|#)?\s*\^?(\d{1,4})\s*句?"
_BETWEEN = r"\s*(?:[,，、;；&和与–—~-]|and|to|至|到)\s*"
_BRACKETED = re.compile(
    rf"([ \t]*)\^?[\[【［〔]\s*({_NUMBER}(?:{_BETWEEN}{_NUMBER})*)\s*(?:†[^\]】］〕]*)?[\]】］〕]"
    r"(?:\([^()\s]*\))?",
    re.IGNORECASE,
)
_RAISED = re.compile(  # not the 2 of km² or 10^2
    r"(?:(?<=[.。!！?？,，;；”\"'’)）])|(?:(?<=[a-z]{3})|(?<=[一-鿿])|(?<=\w )|(?<=\w\t))"
    r"(?=[\^\d⁰¹²³⁴-⁹]+(?:[\s.。!！?？,，;；]|\Z)))()(?:\^(\d{1,3})\b|([⁰¹²³⁴-⁹]+))"
)
_ROUND = re.compile(r"([ \t]*)[(（](\d{1,3})[)）](?=\s*(?:[.。!！?？;；,，]|\Z|\n))")
_RANGE = re.compile(r"(\d+)\D*?[–—~至到-]\D*?(\d+)|(\d+)\D*?\bto\b\D*?(\d+)|(\d+)")
_MARKER = re.compile(r"\s*\[(\d+(?:, \d+)*)\]")  # as _canonical leaves them
_UNFINISHED = re.compile(
    r"\s*(?:\^?[\[【［〔][^\]】］〕\n]{0,40}|\^\d*|[(（]\d{0,3}|(?<=[\]】］〕])\([^()\s]*)\Z"
)
_MARKUP = re.compile(
    r"^ ?```.*$|\*\*|__|`|^ ?#+ ?|^ ?> ?|^ ?[-*•] |^ ?\d{1,2}[.)、] (?=\D)", re.MULTILINE
)
_TITLE = re.compile(r"^ ?#.*$|^.*[:：] ?(?:\*\*)?$", re.MULTILINE)  # heads what follows


@dataclass(frozen=True, slots=True)
class Cited:
    """A text with markers [1], [2] … and their citations, in the order of the markers.

    `unsupported` are the spans, offsets into `text`, of the sentences that cite nothing or that
    what they cite does not support; `verified` is how many sentences passed the check.
    """

    text: str
    citations: tuple[Citation, ...]
    unsupported: tuple[tuple[int, int], ...]
    verified: int


def cite(reply: str, offered: Sequence[Citation], *, whole: bool = True) -> Cited:
    """Resolve and check a reply; `offered[n - 1]` is what [n] means.

    A reply that is not `whole` may end in half a marker, which is left out, and its last sentence
    is not judged yet.
    """
    reply = re.sub(r"\s+", lambda match: "\n" if "\n" in match[0] else " ", reply)
    plain = _canonical(reply if whole else _UNFINISHED.sub("", reply))
    markers: dict[int, int] = {}
    supporting: set[int] = set()
    unsupported: list[tuple[int, int]] = []
    text, verified, before = "", 0, 0
    for start, end in split_sentences(plain):
        sentence = plain[start:end]
        claim = _MARKER.sub("", sentence)
        gap, before = plain[before:start], end
        if not any(letter.isalnum() for letter in claim):
            continue
        text += ("\n" if "\n" in gap else gap[:1]) if text else ""
        cited = _numbers(sentence, len(offered))
        for number in cited:
            markers.setdefault(number, len(markers) + 1)
        begin, text = len(text), text + _renumbered(sentence, markers)
        if end == len(plain) and not whole:
            continue
        if _supported(claim, [offered[number - 1].quote for number in cited]):
            verified += 1
            supporting.update(cited)
        else:
            unsupported.append((begin, len(text)))
    citations = tuple(
        replace(offered[number - 1], marker=marker, verified=number in supporting)
        for number, marker in markers.items()
    )
    return Cited(text, citations, tuple(unsupported), verified)


def _canonical(reply: str) -> str:
    """The reply as plain text, with all that cites written as [1, 2]."""
    text = _RAISED.sub(_marked, _BRACKETED.sub(_marked, reply))
    if not _MARKER.search(text):
        text = _ROUND.sub(_marked, text)
    text = _TITLE.sub(lambda match: match[0] if _MARKER.search(match[0]) else "", text)
    return _MARKUP.sub("", text).strip()


def _marked(match: re.Match[str]) -> str:
    space, numbers = [group for group in match.groups() if group is not None][:2]
    found: list[int] = []
    for first, last, begin, end, single in _RANGE.findall(normalize("NFKC", numbers)):
        low, high = int(first or begin or single), int(last or end or single)
        if high - low < MAX_CITED:
            found += range(low, high + 1)
    return f"{space and ' '}[{', '.join(map(str, found))}]" if found else ""


def _numbers(sentence: str, most: int) -> list[int]:
    """The offered numbers that a sentence cites, each once, in order."""
    found = (int(n) for match in _MARKER.finditer(sentence) for n in re.findall(r"\d+", match[1]))
    return list(dict.fromkeys(number for number in found if 1 <= number <= most))


def _renumbered(sentence: str, markers: dict[int, int]) -> str:
    def marks(match: re.Match[str]) -> str:
        kept = [markers[int(n)] for n in re.findall(r"\d+", match[1]) if int(n) in markers]
        space = " " if match[0][:1].isspace() and kept else ""
        return space + "".join(f"[{marker}]" for marker in kept)

    return re.sub(r"(\[\d+\])(?:\1)+", r"\1", _MARKER.sub(marks, sentence))


def _supported(claim: str, quotes: Sequence[str]) -> bool:
    return 0 < len(quotes) <= MAX_CITED and not objections(claim, "\n".join(quotes))
