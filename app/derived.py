"""Figures that follow from others: rounded ones, differences, sums, shares and decades.

A sentence may say "ten more" of 76 and 86, "over a third" of 34 % and "the 1990s" of 1998 without
the evidence having that figure. What counts as following is what the sentence itself says was
done to the figures ("over", "together"), so that a changed figure does not follow by chance.
"""

from __future__ import annotations

import re
from itertools import combinations

from app.countries import countries
from app.figures import Figure, figures

_NUMERAL = r"[\d.一二三四五六七八九十百两]+"
_DIFFERENCE = re.compile(
    r"\b[\w.,%-]+(?: [a-z]+){0,2}? (?:more|fewer|less|higher|lower|later|earlier|years?|decades?)\b"
    r"|\b(?:all but|by|only|just|(?:the )?(?:remaining|rest)) [\w.%-]+"
    rf"|(?:[多少早晚高低](?:出|了|于)?|[净新]?增[加多]?了?|减少了?|其余|剩下|只有)\s*{_NUMERAL}\s?\w?"
    r"|[\d一二三四五六七八九十两]+多?年(?=之?[后前来间内多]|就|\W)",
    re.IGNORECASE,
)
_OTHERS = re.compile(
    r"\b(?:other|another) [\w-]+|\b[\w-]+ (?:others|more|other \w+)\b"
    rf"|(?:另外?|其[他它余])\s*{_NUMERAL}\s?\w?",
    re.IGNORECASE,
)
_SUM = re.compile(
    r"\b(?:together|combined|in total|in all|altogether|between them|jointly)\b"
    r"|合计|[一总]共|共(?=[有计达\d])|加起来|总计",
    re.IGNORECASE,
)
# Rounded down, up, or to either side.
_ROUGHLY = re.compile(
    r"(?:(?P<over>超过|超出|逾|多于|\b(?:more than|over|above|upwards of)\b)"
    r"|(?P<under>不到|不足|近|\b(?:under|below|less than|fewer than|nearly|almost)\b)"
    r"|约|大概|\b(?:about|around|roughly|some|approximately)\b)"
    r"\s*(?P<figure>[^，。；,;]{1,14})"
    rf"|(?P<least>{_NUMERAL}\s?[\w%]{{0,3}})"
    r"(?:以上|有余|之多|[多余](?=[个项家国种条名位人])|(?: or| and) (?:more|over)\b)",
    re.IGNORECASE,
)
_DECADE = re.compile(r"(?<!\d)(?:(?:19|20)?(\d0)['’]?s\b|(\d0|[一二三四五六七八九]十)\s*年代)")
YEARS = range(1500, 2100)  # which nobody rounds
THIRDS = (33.33, 66.67)  # per cent, as `figures` has them
FAR = 0.2  # how far a rounded figure may be off, of itself
COUNTED = 1000  # what is counted one by one, so that a share of it can be told


def derived(claim: str, evidence: str) -> set[Figure]:
    """The figures of a claim that follow from those of the evidence, as the claim says that they
    do; and how many lines it has, as in 两次 for what two quotes tell."""
    values = {value for _, value in figures(evidence, loose=True)}
    differ, others = _said(_DIFFERENCE, claim), _said(_OTHERS, claim)
    apart = {abs(one - other) for one in values for other in values} if differ | others else set()
    follows = {figure for figure in differ if figure[1] in apart}
    # Five others beside China are six.
    beside = range(1, 1 + max(1, len(countries(claim))))
    follows |= {(kind, n) for kind, n in others if n in apart or {n + k for k in beside} & values}
    if _SUM.search(claim):
        follows |= {("", one + other) for one, other in combinations(_counts(evidence), 2)}
    lines = len(evidence.splitlines())
    if lines > 1:
        follows.add(("", float(lines)))
    known = {*figures(evidence), *(("", value) for value in apart), *_shares(evidence)}
    return follows | _rounded(claim, known) | _decades(claim, values)


def _said(pattern: re.Pattern[str], claim: str) -> frozenset[Figure]:
    return frozenset[Figure]().union(*(figures(found[0]) for found in pattern.finditer(claim)))


def _shares(evidence: str) -> set[Figure]:
    """What share of the one each two counts are, and what is left of one that is told."""
    rest: set[Figure] = {(kind, 100 - value) for kind, value in figures(evidence) if kind == "%"}
    return rest | {("%", 100 * one / other) for one, other in combinations(_counts(evidence), 2)}


def _counts(evidence: str) -> list[float]:
    return sorted(value for kind, value in figures(evidence) if not kind and 0 < value < COUNTED)


def _rounded(claim: str, known: set[Figure]) -> set[Figure]:
    """The figures of a claim that it says are about, over or under one that is known, and the whole
    per cent that a share makes."""
    shares = [value for kind, value in known if kind == "%"]
    rounded: set[Figure] = {("%", float(f"{v:{to}}")) for v in shares for to in (".0f", ".4g")}
    for rough in _ROUGHLY.finditer(claim):
        over = bool(rough["over"] or rough["least"])
        rounded |= {
            (kind, value)
            for kind, value in figures(rough["figure"] or rough["least"])
            if value not in YEARS
            and any(
                kind == other and _is_rounded(value, near, over=over, under=bool(rough["under"]))
                for other, near in known
            )
        }
    return rounded


def _is_rounded(value: float, exact: float, *, over: bool, under: bool) -> bool:
    """Whether a figure is another to fewer digits, or to the next five: 30 or 35 of 34, not 33."""
    step, off = _step(value), exact - value
    if step <= _step(exact) or abs(off) > FAR * value:
        return False
    return 0 <= off < step if over else 0 <= -off < step if under else abs(off) <= step / 2


def _step(value: float) -> float:
    """What the last digit counts that is not 0, five times that if it is a 5 or all is thirds."""
    if value % 100 in THIRDS:
        return 5.0
    mantissa, exponent = f"{value:.6e}".split("e")
    digits = mantissa.replace(".", "").rstrip("0")
    return 10.0 ** (int(exponent) - len(digits) + 1) * (5 if digits.endswith("5") else 1)


def _decades(claim: str, values: set[float]) -> set[Figure]:
    """The decades of a claim in which a year of the evidence lies."""
    years = {value // 10 * 10 % 100 for value in values if value in YEARS}
    return {figure for figure in _said(_DECADE, claim) if figure[1] % 100 in years}
