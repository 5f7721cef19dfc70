"""What a paper, an answer and an error look like as HTML; nothing in them becomes markup."""

from __future__ import annotations

import re
from dataclasses import replace
from html import unescape

import pytest

from app.answers import Answer, Citation
from app.page import answer_html, pending_html
from app.problems import problem_html
from app.questions import MAX_QUESTION, check_question
from app.reader import papers_html, tools_html
from app.words import WORDS, reader_language
from index.chunking import chunk
from index.retrieval import ScoredChunk
from sources import Document, Language, PaperError, QuestionError, Section

TEXT = "题记一句。\n1. 引言\n谈判始于2019年[7]。各方分歧很大。\nSecond.\n1.1. 立场\n立场不同。\n"
SUBSECTION = TEXT.index("1.1.")
DOCUMENT = Document(
    "paper",
    TEXT,
    "一篇论文",
    sections=(
        Section("1", "引言", 1, 6, SUBSECTION, ("1. 引言",)),
        Section("1.1", "立场", 2, SUBSECTION, len(TEXT), ("1. 引言", "1.1. 立场")),
    ),
    language="zh",
)
MARKUP = '<script>hit()</script><img src=x onerror="hit()">[x](javascript:hit()) ${hit()} {{hit}}'


def cite(quote: str, marker: int = 1, document: Document = DOCUMENT) -> Citation:
    start = document.text.index(quote)
    found = next(c for c in chunk(document) if c.start <= start < c.end)
    section = " › ".join(found.section)
    return Citation(marker, found, quote, start, start + len(quote), None, section)


def answer(text: str, *citations: Citation) -> Answer:
    retrieved = tuple(ScoredChunk(c.chunk, 1.0, rank) for rank, c in enumerate(citations, 1))
    return Answer("问？", "问？", text, citations, retrieved, answered=True, confidence=0.9)


def words_of(html: str) -> str:
    return unescape(re.sub(r"<[^>]*>", "", html))


FIRST = cite("谈判始于2019年[7]。")
SECOND = cite("立场不同。", 2)


def test_every_character_of_the_paper_is_shown_once_and_in_order() -> None:
    shown = words_of(papers_html([DOCUMENT]))
    assert re.sub(r"\s", "", shown) == "一篇论文" + re.sub(r"\s", "", TEXT)


def test_sentences_carry_the_offsets_of_their_text() -> None:
    spans = re.findall(
        r'<span data-start="(\d+)" data-end="(\d+)">([^<]*)</span>', papers_html([DOCUMENT])
    )
    assert len(spans) == 7
    assert all(TEXT[int(start) : int(end)] == unescape(text) for start, end, text in spans)


def test_headings_and_lines_keep_their_rank() -> None:
    html = papers_html([DOCUMENT])
    assert re.findall(r"<(h\d|p)>", html) == ["h1", "p", "h2", "p", "p", "h3", "p"]


def test_a_paper_that_begins_with_its_name_shows_it_once() -> None:
    html = papers_html([Document("d", "On  Tea\nBy A. Bee.", "On Tea")])
    assert '<h1><span data-start="0" data-end="7">On  Tea</span></h1><p>' in html
    assert html.count("Tea</span>") == 1


def test_a_paper_without_sections_is_shown_whole() -> None:
    assert "<p>" in papers_html([Document("d", "One. Two.", "d")])
    assert papers_html([Document("d", "", "d")]).endswith("<h1>d</h1></article>")


def test_a_marker_is_a_button_that_leads_to_the_place_of_its_quote() -> None:
    html = answer_html(answer(f"“{FIRST.quote}”[1]\n“{SECOND.quote}”[2]", FIRST, SECOND), "en")
    marker = r'class="marker" [^>]*?data-start="(\d+)" data-end="(\d+)"[^>]*>(\d)'
    markers = re.findall(marker, html)
    assert markers == [(str(c.start), str(c.end), str(n)) for n, c in enumerate((FIRST, SECOND), 1)]


def test_a_reference_mark_inside_a_quote_is_no_marker() -> None:
    seventh = replace(SECOND, marker=7)
    html = answer_html(answer(f"“{FIRST.quote}”[1][7][8]", FIRST, seventh), "en")
    assert f'<span class="quote">{FIRST.quote}</span>' in html
    assert re.findall(r'class="marker"[^>]*>(\d)', html) == ["1", "7"]
    assert "[8]" in html


def test_a_card_shows_number_section_page_and_quote() -> None:
    html = answer_html(answer("x[2]", replace(SECOND, page=3)), "zh")
    card = words_of(html[html.index('<li class="card') :])
    assert card == "2 1.1. 立场 · 第 3 页立场不同。"


def test_only_a_long_quote_can_be_unfolded() -> None:
    text = "长" * 101 + "。"
    long = cite(text, document=Document("d", text, "d"))
    assert WORDS["en"]["more"] in answer_html(answer("x[1]", long), "en")
    assert WORDS["en"]["more"] not in answer_html(answer("x[1]", FIRST), "en")


def test_words_that_met_are_underlined_inside_the_quote_only() -> None:
    found = answer("x[1]", FIRST)
    asked = "negotiations or talks, 分歧, 2019"
    found = replace(found, retrieved=(ScoredChunk(FIRST.chunk, 1.0, 1, asked),))
    assert {match.chunk_word for match in found.retrieved[0].matches} >= {"谈判", "分歧", "2019"}
    underlined = re.findall(r"<u( title=\"[^\"]*\")?>([^<]*)</u>", answer_html(found, "en"))
    assert underlined == [(' title="talks"', "谈判"), ("", "2019")]


def test_a_refusal_shows_its_quotes_once_and_is_marked_as_one() -> None:
    refused = replace(
        answer(f"Nothing. The closest:\n“{FIRST.quote}”[1]", FIRST), answered=False, confidence=0.1
    )
    html = answer_html(refused, "en")
    assert 'class="answer refused"' in html
    assert html.count(FIRST.quote[:4]) == 1
    assert WORDS["en"]["far"] in html
    assert WORDS["en"]["closest"] not in html
    assert WORDS["en"]["closest"] in answer_html(replace(refused, text="Nothing."), "en")


@pytest.mark.parametrize(
    ("answered", "confidence", "key"),
    [
        (True, 0.95, "sure"),
        (True, 0.7, "fairly"),
        (True, 0.3, "unsure"),
        (False, 0.4, "near"),
        (False, 0.1, "far"),
    ],
)
def test_confidence_is_said_in_words(answered: bool, confidence: float, key: str) -> None:
    html = answer_html(
        replace(answer("x[1]", FIRST), answered=answered, confidence=confidence), "zh"
    )
    assert f'<p class="sure">{WORDS["zh"][key]}</p>' in html


def test_how_a_follow_up_was_understood_is_shown_only_when_it_differs() -> None:
    plain = answer("x[1]", FIRST)
    assert "understood" not in answer_html(plain, "en")
    assert "<span>问 &lt;b&gt;</span>" in answer_html(
        replace(plain, standalone_question="问 <b>"), "en"
    )


def test_a_sentence_that_its_source_does_not_support_says_so() -> None:
    assert WORDS["zh"]["unverified"] in answer_html(
        answer("x[1]", replace(FIRST, verified=False)), "zh"
    )


@pytest.mark.parametrize("tag", ["<script", "<img", "<a "])
def test_markup_stays_text(tag: str) -> None:
    hostile = Document("d", f"{MARKUP}\n{'x' * 10_000}", MARKUP)
    cited = cite(MARKUP.split(" ", 1)[0], document=hostile)
    cited = replace(cited, section=f'"{MARKUP}')
    said = replace(
        answer(f"{MARKUP}[1]", cited),
        standalone_question=MARKUP,
        retrieved=(ScoredChunk(cited.chunk, 1.0, 1, MARKUP),),
    )
    problem = problem_html(PaperError(MARKUP), "q", "en")
    for html in (
        papers_html([hostile]),
        tools_html([hostile, hostile], "en"),
        answer_html(said, "en"),
        problem,
    ):
        assert tag not in html
        assert "onerror" not in re.sub(r">[^<]*<", "><", re.sub(r'="[^"]*"', "", html))


def test_problems_are_told_in_the_readers_language() -> None:
    for question in ("", "x" * (MAX_QUESTION + 1), "\x07", "??"):
        with pytest.raises(QuestionError) as caught:
            check_question(question)
        english = words_of(problem_html(caught.value, question, "en"))
        chinese = words_of(problem_html(caught.value, question, "zh"))
        assert english.lower() == f"{caught.value}.".lower()
        assert re.search("[\u4e00-\u9fff]", chinese) and not re.search("[a-z]{3}", chinese)
    assert "no such file" in problem_html(PaperError("no such file"), "q", "zh")
    assert WORDS["zh"]["failed"] in problem_html(None, "q", "zh")


@pytest.mark.parametrize(
    ("header", "language"),
    [
        ("zh-CN,zh;q=0.9,en;q=0.8", "zh"),
        ("zh-TW", "zh"),
        ("en-US,zh;q=0.8", "en"),
        ("", "en"),
    ],
)
def test_the_first_language_of_the_browser_decides(header: str, language: Language) -> None:
    assert reader_language(header) == language


def test_both_languages_say_the_same_things() -> None:
    assert WORDS["en"].keys() == WORDS["zh"].keys()
    for key, english in WORDS["en"].items():
        assert english.count("{}") == WORDS["zh"][key].count("{}")
    assert WORDS["zh"]["pending"] in pending_html("zh")
