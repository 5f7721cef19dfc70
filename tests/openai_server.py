"""A server on loopback that says what a test has scripted, in the protocol that is asked for:
OpenAI's, Ollama's or Anthropic's.

The real client libraries talk to it over real sockets.
"""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest

import app.generate


@dataclass
class Reply:
    """What the server does with one request: a status, pieces of text, and how it ends."""

    pieces: Sequence[str] = ()
    status: int = 200
    ends: str = "well"  # or "dropped": no end, connection closed; "hang": no end, kept open
    pause: float = 0.0  # seconds before each piece


Script = Callable[[list[dict[str, str]]], Reply]


@dataclass
class Server:
    """`script` maps the messages of a request to a reply; `requests` are the bodies received."""

    url: str
    script: Script
    requests: list[dict[str, Any]] = field(default_factory=list)
    hung_up: threading.Event = field(default_factory=threading.Event)  # the client has, mid-reply
    stopping: threading.Event = field(default_factory=threading.Event)

    def says(self, *replies: Reply | str) -> None:
        """These replies in turn, the last one again and again."""
        waiting = [Reply([each]) if isinstance(each, str) else each for each in replies]
        self.script = lambda _: waiting.pop(0) if len(waiting) > 1 else waiting[0]


def _plain(message: dict[str, Any]) -> dict[str, str]:
    """A message with its text, which Anthropic's clients send in parts."""
    content = message["content"]
    if not isinstance(content, str):
        content = "".join(part["text"] for part in content)
    return {**message, "content": content}


def _openai(delta: dict[str, str], finish: str | None = None) -> bytes:
    choice = {"index": 0, "delta": delta, "finish_reason": finish}
    event = {
        "id": "scripted",
        "object": "chat.completion.chunk",
        "created": 0,
        "model": "scripted",
        "choices": [choice],
    }
    return f"data: {json.dumps(event)}\n\n".encode()


def _ollama(content: str, *, done: bool = False) -> bytes:
    line = {"model": "scripted", "created_at": "2026-01-01T00:00:00Z", "done": done}
    return (
        json.dumps({**line, "message": {"role": "assistant", "content": content}}).encode() + b"\n"
    )


def _anthropic(kind: str, **fields: object) -> bytes:
    return f"event: {kind}\ndata: {json.dumps({'type': kind, **fields})}\n\n".encode()


_USAGE = {"input_tokens": 1, "output_tokens": 1}
_MESSAGE = {
    "id": "scripted",
    "type": "message",
    "role": "assistant",
    "model": "scripted",
    "content": [],
    "stop_reason": None,
    "stop_sequence": None,
    "usage": _USAGE,
}
# By the path of a request: what begins a reply, says a piece, ends it, and half of an event.
_PROTOCOLS: dict[str, tuple[bytes, Callable[[str], bytes], bytes, bytes]] = {
    "/v1/chat/completions": (
        b"",
        lambda piece: _openai({"role": "assistant", "content": piece}),
        _openai({}, "stop") + b"data: [DONE]\n\n",
        b'data: {"choices": [{"ind',
    ),
    "/api/chat": (b"", _ollama, _ollama("", done=True), b'{"model": "scri'),
    "/v1/messages": (
        _anthropic("message_start", message=_MESSAGE)
        + _anthropic("content_block_start", index=0, content_block={"type": "text", "text": ""}),
        lambda piece: _anthropic(
            "content_block_delta", index=0, delta={"type": "text_delta", "text": piece}
        ),
        _anthropic("content_block_stop", index=0)
        + _anthropic(
            "message_delta",
            delta={"stop_reason": "end_turn", "stop_sequence": None},
            usage=_USAGE,
        )
        + _anthropic("message_stop"),
        b'event: content_block_delta\ndata: {"ty',
    ),
}


@contextmanager
def serve() -> Iterator[Server]:
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_POST(self) -> None:
            body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
            server.requests.append({"path": self.path, **body})
            reply = server.script([_plain(message) for message in body["messages"]])
            self.send_response(reply.status)
            self.send_header("Content-Type", "text/event-stream")
            self.send_header("Connection", "close")
            self.send_header("Transfer-Encoding", "chunked")
            self.end_headers()
            try:
                self._stream(reply)
            except OSError:
                server.hung_up.set()

        def _stream(self, reply: Reply) -> None:
            if reply.status != 200:
                self._write(b'{"error": {"message": "as scripted"}}', last=True)
                return
            begin, say, end, half = _PROTOCOLS[self.path]
            self._write(begin)
            for piece in reply.pieces:
                time.sleep(reply.pause)
                self._write(say(piece))
            if reply.ends == "well":
                self._write(end, last=True)
            elif reply.ends == "dropped":
                self._write(half)
            else:
                # Reading ends when the client hangs up.
                self.connection.settimeout(0.05)
                while not server.stopping.is_set():
                    try:
                        if not self.connection.recv(1):
                            server.hung_up.set()
                            return
                    except TimeoutError:
                        continue

        def _write(self, data: bytes, *, last: bool = False) -> None:
            if not data:
                return
            self.wfile.write(b"%x\r\n%s\r\n" % (len(data), data) + b"0\r\n\r\n" * last)
            self.wfile.flush()

        def log_message(self, *_: object) -> None:
            pass

    http = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server = Server(f"http://127.0.0.1:{http.server_port}/v1", lambda _: Reply([""]))
    thread = threading.Thread(target=http.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    try:
        yield server
    finally:
        server.stopping.set()
        http.shutdown()
        thread.join()
        http.server_close()


@pytest.fixture
def server(monkeypatch: pytest.MonkeyPatch) -> Iterator[Server]:
    """One that speaks OpenAI's protocol, and that the variables name."""
    monkeypatch.setattr(app.generate, "PAUSE", 0.01)
    with serve() as running:
        monkeypatch.setenv("OPENAI_BASE_URL", running.url)
        monkeypatch.delenv("OPENAI_API_KEY", raising=False)
        yield running
