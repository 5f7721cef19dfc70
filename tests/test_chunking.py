from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.chunking import MAX_CHUNK, Chunk, chunk
from sources import Document, load_paper, split_sentences
from sources.cleaning import clean


def document(raw: str) -> Document:
    text, sections = clean(raw)
    return Document("d", text, "label", sections=sections)


def check(paper: Document) -> list[Chunk]:
    """What holds for the chunks of any document."""
    chunks = chunk(paper)
    assert len({each.chunk_id for each in chunks}) == len(chunks)
    bodies = [(0, paper.sections[0].start if paper.sections else len(paper.text))]
    bodies += [(part.start + len(part.path[-1]), part.end) for part in paper.sections]
    expected = [span for body in bodies for span in split_sentences(paper.text, *body)]
    found = []
    for each in chunks:
        assert paper.text[each.start : each.end] == each.text
        section = paper.section_at(each.start)
        assert section == paper.section_at(each.end - 1)
        assert each.section == (section.path if section else ())
        found += split_sentences(paper.text, each.start, each.end)
    assert found == expected
    return chunks


def test_the_paper() -> None:
    paper = load_paper("wto-ecommerce-negotiations")
    chunks = check(paper)
    assert chunks == chunk(paper)
    sizes = [len(each.text) for each in chunks if each.section != ("Abstract",)]
    assert len(chunks) == 26
    assert min(sizes) > 120
    assert max(sizes) < 1.2 * MAX_CHUNK
    assert not any(each.text.startswith(each.section[-1]) for each in chunks)


def test_a_section_a_little_over_the_limit_is_halved() -> None:
    assert [len(each.text) for each in check(document("国家很大，地方很多。" * 42))] == [210, 210]


def test_english_chunks_have_more_characters() -> None:
    sizes = [len(each.text) for each in check(document("This is a sentence of words. " * 60))]
    assert len(sizes) == 2
    assert all(800 < size <= 3 * MAX_CHUNK for size in sizes)


def test_a_paragraph_end_is_preferred() -> None:
    first, second = "国家很大，地方很多。" * 27, "人口很多，经济很好。" * 18
    paper = Document("d", f"{first}\n{second}", "label")
    assert [each.text for each in check(paper)] == [first, second]


def test_a_heading_alone_gives_no_chunk() -> None:
    (only,) = check(document("1. 引言\n1.1. 背景\n正文。"))
    assert (only.text, only.section) == ("正文。", ("1. 引言", "1.1. 背景"))


def test_a_long_sentence_is_a_chunk() -> None:
    long = "国" * 398 + "。"
    assert [each.text for each in check(document(f"短句。{long}短句。"))] == [
        "短句。",
        long,
        "短句。",
    ]


def test_pages() -> None:
    text = "第一页。" * 50 + "第二页。" * 50 + "第三页。" * 50
    paper = Document("d", text, "label", page_starts=(0, 200, 400))
    assert [each.pages for each in check(paper)] == [(1, 2), (2, 3)]


@pytest.mark.parametrize("text", ["", "\n \n"])
def test_no_text_gives_no_chunk(text: str) -> None:
    assert chunk(Document("d", text, "label")) == []


SENTENCE = st.text(alphabet="国家，aB 1", min_size=1, max_size=120).map(lambda text: f"甲{text}。")
HEADING = st.sampled_from(["# 甲", "## 乙", "### 丙"])
LINES = st.one_of(HEADING, st.lists(SENTENCE, min_size=1, max_size=12).map("".join))


@given(st.lists(LINES, max_size=15).map("\n\n".join))
def test_chunks_of_any_document(raw: str) -> None:
    check(document(raw))
