"""What programs may do: ask, search, list the papers. All of it is plain data, ready for JSON.

`app.server` offers these over Gradio's API and over MCP. It knows nothing of either.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from typing import Any

from app.answers import Answer, Turn
from app.assistant import Assistant
from app.questions import check_question
from app.shelf import Shelf
from index import TOP_K
from sources import QuestionError

MAX_FOUND = 50
MAX_TURNS = 100

Json = dict[str, Any]
_TURN = {"question", "answer_text"}


class Programs:
    """The papers of the page for programs; keeps nothing between calls, safe between threads."""

    def __init__(self, shelf: Shelf) -> None:
        self._shelf = shelf

    def ask(self, question: str, history: Sequence[Json] = (), paper: str = "") -> Answer:
        """The answer. `history` holds earlier turns, oldest first, as `{"question": "…"}`.

        Raises QuestionError for what cannot be asked and StoreError for an unknown paper.
        """
        return self._about(paper).ask(_text(question), _turns(history))

    def search(self, question: str, paper: str = "", limit: int = TOP_K) -> list[Json]:
        """The best chunks, best first, as ScoredChunk with the chunk inside. Raises like ask."""
        if not isinstance(limit, int) or not 1 <= limit <= MAX_FOUND:
            raise QuestionError(f"limit has to be a whole number from 1 to {MAX_FOUND}")
        asked, about = check_question(_text(question)), self._about(paper)
        return [asdict(found) for found in about.index.search(asked, limit, about.papers)]

    def papers(self) -> list[Json]:
        """Every paper: `paper` is the id to ask with; `year` is None where none is stated."""
        return [
            {
                "paper": each.doc_id,
                "name": each.name,
                "year": each.year,
                "characters": each.characters,
            }
            for each in self._shelf.asking(()).index.papers
        ]

    def _about(self, paper: str) -> Assistant:
        known = self._shelf.asking(())
        return self._shelf.asking(known.index.ids(paper)) if _text(paper, "paper") else known


def _turns(history: Sequence[Json]) -> list[Turn]:
    if not isinstance(history, list | tuple) or len(history) > MAX_TURNS:
        raise QuestionError(f'history has to be a list of at most {MAX_TURNS} {{"question": "…"}}')
    for at, turn in enumerate(history, 1):
        if not isinstance(turn, dict) or not {"question"} <= turn.keys() <= _TURN:
            raise QuestionError(
                f'turn {at} of history has to be {{"question": "…", "answer_text": "…"}}; '
                "answer_text may be left out"
            )
    return [
        Turn(
            check_question(_text(turn["question"])),
            _text(turn.get("answer_text", ""), "answer_text"),
        )
        for turn in history
    ]


def _text(value: object, name: str = "question") -> str:
    if not isinstance(value, str):
        raise QuestionError(f"{name} has to be text, not {type(value).__name__}")
    return value
