"""Damaged files of every format: each is read or refused in one line, none crashes or hangs.

A few examples run with the other tests; `make soak` runs 20,000 for each format. A crash of a
native library ends the test process, which is the point: in use it ends only the reader's.
"""

from __future__ import annotations

import time
import zipfile
from collections.abc import Callable
from io import BytesIO

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from papers import SONG, VERA, column, make_docx, make_pdf

from sources import Document, PaperError
from sources.docx import docx_document
from sources.html import html_document
from sources.pdf import pdf_document
from sources.text import markdown_document, text_document

MAX_SECONDS = 10.0  # of the processor's time, for one small file

TEXT = ["A line of text that is long enough to be one of a column,", "and another one. ¹"] * 4
SEEDS: dict[Callable[[bytes], Document], list[bytes]] = {
    pdf_document: [
        make_pdf([[*column(TEXT, 60, 60), *column(TEXT, 320, 60, 8, VERA)]], title="A title"),
        make_pdf([column(["电子商务谈判的四个问题，各方立场不一。"] * 4, 60, 60, 12, SONG)] * 2),
    ],
    docx_document: [
        make_docx([("Title", "Four"), ("Heading 1", "1 Intro"), ("Normal", "Some text. 文字。")]),
    ],
    html_document: [
        b"<html><head><meta charset='utf-8'><title>t</title></head><body><h1>A</h1><p>b<br>c</p>"
        b"<table><tr><td>1<td>2</table><ul><li>x<li>y</ul><pre>z</pre></body></html>",
        "<!doctype html><meta charset=gbk><p>数据</p><![CDATA[x]]><svg><p>".encode("gbk"),
    ],
    text_document: [
        "1. Intro\n\nSome text, 文字。\n2. End\nMore.".encode(),
        "文字。".encode("utf-16"),
    ],
    markdown_document: [b"# A\n\n## 1 B\n\n- x\n- y\n\n```\n# c\n```\n| a | b |\n"],
}

Edit = tuple[str, int, bytes]
# What formats are made of, so that damage hits more than the first line of defence.
PIECES = st.one_of(
    st.binary(max_size=8),
    st.sampled_from(
        [b"<<", b">>", b"[", b"]", b"stream\n", b"endobj", b" 0 R", b"/Kids", b"/Length", b"Tf",
         b"-1", b"0", b"999999999", b"1e39", b"\x00" * 8, b"\xff\xfe", b"<table>", b"</p>", b"<tr>",
         b"<!--", b"&#x110000;", b"<w:p>", b"</w:t>", b"<w:tbl>", b"\n", b"#", b"\xe2\x80\xae"]
    ),
)  # fmt: skip
EDITS = st.lists(
    st.tuples(st.sampled_from(["put", "cut", "copy"]), st.integers(0, 2**16), PIECES), max_size=6
)


def damaged(content: bytes, edits: list[Edit]) -> bytes:
    """The content after edits at places that are taken round its length."""
    for kind, place, piece in edits:
        at = place % (len(content) + 1)
        if kind == "put":
            content = content[:at] + piece + content[at + len(piece) :]
        elif kind == "cut":
            content = content[:at] + content[at + 16 * len(piece) :]
        else:
            content = content[:at] + content[max(at - 64, 0) : at] + piece + content[at:]
    return content


def repacked(content: bytes, edits: list[Edit], member: int) -> bytes:
    """A Word file with the edits inside one of its files, so that the archive stays sound."""
    packed = BytesIO()
    with zipfile.ZipFile(BytesIO(content)) as before, zipfile.ZipFile(packed, "w") as after:
        names = [name for name in before.namelist() if name.endswith((".xml", ".rels"))]
        for name in before.namelist():
            data = before.read(name)
            after.writestr(
                name, damaged(data, edits) if name == names[member % len(names)] else data
            )
    return packed.getvalue()


@pytest.mark.parametrize("parse", list(SEEDS), ids=lambda parse: parse.__name__)
@settings(deadline=None, suppress_health_check=list(HealthCheck))
@given(data=st.data())
def test_damaged_files(parse: Callable[[bytes], Document], data: st.DataObject) -> None:
    content = data.draw(st.sampled_from(SEEDS[parse]))
    edits = data.draw(EDITS)
    if parse is docx_document and data.draw(st.booleans()):
        content = repacked(content, edits, data.draw(st.integers(0, 40)))
    else:
        content = damaged(content, edits)
    begun = time.process_time()
    try:
        document = parse(content)
    except PaperError as error:
        assert "\n" not in str(error)
    else:
        document.text.encode()  # no half characters
        assert document.boxes(0, len(document.text)) is not None
        assert Document.from_dict(document.to_dict()) == document
    assert time.process_time() - begun < MAX_SECONDS
