"""Who comes before whom, and what replaces what: whether two texts have it the other way round.

Patterns for Chinese and English. Those who are ranked are countries and others that have names, in
whatever language; what is replaced is compared by the bundled encoder. What is said in other words
is not found.
"""

from __future__ import annotations

import re
from functools import lru_cache
from itertools import combinations

from app.countries import named_countries
from app.names import find_names, gazetteer
from app.negation import coverage

APART = 0.2  # how much nearer the other one has to be, a mean cosine

Pair = tuple[str, str]

_SAME = r"[^，。；：,;:!?！？]"  # within a clause
_ZH = r"[^，。；：,;:!?！？<不没未非]"  # that denies nothing
_EN = r"(?:(?!\bnot\b|n['’]t\b|\bnever\b)[^.:;?<])"
_C = r"<(?P<{}>[^<>]+)>"  # a country or another name, see `_marked`
_MORE = r"[多高大强快好]|领先|靠前|先进"
_LESS = r"[少低小弱慢差]|落后|靠后"
_FIRST = r"独占鳌头|居首|首位|第一|最多|最高|最强|最大|领先|领跑"
_SECOND = r"紧随其后|次之|其次|第二|居次|落后"
_LEADS = (
    r"\b(?:lead\w*|(?:is|are|was|were|ranks?|comes?|came) (?:first|ahead)|tops?"
    r"|(?:has|have|had) the most)\b"
)
_TRAILS = r"\b(?:second|behind|next|follow\w*|runner-up|trail\w*)\b"
_OVER = (
    r"\b(?:ahead of|more\b[^.<]{0,40}? than|outrank\w*|surpass\w*|overt[ao]\w*|exceed\w*"
    r"|(?:high|larg|bigg|strong|fast|great)er\b[^.<]{0,30}? than) (?:the )?"
)
_UNDER = (
    r"\b(?:behind|(?:less|fewer)\b[^.<]{0,40}? than|trail\w*"
    r"|(?:low|small|weak|slow)er\b[^.<]{0,30}? than) (?:the )?"
)


def _ranks(*patterns: str) -> list[re.Pattern[str]]:
    """Patterns in which countries are called HIGH and LOW."""
    for name in ("high", "low"):
        patterns = tuple(each.replace(name.upper(), _C.format(name)) for each in patterns)
    return [re.compile(pattern, re.IGNORECASE) for pattern in patterns]


_RANKED = _ranks(
    rf"HIGH{_ZH}{{0,12}}?(?:超过|超越|领先于?|[高多大强快优]于|胜过|赶超)了?LOW",
    rf"HIGH{_ZH}{{0,6}}?比LOW(?:(?!{_LESS}){_ZH}){{0,10}}?(?:{_MORE})",
    rf"LOW{_ZH}{{0,12}}?(?:落后于|[低少小弱慢]于|不如|不及)HIGH",
    rf"LOW{_ZH}{{0,6}}?比HIGH(?:(?!{_MORE}){_ZH}){{0,10}}?(?:{_LESS})",
    rf"HIGH{_ZH}{{0,10}}?(?:{_FIRST})[^。<]{{0,12}}[，；]{_ZH}{{0,6}}LOW{_ZH}{{0,6}}?(?:{_SECOND})",
    rf"HIGH{_EN}{{0,60}}?{_OVER}LOW",
    rf"LOW{_EN}{{0,60}}?{_UNDER}HIGH",
    rf"HIGH{_EN}{{0,30}}?{_LEADS}[^.<]{{0,60}}?LOW[^.<]{{0,20}}?{_TRAILS}",
    rf"HIGH{_EN}{{0,60}}?\bfollowed (?:closely )?by (?:the )?LOW",
)
_TOP = _ranks(
    rf"最[多高大强]的{_ZH}{{0,8}}?是HIGH",
    rf"HIGH{_ZH}{{0,10}}?(?:最[多高大强](?!的[^，。？])|排?名?第一|居首)",
    rf"HIGH{_EN}{{0,30}}?\b(?:the most|top of|(?:rank|come|is)\w* first)\b",
)
_WHO = re.compile(r"[哪谁]|\b(?:which|who)\b(?! (?:is|are|was)\b)", re.IGNORECASE)
# What is told one after the other in the order of its rank: A, B and C come first to third.
_LISTED = re.compile(
    r"<[^<>]+>(?:(?:[、和与及]|以及|,? (?:and )?)<[^<>]+>)+"
    rf"(?={_ZH}{{0,2}}?(?:分列|分居|依次)|[^.<>]{{0,40}}\b(?:in (?:that|this) order|respectively))",
    re.IGNORECASE,
)
_REPLACING = re.compile(
    r"[取代替]{2}|替换|[由从].{2,20}[向到变转换改]|replac|\bfrom\b|\bprefer",
    re.IGNORECASE,
)
_REPLACED = [
    re.compile(pattern, re.IGNORECASE)
    for pattern in (
        rf"[用以拿](?P<new>{_SAME}{{2,16}}?)[来去]?(?:取代|代替|替代|替换)了?(?P<old>{_SAME}{{2,16}})",
        rf"[由从](?P<old>{_SAME}{{2,16}}?)(?:[向到]|[变转换改][为成向])(?P<new>{_SAME}{{2,16}})",
        rf"(?P<old>{_SAME}{{2,16}}?)(?:为什么|为何|怎么)?被(?P<new>{_SAME}{{2,16}}?)[取代替]+",
        rf"(?P<new>{_SAME}{{2,16}}?)(?:取代|代替|替代)了?(?P<old>{_SAME}{{2,16}})",
        r"replac\w+ (?P<old>[\w' -]{3,40}?) (?:by|with) (?P<new>[\w' -]{3,40})",
        r"(?P<old>[\w' -]{3,40}?)(?: was| were| been|) replaced by (?P<new>[\w' -]{3,40})",
        r"(?P<new>[\w' -]{3,40}?)(?: came| come|) (?:to )?replac\w+ (?P<old>[\w' -]{3,40})",
        r"prefer\w* (?:to use )?(?:the )?(?:(?:term|word|concept|idea) )?(?:of )?"
        r"(?P<new>[\w' -]{3,40}?) (?:to|over|rather than) (?P<old>[\w' -]{3,40})",
        r"\bfrom (?P<old>[\w' -]{3,40}?) to (?P<new>[\w' -]{3,40})",
    )
]


def reversed_in(claim: str, evidence: str) -> bool:
    """Whether the evidence says the opposite of who comes first, or of what replaces what."""
    if not relates(claim):
        return False
    told = _ranked(evidence)
    if any((low, high) in told for high, low in _ranked(claim)):
        return True
    tops = {*_tops(claim)}
    if any(low in tops for _, low in told) or (tops and tops.isdisjoint(_tops(evidence) or tops)):
        return True
    replaced = _replaced(evidence)
    return any(_swapped(ours, theirs) for ours in _replaced(claim) for theirs in replaced)


@lru_cache(maxsize=1024)
def relates(text: str) -> bool:
    """Whether a text says who comes first or what replaces what."""
    return bool(_ranked(text) or _tops(text) or _replaced(text))


@lru_cache(maxsize=1024)
def _ranked(text: str) -> tuple[Pair, ...]:
    """Pairs of names of which the first comes before the second."""
    if len(_named(text)) < 2:  # most texts have no use for the patterns, which are slow
        return ()
    marked = _marked(text)
    pairs = [(m["high"], m["low"]) for each in _RANKED for m in each.finditer(marked)]
    for listed in _LISTED.finditer(marked):
        pairs += combinations(re.findall("<([^<>]+)>", listed[0]), 2)
    return tuple(pairs)


@lru_cache(maxsize=1024)
def _tops(text: str) -> tuple[str, ...]:
    """Who comes first of all; nobody where that is what is asked."""
    if not _named(text) or _WHO.search(text):
        return ()
    marked = _marked(text)
    return tuple(match["high"] for pattern in _TOP for match in pattern.finditer(marked))


@lru_cache(maxsize=1024)
def _replaced(text: str) -> tuple[Pair, ...]:
    """What is new and what it replaces, as the first pattern that fits has it."""
    if not _REPLACING.search(text):
        return ()
    for pattern in _REPLACED:
        if found := tuple((match["new"], match["old"]) for match in pattern.finditer(text)):
            return found
    return ()


@lru_cache(maxsize=1024)
def _named(text: str) -> tuple[tuple[int, int, str], ...]:
    """Where a text names countries, institutions and companies, and each by one of its names."""
    found = [(start, end, str(country)) for start, end, country in named_countries(text)]
    taken = [(start, end) for start, end, _ in found]
    for start, end in find_names(text):
        if not any(a < end and start < b for a, b in taken):
            found.append((start, end, min(gazetteer()[text[start:end]])))
    return tuple(sorted(found))


def _marked(text: str) -> str:
    """The text with each name as <it>, whatever it is called."""
    marked, done = "", 0
    for start, end, name in _named(text):
        marked, done = f"{marked}{text[done:start]}<{name}>", end
    return marked + text[done:]


def _swapped(ours: Pair, theirs: Pair) -> bool:
    (new, old), (their_new, their_old) = ours, theirs
    return (
        coverage(new, their_old) - coverage(new, their_new) >= APART
        and coverage(old, their_new) - coverage(old, their_old) >= APART
    )
