"""The small models of the quoted answer: what they compute, and what their file holds."""

from __future__ import annotations

import json
import math

import numpy as np
import pytest

from app.doubt import ANSWERED_FEATURES
from app.features import (
    CHANNELS,
    SENTENCE_FEATURES,
    WORD_FEATURES,
    Evidence,
    gather,
)
from app.ranker import WEIGHTS, Calibration, Ranker, models
from index import Chunk, Index
from index.retrieval import ScoredChunk, Searcher


def evidence(index: Index, question: str) -> Evidence:
    return gather(question, index.search(question, 3), index.weigh(question))


def test_without_hidden_units_the_bias_weighs_every_word_alike(index: Index) -> None:
    found = evidence(index, "2018年全球电子商务规模有多大？")
    outer = np.array([[1.0], *[[0.0]] * (len(CHANNELS) - 1)], np.float32)
    inner = np.zeros((0, len(WORD_FEATURES) + 1), np.float32)
    none = np.zeros(len(SENTENCE_FEATURES), np.float32)
    joint = np.zeros((1, len(SENTENCE_FEATURES) + len(CHANNELS) + 1), np.float32)
    joint[0, SENTENCE_FEATURES.index("first")] = 1.0
    alone = Ranker(inner, outer, none, joint, np.zeros(1, np.float32)).scores(found)
    assert alone == pytest.approx(found.met[:, :, 0].sum(axis=1), abs=1e-4)
    with_joint = Ranker(inner, outer, none, joint, np.ones(1, np.float32)).scores(found)
    first = found.traits[:, SENTENCE_FEATURES.index("first")]
    assert with_joint - alone == pytest.approx(np.tanh(first), abs=1e-4)


def test_features_are_about_0_to_1_in_both_languages(index: Index) -> None:
    for question in ("美国为什么用数字贸易取代电子商务？", "Which countries require localization?"):
        found = evidence(index, question)
        for features in (found.words, found.met, found.traits):
            assert np.isfinite(features).all()
            assert features.min() >= -1.0 and features.max() <= 5.01
        assert found.met.shape == (len(found.sentences), len(found.weights), len(CHANNELS))
        assert found.words.shape == (len(found.weights), len(WORD_FEATURES))


def test_the_sentence_with_the_answer_ranks_first(index: Index) -> None:
    found = evidence(index, "2018年全球电子商务规模达到多少？")
    best = int(np.argmax(models().ranker.scores(found)))
    assert "25.6" in found.sentences[best].text


def test_the_probability_is_a_logistic_function() -> None:
    calibration = Calibration(np.array([2.0, -1.0], np.float32), 0.5)
    assert calibration.probability(np.array([1.0, 2.5], np.float32)) == pytest.approx(0.5)


def test_a_ratio_is_beside_features_that_are_nothing() -> None:
    calibration = Calibration(np.array([-2.0, -1.0], np.float32), 0.5)
    assert calibration.ratio(np.zeros(2, np.float32)) == 1.0
    objected = np.array([1.0, 0.0], np.float32)
    assert calibration.ratio(objected) == pytest.approx(
        calibration.probability(objected) * (1 + math.exp(-0.5))
    )


def test_the_file_of_weights_names_features_that_there_are() -> None:
    fitted = json.loads(WEIGHTS.read_text("utf-8"))
    assert set(fitted["ranker"]["traits"]) <= set(SENTENCE_FEATURES)
    assert set(fitted["answered"]) <= {*ANSWERED_FEATURES, "bias"}
    assert np.shape(fitted["ranker"]["outer"])[0] == len(CHANNELS)
    assert np.shape(fitted["ranker"]["inner"])[1] == len(WORD_FEATURES) + 1
    assert np.shape(fitted["ranker"]["joint"]) == (
        len(fitted["ranker"]["out"]),
        len(SENTENCE_FEATURES) + len(CHANNELS) + 1,
    )


def test_a_country_that_is_asked_about_is_told_from_others() -> None:
    text = "The EU does not support it. The United States opposes it. So it failed."
    chunk = Chunk("id", "paper", text, 0, len(text), (), ())
    question = "美国为什么反对？"
    weights = Searcher.from_texts([text]).weigh(question)
    traits = gather(question, [ScoredChunk(chunk, 1.0, 1)], weights).traits
    columns = [SENTENCE_FEATURES.index(n) for n in ("named", "named_before", "named_others")]
    assert traits[:, columns].tolist() == [[0, 0, 1], [1, 0, 0], [0, 1, 0]]
