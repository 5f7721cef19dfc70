"""What an answer is. A refusal is an answer too: `answered` is False and the text says so."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any, Literal

from index.chunking import Chunk
from index.retrieval import ScoredChunk
from sources.layout import Box

Mode = Literal["quoted", "generated"]


@dataclass(frozen=True, slots=True)
class Citation:
    """A place in the paper that a sentence of the answer rests on.

    `marker` is the number n of `[n]` in the answer's text. `quote == document.text[start:end]`
    to the letter. `page` counts from 1, None for a paper without pages. `section` is the heading
    path joined with " › ". `verified` says whether the sentence is supported by the quote: always
    True for a quoted answer, checked by code for a generated one. `highlights` are the spans,
    offsets like `start`, of the words in the quote that answer: the number, the date, the name.
    `boxes` are where the quote stands on the pages, empty where that is not known.
    `paper` is the name of the paper where several were asked.
    """

    marker: int
    chunk: Chunk
    quote: str
    start: int
    end: int
    page: int | None
    section: str
    verified: bool = True
    highlights: tuple[tuple[int, int], ...] = ()
    boxes: tuple[Box, ...] = ()
    paper: str = ""


@dataclass(frozen=True, slots=True)
class Answer:
    """An answer with its sources.

    `standalone_question` is how a follow-up was understood. `citations` are in the order of their
    markers; for a refusal they are the closest places. `retrieved` is what retrieval found, best
    first; the first few were read, and stand in the order that this gives; nothing where a
    courtesy was returned ("hi"), which counts as not answered. `confidence` is the
    calibrated probability (0 to 1) that the paper answers the question. `mode` is "quoted" without
    a language model and "generated" with one. `missing` names what the question asks for and the
    paper does not give, such as a year: the answer is partial. `notice` is one line for the
    reader, such as that the language model could not be reached. `unsupported` are the spans,
    offsets into `text`, of the sentences of a generated answer that what they cite does not
    support.
    """

    question: str
    standalone_question: str
    text: str
    citations: tuple[Citation, ...]
    retrieved: tuple[ScoredChunk, ...]
    answered: bool
    confidence: float
    mode: Mode = "quoted"
    missing: tuple[str, ...] = ()
    notice: str = ""
    unsupported: tuple[tuple[int, int], ...] = ()

    def to_dict(self) -> dict[str, Any]:
        """The answer as plain lists and dicts, ready for JSON."""
        return asdict(self)


@dataclass(frozen=True, slots=True)
class Turn:
    """One earlier exchange of the conversation."""

    question: str
    answer_text: str = ""
