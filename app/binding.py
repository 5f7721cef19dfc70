"""Whether a claim says of one thing what its evidence says of another.

Each number, date and name of the claim may stand in the evidence and still belong to something
else there: "in 2019, 71 members" where 71 signed in 2018 and 76 in 2019. Values are compared
across languages; what is said of them, by the bundled encoder.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache
from itertools import combinations

from app.countries import countries, named_countries
from app.figures import figures, is_number
from app.names import ACRONYM
from app.negation import CONTENT, analyse, coverage
from sources import split_sentences

# How much better what a claim says has to be met beside another value, a mean cosine, and how many
# words of content a clause and a part need to be compared: a line with a date belongs to nothing.
# Set with the dev half of our claims and three quarters of ntrex_zh_en, numbers exchanged.
BETTER = 0.1
SAYING, TELLING = 2, 3
COUNTED = ("year", "number", "%")  # names are often left out where they are understood

Value = tuple[str, float | str]
"""What kind of value it is, and which one: ("year", 2019), ("country", 3), ("acronym", "RCEP")."""

_PART = re.compile(r"[；;]")
_CLAUSE = re.compile(r"(?<=[，；;。！？!?])|(?<=[,.])(?= )")
_COMPARED = re.compile(  # what is said of one time and mentions another
    r"\b(?:after|since|before|until|than|from)\b|以来|[以之]?[前后]|[自从比]", re.IGNORECASE
)


def misattributed(claim: str, evidence: str) -> bool:
    """Whether a value of the claim belongs to something else in the evidence: two of them are
    crossed, or a clause is met much better beside another value of the same kind."""
    sentences = (evidence[a:b] for a, b in split_sentences(evidence))
    parts = [part for sentence in sentences for part in _PART.split(sentence)]
    mine = _values(claim)
    if any(_contrasted(claim, part) for part in parts):
        return True
    return crossed(claim, parts) or any(
        _better_elsewhere(claim, clause, value, mine, parts)
        for clause in _CLAUSE.split(claim)
        for value in _values(clause)
        if value[0] in COUNTED
    )


def _contrasted(claim: str, part: str) -> bool:
    """Whether a claim that says one thing of one country and another of a second has them the other
    way round: each clause, less its country, is met better in that on the other country."""
    mine, theirs = (_of_one_country(text) for text in (claim, part))
    for one, other in combinations(mine.keys() & theirs.keys(), 2):
        straight = coverage(mine[one], theirs[one]) + coverage(mine[other], theirs[other])
        swapped = coverage(mine[one], theirs[other]) + coverage(mine[other], theirs[one])
        if swapped - straight >= BETTER:
            return True
    return False


def _of_one_country(text: str) -> dict[int, str]:
    """The clauses that name one country, which no other clause does, without its name."""
    clauses: dict[int, list[str]] = {}
    for clause in _CLAUSE.split(text):
        if len(countries(clause)) == 1:
            clauses.setdefault(next(iter(countries(clause))), []).append(_without_countries(clause))
    return {country: said[0] for country, said in clauses.items() if len(said) == 1}


def _without_countries(clause: str) -> str:
    for start, end, _ in reversed(named_countries(clause)):
        clause = clause[:start] + clause[end:]
    return clause


def crossed(claim: str, parts: Sequence[str]) -> bool:
    """Whether two values of the claim never stand in one part of the evidence, and each has another
    of the other's kind beside it. Parts are sentences, or what semicolons part in them."""
    mine = _values(claim)
    if len({kind for kind, _ in mine}) < 2 or _COMPARED.search(claim):
        return False
    return any(_crossed(one, other, mine, parts) for one, other in combinations(mine, 2))


def _crossed(one: Value, other: Value, mine: frozenset[Value], parts: Sequence[str]) -> bool:
    """Whether each of two values of a claim has another of the other's kind, in all its parts."""
    ones = [part for part in parts if one in _values(part, loose=True)]
    others = [part for part in parts if other in _values(part, loose=True)]
    return (
        one[0] != other[0]
        and bool(ones and others)
        and not set(ones) & set(others)
        and all(_rivalled(other, mine, part) for part in ones)
        and all(_rivalled(one, mine, part) for part in others)
    )


def _better_elsewhere(
    claim: str, clause: str, value: Value, mine: frozenset[Value], parts: Sequence[str]
) -> bool:
    """Whether a clause, and all of the claim, is met better beside another value than its own."""
    here = [part for part in parts if value in _values(part, loose=True)]
    there = [part for part in parts if part not in here and _rivalled(value, mine, part)]
    if not here or not there or _content(clause) < SAYING or min(map(_content, here)) < TELLING:
        return False
    return all(
        max(coverage(said, part) for part in there)
        >= BETTER + max(coverage(said, part) for part in here)
        for said in (clause, claim)
    )


def _rivalled(value: Value, mine: frozenset[Value], part: str) -> bool:
    """Whether a part of the evidence has another value of the same kind that the claim has not."""
    return any(kind == value[0] for kind, _ in _values(part) - mine)


def _content(text: str) -> int:
    """How many words of content a text has, beside numbers."""
    words = analyse(text)
    telling = zip(words.words, words.weights, strict=True)
    return sum(weight >= CONTENT and not is_number(word) for word, weight in telling)


@lru_cache(maxsize=4096)
def _values(text: str, *, loose: bool = False) -> frozenset[Value]:
    """The values of a text; `loose` as in `figures`."""
    found: set[Value] = {(_kind(*figure), figure[1]) for figure in figures(text, loose=loose)}
    found |= {("country", country) for country in countries(text)}
    return frozenset(found | {("acronym", name) for name in ACRONYM.findall(text)})


def _kind(kind: str, value: float) -> str:
    return kind or ("year" if 1900 <= value <= 2100 and value.is_integer() else "number")
