"""What the sentences chosen lack of what a question asks: a name, a number, a person, a denial.

Knows nothing of how they were chosen, nor of how it is told.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Literal

from app.analysed import Sentence, analyse
from app.binding import crossed
from app.countries import countries
from app.dates import other_months
from app.figures import figures
from app.kinds import KINDS, Kind, asks_for, lacks, lacks_end, lacks_unit
from app.mentions import elsewhere, named, unmentioned
from app.premises import denied, never_ended, only_listed, other_years, touches
from app.questions import (
    asks_how_many,
    asks_whether,
    counts,
    granted,
    tells_when,
    wants,
    without_dates,
)
from app.relations import reversed_in
from index.retrieval import ScoredChunk

_CLAUSE = re.compile("[，,；;]")

Lack = Literal["", "here", "number", "date", "otherwise"] | Kind


def lacking(  # noqa: PLR0913 - the last two tell how the sentences were chosen
    question: str,
    chosen: Sequence[Sentence],
    found: Sequence[ScoredChunk],
    texts: Sequence[str],
    *,
    typed: str,
    listed: frozenset[int],
) -> tuple[Lack, tuple[str, ...], bool]:
    """What is lacking, the names that are, and whether nothing is left to answer.

    `found`, `texts` and `typed` as in `extract`; `listed` are countries for which a sentence was
    passed over because it counts for many what is asked of one.
    """
    # Everything but the name may fit: a question for 2022 finds what is said of 2018.
    missing, nothing_left = unmentioned(question, texts)
    if missing:
        return "", missing, nothing_left
    if listed and (passed := _names(question, listed)) and not _about(listed, question, chosen):
        return "here", passed, True
    quotes = [sentence.text for sentence in chosen]
    sections = {sentence.chunk.section for sentence in chosen}
    around = [
        " ".join([*hit.chunk.section, hit.chunk.text])
        for hit in found
        if hit.chunk.section in sections
    ]
    # What leans on the conversation may speak of another place than its last answer.
    leans = bool(typed) and typed != question
    missing, nothing_left = ((), False) if leans else elsewhere(question, quotes, around, texts)
    if missing:
        return "here", missing, nothing_left
    said = " ".join(quotes)
    asked = typed or question
    years = _names(asked) if other_years(asked, said) else ()
    if missing := years or other_months(asked, said):
        return "here", missing, True
    read = [text for hit in found for text in analyse(hit.chunk).texts]
    presumes = not asks_whether(question)
    dated = presumes and any(map(str.isdigit, question))
    wanted = wants(question)
    how_many = asks_how_many(_asking(question)) and not wanted & {"reason", "where", "who"}
    kinds: list[tuple[Lack, bool]] = [
        ("otherwise", denied(question, said)),
        ("otherwise", presumes and reversed_in(question, said)),
        ("otherwise", dated and crossed(question, read)),
        ("otherwise", _other_figures(granted(question), around)),
        ("otherwise", all(never_ended(question, quote) for quote in quotes)),
        *((kind, lacks(kind, question, said)) for kind in KINDS if kind != "items"),
        ("sum", asks_for("sum", question) and not touches(question, said)),  # one of something else
        ("items", len(quotes) == 1 and lacks("items", question, said)),
        ("number", lacks_unit(question, said) or (how_many and not _counted(question, quotes))),
        ("date", lacks_end(question, said)),
        ("date", "date" in wanted and bool(granted(question)) and not tells_when(question, said)),
    ]
    for kind, is_lacking in kinds:
        if is_lacking:
            return kind, (), True
    return "", (), False


def _asking(question: str) -> str:
    """The clause that asks: 先跟几个伙伴谈好，能帮上忙吗 is no question for a number."""
    last = _CLAUSE.split(question.rstrip("？?！!。. "))[-1]
    return last if asks_whether(last) else question


def _other_figures(taken: str, around: Sequence[str]) -> bool:
    """Whether what is taken for granted has a figure that nothing around the quotes has."""
    asked = figures(without_dates(taken))
    return bool(asked) and not asked <= figures(" ".join(around), loose=True)


def _counted(question: str, quotes: Sequence[str]) -> bool:
    """Whether the quotes hold a number that the question does not."""
    known = figures(question)
    new = figures(without_dates(" ".join(quotes))) - known
    return bool(new) or (not known and any(map(counts, quotes)))


def _about(listed: frozenset[int], question: str, chosen: Sequence[Sentence]) -> bool:
    """Whether a sentence names one of the countries, and not only in a list."""
    texts = [sentence.text for sentence in chosen]
    return any(countries(text) & listed - only_listed(question, text) for text in texts)


def _names(question: str, of: frozenset[int] | None = None) -> tuple[str, ...]:
    """How a question names some countries, or its years."""
    kind = "year" if of is None else "country"
    names = (n.text for n in named(question) if n.kind == kind)
    return tuple(dict.fromkeys(n for n in names if of is None or countries(n) & of))
