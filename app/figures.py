"""The numbers and dates in a text, the same however they are written.

25.6 万亿, 25.6 trillion and 25,600 billion are one number; 百分之三十四, 34% and 34 percent are one
share; July, 7 月 and 七月 are one month. Rules for Chinese and English; knows nothing of units
beyond that, so 71 members and 71 dollars are the same 71.
"""

from __future__ import annotations

import re
from typing import Literal

from index.lexical import normalise

Kind = Literal["", "%", "month"]
Figure = tuple[Kind, float]

_UNITS = (
    "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen "
    "fifteen sixteen seventeen eighteen nineteen"
).split()
_TENS = "twenty thirty forty fifty sixty seventy eighty ninety".split()
_WORDS = {word: value for value, word in enumerate(_UNITS)}
_WORDS |= {word: 10 * value for value, word in enumerate(_TENS, 2)}
_ORDINALS = {
    word: value
    for value, word in enumerate(
        "second third fourth fifth sixth seventh eighth ninth tenth eleventh twelfth".split(), 2
    )
}
# "one" is too often no number, and "second" another.
_STRICT = {word: value for word, value in (_WORDS | _ORDINALS).items()
           if value > 1 and word != "second"}  # fmt: skip
MONTHS = {  # by name and abbreviation
    name: number
    for number, names in enumerate(
        "january|jan february|feb march|mar april|apr may june|jun july|jul august|aug "
        "september|sept|sep october|oct november|nov december|dec".split(),
        1,
    )
    for name in names.split("|")
}
_SCALES = {
    "万亿": 1e12, "兆": 1e12, "trillion": 1e12, "tn": 1e12, "亿": 1e8, "billion": 1e9, "bn": 1e9,
    "百万": 1e6, "million": 1e6, "千万": 1e7, "万": 1e4, "thousand": 1e3, "千": 1e3,
    "hundred": 1e2, "百": 1e2,
}  # fmt: skip
_DIGITS = {char: value for value, char in enumerate("零一二三四五六七八九")} | {"〇": 0, "两": 2}
_PLACES = {"十": 10, "百": 100, "千": 1000}

_WORD = "|".join(_UNITS[1:] + _TENS)
_SPELT = re.compile(rf"\b(?P<tens>{'|'.join(_TENS)})[\s-](?P<ones>{'|'.join(_UNITS[1:10])})\b")
_SINGLE = re.compile(rf"\b(?:{_WORD})\b|\b(?:{'|'.join(_ORDINALS)})\b(?! (?:half|to only)\b)")
_ONE_SCALE = re.compile(r"\b(?:an?|one) (?=(?:hundred|thousand|million|billion|trillion)\b)")
_YEAR = re.compile(r"[〇零一二三四五六七八九]{4}(?=年)")
_COUNTED = r"(?=[个項项国家种條条次年月日号届份名位成倍章节人类類部组組方点大期天座所间])"
_HAN = r"[一二两三四五六七八九]"
_NUMERAL = re.compile(
    rf"(?<=百分之)[一二三四五六七八九十百零两]+|(?<=分之)[二三四五六七八九十]"
    rf"|{_HAN}[百千][一二三四五六七八九十百零]*"
    rf"|(?<!数){_HAN}?十(?![字足几指多]|分[^之]){_HAN}?|[二三四五六七八九](?=[万亿])"
    rf"|(?<=前)(?!二[天年])[二三四五六七八九]|(?<=第)[三四五六七八九]"
    rf"|(?<![周期第])(?<![这那](?=两))(?![两二][国方人])[二两三四五六七八九]{_COUNTED}"
)
_LOOSE = re.compile(r"(?!百分之)[一二两三四五六七八九十百零]+")
_IMPLIED = {"both": 2, "twice": 2, "double": 2, "pair": 2, "couple": 2, "either": 2, "trio": 3,
            "triple": 3, "dozen": 12, "decade": 10, "decades": 10, "century": 100}  # fmt: skip
_IMPLIED |= {"双方": 2, "双边": 2}
_IMPLYING = re.compile(rf"(?<![a-z])(?:{'|'.join(_IMPLIED)})(?![a-z])")
_VERBS = "march|may"  # months only beside what dates have
_MONTH_NAME = re.compile(
    rf"\b(?:(?:{'|'.join(name for name in MONTHS if name not in _VERBS)})\b\.?"
    rf"|(?:{_VERBS})(?= \d)|(?<=\bin )(?:{_VERBS})|(?<=\d )(?:{_VERBS}))"
)
_ANY_MONTH = re.compile(rf"\b(?:{'|'.join(MONTHS)})\b\.?")
_SHARES = (  # not the second half of a game or of a month
    (re.compile(r"(?<!first )(?<!second )(?<!top )\bhalf\b|一半|半数|二分之一"), " 50%"),
    (re.compile(r"\b(?:a|1|one) quarter\b|四分之一"), " 25%"),
    (re.compile(r"\b(?:three|3) quarters\b|四分之三"), " 75%"),
)
_PART = "|".join(["third", *list(_ORDINALS)[2:]])  # three fifths, a third of, one in ten, 五分之一
_FRACTIONS = (
    re.compile(rf"\b(?P<some>{_WORD}|a(?= \w+ of))[ -](?P<of>{_PART})s?\b"),
    re.compile(rf"\b(?P<some>{_WORD}|\d) (?:in|out of)(?: every)? (?P<of>{_WORD}|\d+)\b(?! \w+月)"),
    re.compile(rf"(?P<of>{_HAN}|十)分之(?P<some>{_HAN})"),
)
_LOOSE_SHARES = ((re.compile(r"\bhalf\b|半"), " 50%"),)
_DATE = re.compile(r"\b((?:19|20)\d\d)[-/.](\d{1,2})[-/.](\d{1,2})\b")
_DECADE = re.compile(  # 20 世纪 30 年代, the 1930s and 30 年代 without a century are alike
    r"\d\d\s*世纪\s*(\d0)(?=\s*年代)|\b(?:19|20)(\d0)(?=s\b|\s*年代)"
)
_MILLIONS = re.compile(r"(?<=[£$€])(\d+(?:\.\d+)?)m\b")  # £125m, but not 125 m
_SEASON = re.compile(r"(?<!\d)((?:19|20)\d\d)[-–—/](\d\d)(?![-–—/\d])")  # 2018-19
_SHORT_YEAR = re.compile(r"(?<=\d)( +\d+月 +)(\d\d)\b(?!\s*[,:\d])")  # 15 Feb 19
_CLOCK = re.compile(r"(?<=\d)\.(?=\d\d\s*[ap]\.?m\b)")  # 5.30 pm is 5:30
_PARTS = re.compile(rf"({_HAN}|\d)成({_HAN}|\d)?")
_NO_UNIT = r"(?<![千兆](?=[瓦米克卡伏安欧赫帕焦字比]))"  # 千瓦 is a unit, and 千 no thousand
_FIGURE = re.compile(  # not the 19 of COVID-19
    r"(?<![a-z\d.])(?<![a-z]-)(\d+(?:\.\d+)?)\s*"
    rf"(?:(?P<month>月)|[多余]?(?P<scale>(?:{'|'.join(_SCALES)}){_NO_UNIT})?"
    r"\s*(?P<share>%|percent|per cent|个百分点)?)"
)
_NUMBER_WORDS = frozenset(
    {*_WORDS, *_ORDINALS, *MONTHS, *_SCALES, "percent", "dollar", "dollars", "美元", "万亿美元"}
)
_REFERENCE = re.compile(r"\[\d+(?:[-–,，、]\s?\d+)*\]")
_LIST = re.compile(r"[^，,。；;：:()]*、[^，,。；;：:()]*")


def figures(text: str, *, loose: bool = False) -> frozenset[Figure]:
    """The figures of a text as (kind, value). "one", "first", "second" and 一 are too often
    no number.

    `loose` is for evidence: it counts whatever may be meant as a number, such as "twice" or how
    many things a list holds, and each share as a plain number, too, and the other way round.
    """
    text = _REFERENCE.sub("", text)
    plain = re.sub(r"(?<=\d),(?=\d{3}(?!\d))", "", normalise(text))
    plain = _SEASON.sub(lambda m: f"{m[1]} {m[1][:2]}{m[2]}", _DATE.sub(r"\1年\2月\3日", plain))
    plain = _CLOCK.sub(":", _DECADE.sub(lambda m: m[1] or m[2], plain))
    plain = _MILLIONS.sub(r"\1 million", plain)
    for pattern, share in (*_SHARES, *(_LOOSE_SHARES if loose else ())):
        plain = pattern.sub(share, plain)
    for pattern in _FRACTIONS:
        plain = pattern.sub(_fraction, plain)
    months = _ANY_MONTH if loose else _MONTH_NAME
    plain = months.sub(lambda m: f" {MONTHS[m[0].strip('.')]}月 ", plain)
    if loose:
        plain = _SHORT_YEAR.sub(r"\1 20\2", plain)
    plain = _SPELT.sub(lambda m: str(_WORDS[m["tens"]] + _WORDS[m["ones"]]), plain)
    counted = _WORDS | _ORDINALS if loose else _STRICT
    plain = _ONE_SCALE.sub("1 ", plain)
    plain = _SINGLE.sub(lambda m: f" {counted[m[0]]}" if m[0] in counted else "", plain)
    plain = re.sub(r"(\d+) decades\b", r"\g<1>0", plain)
    if loose:
        plain = _IMPLYING.sub(lambda m: f" {_IMPLIED[m[0]]} ", plain)
    plain = _YEAR.sub(lambda m: "".join(str(_DIGITS[char]) for char in m[0]), plain)
    plain = _PARTS.sub(lambda m: f" {_tenths(m[1])}{_tenths(m[2] or '0')}%", plain)
    plain = (_LOOSE if loose else _NUMERAL).sub(lambda m: str(_value(m[0])), plain)
    plain = re.sub(r"百分之(\d+(?:\.\d+)?)", r"\1%", plain)
    found = {_figure(match) for match in _FIGURE.finditer(plain)}
    if not loose:
        return frozenset(found)
    found |= _lengths(text)
    kinds: tuple[Kind, ...] = ("", "%")  # in "30 to 43 percent" the 30 is a share
    return frozenset(found | {(k, value) for old, value in found if old != "month" for k in kinds})


def is_number(word: str) -> bool:
    """Whether a word only says how many, such as 25, trillion, percent, July or dollars."""
    return word in _NUMBER_WORDS or word.isdecimal()


def _fraction(match: re.Match[str]) -> str:
    values = {**_WORDS, **_ORDINALS, **_DIGITS, "a": 1, "十": 10}
    some, of = (values.get(match[name]) or float(match[name]) for name in ("some", "of"))
    return f" {100 * some / of:.4g}% " if some < of else match[0]


def _tenths(digit: str) -> int:
    return _DIGITS[digit] if digit in _DIGITS else int(digit)


def _figure(match: re.Match[str]) -> Figure:
    kind: Kind = "month" if match["month"] else "%" if match["share"] else ""
    return kind, round(float(match[1]) * _SCALES.get(match["scale"] or "", 1.0), 6)


def _value(numeral: str) -> int:
    """The value of a Chinese numeral below ten thousand."""
    total, digit = 0, 0
    for char in numeral:
        if place := _PLACES.get(char):
            total += (digit or 1) * place
            digit = 0
        else:
            digit = _DIGITS[char]
    return total + digit


def _lengths(text: str) -> set[Figure]:
    """How many things each Chinese list names: A、B 和 C are three. Where a number beside it says
    how many they are, 和 may have parted a name, and nothing is counted."""
    found: set[Figure] = set()
    for match in _LIST.finditer(text):
        items = match[0].count("、") + 1
        most = items + len(re.findall("[和及与]", match[0]))
        if not any(not kind and items <= value <= most for kind, value in figures(match[0])):
            found |= {("", float(items)), ("", float(most))}
    return found
