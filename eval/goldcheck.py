"""Is a gold file fit to measure on? Every question is held against the paper and the others.

Wrong lines, evidence that is not in the paper, questions asked twice and questions that stand in
another half too are errors; wording copied from the paper is a warning, because a question that
repeats the paper's words measures string search. Knows nothing of assistants.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from pathlib import Path

from eval.gold import GoldQuestion, evidence_spans, likeness, nearest_place, question_of
from eval.jsonl import read_jsonl
from sources.documents import Document
from sources.errors import GoldError

SAME = 0.85  # likeness from which two questions are one; see eval.gold.likeness
COPIED = 0.6  # share of a question that may stand in its evidence as one run
LEAST_COPIED = 8  # characters; a name alone is no copy


@dataclass(frozen=True, slots=True)
class Finding:
    """What is wrong with a question, and how to mend it; `serious` ones make the check fail."""

    where: str
    problem: str
    remedy: str
    serious: bool = True

    def __str__(self) -> str:
        kind = "error" if self.serious else "warning"
        return f"{kind}: {self.where}: {self.problem}; {self.remedy}"


def check(path: Path, document: Document, others: Sequence[Path] = ()) -> list[Finding]:
    """Everything that is wrong with a gold file; `others` are the halves that it must not share
    questions with. Raises GoldError for a file that cannot be read at all."""
    found: list[Finding] = []
    questions = list(_readable(path, found))
    for at, question in enumerate(questions):
        found += review(question, document, questions[:at])
    for other in others:
        found += _leaks(questions, list(_readable(other, [])), other)
    return found


def is_gold(path: Path) -> bool:
    """Whether a file holds a question at all; a folder may hold other files of JSON lines."""
    try:
        return bool(list(_readable(path, [])))
    except GoldError:
        return False


def review(
    question: GoldQuestion, document: Document, earlier: Sequence[GoldQuestion]
) -> list[Finding]:
    """What is wrong with one question, held against the paper and the earlier questions."""
    return [
        *_evidence(question, document),
        *_wording(question),
        *_twice(question, earlier),
    ]


def _readable(path: Path, found: list[Finding]) -> Iterator[GoldQuestion]:
    """The questions that can be read; what is wrong with the other lines goes to `found`."""
    for line in read_jsonl(path):
        try:
            yield question_of(line)
        except GoldError as error:
            problem, _, remedy = str(error).removeprefix(f"{line.where}: ").rpartition("; ")
            found.append(Finding(line.where, problem, remedy))


def _evidence(question: GoldQuestion, document: Document) -> Iterator[Finding]:
    for quote in question.evidence:
        if not evidence_spans(document, [quote]):
            nearest = nearest_place(document, quote)
            remedy = (
                f"nearest at {nearest[0]}: {document.text[slice(*nearest)]}"
                if nearest
                else "quote the paper to the letter"
            )
            yield Finding(question.id, f"not in the paper: {quote}", remedy)
    if not question.answerable and question.evidence:
        remedy = 'remove it or set "answerable": true'
        yield Finding(question.id, "unanswerable, but with evidence", remedy)


def _wording(question: GoldQuestion) -> Iterator[Finding]:
    """The longest run that a question shares with its evidence, white space apart."""
    asked = _bare(question.question)
    for quote in question.evidence:
        matcher = SequenceMatcher(None, asked, _bare(quote), autojunk=False)
        run = matcher.find_longest_match()
        if run.size >= max(LEAST_COPIED, COPIED * len(asked)):
            copied = asked[run.a : run.a + run.size]
            yield Finding(
                question.id,
                f'"{copied}" is the paper\'s own wording',
                "ask as a reader would",
                serious=False,
            )
            return


def _twice(question: GoldQuestion, earlier: Sequence[GoldQuestion]) -> Iterator[Finding]:
    if any(question.id == other.id for other in earlier):
        yield Finding(question.id, "this id is taken", "give every question its own id")
    same = next((other for other in earlier if _same(question, other)), None)
    if same:
        yield Finding(question.id, f"asks the same as {same.id}", "remove one of them")


def _leaks(
    questions: Sequence[GoldQuestion], others: Sequence[GoldQuestion], path: Path
) -> Iterator[Finding]:
    """Only ids of the other half are named: it may be the held-out one."""
    for question in questions:
        same = next((other for other in others if _same(question, other)), None)
        if same:
            remedy = "keep it in one half only"
            yield Finding(question.id, f"asks the same as {same.id} in {path.name}", remedy)


def _same(one: GoldQuestion, other: GoldQuestion) -> bool:
    """Whether two questions are one: nearly the same words after the same history."""
    return one.history == other.history and likeness(one.question, other.question) >= SAME


def _bare(text: str) -> str:
    return "".join(letter for letter in text.casefold() if letter.isalnum())
