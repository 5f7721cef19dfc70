"""A server on loopback that speaks the OpenAI protocol and says what a test has scripted.

The real client library talks to it over real sockets.
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


@contextmanager
def serve() -> Iterator[Server]:
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_POST(self) -> None:
            body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
            server.requests.append({"path": self.path, **body})
            reply = server.script(body["messages"])
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
            for piece in reply.pieces:
                time.sleep(reply.pause)
                self._event({"role": "assistant", "content": piece}, None)
            if reply.ends == "well":
                self._event({}, "stop")
                self._write(b"data: [DONE]\n\n", last=True)
            elif reply.ends == "dropped":
                self._write(b'data: {"choices": [{"ind')
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

        def _event(self, delta: dict[str, str], finish: str | None) -> None:
            choice = {"index": 0, "delta": delta, "finish_reason": finish}
            event = {
                "id": "scripted",
                "object": "chat.completion.chunk",
                "created": 0,
                "model": "scripted",
                "choices": [choice],
            }
            self._write(f"data: {json.dumps(event)}\n\n".encode())

        def _write(self, data: bytes, *, last: bool = False) -> None:
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
