"""What a question names and the papers never mention: years, countries, acronyms.

Names are compared across languages, countries by `countries.tsv` (names in Chinese and in English,
and capitals, which stand for governments) and acronyms by the encoder. Knows nothing of answers.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cache, lru_cache
from itertools import pairwise
from pathlib import Path

import numpy as np

from app.questions import interrogative
from index.encoder import Floats, bundled_encoder
from sources import language_of

COUNTRIES = Path(__file__).with_name("countries.tsv")
LETTERS = "美中欧英日韩俄印德法加墨澳越"  # that stand for countries in 美墨加 or 中方
SIDE = re.compile(rf"[{LETTERS}]方(?![面向案式法便针程位])")
NEAR = 0.3  # the cosine below which no word means anything like it
KNOWN = 0.5  # the cosine from which a word of a paper means the acronym
FRAME = 0.3  # the share of paragraphs from which an acronym is what the paper is about

_YEAR = re.compile(r"(?<![\d.])(?:1[89]|20)\d\d(?![\d.]*\d)")
_ACRONYM = re.compile(r"(?<![A-Za-z])[A-Z]{3,}(?![A-Za-z])")
_ABBREVIATED = re.compile(rf"[{LETTERS}]{{2,}}")  # 美墨加, 中日韩
_JOINED = re.compile(
    r"\s*(?:和|与|跟|同|及|以及|或|还是|、|,|，|and|or)\s*(?:the\s)?", re.IGNORECASE
)


@dataclass(frozen=True, slots=True)
class Name:
    """A name in a question, whether a paper mentions it, and whether it is a year."""

    text: str
    start: int
    end: int
    known: bool
    year: bool = False


def named(question: str, texts: Sequence[str]) -> list[Name]:
    """The years, countries and acronyms of a question, in its order."""
    mentioned = frozenset[int]().union(*map(countries, texts))
    found = [
        Name(year[0], *year.span(), any(year[0] in text for text in texts), year=True)
        for year in _YEAR.finditer(question)
    ]
    found += [
        Name(question[start:end], start, end, country in mentioned)
        for start, end, country in named_countries(question)
    ]
    taken = [(each.start, each.end) for each in found]
    found += [
        Name(acronym[0], *acronym.span(), _is_known(acronym[0], question, texts))
        for acronym in _ACRONYM.finditer(question)
        if not any(start < acronym.end() and acronym.start() < end for start, end in taken)
    ]
    return sorted(found, key=lambda name: name.start)


def unmentioned(question: str, texts: Sequence[str]) -> tuple[tuple[str, ...], bool]:
    """The names that no paper mentions, each once, and whether nothing is left to answer.

    Something is left where one of several years is known, or a name that is joined to the missing
    one: "the EU and Brazil".
    """
    return _missing(question, named(question, texts))


def elsewhere(
    question: str, quotes: Sequence[str], around: Sequence[str], texts: Sequence[str]
) -> tuple[tuple[str, ...], bool]:
    """The same of names that stand in the papers, but not `around` the quotes: the paper says this
    of another year, country or agreement.

    A country is missed only where the quotes speak of another: else they may well mean it. An
    acronym that all of a paper is about is meant everywhere, and one that it never spells may have
    another name in it.
    """
    told, near = (frozenset[int]().union(*map(countries, each)) for each in (quotes, around))
    names = []
    for name in named(question, ()):
        if name.year:
            known = any(name.text in text for text in around)
        elif asked := countries(name.text):
            known = asked <= near or told <= countries(question)
        else:
            known = not 0 < _spread(name.text, texts) < FRAME or _spread(name.text, around) > 0
        names.append(replace(name, known=known))
    return _missing(question, names)


def _spread(acronym: str, texts: Sequence[str]) -> float:
    """The share of the paragraphs of some texts that spell an acronym."""
    counts = [_paragraphs(acronym.casefold(), text) for text in texts]
    return sum(held for held, _ in counts) / max(sum(every for _, every in counts), 1)


@lru_cache(maxsize=256)
def _paragraphs(folded: str, text: str) -> tuple[int, int]:
    """Those that spell an acronym, and all."""
    every = [each for each in text.casefold().split("\n") if each.strip()]
    return sum(folded in each for each in every), len(every)


def _missing(question: str, names: Sequence[Name]) -> tuple[tuple[str, ...], bool]:
    missing = [name for name in names if not name.known]
    years = [name for name in names if name.year]
    beside = {
        name
        for one, other in pairwise(names)
        if _JOINED.fullmatch(question[one.end : other.start]) and (one.known or other.known)
        for name in (one, other)
    }
    left = all(
        any(year.known for year in years) if name.year else name in beside for name in missing
    )
    return tuple(dict.fromkeys(name.text for name in missing)), bool(missing) and not left


def strange(question: str, texts: Sequence[str], met: Floats | None = None) -> float:
    """The share of what a question is about that no word of the papers comes near, 0 to 1.

    0 where no paper is in its language: too many words lack a near one in another. `met` [words]
    is how near words of these papers are known to come.
    """
    return _far(question, [t for t in texts if language_of(t) == language_of(question)], met)


def familiar(question: str, texts: Sequence[str], met: Floats | None = None) -> bool:
    """Whether every telling word of a question has a near one in the papers, in any language."""
    return bool(texts) and _far(question, texts, met) == 0.0


def _far(question: str, texts: Sequence[str], met: Floats | None) -> float:
    """The share of the telling words of a question, weighed by their norms, that no word of the
    texts comes near; numbers, what asks and known names are left out."""
    words = bundled_encoder().words_of(question)
    span = interrogative(question) or (0, 0)
    known = [(name.start, name.end) for name in named(question, texts) if name.known]
    kept = [
        at
        for at, (start, end) in enumerate(words.spans)
        if not any(map(str.isdigit, question[start:end]))
        and not any(start < b and a < end for a, b in (span, *known))
    ]
    if not kept or not texts:
        return 0.0
    units, norms = bundled_encoder().units_of(question)
    telling = np.array(kept)[norms[kept] >= norms[kept].mean()]
    far = telling if met is None else telling[met[telling] < NEAR]
    for text in texts:  # most words are met at once, and papers are long
        if len(far):
            far = far[(units[far] @ _vectors(text).T).max(axis=1, initial=0.0) < NEAR]
    return float(norms[far].sum() / norms[telling].sum())


def _is_known(acronym: str, question: str, texts: Sequence[str]) -> bool:
    """Whether a paper has the acronym or a word that means it. A paper in another language than
    the question may well have another name for it, so that nothing is said of those."""
    if _spread(acronym, texts) > 0:
        return True
    if all(language_of(text) != language_of(question) for text in texts):
        return True
    pieces, _ = bundled_encoder().units_of(acronym)
    best = [(pieces @ _vectors(text).T).max(axis=1, initial=0.0) for text in texts]
    return any(float(each.min(initial=1.0)) >= KNOWN for each in best)


@lru_cache(maxsize=64)
def _vectors(text: str) -> Floats:
    """Those of the distinct words of a paper, shape [words, dimension]."""
    return bundled_encoder().units(np.unique(bundled_encoder().rows([text])[0]))[0]


@lru_cache(maxsize=4096)
def countries(text: str) -> frozenset[int]:
    """The countries that a text mentions, as lines of `countries.tsv`."""
    short = (abbreviated()[letter] for run in _ABBREVIATED.findall(text) for letter in run)
    return frozenset([*(country for _, _, country in named_countries(text)), *short])


@cache
def table() -> tuple[tuple[tuple[str, ...], tuple[str, ...]], ...]:
    """Of every country its names in both languages, the most usual first, and its capitals."""
    rows = []
    for line in COUNTRIES.read_text("utf-8").splitlines():
        chinese, english, *capital = (tuple(names.split("|")) for names in line.split("\t"))
        rows.append((chinese + english, capital[0] if capital else ()))
    return tuple(rows)


@cache
def abbreviated() -> dict[str, int]:
    """The country that each letter of LETTERS stands for: the first of that name."""
    return {
        letter: next(at for at, (names, _) in enumerate(table()) if names[0][0] == letter)
        for letter in LETTERS
    }


@cache
def _pattern() -> tuple[re.Pattern[str], dict[str, int]]:
    """Longer names first: 印度尼西亚 is not 印度."""
    known = {name: at for at, row in enumerate(table()) for names in row for name in names}
    names = sorted(known, key=len, reverse=True)
    chinese = "|".join(re.escape(name) for name in names if not name.isascii())
    english = "|".join(re.escape(name) for name in names if name.isascii())
    pattern = rf"{chinese}|{SIDE.pattern}|(?<![A-Za-z])(?:{english})(?![A-Za-z])"
    return re.compile(pattern), known


@lru_cache(maxsize=4096)
def named_countries(text: str) -> tuple[tuple[int, int, int], ...]:
    """Where a text names countries: start, end and line of `countries.tsv`."""
    pattern, known = _pattern()
    return tuple(
        (*found.span(), known[found[0]] if found[0] in known else abbreviated()[found[0][0]])
        for found in pattern.finditer(text)
    )
