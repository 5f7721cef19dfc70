"""Gold questions: what is asked of a paper, and where in it the answer stands.

Evidence is kept as verbatim quotes, not as chunk ids, so that gold survives re-chunking. Knows
nothing of assistants or scores.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, fields
from itertools import pairwise
from pathlib import Path
from typing import Literal

from eval.jsonl import Line, read_jsonl
from sources.documents import Document
from sources.sentences import split_sentences

Half = Literal["dev", "test"]


@dataclass(frozen=True, slots=True)
class GoldQuestion:
    """A question with what a right answer rests on.

    `lang` is the language of the question, such as "zh" or "en". `history` holds the earlier
    questions of the conversation, oldest first. `evidence` holds quotes of the paper, any one of
    which supports the answer. A right answer (its text and its quotes) holds one string of every
    group of `must_include`. `standalone` is a follow-up written so that it needs no history.
    `pages` are the pages, from 1, on which the evidence stands; empty for a paper without pages.
    """

    id: str
    question: str
    lang: str
    history: tuple[str, ...]
    answerable: bool
    evidence: tuple[str, ...]
    must_include: tuple[tuple[str, ...], ...]
    tags: tuple[str, ...]
    standalone: str = ""
    pages: tuple[int, ...] = ()


FIELDS = tuple(field.name for field in fields(GoldQuestion))


def gold_path(half: Half) -> Path:
    """Where the questions on the bundled paper stand; the halves are split once and kept."""
    return Path(__file__).parent / "gold" / f"wto_{half}.jsonl"


def read_gold(path: Path) -> list[GoldQuestion]:
    """The questions of a JSON Lines file, plain or .gz, in order.

    Required: id, question, lang, answerable, and evidence where answerable; the rest may be left
    out. Raises GoldError that names the first wrong line and how to mend it.
    """
    seen: dict[str, str] = {}
    questions = []
    for line in read_jsonl(path):
        question = question_of(line)
        if question.id in seen:
            raise line.error(
                f'id "{question.id}" is already taken by {seen[question.id]}',
                "give every question its own id",
            )
        seen[question.id] = line.where
        questions.append(question)
    return questions


def question_of(line: Line) -> GoldQuestion:
    """The question of one line. Raises GoldError that names the line and how to mend it."""
    unknown = sorted(set(line.fields) - set(FIELDS))
    if unknown:
        raise line.error(
            f'unknown field "{unknown[0]}"', f"remove it or use one of {', '.join(FIELDS)}"
        )
    question = GoldQuestion(
        id=line.text("id"),
        question=line.text("question"),
        lang=line.text("lang"),
        history=line.texts("history", ()),
        answerable=line.flag("answerable"),
        evidence=line.texts("evidence", ()),
        must_include=line.groups("must_include"),
        tags=line.texts("tags", ()),
        standalone=line.text("standalone", ""),
        pages=line.numbers("pages"),
    )
    if question.answerable and not question.evidence:
        raise line.error(
            "answerable, but without evidence",
            'quote the paper in "evidence" or set "answerable": false',
        )
    return question


def evidence_spans(document: Document, quotes: Sequence[str]) -> list[tuple[int, int]]:
    """Every place where a quote stands, as sorted `(start, end)` offsets into `document.text`.

    Text and quotes are compared without white space and without hyphens, because a quote may be
    copied from the printed lines, where "com-" and "merce" are apart. A quote that is not in the
    paper adds nothing.
    """
    kept = [at for at, letter in enumerate(document.text) if _counts(letter)]
    text = "".join(document.text[at] for at in kept)
    spans = set()
    for quote in ("".join(filter(_counts, quote)) for quote in quotes):
        at = text.find(quote) if quote else -1
        while at >= 0:
            spans.add((kept[at], kept[at + len(quote) - 1] + 1))
            at = text.find(quote, at + 1)
    return sorted(spans)


def nearest_place(document: Document, quote: str) -> tuple[int, int] | None:
    """The sentences of the paper most like a quote, as one span; None where nothing is alike.

    As many sentences together as the quote has; likeness is `likeness`, at least a third.
    """
    sentences = split_sentences(document.text)
    together = max(1, len(split_sentences(quote)))
    spans = [
        (start, sentences[min(at + together, len(sentences)) - 1][1])
        for at, (start, _) in enumerate(sentences)
    ]
    scored = [(likeness(document.text[start:end], quote), (start, end)) for start, end in spans]
    best, span = max(scored, default=(0.0, (0, 0)))
    return span if best >= 1 / 3 else None


def likeness(one: str, other: str) -> float:
    """How alike two texts are, from 0 to 1: Dice's coefficient of their pairs of neighbouring
    characters, white space and hyphens apart, letter case folded."""
    pairs = [Counter(pairwise("".join(filter(_counts, t.casefold())))) for t in (one, other)]
    total = pairs[0].total() + pairs[1].total()
    return 2 * (pairs[0] & pairs[1]).total() / total if total else 0.0


def _counts(letter: str) -> bool:
    return not letter.isspace() and letter not in "-\u00ad"
