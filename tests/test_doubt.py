"""What speaks against an answer: a number that is not there, a denial of what was asked."""

from __future__ import annotations

import numpy as np
import pytest

from app.doubt import ANSWERED_FEATURES, answered_features, turned
from app.features import gather
from index import Chunk
from index.retrieval import ScoredChunk, Searcher


@pytest.mark.parametrize(
    ("question", "sentence", "expected"),
    [
        ("欧盟为何支持数据本地化？", "欧盟不支持数据本地化。", True),
        ("欧盟为何不支持数据本地化？", "欧盟不支持数据本地化。", False),
        ("欧盟为何支持数据本地化？", "欧盟支持数据本地化。", False),
        ("Why did the council approve the plan?", "The council did not approve the plan.", True),
        ("Why did the council approve the plan?", "It was raining.", False),
        ("", "It was raining.", False),
    ],
)
def test_one_denies_what_the_other_says(question: str, sentence: str, expected: bool) -> None:
    assert turned(question, sentence) is expected


def told(question: str, text: str) -> dict[str, float]:
    chunk = Chunk("id", "paper", text, 0, len(text), (), ())
    weighed = Searcher.from_texts([text]).weigh(question)
    evidence = gather(question, [ScoredChunk(chunk, 1.0, 1)], weighed)
    scores = np.arange(len(evidence.sentences), 0, -1, dtype=np.float32)
    features = answered_features(question, evidence, scores)
    return dict(zip(ANSWERED_FEATURES, features.tolist(), strict=True))


def test_a_date_is_not_how_many() -> None:
    asked = "How many members signed the statement?"
    assert told(asked, "Members signed the statement in January 2019.")["no_number"] == 1.0
    assert told(asked, "In January 2019, 76 members signed the statement.")["no_number"] == 0.0


def test_a_denial_that_no_sentence_makes() -> None:
    asked = "Why did China refuse to sign the statement?"
    assert told(asked, "China signed the statement.")["negation_unmet"] == 1.0
    assert told(asked, "China did not sign the statement.")["negation_unmet"] == 0.0
