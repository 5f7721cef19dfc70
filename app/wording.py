"""The quoted answer's own words, in the question's language, around quotes in the paper's."""

from __future__ import annotations

import re
from collections.abc import Iterator

from app.extract import Extract
from app.lacking import Lack
from index.lexical import simplified
from index.spelling import as_in
from sources import Language, language_of

_AND = {"en": " or ", "zh": "、"}
_LACKS: dict[Lack, dict[Language, str]] = {
    "": {"en": "The paper does not mention {}. ", "zh": "论文没有提到{}。"},
    "here": {"en": "The paper does not say this of {}. ", "zh": "关于{}，论文没有这样说。"},
    "number": {"en": "The paper gives no number for this. ", "zh": "论文没有给出这个数字。"},
    "share": {"en": "The paper gives no share or rate for this. ", "zh": "论文没有给出这个比例。"},
    "sum": {"en": "The paper gives no sum for this. ", "zh": "论文没有给出这个金额。"},
    "place": {"en": "The paper does not name this place. ", "zh": "论文没有说是哪里。"},
    "country": {"en": "The paper does not name this country. ", "zh": "论文没有说是哪国。"},
    "items": {"en": "The paper does not list these. ", "zh": "论文没有逐一列出。"},
    "duration": {"en": "The paper gives no length of time for this. ", "zh": "论文没有说多久。"},
    "penalty": {"en": "The paper names no penalty. ", "zh": "论文没有提到处罚。"},
    "court": {"en": "The paper names no court. ", "zh": "论文没有提到法院。"},
    "first": {"en": "The paper does not say which was first. ", "zh": "论文没有说哪个最先。"},
    "person": {"en": "The paper does not name this person. ", "zh": "论文没有说是谁。"},
    "date": {"en": "The paper gives no date for this. ", "zh": "论文没有给出这个时间。"},
    "otherwise": {"en": "The paper does not say so. ", "zh": "论文没有这样说。"},
}
_CLOSEST = {"en": "The closest places in it:", "zh": "最接近的地方："}
_PARTLY = {"en": "What it says:", "zh": "论文中有的内容："}
_LEAD_INS = {"en": "The paper says, in Chinese:", "zh": "论文的英文原文写道："}
_REFUSALS = {
    "en": "The paper does not seem to answer this. The closest places in it:",
    "zh": "这篇论文似乎没有回答这个问题。最接近的地方：",
}
_NOTHING = {
    "en": "The paper does not seem to answer this, and nothing in it comes close.",
    "zh": "这篇论文似乎没有回答这个问题，也没有接近的内容。",
}
_QUOTED = re.compile(r"^“(.+)” ?\[\d+\]$", re.MULTILINE)
_QUOTES = {"zh": "“{}”[{}]", "en": "“{}” [{}]"}


def lead_in(question: str, extract: Extract) -> str:
    """The answer's own words before the quotes, in the characters of the question."""
    return as_in(question, _lead_in(question, extract))


def _lead_in(question: str, extract: Extract) -> str:
    asked = language_of(question)
    gone = _LACKS[extract.lacks][asked] if extract.missing or extract.lacks else ""
    gone = gone.format(_AND[asked].join(extract.missing))
    if asked == "zh" and gone:
        gone = re.sub(r"(\d{4})(?=[、。，])", r"\1年", gone)
    if not extract.answered and extract.lacks != "otherwise":
        return gone + _CLOSEST[asked] if gone else _REFUSALS[asked]
    if all(language_of(sentence.text) != asked for sentence in extract.sentences):
        return gone + _LEAD_INS[asked]
    return gone + _PARTLY[asked] if gone else ""


def compose(question: str, extract: Extract) -> Iterator[str]:
    """The answer's text, one more quote each time; [n] marks the n-th sentence."""
    lines = [lead_in(question, extract)]
    if not extract.sentences:
        yield as_in(question, _NOTHING[language_of(question)])
    for marker, sentence in enumerate(extract.sentences, 1):
        lines.append(_QUOTES[language_of(sentence.text)].format(sentence.text, marker))
        yield "\n".join(line for line in lines if line)


def quotes_of(text: str) -> list[str]:
    """What an answer that was composed here quotes."""
    return _QUOTED.findall(text)


def refuses(text: str) -> bool:
    """Whether an answer that was composed here quotes only what comes closest."""
    return simplified(text.partition("\n")[0]).endswith(tuple(_CLOSEST.values()))
