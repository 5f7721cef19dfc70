"""Twenty people at once for a minute, through the page's own events and through the API.

`python -m pytest -m soak -s tests/test_load.py` prints the numbers; not part of the quick tests.
"""

from __future__ import annotations

import json
import re
import socket
import subprocess
import sys
import time
import uuid
from collections import defaultdict
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from os import cpu_count, getloadavg
from pathlib import Path
from random import Random
from statistics import quantiles
from typing import Any

import httpx
import pytest

from index import Index

PEOPLE, SECONDS, WARM_UP = 20, 60, 15
THINKING = 3.0  # seconds between an answer and the next question on average; readers take longer
TURNS = 5  # of a conversation; then the person opens the page anew
CITED = 'class=\\"cite'
P95 = 1.0  # seconds
KEPT = 1.5  # MB of a conversation, all that memory may grow by; app.server.SESSIONS bounds it
QUESTIONS = (
    "Which countries require data localization?",
    "2018年全球电子商务规模有多大？",
    "中国在跨境数据流动上持什么立场？",
    "Why should China be careful about cross-border data flows?",
    "那欧盟呢？",
)


@dataclass
class Person:
    """Somebody who asks, waits and reads; `seconds` are those of each kind of request."""

    name: str
    site: httpx.Client
    page: dict[str, Any]
    seconds: dict[str, list[float]] = field(default_factory=lambda: defaultdict(list))
    mixed_up: list[str] = field(default_factory=list)
    conversations: int = 0

    def converse(self, until: float) -> None:
        pace = Random(self.name)
        while time.monotonic() < until:
            self.conversations += 1
            session, asked = uuid.uuid4().hex, []
            for turn, question in enumerate(QUESTIONS[:TURNS]):
                asked.append(f"{self.name}T{turn}E")
                time.sleep(pace.uniform(0, 2 * THINKING))
                said = self._ask_page(session, f"{question} {asked[-1]}")
                if set(re.findall(r"P\d+T\d+E", said)) != set(asked) or CITED not in said:
                    self.mixed_up.append(said)
                self._timed("api", self._ask_api, f"{question} {asked[-1]}", asked[:-1])
                self._timed("bare", self.site.get, "/gradio_api/startup-events")

    def _timed(self, kind: str, request: Any, *arguments: Any) -> Any:
        began = time.perf_counter()
        result = request(*arguments)
        self.seconds[kind].append(time.perf_counter() - began)
        return result

    def _ask_page(self, session: str, question: str) -> str:
        """Everything that the page is sent for a question, as Gradio's own script asks it.

        Timed until the answer is there; next questions and what the browser keeps come after.
        """
        data = [question if at == self.page["box"] else None for at in self.page["inputs"]]
        asked = {"data": data, "fn_index": self.page["event"], "session_hash": session}
        began = time.perf_counter()
        self.site.post("/gradio_api/queue/join", json=asked).raise_for_status()
        said: list[str] = []
        answered = False
        stream = self.site.stream("GET", "/gradio_api/queue/data", params={"session_hash": session})
        with stream as lines:
            for line in filter(None, lines.iter_lines()):
                updates = any('"process_generating"' in each for each in said)
                said.append(line)
                if updates and not answered and CITED in line:  # the first one repeats the past
                    answered = True
                    self.seconds["page"].append(time.perf_counter() - began)
                if '"process_completed"' in line:
                    assert json.loads(line.removeprefix("data: "))["success"], line
        return "\n".join(said)

    def _ask_api(self, question: str, earlier: list[str]) -> None:
        history = [{"question": each} for each in earlier]
        asked = self.site.post("/gradio_api/run/ask", json={"data": [question, history, ""]})
        if asked.json()["data"][0]["question"] != question:
            self.mixed_up.append(asked.text)


@pytest.fixture
def server(index: Index) -> Iterator[tuple[str, int]]:
    """The address and the process id of a server of its own, as a reader starts it."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    command = [sys.executable, "-m", "app", "--no-browser", "--port", str(port)]
    command += ["--questions-per-minute", "1000000"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        assert "The page is at" in process.stdout.readline()
        yield f"http://127.0.0.1:{port}", process.pid
        process.terminate()


@pytest.mark.soak
def test_twenty_people_for_a_minute(server: tuple[str, int]) -> None:
    url, process = server
    page = events(httpx.get(f"{url}/config").json())
    began = time.monotonic()
    memory, conversations = {}, {}
    sites = [httpx.Client(base_url=url, timeout=30) for _ in range(PEOPLE)]
    people = [Person(f"P{n}", site, page) for n, site in enumerate(sites)]
    with ThreadPoolExecutor(PEOPLE) as threads:
        running = [threads.submit(each.converse, began + SECONDS) for each in people]
        for at in (WARM_UP, SECONDS):
            time.sleep(max(0.0, began + at - time.monotonic()))
            memory[at] = resident(process)
            conversations[at] = sum(each.conversations for each in people)
        for each in running:
            each.result()
    table = {
        kind: [seconds for each in people for seconds in each.seconds[kind]]
        for kind in ("page", "api", "bare")
    }
    for kind, seconds in table.items():
        cuts = quantiles(seconds, n=100)
        print(f"\n{kind:5} n={len(seconds):5} p50 {cuts[49]:.3f} s  p95 {cuts[94]:.3f} s", end="")
    print(f"\nmemory {memory[WARM_UP]} MB after {WARM_UP} s, {memory[SECONDS]} MB at the end")
    print(f"load of the machine {getloadavg()[0]:.1f} on {cpu_count()} cores")
    assert not [each for person in people for each in person.mixed_up]
    assert quantiles(table["page"], n=100)[94] < P95
    assert quantiles(table["api"], n=100)[94] < P95
    begun = conversations[SECONDS] - conversations[WARM_UP]
    assert memory[SECONDS] - memory[WARM_UP] < KEPT * begun


def events(config: dict[str, Any]) -> dict[str, Any]:
    """Which event sends the question box, and with which inputs."""
    (box,) = [c["id"] for c in config["components"] if c["props"].get("elem_id") == "question"]
    event = next(
        each
        for each in config["dependencies"]
        if [box, "submit"] in [list(target) for target in each["targets"]] and each["backend_fn"]
    )
    return {"box": box, "event": event["id"], "inputs": event["inputs"]}


def resident(process: int) -> int:
    """The memory of a process, in MB."""
    status = Path(f"/proc/{process}/status").read_text()
    found = re.search(r"VmRSS:\s+(\d+) kB", status)
    assert found
    return int(found[1]) // 1024
