"""How far a sentence answers a follow-up.

A question that was rewritten says more than the reader did, and what was typed says less. So both
are asked of every sentence, and the last two questions together; what was typed is compared with
it as a whole, and where the earlier answers stood counts, too. What each of these tells is fitted
by `python -m app.fit` to the follow-ups of gold questions.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

import numpy as np

from app.analysed import Sentence
from app.features import Evidence, gather
from index.encoder import Floats
from index.retrieval import ScoredChunk
from sources import Document

DISCOURSE_FEATURES = ("understood", "typed", "together", "alike", "near", "told_before")
FADING = 400.0  # characters from what was quoted last after which being near to it counts 1/e

Place = tuple[str, int, int]
"""The id of a paper, and where a quote begins and ends in it."""
Rank = Callable[[Evidence], Floats]
"""Scores of the sentences, shape [sentences]."""


@dataclass(frozen=True, slots=True)
class Talk:
    """A follow-up as it was `typed`, and `together` with the question before it; what the `last`
    answer quoted, and what those `before` did; whether it asks for `more` than that, or the same of
    `another` thing."""

    typed: str
    together: str
    last: tuple[Place, ...] = ()
    before: tuple[Place, ...] = ()
    more: bool = False
    another: bool = False

    def told(self, sentence: Sentence) -> bool:
        """Whether a sentence was quoted so far, in the last answer at least."""
        return _is_in(self.last, sentence) or (self.more and _is_in(self.before, sentence))


def quoted_at(quotes: Sequence[str], papers: Iterable[Document]) -> tuple[Place, ...]:
    """Where quotes stand in papers that have them."""
    return tuple(
        (paper.doc_id, at, at + len(quote))
        for paper in papers
        for quote in quotes
        if (at := paper.text.find(quote)) >= 0
    )


def discourse(
    talk: Talk,
    evidence: Evidence,
    found: Sequence[ScoredChunk],
    weigh: Callable[[str], Floats],
    rank: Rank,
) -> tuple[Floats, Evidence]:
    """Shape [sentences, DISCOURSE_FEATURES], and the evidence for what was typed.

    `evidence`, which has sentences, is of the question as it was understood, read in the chunks
    `found`. `weigh` tells how much each word of a question counts, and `rank` scores sentences.
    """
    typed, together = (gather(each, found, weigh(each)) for each in (talk.typed, talk.together))
    sentences = evidence.sentences
    columns = (
        *(_lead(rank(each), len(sentences)) for each in (evidence, typed, together)),
        typed.alike if typed.sentences else np.zeros(len(sentences)),
        [_nearness(talk.last, each) for each in sentences],
        [_is_in(talk.before, each) for each in sentences],
    )
    return np.asarray(np.vstack(columns).T, np.float32), typed


def _lead(scores: Floats, sentences: int) -> Floats:
    """The scores with 0 for the best; nothing tells sentences apart where no word is known."""
    return scores - scores.max() if len(scores) else np.zeros(sentences, np.float32)


def _is_in(places: Iterable[Place], sentence: Sentence) -> bool:
    return (sentence.chunk.doc_id, sentence.start, sentence.end) in places


def _nearness(places: Iterable[Place], sentence: Sentence) -> float:
    """From 1 beside one of the places down to 0 far from all."""
    away = [
        max(sentence.start - end, start - sentence.end, 0)
        for paper, start, end in places
        if paper == sentence.chunk.doc_id
    ]
    return float(np.exp(-min(away) / FADING)) if away else 0.0
