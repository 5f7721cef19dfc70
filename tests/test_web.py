"""Sites that mean harm: each gives one line, and nothing hangs or reaches a private address."""

from __future__ import annotations

import http.server
import ipaddress
import threading
import time
from collections.abc import Iterator

import pytest
from papers import column, make_pdf, one_line

from sources import PaperError, load_paper
from sources.loaders import FORMATS
from sources.web import Address, fetch, is_public

TEXT = ["A sentence that is long enough to be taken for a page of text."] * 3


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
