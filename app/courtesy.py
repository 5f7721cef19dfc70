"""Greetings and thanks get a kind word instead of a search: "hi" is no question about a paper."""

from __future__ import annotations

import re

from sources import language_of

_GREETS = re.compile(
    r"(?:你|您|大家)们?好[呀啊吗]?|哈[喽啰罗]|嗨|嘿|[早晚]上好|[早下]午好|早安?|在吗|有人吗"
    r"|(?:hi+|hello|hey+|greetings|good (?:morning|afternoon|evening|day))(?: there| all)?",
    re.IGNORECASE,
)
_THANKS = re.compile(
    r"(?:(?:好的?|太好了|非常|十分|多) ?)?(?:感谢|谢谢?)(?:[你您了啦]|大家|你们|帮助)*"
    r"|(?:many |ok(?:ay)? |great )?(?:thanks|thank you|thx|cheers)"
    r"(?: (?:a lot|so much|very much|again|for (?:your|the) (?:help|answers?)))?",
    re.IGNORECASE,
)
_AGREES = re.compile(
    r"(?:好的?|嗯+|哦+|行|(?:明白|了解|知道|懂)了?|收到|原来如此|太好了)[呀啊吧嗯]?"
    r"|ok(?:ay)?|i see|got it|understood|great|cool|nice|alright|good",
    re.IGNORECASE,
)
_WHO = re.compile(
    r"你(?:是谁|是什么|叫什么(?:名字)?|是做什么的|能做什么|能干什?么|会什么|有什么(?:用|功能)|怎么用)"
    r"|怎么(?:用|使用)(?:你|这个)?|帮助|使用说明"
    r"|(?:who|what) are you|what(?: can| do) you do|how (?:do|can) i use (?:you|this)|help(?: me)?",
    re.IGNORECASE,
)
_BYE = re.compile(r"再见|拜拜|(?:good ?)?bye(?:[ -]bye)?|see you(?: later)?", re.IGNORECASE)
_REPLIES = (
    (
        _GREETS,
        "你好！请就论文提问，答案的每一句都会标明出处。",
        "Hello! Ask anything about the paper; every sentence of an answer shows where it stands.",
    ),
    (_THANKS, "不客气！还想知道什么，请继续问。", "You're welcome. Ask on whenever you like."),
    (
        _WHO,
        "我在论文里找答案：请就论文提问，答案的每一句都会标明出处，找不到的我会直说。",
        "I look for answers in the paper: ask anything about it. Every sentence of an answer shows "
        "where it stands, and what the paper does not say I tell you.",
    ),
    (_AGREES, "请继续问。", "Ask on whenever you like."),
    (_BYE, "再见！", "Goodbye!"),
)


def courteous(text: str) -> str | None:
    """What to reply to a text that is a courtesy and nothing else, in its language; else None."""
    said = " ".join(re.sub(r"[^\w\s]|_", " ", text).split())
    for courtesy, chinese, english in _REPLIES:
        if courtesy.fullmatch(said):
            return chinese if language_of(said) == "zh" else english
    return None
