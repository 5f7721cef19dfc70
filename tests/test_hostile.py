"""Files and names that mean harm: each gives one line, and nothing hangs."""

from __future__ import annotations

import os
import time
import zlib
from pathlib import Path

import pytest
from papers import one_line

from sources import PaperError, load, worker
from sources.pdf import pdf_document
from sources.pdfium import MAX_PAGES
from sources.worker import parse_apart

FONT = "<</Font <</F1 <</Type /Font /Subtype /Type1 /BaseFont /Times-Roman>>>>"
PAGE = f"<</Type /Page /Parent 2 0 R /MediaBox [0 0 600 800] /Contents 4 0 R /Resources {FONT}>>>>"
TEXT = ["A sentence that is long enough to be taken for a page of text."] * 3


def pdf_of(objects: list[str]) -> bytes:
    """A PDF of these objects, the first of which is the catalogue; without a table of them."""
    body = "".join(f"{at} 0 obj\n{each}\nendobj\n" for at, each in enumerate(objects, 1))
    return f"%PDF-1.7\n{body}trailer <</Root 1 0 R /Size {len(objects) + 1}>>\n%%EOF".encode()


# Files


def test_pages_that_contain_themselves() -> None:
    loop = pdf_of(
        [
            "<</Type /Catalog /Pages 2 0 R>>",
            "<</Type /Pages /Kids [2 0 R 3 0 R 2 0 R] /Count 3>>",
            "<</Type /Pages /Kids [2 0 R] /Parent 3 0 R /Count 9>>",
        ]
    )
    with pytest.raises(PaperError) as error:
        parse_apart(loop, ".pdf", seconds=60)
    one_line(error)


def test_a_form_that_draws_itself() -> None:
    drawing = "BT /F1 12 Tf 50 50 Td (a form that draws itself, for ever and ever) Tj ET /X Do"
    content = pdf_of(
        [
            "<</Type /Catalog /Pages 2 0 R>>",
            "<</Type /Pages /Kids [3 0 R] /Count 1>>",
            PAGE.replace(f"{FONT}>>", "5 0 R"),
            f"<</Length {len(drawing)}>>\nstream\n{drawing}\nendstream",
            f"<</XObject <</X 6 0 R>> {FONT.removeprefix('<<')}>>",
            "<</Type /XObject /Subtype /Form /BBox [0 0 600 800] /Resources 5 0 R "
            f"/Length {len(drawing)}>>\nstream\n{drawing}\nendstream",
        ]
    )
    assert "a form that draws itself" in parse_apart(content, ".pdf", seconds=60).text


def test_too_many_pages_are_refused() -> None:
    kids = " ".join(["3 0 R"] * 10_000)
    content = pdf_of(
        [
            "<</Type /Catalog /Pages 2 0 R>>",
            f"<</Type /Pages /Kids [{kids}] /Count 10000>>",
            "<</Type /Page /Parent 2 0 R /MediaBox [0 0 600 800]>>",
        ]
    )
    with pytest.raises(PaperError, match=f"10000 pages: give one of 1 to {MAX_PAGES:,}"):
        parse_apart(content, ".pdf", seconds=60)


def test_a_broken_page_is_counted_and_the_others_are_read() -> None:
    text = "what stands on the second page of a file whose first one is broken"
    drawing = f"BT /F1 12 Tf 50 50 Td ({text}) Tj ET"
    content = pdf_of(
        [
            "<</Type /Catalog /Pages 2 0 R>>",
            "<</Type /Pages /Kids [9 0 R 3 0 R] /Count 2>>",
            PAGE,
            f"<</Length {len(drawing)}>>\nstream\n{drawing}\nendstream",
        ]
    )
    document = pdf_document(content)
    assert document.text == text
    assert document.page_at(0) == 2
    assert len(document.page_starts) == 2


def test_scripts_in_a_pdf_do_nothing(tmp_path: Path) -> None:
    mark = tmp_path / "mark"
    drawing = "BT /F1 12 Tf 50 50 Td (what the page says, which is harmless) Tj ET"
    content = pdf_of(
        [
            "<</Type /Catalog /Pages 2 0 R /OpenAction <</S /JavaScript "
            f"/JS (app.launchURL('http://127.0.0.1:9/'); this.saveAs('{mark}'))>> "
            f"/AA <</WC <</S /Launch /F ({mark})>>>>>>",
            "<</Type /Pages /Kids [3 0 R] /Count 1>>",
            PAGE,
            f"<</Length {len(drawing)}>>\nstream\n{drawing}\nendstream",
        ]
    )
    assert pdf_document(content).text == "what the page says, which is harmless"
    assert not mark.exists()


@pytest.mark.parametrize("size", ["0", "-12", "1e30", "99999999999999999999", "nan"])
def test_fonts_of_any_size(size: str) -> None:
    drawing = f"BT /F1 {size} Tf 50 50 Td (a font of an absurd size) Tj ET"
    drawing += " BT /F1 12 Tf 50 90 Td (and a font of a size that can be read) Tj ET"
    content = pdf_of(
        [
            "<</Type /Catalog /Pages 2 0 R>>",
            "<</Type /Pages /Kids [3 0 R] /Count 1>>",
            PAGE,
            f"<</Length {len(drawing)}>>\nstream\n{drawing}\nendstream",
        ]
    )
    assert "of a size that can be read" in pdf_document(content).text


def test_a_stream_that_unpacks_to_much() -> None:
    packer = zlib.compressobj(9)
    packed = b"".join(packer.compress(b" " * 10_000_000) for _ in range(60)) + packer.flush()
    head = pdf_of(
        [
            "<</Type /Catalog /Pages 2 0 R>>",
            "<</Type /Pages /Kids [3 0 R] /Count 1>>",
            "<</Type /Page /Parent 2 0 R /MediaBox [0 0 600 800] /Contents 4 0 R>>",
        ]
    ).partition(b"trailer")
    stream = b"4 0 obj\n<</Filter /FlateDecode /Length %d>>\nstream\n" % len(packed)
    content = head[0] + stream + packed + b"\nendstream\nendobj\n" + head[1] + head[2]
    begun = time.monotonic()
    with pytest.raises(PaperError) as error:
        parse_apart(content, ".pdf", seconds=5)
    one_line(error)
    assert time.monotonic() - begun < 60  # ended, on however busy a machine


# The process that reads


def test_a_reader_that_hangs_is_killed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(worker, "_START", "import time; time.sleep(60)  # {root!r}")
    begun = time.monotonic()
    with pytest.raises(PaperError, match="longer than 1 s"):
        parse_apart(b"x", ".pdf", seconds=1)
    assert time.monotonic() - begun < 30


@pytest.mark.parametrize(
    "crash", ["os.abort()", "os.kill(os.getpid(), 11)", "print('no JSON')", "bytearray(10**13)"]
)
def test_a_reader_that_breaks_down_is_an_error(monkeypatch: pytest.MonkeyPatch, crash: str) -> None:
    monkeypatch.setattr(worker, "_START", f"import os; {crash}  # {{root!r}}")
    with pytest.raises(PaperError, match="broke down"):
        parse_apart(b"x", ".pdf", seconds=60)


@pytest.mark.parametrize(
    "harm",
    [
        "socket.create_connection(('127.0.0.1', 9))",
        "subprocess.run(['true'])",
        "os.system('true')",
    ],
)
def test_a_reader_has_no_network_and_starts_nothing(
    monkeypatch: pytest.MonkeyPatch, harm: str
) -> None:
    start = (
        "import sys; sys.path.insert(0, {root!r}); import os, socket, subprocess\n"
        "from sources import worker\n"
        f"worker.parse = lambda content, suffix: {harm}\n"
        "worker.main()"
    )
    monkeypatch.setattr(worker, "_START", start)
    with pytest.raises(PaperError, match=r"failed on it \(OSError\)"):
        parse_apart(b"x", ".pdf", seconds=60)


def test_an_html_page_is_read_without_the_network(tmp_path: Path) -> None:
    path = tmp_path / "page.html"
    path.write_text('<p>Text.</p><img src="http://127.0.0.1:9/a.png"><script src="//x/y"></script>')
    assert load(path).text == "Text."


# Names


@pytest.mark.parametrize(
    "name", ["a\nb.txt", "x" * 251 + ".txt", "\u202egpj.txt", "....txt", "a\\b.txt", "\x1b[31m.txt"]
)
def test_names_are_shown_tamed(tmp_path: Path, name: str) -> None:
    path = tmp_path / name
    path.write_text("Some text.")
    document = load(path)
    assert document.label.isprintable()
    assert 0 < len(document.label) <= 80
    assert not {"/", "\\"} & set(document.doc_id)


@pytest.mark.parametrize("name", ["x" * 300 + ".pdf", "../../no.pdf", "a\0b.pdf", "no\nsuch.pdf"])
def test_names_of_nothing(tmp_path: Path, name: str) -> None:
    with pytest.raises(PaperError) as error:
        load(f"{tmp_path}/{name}")
    one_line(error)


def test_a_name_above_the_folder_is_read_as_any_other(tmp_path: Path) -> None:
    (tmp_path / "in").mkdir()
    (tmp_path / "up.txt").write_text("Some text.")
    document = load(tmp_path / "in" / ".." / "up.txt")
    assert document.label == "up"
    assert ".." not in document.doc_id


def test_a_pipe_is_no_paper(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe.pdf")
    with pytest.raises(PaperError, match="is not a file"):
        load(tmp_path / "pipe.pdf")
