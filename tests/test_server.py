"""The page as a server: to whom it listens, and what it offers to programs."""

from __future__ import annotations

import json
import re
import shutil
import socket
import subprocess
import sys
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import Event
from typing import Any

import gradio as gr
import httpx
import pytest
from gradio_client import Client
from gradio_client.exceptions import AppError
from playwright.sync_api import Browser, Error

from app.assistant import Assistant
from app.cli import main
from app.guard import MAX_BODY, Listening
from app.programs import Programs
from app.server import start
from app.shelf import Shelf
from index import Index, build_index
from sources import ServerError

README = (Path(__file__).parent.parent / "README.md").read_text("utf-8")
QUESTION = "Which countries require data localization?"
FIRST, SECOND = "美国在电子商务谈判中的立场是什么？", "那欧盟呢？"
PASSWORD = "s:cret and long"
Started = Callable[..., str]


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
    return port


@pytest.fixture(scope="module")
def assistant(index: Index) -> Assistant:
    return Assistant(index)


@pytest.fixture(scope="module")
def running(assistant: Assistant) -> Iterator[Started]:
    """Starts a server and gives its address; all end with the module."""
    pages: list[gr.Blocks] = []

    def run(**listening: Any) -> str:
        pages.append(start(Shelf(assistant), Listening(port=free_port(), **listening)))
        return str(pages[-1].local_url).rstrip("/")

    yield run
    for page in pages:
        page.close(verbose=False)


@pytest.fixture(scope="module")
def url(running: Started) -> str:
    return running(questions_per_minute=1000)


@pytest.fixture(scope="module")
def locked(running: Started) -> str:
    """A server with a password."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("ASKPAPER_PASSWORD", PASSWORD)
        return running()


def call(url: str, endpoint: str, *data: object, **headers: str) -> Any:
    """What an endpoint returns, or its error."""
    address = f"{url}/gradio_api/run/{endpoint}"
    said = httpx.post(address, json={"data": data}, headers=headers, timeout=30).json()
    return said["data"][0] if "data" in said else said["error"]


def test_ask_gives_the_answer_as_json(url: str, assistant: Assistant) -> None:
    expected = assistant.ask(QUESTION).to_dict()
    assert call(url, "ask", QUESTION, [], "") == json.loads(json.dumps(expected))
    followed = call(url, "ask", SECOND, [{"question": FIRST}], assistant.paper)
    assert (
        "欧盟" in followed["standalone_question"] and "电子商务" in followed["standalone_question"]
    )


def test_search_gives_chunks_best_first(url: str, assistant: Assistant) -> None:
    found = call(url, "search", QUESTION, "", 3)
    assert [each["rank"] for each in found] == [1, 2, 3]
    text = assistant.document.text
    assert all(text[c["start"] : c["end"]] == c["text"] for c in (each["chunk"] for each in found))


def test_papers_lists_what_can_be_asked(url: str, assistant: Assistant) -> None:
    (paper,) = call(url, "papers")
    document = assistant.document
    assert paper == {
        "paper": assistant.paper,
        "name": document.name,
        "year": None,
        "characters": len(document.text),
    }


@pytest.mark.parametrize(
    ("endpoint", "data", "says"),
    [
        ("ask", ["  ", [], ""], "the question is empty"),
        ("ask", [5, [], ""], "question has to be text, not int"),
        ("ask", [None, None, ""], "question has to be text, not NoneType"),
        ("ask", [QUESTION, "before", ""], "history has to be a list"),
        ("ask", [QUESTION, [{"question": "x"}] * 101, ""], "at most 100"),
        ("ask", [QUESTION, [{"question": "x"}, {}], ""], "turn 2 of history"),
        ("ask", [QUESTION, [{"question": "x", "role": "user"}], ""], "turn 1 of history"),
        (
            "ask",
            [QUESTION, [{"question": "x", "answer_text": 1}], ""],
            "answer_text has to be text",
        ),
        ("ask", [QUESTION, [], "../../etc/passwd"], "no paper '../../etc/passwd' in the index"),
        ("search", [QUESTION, "", 51], "from 1 to 50"),
        ("search", [QUESTION, "", "many"], "from 1 to 50"),
        ("search", ["?", "", 1], "no word in it"),
    ],
)
def test_a_programs_mistake_is_one_line(
    url: str, endpoint: str, data: list[object], says: str
) -> None:
    error = call(url, endpoint, *data)
    assert says in error and "\n" not in error


def test_only_three_endpoints_are_public(url: str) -> None:
    told = httpx.get(f"{url}/gradio_api/info").json()
    assert list(told["named_endpoints"]) == ["/ask", "/search", "/papers"]
    assert told["unnamed_endpoints"] == {}
    asked = told["named_endpoints"]["/ask"]
    assert [p["parameter_name"] for p in asked["parameters"]] == ["question", "history", "paper"]
    assert asked["description"].startswith("Answers a question about a paper")


def test_programs_at_once_each_get_their_own_answer(url: str, assistant: Assistant) -> None:
    histories = [[], [{"question": FIRST}], [{"question": "数字贸易是什么？"}]] * 8
    with ThreadPoolExecutor(8) as threads:
        got = list(threads.map(lambda history: call(url, "ask", SECOND, history, ""), histories))
    understood = [each["standalone_question"] for each in got]
    assert understood == understood[:3] * 8
    assert len(set(understood)) == 3


def examples(language: str) -> list[str]:
    section = README.partition("## From other programs")[2].partition("\n## ")[0]
    return re.findall(rf"```{language}\n(.*?)```", section, re.S)


def test_the_readmes_examples_work(url: str) -> None:
    (curl,), (client, mcp), (settings,) = map(examples, ("sh", "python", "json"))
    assert shutil.which("curl")

    def output(*command: str, source: str) -> str:
        assert "http://127.0.0.1:7860" in source
        source = source.replace("http://127.0.0.1:7860", url)
        return subprocess.run(
            [*command, source], capture_output=True, text=True, check=True, timeout=120
        ).stdout

    assert json.loads(output("bash", "-c", source=curl))["data"][0]["answered"] is True
    said = output(sys.executable, "-W", "ignore", "-c", source=client)
    assert "欧盟在电子商务谈判中的立场是什么？" in said
    assert "印度尼西亚" in output(sys.executable, "-W", "ignore", "-c", source=mcp)
    address = json.loads(settings)["mcpServers"]["askpaper"]["url"]
    assert address in mcp


def tool(url: str, name: str, arguments: dict[str, Any], **headers: str) -> Any:
    """The result of an MCP tool, spoken to in plain HTTP."""
    headers |= {"Accept": "application/json, text/event-stream"}
    body = {"jsonrpc": "2.0", "id": 1, "method": "tools/call"}
    body["params"] = {"name": name, "arguments": arguments}  # type: ignore[assignment]
    return httpx.post(f"{url}/mcp", json=body, headers=headers, timeout=30).json()


def test_tools_give_json_and_one_line_errors(url: str, assistant: Assistant) -> None:
    answer = tool(url, "ask_paper", {"question": QUESTION})["result"]
    expected = json.loads(json.dumps(assistant.ask(QUESTION).to_dict()))
    del expected["retrieved"]
    assert answer["structuredContent"] == expected
    assert json.loads(answer["content"][0]["text"]) == expected
    found = tool(url, "search_paper", {"question": QUESTION, "limit": 2})["result"]
    assert [each["rank"] for each in found["structuredContent"]["result"]] == [1, 2]
    (paper,) = tool(url, "list_papers", {})["result"]["structuredContent"]["result"]
    assert paper["paper"] == assistant.paper
    wrong = tool(url, "ask_paper", {"question": QUESTION, "paper": "none"})["result"]
    assert wrong["isError"] and "no paper 'none' in the index" in wrong["content"][0]["text"]


def test_the_password_is_asked_of_everyone(locked: str) -> None:
    right = {"Authorization": f"Bearer {PASSWORD}"}
    for path in ("/", "/config", "/gradio_api/info", "/mcp", "/theme.css", "/gradio_api/vibe-code"):
        assert httpx.get(locked + path).status_code == 401, path
        assert httpx.get(locked + path, headers=right).status_code != 401, path
    assert call(locked, "ask", QUESTION, [], "") == "a password is needed"
    assert call(locked, "ask", QUESTION, [], "", **right)["answered"]
    assert tool(locked, "list_papers", {}) == {"error": "a password is needed"}
    assert tool(locked, "list_papers", {}, **right)["result"]["isError"] is False
    client = Client(locked, headers=right, verbose=False)
    assert client.predict(QUESTION, api_name="/ask")["answered"]


@pytest.mark.browser
def test_a_browser_with_the_password_sees_the_page_and_is_answered(
    locked: str, browser: Browser
) -> None:
    known = browser.new_context(http_credentials={"username": "anyone", "password": PASSWORD})
    page = known.new_page()
    page.goto(locked)
    page.locator("#question textarea").fill(QUESTION)
    page.locator("#question textarea").press("Enter")
    page.locator(".answer .cite").first.wait_for(timeout=20_000)
    known.close()
    stranger = browser.new_context()
    with pytest.raises(Error, match="INVALID_AUTH"):
        stranger.new_page().goto(locked)
    stranger.close()


def test_questions_have_a_limit_in_the_api_and_over_mcp(running: Started) -> None:
    url = running(questions_per_minute=2)
    assert call(url, "ask", QUESTION, [], "")["answered"]
    assert tool(url, "list_papers", {})["result"]["isError"] is False
    assert "more than 2 questions in a minute" in call(url, "search", QUESTION, "", 1)
    refused = tool(url, "ask_paper", {"question": QUESTION})["result"]
    assert refused["isError"] and "ask again in" in refused["content"][0]["text"]
    client = Client(url, verbose=False)
    with pytest.raises(AppError, match="more than 2 questions"):
        client.predict(QUESTION, api_name="/ask")


def test_a_request_that_is_too_long_is_refused(url: str) -> None:
    address = f"{url}/gradio_api/run/ask"
    long = httpx.post(address, content=b" " * (MAX_BODY + 1))
    assert (long.status_code, long.json()) == (
        413,
        {"error": "the request is too long; at most 20 MB"},
    )
    other = httpx.post(address, json={"data": []}, headers={"Origin": "https://other.example"})
    assert other.status_code == 403


@pytest.mark.parametrize("host", ["0.0.0.0", "::", "192.0.2.1"])
def test_beyond_this_machine_it_takes_a_password(
    host: str, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, index: Index
) -> None:
    monkeypatch.setenv("ASKPAPER_PASSWORD", "")
    assert main(["--host", host, "--no-browser"]) == 1
    error = capsys.readouterr().err
    assert error.count("\n") == 1 and "ASKPAPER_PASSWORD" in error and "--no-password" in error


def test_beyond_this_machine_it_can_be_allowed(running: Started) -> None:
    url = running(host="0.0.0.0", everyone=True)
    said = httpx.get(f"{url}/gradio_api/info", headers={"Host": "paper.example"})
    assert said.status_code == 200


def test_a_port_that_is_taken_is_one_line_with_another_to_choose(assistant: Assistant) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        with pytest.raises(ServerError, match=rf"port {port} .*--port {port + 1}") as caught:
            start(Shelf(assistant), Listening(port=port))
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize("port", [-1, 70_000])
def test_a_port_that_cannot_be_is_a_server_error(assistant: Assistant, port: int) -> None:
    with pytest.raises(ServerError, match="--port"):
        start(Shelf(assistant), Listening(port=port))


def test_programs_see_a_paper_that_the_page_adds(tmp_path: Path) -> None:
    shelf = Shelf(Assistant(build_index(folder=tmp_path / "index")), tmp_path / "index")
    programs = Programs(shelf)
    file = tmp_path / "whales.md"
    file.write_text("# Whales\n\nBlue whales eat four tonnes of krill a day.\n", "utf-8")
    (paper,) = shelf.add([file], lambda done, total: None, Event())
    assert [each["paper"] for each in programs.papers()][-1] == paper
    answer = programs.ask("How much krill do blue whales eat a day?", paper=paper)
    assert {each.chunk.doc_id for each in answer.citations} == {paper}
    assert {each["chunk"]["doc_id"] for each in programs.search("krill", paper)} == {paper}
