"""A URL becomes bytes: over HTTP, from public addresses only, within limits.

The name is resolved once, every address is checked, and the connection goes to the address that
was checked, so that a name that resolves otherwise a moment later gains nothing. A redirect is a
new URL and is checked as one. Proxies of the environment are not used: they would connect to
addresses that nobody has checked.
"""

from __future__ import annotations

import http.client
import ipaddress
import re
import socket
import ssl
import threading
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import PurePosixPath
from urllib.parse import SplitResult, unquote, urljoin, urlsplit

from sources.errors import PaperError

MAX_SECONDS = 60.0  # for one URL, redirects not counted
MAX_REDIRECTS = 5
BLOCK = 65_536

Address = ipaddress.IPv4Address | ipaddress.IPv6Address

_SUFFIXES = {
    "application/pdf": ".pdf",
    "text/html": ".html",
    "application/xhtml+xml": ".html",
    "text/plain": ".txt",
    "text/markdown": ".md",
    "application/vnd.openxmlformats-officedocument.wordprocessingml.document": ".docx",
}
_UNSAFE = re.compile(r"[\x00-\x20\x7f]")
# IPv6 addresses that stand for an IPv4 one: what they stand for is what has to be public.
_TRANSLATED = ipaddress.ip_network("64:ff9b::/96")


@dataclass(frozen=True, slots=True)
class Fetched:
    """What a URL gave. `url` is where the redirects led, `name` the last part of its path."""

    content: bytes
    suffix: str
    name: str
    url: str


def is_public(address: Address) -> bool:
    """Whether an address is one of the public network."""
    if isinstance(address, ipaddress.IPv6Address):
        inner = address.ipv4_mapped or address.sixtofour
        if address in _TRANSLATED:
            inner = ipaddress.IPv4Address(int(address) & 0xFFFFFFFF)
        if inner is not None:
            return is_public(inner)
        if address.teredo is not None:
            return False
    return address.is_global and not address.is_multicast


def fetch(
    url: str,
    max_bytes: int,
    suffixes: Sequence[str],
    allowed: Callable[[Address], bool] = is_public,
    seconds: float = MAX_SECONDS,
) -> Fetched:
    """The bytes at a URL, after at most `MAX_REDIRECTS` redirects.

    `allowed` says to which addresses a connection may go. Raises PaperError for a URL that is not
    http or https, leads to another address, is too slow or too big, or is none of the `suffixes`.
    """
    at = url.strip()
    for _ in range(MAX_REDIRECTS + 1):
        parts = _checked(at)
        try:
            answer = _request(parts, max_bytes, allowed, seconds)
        except (OSError, http.client.HTTPException, ValueError) as error:
            reason = getattr(error, "strerror", None) or type(error).__name__
            raise PaperError(f"{_shown(at)} cannot be fetched ({reason}): check it") from error
        if isinstance(answer, str):
            at = urljoin(at, answer)
            continue
        content, kind = answer
        path = PurePosixPath(unquote(parts.path))
        suffix = _suffix(content, kind, path.suffix.lower())
        if suffix not in suffixes:
            raise PaperError(f"{_shown(at)} is of a format that cannot be read ({kind[:60]!r})")
        return Fetched(content, suffix, path.stem or parts.hostname or "paper", at)
    raise PaperError(f"{_shown(url)} redirects more than {MAX_REDIRECTS} times: give another URL")


def _checked(url: str) -> SplitResult:
    try:
        parts = urlsplit(url)
        parts.port  # noqa: B018 - raises ValueError for what is no port
    except ValueError as error:
        raise PaperError(f"{_shown(url)} is no URL: check it") from error
    if parts.scheme not in ("http", "https") or not parts.hostname:
        raise PaperError(f"{_shown(url)} is refused: only http and https URLs are fetched")
    if parts.username is not None or _UNSAFE.search(url):
        raise PaperError(f"{_shown(url)} is refused: no user names and no spaces in a URL")
    return parts


def _request(
    parts: SplitResult, max_bytes: int, allowed: Callable[[Address], bool], seconds: float
) -> tuple[bytes, str] | str:
    """The body and its type, or where the URL redirects to."""
    host = parts.hostname or ""
    port = parts.port or (443 if parts.scheme == "https" else 80)
    raw = _connect(parts, port, allowed, seconds)
    connection = http.client.HTTPConnection(host, port, timeout=seconds)
    # Each read has a limit of time of its own; this is the one for all of them together.
    late = threading.Event()
    watch = threading.Timer(seconds, _shut, [raw, late])
    watch.start()
    try:
        connection.sock = (
            ssl.create_default_context().wrap_socket(raw, server_hostname=host)
            if parts.scheme == "https"
            else raw
        )
        path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
        # An encoding could unpack to any size, so none is asked for and none is taken.
        headers = {"User-Agent": "askpaper", "Accept-Encoding": "identity", "Host": parts.netloc}
        connection.request("GET", path, headers=headers)
        with connection.getresponse() as response:
            answer = _body(response, parts, max_bytes)
        if late.is_set():  # what was read is only what came until then
            raise TimeoutError(None, "too slow")
        return answer
    finally:
        watch.cancel()
        connection.close()
        raw.close()


def _body(
    response: http.client.HTTPResponse, parts: SplitResult, max_bytes: int
) -> tuple[bytes, str] | str:
    shown = _shown(parts.geturl())
    location = response.getheader("Location")
    if response.status in (301, 302, 303, 307, 308) and location:
        return location
    if response.status != 200:
        raise PaperError(f"{shown} cannot be fetched (status {response.status}): check it")
    if response.getheader("Content-Encoding", "identity").lower() != "identity":
        raise PaperError(f"{shown} comes packed: fetch it with a browser and give the file")
    content = bytearray()
    while block := response.read(min(BLOCK, max_bytes + 1 - len(content))):
        content += block
        if len(content) > max_bytes:
            raise PaperError(f"{shown} is too big: at most {max_bytes / 1e6:.0f} MB are read")
    return bytes(content), response.getheader("Content-Type", "")


def _connect(
    parts: SplitResult, port: int, allowed: Callable[[Address], bool], seconds: float
) -> socket.socket:
    """A connection to an address of the host. All of its addresses have to be allowed."""
    found = socket.getaddrinfo(parts.hostname, port, type=socket.SOCK_STREAM)
    for _, _, _, _, address in found:
        if not allowed(ipaddress.ip_address(str(address[0]).partition("%")[0])):
            raise PaperError(
                f"{_shown(parts.geturl())} is refused: it leads to the private address {address[0]}"
            )
    failure: OSError | None = None
    for family, kind, protocol, _, address in found:
        link = socket.socket(family, kind, protocol)
        link.settimeout(seconds)
        try:
            link.connect(address)
            return link
        except OSError as error:
            link.close()
            failure = error
    raise failure or OSError("no address")


def _shut(link: socket.socket, late: threading.Event) -> None:
    late.set()
    with suppress(OSError):
        link.shutdown(socket.SHUT_RDWR)


def _suffix(content: bytes, kind: str, named: str) -> str:
    """The format: what the bytes show, else what the server says, else what the path ends in."""
    if content.startswith(b"%PDF-"):
        return ".pdf"
    return _SUFFIXES.get(kind.partition(";")[0].strip().lower(), named)


def _shown(url: str) -> str:
    return repr(url[:200])
