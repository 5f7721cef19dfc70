"""What speaks for and against an answer: a number that is not there, a likeness."""

from __future__ import annotations

import numpy as np
import pytest

from app.doubt import ACROSS_FEATURES, ANSWERED_FEATURES, across_features, answered_features
from app.extract import is_across, probability
from app.features import Evidence, gather
from app.fit_across import WRONGLY_REFUSED, fit, main
from app.ranker import Calibration
from index import Chunk
from index.encoder import Floats
from index.retrieval import ScoredChunk, Searcher


def read(question: str, text: str) -> tuple[Evidence, Floats]:
    chunk = Chunk("id", "paper", text, 0, len(text), (), ())
    weights = Searcher.from_texts([text]).weigh(question)
    evidence = gather(question, [ScoredChunk(chunk, 1.0, 1)], weights)
    return evidence, np.arange(len(evidence.sentences), 0, -1, dtype=np.float32)


def told(question: str, text: str) -> dict[str, float]:
    features = answered_features(question, *read(question, text))
    return dict(zip(ANSWERED_FEATURES, features.tolist(), strict=True))


def told_across(question: str, text: str) -> dict[str, float]:
    features = across_features(question, *read(question, text))
    return dict(zip(ACROSS_FEATURES, features.tolist(), strict=True))


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


def test_across_languages_words_without_a_like_and_the_theme_count() -> None:
    text = "中国签署了关于贸易谈判的声明。"
    close, far = "Who signed the statement on trade talks?", "Who won the football match?"
    assert told_across(close, text)["word_met"] > told_across(far, text)["word_met"]
    assert told_across(close, text)["theme"] > told_across(far, text)["theme"]
    assert told_across(close, text)["unheard"] < told_across(far, text)["unheard"]
    assert told_across(close, text)["unmet"] == told(close, text)["unmet"]


def test_across_languages_a_question_of_another_text_is_less_likely_answered() -> None:
    text = "中国签署了关于贸易谈判的声明。"
    close, far = "Who signed the statement on trade talks?", "Who won the football match?"
    assert is_across(close, *read(close, text))
    assert not is_across("谁签署了声明？", *read("谁签署了声明？", text))
    assert probability(close, *read(close, text)) > probability(far, *read(far, text))


def test_what_is_fitted_refuses_as_few_as_it_should() -> None:
    rng = np.random.default_rng(0)
    answered = rng.normal(1.0, 1.0, (500, len(ACROSS_FEATURES))).astype(np.float32)
    strange = rng.normal(0.0, 1.0, (300, len(ACROSS_FEATURES))).astype(np.float32)
    fitted = fit(answered, strange, threshold=0.6)
    weights = np.array([fitted[name] for name in ACROSS_FEATURES], np.float32)
    model = Calibration(weights, fitted["bias"])
    refused, told = (
        np.mean([model.probability(each) < 0.6 for each in rows]) for rows in (answered, strange)
    )
    assert abs(refused - WRONGLY_REFUSED) < 0.005
    assert told > 0.9


@pytest.mark.parametrize("given", [[], ["--collect", "rows"], ["--rows", "rows"]])
def test_what_cannot_be_fitted_is_said_in_a_line(
    capsys: pytest.CaptureFixture[str], given: list[str]
) -> None:
    with pytest.raises(SystemExit):
        main(given)
    assert "name a FILE" in capsys.readouterr().err.splitlines()[-1]
