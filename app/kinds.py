"""What only a thing of one kind can answer: a person, a place, a sum, a court.

How each is asked for, and what a text holds of it. Rules for Chinese and English.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import lru_cache
from typing import Literal

import rjieba

from app.countries import countries
from app.names import gazetteer
from app.questions import asks_what_share

Kind = Literal[
    "person", "place", "country", "items", "sum", "share", "duration", "penalty", "court", "first"
]
Test = Callable[[str], object]

KEPT_ASKED = 64  # kinds and questions, each of which is looked at twice

_OFFICES = "总统|总干事|总裁|部长|大使|教授|主席|负责人|组长|首席|代表|秘书长|官员"
_LATIN_OFFICES = (
    "president|ambassador|minister|director|official|commissioner|author|professor|chair|envoy"
    "|negotiator|senator|lawmaker|congressman|founder|economist|spokes\\w+"
)
_PERSON = re.compile(
    rf"(?:{_OFFICES})(?:叫什么|姓什么|是谁)|哪位(?:{_OFFICES})"
    r"|谁(?:起草|主持|负责|领导|牵头|带头|代表|[当任]|[担出]任|做(?![的了]))"
    r"|\bwho (?:heads?|headed|led|chairs?|chaired|drafted)\b"
    r"|\bwho leads?\b(?! (?:the|in) (?:\w+ )?(?:econom|market|race|world|way|field))"
    rf"|\bwho (?:is|was|became|did)\b[^,?]*\b(?:{_LATIN_OFFICES})\b"
    rf"|\b(?:which (?:\w+ )?|what )(?:{_LATIN_OFFICES}|member of (?:congress|parliament))\b"
    rf"|\bwhich (?:\w+ )?(?:{_LATIN_OFFICES})s\b"
    r"(?!['’]? (?:conference|meeting|summit|statement|declaration|office)s?\b)"
    rf"|\bname of the (?:\w+ ){{0,2}}(?:{_LATIN_OFFICES})\b",
    re.IGNORECASE,
)
_PLACE = re.compile(
    r"哪座城|哪个(?:城市|地方)|在哪里?(?:签|举行|开|成立|召开|办)"
    r"|\b(?:which|what) (?:city|town|place|capital)\b",
    re.IGNORECASE,
)
_COUNTRY = re.compile(
    r"哪(?:一?个|些|几个?|[两三四五六七八九十]+个)?国家?(?![家际内外民会])"
    r"|\b(?:which|what) (?:\w+ )?(?:countr(?:y|ies)|nations?)\b",
    re.IGNORECASE,
)
_NATIONS = re.compile(
    r"发达|发展中|东盟|欧盟|联盟|沿线|\b(?:develop|low-income|middle-income|union|members of)",
    re.IGNORECASE,
)
_PLACED = re.compile(
    "[市城镇村县](?![场值价民乡])|[A-Z][a-z]+|在[^，。、]{2,12}(?:举行|召开|举办|签署|签订|成立)"
)
_MONEY = re.compile(
    r"多少(?:钱|[美欧日]?元|美金|人民币|万亿|亿|关税|税收|收入|利润|资金|经费|投资|赔偿)|罚多少"
    r"|(?:交易|销售|成交)额[^，。？]{0,4}多(?:少|大)"
    r"|\bhow much (?:(?:\w+ )?(?:money|revenue|tax|income|profit|funding|aid|compensation)"
    r"|.*\b(?:worth|costs?|spen[dt]|paid|pay)\b)"
    r"|\b(?:which|what) (?:fine|price|sum)",
    re.IGNORECASE,
)
_ITEMS = re.compile(
    r"(?:[三四五六七八九十]|\d+)[个项条家种类名位][^，。？]{0,12}?"
    r"(?:哪些|哪几|哪[三四五六七八九十][个项条家种类名位]|(?:包括|分别|具体|都|各|是|有|指)(?:什么|谁))"
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
_DURATION = re.compile(  # "how long is the bridge?" is none
    r"(?:保存|保留|持续|有效期?|期限|为期)[^，。？]{0,6}(?:多久|多长|几年|几个月)"
    r"|\b(?:for how long|how long (?:must|do|does|may|can|should))\b",
    re.IGNORECASE,
)
_TIMES = re.compile(
    r"个月|[天周秒]|小时|分钟|[日年][内间]|为期|期限|长期|长久|(?<!\d)\d{1,3}\s*多?年(?!\s*\d)"
    r"|[一二三四五六七八九十百]年|(?:1[5-9]|20)\d\d\D{1,6}(?:1[5-9]|20)\d\d"
    r"|\b(?:second|minute|hour|day|week|month|year|decade|centur|permanent|indefinite)",
    re.IGNORECASE,
)
_PENALTY = re.compile(
    r"(?:什么|哪些|何种|怎样的?)(?:处罚|惩罚|罚款|制裁)"
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


def _holds_country(text: str) -> object:
    return countries(text) or _NATIONS.search(text)


def _holds_place(text: str) -> bool:
    names = (word for word, tag in rjieba.tag(text) if tag == "ns")
    return bool(_PLACED.search(text)) or not all(map(countries, names))


# What is counted in units of its own.
_NUMERAL = r"(?:\d|[一二两三四五六七八九十百千万亿余多几])\s*"
_UNITS = tuple(
    (re.compile(asked, re.IGNORECASE), re.compile(held, re.IGNORECASE))
    for asked, held in (
        (
            r"多少(?:人(?![民均口才工])|[名位个]?(?:员工|雇员|职员|专家|官员|律师|工作人员))|几[名位]"
            r"|\bhow many (?:people|persons|staff|employees|workers|experts|officials|lawyers)\b",
            rf"{_NUMERAL}[名位人]|人[数口]|\b(?:people|persons?|staff|employees|workers|experts|officials"
            r"|population|adults|individuals|residents|patients|participants|men|women)\b",
        ),
        (
            r"(?:[法章约]|协定|规[则定]|文本)[^，。、]*(?:多少|几)条(?![件建意])|(?:多少|几)条款"
            r"|\bhow many (?:articles|clauses|provisions)\b",
            rf"{_NUMERAL}条|\b(?:articles?|clauses?|provisions?)\b",
        ),
        (
            r"(?:多少|几)分(?![钟之])|\bhow many points\b|\b(?:what|which) score\b",
            rf"{_NUMERAL}分(?!之)|得分|\b(?:points?|scor\w+)\b",
        ),
        (r"(?:多少|几)页|\bhow many pages\b", rf"{_NUMERAL}页|\bpages?\b"),
        (
            r"(?:多少|几)次|\bhow many (?:times|meetings|sessions|rounds)\b",
            r"(?<![第一二三四五六七八九十百\d])(?:\d|[一二两三四五六七八九十百多几])+\s*[次轮届]"
            r"|\b(?:once|twice|times|meetings|sessions|rounds)\b",
        ),
        (
            r"[过每隔用花要][多几]少?年(?!代)|\bhow many years\b",
            r"(?<!\d)\d{1,3}\s*多?年|[一二两三四五六七八九十百几]年|每年|年度"
            r"|\b(?:years?|annual\w*|yearly|every)\b",
        ),
        (r"(?:多少|几)票|\bhow many votes\b", rf"{_NUMERAL}票|\bvot\w+"),
    )
)


KINDS: dict[Kind, tuple[Test, Test]] = {
    "person": (_PERSON.search, _holds_person),
    "place": (_PLACE.search, _holds_place),
    "country": (_COUNTRY.search, _holds_country),
    "items": (_ITEMS.search, _LISTED.search),
    "sum": (_MONEY.search, _SUMS.search),
    "share": (asks_what_share, _SHARES.search),
    "duration": (_DURATION.search, _TIMES.search),
    "penalty": (_PENALTY.search, _PENALTIES.search),
    "court": (_COURT.search, _COURTS.search),
    "first": (_WHICH_FIRST.search, _FIRST.search),
}


# When something will be over is told by nothing that is told of its beginning.
_ENDS = re.compile(
    r"(?:什么时候|何时|哪一?年|多久)[^，。？]{0,8}(?:结束|谈完|谈成|完成|收官)|(?:截止日期|最后期限|时间表)"
    r"|\b(?:when|what year) (?:will|are|is|should|do|does)\b.*"
    r"\b(?:end|conclude|finish|complete|wrap|over)(?:s|d|ed)?\b"
    r"|\bby when (?:do|does|did|will|should|is|are)\b|\b(?:which|what) deadline\b",
    re.IGNORECASE,
)
_END = re.compile(
    r"结束|[谈完达]成|之?前(?:完成|结束)|期限|时间表|将[在于]"
    r"|\b(?:end(?:s|ed|ing)?|conclu\w+|finish\w*|complet\w+|deadline|until"
    r"|by (?:the end of )?\d{4})\b",
    re.IGNORECASE,
)


def lacks_end(question: str, text: str) -> bool:
    """Whether a question asks when something will be over and the text tells of no end."""
    return bool(_ENDS.search(question)) and not _END.search(text)


def lacks_unit(question: str, text: str) -> bool:
    """Whether a question asks how many of what the text counts none of."""
    return any(asked.search(question) and not held.search(text) for asked, held in _UNITS)


@lru_cache(maxsize=KEPT_ASKED)
def asks_for(kind: Kind, question: str) -> bool:
    """Whether only a thing of one kind can answer."""
    return bool(KINDS[kind][0](question))


def lacks(kind: Kind, question: str, text: str) -> bool:
    """Whether only a thing of one kind can answer, and the text holds none."""
    return asks_for(kind, question) and not KINDS[kind][1](text)
