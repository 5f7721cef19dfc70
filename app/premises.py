"""What a question takes for granted, and what in the sentence that would answer speaks against it.

A question for 2017 finds what is said of 2018, one for Vietnam what is said of Indonesia, "why did
Japan refuse to sign?" finds that it signed. Every trait here is such an objection: the sentence
meets the topic and not the question. Rules for Chinese and English; knows nothing of scores.
"""

from __future__ import annotations

import re
from functools import lru_cache

from app.countries import countries, named_countries
from app.dates import YEAR
from app.kinds import KINDS, lacks
from app.names import ACRONYM
from app.negation import contradicts, denies, denies_alone, speaks_of, without_idle
from app.questions import (
    KEPT_QUESTIONS,
    asks_how_many,
    asks_whether,
    granted,
    interrogative,
    is_keywords,
)
from app.relations import reversed_in
from index.encoder import bundled_encoder
from sources import language_of

HEAVY = 1.5  # the norm from which a word can be what is counted
COUNTED = 3  # words behind "how many" that can say what
AFTER, BEFORE = 24, 14  # characters around a number within which stands what it counts
STEM = 5  # letters of a Latin word that its forms share
UNENDED = 0.5  # of `not_ended`, from which a text knows of no end
SAME = 0.5  # the cosine from which two words say the same

_ASKED_YEAR = re.compile(  # itself, not what came before or after
    r"(?<!\d)(?<!after )(?<!since )(?<!before )(?<!until )((?:1[89]|20)\d\d)"
    r"(?!\d|s\b|\s*年代|\s*年?[以之]?[前后来])",
    re.IGNORECASE,
)
_SPAN = re.compile(r"(\d{4})\s*年?\s*(?:[~～—–-]+|起?至|到|to|and)\s*(\d{4})")
_LIST = re.compile(r"[^，。；;、]{1,12}(?:、[^，。；;、]{1,14}){2,}")
_LONG_LIST = re.compile(r"[^，。；;、]{1,12}(?:、[^，。；;、]{1,14}){3,}")
_PROPOSED = re.compile(
    r"提[了过]?(?:出|案|议|什么|哪些)|主张|立场|态度|诉求|建议|具体|理由"
    r"|\b(?:propos\w+|position|stance|views? (?:on|of)|attitude|suggest\w*|reasons?|exactly"
    r"|specific\w*)\b",
    re.IGNORECASE,
)
# What is stopped, refused or taken back; of the question's predicates the ones that a sentence on
# the same matter seldom shares by chance.
_ENDED = re.compile(
    r"拒绝|拒签|退出|撤回|撤销|废除|废止|取消|放弃|排除|反对|否决|关闭|解散|删除|终止|暂停|(?<!什么)改变|抛弃"
    r"|减少|下降|下跌|缩[小减水]|削减|萎缩|收缩|摆脱|缺席"
    r"|停止|中止|叫停|\b(?:withdr\w+|repeal\w*|abolish\w*|refus\w+|declin\w+|reject\w*|abandon\w*|oppos\w+"
    r"|left out|leav(?:e|es|ing)(?! \w+ (?:\w+ed|alone|out)\b)"
    r"|clos(?:e|ed|es) down|(?:kept|keeps?|stay(?:s|ed)?) (?:out|away)"
    r"|turn(?:s|ed)? against|g[ia]ven? up"
    r"|cut|f[ae]ll(?:en|s)?(?! (?:under|short|behind|into|within|to)\b)"
    r"|drop(?:s|ped)?|bann?(?:ed|s)?|block(?:s|ed)?|suspend\w*"
    r"|stop(?:s|ped)?|halt(?:s|ed)?|scrap(?:s|ped)?|ditch\w*|quit\w*|shr[iau]nk\w*|dwindl\w*"
    r"|cancel\w*|shuts?\b.*\bout|(?:pull|back)(?:s|ed)? out"
    r"|walk(?:s|ed)? (?:out|away)|leav(?:e|es|ing)\b.*\bout|postpon\w*|delay\w*)\b",
    re.IGNORECASE,
)
_COUNTS = re.compile(
    r"(?:多少|(?<![哪好第])几)(?:[个项家种条次名位份类艘座部张]|(?=[国人]))"
    r"|\bhow many\b|\bnumber of\b",
    re.IGNORECASE,
)
_MORE = re.compile(
    r"[谁哪]\w{0,8}更?[多少]|\b(?:which|who)\b.*\b(?:more|fewer)\b|\bmore\b.*\bthan\b",
    re.IGNORECASE,
)
_NUMBER = re.compile(
    r"(?<!\[)\d+(?:\.\d+)?(?!\d*\s*[年月日\]])|[二三四五六七八九十百千两]+(?=[个项家国种条次名位])"
    r"|\b(?:two|three|four|five|six|seven|eight|nine|ten|eleven|twelve)\b",
    re.IGNORECASE,
)
_LEANS = re.compile(r"其|[此这该]|(?:of )?(?:these|them|this|they)\b|among", re.IGNORECASE)
OBJECTIONS = (
    *("other_year", "no_country", "no_acronym", "contradicted", "not_ended"),
    *("no_person", "no_place", "no_country_named", "no_items", "no_sum", "no_share"),
    *("no_duration", "no_penalty", "no_court", "no_first", "uncounted"),
)


def objections(question: str, sentence: str, section: str) -> tuple[float, ...]:
    """How much of each of OBJECTIONS there is, 0 to 1, against a sentence that is the best one.

    `section` is what was found of the section around it, with its headings.
    """
    across = language_of(question) != language_of(sentence)
    presumes = not (asks_whether(question) or is_keywords(question)) and touches(question, sentence)
    others = countries(sentence) - countries(question)
    acronyms = ACRONYM.findall(question)
    return (
        bool(other_years(question, sentence)),
        bool(others) and not countries(question) <= countries(section),
        not across and any(each.casefold() not in section.casefold() for each in acronyms),
        presumes and contradicts(question, sentence),
        not_ended(question, sentence) if presumes else 0.0,
        *(lacks(kind, question, sentence) for kind in KINDS),
        _uncounted(question, sentence),
    )


def other_years(question: str, sentence: str) -> tuple[str, ...]:
    """The years of a sentence, in its order, if it names some and none that the question names."""
    asked, told = set(_ASKED_YEAR.findall(question)), YEAR.findall(sentence)
    spanned = any(
        first <= year <= last for first, last in _SPAN.findall(sentence) for year in asked
    )
    return tuple(dict.fromkeys(told)) if asked and not spanned and not asked & {*told} else ()


def only_listed(question: str, sentence: str) -> frozenset[int]:
    """The countries of a question for a number that the sentence names only in a list: what is
    counted of all of them is not that of one. Nor is it what one of many proposed."""
    asked, list_ = _told_apart(question)
    if not asked:
        return frozenset()
    lists = [found.span() for found in list_.finditer(sentence)]
    listed, alone = set[int](), set[int]()
    for at, _, country in named_countries(sentence):
        (listed if any(a <= at < b for a, b in lists) else alone).add(country)
    return asked & listed - alone


@lru_cache(maxsize=KEPT_QUESTIONS)
def _told_apart(question: str) -> tuple[frozenset[int], re.Pattern[str]]:
    """The countries of which a question asks for a number, for more of something, or what one
    proposed, and which lists tell nothing of one of them."""
    asked = countries(question)
    if asks_how_many(question) or _MORE.search(question):
        return asked, _LIST
    proposed = len(asked) == 1 and _PROPOSED.search(question)
    return asked if proposed else frozenset(), _LONG_LIST


@lru_cache(maxsize=KEPT_QUESTIONS)
def touches(question: str, text: str) -> bool:
    """Whether the text speaks of what the question does, less what asks and what was ended."""
    ended = [found.span() for found in _ENDED.finditer(question)]
    return speaks_of(question, text, [interrogative(question) or (0, 0), *ended])


def denied(question: str, text: str) -> bool:
    """Whether the text speaks of what the question takes for granted, and denies it.

    Where both deny something, it is seldom told what: only a denial on one side counts.
    """
    taken = granted(question)
    if not taken or not touches(taken, text):
        return False
    both = denies(taken) and (denies(text) or language_of(taken) != language_of(text))
    return denies_alone(taken, text) or (not both and contradicts(taken, text))


def contrary(question: str, text: str, before: str = "") -> bool:
    """Whether the question takes for granted the opposite of who comes first, or of what replaces
    what, in a text on the same; one that leans on what stands `before` it is read with that."""
    presumes = reversed_in(question, text) and not asks_whether(question)
    return presumes and touches(question, f"{before} {text}" if _LEANS.match(text) else text)


def never_ended(question: str, text: str) -> bool:
    """Whether the text speaks of what the question says was ended or refused, and of no end."""
    return not_ended(question, text) > UNENDED and touches(question, text)


def not_ended(question: str, sentence: str) -> float:
    """How little a sentence meets what the question presumes was ended or refused."""
    if asks_whether(question):
        return 0.0
    least = 1.0
    for ended in _ENDED.finditer(without_idle(question)):
        units, known = (bundled_encoder().units_of(each)[0] for each in (ended[0], sentence))
        stem = ended[0][:STEM].lower()
        if len(stem) == STEM and stem in sentence.lower():  # withdraw, withdrew
            continue
        if len(units) and len(known):
            least = min(least, float((units @ known.T).max(axis=1).min()))
    return 1.0 - max(least, 0.0)


def _uncounted(question: str, sentence: str) -> float:
    """How little what the question counts stands by any number of the sentence."""
    counts = _COUNTS.search(question)
    if not counts:
        return 0.0
    asked, held = map(bundled_encoder().words_of, (question, sentence))
    (units, norms), (known, _) = map(bundled_encoder().units_of, (question, sentence))
    counted = [
        at
        for at, (start, _) in enumerate(asked.spans)
        if start >= counts.end() and norms[at] >= HEAVY
    ][:COUNTED]
    beside = [
        at
        for number in _NUMBER.finditer(sentence)
        if not YEAR.fullmatch(number[0])
        for at, (start, _) in enumerate(held.spans)
        if -BEFORE <= start - number.end() <= AFTER
    ]
    if not counted:
        return 0.0
    met = float((units[counted] @ known[beside].T).max(initial=0.0))
    return max(0.0, 1.0 - met / SAME)
