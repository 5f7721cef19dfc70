from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from index.lexical import LexicalIndex, Postings, normalise, terms

CORPUS = [
    "世界贸易组织的电子商务谈判始于1998年。",
    "美国主张跨境数据自由流动。",
    "Seventy-six members signed the joint statement on e-commerce in 2019.",
    "今天天气很好，我们去公园散步。",
    "",
]


@pytest.fixture(scope="module")
def index() -> LexicalIndex:
    return LexicalIndex.build(CORPUS)


def best(index: LexicalIndex, question: str) -> int:
    scores = index.scores(question)
    assert scores.max() > 0
    return int(scores.argmax())


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("世界貿易組織的電子商務談判", "世界贸易组织的电子商务谈判"),
        ("ＷＴＯ，１９９８", "wto,1998"),
        ("E-Commerce Rules", "e-commerce rule"),
        ("policies and parties", "policy and party"),
        ("ﬁnance", "finance"),
    ],
)
def test_the_same_terms(one: str, other: str) -> None:
    assert terms(one) == terms(other) != []


@pytest.mark.parametrize("word", ["class", "status", "analysis", "gas"])
def test_a_word_that_only_looks_like_a_plural(word: str) -> None:
    assert terms(word) == [word]


def test_words_and_bigrams_of_a_chinese_run() -> None:
    found = terms("电子商务谈判")
    assert {"电子", "商务", "电子商务", "谈判", "子商", "务谈"} <= set(found)
    assert found.count("谈判") == 1


def test_a_single_character_is_a_term() -> None:
    assert terms("税") == ["税"]


def test_a_mixed_run_is_split_where_the_script_changes() -> None:
    found = terms("WTO电子商务2019年76个成员，占3.5%或1,200")
    assert {"wto", "电子商务", "2019", "76", "3.5", "1,200"} <= set(found)


@pytest.mark.parametrize("text", ["", " \n", "，。！？", "😀🎉", "__"])
def test_no_terms(text: str) -> None:
    assert terms(text) == []


def test_a_third_language_has_words() -> None:
    assert terms("Торговля и услуги") == ["торговля", "и", "услуги"]


@given(st.text())
def test_normalising_twice_changes_nothing_for_the_terms(text: str) -> None:
    assert terms(normalise(text)) == terms(text)


@pytest.mark.parametrize(
    ("question", "position"),
    [
        ("电子商务谈判是哪一年开始的？", 0),
        ("跨境數據流動", 1),
        ("Which statements did the member sign?", 2),
        ("１９９８", 0),
        ("公园", 3),
    ],
)
def test_the_text_that_answers_scores_highest(
    index: LexicalIndex, question: str, position: int
) -> None:
    assert best(index, question) == position


@settings(max_examples=50)
@given(st.text() | st.sampled_from(CORPUS).map(lambda text: text * 3))
def test_scores_are_between_0_and_1(index: LexicalIndex, question: str) -> None:
    scores = index.scores(question)
    assert scores.shape == (len(CORPUS),)
    assert scores.min() >= 0
    assert scores.max() <= 1


def test_what_no_text_holds_lowers_the_score(index: LexicalIndex) -> None:
    alone, beside = index.scores("谈判")[0], index.scores("谈判 zebra quagga")[0]
    assert alone > beside > 0
    assert not index.scores("zebra").any()
    assert not index.scores("").any()


def test_a_rare_term_tells_more(index: LexicalIndex) -> None:
    once = LexicalIndex.build(["谈判 甲", "谈判 乙", "丙"])
    scores = once.scores("谈判 甲 zebra")
    assert scores[0] > 2 * scores[1] > scores[2] == 0


def test_a_saved_index_is_the_same_and_memory_mapped(index: LexicalIndex, tmp_path: Path) -> None:
    Postings.build(CORPUS).save(tmp_path / "lexical")
    postings = Postings.load(tmp_path / "lexical")
    assert isinstance(postings.texts.base, np.memmap)
    opened = LexicalIndex([postings])
    for question in (*CORPUS, "zebra", "数据"):
        np.testing.assert_array_equal(opened.scores(question), index.scores(question))


@pytest.mark.parametrize("corpus", [[], ["", "，"]])
def test_a_corpus_without_a_term(corpus: list[str], tmp_path: Path) -> None:
    Postings.build(corpus).save(tmp_path / "lexical")
    opened = LexicalIndex([Postings.load(tmp_path / "lexical")])
    assert opened.scores("谈判").tolist() == [0] * len(corpus)


@given(st.lists(st.sampled_from(CORPUS), max_size=6), st.data())
def test_texts_that_came_and_went_score_as_if_they_had_never_been(
    texts: list[str], data: st.DataObject
) -> None:
    alive = np.array([data.draw(st.booleans()) for _ in texts], np.bool_)
    cut = data.draw(st.integers(0, len(texts)))
    parts = [Postings.build(texts[:cut]), Postings.build(texts[cut:])]
    grown = LexicalIndex(parts, alive)
    fresh = LexicalIndex.build([text for text, lives in zip(texts, alive, strict=True) if lives])
    runs = [(part, at, at + 1) for part in parts for at in range(len(part.lengths))]
    runs = [run for run, lives in zip(runs, alive, strict=True) if lives]
    merged = LexicalIndex([Postings.merge(runs)] if runs else [])
    for question in ("电子商务谈判 1998", "members sign in 2019"):
        scores = grown.scores(question)
        assert not scores[~alive].any()
        np.testing.assert_allclose(scores[alive], fresh.scores(question), rtol=1e-5)
        np.testing.assert_array_equal(merged.scores(question), fresh.scores(question))
