"""A follow-up becomes a question that stands alone, without a language model.

Three steps, the first that applies. A new part takes the place of the old one of its kind
(那欧盟呢, and in 2017?). A question that points back (它, 其中) or says too little (why?) gets the
earlier subject in the pronoun's place, or the earlier topic in front. What is left may lean on
the conversation without a sign of it (一共签了几个). There the paper decides: the conversation
makes places near to it a little likelier, and if the topic in front leads to the likeliest place
while the bare question does not, the topic is carried. Knows of the paper only how texts fit it.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from textwrap import shorten

import numpy as np
from numpy.typing import NDArray

from app import followup_en as en
from app import followup_zh as zh
from app.answers import Turn
from sources import language_of

MAX_CARRIED = 80  # characters of topic put in front
MAX_SWAPPED = 200  # characters of an earlier question with one part replaced
ANSWER_READ = 600  # characters
# What the last question and its answer count beside the question, where the paper decides; tuned
# on our dev half and inscit_dev, flat from .15 to .2 and from .05 to .1.
LAST_QUESTION, LAST_ANSWER = 0.15, 0.1
FITS = 0.7  # a question that fits no place so far is of something else; follow-ups fit .76 and more

Scorer = Callable[[str], NDArray[np.float32]]
"""How well each place of the paper fits a text, shape [places]."""

_CHANGES = re.compile(
    r"(?i)^(?:(?:我们)?换一?个(?:问题|话题)?|另一个问题|说点别的|再?问一?个别的|"
    r"(?:ok(?:ay)?,? )?(?:(?:an? )?(?:different|another|new) (?:topic|question|subject)|"
    r"something else|(?:on|to) (?:another|a different) (?:topic|note|subject)|"
    r"changing (?:the )?(?:topic|subject)))[\s,，:：.。;；—-]+"
)
_MONTHS = "January|February|March|April|May|June|July|August|September|October|November|December"
_KINDS = (  # a part of a question can stand in for another of the same kind
    re.compile(rf"(?:(?:{_MONTHS}) )?(?:19|20)\d\d(?:年(?:\d+月)?)?"),
    re.compile(r"第\s*[一二三四五六七八九十\d.]+\s*[个条项类种点份次节章]|[Ss]ection [\d.]+"),
    re.compile(
        r"美国|中国|欧盟|欧洲|英国|法国|德国|日本|韩国|印度|巴西|俄罗斯|加拿大|澳大利亚|新加坡|新西兰|"
        r"巴基斯坦|东盟|非洲|发展中(?:国家|成员方?)|发达(?:国家|成员方?)|最不发达国家"
    ),
    en.NAME,
)


@dataclass(frozen=True, slots=True)
class _Context:
    """What a follow-up can lean on: the last question as it stands alone, the last one that did
    so without a topic in front, the subject that a Chinese pronoun stands for, the last answer."""

    question: str
    complete: str
    subject: str
    answer: str


def standalone(question: str, history: Sequence[Turn], scores: Scorer | None = None) -> str:
    """The question as it reads without its history; itself when it leans on nothing.

    `history` is oldest first. Every earlier question is made to stand alone too, so that a topic
    is carried through a chain of follow-ups and dropped where the subject changes. Without
    `scores` the paper is not asked. The result is at most MAX_CARRIED + 2 characters longer than
    the question, or MAX_SWAPPED in all.
    """
    context: _Context | None = None
    for turn in history:
        context = _resolve(turn, context, scores)
    return _resolve(Turn(question), context, scores).question


def _resolve(turn: Turn, last: _Context | None, scores: Scorer | None) -> _Context:
    """The question of the turn as it stands alone, and what the next one can lean on."""
    asked, answer = turn.question.strip(), turn.answer_text[:ANSWER_READ]
    changed = _CHANGES.sub("", asked)
    if changed != asked or not asked or not last:
        return _complete(changed or turn.question, answer)
    if swapped := _swapped(asked, last.complete):
        return _complete(swapped, answer)
    chinese = language_of(asked) == "zh"
    fronted = _fronted(asked, last.complete)
    if zh.leans(asked) if chinese else en.leans(asked):
        named = zh.name_subject(asked, last.subject) if chinese and last.subject else asked
        if named != asked:
            return _Context(named, named, last.subject, answer)
    elif not scores or not _leads_further(asked, fronted, last, scores):
        return _complete(turn.question, answer)
    return _Context(fronted, last.complete, last.subject, answer)


def _complete(question: str, answer: str) -> _Context:
    subject = zh.subject(question) if language_of(question) == "zh" else ""
    return _Context(question, question, subject, answer)


def _fronted(question: str, earlier: str) -> str:
    """The question with the topic of the earlier one in front."""
    topic = zh.topic(earlier) if language_of(earlier) == "zh" else en.topic(earlier)
    topic = shorten(topic, MAX_CARRIED, placeholder="") or topic[:MAX_CARRIED]
    if language_of(question) == "zh":
        return f"{topic}{zh.COLON}{question}" if topic else question
    return f"{topic}{en.COLON}{en.plain(question)}" if topic else question


def _leads_further(question: str, fronted: str, last: _Context, scores: Scorer) -> bool:
    """Whether the topic in front leads to the likeliest place while the bare question does not,
    or while that place is where the last answer stood."""
    bare, answered = scores(question), scores(last.answer or last.question)
    likely = bare + LAST_QUESTION * scores(last.question) + LAST_ANSWER * answered
    if len(likely) < 2 or bare.max() < FITS:
        return False
    place = int(likely.argmax())
    ahead, further = _ahead(bare, place), _ahead(scores(fronted), place)
    return further > ahead if ahead < 0 else further >= 0 and place == int(answered.argmax())


def _ahead(scores: NDArray[np.float32], place: int) -> float:
    """How far a place is ahead of the best of the others."""
    return float(scores[place] - np.delete(scores, place).max())


def _swapped(question: str, earlier: str) -> str:
    """The earlier question with the new part in the place of the old one of its kind, else ""."""
    chinese = language_of(question) == "zh"
    part = zh.part(question) if chinese else en.part(question)
    if not part or language_of(earlier) != language_of(question):
        return ""
    article = "" if chinese or re.search(r"(?i)\bthe ", part) else "(?:the )?"
    part = re.sub(r"(?i)^(?:(?:in|for|from|by|with|on|at|the) )+", "", part)
    if swapped := zh.swap_aspect(part, earlier):
        return swapped
    for kind in _KINDS if part not in earlier else ():
        olds = [old[0] for old in kind.finditer(earlier) if chinese or old.start()]
        if olds and kind.fullmatch(part):
            swapped = re.sub(article + re.escape(olds[0]), lambda _: part, earlier)
            swapped = swapped if chinese else en.plain(swapped)
            return swapped if len(swapped) <= MAX_SWAPPED else ""
    return ""
