"""How a reader steers a conversation: to something else, back to what was asked before, not to that
but to this, to another part and on from there.

Knows nothing of what is asked, and of earlier questions only which of them some words mean.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from app import followup_en as en
from app import followup_zh as zh
from app.questions import interrogative
from sources import Language, language_of

_CHANGES = re.compile(
    r"(?i)^(?:(?:对了|那个?)[\s，,]*)?(?:(?:我们)?换一?个(?:问题|话题|事儿?|角度)?[问说聊]?|另一个问题|说点别的"
    r"|先不[说管]这个了?|再?问一?个别的|(?:另外|顺便)(?:我?(?:还|再)?想?问(?:一?下|问)?|一个问题)|"
    r"(?:ok(?:ay)?,? )?(?:(?:an? )?(?:different|another|new) (?:topic|question|subject)|"
    r"something else|(?:on|to) (?:another|a different) (?:topic|note|subject)|"
    r"chang(?:e|ing) (?:of |the )?(?:topic|subject)|switching (?:topics|subjects|gears)"
    r"|(?:an? )?(?:unrelated|separate)(?: question)?))[\s,，:：.。;；—-]+"
)
_RETURNS = re.compile(
    r"(?i)^(?:ok(?:ay)?,? |好[的吧]?[，,]?)?"
    r"(?:(?:再|我们)?(?:说|谈|讲)?回到?(?P<zh>[^，,：:。？?]{2,16})"
    r"|(?:going |coming )?back to (?P<en>[^,:.?—–]{2,40}?))"
    r"(?:[,，:：.。;；—–]|\s-)[\s,，:：.。;；—–-]*(?=.)"
)
_BACK = re.compile(r"(?i)刚才|之前|前面|上面|\b(?:earlier|previous|what|my|that)\b")
_FIRST = re.compile(r"(?i)最初|开头|一开始|\bfirst(?: (?:one|question|point|topic|paper))?\W*$")
_NO = r"[哦噢啊]|不是?的?|不对|错了|抱歉|对不起|no|nope|not that|sorry|oh|wait|actually"
_INSTEAD = re.compile(
    rf"(?i)^(?:(?:{_NO})[\s,，.。!！、]*)*"
    r"(?:我是?(?:(?:想|要)?[问说指讲]的是|的意思是|[问说指](?=.{1,8}$))|[光只]想?[说讲看问谈](?!的)"
    r"|i(?: meant?|(?:'m| am| was) (?:asking|talking) about))\s*(?:about |in |for )?"
    r"(?P<what>.+?)(?:就行|就好|即可|就可以)?[?？.。!！]*$"
)
_OTHER = re.compile(
    r"(?i)^(?:(?:那么?|至于|而)在?(?P<zh>[^，。？?、]{1,12}?)(?P<on>上|方面|领域)?呢"
    r"|(?:and |but |so )?(?:what|how) about (?P<en>[^,?.]{1,40}))[,，?？]\s*(?P<rest>.{3,})$"
)


def changed(question: str) -> str:
    """The question without the announcement that it is of something else."""
    return _CHANGES.sub("", question)


def returns(question: str) -> tuple[str, str]:
    """What is gone back to and what is asked of it; ("", the question) if nothing is."""
    found = _RETURNS.match(question)
    return (found["zh"] or found["en"], question[found.end() :]) if found else ("", question)


def returned_to(what: str, earlier: Sequence[str], last: str) -> str:
    """The `earlier` question, or the `last`, that `what` means, the latest of the earlier ones if
    it names none; `what` itself if none is like it."""
    if _FIRST.search(what):
        return earlier[0]
    named = _pieces(what)
    like = max(reversed((*earlier, last)), key=lambda each: len(_pieces(each) & named))
    if _pieces(like) & named:
        return like
    return what if said(what) >= 1 and not _BACK.search(what) else earlier[-1]


def instead(question: str) -> str:
    """What a correction, or a narrower question, asks: "no, I meant the EU" asks what about it."""
    found = _INSTEAD.match(question)
    if not found or interrogative(found["what"]):
        return found["what"] if found else question
    return _about(found["what"], chinese=language(question) == "zh")


def other(question: str) -> tuple[str, str]:
    """The question what about another part, and what is asked of it in the same breath: 那欧盟呢，
    它想要什么？ ("", the question) if it is none such."""
    found = _OTHER.match(question)
    if not found:
        return "", question
    part = found["zh"] + ("方面" if found["on"] else "") if found["zh"] else found["en"]
    return _about(part, chinese=bool(found["zh"])), found["rest"]


def language(text: str) -> Language:
    """Chinese as well where all but the particle is a name: USTR呢？"""
    return "zh" if re.search(r"[呢吗][？?]*$", text) else language_of(text)


def said(question: str) -> float:
    """How many words of the question mean something by themselves."""
    return zh.said(question) if language(question) == "zh" else en.said(question)


def _about(part: str, *, chinese: bool) -> str:
    return f"那{part}呢？" if chinese else f"what about {part}?"


def _pieces(text: str) -> set[str]:
    """The numbers, words and pairs of Chinese characters that mean something by themselves."""
    words = {
        word
        for word in re.findall(r"[a-z]{3,}|\d+", text.lower())
        if en.said(word) or word.isdigit()
    }
    return words | {
        "".join(pair) for pair in re.findall(r"(?=([\u4e00-\u9fff])([\u4e00-\u9fff]))", text)
    }
