"""A conversation becomes a file to keep: Markdown, a page to print, text for the clipboard.

Pure functions. Whatever comes from a paper, a question or a model is escaped for the format, so
it is read as text and never as markup. Numbers of citations are those of the answers.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from html import escape

from app.answers import Answer, Citation
from app.bibliography import references, why_not
from app.words import WORDS
from sources import Document, Language

_PAPERS: dict[Language, str] = {"en": "Papers", "zh": "论文"}
_STYLE = """
:root { color-scheme: light; }
body { max-width: 44rem; margin: 2rem auto; padding: 0 1rem; color: #111; background: #fff;
  font: 1rem/1.6 system-ui, "PingFang SC", "Microsoft YaHei", "Noto Sans CJK SC", sans-serif; }
h1 { font-size: 1.4rem; } h2 { font-size: 1.1rem; margin-top: 2rem; }
body, pre { overflow-wrap: anywhere; } pre { white-space: pre-wrap; }
.understood, .place { color: #555; font-size: .9rem; }
article, li { break-inside: avoid; } blockquote { margin: 0; }
"""


def to_markdown(
    answers: Sequence[Answer],
    documents: Mapping[str, Document],
    language: Language = "en",
    title: str = "",
) -> str:
    """The conversation as Markdown (CommonMark). `documents` maps ids to papers."""
    lines = [f"# {_md(title or WORDS[language]['title'])}"]
    for answer in answers:
        lines += ["", f"## {_md(answer.question)}", ""]
        if answer.standalone_question != answer.question:
            lines += [f"{WORDS[language]['understood']} {_md(answer.standalone_question)}", ""]
        for line in _said(answer):
            lines += [_md(line), ""]
        lines += [f"**{_above(answer, language)}**", ""] if answer.citations else []
        for citation in answer.citations:
            lines.append(f"{citation.marker}. > {_md(citation.quote)}")
            lines += ["", f"   {_md(_place(citation, documents, language))}", ""]
    lines += ["", f"## {_PAPERS[language]}"]
    for document in _cited(answers, documents):
        lines += ["", f"**{_md(document.name)}**", ""]
        lines += [_md(why_not(document, language))]
        for style, entry in references(document).items():
            # Indented code: no text, whatever it holds, can end it.
            lines += [style, "", *(f"    {line}" for line in entry.splitlines()), ""]
    return re.sub(r"\n{3,}", "\n\n", "\n".join(lines)).strip() + "\n"


def to_html(
    answers: Sequence[Answer],
    documents: Mapping[str, Document],
    language: Language,
    title: str = "",
) -> str:
    """The conversation as a page to print: light, in one file, without any script."""
    body = "".join(_answer_html(answer, documents, language) for answer in answers)
    papers = "".join(_paper_html(each, language) for each in _cited(answers, documents))
    title = escape(title or WORDS[language]["title"])
    return (
        f'<!doctype html>\n<html lang="{language}"><head><meta charset="utf-8">'
        '<meta http-equiv="Content-Security-Policy" '
        "content=\"default-src 'none'; style-src 'unsafe-inline'\">"
        '<meta name="viewport" content="width=device-width">'
        f"<title>{title}</title><style>{_STYLE}</style></head><body><main><h1>{title}</h1>"
        f"{body}<h2>{_PAPERS[language]}</h2>{papers}</main></body></html>\n"
    )


def to_text(answer: Answer, documents: Mapping[str, Document], language: Language = "en") -> str:
    """One answer with its sources for the clipboard; a quote that it holds is not repeated."""
    sources = [
        f"[{citation.marker}] "
        + (f"“{citation.quote}” " if citation.quote not in answer.text else "")
        + _place(citation, documents, language)
        for citation in answer.citations
    ]
    return "\n".join([answer.text, "", *sources]).rstrip()


def _answer_html(answer: Answer, documents: Mapping[str, Document], language: Language) -> str:
    words = WORDS[language]
    understood = ""
    if answer.standalone_question != answer.question:
        understood = f"{words['understood']} {escape(answer.standalone_question)}"
    sources = "".join(
        f'<li value="{citation.marker}"><blockquote>{escape(citation.quote)}</blockquote>'
        f'<p class="place">{escape(_place(citation, documents, language))}</p></li>'
        for citation in answer.citations
    )
    return (
        f"<article><h2>{escape(answer.question)}</h2>"
        + (f'<p class="understood">{understood}</p>' if understood else "")
        + "".join(f"<p>{escape(line)}</p>" for line in _said(answer))
        + (f"<h3>{_above(answer, language)}</h3><ol>{sources}</ol>" if sources else "")
        + "</article>"
    )


def _paper_html(document: Document, language: Language) -> str:
    entries = "".join(
        f"<dt>{style}</dt><dd><pre>{escape(entry)}</pre></dd>"
        for style, entry in references(document).items()
    )
    said = f"<dl>{entries}</dl>" if entries else f"<p>{escape(why_not(document, language))}</p>"
    return f"<section><h3>{escape(document.name)}</h3>{said}</section>"


def _said(answer: Answer) -> Iterator[str]:
    """The lines of an answer, then what the reader has to know about it."""
    yield from filter(None, (line.strip() for line in answer.text.splitlines()))
    if answer.notice:
        yield answer.notice


def _above(answer: Answer, language: Language) -> str:
    return WORDS[language]["sources" if answer.answered else "closest"]


def _place(citation: Citation, documents: Mapping[str, Document], language: Language) -> str:
    """Section, page, paper, and whether the sentence is not supported."""
    document = documents.get(citation.chunk.doc_id)
    page = WORDS[language]["page"].format(citation.page) if citation.page else ""
    doubt = "" if citation.verified else WORDS[language]["unverified"]
    parts = [citation.section, page, document.name if document else "", doubt]
    return " · ".join(" ".join(part.split()) for part in parts if part)


def _cited(answers: Sequence[Answer], documents: Mapping[str, Document]) -> list[Document]:
    """The papers that the answers point to, in the order in which they are first met."""
    ids = dict.fromkeys(each.chunk.doc_id for answer in answers for each in answer.citations)
    return [documents[doc_id] for doc_id in ids if doc_id in documents]


def _md(text: str) -> str:
    """The text on one line, with all that CommonMark or GitHub would take for markup escaped."""
    line = re.sub(r"[\\`*_\[\]<>|~$&#]", r"\\\g<0>", " ".join(text.split()))
    line = re.sub(r"^[-+=]", r"\\\g<0>", line)
    return re.sub(r"^(\d+)([.)])", r"\1\\\2", line)
