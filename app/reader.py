"""Papers become HTML to read: every sentence can be pointed at, every heading jumped to.

Pure functions; whatever comes from a paper is escaped here. Each sentence carries the offsets of
its text, so that `assets/paper.js` finds what a citation points to. Knows nothing of answers.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from html import escape
from itertools import pairwise

from app.words import WORDS
from sources import Document, Language, split_sentences


def papers_html(documents: Sequence[Document]) -> str:
    """The papers one after another, of which the page shows one at a time: the first."""
    return "".join(_article(document, hidden=at > 0) for at, document in enumerate(documents))


def tools_html(documents: Sequence[Document], language: Language) -> str:
    """What stands above a paper: which one is shown, its contents, and search in it."""
    words = WORDS[language]
    options = "".join(
        f'<option value="{escape(each.doc_id)}">{escape(each.name)}</option>' for each in documents
    )
    choice = f'<select class="shelf" aria-label="{words["paper"]}">{options}</select>'
    outlines = "".join(
        _outline(each, hidden=at > 0) for at, each in enumerate(documents) if each.sections
    )
    contents = (
        f'<details class="contents"><summary>{words["contents"]}</summary>'
        f'<nav aria-label="{words["contents"]}">{outlines}</nav></details>'
    )
    return (
        f'<div class="tools">{choice if len(documents) > 1 else ""}{contents if outlines else ""}'
        f'<div class="find" role="search"><input type="search" autocomplete="off" '
        f'aria-label="{words["find"]}" placeholder="{words["find"]}">'
        f'<output data-none="{words["no_hit"]}"></output>'
        f'<button type="button" class="previous" aria-label="{words["previous"]}">↑</button>'
        f'<button type="button" class="following" aria-label="{words["following"]}">↓</button>'
        "</div></div>"
    )


def _article(document: Document, hidden: bool) -> str:
    """The whole paper; every sentence is a span with `data-start` and `data-end` offsets."""
    parts = [
        f'<article {_whose(document, hidden)} lang="{escape(document.language)}" tabindex="0" '
        f'aria-label="{escape(document.name)}">'
    ]
    first = document.sections[0].start if document.sections else len(document.text)
    head = document.text[:first].partition("\n")[0]
    if head.split() == document.name.split():  # the paper begins with its own name
        parts.append(f"<h1>{_sentence(document.text, 0, len(head))}</h1>")
        parts.extend(_paragraphs(document.text, len(head), first))
    else:
        if not document.sections or document.sections[0].path[-1] != document.name:
            parts.append(f"<h1>{escape(document.name)}</h1>")
        parts.extend(_paragraphs(document.text, 0, first))
    for section in document.sections:
        body = section.start + len(section.path[-1])
        level = min(section.level + 1, 6)
        heading = _sentence(document.text, section.start, body)
        parts.append(f"<h{level}>{heading}</h{level}>")
        parts.extend(_paragraphs(document.text, body, section.end))
    return "".join([*parts, "</article>"])


def _outline(document: Document, hidden: bool) -> str:
    items = "".join(
        f'<li class="level{min(each.level, 4)}"><button type="button" class="entry" '
        f'data-paper="{escape(document.doc_id)}" data-start="{each.start}" '
        f'data-end="{each.start + 1}">{escape(each.path[-1])}</button></li>'
        for each in document.sections
    )
    return f'<ol {_whose(document, hidden)} lang="{escape(document.language)}">{items}</ol>'


def _whose(document: Document, hidden: bool) -> str:
    return f'data-paper="{escape(document.doc_id)}"{" hidden" if hidden else ""}'


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
