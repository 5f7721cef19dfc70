"""What a question is: whether it can be asked, what kind of answer it wants.

Rules over the words of Chinese and English; knows nothing of any paper.
"""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

from index.encoder import bundled_encoder
from sources import QuestionError

MAX_QUESTION = 2_000  # characters
KEYWORDS = 4  # words that make no sentence yet
KEPT_QUESTIONS = 8  # one is asked several times what it wants
_DIGITS = r"\d|[一二三四五六七八九十百千万亿两]+(?:[个项国家种条次年月]|分之)"

_WANTS = {
    "number": (
        r"多少|几[个项家国种条次名成位]|多大|规模|比例|占比|百分之几|how many|how much|number of"
        r"|what (?:share|percentage|proportion)|how (?:big|large)"
    ),
    "date": (
        r"什么时候|何时|哪[一]?年|哪[一]?天|哪个?月|几[年月]|时间|日期"
        r"|when\b(?! it comes)|(?:what|which) (?:year|date|day|month)"
    ),
    "who": (
        r"谁|哪些?(?:国家?|机构|公司|组织|成员|人|企业)|who\b|whom|whose"
        r"|which (?:countr|compan|organi|member|agenc|bod)"
    ),
    "where": r"哪里|哪儿|在哪|何处|什么地方|where\b",
    "reason": r"为什么|为何|原因|怎么会|目的|图什么|why\b|how come\b|reason|what for|purpose",
    "list": (
        r"哪些|分别|有什么|包括|包含|列举|几[个项家国种条方]"
        r"|which .*s\b|list\b|what (?:are|were)\b|include|name the"
    ),
    "how": r"怎么|怎样|如何|how (?:do|does|did|is|are|was|were|can|should|to|has|have)\b",
    "definition": (
        r"是什么|什么是|什么叫|指什么|含义|意思"
        r"|what (?:is|was)\b|define|definition|mean\b|stand for"
    ),
}
_MONTHS = "january|february|march|april|june|july|august|september|october|november|december"
_HOLDS = {
    "number": _DIGITS,
    "date": rf"(?:19|20)\d\d|\d ?[年月日]|{_MONTHS}",
    "who": r"[国欧美中日韩盟委会局署院司]|《|[A-Z]{2,}|[a-z] [A-Z][a-z]+",
    "where": r"在.{1,12}[国市州区洲境地]|[A-Z][a-z]+",
    "reason": (
        r"因为|由于|为了?|以便|旨在|目的|从而|因此|以[^及上下前后来往]|导致"
        r"|because|due to|in order|so that|therefore|thus|aim"
    ),
    "list": r"、.{1,30}、|一是|首先|一方面|包括|, .{2,40}, |and\b",
    "how": r"通过|采用|采取|利用|借助|应|by \w+ing|through|using|should",
    "definition": r"是|指|认为|属于|称为|\bis\b|\bare\b|means|refers|defined",
}
KINDS = tuple(_WANTS)
_DATES = re.compile(
    r"\d{1,2}\s?世纪|\b\d{1,2}(?:st|nd|rd|th)[ -]century\b"
    r"|(?<![\d.,])(?:1[5-9]|20)\d\d(?![\d.,]*\d)(?:\s?年代?)?|\d{1,2}\s?[月日](?!均)|\[\d+\]"
    rf"|(?:(?<!\d)\d{{1,2}} )?(?:{_MONTHS})(?: \d{{1,2}}\b)?|(?<![\d.])\d+(?:\.\d+){{2,}}",
    re.IGNORECASE,
)
_HOW_MANY = re.compile(
    r"多少(?!年代)|(?<![哪好那这第])几[个项家国种条次名成位艘座人部本张类份倍层辆]|百分之几"
    r"|规模[有是]?多大|how many|how much|number of|how (?:large|big) (?:is|was|are|were)\b"
    r"|what (?:share|percentage|proportion)",
    re.IGNORECASE,
)
_HAPPENED = re.compile(
    r"发生了?(?:什么|哪些)|(?:什么|哪些)(?:大事|事件)"
    r"|\bwhat (?:happened|happens|took place|occurred)\b",
    re.IGNORECASE,
)
_EARLIEST = re.compile(
    r"最早|最先|最初|第一次|首次"
    r"|\b(?:earliest|originally|first (?:time|start|began|begin|come|came|took))\b",
    re.IGNORECASE,
)
_NOW = re.compile(
    r"目前|现在|最新|如今|[迄至]今|\b(?:now(?!adays)|currently|at present|so far|today|latest)\b",
    re.IGNORECASE,
)
_SHARE = re.compile(
    r"(?:[税利汇]率|增长率|增速|增幅)(?:是|有|为|达|定)?到?多[少大高]"
    r"|\b(?:what|which)(?: \w+){0,2} rate\b|百分之几|几成"
    r"|(?:多[大少]|谁|哪国)的?(?:比重|比例|份额|占比)|(?:比重|比例|份额|占比).{0,3}多[大少高]"
    r"|\bwhat (?:share|percentage|proportion)\b|\bhow fast\b.*\bgr[eo]w",
    re.IGNORECASE,
)
_TIME = re.compile(  # in whatever words: 唐末, the day after, once
    r"\d|[年月日时后前代末期季朝周晨夜昼]|世纪|今|星期"
    r"|\b(?:centur|decad|year|month|week|(?:mon|tues|wednes|thurs|fri|satur|sun)?day|hour|night|time"
    rf"|era\b|age\b|{_MONTHS}|after|before|during|following|since|when|while|until|upon|once|early|late)",
    re.IGNORECASE,
)
_WHICH_YEAR = re.compile(r"哪一?年(?!代)|\b(?:what|which) year\b", re.IGNORECASE)
_HOLDS_YEAR = re.compile(
    r"\d{3,4}|世纪|年代|centur|民国|[元〇零一二三四五六七八九十]年", re.IGNORECASE
)
_REFERENCE = re.compile(r"\[\d+\]")
_YES_NO = re.compile(
    r"吗|是否|有没有|是不是|是[^，。？]{1,12}还是|(.)不\1|(?<![为么何])不[？?]*$"
    r"|(?:^|: |^(?:(?!\b(?:who|what|when|where|which|why|how)\b)[^?,])*, )"
    r"(?:(?:so|and|but|then|or),? )?"
    r"(?:does|do|did|is|are|was|were|has|have|had|can|could|will|would|should|may|might|must)\b"
    r"|如果|要是|假如|倘若|一旦|\bwhat (?:happens|would happen|will happen)\b|\bif\b",
    re.IGNORECASE,
)
_GRANTING = re.compile(
    r"(?:为什么|为何|凭什么|什么时候|何时|哪一?年|哪一?天"
    r"|\b(?:why|how come)\b|\bwhen (?:did|do|does|was|were|is|has|have)\b"
    r"|\b(?:what|which) (?:year|day)\b).*",
    re.IGNORECASE | re.DOTALL,
)
_TOLD = re.compile(  # 它没加入，为的是什么？
    r"(?i)^(?:(?:since|given that|now that|既然|鉴于) ?(?P<given>[^，,。?？]{6,})"
    r"|(?P<denied>(?=[^，,。]*(?:[没未]|\b(?:not|never)\b|n['’]t\b))(?!关于|对于|如果|要是|在)[^，,。?？]{6,}))"
    r"[，,。]\s*[^，,。]+$"
)
_REPORTED = re.compile(
    r"(?:论文|作者|文章|文中)(?:会|都)?(?:认为|觉得|指出|说|称|强调)|说(?=[^，。]*(?:已经|没有))"
    r"|\b(?:do|does|did) the (?:paper|authors?|article) (?:say|think|claim|argue)(?: that)?\b",
    re.IGNORECASE,
)
_COUNT = re.compile(  # G20 and COVID-19 count nothing
    r"(?<![A-Za-z\d])(?<![A-Za-z]-)\d|[二三四五六七八九十百千万亿两半][^\s，。、]|一[家国条名位艘座人部]"
    r"|\b(?:one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|dozen|hundreds?"
    r"|thousands?|millions?|billions?|half|both|single|third)\b",
    re.IGNORECASE,
)
_INTERROGATIVE = re.compile(
    r"什么时候|什么|何[时地处种]?|哪[一个些里年位种家国]?|谁|多[少大久长高远]|几|怎么?样?|如何|为何|"
    r"\b(?:who(?:m|se)?|what|when|where|which|why|how(?: (?:many|much|long|old|far|big))?)\b",
    re.IGNORECASE,
)
_WANTS_RE = {kind: re.compile(pattern, re.IGNORECASE) for kind, pattern in _WANTS.items()}
_HOLDS_RE = {
    kind: re.compile(pattern, 0 if kind in ("who", "where") else re.IGNORECASE)
    for kind, pattern in _HOLDS.items()
}


def check_question(question: str) -> str:
    """The question without white space around it. Raises QuestionError for what is no question."""
    text = question.strip()
    if not text:
        raise QuestionError("the question is empty; type one")
    if len(text) > MAX_QUESTION:
        raise QuestionError(
            f"the question has {len(text):,} characters; ask in at most {MAX_QUESTION:,}"
        )
    if any(unicodedata.category(c) in ("Cc", "Cs") and c not in "\n\r\t" for c in text):
        raise QuestionError("the question holds control characters; type it anew as plain text")
    if not any(c.isalnum() for c in text):
        raise QuestionError("the question has no word in it; ask in words")
    return text


@lru_cache(maxsize=KEPT_QUESTIONS)
def wants(question: str) -> frozenset[str]:
    """The kinds of answer, of KINDS, that the question asks for."""
    return frozenset(kind for kind, pattern in _WANTS_RE.items() if pattern.search(question))


def holds(sentence: str) -> frozenset[str]:
    """The kinds of answer, of KINDS, that the sentence could give. A date is no number."""
    plain = without_dates(sentence)
    return frozenset(
        kind
        for kind, pattern in _HOLDS_RE.items()
        if pattern.search(plain if kind == "number" else sentence)
    )


@lru_cache(maxsize=KEPT_QUESTIONS)
def asks_how_many(question: str) -> bool:
    """Whether only a number will do."""
    return bool(_HOW_MANY.search(question))


def asks_what_happened(question: str) -> bool:
    """Whether anything that was done will do."""
    return bool(_HAPPENED.search(question))


def asks_how_many_now(question: str) -> bool:
    """Whether only the latest number will do."""
    return asks_how_many(question) and bool(_NOW.search(question))


def asks_when_first(question: str) -> bool:
    """Whether only the earliest time will do."""
    return "date" in wants(question) and bool(_EARLIEST.search(question))


def asks_what_share(question: str) -> bool:
    """Whether only a part of a whole will do."""
    return bool(_SHARE.search(question))


def tells_when(question: str, sentence: str) -> bool:
    """Whether the sentence has any word of time, or a year if that is asked for."""
    held = _HOLDS_YEAR if _WHICH_YEAR.search(question) else _TIME
    return bool(held.search(_REFERENCE.sub("", sentence)))


@lru_cache(maxsize=KEPT_QUESTIONS)
def asks_whether(question: str) -> bool:
    """Whether yes or no would do, or the question only supposes what it asks about."""
    return bool(_YES_NO.search(question))


def is_keywords(question: str) -> bool:
    """Whether it is a few words as for a search engine, which ask and say nothing."""
    words = bundled_encoder().words_of(question).spans
    return len(words) <= KEYWORDS and not _INTERROGATIVE.search(question)


def granted(question: str) -> str:
    """What a question for a reason or a date takes for granted: its clause. "" for another."""
    if asks_whether(question):
        return ""
    found = _GRANTING.search(question)
    if not found:
        told = _TOLD.match(question)
        clause = (told["given"] or told["denied"]) if told else ""
        return "" if _INTERROGATIVE.search(clause) else clause
    clause = re.split(r"[，,；;：:。]", question[: found.start()])[-1] + found[0]
    return _REPORTED.sub("", clause)


def counts(sentence: str) -> bool:
    """Whether the sentence holds a number, in digits or in words, that is no date."""
    return bool(_COUNT.search(without_dates(sentence)))


def without_dates(text: str) -> str:
    """The text less its years, months and days, and the numbers of references and sections."""
    return _DATES.sub(" ", text)


def interrogative(question: str) -> tuple[int, int] | None:
    """The span of the first word that asks ("哪一年", "how many"), None without one."""
    found = _INTERROGATIVE.search(question)
    return found.span() if found else None
