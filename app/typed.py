"""A question as it is typed becomes one as papers write, which is how all rules read it.

Traditional characters, slang, missing apostrophes, other widths and cases of letters and what only
wraps a question are undone. What was typed is what the reader sees.
"""

from __future__ import annotations

import re
from functools import cache, lru_cache
from typing import TYPE_CHECKING

from app.courtesy import courteous
from app.homophones import put_right
from app.names import gazetteer
from app.wrapped import unwrapped
from index.encoder import bundled_encoder
from index.lexical import simplified
from sources import language_of

if TYPE_CHECKING:
    from spellchecker import SpellChecker

KEPT_QUESTIONS, KEPT_WORDS = 32, 4096  # a conversation is read anew with each question

_NARROW = {full: full - 0xFEE0 for full in range(0xFF01, 0xFF5F) if chr(full - 0xFEE0).isalnum()}
_DIGITS = str.maketrans("〇零一二三四五六七八九", "00123456789")
_HAN = "[\u4e00-\u9fff]"
_SPELT = [
    (re.compile(pattern, re.IGNORECASE), spelling)
    for pattern, spelling in (
        (r"\s+", " "),
        (rf"(?<!{_HAN}{_HAN})(?<={_HAN}) (?={_HAN}(?!{_HAN}))", ""),  # as PDFs are copied
        (r"干(?:嘛|吗|啥)(?=[的用了]|\W*$)", "干什么"),
        (r"干(?:嘛|吗|啥)", "为什么"),
        (r"多会儿|几时", "什么时候"),
        (r"啥子?", "什么"),
        (r"咋", "怎么"),
        (r"’", "'"),
        (r"\b(what|who|where|when|why|how|that|there|here)s\b", r"\1's"),
        (r"\b(do|does|did|is|are|was|were|has|have|had|could|would|should)nt\b", r"\1n't"),
        (r"\b(can|won)t\b", r"\1't"),
        (r"\bim\b", "I'm"),
        (r"\b(?:pls|plz)\b", "please"),
        (r"\b(?-i:u)\b(?![.-])", "you"),
        (r"\b(?:cuz|coz|b/c)(?!\w)", "because"),
        (r"\bw/o(?!\w)", "without"),
        (r"\bgov(?:'|ern)?t(s?)\b", r"government\1"),
        (r"\be[ ‑–]?commerce\b", "e-commerce"),
    )
]
_YEAR = re.compile(r"[〇零一二三四五六七八九]{4}(?=\s?年)")
_SHORT_YEAR = re.compile(
    r"(?<![\d.第近这每了约])(?<!未来)(?<!过去)(?<!接下来)(?P<zh>\d\d|(?<![一二三四五六七八九十])[〇零一二三四五六七八九]{2})"
    r"年(?!代|级|[以之]?[内来前后间]|多|期|的?时间)"
    r"|(?<!\w)['’](?P<en>\d\d)(?!\w)"
)
_SHOUTS = re.compile(r"\b(?:WHAT|WHO|WHICH|WHEN|WHERE|WHY|HOW|THE|IS|ARE|DOES|DID|OF|AND)\b")
# In a title all words of more than three letters begin with a capital, and the verb of a question
# is no name.
_TITLE = re.compile(
    r"(?=.*\b[A-Z]\w* (?:\w+ )?"
    r"(?:Is|Are|Was|Were|Do|Does|Did|Has|Have|Had|Can|Should|Will|Would|To|Of|The)\b)"
    r"(?!.*\b[a-z]{4}).+"
)
_WORD = re.compile(r"[A-Za-z][A-Za-z\d.&-]*")
# Shorter ones are too often names (covid, qubit), and what is in quotation marks is meant so.
_LONG_WORD = re.compile(r"(?<![^\s(])[a-z]{6,}(?![\w-])")
_PREFIX = re.compile(
    r"^(?:anti|co|counter|cross|cyber|de|dis|extra|geo|hyper|inter|intra|macro|mega|meta|micro|mis|multi"
    r"|non|over|post|pre|pro|re|sub|super|trans|ultra|un|under)(?=.{4})"
)
_ACRONYM = re.compile(r"(?<![A-Za-z\d])[A-Z][A-Z\d]{2,}(?![A-Za-z\d])")
_SMALL = re.compile(r"(?<![A-Za-z])[a-z]{3,}")
# Of names in small letters; what else they may be is more usual.
_NO_NAMES = frozenset(
    "us who turkey apple amazon visa fed sec bit polish target act it cloud trips".split()
)
_US = re.compile(
    r"\bus\b(?<!tell us)(?<!give us)(?<!let us)(?<!for us)(?<!to us)(?<!help us)(?<!show us)"
    r"(?<!teach us)(?<!with us)(?<!of us)(?<!about us)"
)
_LONGEST_NAME = 6  # words


@lru_cache(maxsize=KEPT_QUESTIONS)
def read_as(question: str, paper: str = "") -> str:
    """The question as a paper would write it; the text of the `paper` tells its acronyms."""
    text = _YEAR.sub(
        lambda year: year[0].translate(_DIGITS), simplified(question.translate(_NARROW))
    )
    text = _SHORT_YEAR.sub(lambda year: _whole(year, paper), text)
    for pattern, spelling in _SPELT:
        text = pattern.sub(spelling, text)
    text = text.strip()
    return _cased(text if courteous(text) else unwrapped(text), paper)


def _whole(year: re.Match[str], paper: str) -> str:
    """A year of two digits with its century, where the paper has such a year."""
    digits = (year["zh"] or year["en"]).translate(_DIGITS)
    known = re.search(rf"(?<!\d)(?:20|19){digits}(?!\d)", paper)
    return known[0] + "年" * bool(year["zh"]) if known else year[0]


@lru_cache(maxsize=KEPT_QUESTIONS)
def corrected(question: str, paper: str = "") -> str:
    """The question with Chinese homophones put right, or one wrong letter of an English word
    (Norvig 2007), where neither the `paper` nor the encoder knows the word."""
    if language_of(question) != "en":
        return put_right(question, paper)
    return _LONG_WORD.sub(lambda word: _correction(word[0], paper), question)


@lru_cache(maxsize=KEPT_WORDS)
def _correction(word: str, paper: str) -> str:
    if len(bundled_encoder().words_of(word).rows) == 1 or word in paper.lower():
        return word
    if _PREFIX.sub("", word) in _checker():
        return word
    better = _checker().correction(word) or word
    # A plural, or British, is no misspelling.
    return word if _stem(better) == _stem(word) else better


def _stem(word: str) -> str:
    return word.rstrip("s").replace("z", "s")


@cache
def _checker() -> SpellChecker:
    """Read only when a word is in doubt."""
    from spellchecker import SpellChecker

    return SpellChecker(distance=1)


def _cased(text: str, paper: str) -> str:
    """Names in capitals again, where a text is all in small letters or all in large ones."""
    shouted = _SHOUTS.search(text) and not re.search("[a-z]", text)
    if shouted or _TITLE.fullmatch(text):
        text = text.lower()
    if re.search(r"(?<=.)(?!I\b)[A-Z]", text):
        return text
    known = _capitals() | _acronyms(paper)
    words = list(_WORD.finditer(text))
    cased, done, at = "", 0, 0
    while at < len(words):
        for last in range(min(at + _LONGEST_NAME, len(words)) - 1, at - 1, -1):
            start, end = words[at].start(), words[last].end()
            if name := known.get(text[start:end].lower()):
                cased += text[done:start] + name
                done, at = end, last
                break
        at += 1
    return _US.sub("US", cased + text[done:])


@cache
def _capitals() -> dict[str, str]:
    names = {name.lower(): name for name in gazetteer() if name.isascii()}
    return {low: name for low, name in names.items() if low != name and low not in _NO_NAMES}


@lru_cache(maxsize=4)
def _acronyms(paper: str) -> dict[str, str]:
    words = _NO_NAMES | {*_SMALL.findall(paper)}  # headings are in capitals, too
    found = {acronym.lower(): acronym for acronym in _ACRONYM.findall(paper)}
    return {low: acronym for low, acronym in found.items() if low not in words}
