"""Who may ask this server, how much and how often; in front of every path, the API's too.

Without a password only this machine is answered. With one, a browser asks for it (HTTP Basic, any
user name) and a program sends `Authorization: Bearer PASSWORD`. It knows nothing of encryption:
beyond a trusted network, put a proxy with TLS in front that passes the Host header on.
"""

from __future__ import annotations

import base64
import binascii
import hmac
import ipaddress
import json
import time
from collections import deque
from collections.abc import Awaitable, Callable, MutableMapping
from dataclasses import dataclass
from threading import Lock
from typing import Any
from urllib.parse import urlsplit

from sources import BusyError

HOST, PORT = "127.0.0.1", 7860
QUESTIONS_PER_MINUTE = 60  # from one address; a person asks ten
MAX_BODY = 20 * 2**20  # bytes of a request that is no upload
MAX_UPLOAD = 100 * 2**20  # bytes of an uploaded file
UPLOAD = "/gradio_api/upload"
# Gradio calls it once, itself and without a password, to start its queue; it tells nothing.
STARTED = "/gradio_api/startup-events"
WRONG_PASSWORDS = 30  # a minute and address

Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
App = Callable[[Message, Receive, Send], Awaitable[None]]
Admit = Callable[[str], None]
"""Called with the address of whoever asks a question; raises BusyError."""


@dataclass(frozen=True, slots=True)
class Listening:
    """Where the page listens, whether to `everyone` there, and how often one address may ask."""

    host: str = HOST
    port: int = PORT
    everyone: bool = False
    questions_per_minute: int = QUESTIONS_PER_MINUTE


class Limit:
    """At most so many calls in any minute from one address; safe to share between threads."""

    def __init__(self, per_minute: int, now: Callable[[], float] = time.monotonic) -> None:
        self._per_minute, self._now = per_minute, now
        self._calls: dict[str, deque[float]] = {}
        self._lock = Lock()

    def count(self, address: str) -> None:
        """Count one call. Raises BusyError, and does not count it, when there were too many."""
        now = self._now()
        with self._lock:
            for other in [a for a, calls in self._calls.items() if calls[-1] <= now - 60]:
                del self._calls[other]
            calls = self._calls.setdefault(address, deque())
            while calls and calls[0] <= now - 60:
                calls.popleft()
            if len(calls) >= self._per_minute:
                wait = round(calls[0] + 60 - now) + 1
                raise BusyError(
                    f"more than {self._per_minute} questions in a minute; ask again in {wait} s"
                )
            calls.append(now)


class Guard:
    """ASGI middleware that answers what must not pass with one line and a status of its own.

    `password` None answers only requests that name this machine as their host, which a page of
    another site cannot, unless `everyone` says that the network is trusted.
    """

    def __init__(self, app: App, password: str | None, everyone: bool) -> None:
        self._app, self._password, self._everyone = app, password, everyone
        self._wrong = Limit(WRONG_PASSWORDS)

    async def __call__(self, scope: Message, receive: Receive, send: Send) -> None:
        """Pass the request on, or refuse it."""
        refused = self._refusal(scope) if scope["type"] in ("http", "websocket") else None
        if refused is None:
            await self._app(scope, receive, send)
        else:
            await _refuse(*refused, send)

    def _refusal(self, scope: Message) -> tuple[int, str] | None:
        """The status and the line to refuse with; None for what may pass."""
        headers = {name.decode("latin-1"): value for name, value in scope["headers"]}
        host = headers.get("host", b"").decode("latin-1")
        origin = headers.get("origin", b"").decode("latin-1")
        if origin and urlsplit(origin).netloc != host:
            return 403, "asked from a page of another site"
        if scope["type"] == "http" and scope["path"].rstrip("/") == STARTED:
            return None
        if self._password is not None:
            refused = self._wrong_password(scope, headers.get("authorization", b""))
            if refused:
                return refused
        elif not self._everyone and not is_loopback(urlsplit(f"//{host}").hostname or ""):
            return 403, "only this machine is answered without a password; set ASKPAPER_PASSWORD"
        return _too_large(scope, headers)

    def _wrong_password(self, scope: Message, sent: bytes) -> tuple[int, str] | None:
        if not sent:
            return 401, "a password is needed"
        address = (scope.get("client") or ("",))[0]
        if _is_password(sent, self._password or ""):
            return None
        try:
            self._wrong.count(address)
        except BusyError:
            return 429, "too many wrong passwords; wait a minute"
        return 401, "wrong password"


def is_loopback(host: str) -> bool:
    """Whether the name or address of a host means this machine; asks no name server."""
    try:
        return ipaddress.ip_address(host.strip("[]")).is_loopback
    except ValueError:
        return host.lower() == "localhost"


def _is_password(sent: bytes, password: str) -> bool:
    scheme, _, value = sent.strip().partition(b" ")
    if scheme.lower() == b"basic":
        try:
            value = base64.b64decode(value, validate=True).partition(b":")[2]
        except binascii.Error:
            return False
    elif scheme.lower() != b"bearer":
        return False
    return hmac.compare_digest(value, password.encode())


def _too_large(scope: Message, headers: dict[str, bytes]) -> tuple[int, str] | None:
    if scope["type"] != "http" or scope["path"].rstrip("/") == UPLOAD:
        return None  # Gradio itself counts what is uploaded
    if b"chunked" in headers.get("transfer-encoding", b"").lower():
        return 411, "send the request with its length"
    length = headers.get("content-length", b"0")
    if not length.isdigit() or int(length) > MAX_BODY:
        return 413, f"the request is too long; at most {MAX_BODY // 2**20} MB"
    return None


async def _refuse(status: int, why: str, send: Send) -> None:
    headers = [(b"content-type", b"application/json")]
    if status == 401:
        headers.append((b"www-authenticate", b'Basic realm="askpaper", charset="UTF-8"'))
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": json.dumps({"error": why}).encode()})
