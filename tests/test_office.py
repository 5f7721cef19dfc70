"""Word and HTML files, and what must not get through in them."""

from __future__ import annotations

import io
import zipfile
from pathlib import Path

import docx
import pytest
from papers import make_docx

from sources import PaperError, load
from sources.docx import MAX_UNPACKED, docx_document
from sources.html import html_document

BLOCKS = [
    ("Title", "数据流动的四个问题"),
    ("Normal", "Ada Lovelace, Alan Turing"),
    ("Heading 1", "1 引言"),
    ("Normal", "各成员方同意数据应当自由流动。"),
    ("Heading 2", "1.1 背景"),
    ("Normal", "谈判始于 2019 年。"),
]


def test_word_paragraphs_and_headings() -> None:
    document = docx_document(make_docx(BLOCKS, author="Ada Lovelace; A Typist"))
    assert document.title == "数据流动的四个问题"
    assert document.authors == ("Ada Lovelace",)
    assert document.language == "zh"
    assert [section.path for section in document.sections] == [
        ("1 引言",),
        ("1 引言", "1.1 背景"),
    ]
    assert document.text.splitlines()[-1] == "谈判始于 2019 年。"


def test_word_without_styles_has_its_numbered_headings() -> None:
    blocks = [("Normal", "1. Introduction"), ("Normal", "It began."), ("Normal", "2. End")]
    assert [s.number for s in docx_document(make_docx(blocks)).sections] == ["1", "2"]


def test_word_tables_are_rows_in_their_place() -> None:
    made = docx.Document()
    made.add_paragraph("Before.")
    table = made.add_table(rows=2, cols=2)
    for at, text in enumerate(("Member", "Tariff", "Chile", "3.2")):
        table.cell(at // 2, at % 2).text = text
    made.add_paragraph("After.")
    packed = io.BytesIO()
    made.save(packed)
    text = docx_document(packed.getvalue()).text
    assert text == "Before.\nMember | Tariff\nChile | 3.2\nAfter."


def edited(content: bytes, name: str, old: bytes, new: bytes) -> bytes:
    """The archive with a change in one of its files."""
    packed = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as before, zipfile.ZipFile(packed, "w") as after:
        for each in before.namelist():
            data = before.read(each)
            after.writestr(each, data.replace(old, new) if each == name else data)
    return packed.getvalue()


def test_word_insertions_are_read_and_deletions_are_not() -> None:
    content = edited(
        make_docx([("Normal", "The tariff is MARK percent.")]),
        "word/document.xml",
        b"<w:t>The tariff is MARK percent.</w:t>",
        b"<w:t>The tariff is </w:t></w:r><w:ins><w:r><w:t>five</w:t></w:r></w:ins>"
        b"<w:del><w:r><w:delText>six</w:delText></w:r></w:del><w:r><w:t> percent.</w:t>",
    )
    assert docx_document(content).text == "The tariff is five percent."


def test_a_zip_bomb_is_refused_unopened() -> None:
    packed = io.BytesIO()
    with (
        zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive,
        archive.open("word/media/image.bin", "w") as file,
    ):
        for _ in range(MAX_UNPACKED // 10_000_000 + 1):
            file.write(bytes(10_000_000))
    assert len(packed.getvalue()) < 1_000_000
    with pytest.raises(PaperError, match="unpacks to 310 MB"):
        docx_document(packed.getvalue())


def test_entities_are_not_expanded(tmp_path: Path) -> None:
    secret = tmp_path / "secret.txt"
    secret.write_text("nobody may read this")
    entities = "".join(f'<!ENTITY a{n + 1} "{f"&a{n};" * 10}">' for n in range(9))
    for first in ('"lol"', f'SYSTEM "{secret.as_uri()}"'):
        declared = f"<!DOCTYPE x [<!ENTITY a0 {first}>{entities}]>".encode()
        content = edited(
            edited(make_docx(BLOCKS), "word/document.xml", "谈判".encode(), b"&a9;"),
            "word/document.xml",
            b"<w:document ",
            declared + b"<w:document ",
        )
        try:
            text = docx_document(content).text
        except PaperError:
            continue
        assert "lol" not in text
        assert "nobody" not in text


@pytest.mark.parametrize("content", [b"", b"PK\x03\x04", b"no zip at all", make_docx(BLOCKS)[:900]])
def test_what_is_no_word_file(content: bytes) -> None:
    with pytest.raises(PaperError, match="no Word file"):
        docx_document(content)


PAGE = """<!doctype html><html><head><title>Site: Four questions</title>
<meta name="citation_title" content="Four Questions">
<meta name="citation_author" content="Ada Lovelace">
<meta name="citation_author" content="Alan Turing">
<meta name="citation_doi" content="10.1234/four">
<meta name="citation_publication_date" content="2021/07">
<style>p { color: red }</style></head><body>
<nav><a href="/">Home</a></nav>
<article><h1>Four Questions</h1><p>Members <b>agree</b> that flows<br>should be free.</p>
<script>document.write("<p>written by a script</p>")</script>
<p hidden>hidden by name</p><div style="Display : none"><p>hidden by style</p></div>
<h2>1 Tables</h2><table><tr><th>Member</th><th>Tariff</th></tr>
<tr><td><p>Chile</p></td><td>3.2</td></tr></table>
<ul><li>one</li><li>two &amp; three</li></ul>
<img src="http://127.0.0.1:9/pixel.png" onerror="alert(1)"><iframe src="file:///etc/passwd"></iframe>
</article><footer>All rights reserved</footer></body></html>"""


def test_html() -> None:
    document = html_document(PAGE.encode())
    assert document.text.splitlines() == [
        "Four Questions",
        "Members agree that flows",
        "should be free.",
        "1 Tables",
        "Member | Tariff",
        "Chile | 3.2",
        "one",
        "two & three",
    ]
    assert document.title == "Four Questions"
    assert document.authors == ("Ada Lovelace", "Alan Turing")
    assert document.year == 2021
    assert document.url == "https://doi.org/10.1234/four"
    assert [(s.level, s.path[-1]) for s in document.sections] == [
        (1, "Four Questions"),
        (2, "1 Tables"),
    ]


@pytest.mark.parametrize("encoding", ["gb18030", "big5", "utf-16", "utf-8"])
def test_html_in_the_encoding_that_it_names(encoding: str) -> None:
    page = f'<html><head><meta charset="{encoding}"></head><body><p>數據流動</p></body></html>'
    assert html_document(page.encode(encoding)).text == "數據流動"


def test_html_that_nests_as_deep_as_it_can() -> None:
    page = "<div>" * 10_000 + "deep down" + "</div>" * 10_000
    assert html_document(page.encode()).text == "deep down"


def test_a_page_without_a_word(tmp_path: Path) -> None:
    path = tmp_path / "empty.html"
    path.write_text("<html><body><script>1</script></body></html>")
    with pytest.raises(PaperError, match=r"empty\.html.*holds no text"):
        load(path)
