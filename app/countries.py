"""Countries in a text, whatever they are called in Chinese or in English.

`countries.tsv` has their names and their capitals, which stand for governments; letters such as 美
and 欧 stand for some, too, in 美欧 or 美方.
"""

from __future__ import annotations

import re
from functools import cache, lru_cache
from pathlib import Path

COUNTRIES = Path(__file__).with_name("countries.tsv")
LETTERS = "美中欧英日韩俄印德法加墨澳越"  # that stand for countries in 美墨加 or 中方
SIDE = re.compile(rf"[{LETTERS}]方(?![面向案式法便针程位])")

_ABBREVIATED = re.compile(rf"[{LETTERS}]{{2,}}")  # 美墨加, 中日韩


@lru_cache(maxsize=4096)
def countries(text: str) -> frozenset[int]:
    """The countries that a text mentions, as lines of `countries.tsv`."""
    short = (abbreviated()[letter] for run in _ABBREVIATED.findall(text) for letter in run)
    return frozenset([*(country for _, _, country in named_countries(text)), *short])


def abbreviation(question: str, text: str) -> str:
    """How a text names together the countries that a question names one by one, such as 美日; ""
    where it does not, or the question does so, too."""
    asked = countries(question)
    ways = [run for run, meant in _runs(text) if meant == asked]
    return "" if any(run in question for run in ways) else next(iter(ways), "")


@lru_cache(maxsize=4)
def _runs(text: str) -> tuple[tuple[str, frozenset[int]], ...]:
    """The abbreviations of several countries in a text, those first that come first."""
    runs = dict.fromkeys(_ABBREVIATED.findall(text))
    return tuple((run, frozenset(abbreviated()[letter] for letter in run)) for run in runs)


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
    chinese = chinese.replace("美国", "(?<![北南拉])美国")  # 北美国家 are North American countries
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
