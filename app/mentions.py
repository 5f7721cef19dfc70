"""What a question names and the papers never mention: years, countries, institutions, acronyms.

Names are compared across languages, countries and institutions by what else they are called
(`app.countries`, `app.names`) and acronyms by the encoder. Knows nothing of answers.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from itertools import pairwise
from typing import Literal

import numpy as np

from app.countries import countries, named_countries
from app.figures import figures
from app.kinds import asks_for
from app.names import ACRONYM, find_names, gazetteer, spelt
from app.questions import interrogative, wants
from index.encoder import Floats, bundled_encoder
from sources import language_of

NEAR = 0.3  # the cosine below which no word means anything like it
KNOWN = 0.5  # the cosine from which a word of a paper means that of a name
SHORT = 4  # letters that a name needs to be known by its meaning
MANY = 3  # countries in a sentence: it names all of which it is true
FRAME = 0.3  # the share of paragraphs from which an acronym is what the paper is about

# Not a decade.
_YEAR = re.compile(r"(?<![\d.])(?:1[89]|20)\d\d(?![\d.]*\d|['’]?s\b|\s*年代)")
_BEFORE = re.compile(r"(?i)\b(?:before|until|prior to) (?:the year )?$")
_AHEAD = re.compile(r"\s*年?[之以]?前")
_LATIN = re.compile(r"[A-Za-z]+")
_PROPER = re.compile(  # not "What", nor "Is" behind a full stop
    r"(?<![A-Za-z\d'’])(?<!^)(?<![.?!:\"“] )(?<![\"“(])[A-Z][a-z]+(?:[ -][A-Z][a-z]+)*(?![A-Za-z])"
)
_COMPARED = re.compile(
    r"\b(?:than|above or below|ahead|behind|more or less)\b"
    r"|[谁哪]\w?更|比\w{1,9}[更高低多少大小强弱快慢早晚]",
    re.IGNORECASE,
)
_PAIRED = re.compile(r"[和与跟同](?!意|时|样)|\b(?:with|between)\b", re.IGNORECASE)
_JOINED = re.compile(
    r"\s*(?:和|与|跟|同|及|以及|或|还是|、|,|，|and|or)\s*(?:the\s)?", re.IGNORECASE
)


# A case that a reader makes up, up to what he asks of it, and what he tells of himself.
_SUPPOSED = re.compile(
    r"(?:假[如设定使]|如果|要是|若|比如|譬如)[^。？?]*(?:我|公司|企业|客户|服务器|商家)[^。？?]*[，,]"
    r"|^(?:我的|我司|我们?[^，。？]{0,4}(?:公司|企业|客户|邮件|数据|服务器))[^。？?]*[，,]"
    r"|^(?:my|our)\b[^.?]*,"
    r"|\b(?:if|suppos\w+|imagine|assum\w+|let['’]s say)\b[^.?]*"
    r"\b(?:my|our|we|I|compan\w+|firms?|clients?|servers?|customers?|business\w*)\b[^.?]*,"
    r"|(?:^|(?<=[.。!！]))[^.。?？!！]*(?:我(?![国方])|\b(?:I|we|my|our)\b)[^.。?？!！]*[.。!！](?=.)",
    re.IGNORECASE,
)
_EXAMPLE = re.compile(  # platforms like Facebook; of a country, the answer may differ
    r"\b(?:like|such as|for instance) [^,.?;]+"
    r"|(?:像|比如|例如|譬如)[^，。？]{1,12}(?:这样|这类|之类|那样)"
    r"|[^，。？]{1,10}(?:这类|之类|这样的|那样的)",
    re.IGNORECASE,
)
# What it names is not what is asked about: the agreement that replaced NAFTA; Silicon Valley and
# Geneva stand for who sits there.
_STANDS_FOR = re.compile(
    r"\b(?:new|old|(?:[Rr]eplac|[Ss]ucceed)\w+|[Ss]uccessor (?:to|of)) (?:the )?[A-Z]{3,}\b"
    r"|\b[A-Z]{3,}(?:['’]s)? (?:successor|replacement)\b"
    r"|(?:取代|代替|替代|接替|新版?|旧版?)了?(?:[A-Z]{3,}|北美自由贸易协定)"
    r"|(?:[A-Z]{3,}|北美自由贸易协定)的?(?:升级版|后继|继任|替代|接班)"
    r"|硅谷|华尔街|日内瓦|大西洋(?=两岸|那边|对岸)|北美(?=[^，。？]{0,6}协[定议])"
    r"|\b(?:Silicon Valley|Wall Street|Geneva)\b"
    r"|\bNorth America\w*(?= (?:\w+ ){0,3}(?:deal|pact|agreement))"
)
# Who made a list that is asked about is no part of it.
_LISTS = re.compile(
    r"\b[\w.]+(?:['’]s?)? (?:\d{4} )?(?:\w+ )?(?:list|report|estimate|ranking|survey)\b"
    r"|\b[\w.]+ (?:complain|accus|list(?:s|ed))\w*|[一-龥]{2,4}(?:抱怨|点名|投诉|指责|吐槽|列出)"
    r"|[一-龥]{2,4}的?(?:那份|这份|\d{4}年)(?:的|那份)?[^，。？]{0,6}(?:名单|清单|报告|榜单)"
)
_OFFICE = frozenset("PPT PDF TLDR FAQ FYI ASAP IMO AFAIK".split())  # what he does with an answer


_NUMERAL = r"[\d一二三四五六七八九十百]+"
_NTH = r"\b(?:\d+(?:st|nd|rd|th)|[a-z]+th)\b"
_ORDINAL = re.compile(rf"第\s*{_NUMERAL}|{_NTH}", re.IGNORECASE)
_NUMBERED = re.compile(  # of a series, or in a ranking
    rf"第\s*{_NUMERAL}\s*(?:届|轮|版|期|名|位|次(?=[^，。？]{{0,4}}会))|(?<=[名排到在])第{_NUMERAL}"
    rf"|{_NTH}(?=(?: \w+){{0,2}} (?:conference|ministerial|round|session|edition|place)\b)"
    rf"|(?:(?<=\branked )|(?<=\branks )|(?<=\bcame ))(?:in )?{_NTH}",
    re.IGNORECASE,
)
LEADING = 3  # a ranking tells of more than the first three by a number


@dataclass(frozen=True, slots=True)
class Name:
    """A name in a question, of which kind, and whether a paper mentions it."""

    text: str
    start: int
    end: int
    known: bool
    kind: Literal["year", "ordinal", "country", "institution", "acronym", "name"]


@lru_cache(maxsize=16)
def named(question: str, texts: tuple[str, ...] = ()) -> tuple[Name, ...]:
    """The years, countries, institutions, acronyms and other names of a question, in its order."""
    mentioned = frozenset[int]().union(*map(countries, texts))
    found = [
        Name(year[0], *year.span(), _has_year(year, texts), "year")
        for year in _YEAR.finditer(question)
    ]
    found += [
        Name(nth[0], *nth.span(), _is_counted(nth[0], texts), "ordinal")
        for nth in _NUMBERED.finditer(question)
    ]
    found += [
        Name(question[start:end], start, end, country in mentioned, "country")
        for start, end, country in named_countries(question)
    ]
    found += [
        Name(name, start, end, _is_called(name, texts), "institution")
        for start, end in _beside(find_names(question), found)
        if (name := question[start:end])
    ]
    found += [
        Name(name, start, end, _is_known(name, question, texts), "acronym")
        for start, end in _beside([each.span() for each in ACRONYM.finditer(question)], found)
        if (name := question[start:end])
    ]
    found += [
        Name(name, start, end, _is_like(name, texts), "name")
        for start, end in _beside(_proper_names(question), found)
        if (name := question[start:end])
    ]
    return tuple(sorted(found, key=lambda name: name.start))


def _has_year(year: re.Match[str], texts: Sequence[str]) -> bool:
    """Whether a text has a year, or that which comes before it where "before 2018" is asked."""
    years = [year[0]]
    if _BEFORE.search(year.string[: year.start()]) or _AHEAD.match(year.string, year.end()):
        years.append(str(int(year[0]) - 1))
    return any(each in text for each in years for text in texts)


def _proper_names(question: str) -> list[tuple[int, int]]:
    """Runs of capitalised words that open no sentence; none where most words are capitalised."""
    words = _LATIN.findall(question)
    if sum(word[0].isupper() for word in words) > len(words) / 2 + 1:
        return []
    return [found.span() for found in _PROPER.finditer(question)]


def _beside(spans: Iterable[tuple[int, int]], taken: Sequence[Name]) -> list[tuple[int, int]]:
    """The spans that overlap no name that is taken."""
    return [
        (start, end)
        for start, end in spans
        if not any(each.start < end and start < each.end for each in taken)
    ]


def unmentioned(question: str, texts: Sequence[str]) -> tuple[tuple[str, ...], bool]:
    """The names that no paper mentions, each once, and whether nothing is left to answer.

    Something is left where one of several years is known, or a name that is joined to the missing
    one: "the EU and Brazil".
    """
    return _missing(question, _meant(question, texts))


def _meant(question: str, texts: Sequence[str]) -> list[Name]:
    """The names of a question without those of a case that the reader makes up, or of examples."""
    return [
        name
        for name in named(question, tuple(texts))
        if name.text not in _OFFICE
        and not _within(name, _SUPPOSED, question)
        and not _within(name, _STANDS_FOR, question)
        and (name.kind == "country" or not _within(name, _EXAMPLE, question))
    ]


def _within(name: Name, pattern: re.Pattern[str], question: str) -> bool:
    spans = (found.span() for found in pattern.finditer(question))
    return any(start <= name.start and name.end <= end for start, end in spans)


def elsewhere(
    question: str, quotes: Sequence[str], around: Sequence[str], texts: Sequence[str]
) -> tuple[tuple[str, ...], bool]:
    """The same of names that stand in the papers, but not `around` the quotes: the paper says this
    of another year, country or agreement.

    A country is missed only where the quotes speak of another: else they may well mean it; where
    two are compared, or the quotes list some, they have to name it. An acronym that all of a paper
    is about is meant everywhere, and one that it never spells may have another name in it.
    """
    told, near = (frozenset[int]().union(*map(countries, each)) for each in (quotes, around))
    asked = countries(question)
    paired = _PAIRED.search(question) and asked & told and asked - told and told - asked
    # Of a list that is asked for, the one who made it is no part.
    listed = any(len(countries(quote)) >= MANY for quote in quotes) and not _asks_which(question)
    if paired or listed or _COMPARED.search(question):
        near = told
    names = []
    for name in _meant(question, texts):
        if name.kind == "year":
            year = _YEAR.match(question, name.start)
            known = year is not None and _has_year(year, around)
        elif name.kind == "country":
            known = countries(name.text) <= near or told <= asked or _within(name, _LISTS, question)
        elif not ACRONYM.fullmatch(name.text):
            known = True  # most institutions go without saying
        else:
            known = not 0 < _spread(name.text, texts) < FRAME or _spread(name.text, around) > 0
        names.append(replace(name, known=known))
    return _missing(question, names)


def _asks_which(question: str) -> bool:
    """Whether the members of a list are asked for."""
    kinds = asks_for("country", question) or asks_for("items", question)
    return kinds or bool({"who", "where"} & wants(question))


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
    years = [name for name in names if name.kind == "year"]
    beside = {
        name
        for one, other in pairwise(names)
        if _JOINED.fullmatch(question[one.end : other.start]) and (one.known or other.known)
        for name in (one, other)
    }
    left = all(
        any(year.known for year in years) if name.kind == "year" else name in beside
        for name in missing
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
    known = [(name.start, name.end) for name in named(question, tuple(texts)) if name.known]
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


@lru_cache(maxsize=1024)
def _is_called(name: str, texts: tuple[str, ...]) -> bool:
    """Whether a paper has an institution by any of its names, or words that mean all of it."""
    ways = gazetteer()[name]
    return any(spelt(way, text) for text in texts for way in ways) or _is_meant(name, texts)


def _is_counted(ordinal: str, texts: Sequence[str]) -> bool:
    """Whether a paper has the ordinal, of whatever, or it is too low to tell."""
    asked = max((value for _, value in figures(ordinal)), default=0)
    return asked <= LEADING or any(
        ("", asked) in figures(each[0]) for text in texts for each in _ORDINAL.finditer(text)
    )


def _is_like(name: str, texts: Sequence[str]) -> bool:
    """Whether a paper spells a name or has words that come near all of it; of a short name, and of
    one that the encoder knows by its pieces only, as it does most in pinyin, that is not told."""
    words = name.replace("-", " ").split()
    pieces = bundled_encoder().words_of(name).spans
    if len(pieces) > len(words) or min(map(len, words)) < SHORT:
        return True
    return any(spelt(name, text) for text in texts) or _is_meant(name, texts, NEAR)


def _is_known(acronym: str, question: str, texts: Sequence[str]) -> bool:
    """Whether a paper has the acronym or a word that means it. A paper in another language than
    the question may well have another name for it, unless it begins with a digit (5G), so that
    nothing is said of those."""
    if _spread(acronym, texts) > 0:
        return True
    if acronym[0].isdigit():
        return False
    if all(language_of(text) != language_of(question) for text in texts):
        return True
    return _is_meant(acronym, texts)


def _is_meant(name: str, texts: Sequence[str], least: float = KNOWN) -> bool:
    """Whether every word of a name has one in a paper that means the like."""
    pieces, _ = bundled_encoder().units_of(name)
    best = [(pieces @ _vectors(text).T).max(axis=1, initial=0.0) for text in texts]
    return any(float(each.min(initial=1.0)) >= least for each in best)


@lru_cache(maxsize=64)
def _vectors(text: str) -> Floats:
    """Those of the distinct words of a paper, shape [words, dimension]."""
    return bundled_encoder().units(np.unique(bundled_encoder().rows([text])[0]))[0]
