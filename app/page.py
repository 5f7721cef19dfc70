"""Papers and answers become HTML, in the reader's language.

Pure functions; whatever comes from a paper, a question or a model is escaped here, and only here.
A citation is a button that carries the offsets of its quote, and a sentence of the paper carries
its own, so that `assets/page.js` can find one from the other. Knows nothing of Gradio.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from html import escape
from itertools import pairwise

from app.answers import Answer, Citation
from app.questions import MAX_QUESTION
from index.retrieval import Match
from sources import AskPaperError, BusyError, Document, Language, QuestionError, split_sentences

WORDS: dict[Language, dict[str, str]] = {
    "en": {
        "title": "Ask the paper",
        "welcome": "Ask in English or Chinese. Every answer is quoted from the paper; "
        "click a source to see it there.",
        "chat": "Conversation",
        "question": "Your question",
        "hint": "Ask about the paper",
        "send": "Ask",
        "clear": "New conversation",
        "paper": "The paper",
        "pending": "Reading the paper…",
        "understood": "Understood as:",
        "sources": "Sources",
        "closest": "Closest places in the paper",
        "page": "p. {}",
        "show": "Source {}: show it in the paper",
        "more": "Show all",
        "less": "Show less",
        "sure": "Sure of this",
        "fairly": "Fairly sure: check the sources",
        "unsure": "Not sure: check the sources",
        "near": "The paper comes close, but not close enough to answer from",
        "far": "The paper very probably says nothing about this",
        "unverified": "Not supported by this source",
        "failed": "Something went wrong. Try again; the server's log says more.",
    },
    "zh": {
        "title": "问论文",
        "welcome": "可以用中文或英文提问。每个回答都引自论文原文，点击出处即可在论文中看到它。",
        "chat": "对话",
        "question": "你的问题",
        "hint": "就这篇论文提问",
        "send": "提问",
        "clear": "新对话",
        "paper": "论文原文",
        "pending": "正在查阅论文…",
        "understood": "理解为：",
        "sources": "出处",
        "closest": "论文中最接近的地方",
        "page": "第 {} 页",
        "show": "出处 {}：在论文中查看",
        "more": "展开全文",
        "less": "收起",
        "sure": "把握较大",
        "fairly": "有一定把握，请核对出处",
        "unsure": "把握不大，请核对出处",
        "near": "论文谈到了相近的内容，但不足以据此回答",
        "far": "论文很可能没有谈到这个问题",
        "unverified": "此出处不支持这句话",
        "failed": "出了点问题，请再试一次；详情见服务器日志。",
    },
}
SURE, FAIRLY_SURE = 0.8, 0.6  # confidence from which an answer is called so
FAR = 0.2  # confidence below which a refusal says that the paper is silent
LONG_QUOTE = 100.0  # Chinese characters, about two lines of a wide card; longer ones are folded
LATIN_WIDTH = 0.5  # of a Chinese character

_MARKER = re.compile(r"\[(\d+)\]")


def reader_language(accept_language: str) -> Language:
    """The interface language for the value of an Accept-Language header."""
    return "zh" if accept_language.strip().lower().startswith("zh") else "en"


def document_html(document: Document) -> str:
    """The whole paper; every sentence is a span with `data-start` and `data-end` offsets."""
    parts = [f'<article lang="{escape(document.language)}" tabindex="0">']
    parts.append(f"<h1>{escape(document.name)}</h1>")
    first = document.sections[0].start if document.sections else len(document.text)
    parts.extend(_paragraphs(document.text, 0, first))
    for section in document.sections:
        body = section.start + len(section.path[-1])
        level = min(section.level + 1, 6)
        heading = _sentence(document.text, section.start, body)
        parts.append(f"<h{level}>{heading}</h{level}>")
        parts.extend(_paragraphs(document.text, body, section.end))
    return "".join([*parts, "</article>"])


def answer_html(answer: Answer, language: Language) -> str:
    """An answer, or a refusal, with what it rests on."""
    words = WORDS[language]
    understood = ""
    if answer.standalone_question != answer.question:
        understood = (
            f'<p class="understood">{words["understood"]} '
            f"<span>{escape(answer.standalone_question)}</span></p>"
        )
    said = answer.text.split("\n")
    heading = f'<p class="heading">{words["sources" if answer.answered else "closest"]}</p>'
    sure = f'<p class="sure">{words[_certainty(answer)]}</p>'
    cards = "".join(_card(citation, answer, words) for citation in answer.citations)
    below = f'{heading}<ol class="cards">{cards}</ol>' if cards else ""
    lead = [line for line in said if not any(c.quote in line for c in answer.citations)]
    if not answer.answered and len(lead) < len(said):
        # The text announces its quotes, and the cards are those quotes: once is enough.
        said, below = lead, below.removeprefix(heading)
    lines = "".join(f"<p>{_line(line, answer.citations, words)}</p>" for line in said if line)
    return (
        f'<div class="answer{"" if answer.answered else " refused"}">{understood}'
        f'<div class="said">{lines}</div>'
        f"{sure + below if answer.answered else below + sure}</div>"
    )


def title_html(language: Language) -> str:
    """The page's own name."""
    return f'<p class="name">{WORDS[language]["title"]}</p>'


def question_html(question: str) -> str:
    """What the reader typed."""
    return f'<p class="question">{escape(question)}</p>'


def pending_html(language: Language) -> str:
    """What stands in the answer's place until its first words are there."""
    return f'<div class="answer pending">{WORDS[language]["pending"]}</div>'


def problem_html(error: AskPaperError | None, question: str, language: Language) -> str:
    """One line that says what is wrong with `question`; None is a failure that is not the user's.

    The messages of `AskPaperError` are English; Chinese readers get their own for questions.
    """
    if error is None:
        message = WORDS[language]["failed"]
    elif language == "en":
        message = f"{str(error)[:1].upper()}{str(error)[1:]}."
    elif isinstance(error, BusyError):
        message = "一分钟内的问题太多了，请稍等片刻再问。"
    elif not isinstance(error, QuestionError):
        message = f"出错了：{error}"
    elif not question.strip():
        message = "问题是空的，请输入一个问题。"
    elif len(question.strip()) > MAX_QUESTION:
        message = f"问题太长（{len(question.strip()):,} 个字符），最多 {MAX_QUESTION:,} 个字符。"
    else:
        message = "问题中没有可以理解的文字，请用普通文字重新输入。"
    return f'<p class="problem" role="alert">{escape(message)}</p>'


def _paragraphs(text: str, start: int, end: int) -> Iterator[str]:
    spans = split_sentences(text, start, end)
    if not spans:
        return
    inner = _sentence(text, *spans[0])
    for (_, before), (after, right) in pairwise(spans):
        if "\n" in text[before:after]:
            yield f"<p>{inner}</p>"
            inner = _sentence(text, after, right)
        else:
            inner += text[before:after] + _sentence(text, after, right)
    yield f"<p>{inner}</p>"


def _sentence(text: str, start: int, end: int) -> str:
    return f'<span data-start="{start}" data-end="{end}">{escape(text[start:end])}</span>'


def _line(line: str, citations: Sequence[Citation], words: dict[str, str]) -> str:
    """A line of an answer: quotes set apart, markers made buttons.

    A quote may hold the paper's own reference marks, such as [7]; those are no markers.
    """
    cited = {str(citation.marker): citation for citation in citations}
    quotes = sorted((escape(c.quote) for c in citations), key=len, reverse=True)
    pattern = "|".join([*map(re.escape, filter(None, quotes)), _MARKER.pattern])

    def replace(found: re.Match[str]) -> str:
        if found[1] is None:
            return f'<span class="quote">{found[0]}</span>'
        citation = cited.get(found[1])
        if citation is None:
            return found[0]
        label = words["show"].format(citation.marker)
        return (
            f'<button type="button" class="marker" aria-label="{label}" {_target(citation)}>'
            f"{found[1]}</button>"
        )

    return re.sub(pattern, replace, escape(line))


def _card(citation: Citation, answer: Answer, words: dict[str, str]) -> str:
    place = [escape(citation.section.rpartition(" › ")[2])]
    if citation.page is not None:
        place.append(words["page"].format(citation.page))
    found = (scored for scored in answer.retrieved if scored.chunk == citation.chunk)
    matches = [match for scored in found for match in scored.matches]
    doubt = "" if citation.verified else f'<span class="doubt">{words["unverified"]}</span>'
    wide = sum(1.0 if char > "\u2e7f" else LATIN_WIDTH for char in citation.quote) > LONG_QUOTE
    more = (
        '<button type="button" class="more" aria-expanded="false" '
        f'data-less="{words["less"]}">{words["more"]}</button>'
    )
    return (
        f'<li class="card{" long" if wide else ""}">'
        f'<button type="button" class="cite" {_target(citation)}>'
        f'<span class="place"><b>{citation.marker}</b> {" · ".join(filter(None, place))}</span>'
        f'{doubt}<span class="quote">{_underlined(citation, matches)}</span></button>'
        f"{more if wide else ''}</li>"
    )


def _target(citation: Citation) -> str:
    place = f'data-start="{citation.start}" data-end="{citation.end}"'
    return f'{place} title="{escape(citation.section)}"'


def _underlined(citation: Citation, matches: Sequence[Match]) -> str:
    """The quote; a word that met the question's is underlined and says which word it met."""
    parts, at = [], citation.start
    for match in sorted(matches, key=lambda match: (match.start, -match.strength)):
        if at <= match.start and match.end <= citation.end:
            before = citation.quote[at - citation.start : match.start - citation.start]
            word = citation.quote[match.start - citation.start : match.end - citation.start]
            met = f' title="{escape(match.question_word)}"' if match.question_word != word else ""
            parts.append(f"{escape(before)}<u{met}>{escape(word)}</u>")
            at = match.end
    return "".join([*parts, escape(citation.quote[at - citation.start :])])


def _certainty(answer: Answer) -> str:
    if not answer.answered:
        return "far" if answer.confidence < FAR else "near"
    if answer.confidence >= SURE:
        return "sure"
    return "fairly" if answer.confidence >= FAIRLY_SURE else "unsure"
