"""Who is let in, how much may be sent, and how often one may ask."""

from __future__ import annotations

import asyncio
import base64
import json
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from app.guard import MAX_BODY, STARTED, UPLOAD, WRONG_PASSWORDS, Guard, Limit, is_loopback
from sources import BusyError


def basic(password: str, user: str = "x") -> str:
    return "Basic " + base64.b64encode(f"{user}:{password}".encode()).decode()


async def inside(scope: Any, receive: Any, send: Any) -> None:
    await send({"type": "http.response.start", "status": 200, "headers": []})
    await send({"type": "http.response.body", "body": b""})


def status(guard: Guard, path: str = "/", **headers: str) -> int:
    given: Mapping[str, str] = {"host": "127.0.0.1:7860"} | headers
    encoded = [(k.replace("_", "-").encode(), v.encode()) for k, v in given.items()]
    scope = {"type": "http", "path": path, "headers": encoded, "client": ("10.0.0.1", 1)}
    sent: list[Any] = []

    async def send(message: Any) -> None:
        sent.append(message)

    # A thread of its own: the browser's tests leave a running loop in this one.
    with ThreadPoolExecutor(1) as pool:
        pool.submit(lambda: asyncio.run(guard(scope, None, send))).result()  # type: ignore[arg-type]
    code: int = sent[0]["status"]
    if code != 200:
        assert "\n" not in json.loads(sent[1]["body"])["error"]
    return code


@pytest.mark.parametrize(
    ("sent", "expected"),
    [
        ("Bearer s:cret 词", 200),
        ("bearer s:cret 词", 200),
        (basic("s:cret 词"), 200),
        (basic("s:cret 词", ""), 200),
        (basic("s:cret"), 401),
        ("Bearer", 401),
        ("Basic !!!", 401),
        ("Basic " + base64.b64encode(b"s:cret").decode(), 401),
        ("Digest s:cret 词", 401),
        ("s:cret 词", 401),
    ],
)
def test_the_password_is_taken_from_browsers_and_programs(sent: str, expected: int) -> None:
    assert status(Guard(inside, "s:cret 词", False), authorization=sent) == expected


@pytest.mark.parametrize("path", ["/", "/mcp", "/gradio_api/run/ask", "/gradio_api/upload", "/x"])
def test_without_the_password_no_path_is_open(path: str) -> None:
    guard = Guard(inside, "secret", False)
    assert status(guard, path) == 401
    assert status(guard, path, host="paper.example") == 401
    assert status(guard, path, host="paper.example", authorization="Bearer secret") == 200


def test_the_server_may_start_itself() -> None:
    assert status(Guard(inside, "secret", False), STARTED) == 200


def test_guessing_is_slow_and_costs_nobody_else_the_way_in() -> None:
    guard = Guard(inside, "secret", False)
    tried = [status(guard, authorization="Bearer guess") for _ in range(WRONG_PASSWORDS + 2)]
    assert tried == [401] * WRONG_PASSWORDS + [429, 429]
    assert status(guard, authorization="Bearer secret") == 200


def test_without_a_password_only_this_machine_is_answered() -> None:
    closed, opened = Guard(inside, None, False), Guard(inside, None, True)
    for host in ("localhost", "localhost:7860", "127.0.0.1", "127.1.2.3:1", "[::1]:7860"):
        assert status(closed, host=host) == 200
    for host in ("paper.example", "127.0.0.1.paper.example", "192.168.1.5:7860", ""):
        assert status(closed, host=host) == 403
        assert status(opened, host=host) == 200


@pytest.mark.parametrize("guard", [Guard(inside, None, True), Guard(inside, "secret", False)])
def test_a_page_of_another_site_cannot_ask(guard: Guard) -> None:
    sent = {"authorization": "Bearer secret", "host": "paper.example"}
    assert status(guard, **sent, origin="https://paper.example") == 200
    for origin in ("https://other.example", "null", "https://paper.example:81", "x"):
        assert status(guard, **sent, origin=origin) == 403


def test_a_request_is_of_bounded_length() -> None:
    guard = Guard(inside, None, False)
    assert status(guard, content_length=str(MAX_BODY)) == 200
    assert status(guard, content_length=str(MAX_BODY + 1)) == 413
    assert status(guard, content_length="-1") == 413
    assert status(guard, transfer_encoding="gzip, chunked") == 411
    assert status(guard, UPLOAD, transfer_encoding="chunked") == 200


def test_loopback() -> None:
    assert all(map(is_loopback, ["127.0.0.1", "127.8.8.8", "::1", "[::1]", "LocalHost"]))
    assert not any(map(is_loopback, ["0.0.0.0", "::", "10.0.0.1", "localhost.example", ""]))


def test_a_minute_has_so_many_questions_for_each_address() -> None:
    now = [0.0]
    limit = Limit(3, lambda: now[0])

    def ask(at: float, address: str) -> None:
        now[0] = at
        limit.count(address)

    for at in (0.0, 10.0, 20.0):
        ask(at, "a")
    ask(20.0, "b")
    with pytest.raises(BusyError, match=r"more than 3 questions .* ask again in 41 s"):
        ask(20.0, "a")
    ask(60.5, "a")
    with pytest.raises(BusyError):
        ask(60.5, "a")
    ask(200.0, "c")
    assert list(limit._calls) == ["c"]  # who has gone is forgotten


def test_the_limit_holds_between_threads() -> None:
    limit = Limit(100)

    def ask(_: int) -> bool:
        try:
            limit.count("a")
        except BusyError:
            return False
        return True

    with ThreadPoolExecutor(8) as threads:
        assert sum(threads.map(ask, range(500))) == 100
