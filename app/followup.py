"""A follow-up becomes a question that stands alone, without a language model.

A new part takes the place of the old one of its kind (那欧盟呢, and in 2017?). A question that
points back (它, 其中), lacks a subject (要建哪些机制) or says too little (why?) gets the earlier
subject in the pronoun's place, or the earlier topic in front. What shows no sign of leaning on
the conversation stays as it is; it is still drawn to the place of the last answer, and the less
it says, the more. "The third one" of the headings that an answer listed is that section. Knows
nothing of the paper but what was answered.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from textwrap import shorten

from app import followup_en as en
from app import followup_zh as zh
from app.answers import Turn
from app.countries import countries, table
from app.dates import YEAR
from app.steering import changed, instead, language, other, returned_to, returns, said
from app.wording import refuses
from index.places import NUMERALS
from sources import language_of

MAX_CARRIED = 80  # characters of topic put in front
MAX_SWAPPED = 200  # characters of an earlier question with one part replaced
# How strongly a question that says enough, and one that says nothing, is drawn to where the last
# answer stood; tuned on our dev half and inscit_dev.
LEAST_DRAWN, MOST_DRAWN = 0.1, 0.4
ENOUGH = 5  # words that mean something by themselves
WHOLE = 4  # of them, from which what shows no sign of leaning may be on anything

_MORE = re.compile(
    r"(?i)\belse\b|\b(?:besides|apart from) (?:this|that|these|those|them|it)\b|"
    r"^(?:还有|除了[这那此]|除此)"
)
_GOES_ON = re.compile(
    r"(?i)\W*(?:(?:请|再|能|可以|麻烦)*(?:继续|接着说|往下说|展开(?:讲讲|说说|谈谈)?|多说一?点|还有|更多"
    r"|(?:详细|具体)(?:说说|讲讲|一?点|介绍|说明|内容)?(?:一下)?)[呢吗]?"
    r"|(?:please |can you |could you )*(?:tell me more|go on|continue|(?:some )?more(?: details?)?"
    r"|elaborate|say more|details|(?:what|anything) else)(?: please)?)\W*"
)
_ORDINALS = ("first", "second", "third", "fourth", "fifth", "sixth", "seventh")
_NTH = re.compile(
    rf"第(?P<zh>[{NUMERALS}])(?:条|个|点|项|部分)(?:建议|对策)?"
    rf"|\bthe (?P<en>{'|'.join(_ORDINALS)})"
    r"(?: (?:one|point|part|recommendation|suggestion|item)\b|(?=\W*$))",
    re.IGNORECASE,
)
_HEADINGS = re.compile(r"^“(\d+(?:\.\d+)*)\.? .*” ?\[\d+\]$", re.MULTILINE)
_RELATIVE = re.compile(
    r"(?i)(?P<after>第二年|次年|转过年来?|来年|隔年|下一年|一年[之以]?后|"
    r"\b(?:the (?:year after(?: that)?|(?:next|following) year)|(?:a|one) year (?:later|after))\b)|"
    r"前一年|上一年|一年[之以]?前|"
    r"\b(?:the (?:year before(?: that)?|previous year)|(?:a|one) year (?:earlier|before))\b"
)
_MONTHS = "January|February|March|April|May|June|July|August|September|October|November|December"
_COUNTRIES = sorted(
    (name for names, _ in table() for name in names if not name.isascii()), key=len, reverse=True
)
_KINDS = (  # a part of a question can stand in for another of the same kind
    re.compile(rf"(?:(?:{_MONTHS}) )?(?:19|20)\d\d(?:年(?:\d+月)?)?"),
    re.compile(r"第\s*[一二三四五六七八九十\d.]+\s*[个条项类种点份次节章]|[Ss]ection [\d.]+"),
    re.compile(
        "|".join([*_COUNTRIES, "东盟|非洲|发展中(?:国家|成员方?)|(?:最不)?发达(?:国家|成员方?)"])
    ),
    en.NAME,
)


@dataclass(frozen=True, slots=True)
class _Context:
    """What a follow-up can lean on: the last question that stood alone without a topic in front,
    the subject that a Chinese pronoun stands for, and what stood alone before, oldest first."""

    complete: str
    subject: str
    before: tuple[str, ...]


def standalone(question: str, history: Sequence[Turn]) -> str:
    """The question as it reads without its history; itself when it leans on nothing.

    `history` is oldest first. Every earlier question is made to stand alone too, so that a topic
    is carried through a chain of follow-ups and dropped where the subject changes. The result is
    at most MAX_CARRIED + 2 characters longer than the question, or MAX_SWAPPED in all.
    """
    if placed := _placed(question.strip(), history):
        return placed
    context: _Context | None = None
    refused = ""
    for turn in history:
        asked, after = _resolve(turn.question, context)
        refused = asked if context and refuses(turn.answer_text) else ""
        context = context if refused else after
    # What the paper does not speak of is no topic to go on with, but may be asked of another.
    return _swapped(question.strip(), refused) or _resolve(question, context)[0]


def _placed(question: str, history: Sequence[Turn]) -> str:
    """The question with a section's number in the place of "the third one", where an answer listed
    that many headings, else ""."""
    nth = _NTH.search(question)
    lists = (_HEADINGS.findall(turn.answer_text) for turn in reversed(history))
    listed = next((each for each in lists if len(each) > 1), [])
    if not nth or not listed:
        return ""
    at = NUMERALS.index(nth["zh"]) if nth["zh"] else _ORDINALS.index(nth["en"].lower())
    if at >= len(listed):
        return ""
    place = f"第{listed[at]}节" if nth["zh"] else f"section {listed[at]}"
    return question[: nth.start()] + place + question[nth.end() :]


def drawn(question: str, understood: str) -> float:
    """How strongly a follow-up is drawn to where the last answer stood: the more, the less it
    says. One with a new part says all that the earlier one did, and an announced change of topic
    is not drawn at all."""
    if turns_away(question):
        return 0.0
    much = said(understood if reworded(question, understood) else question.strip())
    return LEAST_DRAWN + (MOST_DRAWN - LEAST_DRAWN) * max(0.0, 1 - much / ENOUGH)


def turns_away(question: str) -> bool:
    """Whether a question says that it is on something else, or goes back to an earlier one."""
    asked = question.strip()
    return changed(asked) != asked or bool(returns(asked)[0])


def goes_on(question: str, understood: str) -> bool:
    """Whether a question goes on with what was said: it does not say that it is on something else,
    and it leans on the conversation, asks for more, or says too little to stand alone."""
    whole = understood.strip() == question.strip() and said(question) >= WHOLE
    return not turns_away(question) and (not whole or asks_for_more(question))


def plain(question: str) -> str:
    """The question without its courtesies and what joins it to what was said."""
    return zh.plain(question) if language(question) == "zh" else en.plain(question)


def reworded(question: str, understood: str) -> bool:
    """Whether more was done than to put a topic in front: mostly, the earlier question is asked
    again of something else."""
    asked = question.strip()
    return not understood.endswith((en.plain(asked), zh.plain(asked)))


def of_another(question: str, understood: str, last: str) -> bool:
    """Whether a follow-up asks what the `last` question did of something else, such as a country
    that it did not name."""
    named = countries(question)
    return (bool(named) and not named & countries(last)) or reworded(question, understood)


def asks_for_more(question: str) -> bool:
    """Whether a follow-up asks for what has not been said yet: what else, 除了这些."""
    return bool(_MORE.search(question)) or asks_to_go_on(question)


def asks_to_go_on(question: str) -> bool:
    """Whether a follow-up asks for nothing but more of the same: tell me more, 展开讲讲."""
    return bool(_GOES_ON.fullmatch(question))


def _resolve(question: str, last: _Context | None) -> tuple[str, _Context]:
    """The question as it stands alone, and what the next one can lean on."""
    asked = instead(question.strip()) if last else question.strip()
    whole = changed(asked)
    if not asked or not last or whole != asked:
        return _complete(whole or question, last)
    what, rest = returns(asked)
    if what:
        earlier = returned_to(what, last.before or (last.complete,), last.complete)
        return _fronted(rest, earlier), _Context(earlier, "", (*last.before, last.complete))
    asked, then = _dated(asked, last)
    part, rest = other(asked)
    if swapped := _swapped(part or asked, last.complete):
        understood = _fronted(rest, swapped) if part else swapped
        return understood, _complete(swapped, last)[1]
    dated, last = then is not last, then
    chinese = language(asked) == "zh"
    if not (dated or (zh.leans(asked) if chinese else en.leans(asked))):
        # What says next to nothing is no topic for the next one.
        return _complete(asked, last) if said(asked) >= 1 else (asked, last)
    if chinese and last.subject and (named := zh.name_subject(asked, last.subject)) != asked:
        return named, _Context(named, last.subject, last.before)
    return _fronted(asked, last.complete), last


def _complete(question: str, last: _Context | None) -> tuple[str, _Context]:
    subject = zh.subject(question) if language(question) == "zh" else ""
    return question, _Context(question, subject, (*last.before, last.complete) if last else ())


def _fronted(question: str, earlier: str) -> str:
    """The question with the topic of the earlier one in front."""
    topic = zh.topic(earlier) if language_of(earlier) == "zh" else en.topic(earlier)
    topic = shorten(topic, MAX_CARRIED, placeholder="") or topic[:MAX_CARRIED]
    colon = zh.COLON if language(question) == "zh" else en.COLON
    return f"{topic}{colon}{plain(question)}" if topic else question


def _dated(question: str, last: _Context) -> tuple[str, _Context]:
    """The question with the year that "the year after" means, if the earlier one names one; what
    is asked of now is that year."""
    years = {int(year) for year in YEAR.findall(last.complete)}
    found = _RELATIVE.search(question)
    if len(years) != 1 or not found:
        return question, last
    year = min(years) + (1 if found["after"] else -1)
    unit = "年" if language(question) == "zh" else ""
    preposition = "in " if re.match("(?i)(?:a|one) ", found[0]) else ""
    asked = question[: found.start()] + f"{preposition}{year}{unit}" + question[found.end() :]
    return asked, replace(
        last, complete=YEAR.sub(str(year), last.complete), before=(*last.before, last.complete)
    )


def _swapped(question: str, earlier: str) -> str:
    """The earlier question with the new part in the place of the old one of its kind, else ""."""
    chinese = language(question) == "zh"
    part = zh.part(question) if chinese else en.part(question)
    if not part or language(earlier) != language(question):
        return ""
    article = "" if chinese or re.search(r"(?i)\bthe ", part) else "(?:the )?"
    part = re.sub(r"(?i)^(?:(?:in|for|from|by|with|on|at|the) )+", "", part)
    if swapped := zh.swap_aspect(part, earlier):
        return swapped
    for kind in _KINDS if part not in earlier else ():
        olds = [old[0] for old in kind.finditer(earlier) if chinese or old.start()]
        # The clause that asks comes last.
        olds = [old for old in olds if old in re.split("[，,]", earlier)[-1]] or olds
        if olds and kind.fullmatch(part):
            whose = re.search("['’]s$", olds[0])
            new = part + (whose[0] if whose and not re.search("['’]s$", part) else "")
            old = article + re.escape(olds[0])
            swapped = re.sub(old, new.replace("\\", r"\\"), earlier)
            swapped = swapped if chinese else en.plain(swapped)
            return swapped if len(swapped) <= MAX_SWAPPED else ""
    return ""
