"""Whether a text denies what another affirms, or the other way round; in Chinese and English.

Two signs. A word that is denied on one side ("does not publish", 未公布) is met on the other with
no denial near it; and words of opposite sense (increase and decline, 支持 and 反对) stand on the
two sides, each counted the other way round where it is denied. A text may also deny where the
other denies nothing at all. Knows words and clauses, no grammar: double negation, irony and
opposites beyond the table below go unnoticed.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from app.figures import is_number
from index.encoder import Floats, bundled_encoder
from sources import language_of

SAME_WORD = 0.45  # the cosine from which two words say the same
SPOKEN_ACROSS = 0.35  # from which, across languages, they are about the same
CONTENT = 2.0  # the weight from which a word is more than grammar
SCOPE = 3  # such words after a denial, within its clause, that it denies
REACH = re.compile(r"(?:\W*\w+){0,4}?\W*|[^，,。；;]{0,8}")  # from a denial to an opposite

# Nothing is denied by these, though a denial is part of them.
_IDLE = re.compile(
    r"not (?:only|until|merely|just|least|necessarily)|no (?:less|more) than|or not\b"
    r"|(?:\b(?:never|not|cannot|refus\w+ to)|n['’]t) (?:\w+ )?(?:giv(?:e|en|ing) up|abandon)"
    r"|(?:[绝决永从]?不|拒|没有?)[能可得会应该肯愿]{0,2}(?:放弃|抛弃|抛开)"
    r"|(?:非|[并绝]?不是)[^，。]{0,4}?(?:没有?|[无未不])|无(?:不|一例外)|莫不|没有不|不无"
    r"|(?:即[便使]|哪怕|就算)[^，。；]{0,12}?(?:没有?|[不未])"
    r"|\beven (?:if|when|where)\b[^,.;]{0,30}?(?:\bnot|n['’]t)"
    r"|(?:[只仅]有?|除了?)[\d一二两三四五六七八九十]+[个项家国条种][^，。；]{0,6}?(?:没有?|[不未])"
    r"|\bnot (?:alone|without|un\w+|im\w+)\b"
    r"|\bonly \w+ (?:[a-z]+ ){0,3}?(?:(?:do|did|ha[sd]|have|are|is|was|were|does) ?(?:not|n['’]t)"
    r"|lack|without)\b"
    r"|而(?:不是|非)|不[但仅]没有?(?=[^。]*(?:反而|还|更))|[并绝]?非[只仅单]|没有?超[出过]|不[能得可会]{0,2}(?:免除|豁免|忽视)"
    r"|\bunless\b[^.;]{0,100}?(?:not\b|n['’]t)|除非[^。；]{0,40}?(?:不|没有?|无法)"
    r"|\bnot (?:\w+ )?(?:against|exempt\w*|neglect\w*|ignor\w*|excus\w*|beyond)\b"
    r"|没有?(?=[^，。；]{2,12}的只有)"
    r"|不[再应能该可要]{0,2}(?:[只仅光止](?!有)|局限|限于)|没有(?:哪|任何)[^，。]{0,16}[更比]"
    r"|不[到足](?=[\d一二两三四五六七八九十百半])"
    r"|\bno (?:other )?\w+ (?:outrank|surpass|exceed|beat|match|rival)\w*|\bnot (?:every\w*|all)\b"
    r"|\bno (?:other )?\w+[^,.]{0,40}\b(?:more|\w+er) than"
    r"|不(?:仅|断|同(?!意(?!见))|少|过|管|论|只|但|久|安|满|幸|错|得不|得已|如|已|堪|凡|均|一(?![定直])|知不觉|讳|可(?:避免|思议|阻挡|逆转))"
    r"|(?<![为么何])不[？?]*$|(.)不\1|有没有|差不多|迫不及待|要不|说不定|时不时|难道不|[跟赶]不上|未来|无论|摇摆不定|非(?:正式|得|常|要)|难以(?:置信|想象)|不来梅|不拉斯",
    re.IGNORECASE,
)
_DENIAL = re.compile(
    r"\b(?:not|no(?= \w)|never|nor|neither|none|without|cannot|nothing|nobody"
    r"|fail(?:s|ed|ing)? to|(?:refus|declin)\w+ to|resist(?:s|ed|ing)?|unable to|yet to"
    r"|lack(?:s|ed|ing)?(?: of)?)\b"
    r"|n ?['’]t\b|不|没有?|未|并非|毫无|无(?:法|须|需|意|权|力|人|任何)|拒绝|禁止|难以|避免"
    "|防止|以免|取代|替代|代替",
    re.IGNORECASE,
)
# Across languages, words that deny something where the other may say "not".
_DENIES = re.compile(
    r"\b(?:(?:no|not|nor|none|few|only|too|ill|hard|half|end(?:s|ed|ing)?|ban(?:s|ned|ning)?)\b"
    r"|never|neither|without|cannot|nothing|refus|reject|resist|oppos|den[iy]"
    r"|fail|lack|miss|prohibit|forb[ia]d|prevent|declin|stall|absen|hardly|barely|rarely|seldom"
    r"|fewer|little|instead|rather|avoid|stop|against|illegal|reluct|difficult|hardly"
    r"|challeng|worse|worry|fear|refrain|restrict|limit|abandon|warn|danger|defeat|beyond|lag|depriv|short(?:age|fall)|scarce"
    r"|behind|attempt|out[ -]of|un(?!der|it|i[fnoqv]|til)[a-z]{3}|dis(?=[a-z]{4})|mis(?=[a-z]{4})"
    r"|im(?:poss|pract|prop|perf)|il(?:leg|lic)|ir(?:reg|res|rel)|in(?:ab|accur|activ|adeq|appro|capab|compl|consis|correct|effic|elig|evit"
    r"|exor|form[al]l|secur|suffi|stab|toler|valid|vis))|n ?['’]t|less\b|free\b"
    r"|replac|[不没未无非否别勿莫免休拒难缺避停失阻仅只]|禁止|反对|很少|极少|滞后|落后|[取替代]{2}",
    re.IGNORECASE,
)
_CLAUSE = re.compile(
    r"[，。；;：:!?！？\n]|[,.](?!\d)|\b(?:but|while|whereas|although|though|because)\b",
    re.IGNORECASE,
)
# Pairs of opposites, in both languages.
_OPPOSITES = (
    (
        r"support|favou?r|endors|welcom|advocat|approv|agree(?!ment)|accept"
        "|支持|赞成|赞同|同意|拥护|接受",
        r"oppos(?!ite)|object(?:s|ed|ing)?\b|reject|resist|disagree|反对|拒绝|抵制",
    ),
    (
        r"increas|rise[ns]?\b|rising|rose\b|gr[eo]w|rais(?:e|ing)|climb|expan[ds]"
        "|增加|增长|上升|提高|提升|上涨|扩大",
        r"decreas|falls\b|fallen|falling|fell\b|(?:to|will) fall\b|declin|reduc|drop"
        r"|shr[aiu]nk|lower|cut(?:s|ting)?\b(?! both)|减少|下降|降低|下跌|缩小|削减",
    ),
    (
        "accelerat|sp(?:ed|eed(?:s|ed|ing)?) up|rapid|fast|quick|swift|加速|加快|快速|迅速|飞速",
        "decelerat|slow|减缓|放缓|缓慢|减速|拖[慢累延]|延缓",
    ),
    ("strengthen|reinforc|consolidat|加强|增强|强化|巩固", "weaken|undermin|erod|削弱|减弱|弱化"),
    (
        "allow|permit|authori[sz]|允许|准许|许可",
        r"ban(?:s|ned|ning)?\b|prohibit|forb[ia]d|禁止|不准",
    ),
    (
        r"the same|similar|identical|alike|consensus|agree[ds]? (?:on|about)\b|eye to eye"
        "|相同|一致|相似|共识|趋同",
        "differ|opposite|diverg|disagree|disput|不同(?!意)|不一(?![定样直])|相去甚远|差异|分歧|相反|争[议执端]|纠纷",
    ),
    (
        r"lead(?:s|ing|er|ership)?\b|led\b|ahead|ke(?:ep|pt) (?:pace|up with)"
        "|领先|引领|领军|主导|[跟赶]上",
        r"lag|behind(?!-)|trail|落后|滞后|[跟赶]不上",
    ),
    (
        "expand|broaden|widen|扩大|扩展|拓宽",
        r"limit(?:s|ed|ing)?\b|restrict|curb|narrow(?:s|ed|ing)\b|constrain|限制|收窄|约束",
    ),
    ("loosen|relax|liberali[sz]|deregulat|放宽|松绑|放松", "tighten|收紧|收严"),
    ("succe(?:ed|ss)|成功", "fail|unsuccess|失败"),
    ("positiv|benefi|advantag|有利|有益", "negativ|harm|detriment|disadvantag|不利|有害"),
    ("must|ha(?:s|ve) to|requir|oblig|mandat|compuls|必须|强制|有义务", "voluntar|optional|自愿"),
    (
        r"includ|contain|join|participat|tak(?:e|es|ing) part|took part|accede"
        "|包含|包括|含有|纳入|加入|参与|参加",
        r"exclu[ds]|omit|(?:leav|left|keep|kept|stay|opt)\w*(?: [\w-]+)? out\b|withdr[ae]w|quit\b"
        "|排除|剔除|退出|撤出|脱离|置身[^，。]{0,14}之?外|缺席",
    ),
    (
        r"establish|set up|found(?:ed|ing)|creat|launch|sign(?:s|ed|ing)?\b|enact|ratif"
        "|成立|建立|设立|组建|签署|生效|启动",
        "dissol[uv]|disband|abolish|repeal|revok|scrap|terminat|shut down|解散|撤销|废除|废止|终止",
    ),
)
# And of those of which neither says no to anything.
_EVEN = (
    (
        "jointly|together|联合|共同|一[起同道](?!来)",
        r"alone\b|separately|unilateral|单独|独自|单方",
    ),
    (
        r"\bmost (?:common|frequent|widespread|cited)|最[多常普]",
        r"(?<!at )least (?:common|frequent|widespread|cited)|fewest|rarest|最[少罕]",
    ),
    (
        r"simpl[ei]|eas(?:y|ier|iest)\b|straightforward|简单|容易|简易",
        r"hard(?:er|est)?\b|difficult|complex|complicat|tough|困难|复杂|[最更较]难|难的",
    ),
    (
        r"only\b|solely|exclusively|[只仅](?![要有仅])",
        r"regardless|irrespective|no matter|whether or not|无论|不论|不管",
    ),
)
KEPT_TEXTS = 512  # a paper's sentences come up again and again
KEPT_PAIRS = 16  # what was compared last is asked for again by another feature
_POLES = [
    [re.compile(rf"(?<![a-z])(?:{pole})", re.IGNORECASE) for pole in pair]
    for pair in (*_OPPOSITES, *_EVEN)
]

Flags = NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Words:
    """The words of a text that the encoder knows: unit vectors [words, dimension], weights [words].

    `scopes` are the words that each denial of the text denies, `denied` [words] is whether one
    does; `near` [words] is whether the word's clause denies anything, and `loosely` the same with
    all that may stand for a denial in the other language.
    """

    words: tuple[str, ...]
    units: Floats
    weights: Floats
    scopes: tuple[tuple[int, ...], ...]
    denied: Flags
    near: Flags
    loosely: Flags


@lru_cache(maxsize=KEPT_TEXTS)
def analyse(text: str) -> Words:
    """The words of a text and what is denied of them."""
    encoder = bundled_encoder()
    known = encoder.words_of(text)
    units, weights = encoder.units_of(text)
    plain = without_idle(text)
    cuts = [0, *(match.start() for match in _CLAUSE.finditer(plain)), len(text)]
    clause = np.searchsorted(cuts, [start for start, _ in known.spans], side="right") - 1
    scopes = []
    for match in _DENIAL.finditer(plain):
        of = np.searchsorted(cuts, match.start(), side="right") - 1
        after = (
            at
            for at, (start, end) in enumerate(known.spans)
            if end > match.end() and start >= match.start() and clause[at] == of
        )
        scopes.append(tuple([at for at in after if weights[at] >= CONTENT][:SCOPE]))
    denied = np.zeros(len(known.spans), bool)
    denied[[at for scope in scopes for at in scope]] = True
    parts = [plain[a:b] for a, b in pairwise(cuts)]
    near, loosely = (
        np.array([bool(p.search(part)) for part in parts], bool)[clause] for p in (_DENIAL, _DENIES)
    )
    words = tuple(text[start:end].lower() for start, end in known.spans)
    return Words(words, units, weights, tuple(filter(None, scopes)), denied, near, loosely)


def coverage(said: str, told: str) -> float:
    """How well the words of a text, beside numbers, are met in another: their mean cosine with the
    best there, weighed by what they say."""
    words = analyse(said)
    weights = words.weights * np.array([not is_number(word) for word in words.words])
    met = (words.units @ analyse(told).units.T).max(axis=1, initial=0.0) @ weights
    return float(met) / max(float(weights.sum()), 1e-9)


@lru_cache(maxsize=KEPT_PAIRS)
def contradicts(claim: str, evidence: str) -> bool:
    """Whether one of the two denies what the other affirms."""
    return _denied_on_one_side(claim, evidence) or _opposed(claim, evidence)


def speaks_of(claim: str, evidence: str, aside: Sequence[tuple[int, int]] = ()) -> bool:
    """Whether the evidence meets half of what a claim is about: else it can deny nothing of it.

    Words of the claim within the spans set `aside` do not count.
    """
    units, weights = bundled_encoder().units_of(claim)
    spans = bundled_encoder().words_of(claim).spans
    counts = [not any(start < b and a < end for a, b in aside) for start, end in spans]
    told = weights * ((weights >= CONTENT) & np.array(counts, np.bool_))
    least = SAME_WORD if language_of(claim) == language_of(evidence) else SPOKEN_ACROSS
    met = (units @ analyse(evidence).units.T).max(axis=1, initial=0.0) >= least
    return bool(told.any()) and float(told[met].sum()) >= 0.5 * float(told.sum())


def denies(text: str) -> bool:
    """Whether a text denies anything."""
    return bool(_DENIAL.search(without_idle(text)))


def denies_alone(claim: str, evidence: str) -> bool:
    """Whether the claim denies something while nothing in the evidence could stand for a denial."""
    return not _may_deny(evidence) and (denies(claim) or _speaks_ill(claim))


@lru_cache(maxsize=KEPT_TEXTS)
def _may_deny(text: str) -> bool:
    """Whether anything in a text could stand for a denial."""
    return bool(_DENIES.search(without_idle(text))) or _speaks_ill(text)


@lru_cache(maxsize=KEPT_TEXTS)
def _speaks_ill(text: str) -> bool:
    """Whether a text stands at the negative pole of any pair of opposites."""
    return any(ill.search(text) for _, ill in _POLES[: len(_OPPOSITES)])


def _denied_on_one_side(claim: str, evidence: str) -> bool:
    here, there = analyse(claim), analyse(evidence)
    if not here.scopes and not there.scopes:
        return False
    across = language_of(claim) != language_of(evidence)
    same = here.units @ there.units.T >= SAME_WORD
    excused_there = there.denied | (there.loosely if across else there.near)
    for scope in here.scopes if not _turned(claim, evidence) else ():
        met = same[list(scope)].any(axis=0)
        if _enough(same[list(scope)], across) and not excused_there[met].any():
            return True
        # A translation that meets no word of a denial at least denies something.
        if across and not met.any() and not there.loosely.any():
            return True
    excused_here = here.denied | (here.loosely if across else here.near)
    for scope in there.scopes:
        met = same[:, list(scope)].any(axis=1)
        affirmed = same[met][:, ~there.denied].any()  # by another sentence of the evidence
        if _enough(same[:, list(scope)].T, across) and not excused_here[met].any() and not affirmed:
            return True
    return False


def _enough(same: Flags, across: bool) -> bool:
    """Whether so many of the words that a denial denies are met that it is told of them: most in
    one language, as "does not neglect trade" says nothing of trade; across languages, where many
    lack a near one, any. `same` [denied, others] is which two words say the same."""
    met = int(same.any(axis=1).sum())
    return met > 0 if across else 2 * met > len(same)


def _turned(claim: str, evidence: str) -> bool:
    """Whether the claim denies one of two opposites where the evidence has the other: what failed
    to keep pace lags behind."""
    plain = without_idle(claim)
    for (positive, negative), cited in zip(_POLES, _signs(evidence), strict=True):
        for pattern, other in ((positive, -1), (negative, 1)):
            if other in cited and any(
                _is_denied(plain, found.start()) for found in pattern.finditer(claim)
            ):
                return True
    return False


def _opposed(claim: str, evidence: str) -> bool:
    """Whether the two stand at opposite poles of a pair of opposites, and nowhere at the same."""
    plain = without_idle(claim)
    for pair, cited in zip(_POLES, _signs(evidence), strict=True):
        said = cited and _poles_of(claim, plain, *pair)
        if said and not said & cited:
            return True
    return False


@lru_cache(maxsize=KEPT_TEXTS)
def _signs(text: str) -> list[set[Literal[1, -1]]]:
    """At which poles of each pair of opposites a text stands."""
    plain = without_idle(text)
    return [_poles_of(text, plain, *pair) for pair in _POLES]


def _poles_of(
    text: str, plain: str, positive: re.Pattern[str], negative: re.Pattern[str]
) -> set[Literal[1, -1]]:
    found = set[Literal[1, -1]]()
    taken = [match.span() for match in negative.finditer(text)]  # disagree is no agree
    for start, _ in taken:
        found.add(1 if _is_denied(plain, start) else -1)
    for match in positive.finditer(text):
        if not any(start <= match.start() < end for start, end in taken):
            found.add(-1 if _is_denied(plain, match.start()) else 1)
    return found


def _is_denied(plain: str, at: int) -> bool:
    clause = _CLAUSE.split(plain[:at])[-1]
    return any(REACH.fullmatch(clause, match.end()) for match in _DENIAL.finditer(clause))


@lru_cache(maxsize=KEPT_TEXTS)
def without_idle(text: str) -> str:
    """The text with what only looks like a denial ("not only", 不同) made unreadable."""
    return _IDLE.sub(lambda match: "_" * len(match[0]), text)
