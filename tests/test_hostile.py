"""Files, names and URLs that mean harm: each gives one line, and nothing hangs."""

from __future__ import annotations

import http.server
import ipaddress
import os
import threading
import time
import zlib
from collections.abc import Iterator
from pathlib import Path

import pytest
from papers import column, make_pdf

from sources import PaperError, load, load_paper, worker
from sources.loaders import FORMATS
from sources.pdf import pdf_document
from sources.pdfium import MAX_PAGES
from sources.web import Address, fetch, is_public
from sources.worker import parse_apart

FONT = "<</Font <</F1 <</Type /Font /Subtype /Type1 /BaseFont /Times-Roman>>>>"
PAGE = f"<</Type /Page /Parent 2 0 R /MediaBox [0 0 600 800] /Contents 4 0 R /Resources {FONT}>>>>"
TEXT = ["A sentence that is long enough to be taken for a page of text."] * 3


def pdf_of(objects: list[str]) -> bytes:
    """A PDF of these objects, the first of which is the catalogue; without a table of them."""
    body = "".join(f"{at} 0 obj\n{each}\nendobj\n" for at, each in enumerate(objects, 1))
    return f"%PDF-1.7\n{body}trailer <</Root 1 0 R /Size {len(objects) + 1}>>\n%%EOF".encode()


def one_line(error: pytest.ExceptionInfo[PaperError]) -> str:
    message = str(error.value)
    assert "\n" not in message
    assert len(message) < 400
    return message


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


# URLs


class Site(http.server.BaseHTTPRequestHandler):
    """Pages that behave well and ill."""

    def do_GET(self) -> None:
        kind, body = "text/html; charset=utf-8", b"<p>A page of a site.</p>"
        if self.path == "/paper":
            kind, body = "application/octet-stream", make_pdf([column(TEXT, 60, 60)])
        elif self.path.startswith("/to/"):
            self.send_response(302)
            self.send_header("Location", self.path.removeprefix("/to/"))
            self.end_headers()
            return
        elif self.path == "/loop":
            self.send_response(301)
            self.send_header("Location", "/loop")
            self.end_headers()
            return
        elif self.path == "/gone":
            self.send_error(404)
            return
        elif self.path == "/image":
            kind = "image/png"
        self.send_response(200)
        self.send_header("Content-Type", kind)
        if self.path == "/packed":
            self.send_header("Content-Encoding", "gzip")
        if self.path not in ("/endless", "/slow"):
            self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        try:
            while self.path == "/endless":
                self.wfile.write(bytes(65_536))
            while self.path == "/slow":
                self.wfile.write(b"x")
                time.sleep(0.1)
            self.wfile.write(body)
        except OSError:
            pass

    def log_message(self, format: str, *arguments: object) -> None:
        pass


@pytest.fixture(scope="module")
def site() -> Iterator[str]:
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Site)
    server.daemon_threads = True
    thread = threading.Thread(target=server.serve_forever, args=(0.01,))
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    thread.join()
    server.server_close()


def loopback(address: Address) -> bool:
    """For the tests' own server: this one private address and the public ones."""
    return address == ipaddress.ip_address("127.0.0.1") or is_public(address)


def get(url: str, seconds: float = 10) -> bytes:
    return fetch(url, 1_000_000, FORMATS, loopback, seconds).content


def test_a_page_and_a_paper_are_fetched(site: str) -> None:
    fetched = fetch(f"{site}/page.html?a=b", 1_000, FORMATS, loopback)
    assert fetched.content == b"<p>A page of a site.</p>"
    assert (fetched.suffix, fetched.name, fetched.url) == (".html", "page", f"{site}/page.html?a=b")
    assert fetch(f"{site}/paper", 99_999, FORMATS, loopback).suffix == ".pdf"
    assert fetch(f"{site}/to//paper", 99_999, FORMATS, loopback).url == f"{site}/paper"


@pytest.mark.parametrize(
    ("path", "reason"),
    [
        ("/gone", "status 404"),
        ("/image", "format"),
        ("/packed", "packed"),
        ("/loop", "redirects more than"),
        ("/endless", "too big: at most 1 MB"),
        ("/to/file:///etc/passwd", "only http and https"),
        ("/to/http://10.0.0.1/", "private address"),
        ("/to/http://localhost:1/", "cannot be fetched|private address"),
        ("/to/http://[::1]/", "private address"),
        ("/to/http://169.254.169.254/latest", "private address"),
        ("/to/http://[::ffff:10.0.0.1]/", "private address"),
        ("/to/http://2130706434/", "private address"),
    ],
)
def test_what_a_site_must_not_do(site: str, path: str, reason: str) -> None:
    with pytest.raises(PaperError, match=reason) as error:
        get(site + path)
    one_line(error)


def test_a_body_that_trickles_is_cut_off(site: str) -> None:
    begun = time.monotonic()
    with pytest.raises(PaperError, match="too slow"):
        get(f"{site}/slow", seconds=1)
    assert time.monotonic() - begun < 30


@pytest.mark.parametrize(
    "url",
    [
        "http://127.0.0.1:1/a.pdf",
        "http://localhost/a.pdf",
        "http://0.0.0.0/",
        "http://192.168.1.1/",
        "http://[fd00::1]/",
        "http://100.64.0.1/",
        "file:///etc/passwd",
        "ftp://example.org/a.pdf",
        "http:///a.pdf",
        "http://user:secret@example.org/",
        "http://example.org:99999/",
        "http://exa mple.org/",
        "http://a\nb/",
    ],
)
def test_urls_that_are_refused(url: str) -> None:
    with pytest.raises(PaperError) as error:
        load_paper(url)
    one_line(error)


def test_the_address_that_was_checked_is_the_one_that_is_used(
    site: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    port = int(site.rpartition(":")[2])
    answers = iter(["127.0.0.1", "10.0.0.1"])

    def resolve(host: str, port: int, **_: object) -> list[tuple[object, ...]]:
        return [(2, 1, 6, "", (next(answers), port))]

    monkeypatch.setattr("socket.getaddrinfo", resolve)
    assert get(f"http://rebinding.example:{port}/") == b"<p>A page of a site.</p>"
    assert next(answers) == "10.0.0.1"  # resolved once


def test_one_private_address_among_public_ones_refuses_the_host(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    both = [(2, 1, 6, "", ("93.184.216.34", 80)), (2, 1, 6, "", ("10.0.0.1", 80))]
    monkeypatch.setattr("socket.getaddrinfo", lambda *_, **__: both)
    with pytest.raises(PaperError, match=r"private address 10\.0\.0\.1"):
        get("http://mixed.example/")


@pytest.mark.parametrize("address", ["64:ff9b::a00:1", "2002:7f00:1::", "ff02::1", "224.0.0.1"])
def test_addresses_in_disguise_are_not_public(address: str) -> None:
    assert not is_public(ipaddress.ip_address(address))


def test_public_addresses_are() -> None:
    assert all(is_public(ipaddress.ip_address(a)) for a in ("93.184.216.34", "2606:4700::1111"))
