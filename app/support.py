"""Whether what is cited supports a sentence of an answer, in one language or across two.

Four checks, each of which can only object: every number and date of the sentence stands in what it
cites, so does every name, nothing that is said there is denied or the other way round, and its
words are met there. Words are compared by the bundled encoder, names also by the glossary. Across
languages, names beyond the glossary are not checked, and a denial only where one side denies
nothing at all.

It reads words, not arguments: who does what to whom, cause and effect, and a number that belongs
to another thing of the same quote go unnoticed. `python -m eval claims` says how often it errs.
"""

from __future__ import annotations

import re
from collections import defaultdict
from dataclasses import dataclass
from functools import cache, lru_cache
from pathlib import Path
from typing import Literal

import numpy as np

import index
from app.figures import figures, is_number
from index.encoder import Floats, bundled_encoder
from sources import language_of

Objection = Literal["number", "name", "negation", "words"]

GLOSSARY = Path(index.__file__).with_name("glossary.tsv")
# Cosines of words. COVERED_ACROSS is below 97 % of 499 translations of ntrex_zh_en, and above 84 %
# of their neighbours; the others were set by hand, and `python -m eval claims` measures them.
SAME_NAME = 0.4  # from which two words can be one name
SAME_WORD = 0.45  # from which a word is said in the quote
COVERED = 0.5  # the mean cosine below which the words are not met, in one language
COVERED_ACROSS = 0.28  # and across languages
DENIED = 2  # words after a negation that it denies

_NAME = re.compile(r"\b[A-Z][A-Za-zÀ-ÿ]*[A-Za-zÀ-ÿ]\b")
_SHORT = dict(zip("中美欧日韩英法德俄印澳加", (
    "中国", "美国", "欧盟", "日本", "韩国", "英国", "法国", "德国", "俄罗斯", "印度", "澳大利亚",
    "加拿大"), strict=True))  # fmt: skip
_SHORT_RUN = re.compile(rf"[{''.join(_SHORT)}]{{2,3}}(?=[自贸关两双数间等在的，、和与协三])")
_DENIALS = frozenset(
    "not no never nor neither none without cannot don doesn didn isn aren wasn weren won "
    "不 没有 没 未 无 并非 不再 不会 不能 不应 不得 不是 不必 无法 未能 从未 从不 不可 不予 "
    "拒绝 禁止".split()
)
# Words that deny something in one language where the other may say "not".
_DENIES = re.compile(
    r"\b(?:no|not|never|nor|neither|none|without|cannot|nothing|refus|reject|resist|den[iy]|fail|lack"
    r"|avoid|un(?=[a-z]{4})|stop|ban)|n't|n’t|less\b|[不没未无非否]|拒绝|禁止",
    re.IGNORECASE,
)
_WEIGHTLESS = frozenset(
    "is are was were be been being the a an of to in on at by for and or".split()
)


@dataclass(frozen=True, slots=True)
class _Text:
    """The words of a text that the encoder knows, their unit vectors [words, dimension], their
    weights [words], and which of them are denied [words]."""

    words: tuple[str, ...]
    units: Floats
    weights: Floats
    denied: tuple[bool, ...]


@lru_cache(maxsize=1024)  # a stream checks the same sentences again and again
def objections(claim: str, evidence: str) -> frozenset[Objection]:
    """What speaks against the evidence supporting the claim; empty when it is supported."""
    said, cited = _analyse(claim), _analyse(evidence)
    if not said.words or not cited.words:
        return frozenset({"words"})
    cosines = said.units @ cited.units.T
    found: set[Objection] = set()
    if figures(claim) - figures(evidence, loose=True):
        found.add("number")
    across = language_of(claim) != language_of(evidence)
    if _foreign_name(claim, evidence, across=across):
        found.add("name")
    if _contradicts(said, cited, cosines) and not (across and _both_deny(claim, evidence)):
        found.add("negation")
    # Numbers have been compared, and words such as trillion need not be met.
    weights = said.weights * np.array([not is_number(word) for word in said.words])
    met = float(cosines.max(axis=1) @ weights) / max(float(weights.sum()), 1e-9)
    if met < (COVERED_ACROSS if across else COVERED):
        found.add("words")
    return frozenset(found)


@lru_cache(maxsize=512)
def _analyse(text: str) -> _Text:
    encoder = bundled_encoder()
    known = encoder.words([text])[0]
    units, weights = encoder.units(known.rows)
    words = tuple(text[start:end].lower() for start, end in known.spans)
    gaps = [
        text[left[1] : right[0]] for left, right in zip(known.spans, known.spans[1:], strict=False)
    ]
    return _Text(words, units, weights, _denied(words, gaps))


def _denied(words: tuple[str, ...], gaps: list[str]) -> tuple[bool, ...]:
    """A negation denies the next words of its clause; 不仅 and "not only" deny nothing."""
    denied, left = [], 0
    for at, word in enumerate(words):
        if at and re.search(r"[，,。.；;：:]", gaps[at - 1]):
            left = 0
        if word in _DENIALS:
            only = words[at + 1 : at + 2] and words[at + 1] in ("only", "仅", "只")
            left, hit = (0 if only else DENIED), False
        else:
            counts = word not in _WEIGHTLESS and len(word) > (1 if word.isascii() else 0)
            hit = counts and left > 0
            left -= hit
        denied.append(hit)
    return tuple(denied)


def _contradicts(said: _Text, cited: _Text, cosines: Floats) -> bool:
    """Whether a word is denied on one side only; the first word of a denial decides."""
    here, there = np.array(said.denied), np.array(cited.denied)
    for at in np.flatnonzero(here & ~np.roll(here, 1)):
        same = cosines[at] >= SAME_WORD
        if same.any() and not (same & there).any():
            return True
    for at in np.flatnonzero(there & ~np.roll(there, 1)):
        same = cosines[:, at] >= SAME_WORD
        elsewhere = cosines[same][:, ~there] if same.any() else np.zeros((0, 0))
        if same.any() and not (same & here).any() and not (elsewhere >= SAME_WORD).any():
            return True
    return False


def _both_deny(claim: str, evidence: str) -> bool:
    return bool(_DENIES.search(claim) and _DENIES.search(evidence))


def _foreign_name(claim: str, evidence: str, *, across: bool) -> bool:
    """Whether the claim names someone or something that the evidence does not.

    Across languages only the names of the glossary count, and only if the evidence names another
    instead or they are acronyms: others have no known counterpart, and translations leave some out.
    """
    there, plain = _entities(evidence), evidence.lower()
    instead = not across or bool(there - _entities(claim))
    for surface, entity in _named(claim):
        if not (instead or surface.isupper()) or entity & there or surface.lower() in plain:
            continue
        if not _met(surface, evidence):
            return True
    if across:
        return False
    covered = " ".join(surface for surface, _ in _named(claim))
    for match in _NAME.finditer(claim):
        name = match[0]
        opens = not re.search(r"\w[^.!?。！？]*$", claim[: match.start()])
        if name in covered or name.lower() in plain or (opens and name[1:].islower()):
            continue
        if not figures(f"in {name}") and not _met(name, evidence):
            return True
    return False


def _met(name: str, evidence: str) -> bool:
    words, cited = _analyse(name), _analyse(evidence)
    if not words.words:
        return False
    return float((words.units @ cited.units.T).max(axis=1).max()) >= SAME_NAME


def _entities(text: str) -> frozenset[str]:
    return frozenset().union(*(entity for _, entity in _named(text, loose=True)))


def _named(text: str, *, loose: bool = False) -> list[tuple[str, frozenset[str]]]:
    """The names of the glossary in a text and all the ways to write them."""
    pattern, ways = _gazetteer()
    run = re.compile(_SHORT_RUN.pattern.partition("(?=")[0]) if loose else _SHORT_RUN
    text = re.sub(r"\b([A-Z])\.([A-Z])\.", r"\1\2", text)
    found = [(match[0], ways[match[0]]) for match in pattern.finditer(text)]
    full = [_SHORT[char] for match in run.finditer(text) for char in match[0]]
    return found + [(name, ways.get(name, frozenset({name}))) for name in full]


@cache
def _gazetteer() -> tuple[re.Pattern[str], dict[str, frozenset[str]]]:
    """A pattern of all names of the glossary, and for each the ways to write it, itself too."""
    ways: dict[str, set[str]] = defaultdict(set)
    for line in GLOSSARY.read_text("utf-8").splitlines():
        english, _, chinese = line.partition("\t")
        if english[:1].isupper() and chinese:
            chinese = re.sub(r"(?<=..)[的人]$", "", chinese)
            ways[english] |= {english, chinese}
            ways[chinese] |= {english, chinese}
    # One step further: "World Trade Organisation" is 世界贸易组织, and so is WTO.
    all_ways = {name: frozenset().union(*(ways[way] for way in own)) for name, own in ways.items()}
    longest = sorted(all_ways, key=len, reverse=True)
    pattern = "|".join(
        rf"\b{re.escape(n)}(?=s?\b)" if n.isascii() else re.escape(n) for n in longest
    )
    return re.compile(pattern), all_ways
