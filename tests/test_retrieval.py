from __future__ import annotations

import numpy as np
import pytest
from llama_index.core.schema import NodeWithScore

from index import Index, ScoredChunk, build_index
from index.encoder import bundled_encoder
from index.late import LateInteraction, TextWords
from index.llamaindex import PaperRetriever
from index.retrieval import MATCH_STRENGTH, Searcher, word_matches
from sources import StoreError

PAPER = "wto-ecommerce-negotiations"
TEXTS = [
    "美国主张跨境数据自由流动。",
    "天气很好，去公园散步。",
    "",
    "The members signed a statement.",
]


def section(found: ScoredChunk) -> str:
    return found.chunk.section[-1].split()[0]


@pytest.mark.parametrize(
    ("question", "expected"),
    [
        ("欧盟如何保护个人信息？", "3.2."),
        ("歐盟在隱私保護上的立場", "3.2."),
        ("personal information protection law", "3.2."),
        ("US trade barriers digital", "4.3."),
        ("electronic signatures", "5.1."),
    ],
)
def test_a_question_finds_its_section(index: Index, question: str, expected: str) -> None:
    assert expected in [section(each) for each in index.search(question, 3)]


def test_what_is_found_is_ranked(index: Index) -> None:
    found = index.search("数字贸易", 5)
    assert [each.rank for each in found] == [1, 2, 3, 4, 5]
    scores = [each.score for each in found]
    assert scores == sorted(scores, reverse=True)
    assert all("数字贸易" in each.chunk.text for each in found[:2])
    assert index.search("数字贸易", 5) == found


def test_more_than_there_are(index: Index) -> None:
    found = index.search("数字贸易", 10_000)
    assert {each.chunk for each in found} == set(index.chunks)
    assert len(found) == len(index.chunks)
    assert index.search("数字贸易", 0) == []


@pytest.mark.parametrize("question", ["", " ", "😀", "Цифровая торговля", "贸" * 5_000])
def test_odd_questions_find_something_or_nothing(index: Index, question: str) -> None:
    found = index.search(question, 3)
    assert len(found) == 3
    assert all(np.isfinite(each.score) for each in found)


@pytest.mark.parametrize("question", ["美国的数字贸易政策", "US policy on digital trade"])
def test_matches_point_into_the_document(index: Index, question: str) -> None:
    text = index.documents[PAPER].text
    found = index.search(question, 3)
    assert found[0].matches
    for each in found:
        for match in each.matches:
            assert each.chunk.start <= match.start < match.end <= each.chunk.end
            assert text[match.start : match.end] == match.chunk_word
            assert match.question_word in question
            assert MATCH_STRENGTH <= match.strength <= 1


def test_words_meet_across_languages_and_offsets() -> None:
    assert [m.start for m in word_matches("trade", "贸易，又是贸易", 0)] == [0, 5]
    (match,) = word_matches("trade", "今天的贸易", 100)
    assert (match.chunk_word, match.start, match.end) == ("贸易", 103, 105)
    (same,) = word_matches("贸易", "今天的贸易", 0)
    assert same.strength == 1
    met = word_matches("What dataset was used?", "Before that, which dataset was it?", 0)
    assert [match.question_word for match in met] == ["dataset"]
    assert word_matches("", "贸易", 0) == () == word_matches("贸易", "", 0)


def test_late_interaction_takes_the_best_word_of_each_text() -> None:
    encoder = bundled_encoder()
    rows = encoder.rows(TEXTS)
    question = encoder.rows(["跨境 data statement"])[0]
    asked, _ = encoder.units(question)
    late = LateInteraction(TextWords.of_texts(TEXTS))
    every = late.met(question)
    for each, best in zip(rows, every, strict=True):
        expected = (encoder.units(each)[0] @ asked.T).max(axis=0) if len(each) else 0
        np.testing.assert_allclose(best, expected, atol=1e-5)
    some = np.array([3, 1])
    np.testing.assert_allclose(late.met(question, some), every[some], atol=1e-6)
    assert late.met(encoder.rows([""])[0], some).shape == (2, 0)


def test_words_that_every_text_holds_tell_little() -> None:
    searcher = Searcher.from_texts(["数据流动", "数据安全", "数据保护", "数据关税"])
    weights = searcher.weigh("数据关税")
    common, telling = weights
    assert common < telling
    assert weights.sum() == pytest.approx(1)


@pytest.mark.parametrize("leg", ["bm25", "dense", "late", "fused"])
def test_every_leg_finds_a_chinese_text(leg: str) -> None:
    assert Searcher.from_texts(TEXTS).search_ids("跨境数据流动", 2, leg)[0] == 0


def test_of_the_same_words_those_side_by_side_are_found_first() -> None:
    apart = "A moratorium on travel, a house of stamps, some duty and the oldest customs."
    together = "The oldest house of stamps, some travel and a moratorium on a customs duty."
    found = Searcher.from_texts([apart, together]).search("a moratorium on customs duty", 2)
    assert [position for position, _ in found] == [1, 0]


def test_many_texts_are_narrowed_down_first() -> None:
    texts = [f"第{at}天的天气很好。" for at in range(400)] + TEXTS
    searcher = Searcher.from_texts(texts)
    assert searcher.search("members signed a statement", 1)[0][0] == 403
    assert searcher.search("跨境数据", 1)[0][0] == 400


@pytest.mark.parametrize("texts", [[], ["", ""]])
def test_nothing_to_search(texts: list[str]) -> None:
    assert [score for _, score in Searcher.from_texts(texts).search("数据", 5)] == [0] * len(texts)


def test_chroma_gives_the_scores_of_an_exact_search(index: Index) -> None:
    exact = Searcher.from_texts(["\n".join([*c.section, c.text]) for c in index.chunks])
    for question in ("数字贸易", "electronic signatures"):
        found = index.search(question, 5)
        expected = exact.search(question, 5)
        assert [each.chunk for each in found] == [index.chunks[at] for at, _ in expected]
        scores = [score for _, score in expected]
        np.testing.assert_allclose([each.score for each in found], scores, atol=1e-4)


@pytest.fixture(scope="module")
def two(tmp_path_factory: pytest.TempPathFactory) -> Index:
    """The bundled paper and another one."""
    folder = tmp_path_factory.mktemp("two")
    other = folder / "other.txt"
    other.write_text("数字贸易是今天的话题。\n\n天气很好。\n", "utf-8")
    return build_index([other], folder / "index")


def test_one_paper_of_two(two: Index) -> None:
    assert next(iter(two.documents)) == PAPER
    (other,) = set(two.documents) - {PAPER}
    everywhere = two.search("数字贸易", 100)
    assert {each.chunk.doc_id for each in everywhere} == {PAPER, other}
    for paper in (PAPER, other):
        found = two.search("数字贸易", 100, paper)
        assert {each.chunk for each in found} == {c for c in two.chunks if c.doc_id == paper}
    with pytest.raises(StoreError, match=f"'none'.*{PAPER}"):
        two.search("数字贸易", 1, "none")


def test_a_llama_index_retriever(two: Index) -> None:
    nodes: list[NodeWithScore] = PaperRetriever(two, 2, PAPER).retrieve("electronic signatures")
    found = two.search("electronic signatures", 2, PAPER)
    assert [node.text for node in nodes] == [each.chunk.text for each in found]
    assert [node.score for node in nodes] == [each.score for each in found]
    place = nodes[0].metadata
    assert two.documents[PAPER].text[place["start"] : place["end"]] == nodes[0].text
    assert place["doc_id"] == PAPER


def test_what_is_near_is_likelier() -> None:
    searcher = Searcher.from_texts(TEXTS)
    alone = searcher.scores("公园")
    found = searcher.search("公园", 4, near=np.array([9, 0, 0, 0], np.float32))
    assert found[0] == (0, pytest.approx(alone[0] + 9))
    assert found[1] == (1, pytest.approx(alone[1]))


def test_nearness_halves_with_each_chunk(index: Index) -> None:
    near = index.nearness(3)
    assert near[[3, 2, 4, 1, 5]].tolist() == [1, 0.5, 0.5, 0.25, 0.25]
