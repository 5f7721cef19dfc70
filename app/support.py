"""Whether what is cited supports a sentence of an answer, in one language or across two.

Five checks, each of which can only object: every number and date of the sentence stands in what it
cites, so does every name, none of them belongs to something else there (`app.binding`,
`app.relations`), nothing that is said there is denied or the opposite (`app.negation`), and its
words are met there. Words are compared by the bundled encoder, names also by the glossary and the
table of countries; of others, Chinese evidence need not have those of an English claim.

It reads words, not arguments: who does what to whom, cause and effect, and what belongs to another
thing of the same sentence go unnoticed. `python -m eval claims` says how often it errs.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Literal

from app.analysed import bigrams
from app.binding import misattributed
from app.countries import LETTERS, SIDE, abbreviated, table
from app.derived import derived
from app.figures import figures
from app.names import find_names, gazetteer, spelt
from app.negation import analyse, contradicts, coverage
from app.relations import reversed_in
from sources import language_of

Objection = Literal["number", "name", "binding", "negation", "words"]

# Cosines of words, all set with `python -m eval claims`: COVERED_ACROSS on translations of
# ntrex_zh_en and their neighbours, the others on the dev half of our claims.
SAME_NAME = 0.6  # from which two words can be one name
COVERED = 0.5  # the mean cosine below which the words are not met, in one language
COVERED_ACROSS = 0.28  # and across languages

_ADDRESS = re.compile(r"(?:https?://|www\.)[^\s，。；）)\]]*[\w/]|[\w.+-]+@[\w-]+\.\w+", re.I)
_NAME = re.compile(r"(?<![A-Za-zÀ-ÿ])[A-Z][A-Za-zÀ-ÿ]*[A-Za-zÀ-ÿ](?![A-Za-zÀ-ÿ])")
_TITLE = re.compile("《([^》]{2,})》")
_CURRENCY = re.compile(r"\b[A-Z][A-Za-z.]+ dollars?|US\$|[美欧日加澳韩]元")
_SHORT_RUN = re.compile(
    rf"(?!法中(?![两关双]))[{LETTERS}]{{2,3}}(?=[自贸关两双数间等在的，、和与协三])"
)


@lru_cache(maxsize=1024)  # a stream checks the same sentences again and again
def objections(claim: str, evidence: str) -> frozenset[Objection]:
    """What speaks against the evidence supporting the claim; empty when it is supported."""
    if not analyse(claim).words or not analyse(evidence).words:
        return frozenset({"words"})
    found: set[Objection] = set()
    if figures(claim) - figures(evidence, loose=True) - derived(claim, evidence):
        found.add("number")
    across = language_of(claim) != language_of(evidence)
    addresses = set(_ADDRESS.findall(claim)) - set(_ADDRESS.findall(evidence))
    if addresses or _foreign_name(claim, evidence, across=across):
        found.add("name")
    if misattributed(claim, evidence) or reversed_in(claim, evidence):
        found.add("binding")
    if contradicts(claim, evidence):
        found.add("negation")
    # Numbers have been compared, and words such as trillion need not be met.
    if coverage(claim, evidence) < (COVERED_ACROSS if across else COVERED):
        found.add("words")
    return frozenset(found)


def _foreign_name(claim: str, evidence: str, *, across: bool) -> bool:
    """Whether the claim names someone or something that the evidence does not.

    Across languages only names of both tables count, and only if the evidence names another
    instead or they are acronyms: others have no known counterpart, and translations leave some out.
    """
    if not across and any(_is_strange(title, evidence) for title in _TITLE.findall(claim)):
        return True
    named, there = _named(claim), _entities(evidence)
    capitals = {name for _, towns in table() for name in towns}
    here = frozenset().union(*(entity for surface, entity in named if surface not in capitals))
    instead = not across or any(not entity & here for _, entity in _named(evidence, loose=True))
    for surface, entity in named:
        if not (instead or surface.isupper()) or entity & there:
            continue
        if not any(spelt(way, evidence) for way in entity) and not _met(surface, evidence):
            return True
    if across and language_of(claim) == "en":
        return False  # Chinese evidence has most names in characters, but not the other way round
    return any(_unmet(match, evidence) for match in _NAME.finditer(claim))


def _is_strange(title: str, evidence: str) -> bool:
    """Whether the evidence has no two characters in a row of a title, nor its like."""
    return not {*bigrams(title)}.intersection(bigrams(evidence)) and not _met(title, evidence)


def _unmet(match: re.Match[str], evidence: str) -> bool:
    """Whether a capitalised word is a name that the evidence does not have."""
    name, claim = match[0], match.string
    opens = not re.search(r"\w[^.!?。！？]*$", claim[: match.start()])
    if name.lower() in evidence.lower() or (opens and name[1:].islower()):
        return False
    if any(name in surface for surface, _ in _named(claim)) or figures(f"in {name}"):
        return False
    if name.isupper() and name in "".join(re.findall(r"(?<![A-Za-z])[A-Za-z]", evidence)).upper():
        return False  # its letters begin words that follow each other
    return not _met(name, evidence)


def _met(name: str, evidence: str) -> bool:
    words, cited = analyse(name), analyse(evidence)
    if not words.words:
        return False
    return float((words.units @ cited.units.T).max(axis=1).mean()) >= SAME_NAME


def _entities(text: str) -> frozenset[str]:
    return frozenset().union(*(entity for _, entity in _named(text, loose=True)))


def _named(text: str, *, loose: bool = False) -> list[tuple[str, frozenset[str]]]:
    """The names of both tables in a text and all the ways to write them."""
    ways = gazetteer()
    run = re.compile(_SHORT_RUN.pattern.partition("(?=")[0]) if loose else _SHORT_RUN
    text = re.sub(r"\b([A-Z])\.([A-Z])\.", r"\1\2", _CURRENCY.sub("", text))
    found = [(text[a:b], ways[text[a:b]]) for a, b in find_names(text)]
    letters = [letter for match in run.finditer(text) for letter in match[0]]
    letters += [match[0][0] for match in SIDE.finditer(text)]
    full = [table()[abbreviated()[letter]][0][0] for letter in letters]
    return found + [(name, ways[name]) for name in full]
