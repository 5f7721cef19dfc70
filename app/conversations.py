"""What a reader has asked so far: several conversations, of which one is open.

Values, not things: every change makes a new `Notebook`. The browser keeps each conversation as
text of its own, so that two windows never overwrite each other. Knows nothing of Gradio.
"""

from __future__ import annotations

import secrets
import time
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from functools import cache
from typing import TYPE_CHECKING

from app.answers import Answer

if TYPE_CHECKING:
    from pydantic import TypeAdapter

MAX_NAME = 60  # characters


def _new_key() -> str:
    """Keys sort by the time at which the conversation began."""
    return f"{time.time_ns():020}-{secrets.token_hex(4)}"


@dataclass(frozen=True, slots=True)
class Conversation:
    """Questions and answers, oldest first. `name` is what the reader calls it, `papers` are the
    ids of the papers that are asked, `following` are questions to ask after the last answer."""

    key: str = field(default_factory=_new_key)
    name: str = ""
    papers: tuple[str, ...] = ()
    answers: tuple[Answer, ...] = ()
    following: tuple[str, ...] = ()

    @property
    def title(self) -> str:
        """Its name, or else its first question; "" if nothing was asked yet."""
        return self.name or " ".join(self.answers[0].question.split() if self.answers else ())

    @property
    def cited(self) -> list[str]:
        """The ids of the papers that the answers point to."""
        return [each.chunk.doc_id for answer in self.answers for each in answer.citations]

    def add(self, answer: Answer, turn: int | None = None) -> Conversation:
        """With one more answer, or with answer number `turn` replaced."""
        before = self.answers if turn is None else self.answers[:turn]
        after = () if turn is None else self.answers[turn + 1 :]
        return replace(self, answers=(*before, answer, *after), following=())

    def to_json(self) -> str:
        """For the browser to keep; of what was retrieved only the chunks that are cited."""
        cited = {citation.chunk.chunk_id for each in self.answers for citation in each.citations}
        answers = tuple(
            replace(each, retrieved=tuple(r for r in each.retrieved if r.chunk.chunk_id in cited))
            for each in self.answers
        )
        return _adapter().dump_json(replace(self, answers=answers)).decode()


@dataclass(frozen=True, slots=True)
class Notebook:
    """A reader's conversations, newest first; the open one is among them once it has answers."""

    kept: tuple[Conversation, ...] = ()
    current: Conversation = field(default_factory=Conversation)

    def keep(self, conversation: Conversation) -> Notebook:
        """With this conversation in its new state, and open."""
        others = (each for each in self.kept if each.key != conversation.key)
        kept = (conversation, *others) if conversation.answers else tuple(others)
        return Notebook(tuple(sorted(kept, key=lambda each: each.key, reverse=True)), conversation)

    def open(self, key: str) -> Notebook:
        """With the conversation of that key open; a new one if there is none."""
        found = (each for each in self.kept if each.key == key)
        return replace(self, current=next(found, Conversation(papers=self.current.papers)))

    def rename(self, name: str) -> Notebook:
        """With another name for the open conversation; an empty one takes the name away."""
        return self.keep(replace(self.current, name=" ".join(name.split())[:MAX_NAME]))

    def drop(self) -> Notebook:
        """Without the open conversation; a new one is open."""
        kept = tuple(each for each in self.kept if each.key != self.current.key)
        return Notebook(kept, Conversation(papers=self.current.papers))


def read_notebook(texts: Iterable[str], current: str = "") -> Notebook:
    """What a browser kept; a text that is no conversation, or of another version, is left out."""
    from pydantic import ValidationError

    kept = []
    for text in texts:
        try:
            kept.append(_adapter().validate_json(text))
        except ValidationError:
            continue
    newest_first = sorted(kept, key=lambda each: each.key, reverse=True)
    return Notebook(tuple(newest_first)).open(current)


@cache
def _adapter() -> TypeAdapter[Conversation]:
    from pydantic import TypeAdapter

    return TypeAdapter(Conversation)
