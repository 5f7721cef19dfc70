"""What speaks for and against an answer: a number that is not there, a likeness."""

from __future__ import annotations

import numpy as np

from app.doubt import ANSWERED_FEATURES, answered_features
from app.features import gather
from index import Chunk
from index.retrieval import ScoredChunk, Searcher


def told(question: str, text: str) -> dict[str, float]:
    chunk = Chunk("id", "paper", text, 0, len(text), (), ())
    weights = Searcher.from_texts([text]).weigh(question)
    evidence = gather(question, [ScoredChunk(chunk, 1.0, 1)], weights)
    scores = np.arange(len(evidence.sentences), 0, -1, dtype=np.float32)
    features = answered_features(question, evidence, scores)
    return dict(zip(ANSWERED_FEATURES, features.tolist(), strict=True))


def test_a_date_is_not_how_many() -> None:
    asked = "How many members signed the statement?"
    assert told(asked, "Members signed the statement in January 2019.")["no_number"] == 1.0
    assert told(asked, "In January 2019, 76 members signed the statement.")["no_number"] == 0.0


def test_a_denial_that_no_sentence_makes() -> None:
    asked = "Why did China refuse to sign the statement?"
    signed = told(asked, "China signed the statement.")
    assert (signed["negation_unmet"], signed["turned"]) == (1.0, 1.0)
    refused = told(asked, "China did not sign the statement.")
    assert (refused["negation_unmet"], refused["turned"]) == (0.0, 0.0)
    assert told("Did China refuse to sign it?", "China signed it.")["turned"] == 0.0


def test_the_sentence_most_like_the_whole_question_counts() -> None:
    text = "Bread is baked from flour. China signed the statement."
    assert told("China signed the statement.", text)["alike"] > 0.99
    assert told("Who bakes bread?", text)["alike"] > told("Who plays chess?", text)["alike"]
