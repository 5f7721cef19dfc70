"""What a reader could ask next, worked out from the paper without a language model.

A heading that says what its section tells becomes a question in the paper's language; most
headings do not, and then there is what may be asked of any paper. Every suggestion is tried: it
is offered only when the paper answers it, and with something that the reader has not just read.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence

from app.answers import Answer
from sources import Document, Language, language_of

MOST = 3
TRIED = 12  # candidates, nearest first: each costs a search
SURE_ENOUGH = 0.6  # confidence

_NUMBER = re.compile(r"^(?:第?[\d一二三四五六七八九十]+(?:\.\d+)*[章节.、．]?\s*)+")
_MANY = "差异|分歧|问题|不足|挑战|困难|障碍|机遇|风险|影响|特点|特征|措施|优势|因素|类型|途径|启示"
_ZH = (  # a heading, and the question it answers
    (rf"(?P<a>.+?)(?P<v>存在|面临)(?:着|的)?.{{0,3}}?(?P<n>{_MANY})", r"\g<a>\g<v>哪些\g<n>？"),
    (r"(?P<a>.+?)取得了?.{0,3}?(?P<n>进展|成效|成果|突破)", r"\g<a>取得了哪些\g<n>？"),
    (
        r"(?P<a>中国|美国|欧盟|日本|印度|我国|发达国家|发展中国家)(?:力争)?"
        r"(?P<b>[^的]*?(?:引领|主导|推动|推进|应对|参与|促进|实现).+)",
        r"\g<a>如何\g<b>？",
    ),
    (rf"(?P<a>.+的.{{0,4}}?(?:{_MANY}))", r"\g<a>有哪些？"),
    (
        r"(?P<a>.+的(?:主要|基本)?(?:立场|原因|背景|意义|作用|目标|内涵|含义|定义))",
        r"\g<a>是什么？",
    ),
)
_KINDS = (
    "challenges|effects|impacts|causes|benefits|implications|determinants|limitations|advantages|"
    "drawbacks|consequences|barriers|trends|types|features|principles"
)
_EN = (
    (r"(?P<a>(?:how|why|what|which|when|who|where)\b.+?)\??", r"\g<a>?"),
    (r"limitations(?: of (?:this|the) (?:study|paper))?", "What are the limitations of the study?"),
    (rf"(?:the )?(?P<a>(?:main |key )?(?:{_KINDS}) (?:of|for|to) .+)", r"What are the \g<a>?"),
    (
        r"(?:the )?(?P<a>(?:role|purpose|aim|history|definition|concept) of .+)",
        r"What is the \g<a>?",
    ),
)
# What may be asked of any paper.
_ANY: dict[Language, tuple[str, ...]] = {
    "en": (
        "What does the paper conclude?",
        "What methods were used?",
        "What are the limitations of the study?",
        "What is this paper about?",
    ),
    "zh": (
        "这篇论文的结论是什么？",
        "论文采用了什么方法？",
        "这项研究有哪些局限？",
        "这篇论文主要讲了什么？",
    ),
}


def suggest(
    answer: Answer,
    asked: Sequence[str],
    document: Document,
    ask: Callable[[str], Answer],
    written: Sequence[str] = (),
) -> tuple[str, ...]:
    """At most MOST questions to ask after `answer`, in the language of its question.

    `asked` is what was asked before, `written` are questions that a person wrote for this paper;
    `ask` answers a question from the paper.
    """
    language: Language = language_of(answer.question)
    own = from_headings(document, [each.start for each in answer.citations])
    first = [each for each in dict.fromkeys([*own, *written]) if language_of(each) == language]
    candidates = [*first[:TRIED], *_ANY[language]]
    read = {(each.start, each.end) for each in answer.citations} if answer.answered else set()
    found: list[str] = []
    for candidate in candidates:
        if candidate in asked or len(found) == MOST:
            continue
        tried = ask(candidate)
        places = {(each.start, each.end) for each in tried.citations}
        if tried.answered and tried.confidence >= SURE_ENOUGH and not places <= read:
            found.append(candidate)
            read |= places
    return tuple(found)


def from_headings(document: Document, near: Sequence[int]) -> Iterator[str]:
    """The questions that headings answer, those nearest to the offsets `near` first."""
    at = min(near, default=0)
    for section in sorted(document.sections, key=lambda each: abs(each.start - at)):
        if question := heading_question(section.title, document):
            yield question


def heading_question(title: str, document: Document) -> str:
    """The question that the section of that title answers; "" where the title does not say."""
    plain = " ".join(_NUMBER.sub("", title).split()).strip("：:。. ")
    for pattern, question in _ZH if document.language == "zh" else _EN:
        if found := re.fullmatch(pattern, plain, re.IGNORECASE):
            words = found.expand(question)
            return words if document.language == "zh" else _sentence(words, document.text)
    return ""


def _sentence(words: str, text: str) -> str:
    """Title Case becomes a sentence: a word is written small if the paper does so."""
    first, *rest = words.split()
    small = set(re.findall(r"[a-z][\w-]*", text))
    lowered = [each.lower() if each.lower().rstrip("?") in small else each for each in rest]
    return " ".join([first[:1].upper() + first[1:], *lowered])
