"""What a question takes for granted, and what in the sentence that would answer speaks against it.

A question for 2017 finds what is said of 2018, one for Vietnam what is said of Indonesia, "why did
Japan refuse to sign?" finds that it signed. Every trait here is such an objection: the sentence
meets the topic and not the question. Rules for Chinese and English; knows nothing of scores.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import lru_cache

import rjieba

from app.mentions import countries
from app.negation import contradicts, without_idle
from index.encoder import bundled_encoder
from sources import language_of

HEAVY = 1.5  # the norm from which a word can be what is counted
COUNTED = 3  # words behind "how many" that can say what
AFTER, BEFORE = 24, 14  # characters around a number within which stands what it counts
STEM = 5  # letters of a Latin word that its forms share
SAME = 0.5  # the cosine from which two words say the same

_YEAR = re.compile(r"(?<!\d)(?:1[89]|20)\d\d(?!\d)")
_ACRONYM = re.compile(r"(?<![A-Za-z])[A-Z]{3,}(?![A-Za-z])")
_YES_NO = re.compile(
    r"吗|是否|有没有|是不是|(.)不\1"
    r"|^(?:does|do|did|is|are|was|were|has|have|can|will|would|should)\b",
    re.IGNORECASE,
)
# What is stopped, refused or taken back; of the question's predicates the ones that a sentence on
# the same matter seldom shares by chance.
_ENDED = re.compile(
    r"拒绝|拒签|退出|撤回|撤销|废除|废止|取消|放弃|排除|反对|否决|关闭|解散|删除|终止|暂停|改变|抛弃"
    r"|减少|下降|下跌|缩小|削减"
    r"|\b(?:withdr\w+|repeal\w*|abolish\w*|refus\w+|declin\w+|reject\w*|abandon\w*|oppos\w+"
    r"|left out|leav(?:e|es|ing)|clos(?:e|ed|es) down|(?:kept|keeps?|stay(?:s|ed)?) out"
    r"|turn(?:s|ed)? against"
    r"|cut|f[ae]ll(?:en|s)?|drop(?:s|ped)?|bann?(?:ed|s)?|block(?:s|ed)?|suspend\w*)\b",
    re.IGNORECASE,
)
_COUNTS = re.compile(
    r"(?:多少|(?<!哪)(?<!好)几)(?:[个项家种条次名位份类艘座部张]|(?=[国人]))"
    r"|\bhow many\b|\bnumber of\b",
    re.IGNORECASE,
)
_NUMBER = re.compile(
    r"(?<!\[)\d+(?:\.\d+)?(?!\d*\s*[年月日\]])|[二三四五六七八九十百千两]+(?=[个项家国种条次名位])"
    r"|\b(?:two|three|four|five|six|seven|eight|nine|ten|eleven|twelve)\b",
    re.IGNORECASE,
)
# What only a thing of one kind can answer: how it is asked for, and what a sentence holds of it.
_PERSON = re.compile(
    r"谁(?:起草|写|签|说|提名|主持|负责|领导|当)|叫什么名|姓什么|哪个人|名叫"
    r"|(?:总统|总干事|部长|大使|教授|主席|负责人|组长|作者)(?:叫|是谁|是哪)"
    r"|\bwho (?:heads?|leads?|wrote|signed|chairs?|drafted|founded|said|is|was)\b"
    r"|\b(?:which|what) (?:president|ambassadors?|minister|official|person|author|professor)"
    r"|\bwhose name|'s name\b|\bname of the (?:president|director|minister|chair)",
    re.IGNORECASE,
)
_PLACE = re.compile(
    r"哪座城|哪个(?:城市|地方)|在哪里?(?:签|举行|开|成立|召开|办)"
    r"|\b(?:which|what) (?:city|town|place|capital)\b",
    re.IGNORECASE,
)
_MONEY = re.compile(
    r"多少(?:钱|美元|元|万亿|亿)|罚多少|\bhow much (?:money|were|was|is|are|did)|\bworth\b"
    r"|\b(?:which|what) (?:fine|price|sum)",
    re.IGNORECASE,
)
_SUMS = re.compile(r"元(?![素件])|万亿|亿|[$€£¥]|\bdollars?|[bmr]illion|euros?|pounds?", re.I)
_SHARE = re.compile(
    r"百分之几|占比|比例|比重|几成|百分比|\b(?:what|which) (?:share|percentage|proportion|fraction)"
    r"|\bhow many per ?cent",
    re.IGNORECASE,
)
_SHARES = re.compile(
    r"[%％]|分之|一半|半数|过半|\bper ?cent|\bhalf\b|\bthird\b|\bquarter\b|majority|\bout of\b"
    r"|比重",
    re.IGNORECASE,
)
_LATIN_PERSON = re.compile(r"\b[A-Z][a-z]+ (?:[A-Z]\. )?[A-Z][a-z]+")


@lru_cache(maxsize=4096)
def _tagged(text: str, tag: str) -> bool:
    return any(held.startswith(tag) and len(word) > 1 for word, held in rjieba.tag(text))


def _holds_person(text: str) -> bool:
    return _tagged(text, "nr") or bool(_LATIN_PERSON.search(text))


def _holds_place(text: str) -> bool:
    return any(tag == "ns" and not countries(word) for word, tag in rjieba.tag(text))


_KINDS: tuple[tuple[re.Pattern[str], Callable[[str], object]], ...] = (
    (_PERSON, _holds_person),
    (_PLACE, _holds_place),
    (_MONEY, _SUMS.search),
    (_SHARE, _SHARES.search),
)

OBJECTIONS = (
    *("other_year", "no_country", "no_acronym", "contradicted", "not_ended"),
    *("no_person", "no_place", "no_sum", "no_share", "uncounted"),
)


def objections(question: str, sentence: str, section: str) -> tuple[float, ...]:
    """How much of each of OBJECTIONS there is, 0 to 1, against a sentence that is the best one.

    `section` is what was found of the section around it, with its headings.
    """
    across = language_of(question) != language_of(sentence)
    presumes = not _YES_NO.search(question)
    acronyms = _ACRONYM.findall(question)
    return (
        bool(other_years(question, sentence)),
        not countries(question) <= countries(section),
        not across and any(each.casefold() not in section.casefold() for each in acronyms),
        presumes and contradicts(question, sentence),
        _not_ended(question, sentence) if presumes else 0.0,
        *(bool(asks.search(question)) and not held(sentence) for asks, held in _KINDS),
        _uncounted(question, sentence),
    )


def other_years(question: str, sentence: str) -> tuple[str, ...]:
    """The years of a sentence, in its order, if it names some and none that the question names."""
    asked, told = _YEAR.findall(question), _YEAR.findall(sentence)
    return tuple(dict.fromkeys(told)) if asked and not {*asked} & {*told} else ()


def _not_ended(question: str, sentence: str) -> float:
    """How little a sentence meets what the question says was ended or refused."""
    words = bundled_encoder().words([sentence])[0]
    known, _ = bundled_encoder().units(words.rows)
    least = 1.0
    for ended in _ENDED.finditer(without_idle(question)):
        rows = bundled_encoder().rows([ended[0]])[0]
        stem = ended[0][:STEM].lower()
        if len(stem) == STEM and stem in sentence.lower():  # withdraw, withdrew
            continue
        if len(rows) and len(known):
            units, _ = bundled_encoder().units(rows)
            least = min(least, float((units @ known.T).max(axis=1).min()))
    return 1.0 - max(least, 0.0)


def _uncounted(question: str, sentence: str) -> float:
    """How little what the question counts stands by any number of the sentence."""
    counts = _COUNTS.search(question)
    if not counts:
        return 0.0
    asked, held = bundled_encoder().words([question, sentence])
    units, norms = bundled_encoder().units(asked.rows)
    known, _ = bundled_encoder().units(held.rows)
    counted = [
        at
        for at, (start, _) in enumerate(asked.spans)
        if start >= counts.end() and norms[at] >= HEAVY
    ][:COUNTED]
    beside = [
        at
        for number in _NUMBER.finditer(sentence)
        if not _YEAR.fullmatch(number[0])
        for at, (start, _) in enumerate(held.spans)
        if -BEFORE <= start - number.end() <= AFTER
    ]
    if not counted:
        return 0.0
    met = float((units[counted] @ known[beside].T).max(initial=0.0))
    return max(0.0, 1.0 - met / SAME)
