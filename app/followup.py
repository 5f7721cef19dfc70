"""A follow-up becomes a question that stands alone, without a language model.

Rules decide whether a question leans on the one before; if it does, that question's topic words
are carried over in front of it. Carrying the whole conversation is worse than carrying nothing.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from app.answers import Turn
from app.questions import language_of
from index.lexical import terms

MAX_CARRIED = 60  # characters of topic
SHORT_CHINESE, SHORT_ENGLISH = 9, 6  # characters and words up to which a question may be elliptic

_CHANGES = re.compile(
    r"^(?:换个(?:问题|话题)|另一个问题|说点别的|再问个?别的|different (?:topic|question|subject)|"
    r"(?:on|to) (?:another|a different) (?:topic|note|subject)|changing (?:topic|subject)|new (?:topic|question))"
    r"[\s,，:：.。—-]*",
    re.IGNORECASE,
)
_LEANS = re.compile(
    r"它|其中|其他|其余|他们|她|此|该(?!如何|怎)|这[个些种项份次条一几]?|那[个些种项份次条一年时之几么]?|前者|后者|双方|两者|二者|"
    r"第[一二三四五六七八九十]+[个条项类种点](?!节|章)|还有|呢[？?]?$|后来|接着|同样|上述|分别|"
    r"\b(?:it|its|they|them|their|he|him|his|she|her|this|that|these|those|there|ones?|both|former|"
    r"latter|others?|else|then|same|such)\b|^(?:and|but|so|or|what about|how about|why|since when|how so|"
    r"which ones|who else|what else|when|where)\b|\b(?:first|second|third|last|two|rest) ?(?:one|part|point)?\s*\?*$",
    re.IGNORECASE,
)
_ASKING = re.compile(
    r"请问|什么时候|为什么|为何|是什么|什么|多少|几[个项家国种条次年月]|哪[一些个年里]*|怎么样?|怎样|如何|吗|呢|谁|"
    r"是不是|有没有|能不能|分别|到底|究竟|大概|[？?。！!]|"
    r"\b(?:what|when|where|which|who|whom|whose|why|how|many|much|do|does|did|is|are|was|were|has|have|had|"
    r"can|could|will|would|should|the|a|an|of|to|in|on|at|for|by|and|or|that|this|it|its|their|they|be|been|"
    r"there|according|paper|say|tell|me|please|from|with|about|as)\b|[^\w\s\"'“”《》-]",
    re.IGNORECASE,
)


def standalone(question: str, history: Sequence[Turn]) -> str:
    """The question as it reads without its history; itself when it leans on nothing.

    `history` is oldest first. A turn's own question is first made to stand alone, so that a topic
    is carried through a chain of follow-ups and dropped where the subject changes.
    """
    context = ""
    for turn in history:
        context = _join(turn.question, context)
    return _join(question, context)


def _join(question: str, context: str) -> str:
    changed = _CHANGES.sub("", question.strip())
    if changed != question.strip() or not context or not _leans(changed):
        return changed or question
    topic = _topic(context, changed)
    if not topic:
        return changed
    return f"{topic}：{changed}" if language_of(changed) == "zh" else f"{topic}: {changed}"


def _leans(question: str) -> bool:
    if _LEANS.search(question):
        return True
    bare = _ASKING.sub("", question).strip()
    if language_of(question) == "zh":
        return len(bare) <= SHORT_CHINESE - 4
    return len(bare.split()) <= 1


def _topic(context: str, question: str) -> str:
    """The words of the earlier question that say what it was about, less those asked again."""
    asked = set(terms(question))
    kept: list[str] = []
    for piece in re.split(r"[\s，,：:；;]+", _ASKING.sub(" ", context)):
        if piece and not set(terms(piece)) <= asked and piece not in kept:
            kept.append(piece)
    return " ".join(kept)[-MAX_CARRIED:].strip()
