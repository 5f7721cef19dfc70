"""Sections that a question asks for by what their heading says, in whatever words or language.

"What does the author suggest China do?" is answered by all of "5.2. 相关对策建议". The words of the
question are met by those of the heading as in late interaction, or by what both say a section
does: to recommend, to compare positions, to report progress. Knows nothing of answers.
"""

from __future__ import annotations

import re
from functools import lru_cache
from itertools import takewhile

import numpy as np

from index.aspects import DISAGREEMENT, OBSTACLES, STANCE, STATE
from index.encoder import Floats, bundled_encoder
from index.nearness import Positions
from sources import Document, Section

MET = 0.6  # the share of the question that the heading has to meet
LEAST, NAMED = 0.3, 0.6  # how well it has to meet each word, and one in capitals, which is a name
OWN, ELSE = 0.3, 0.3
MOST_WORDS = 5  # more of them ask for something in the section, not for the whole

# What sections of papers do, as questions and headings call it.
_ROLES = tuple(
    re.compile(pattern, re.IGNORECASE)
    for pattern in (
        r"(?:政策|对策)?建议|对策|启示|该怎么[办做]|出路"
        r"|(?:policy )?(?:recommend|suggest|propos|advi[cs]|implication)\w*"
        r"|should\b.*\bdo\b",
        STANCE,
        rf"不同|异同|争议|diverge\w*|divi(?:ded|sions?)\b|{DISAGREEMENT}",
        rf"挑战|困难|困境|面临|面对|challeng\w*|hurdle\w*|fac(?:es?|ing|ed)\b|{OBSTACLES}",
        rf"成果|成就|{STATE}",
        r"背景|缘起|由来|background",
        r"成员方?|各方|各国|主要(?:国家|经济体)|econom(?:y|ies)\b|players?\b|part(?:y|ies)\b|members?\b|countries\b",
        r"立法|法律|法规|legislat\w*|laws?\b",
        r"方法|method\w*|approach\b",
        r"局限|不足|limitation\w*|shortcoming\w*",
        r"数据来源|data ?sets?\b",
        r"结果|发现|results?\b|findings?\b",
        r"展望|未来|前景|outlook|prospects?\b|future",
    )
)
# Questions for the whole of something, and those for one thing in it.
_WHOLE = re.compile(
    r"哪些|什么|有何|如何|怎么?样|怎么[办做]|\bwhat\b|\bwhich\b|\bwho are\b|\bhow do\b", re.I
)
_ONE = re.compile(
    r"\d|为什么|为何|多少|几(?![条点大])|谁|何时|时候|哪[一年个国家]|哪里|是不是|是否|吗|\bwhy\b|\bwhen\b|\bwhere\b|"
    r"\bhow (?:many|much|long|often)\b|\bwho (?!are)|\bwhich \w+ (?:is|was|has|does|did)\b",
    re.IGNORECASE,
)
_ASKS = re.compile(r"吗|哪|为[什何]|\b(?:how|where|why|has|have|is|are)\b", re.IGNORECASE)
# Words that say nothing of what is asked about.
_PLAIN = re.compile(
    r"作者|论文|文章|本文|文中|认为|觉得|[提给有做向对为]了?出?|应该?|需要|可以|能|哪些?|什么|有何|如何|怎么?样?|怎么|办|"
    r"吗|呢|的|了|是|在|和|与|及|等|个|条|点|方面|地方|里|中|分别|持|各|主要|重要|具体|目前|现在|最后|最终|提出|一些|"
    r"what|which|who|how|are|is|was|were|the|an?|does|do|did|has|have|had|been|be|made?|authors?|paper|article|"
    r"should|would|could|can|of|to|for|in|on|at|and|or|they|it|its|their|there|any|some|by|that|this|"
    r"these|those|with|from|about|main|major|key|say|says|said|give|gives|given|offer|far|so|still|get|gets|got|yet|now|finally|"
    r"[^\w]|s",
    re.IGNORECASE,
)


def overview(question: str, document: Document) -> tuple[list[Section], float]:
    """The section that answers as a whole, with those below it, and the share of the question
    that its heading meets; no section for a question that asks for one thing."""
    roles = _roles(question)
    other = question
    for start, end, _ in roles:
        other = f"{other[:start]}{'_' * (end - start)}{other[end:]}"
    if not (_WHOLE.search(question) or (roles and _ASKS.search(question))) or _ONE.search(other):
        return [], 0.0
    words = bundled_encoder().words_of(question)
    in_role = [any(start < b and a < end for a, b, _ in roles) for start, end in words.spans]
    kept = [
        at
        for at, (start, end) in enumerate(words.spans)
        if in_role[at] or not _PLAIN.fullmatch(question[start:end])
    ]
    beside = sum(not in_role[at] for at in kept)
    if not kept or beside + len(_named(question)) > MOST_WORDS or not document.sections:
        return [], 0.0
    named = question[words.spans[kept[0]][0] : words.spans[kept[-1]][1]]
    one = len(kept) == 1 or (named.isascii() and named.isalnum())
    if one and not _roles(question):
        return [], 0.0  # "what is X?": headings name much that they do not explain
    units, norms = bundled_encoder().units(words.rows[kept])
    spans = [words.spans[at] for at in kept]
    least = [NAMED if question[a:b].isupper() and b - a > 2 else LEAST for a, b in spans]
    titles = tuple(section.title for section in document.sections)
    owns = _met(question, spans, units, titles)
    within = tuple(" ".join(section.path) for section in document.sections)
    paths = np.maximum(owns, _met(question, spans, units, within))
    fits = []
    for at, (section, own, path) in enumerate(zip(document.sections, owns, paths, strict=True)):
        met = min(float(path @ norms / norms.sum()), 1.0)
        asked, told = _named(question), _named(section.title)
        if met < MET or (path < least).any() or (asked and not asked & told):
            continue
        # Of headings that meet as much, the one that says it itself and says little else.
        fit = met + OWN * float(own @ norms / norms.sum()) - ELSE * len(told - asked)
        fits.append((fit, -len(section.title), at, met))
    if not fits:
        return [], 0.0
    *_, at, met = max(fits)
    found, *others = document.sections[at:]
    return [found, *takewhile(lambda other: other.level > found.level, others)], met


def same_role(question: str, text: str) -> bool:
    """Whether a text speaks of what the question wants a section to do."""
    return bool(_named(question) & _named(text))


def _met(
    question: str, spans: list[tuple[int, int]], units: Floats, headings: tuple[str, ...]
) -> Floats:
    """How well each word is met by each heading, shape [headings, words]."""
    known, firsts = _units(headings)
    met = np.maximum.reduceat(known @ units.T, firsts, axis=0)
    asked = [
        (at, role)
        for at, (start, end) in enumerate(spans)
        for a, b, role in _roles(question)
        if start < b and a < end
    ]
    for own, heading in zip(met, headings, strict=True):
        told = _named(heading)
        own[[at for at, role in asked if role in told]] = 1.0
    return np.asarray(met, np.float32)


def _named(text: str) -> set[int]:
    return {role for _, _, role in _roles(text)}


@lru_cache(maxsize=256)
def _units(headings: tuple[str, ...]) -> tuple[Floats, Positions]:
    """The vectors of the words of headings, with one that is like none after each heading, and
    where each begins."""
    rows = bundled_encoder().rows(headings)
    words = [np.pad(bundled_encoder().units(each)[0], ((0, 1), (0, 0))) for each in rows]
    lengths = np.array([len(each) for each in words])
    return np.concatenate(words), np.cumsum(lengths) - lengths


@lru_cache(maxsize=4096)
def _roles(text: str) -> tuple[tuple[int, int, int], ...]:
    """Where a text says what a section does, and which of _ROLES it is."""
    return tuple(
        (*found.span(), role)
        for role, pattern in enumerate(_ROLES)
        for found in pattern.finditer(text)
    )
