"""Sentences are chosen and quoted, whatever the fitted weights say."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from app import Assistant, Turn
from app.analysed import Sentence
from app.extract import CLOSEST, MAX_SENTENCES, Extract, quote_place
from app.ranker import Models, models
from app.wording import compose, lead_in
from index import Chunk, Index, build_index

LIST_ZH = "2018年美国的数字贸易障碍来自哪些国家？"
Fix = Callable[..., None]


@pytest.fixture
def fixed(monkeypatch: pytest.MonkeyPatch) -> Fix:
    """Sets fields of the models, such as the threshold."""

    def fix(**fields: float) -> None:
        changed: Models = replace(models(), **fields)  # type: ignore[arg-type]
        monkeypatch.setattr("app.extract.models", lambda: changed)

    return fix


def sentences(*texts: str) -> tuple[Sentence, ...]:
    whole = "\n".join(texts)
    chunk = Chunk("id", "paper", whole, 0, len(whole), (), ())
    starts = [whole.index(text) for text in texts]
    return tuple(
        Sentence(chunk, text, start, start + len(text))
        for text, start in zip(texts, starts, strict=True)
    )


def test_quotes_are_verbatim_and_in_the_papers_order(index: Index, fixed: Fix) -> None:
    fixed(threshold=0.0, near=1e9)
    assistant = Assistant(index)
    answer = assistant.ask(LIST_ZH)
    assert answer.answered
    assert len(answer.citations) == MAX_SENTENCES
    starts = [each.start for each in answer.citations]
    assert starts == sorted(set(starts))
    for each in answer.citations:
        assert each.quote == assistant.document.text[each.start : each.end]
        assert each.chunk in [hit.chunk for hit in answer.retrieved]


def test_a_question_for_one_thing_gets_fewer_sentences(index: Index, fixed: Fix) -> None:
    fixed(threshold=0.0, near=1e9)
    answer = Assistant(index).ask("2018年全球电子商务规模达到多少？")
    assert len(answer.citations) == MAX_SENTENCES - 1


def test_only_sentences_near_the_best_are_quoted_beside_it(index: Index, fixed: Fix) -> None:
    fixed(threshold=0.0, near=0.0)
    assert len(Assistant(index).ask(LIST_ZH).citations) == 1


def test_below_the_threshold_the_closest_places_are_named(index: Index, fixed: Fix) -> None:
    fixed(threshold=1.1)
    assistant = Assistant(index)
    answer = assistant.ask(LIST_ZH)
    assert not answer.answered
    assert 0.0 <= answer.confidence <= 1.0
    places = [each.chunk.chunk_id for each in answer.citations]
    assert len(places) == len(set(places)) == CLOSEST
    assert all(c.quote == assistant.document.text[c.start : c.end] for c in answer.citations)


@pytest.mark.parametrize(
    ("question", "told"), [(LIST_ZH, "这篇论文似乎没有回答"), ("Why?", "The paper does not seem")]
)
def test_nothing_found_is_a_refusal_without_places(index: Index, question: str, told: str) -> None:
    nothing = Assistant(index).ask(question, top_k=0)
    assert (nothing.answered, nothing.confidence, nothing.citations) == (False, 0.0, ())
    assert nothing.text.startswith(told)
    assert "\n" not in nothing.text


CITING = """# Tides and ports

## 1 Tides
The sea rises twice a day in every port of the coast, and the pilots wait for it.

## References
[1] A. Moon. What stands in the way of tide tables. Journal of Harbours, 1999.
"""


@pytest.mark.parametrize(
    ("question", "cited"),
    [
        ("What stands in the way of tide tables?", False),
        ("Which references are on tide tables?", True),
    ],
)
def test_a_reference_is_quoted_only_where_one_is_asked_for(
    tmp_path: Path, question: str, cited: bool
) -> None:
    (tmp_path / "tides.md").write_text(CITING, "utf-8")
    both = build_index([tmp_path / "tides.md"], tmp_path / "index")
    assistant = Assistant(both, [each for each in both.documents if each.startswith("tides")])
    quoted = " ".join(each.quote for each in assistant.ask(question).citations)
    assert quoted
    assert ("Moon" in quoted or "tide tables" in quoted) == cited


def test_a_question_whose_words_are_unknown_is_refused(index: Index) -> None:
    assert not Assistant(index).ask("ⲁⲃⲅ").answered


def test_the_answer_grows_by_one_quote_at_a_time() -> None:
    quotes = sentences("数字贸易很重要。", "It grew [2].")
    assert [*compose("贸易怎么样？", Extract(quotes, 0.9, True))] == [
        "“数字贸易很重要。”[1]",
        "“数字贸易很重要。”[1]\n“It grew [2].” [2]",
    ]


@pytest.mark.parametrize(
    ("question", "quote", "answered", "words"),
    [
        ("贸易？", "数字贸易。", True, ""),
        ("Trade?", "It grew.", True, ""),
        ("Trade?", "数字贸易。", True, "The paper says, in Chinese:"),
        ("贸易？", "It grew.", True, "论文的英文原文写道："),
        ("贸易？", "It grew.", False, "这篇论文似乎没有回答这个问题。最接近的地方："),
        (
            "Trade?",
            "数字贸易。",
            False,
            "The paper does not seem to answer this. The closest places in it:",
        ),
    ],
)
def test_our_own_words_are_in_the_questions_language(
    question: str, quote: str, answered: bool, words: str
) -> None:
    assert lead_in(question, Extract(sentences(quote), 0.5, answered)) == words


def test_a_named_place_is_quoted_with_certainty(index: Index) -> None:
    document = next(iter(index.documents.values()))
    chosen = quote_place("第2节讲了什么？", document, index.chunks, index.weigh)
    assert chosen is not None
    assert (chosen.answered, chosen.confidence) == (True, 1.0)
    assert [document.text[s.start : s.end] for s in chosen.sentences] == [
        s.text for s in chosen.sentences
    ]
    assert all(s.chunk.start <= s.start and s.end <= s.chunk.end for s in chosen.sentences)


def test_a_question_for_more_than_a_place_is_not_quoted_from_its_start(index: Index) -> None:
    document = next(iter(index.documents.values()))
    assert quote_place("第2节里有多少个成员？", document, index.chunks, index.weigh) is None
    assert quote_place("有多少个成员？", document, index.chunks, index.weigh) is None


@pytest.mark.parametrize(
    ("question", "missing", "told"),
    [
        ("2022年全球电子商务规模有多大？", ("2022",), "论文没有提到2022年。最接近的地方："),
        ("How large was e-commerce in 1999 and 2022?", ("1999", "2022"), "mention 1999 or 2022. "),
    ],
)
def test_a_year_that_the_paper_does_not_mention_is_refused_and_named(
    index: Index, question: str, missing: tuple[str, ...], told: str
) -> None:
    answer = Assistant(index).ask(question)
    assert (answer.answered, answer.missing) == (False, missing)
    assert told in answer.text


def test_of_two_years_the_one_that_is_there_is_answered(index: Index, fixed: Fix) -> None:
    fixed(threshold=0.0)
    answer = Assistant(index).ask("2018年和2022年全球电子商务规模分别是多少？")
    assert (answer.answered, answer.missing) == (True, ("2022",))
    assert answer.text.startswith("论文没有提到2022年。论文中有的内容：")
    assert "25.6" in answer.text


@pytest.mark.parametrize("question", ["How many members take part now?", "现在有多少成员参加谈判"])
def test_of_what_was_counted_more_than_once_the_latest_is_told(index: Index, question: str) -> None:
    answer = Assistant(index).ask(question)
    assert [each.quote for each in answer.citations if "86" in each.quote]
    assert len(answer.citations) == 1


@pytest.mark.parametrize(
    ("question", "lacks", "told"),
    [
        ("泰国签署达沃斯的联合声明了吗？", "here", "关于泰国，论文没有这样说。最接近的地方："),
        ("How many people work for the DTWG?", "number", "gives no number for this. The closest"),
        ("为什么86个成员只占世界贸易的40%？", "otherwise", "论文没有这样说。论文中有的内容："),
        ("RCEP没给电商单独写一章，这是谁的意思？", "otherwise", "论文没有这样说。论文中有的内容："),
        ("谈判文本有多少页？", "number", "论文没有给出这个数字。最接近的地方："),
        ("By when do members want to conclude the talks?", "date", "gives no date for this."),
        ("俄罗斯在谈判里主张什么？", "here", "关于俄罗斯，论文没有这样说。最接近的地方："),
        ("USMCA的数字贸易章节一共多少条？", "number", "论文没有给出这个数字。最接近的"),
        ("中国的四项数字贸易障碍具体是哪四项？", "items", "论文没有逐一列出。最接近的地方："),
        ("哪个国家最先提出“自下而上”的谈判方法？", "country", "论文没有说是哪国。最接近的地方："),
        ("韩国对数据本地化有什么要求？", "here", "关于韩国，论文没有这样说。最接近的地方："),
        ("第十二届部长级会议上谈了电商的什么？", "", "论文没有提到第十二届。最接近的地方："),
        ("数字竞争力在国力里占多大比例？", "share", "论文没有给出这个比例。最接近的地方："),
        (
            "Which minister signed the CLOUD Act?",
            "person",
            "does not name this person. The closest",
        ),
        ("《美日数字贸易协定》是在哪个城市达成的？", "place", "论文没有说是哪里。最接近的地方："),
        ("尼日利亚有几项数字贸易障碍？", "here", "关于尼日利亚，论文没有这样说。最接近"),
        ("试点要花多少钱？", "sum", "论文没有给出这个金额。最接近的地方："),
        (
            "Why did the members abandon the talks?",
            "otherwise",
            "does not say so. The paper says, in",
        ),
        ("白名单机制是哪一年设立的？", "date", "论文没有给出这个时间。最接近的地方："),
        ("中国为什么反对成立平行机构来谈电商？", "otherwise", "论文没有这样说。论文中有的内容："),
        (
            "截至2019年底有多少成员参加谈判？",
            "here",
            "关于2019年底，论文没有这样说。最接近的地方：",
        ),
        ("How many barriers did the US see in Vietnam?", "here", "does not say this of Vietnam."),
        ("Is Japan ahead of China in digital strength?", "here", "does not say this of"),
        ("京东在亚太的排名里排第几？", "", "论文没有提到京东。最接近的地方："),
        ("Why did 76 members sign the statement of July 2018?", "otherwise", "does not say so."),
        ("为什么数字竞争力是中国领先美国？", "otherwise", "论文没有这样说。论文中有的内容："),
    ],
)
def test_what_the_quotes_lack_is_named(
    index: Index, fixed: Fix, question: str, lacks: str, told: str
) -> None:
    fixed(threshold=0.0)
    answer = Assistant(index).ask(question)
    assert not answer.answered
    assert told in answer.text, lacks


def test_what_the_paper_says_instead_is_quoted(index: Index) -> None:
    answer = Assistant(index).ask("中国为何不支持货物跨境流动便利化？")
    assert "中国支持电子商务谈判中货物跨境流动便利化" in answer.citations[0].quote
    answer = Assistant(index).ask("Why is China ahead of the US in digital competitiveness?")
    assert "美国仍独占鳌头" in answer.citations[0].quote


def test_a_follow_up_in_familiar_words_is_answered_a_little_less_surely(
    index: Index, fixed: Fix
) -> None:
    question, far = "谈判的内容是什么？", "红烧肉怎么做？"
    history = [Turn("美国的立场是什么？")]
    sure = Assistant(index).ask(question, history).confidence
    fixed(threshold=sure / 0.9)
    assert Assistant(index).ask(question, history).answered
    unsure = Assistant(index).ask(far, history).confidence
    fixed(threshold=unsure / 0.9)
    assert not Assistant(index).ask(far, history).answered


def test_the_sentence_that_counts_for_one_is_preferred_to_that_of_a_list(index: Index) -> None:
    answer = Assistant(index).ask("印度尼西亚被列了几项数字贸易障碍？")
    assert "印度尼西亚次之，有 3 项" in answer.citations[0].quote


def test_a_name_that_is_missing_around_the_quotes_is_no_sign_in_what_leans(
    index: Index, fixed: Fix
) -> None:
    question = "泰国签署达沃斯的联合声明了吗？"
    fixed(threshold=0.0)
    history = [Turn("达沃斯的联合声明是什么？")]
    assert not Assistant(index).ask(question).answered
    assert not Assistant(index).ask(question, history).answered
    assert Assistant(index).ask("泰国签署它了吗？", history).answered
