"""A person grows a gold file in the terminal: question, passage, evidence, what must be included.

Questions are typed, or come from what readers said of answers on the page: `feedback.jsonl` in
the index folder, one JSON object a line with time, paper, question, standalone_question, answer,
citations [{quote, start, end}], rating ("up" or "down") and reason. Nothing is taken over without
the person's yes: a reader's thumb is no evidence.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import asdict, dataclass
from itertools import count
from pathlib import Path

from eval.gold import GoldQuestion, read_gold
from eval.goldcheck import review
from eval.jsonl import Line, read_jsonl
from index.retrieval import ScoredChunk
from sources import Document, language_of, split_sentences

PASSAGES = 3  # shown for a question
RATINGS = ("up", "down")
WHICH = "Which sentences support the answer? Numbers, n (the paper does not say), s (skip), q: "
HOLD = "What must an answer hold? Strings that will do, joined by |; more than one group by ;: "

Ask = Callable[[str], str]
Show = Callable[[str], None]
Search = Callable[[str, int], Sequence[ScoredChunk]]
Span = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Candidate:
    """A question to confirm; `notes` are shown with it, `cited` are spans that were cited."""

    question: str
    notes: tuple[str, ...] = ()
    cited: tuple[Span, ...] = ()


def typed(ask: Ask) -> Iterator[Candidate]:
    """Questions that the person types, until an empty one."""
    while question := ask("Question (empty ends): ").strip():
        yield Candidate(question)


def read_feedback(path: Path, document: Document) -> list[Candidate]:
    """What readers rated of answers on this paper, thumbs down first; a follow-up as it was
    understood. Quotes that the paper no longer has there are dropped. Raises GoldError that names
    a wrong line."""
    rated = []
    for line in read_jsonl(path):
        rating = line.text("rating")
        if rating not in RATINGS:
            raise line.error(f'unknown rating "{rating}"', 'write "up" or "down"')
        if line.text("paper") == document.doc_id:
            rated.append((RATINGS.index(rating), _candidate(line, rating, document)))
    return [candidate for _, candidate in sorted(rated, key=lambda each: -each[0])]


def _candidate(line: Line, rating: str, document: Document) -> Candidate:
    reason = str(line.fields.get("reason") or "")
    notes = (f"rated {rating}{f': {reason}' if reason else ''}", line.text("answer"))
    cited = line.fields.get("citations") or []
    try:
        spans = tuple(
            (each["start"], each["end"])
            for each in cited
            if document.text[each["start"] : each["end"]] == each["quote"]
        )
    except (TypeError, KeyError) as error:
        raise line.error(
            '"citations" have no places', 'write [{"quote": "...", "start": 0, "end": 9}]'
        ) from error
    return Candidate(line.text("standalone_question", "") or line.text("question"), notes, spans)


@dataclass(frozen=True, slots=True)
class Desk:
    """What a person works with: the paper, how to search it, and a way to ask and to show."""

    document: Document
    search: Search
    ask: Ask
    show: Show = print

    def add(self, path: Path, candidates: Iterable[Candidate]) -> int:
        """Ask about each candidate and append what is confirmed to the file. Returns how many.

        Each question is written at once, so that leaving at any point loses nothing.
        """
        known = read_gold(path) if path.exists() and path.stat().st_size else []
        added = 0
        try:
            for candidate in candidates:
                question = self._confirm(candidate, known)
                if question:
                    _append(path, question)
                    known.append(question)
                    added += 1
        except (EOFError, KeyboardInterrupt):
            self.show("")
        return added

    def _confirm(self, candidate: Candidate, known: Sequence[GoldQuestion]) -> GoldQuestion | None:
        """The question as the person confirms it, None when skipped. Raises EOFError to leave."""
        if any(candidate.question == question.question for question in known):
            return None
        self.show("\n".join(["", candidate.question, *candidate.notes, ""]))
        evidence = self._choose(self._show_passages(candidate))
        if evidence is None:
            return None
        groups = [group.split("|") for group in self.ask(HOLD).split(";")] if evidence else []
        stripped = [tuple(s.strip() for s in group if s.strip()) for group in groups]
        question = GoldQuestion(
            id=_free_id(candidate.question, known),
            question=candidate.question,
            lang=language_of(candidate.question),
            history=(),
            answerable=bool(evidence),
            evidence=evidence,
            must_include=tuple(group for group in stripped if group),
            tags=tuple(self.ask("Tags, such as lookup or number, apart by spaces: ").split()),
        )
        for finding in review(question, self.document, known):
            self.show(str(finding))
        return question if self.ask("Keep it? y or n: ").strip().lower() == "y" else None

    def _show_passages(self, candidate: Candidate) -> list[Span]:
        """Show what was cited and the nearest passages, sentence by sentence; returns the spans
        of the sentences."""
        spans: list[Span] = []
        found = self.search(candidate.question, PASSAGES)
        places = [(hit.chunk.start, hit.chunk.end) for hit in found]
        outside = [c for c in candidate.cited if not any(a <= c[0] < b for a, b in places)]
        for start, end in [*outside, *places]:
            section = self.document.section_at(start)
            self.show(f"— {' › '.join(section.path) if section else self.document.name}")
            for left, right in split_sentences(self.document.text, start, end):
                spans.append((left, right))
                cited = any(a < right and left < b for a, b in candidate.cited)
                mark = "*" if cited else " "
                self.show(f"{mark}{len(spans):3d}  {self.document.text[left:right]}")
        return spans

    def _choose(self, sentences: Sequence[Span]) -> tuple[str, ...] | None:
        """The quotes chosen as evidence, () when the paper does not say, None when skipped."""
        while True:
            said = self.ask(WHICH).strip().lower()
            if said == "q":
                raise EOFError
            if said in ("s", "n"):
                return None if said == "s" else ()
            numbers = said.replace(",", " ").split()
            if numbers and all(n.isdecimal() and 1 <= int(n) <= len(sentences) for n in numbers):
                chosen = [sentences[int(n) - 1] for n in numbers]
                return tuple(self.document.text[start:end] for start, end in chosen)
            self.show(f"numbers from 1 to {len(sentences)}, or n, s, q")


def _append(path: Path, question: GoldQuestion) -> None:
    fields = {name: value for name, value in asdict(question).items() if value != ""}
    held = path.read_text(encoding="utf-8") if path.exists() else ""
    broken = bool(held) and not held.endswith("\n")
    with path.open("a", encoding="utf-8") as file:
        file.write("\n" * broken + json.dumps(fields, ensure_ascii=False) + "\n")


def _free_id(question: str, known: Sequence[GoldQuestion]) -> str:
    taken = {each.id for each in known}
    lang = language_of(question)
    return next(name for n in count(1) if (name := f"{lang}-added-{n:03d}") not in taken)
