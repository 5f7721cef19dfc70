"""What nearly every paper says somewhere, asked for without any other topic: its aim, method,
data, findings, conclusion, contribution, limitations, outlook.

Argumentative zones, as Teufel and Moens call them (Computational Linguistics 28(4), 2002): found
by headings and by the words with which authors announce them, in the parts of a paper where
authors do so. Similarity does not find them: "what are the limitations?" shares no word with
"we only considered nanowires". Knows nothing of answers.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from index.places import Span
from sources import Document, Language, Section, language_of, split_sentences

MOST = 3
BEHIND = 0.6  # from this share of the paper on its last words are sought
ANNOUNCING = 30.0  # Chinese characters; a shorter sentence announces what the next ones say
MOST_ABSTRACT = 20  # sentences; a longer one is all of a paper in which no other heading was found
CLOSING = 2  # sentences at the end of an abstract
LATIN_WIDTH = 0.5  # of a Chinese character

Part = Callable[[Document, "Zone", Language], Iterator[Section]]


@dataclass(frozen=True, slots=True)
class Zone:
    """Patterns of what readers call it, of headings, of the label that opens it in a structured
    abstract, and of sentences that are of it; the parts where it is sought, in this order."""

    asked: re.Pattern[str]
    heading: re.Pattern[str]
    label: re.Pattern[str]
    cue: re.Pattern[str]
    parts: tuple[Part, ...]


_LIST = re.compile(r"[:：]$|(?:follow\w*|aspects|parts|ways|points|方面|如下|几点)\s?[:：]")
_ABSTRACT = re.compile(r"摘要|abstract|summary", re.I)
_OPENING = re.compile(r"引言|前言|导论|绪论|introduction", re.I)
_CLOSING = re.compile(r"结论|结语|结束语|总结|conclu|closing|summary", re.I)
# What stands behind a paper is no part of what it says.
_BACK = re.compile(
    r"参考文献|致谢|作者简介|附录|基金|利益冲突|关键词|references|bibliography|acknowledg|appendix|"
    r"supplement|funding|author|availability|conflict|competing|key ?words",
    re.I,
)
_STUDY = re.compile(r"论文|文章|本文|研究|报告|作者|paper|article|study|report|authors?", re.I)
_PLAIN = re.compile(
    r"(?:这|本|该|此)?(?:篇|项|个)?(?:论文|文章|研究|报告|综述|全文|作者|本文|文中)|有没有|哪些|哪方面|什么|如何|怎么样?|是否|主要|总体|最终|"
    r"最后|重要|核心|得出|采用|使用|用|提出|取得|存在|给出|指出|承认|有|了|的|是|在|里|中|吗|呢|请|告诉我|概括|总结|一下|说明|"
    r"\b(?:the|this|that|an?|of|in|for|its?|their|his|her|paper|article|study|work|research|report|review|papers?|"
    r"authors?|writers?|they|what|which|how|is|are|was|were|do|does|did|has|have|any|there|main|"
    r"major|key|overall|final|central|most important|say|says|state|mention|mentions?|acknowledge|"
    r"reach|come|to|draw|drawn|make|made|used?|uses|give|me|please|tell|summari[sz]e|describe|"
    r"explain|and|about|by|from|can|be|s)\b|[^\w]",
    re.IGNORECASE,
)


def _abstract(document: Document, zone: Zone, language: Language) -> Iterator[Section]:
    """The abstract in the question's language, before the other."""
    found = _titled(document, _ABSTRACT)
    yield from sorted(found, key=lambda s: language_of(_text(document, s)) != language)


def _own(document: Document, zone: Zone, language: Language) -> Iterator[Section]:
    yield from _titled(document, zone.heading)


def _opening(document: Document, zone: Zone, language: Language) -> Iterator[Section]:
    yield from _titled(document, _OPENING)


def _closing(document: Document, zone: Zone, language: Language) -> Iterator[Section]:
    yield from _titled(document, _CLOSING)


def _end(document: Document, zone: Zone, language: Language) -> Iterator[Section]:
    for section in reversed([*_body(document)]):
        if section.end > BEHIND * len(document.text):
            yield section


def _all(document: Document, zone: Zone, language: Language) -> Iterator[Section]:
    yield from _body(document)


def _zone(asked: str, heading: str, label: str, cue: str, *parts: Part) -> Zone:
    a, b, c, d = (re.compile(each, re.IGNORECASE) for each in (asked, heading, label, cue))
    return Zone(a, b, c, d, parts)


_ZONES = (
    _zone(
        r"结论|\bconclusions?\b|\bconcluded?s?\b|take-?aways?",
        r"结论|结语|结束语|\bconclu",
        r"结论|conclusions?\b",
        r"^(?:结束语|结论|综上|总之|总的来说|总而言之)|得出结论|"
        r"^(?:finally, )?we conclude\b|\b(?:in conclusion|in summary|to sum up)\b|^to conclude\b",
        _own, _abstract, _end,
    ),
    _zone(
        r"(?:研究)?(?:结果|发现)|\bfindings?\b|\bresults?\b|\bfinds?\b|\bfound\b",
        r"^$",
        r"结果|results?\b|findings?\b",
        r"结果(?:显示|表明|发现|为)|研究(?:表明|发现)|结论为|[。，]?发现|"
        r"\b(?:results? (?:show|indicate|suggest|demonstrate|reveal)|(?:we|it|study|analysis|"
        r"experiments?|results) (?:find|finds|found|show|shows|showed|observed?|demonstrates?|"
        r"reveals?|established|proves?))\b",
        _abstract, _closing, _opening,
    ),
    _zone(
        r"(?:研究)?方法|\bmethods?\b|\bmethodology\b|\bapproach(?:es)?\b",
        r"方法|研究设计|\bmethod|\bapproach",
        r"方法|methods?\b",
        r"采用|利用|运用|基于|借助|通过.{2,20}(?:分析|模型|方法)|"
        r"\b(?:we|paper|study|it) (?:use|uses|used|employ|apply|applies|adopt|propose|proposes|"
        r"develop|present|analy[sz]ed?)\b|\b(?:based on|using|method|approach|methodology)\b",
        _abstract, _own, _opening,
    ),
    _zone(
        r"(?:数据|资料)来源|(?:用|基于|依据)了?(?:什么|哪些)样?的?(?:数据|资料|样本)|"
        r"\b(?:what|which) (?:data(?: ?sets?| sources?)?|samples?)\b(?=.*\bused?\b)|"
        r"\bdata sources?\b",
        r"(?:数据|资料)(?:来源|说明)|样本|\bdata(?:sets?)?\b",
        r"数据|data\b",
        r"(?:数据|资料)(?:来源于|来自|选自|取自)|样本|"
        r"\b(?:data|datasets?) (?:are|is|was|were|come|comes|came)\b|"
        r"\b(?:we|study|paper) (?:use|used|uses|collect|collected)\b.{0,40}\bdata\b",
        _own, _abstract, _all,
    ),
    _zone(
        r"贡献|创新(?:点|之处)?|新意|\bcontribut(?:ions?|es?)\b|\bnovelt(?:y|ies)\b",
        r"贡献|创新|\bcontribution",
        r"$^",
        r"本文(?:首次|提出|构建|的?.{0,4}(?:贡献|创新))|(?:边际|研究|主要|学术)贡献|创新(?:点|之处)|首次|"
        r"\b(?:contributions?|novel|for the first time|to (?:the best of )?our knowledge|"
        r"(?:we|paper|study) (?:propose|proposes|introduce|introduces|present|presents|develop))\b",
        _own, _opening, _abstract, _closing,
    ),
    _zone(
        r"局限性?|不足(?:之处)?|缺陷|缺点|\blimitations?\b|\bshortcomings?\b|\bweakness(?:es)?\b",
        r"局限|研究不足|\blimitation",
        r"局限|limitations?\b",
        r"局限|研究.{0,6}不足|不宜推广|样本.{0,6}(?:较小|有限|较少)|"
        r"\b(?:limitations? (?:of|is|are|in) (?:this|our|the present|the study)|"
        r"(?:our|this|the present) (?:study|work|analysis|paper)\b.{0,40}"
        r"\b(?:limit(?:ed|ation)|only|cannot|not able)|shortcoming|"
        r"one limitation|a limitation|main limitation)\b",
        _own, _end, _all,
    ),
    _zone(
        r"(?:研究)?(?:目的|目标)|\baims?\b|\bgoals?\b|\bobjectives?\b|\bpurpose\b",
        r"研究目的|\bobjective|\baims?\b",
        r"目的|objectives?\b|aims?\b|purpose\b",
        r"旨在|为了|本文(?:从|以|基于|研究|探讨|分析|利用|考察)|"
        r"\b(?:we|paper|article|study) (?:study|studies|investigates?|examines?|addresses|address|"
        r"considers?|aims?|analy[sz]es?|explores?|proposes?)\b|"
        r"\b(?:aims?|purpose|goal|objective) ",
        _abstract, _opening,
    ),
    _zone(
        r"(?:未来|后续|下一步)(?:的?(?:工作|研究|方向))+|展望|"
        r"\bfuture (?:work|research|directions?)\b|\boutlook\b",
        r"展望|\bfuture|\boutlook",
        r"展望",
        r"未来.{0,8}研究|今后.{0,8}研究|进一步(?:的)?研究|有待|"
        r"\b(?:future (?:work|research|stud(?:y|ies))|further (?:research|stud(?:y|ies)|work)|"
        r"in the future, we|remains? (?:open|to be)|we plan)\b",
        _own, _closing, _end,
    ),
)  # fmt: skip
_CONCLUSION = _ZONES[0]
_OUTRIGHT = tuple(z for z in _ZONES if re.search("局限|展望|贡献|方法|数据", z.heading.pattern))


def zone(question: str, document: Document) -> list[Span] | None:
    """Spans of the sentences of the zone that the question asks for, in the paper's order; none
    where it asks for what a study says of itself outright or not at all, such as limitations, and
    this one does not. None for a question that asks for something else, or has no answer here."""
    found = _asked(question)
    if not found:
        return None
    language = language_of(question)
    for part in found.parts:
        for section in part(document, found, language):
            if not _BACK.search(section.title) and (spans := _of_zone(document, found, section)):
                return spans
    if found is _CONCLUSION:  # an abstract ends with it
        for section in _abstract(document, found, language):
            said = _sentences(document, section)
            return said[-CLOSING:] if len(said) <= MOST_ABSTRACT else None
    return [] if found in _OUTRIGHT and _STUDY.search(question) else None


def _asked(question: str) -> Zone | None:
    for each in _ZONES:
        rest, met = each.asked.subn(" ", question)
        if met and not _PLAIN.sub("", rest):
            return each
    return None


def _of_zone(document: Document, found: Zone, section: Section) -> list[Span]:
    spans = _sentences(document, section)
    text = [document.text[a:b] for a, b in spans]
    labels = [at for at, said in enumerate(text) if found.label.match(said.lstrip("【["))]
    if labels and _ABSTRACT.search(section.title):
        others = (z for z in _ZONES if z is not found)
        ends = (
            at
            for other in others
            for at, said in enumerate(text)
            if at > labels[0] and other.label.match(said.lstrip("【["))
        )
        return spans[labels[0] : min(ends, default=len(spans))][:MOST]
    cued = [at for at, said in enumerate(text) if found.cue.search(said)]
    if not cued:
        return spans[:MOST] if found.heading.search(section.title) else []
    for at in cued:
        if _LIST.search(text[at]) or (at == cued[0] and _width(text[at]) < ANNOUNCING):
            return spans[at : at + MOST]
    return [spans[at] for at in cued[:MOST]]


def _sentences(document: Document, section: Section) -> list[Span]:
    return split_sentences(document.text, section.start + len(section.path[-1]), section.end)


def _width(text: str) -> float:
    return sum(1.0 if char > "\u2e7f" else LATIN_WIDTH for char in text)


def _body(document: Document) -> Iterator[Section]:
    for section in document.sections:
        if not _BACK.search(section.title):
            yield section


def _titled(document: Document, pattern: re.Pattern[str]) -> list[Section]:
    return [s for s in document.sections if pattern.search(re.sub(r"(?<=[一-鿿])\s", "", s.title))]


def _text(document: Document, section: Section) -> str:
    return document.text[section.start : section.end]
