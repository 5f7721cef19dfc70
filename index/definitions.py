"""What a term means, where the paper says it: "hepcidin is a hormone", 数字贸易是指…, "the Trade in
Services Agreement (TiSA)".

Found by the words with which authors define, all over the paper: the sentences most like "what is
RSV?" are those that speak of RSV, long after it was introduced. Knows nothing of answers.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from functools import lru_cache
from itertools import takewhile

import numpy as np
import rjieba

from index.encoder import bundled_encoder
from index.places import Span
from sources import Document, language_of, split_sentences

MOST_WORDS = 6  # of a term
TRANSLATED = 0.65  # the cosine from which one term is the other in another language
KEPT_PAPERS = 4
LONGER = 5  # words that a long form may have more than its abbreviation has letters

_QUOTES = "\"'“”‘’「」《》"
_ASKED = (
    re.compile(r"what (?:does|do|did) (?P<term>.+?) (?:mean|stand for|refer to)", re.IGNORECASE),
    re.compile(r"what counts as (?P<term>.+)", re.IGNORECASE),
    re.compile(
        r"(?:what(?:['’]s| is| are| was| were)|define|explain)(?: meant by)? (?P<term>.+)",
        re.IGNORECASE,
    ),
    re.compile(r"(?:什么是|什么叫[做作]?|何谓|何为)(?P<term>.+)"),
    re.compile(
        r"(?P<term>.+?)(?:的?(?:定义|含义|意思))?"
        r"(?:指?的?是指?什么(?:意思|东西)?|指什么|什么意思)"
    ),
)
_BEFORE = re.compile(
    r"(?:请问|那么?)?(?:(?:文中|论文[里中]?|文章[里中]?|作者|这里)(?:说|提到|讲)?的?)?(?:所谓的?)?"
    r"(?:the |an? )?(?:(?:term|word|acronym|abbreviation|(?:meaning|definition|concept) of) )?"
    r"(?:the |an? )?",
    re.IGNORECASE,
)
_NO_TERM = re.compile(r"(?:it|this|that|these|those|they|he|she|[它他她这那]\S?)", re.IGNORECASE)
_ABBREVIATION = re.compile(r"(?=.*[A-Z].*[A-Z0-9])[A-Za-z][\w-]{1,9}")
_HAN = "\u4e00-\u9fff"
# What may stand between a term and its meaning.
_BESIDE = rf"[{_QUOTES}]?(?:\s?[(（][^()（）]*[)）])?"

_IS = (
    "是(?![否不因为在以由通从对当如怎什])|指的是|指(?=[一在由以对将为])|就是|即(?![将使便可时日刻])"
    "|意为|意味着|被?定义为|为(?=[一由])"
)
# The subject of a clause that says what it is, more surely than has to be where the term is spelt.
_SUBJECT = {
    "zh": re.compile(
        rf"(?:^|[，。；：、（\s{_QUOTES}]|认为|所谓|其中|而)([^，。；：、（）\s{_QUOTES}是为指即]{{2,16}})"
        rf"{_BESIDE}，?(?:是(?=[一指由])|指的是|意味着|被?定义为)"
    ),
    "en": re.compile(
        r"(?:^|[.:;,]\s|\b(?:the|an?|that|as)\s)([a-z][\w-]*(?: [\w-]+){0,4}?)(?:\s?\([^()]*\))?"
        r",?\s(?:(?:is|are)\s(?:an?|the|defined)\b|refers?\sto\b|means?\b|denotes?\b)",
        re.IGNORECASE,
    ),
}


def definition(question: str, document: Document) -> list[Span]:
    """Spans of the sentences that first say what a term is short for and what it is, in the
    paper's order. None where the question asks for something else, or no sentence does."""
    term = asked_term(question)
    if not term:
        return []
    used = term.casefold() in document.text.casefold()
    foreign = language_of(term) != language_of(document.text)
    if not used and (not foreign or _ABBREVIATION.fullmatch(term)):
        return []
    spans, said = _sentences(document.text)
    held = [(at, text) for at, text in enumerate(said) if term.casefold() in text.casefold()]

    def first(says: Callable[[str, str], bool]) -> list[int]:
        return [at for at, text in held if says(term, text)][:1]

    found = first(lambda term, text: long_form(term, text) is not None)
    found += first(_says_what_it_is) or first(_calls_it_so)
    found = found or _translated(term, said)
    return [spans[at] for at in sorted({*found})]


@lru_cache(maxsize=KEPT_PAPERS)
def _sentences(text: str) -> tuple[list[Span], list[str]]:
    """Those of a paper, remembered: it is asked more than once."""
    spans = split_sentences(text)
    return spans, [text[start:end] for start, end in spans]


def asked_term(question: str) -> str:
    """The term that a question asks the meaning of; "" for another question."""
    plain = question.strip().rstrip("?？。.!！ ")
    for pattern in _ASKED:
        if asked := pattern.fullmatch(plain):
            term = asked["term"].strip(f" {_QUOTES}")
            opening = _BEFORE.match(term)
            term = term[opening.end() if opening else 0 :].strip(f" {_QUOTES}")
            fits = len(term.split()) <= MOST_WORDS and not _NO_TERM.fullmatch(term)
            return term if fits else ""
    return ""


def long_form(term: str, text: str) -> Span | None:
    """Where a text has what an abbreviation is short for, beside it; None where it has not."""
    if not _ABBREVIATION.fullmatch(term):
        return None
    short = re.escape(term)
    for found in re.finditer(rf"[(（](?:[^()（）]*[,，;；] ?)?(?:简称)?{short}s?[,，;；)）]", text):
        before = text[: found.start()].rstrip()
        chinese = re.search(rf"(?:《[^《》]+》|[{_HAN}]{{2,}}[{_QUOTES}]?)$", before)
        start = chinese.start() + _led_in(chinese[0]) if chinese else _spelling(term, before)
        if 0 <= start < len(before):
            return start, len(before)
    for found in re.finditer(rf"(?<![\w-]){short}s? ?[(（]([^()（）]+)[)）]", text):
        chinese = re.search(f"[{_HAN}]{{4}}", found[1])
        start = 0 if chinese else _spelling(term, found[1])
        if start >= 0:
            return found.start(1) + start, found.end(1)
    return None


def _led_in(run: str) -> int:
    """How many characters in front of a Chinese name are no part of it: 月, 成立 and the like."""
    words = takewhile(lambda each: each[1] != "vn" and each[1][0] in "vpdcutmf", rjieba.tag(run))
    return sum(len(word) for word, _ in words)


def _spelling(term: str, text: str) -> int:
    """Where the words begin that end a text and spell an abbreviation: its letters in their order,
    the first at the beginning of a word (Schwartz and Hearst, PSB 2003). -1 where none do."""
    first, *letters = [letter for letter in term.lower() if letter.isalnum()]
    words = [found.start() for found in re.finditer(r"\S+", text)]
    words = words[-min(len(letters) + 1 + LONGER, 2 * len(letters) + 2) :]
    at, lower = len(text), text.lower()
    for letter in reversed(letters):
        at = lower.rfind(letter, words[0] if words else 0, max(at, 0))
    openings = [word for word in words if word < at and re.match(rf"\W*{first}", lower[word:])]
    return openings[-1] if len(words) > 1 and openings else -1


def _says_what_it_is(term: str, text: str) -> bool:
    """Whether a text says of a term what it is."""
    spelt = re.escape(term)
    if re.search(f"[{_HAN}]", term):
        said = rf"(?:^|[，。；：、（\s{_QUOTES}]|认为|所谓|其中|而){spelt}{_BESIDE}，?(?:{_IS})"
    else:
        said = (
            r"(?:^|[.:;,，。]\s*|\b(?:the|an?|that|where|as|and|while|since|because|although)\s)"
            rf"{spelt}(?:s|es)?{_BESIDE}"
            r"(?:,?\s(?:(?:is|are|was|were)\s(?:an?|the|one|any|defined|considered|known|short|to)\b"
            r"|refers?\sto\b|means?\b|stands?\sfor\b|denotes?\b)"
            r"|\sare\s(?!\w+(?:ed|ly)\b)\w+|,\s(?:an?|the)\s\w+)"
            rf"|(?<![\w-]){spelt}{_BESIDE}\s?，?(?:{_IS})"
        )
    return bool(re.search(said, text, 0 if _ABBREVIATION.fullmatch(term) else re.IGNORECASE))


def _calls_it_so(term: str, text: str) -> bool:
    """Whether a text gives something the name."""
    called = r"(?:[简又也]称|称[为作]|称之为|叫做|定义为|\b(?:called|known as|termed))"
    return bool(re.search(rf"{called}\s?[{_QUOTES}]?{re.escape(term)}(?!\w)", text, re.IGNORECASE))


def _translated(term: str, said: Sequence[str]) -> list[int]:
    """Which text says of a translation of the term what it is; none or one."""
    language = language_of(term)
    subjects = [
        (at, found[1])
        for at, text in enumerate(said)
        if language_of(text) != language
        for found in _SUBJECT[language_of(text)].finditer(text)
    ]
    if not subjects:
        return []
    encoder = bundled_encoder()
    cosines = encoder.encode([subject for _, subject in subjects]) @ encoder.encode([term])[0]
    best = int(np.argmax(cosines))
    return [subjects[best][0]] if cosines[best] >= TRANSLATED else []
