"""Both legs fused, then rescored by late interaction."""

from __future__ import annotations

from dataclasses import dataclass

from index.chunking import Chunk


@dataclass(frozen=True, slots=True)
class Match:
    """A word of the question and the word of the chunk that met it.

    `start` and `end` are offsets of the chunk's word into the document's text; `strength` is the
    cosine of the two words' vectors, 1.0 for the same word.
    """

    question_word: str
    chunk_word: str
    start: int
    end: int
    strength: float


@dataclass(frozen=True, slots=True)
class ScoredChunk:
    """A chunk that was found: `rank` counts from 1, a higher `score` is better."""

    chunk: Chunk
    score: float
    rank: int
    matches: tuple[Match, ...] = ()
