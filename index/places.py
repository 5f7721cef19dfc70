"""Places that a question names: "第3.2节", "section 4", "摘要", "this paper" as a whole.

They are found by the paper's structure; no similarity finds them. Knows nothing of answers.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache
from itertools import takewhile

from sources import Document, Section, language_of, split_sentences

Span = tuple[int, int]

MAX_QUOTED = 4
MAX_OUTLINE = 12
OF_A_SECTION = 3
KEPT_QUESTIONS = 8  # one is read several times on its way
NUMERALS = "一二三四五六七八九"

_NUMBERED = re.compile(
    r"第\s*([\d.]+|[一二三四五六七八九])\s*(?:小?节|章|部分|段)|(?<![\d.])(\d+(?:\.\d+)+)\s*(?:小?节|部分|(?=讲|说|谈|写|主要|的?内容|的?要点|的?大意))|"
    r"\b(?:section|chapter|part|sec\.)\s*(\d+(?:\.\d+)*)",
    re.IGNORECASE,
)
_LAST = re.compile(
    r"最后一?(?:小?节|章|部分)|\b(?:last|final) (?:section|chapter|part)\b", re.IGNORECASE
)
_NAMED = (
    r"摘要|\babstract\b",
    r"引言|前言|导论|绪论|\bintroduction\b",
    r"结论|结语|总结部分|结束语|\bconclusions?\b",
)
_DIVIDED = re.compile(
    r"几(?:个|条|点|大|部分|节|章|方面)|哪[些几](?!里)|分成|分为|由.*组成|结构|框架|目录|小节|小标题|章节|"
    r"\b(?:sections?|parts|outline|structured?|organi[sz]ed|divided|chapters|headings|list)\b"
    r"|how many|which|what are",
    re.IGNORECASE,
)
_MENTION = (
    r"(?:这|本|该|此)篇?(?:论文|文章|文)(?!件|本|化|字|明)[里中的]?|(?:论文|文章)[里中]"
    r"|\b(?:according to |in )?(?:this|the) (?:paper|article|study|document)\b"
    r"|作者(?=怎|如何|认为|觉得|对|给|建议|主张|提|说|指)|(?<=do |es |id )the authors?\b"
)
_SPEAKER_EN = r"(?:(?:the|this) (?:paper|article|authors?|text|study|document)|they|it)"
_SPEAKER_ZH = r"(?:这?篇?(?:论文|文章)|文中|作者|[本全]文)[里中]?"
# A question for all that a paper says on a topic, or whether it does.
_TOPIC = re.compile(
    rf"(?:what (?:does|do|did) {_SPEAKER_EN} (?:say|write|tell us)(?: anything)? (?:about|on|of)"
    rf"|(?:does|do|did) {_SPEAKER_EN} (?:ever |also )?(?:mention|discuss|talk about|cover|address"
    r"|deal with|touch (?:up)?on|(?:say|have) anything (?:about|on))"
    rf"|(?:is there )?anything (?:on|about)) (.+?)(?: in {_SPEAKER_EN})?\W*"
    rf"|(?:is|are|was|were) (.+?) (?:mentioned|discussed|covered)(?: (?:in|by) {_SPEAKER_EN})?\W*"
    rf"|(?:关于|有关|对于?)(.+?)(?:问题)?[，,]?{_SPEAKER_ZH}(?:都|是|又)?"
    r"(?:怎么说|如何说|说了?些?什么|提到?了?些?什么|讲了?些?什么)\W*"
    rf"|{_SPEAKER_ZH}(?:有没有|是否|有)?(?:提[到及]?|谈到?|说到|涉及|讲到)[过了]?"
    r"([^什哪谁何几]+?)(?:了?吗|了?没有?)?\W*",
    re.IGNORECASE,
)
# What a section may be said to do, once it is named by its number.
_GIVEN = re.compile(r"对策|建议|提出?|给|作者|recommend\w*|propos\w*|suggest\w*", re.IGNORECASE)
_PAPER = re.compile(
    r"(?:这|本|该|此)?(?:篇|个)?(?:论文|文章|文|paper|article|study|document)|全文", re.IGNORECASE
)
_LANGUAGE = re.compile(r"(?P<en>英[文语]|\benglish\b)|[中汉][文语]|\bchinese\b", re.IGNORECASE)
# Words for what a paper says in short, which need not name it.
_POINTS = re.compile(
    r"要点|大意|主旨|观点|论点|(?:核心|中心)思想|\b(?:gist|takeaways?|points?|ideas?|arguments?)\b",
    re.IGNORECASE,
)
_IN_SHORT = re.compile(
    rf"{_POINTS.pattern}|主要内容|概括|总结|归纳|概述|全文|\b(?:summar(?:y|i[sz]e)|overview|tl;?dr)\b",
    re.IGNORECASE,
)
# What remains of a question that asks for nothing but the content of a place.
_ABOUT = re.compile(
    r"具体|详细|翻译成?|把|用?[中英汉][文语]?|[讲说谈写][了的]?|介绍|论述|讨论|研究|内容|主要|大概|大致|大意|要点|重点|核心|观点|主旨|主题|中心|思想|概括|总结|归纳|概述|"
    r"一下|简单|简要|[一两三几]+句话|[一二三四五]个?(?=要点|观点|点)|怎样|用|就行|即可|就好|告诉我|帮忙|到底|究竟|关于|部分|怎么|如何|几个|几条|几点|几大|几|个|条|点|小节|节|章|小标题|标题|方面|分成|分为|"
    r"结构|框架|目录|组成|由|分别|分|请|帮我|给我|什么|哪些|哪方面|是|的|了|在|里|都|有|吗|呢|"
    r"\b(?:what|s|is|are|it|its|does|do|did|the|this|that|of|in|one|two|three|four|five|few|sentences?|words|about|say|says|said|discuss|discusses|cover|covers|"
    r"main|mainly|content|contents|sections?|parts|chapters?|headings?|organi[sz]ed|structured?|divided|into|outline|list|tl|dr|how|many|which|are|have|has|topic|point|points|idea|ideas|argument|arguments|thesis|subject|summar\w+|"
    r"overview|gist|takeaways?|upshot|brief|briefly|just|give|me|a|an|can|could|you|please|tell|describe|outline|explain|argue|argues|"
    r"deal|deals|with|for|us|talk|talks|key|message|whole|overall|short|quick|quickly|translate|into|english|chinese)\b|[^\w]",
    re.IGNORECASE,
)


@lru_cache(maxsize=KEPT_QUESTIONS)
def without_places(question: str) -> str:
    """The question less the places it names, which are no words to look for in the text.

    "What does section 4.1 of the paper say about USTR?" asks about USTR, and only the topic is left
    of "does the paper mention taxes?". The question itself when nothing would be left of it.
    """
    if topic := _TOPIC.fullmatch(question.strip()):
        return next(str(each) for each in topic.groups() if each)
    rest = _NUMBERED.sub(" ", question)
    for pattern in (*_NAMED, _MENTION):
        rest = re.sub(pattern, " ", rest, flags=re.IGNORECASE)
    named = rest != question
    return rest.strip() if named and _ABOUT.sub("", rest).strip() else question


def named_sections(question: str, document: Document) -> tuple[list[Section], bool]:
    """The sections that the question names, and whether it asks for nothing but what they say.

    The whole paper is named by its abstract. No sections for a question that names none, or one
    that the paper does not have.
    """
    rest = question
    sections: list[Section] = []
    question = _with_number(question, document)
    numbered = _NUMBERED.search(question)
    if numbered:
        number = next(group for group in numbered.groups() if group).strip(".")
        if number in NUMERALS:
            number = str(NUMERALS.index(number) + 1)
        sections = [s for s in document.sections if f"{s.number}.".startswith(f"{number}.")]
        rest = _GIVEN.sub("", _NUMBERED.sub("", question))
    for pattern in _NAMED:
        if not sections and not numbered and re.search(pattern, question, re.IGNORECASE):
            sections = _titled(document, pattern, question)
            rest = re.sub(pattern, "", question, flags=re.IGNORECASE)
    named = _PAPER.search(question) or _IN_SHORT.search(question)
    if not sections and not numbered and not named:
        return [], False
    content = not _ABOUT.sub("", _PAPER.sub("", rest)).strip()
    if not sections and not numbered and content:
        whole = Section("", "", 1, 0, len(document.text), ("",))
        first = document.sections[0] if document.sections else whole
        sections = _titled(document, _NAMED[0], question) or [first]
    return sections, content and bool(sections or numbered)


def _with_number(question: str, document: Document) -> str:
    """The question with the number of the last section in the place of "the last section"."""
    outermost = [section.number for section in document.sections if section.number.isdigit()]
    return _LAST.sub(f"section {outermost[-1]}", question) if outermost else question


def _titled(document: Document, pattern: str, question: str) -> list[Section]:
    """The section of that name; of two, such as abstracts, the one in the language that the
    question names or else is in."""
    titled = [s for s in document.sections if re.search(pattern, re.sub(r"\s", "", s.title), re.I)]
    named = _LANGUAGE.search(question)
    asked = ("en" if named["en"] else "zh") if named else language_of(question)
    own = [s for s in titled if language_of(document.text[s.start : s.end]) == asked]
    return (own or titled)[:1]


def outline(question: str, document: Document, sections: Sequence[Section]) -> list[Span]:
    """Spans of the headings directly below a section, or of the outermost ones of the paper,
    when the question asks how it is divided; none otherwise."""
    question = _with_number(question, document)
    if not _DIVIDED.search(_NUMBERED.sub("", question)) or _POINTS.search(question):
        return []
    if _NUMBERED.search(question):
        return headings_below(sections)
    return _headings([s for s in document.sections if s.level == 1])


def headings_below(sections: Sequence[Section]) -> list[Span]:
    """Spans of the headings directly below the outermost of the sections."""
    level = min((s.level for s in sections), default=0) + 1
    return _headings([s for s in sections if s.level == level])


def _headings(sections: Sequence[Section]) -> list[Span]:
    return [(s.start, s.start + len(s.path[-1])) for s in sections][:MAX_OUTLINE]


def opening_sentences(document: Document, sections: Sequence[Section]) -> list[Span]:
    """Spans of what sections say in short: the first sentences of one, the first of each of
    several, the whole of an abstract."""
    each = OF_A_SECTION if len(sections) == 1 else 1
    if len(sections) == 1 and not sections[0].number:
        each = MAX_QUOTED
    spans = [
        span
        for section in sections
        for span in split_sentences(
            document.text, section.start + len(section.path[-1]), section.end
        )[:each]
    ]
    return spans[:MAX_QUOTED]


def following(document: Document, quotes: Sequence[str]) -> list[Span]:
    """Spans of the sentences that come next after what was quoted of a section, that of the first
    quote: those left of the paragraph, or the first ones below a heading. None for what is not
    quoted here."""
    ends = [at + len(quote) for quote in quotes if (at := document.text.find(quote)) >= 0]
    opened = document.section_at(ends[0] - 1) if ends else None
    if not opened:
        return []
    after = max(end for end in ends if opened.start < end <= opened.end)
    if after > opened.start + len(opened.path[-1]):
        end = document.text.find("\n", after, opened.end)
        end = opened.end if end < 0 else end
        return split_sentences(document.text, after, end)[:OF_A_SECTION]
    below = document.sections[document.sections.index(opened) + 1 :]
    own = [opened, *takewhile(lambda each: each.level > opened.level, below)]
    return opening_sentences(document, own)[:OF_A_SECTION]
