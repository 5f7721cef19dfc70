"""Answers become HTML, in the reader's language.

Pure functions; whatever comes from a paper, a question or a model is escaped here. A citation is
a button that carries its paper and the offsets of its quote, so that `assets/paper.js` finds the
sentence. Knows nothing of Gradio.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from html import escape
from itertools import pairwise

from app.answers import Answer, Citation
from app.pages import leaves_html
from app.questions import MAX_QUESTION
from app.words import WORDS
from index.retrieval import Match
from sources import Language

SURE, FAIRLY_SURE = 0.8, 0.6  # confidence from which an answer is called so
FAR = 0.2  # confidence below which a refusal says that the paper is silent
LONG_QUOTE = 100.0  # Chinese characters, about two lines of a wide card; longer ones are folded
LATIN_WIDTH = 0.5  # of a Chinese character

_MARKER = re.compile(r"\[(\d+)\]")


def answer_html(
    answer: Answer, language: Language, turn: int = 0, below: str = "", growing: bool = False
) -> str:
    """An answer, or a refusal, with what it rests on, and `below` it what can be done with it.

    `turn` counts the conversation's answers from 0; a `growing` one is not whole yet.
    """
    words = WORDS[language]
    said = answer.text.split("\n")
    heading = f'<p class="heading">{words["sources" if answer.answered else "closest"]}</p>'
    cards = "".join(_card(citation, answer, words) for citation in answer.citations)
    sources = f'{heading}<ol class="cards">{cards}</ol>' if cards else ""
    lead = [line for line in said if not any(c.quote in line for c in answer.citations)]
    if not answer.answered and len(lead) < len(said):
        # The text announces its quotes, and the cards are those quotes: once is enough.
        said, sources = lead, sources.removeprefix(heading)
    lines = "".join(f"<p>{_line(line, answer.citations, words)}</p>" for line in said if line)
    # Nothing was looked for where a courtesy was returned.
    refused = bool(answer.retrieved) and not answer.answered
    state = " growing" if growing else " refused" if refused else ""
    notice = f'<p class="notice">{escape(answer.notice)}</p>' if answer.notice else ""
    judged = not growing and (answer.answered or refused)
    sure = f'<p class="sure">{_certainty(answer, words)}</p>' if judged else ""
    rest = sure + sources if answer.answered else sources + sure
    return (
        f'<div class="answer{state}" data-turn="{turn}">'
        f'{_understood(answer, turn, words)}{notice}<div class="said">{lines}</div>'
        f"{rest}{below}</div>"
    )


def actions_html(copy: str, following: Sequence[str], language: Language) -> str:
    """What can be done with an answer: copy `copy`, rate it, ask on with one of `following`."""
    words = WORDS[language]
    asks = "".join(
        f'<li><button type="button" class="next">{escape(each)}</button></li>' for each in following
    )
    onward = f'<p class="heading">{words["next"]}</p><ul class="onward">{asks}</ul>'
    return (
        f'<div class="actions">'
        f'<button type="button" class="copy" data-copy="{escape(copy)}" '
        f'data-done="{words["copied"]}">{words["copy"]}</button>'
        f'<button type="button" class="rate" data-rating="up" aria-pressed="false">'
        f"{words['up']}</button>"
        f'<button type="button" class="rate" data-rating="down" aria-pressed="false">'
        f"{words['down']}</button>"
        f'<span class="status" role="status" data-thanks="{words["thanks"]}"></span>'
        f'<span class="reason" hidden><input type="text" maxlength="500" '
        f'aria-label="{words["why"]}" placeholder="{words["why"]}">'
        f'<button type="button" class="tell">{words["tell"]}</button></span></div>'
        f"{onward if asks else ''}"
    )


def title_html(language: Language) -> str:
    """The page's own name."""
    words = WORDS[language]
    return f'<h1 class="name" lang="{language}" data-lost="{words["lost"]}">{words["title"]}</h1>'


def question_html(question: str) -> str:
    """What the reader typed."""
    return f'<p class="question">{escape(question)}</p>'


def pending_html(language: Language, share: float | None = None) -> str:
    """What stands in the answer's place until its first words are there; `share` is how much of
    the index is built, if that is what it waits for."""
    waits = WORDS[language]["pending"] if share is None else opening_html(share, language)
    return f'<div class="answer pending growing">{waits}</div>'


def adding_html(done: int, total: int, language: Language) -> str:
    """How much of what is being added is done."""
    percent = 100 * done // max(total, 1)
    return _progress(WORDS[language]["adding"].format(percent), percent)


def opening_html(share: float, language: Language) -> str:
    """How much of the index is built."""
    percent = int(100 * share)
    return _progress(WORDS[language]["opening"].format(percent), percent)


def _progress(label: str, percent: int) -> str:
    return (
        f'<p class="adding"><label>{label}'
        f'<progress value="{percent}" max="100"></progress></label></p>'
    )


def _understood(answer: Answer, turn: int, words: dict[str, str]) -> str:
    """How a follow-up was understood; the reader can correct it and ask again.

    A popover, because its being open is no attribute, which the next words of a growing answer
    would set back.
    """
    if answer.standalone_question == answer.question:
        return ""
    asked, key = escape(answer.standalone_question), f"correction-{turn}"
    return (
        f'<p class="understood">{words["understood"]} <span>{asked}</span> '
        f'<button type="button" class="correct" popovertarget="{key}">{words["correct"]}</button>'
        f'</p><div class="correction" popover id="{key}"><label>{words["corrected"]}'
        f'<input type="text" value="{asked}" maxlength="{MAX_QUESTION}" autofocus></label>'
        f'<button type="button" class="again">{words["again"]}</button></div>'
    )


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
        label = words["show" if citation.verified else "show_unverified"].format(found[1])
        doubted = "" if citation.verified else " doubted"
        hovered = "\n".join(filter(None, [citation.section, citation.quote]))
        return (
            f'<button type="button" class="marker{doubted}" aria-label="{label}" '
            f'title="{escape(hovered)}" '
            f'data-marker="{found[1]}" {_place(citation)}>{found[1]}</button>'
        )

    return re.sub(pattern, replace, escape(line))


def _card(citation: Citation, answer: Answer, words: dict[str, str]) -> str:
    place = [escape(citation.paper), escape(citation.section.rpartition(" › ")[2])]
    if citation.page is not None:
        place.append(words["page"].format(citation.page))
    matches = _matches(citation, answer)
    checked = ""
    if answer.mode == "generated" or not citation.verified:
        verdict = "verified" if citation.verified else "unverified"
        checked = f'<span class="{verdict}">{words[verdict]}</span>'
    wide = sum(1.0 if char > "\u2e7f" else LATIN_WIDTH for char in citation.quote) > LONG_QUOTE
    more = (
        '<button type="button" class="more" aria-expanded="false" '
        f'data-less="{words["less"]}">{words["more"]}</button>'
    )
    return (
        f'<li class="card{" long" if wide else ""}" data-marker="{citation.marker}">'
        f'<button type="button" class="cite" {_place(citation)} '
        f'data-met="{_spans((m.start, m.end) for m in matches)}" '
        f'data-told="{_spans(citation.highlights)}">'
        f'<span class="place" title="{escape(citation.section)}"><b>{citation.marker}</b> '
        f"{' · '.join(filter(None, place))}</span>"
        f'{checked}<span class="quote">{_marked(citation, matches)}</span></button>'
        f"{more if wide else ''}{leaves_html(citation, words)}</li>"
    )


def _place(citation: Citation) -> str:
    return (
        f'data-paper="{escape(citation.chunk.doc_id)}" '
        f'data-start="{citation.start}" data-end="{citation.end}"'
    )


def _spans(spans: Iterable[tuple[int, int]]) -> str:
    return " ".join(f"{start}-{end}" for start, end in spans)


def _matches(citation: Citation, answer: Answer) -> list[Match]:
    """What met the question's words inside the quote, the strongest of overlapping ones."""
    met: list[Match] = []
    found = (scored for scored in answer.retrieved if scored.chunk == citation.chunk)
    inside = (
        match
        for scored in found
        for match in scored.matches
        if citation.start <= match.start < match.end <= citation.end
    )
    for match in sorted(inside, key=lambda match: (match.start, -match.strength)):
        if not met or met[-1].end <= match.start:
            met.append(match)
    return met


def _marked(citation: Citation, matches: Sequence[Match]) -> str:
    """The quote: words that met the question's are underlined and say which word they met, words
    that answer are marked."""
    ends = {at for match in matches for at in (match.start, match.end)}
    ends |= {at for span in citation.highlights for at in span}
    cuts = sorted(at for at in ends if citation.start < at < citation.end)
    parts = []
    for start, end in pairwise([citation.start, *cuts, citation.end]):
        part = escape(citation.quote[start - citation.start : end - citation.start])
        met = next((m for m in matches if m.start <= start and end <= m.end), None)
        if met:
            other = met.question_word != met.chunk_word
            title = f' title="{escape(met.question_word)}"' if other else ""
            part = f"<u{title}>{part}</u>"
        if any(left <= start and end <= right for left, right in citation.highlights):
            part = f"<mark>{part}</mark>"
        parts.append(part)
    return "".join(parts)


def _certainty(answer: Answer, words: dict[str, str]) -> str:
    if not answer.answered:
        return words["far" if answer.confidence < FAR else "near"]
    if answer.missing:
        return words["partly"].format(escape(", ".join(answer.missing)))
    if answer.confidence >= SURE:
        return words["sure"]
    return words["fairly" if answer.confidence >= FAIRLY_SURE else "unsure"]
