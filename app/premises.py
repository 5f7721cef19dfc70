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

from app.countries import countries, named_countries
from app.dates import YEAR
from app.names import ACRONYM, gazetteer
from app.negation import contradicts, denies, denies_alone, speaks_of, without_idle
from app.questions import (
    KEPT_QUESTIONS,
    asks_how_many,
    asks_what_share,
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
# What is stopped, refused or taken back; of the question's predicates the ones that a sentence on
# the same matter seldom shares by chance.
_ENDED = re.compile(
    r"拒绝|拒签|退出|撤回|撤销|废除|废止|取消|放弃|排除|反对|否决|关闭|解散|删除|终止|暂停|(?<!什么)改变|抛弃"
    r"|减少|下降|下跌|缩[小减水]|削减|萎缩|收缩|摆脱"
    r"|停止|中止|叫停|\b(?:withdr\w+|repeal\w*|abolish\w*|refus\w+|declin\w+|reject\w*|abandon\w*|oppos\w+"
    r"|left out|leav(?:e|es|ing)|clos(?:e|ed|es) down|(?:kept|keeps?|stay(?:s|ed)?) out"
    r"|turn(?:s|ed)? against|g[ia]ven? up"
    r"|cut|f[ae]ll(?:en|s)?|drop(?:s|ped)?|bann?(?:ed|s)?|block(?:s|ed)?|suspend\w*"
    r"|stop(?:s|ped)?|halt(?:s|ed)?|scrap(?:s|ped)?|ditch\w*|quit\w*|shr[iau]nk\w*|dwindl\w*"
    r"|decreas\w*|exclud\w*|cancel\w*|shuts?\b.*\bout|(?:pull|back)(?:s|ed)? out"
    r"|walk(?:s|ed)? (?:out|away)|leav(?:e|es|ing)\b.*\bout|postpon\w*|delay\w*)\b",
    re.IGNORECASE,
)
_COUNTS = re.compile(
    r"(?:多少|(?<!哪)(?<!好)几)(?:[个项家种条次名位份类艘座部张]|(?=[国人]))"
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
# What only a thing of one kind can answer: how it is asked for, and what a sentence holds of it.
_OFFICES = "总统|总干事|总裁|部长|大使|教授|主席|负责人|组长|首席|代表|秘书长|官员"
_LATIN_OFFICES = (
    "president|ambassador|minister|director|official|commissioner|author|professor|chair|envoy"
    "|negotiator|senator|lawmaker|congressman|founder|economist|spokes\\w+"
)
_PERSON = re.compile(
    rf"(?:{_OFFICES})(?:叫什么|姓什么|是谁|叫啥)|哪位(?:{_OFFICES})"
    r"|谁(?:起草|主持|负责|领导|牵头|带头|代表)"
    r"|\bwho (?:heads?|headed|leads?|led|chairs?|chaired|drafted)\b"
    rf"|\b(?:which|what) (?:{_LATIN_OFFICES})s?\b"
    rf"|\bname of the (?:\w+ ){{0,2}}(?:{_LATIN_OFFICES})\b",
    re.IGNORECASE,
)
_PLACE = re.compile(
    r"哪座城|哪个(?:城市|地方)|在哪里?(?:签|举行|开|成立|召开|办)"
    r"|\b(?:which|what) (?:city|town|place|capital)\b",
    re.IGNORECASE,
)
_COUNTRY = re.compile(
    r"哪(?:一?个)?国家?(?![家际内外民会])|\b(?:which|what) (?:country|nation)\b", re.IGNORECASE
)
_LEANS = re.compile(r"其|[此这该]|(?:of )?(?:these|them|this|they)\b|among", re.IGNORECASE)
_PLACED = re.compile("[市城镇村县]|[A-Z][a-z]+|在[^，。、]{2,12}(?:举行|召开|举办|签署|签订|成立)")
_MONEY = re.compile(
    r"多少(?:钱|美元|元|万亿|亿)|罚多少|(?:交易|销售|成交)额[^，。？]{0,4}多(?:少|大)"
    r"|\bhow much (?:money|.*\b(?:worth|costs?|spen[dt]|paid|pay)\b)"
    r"|\b(?:which|what) (?:fine|price|sum)",
    re.IGNORECASE,
)
_ITEMS = re.compile(
    r"(?:[三四五六七八九十]|\d+)[个项条家种类名位][^，。？]{0,12}?(?:包括|分别|具体|都|各)?(?:是|有|指)?"
    r"(?:哪些|哪几|哪[三四五六七八九十][个项条家种类名位]|什么|谁)"
    r"|\b(?:what|which|who) (?:are|were) the (?:\d+|three|four|five|six|seven|eight|nine|ten)\b"
    r"|\b(?:list|name) the (?:\d+|three|four|five|six|seven|eight|nine|ten)\b",
    re.IGNORECASE,
)
_LISTED = re.compile(
    r"、|一是|首先|一方面|[(（]1[)）]|, [^.]*,? and\b|first(?:ly)?,", re.IGNORECASE
)
_SUMS = re.compile(r"元(?![素件])|万亿|亿|[$€£¥]|\bdollars?|[bmr]illion|euros?|pounds?", re.I)
_SHARES = re.compile(
    r"[%％]|分之|一半|半数|过半|\bper ?cent|\bhalf\b|\bthird\b|\bquarter\b|majority|\bout of\b"
    r"|比重",
    re.IGNORECASE,
)
_DURATION = re.compile(
    r"(?:保存|保留|持续|有效期?|期限|为期)[^，。？]{0,6}(?:多久|多长|几年|几个月)"
    r"|\b(?:for how long|how long (?:must|do|does|did|will|may|can|should|are|is))\b",
    re.IGNORECASE,
)
_TIMES = re.compile(
    r"个月|[天周秒]|小时|分钟|[日年][内间]|为期|期限|长期|长久|[一二三四五六七八九十百]年"
    r"|\b(?:second|minute|hour|day|week|month|year|decade|centur|permanent|indefinite)",
    re.IGNORECASE,
)
_PENALTY = re.compile(
    r"(?:什么|哪些|何种|怎样的?|啥)(?:处罚|惩罚|罚款|制裁)"
    r"|\b(?:what|which) (?:penalt|sanction|punishment|fine)",
    re.IGNORECASE,
)
_PENALTIES = re.compile(r"罚|制裁|责任|\b(?:penal|fine[sd]?\b|sanction|punish|liab)", re.IGNORECASE)
_COURT = re.compile(r"(?:哪[个家]|什么)法[院庭]|\b(?:which|what) (?:court|tribunal)", re.IGNORECASE)
_COURTS = re.compile(r"法[院庭]|仲裁|\b(?:court|tribunal|arbitra)", re.IGNORECASE)
_WHICH_FIRST = re.compile(
    r"(?:第一个|首个)[^，。]*(?:是哪|是谁)|哪[^，。]*是(?:第一个|首个)"
    r"|\bwhich (?:\w+ )?(?:is|was|were) the (?:very )?(?:first|earliest)\b",
    re.IGNORECASE,
)
_FIRST = re.compile(
    r"首(?!先)|第一|最[早先]|开始|率先|\b(?:first|earliest|beg[ai]n|initial)", re.IGNORECASE
)
_LATIN_PERSON = re.compile(r"\b[A-Z][a-z]+ (?:[A-Z]\. )?[A-Z][a-z]+")


@lru_cache(maxsize=4096)
def _holds_person(text: str) -> bool:
    untitled = re.sub("《[^》]*》", "", text)
    people = (
        word for word, held in rjieba.tag(untitled) if held.startswith("nr") and len(word) > 1
    )
    return any(word not in gazetteer() for word in people) or bool(_LATIN_PERSON.search(text))


def _holds_place(text: str) -> bool:
    names = (word for word, tag in rjieba.tag(text) if tag == "ns")
    return bool(_PLACED.search(text)) or not all(map(countries, names))


_KINDS: dict[str, tuple[Callable[[str], object], Callable[[str], object]]] = {
    "person": (_PERSON.search, _holds_person),
    "place": (_PLACE.search, _holds_place),
    "country": (_COUNTRY.search, countries),
    "items": (_ITEMS.search, _LISTED.search),
    "sum": (_MONEY.search, _SUMS.search),
    "share": (asks_what_share, _SHARES.search),
    "duration": (_DURATION.search, _TIMES.search),
    "penalty": (_PENALTY.search, _PENALTIES.search),
    "court": (_COURT.search, _COURTS.search),
    "first": (_WHICH_FIRST.search, _FIRST.search),
}
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
        *(lacks(kind, question, sentence) for kind in _KINDS),
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
    counted of all of them is not that of one."""
    if not (asked := _counted_of(question)):
        return frozenset()
    lists = [found.span() for found in _LIST.finditer(sentence)]
    listed, alone = set[int](), set[int]()
    for at, _, country in named_countries(sentence):
        (listed if any(a <= at < b for a, b in lists) else alone).add(country)
    return asked & listed - alone


@lru_cache(maxsize=KEPT_QUESTIONS)
def _counted_of(question: str) -> frozenset[int]:
    """The countries of which a question asks for a number, or for more of something."""
    counts = asks_how_many(question) or _MORE.search(question)
    return countries(question) if counts else frozenset()


def lacks(kind: str, question: str, text: str) -> bool:
    """Whether only a thing of one kind can answer, and the text holds none."""
    asks, held = _KINDS[kind]
    return bool(asks(question)) and not held(text)


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
    known, _ = bundled_encoder().units_of(sentence)
    least = 1.0
    for ended in _ENDED.finditer(without_idle(question)):
        units, _ = bundled_encoder().units_of(ended[0])
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
