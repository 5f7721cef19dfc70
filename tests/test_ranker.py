"""The small models of the quoted answer: what they compute, and what their file holds."""

from __future__ import annotations

import json

import numpy as np
import pytest

from app.features import (
    ANSWERED_FEATURES,
    CHANNELS,
    SENTENCE_FEATURES,
    WORD_FEATURES,
    Evidence,
    gather,
)
from app.ranker import WEIGHTS, Calibration, Ranker, models
from index import Index


def evidence(index: Index, question: str) -> Evidence:
    return gather(question, index.search(question, 3), index.weigh(question))


def test_without_hidden_units_the_bias_weighs_every_word_alike(index: Index) -> None:
    found = evidence(index, "2018年全球电子商务规模有多大？")
    outer = np.array([[1.0], *[[0.0]] * (len(CHANNELS) - 1)], np.float32)
    inner = np.zeros((0, len(WORD_FEATURES) + 1), np.float32)
    ranker = Ranker(inner, outer, np.zeros(len(SENTENCE_FEATURES), np.float32))
    assert ranker.scores(found) == pytest.approx(found.met[:, :, 0].sum(axis=1), abs=1e-4)


def test_features_are_about_0_to_1_in_both_languages(index: Index) -> None:
    for question in ("美国为什么用数字贸易取代电子商务？", "Which countries require localization?"):
        found = evidence(index, question)
        for features in (found.words, found.met, found.traits):
            assert np.isfinite(features).all()
            assert features.min() >= -0.01 and features.max() <= 5.01
        assert found.met.shape == (len(found.sentences), len(found.weights), len(CHANNELS))
        assert found.words.shape == (len(found.weights), len(WORD_FEATURES))


def test_the_sentence_with_the_answer_ranks_first(index: Index) -> None:
    found = evidence(index, "2018年全球电子商务规模达到多少？")
    best = int(np.argmax(models().ranker.scores(found)))
    assert "25.6" in found.sentences[best].text


def test_the_probability_is_a_logistic_function() -> None:
    calibration = Calibration(np.array([2.0, -1.0], np.float32), 0.5)
    assert calibration.probability(np.array([1.0, 2.5], np.float32)) == pytest.approx(0.5)


def test_the_file_of_weights_names_features_that_there_are() -> None:
    fitted = json.loads(WEIGHTS.read_text("utf-8"))
    assert set(fitted["ranker"]["traits"]) <= set(SENTENCE_FEATURES)
    assert set(fitted["answered"]) <= {*ANSWERED_FEATURES, "bias"}
    assert np.shape(fitted["ranker"]["outer"])[0] == len(CHANNELS)
    assert np.shape(fitted["ranker"]["inner"])[1] == len(WORD_FEATURES) + 1
