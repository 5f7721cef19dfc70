"""What is exported reads the same everywhere, and stays text whatever it holds."""

from __future__ import annotations

import re
from html.parser import HTMLParser

import pytest
from hypothesis import given
from hypothesis import strategies as st
from markdown_it import MarkdownIt
from markdown_it.token import Token

from app.answers import Answer, Citation
from app.export import to_html, to_markdown, to_text
from app.words import WORDS
from index.chunking import Chunk
from sources import Document

HOSTILE = (
    "<script>alert(1)</script> ``` `x` | a | b | [x](javascript:alert(1)) ![i](http://x.test/i) "
    "&lt; <img src=x onerror=alert(1)> **b** _i_ ~~s~~ $x$ \\ \"quoted\" 'single'"
)
STARTS = ("# no heading", "- no list", "+ no list", "1. no list", "2) no list", "> no quote")
STARTS += ("=====", "-----", "    no code", "\tno code", "```", "~~~")


def paper(text: str = "One. Two.", title: str = "A title") -> Document:
    return Document("paper", text, "A label", title, ("Jane Doe",), 2021, "https://x.test/1")


def answer(said: str, quote: str = "Two.", **changes: object) -> Answer:
    chunk = Chunk("paper:0", "paper", quote, 5, 5 + len(quote), (2,), ("1. Part",))
    cited = Citation(1, chunk, quote, 5, 5 + len(quote), 2, "1. Part › 1.1. X")
    fields = {
        "question": "What?",
        "standalone_question": "What?",
        "text": said,
        "citations": (cited,),
        "retrieved": (),
        "answered": True,
        "confidence": 0.9,
    }
    return Answer(**fields | changes)  # type: ignore[arg-type]


def tokens(markdown: str) -> list[Token]:
    """Every token, those inside a line too."""
    found = MarkdownIt("gfm-like", {"linkify": False}).parse(markdown)
    return [inner for token in found for inner in [token, *(token.children or [])]]


def words(markdown: str) -> str:
    return " ".join(t.content for t in tokens(markdown) if t.type == "text")


class Tags(HTMLParser):
    """The tags of a page, and its text outside of styles."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.text = ""
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        assert not any(name.startswith("on") or "javascript:" in (v or "") for name, v in attrs)

    def handle_data(self, data: str) -> None:
        self.text += data


def test_markdown_holds_question_answer_sources_and_the_paper() -> None:
    followed = answer("It is “Two.”[1]", standalone_question="What of X?", notice="No model.")
    told = words(to_markdown([answer("First."), followed], {"paper": paper()}))
    for piece in ("What?", "First.", "What of X?", "[1]", "No model.", "Two.", "p. 2", "Part › 1"):
        assert piece in told
    assert told.index("First.") < told.index("It is")
    assert told.count("A label") == 0
    assert "DOE J. A title[EB/OL]. (2021). https://x.test/1." in to_markdown(
        [followed], {"paper": paper()}
    )


def test_a_conversation_with_a_name_bears_it() -> None:
    assert to_markdown([answer("x")], {}, "en", "Mine <b>").startswith("# Mine \\<b\\>\n")
    assert "<h1>Mine &lt;b&gt;</h1>" in to_html([answer("x")], {}, "en", "Mine <b>")
    assert to_markdown([answer("x")], {}).startswith(f"# {WORDS['en']['title']}\n")


def test_the_number_of_a_source_is_the_marker_of_the_answer() -> None:
    one = answer("x[2]")
    second = Citation(7, one.citations[0].chunk, "One.", 0, 4, None, "")
    one = answer("x[1] y[7]", citations=(*one.citations, second))
    assert re.findall(r"^(\d)\. > ", to_markdown([one], {"paper": paper()}), re.M) == ["1", "7"]
    assert re.findall(r'<li value="(\d)"', to_html([one], {"paper": paper()}, "en")) == ["1", "7"]
    assert "[7] “One.” A title" in to_text(one, {"paper": paper()})


@pytest.mark.parametrize("text", [HOSTILE, *STARTS])
def test_hostile_text_is_text_in_markdown(text: str) -> None:
    asked = answer(text, text, question=text, standalone_question=f"so {text}")
    made = tokens(to_markdown([asked], {"paper": paper(title=text)}))
    allowed = {"heading_open", "paragraph_open", "inline", "text", "strong_open", "code_block"}
    allowed |= {"ordered_list_open", "list_item_open", "blockquote_open", "softbreak"}
    assert {t.type for t in made if not t.type.endswith("_close")} <= allowed
    assert not any(t.type == "heading_open" and t.tag == "h3" for t in made)
    shown = " ".join(text.split())
    assert [t.content for t in made if t.type == "text"].count(shown) >= 4


@pytest.mark.parametrize("text", [HOSTILE, *STARTS])
def test_hostile_text_is_text_in_html(text: str) -> None:
    asked = answer(text, text, question=text, standalone_question=f"so {text}")
    page = Tags(to_html([asked], {"paper": paper(title=text)}, "en"))
    assert not {"script", "img", "a", "iframe", "link"} & set(page.tags)
    assert page.text.count(text.strip()) >= 5


@given(st.text(st.characters(exclude_categories=["Cc", "Cs", "Zl", "Zp", "Zs"]), min_size=1))
def test_markdown_says_what_was_asked_to_the_letter(question: str) -> None:
    made = MarkdownIt("commonmark").parse(to_markdown([answer("x", question=question)], {}))
    at = [t.tag for t in made].index("h2")
    shown = "".join(child.content for child in made[at + 1].children or [])
    assert shown == question


def test_the_page_is_light_in_one_file_and_speaks_the_readers_language() -> None:
    page = to_html([answer("好", answered=False)], {"paper": paper()}, "zh")
    assert '<html lang="zh">' in page and "论文中最接近的地方" in page and "第 2 页" in page
    assert "default-src 'none'" in page and "color-scheme: light" in page
    assert not re.search(r"(src|href)=", page)


def test_a_paper_that_states_nothing_is_not_cited() -> None:
    bare = Document("paper", "One. Two.", "A label")
    assert "does not state its title, authors, year" in to_markdown([answer("x")], {"paper": bare})
    assert "论文未注明题名、作者、年份" in to_html([answer("x")], {"paper": bare}, "zh")


def test_the_clipboard_holds_a_quote_once_and_says_what_is_not_supported() -> None:
    copied = to_text(answer("It says “Two.”[1]"), {"paper": paper()})
    assert copied == "It says “Two.”[1]\n\n[1] 1. Part › 1.1. X · p. 2 · A title"
    cited = answer("x").citations[0]
    doubted = Citation(1, cited.chunk, "Two.", 5, 9, None, "", verified=False)
    copied = to_text(answer("Three.[1]", citations=(doubted,)), {"paper": paper()})
    assert copied.endswith("[1] “Two.” A title · Not supported by this source")
