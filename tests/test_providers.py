"""Each provider through its own client and its own protocol, on loopback."""

from __future__ import annotations

import importlib.util
import time
from collections.abc import Iterator

import pytest

import app.generate
import app.llm
from app import Assistant
from app.llm import CONTEXT, open_llm
from index import Index
from sources import ModelError
from tests.openai_server import Reply, Server, serve
from tests.test_generate import GOOD, QUESTION, check, is_quoted, number_of, scripts

CLIENTS = {"ollama": "ollama", "openai": "openai_like", "anthropic": "anthropic"}
MODELS = {"ollama": "qwen3:4b", "openai": "scripted", "anthropic": "claude-haiku-4-5"}


@pytest.fixture(params=CLIENTS)
def provider(request: pytest.FixtureRequest) -> str:
    name: str = request.param
    if not importlib.util.find_spec(f"llama_index.llms.{CLIENTS[name]}"):
        pytest.skip(f'not installed: pip install -c constraints.txt -e ".[{name}]"')
    return name


@pytest.fixture
def server(monkeypatch: pytest.MonkeyPatch) -> Iterator[Server]:
    monkeypatch.setattr(app.generate, "PAUSE", 0.01)
    with serve() as running:
        root = running.url.removesuffix("/v1")
        monkeypatch.setenv("OLLAMA_HOST", root)
        monkeypatch.setenv("OPENAI_BASE_URL", running.url)
        monkeypatch.setenv("ANTHROPIC_BASE_URL", root)
        monkeypatch.setenv("ANTHROPIC_API_KEY", "key")
        yield running


@pytest.fixture
def assistant(server: Server, index: Index, provider: str) -> Assistant:
    return Assistant(index, llm=open_llm(f"{provider}/{MODELS[provider]}"))


def test_it_streams_a_good_answer(assistant: Assistant, server: Server) -> None:
    scripts(server, GOOD)
    parts = list(assistant.stream(QUESTION))
    check(parts[-1], assistant)
    assert (parts[0].text, parts[-1].text) == ("G", GOOD.format(1))
    assert parts[-1].mode == "generated"
    assert [each.verified for each in parts[-1].citations] == [True]
    assert len(server.requests) == 1


def test_closing_the_stream_ends_the_request(assistant: Assistant, server: Server) -> None:
    server.says(Reply(["Global"], ends="hang"))
    stream = assistant.stream(QUESTION)
    assert next(stream).text == "Global"
    stream.close()  # type: ignore[attr-defined]
    assert server.hung_up.wait(5)
    assert len(server.requests) == 1


@pytest.mark.parametrize(
    ("reply", "why"),
    [
        (Reply(status=429), "HTTP 429"),
        (Reply(status=500), "HTTP 500"),
        (Reply(["Global e-commerce was"], ends="dropped"), "connection lost"),
    ],
)
def test_a_failure_is_retried_once_then_quoted(
    assistant: Assistant, server: Server, reply: Reply, why: str
) -> None:
    server.says(reply)
    answer = assistant.ask(QUESTION)
    assert is_quoted(answer, assistant)
    assert why in answer.notice
    assert len(server.requests) == 2


def test_a_second_try_may_succeed(assistant: Assistant, server: Server) -> None:
    first = [Reply(["Global e-comm"], ends="dropped")]
    server.script = lambda messages: (
        first.pop() if first else Reply([GOOD.format(number_of("25.6 万亿", messages))])
    )
    answer = assistant.ask(QUESTION)
    assert (answer.text, answer.notice) == (GOOD.format(1), "")


@pytest.mark.parametrize("pieces", [[], ["Global e-commerce"]])
def test_a_hang_times_out(
    server: Server,
    index: Index,
    provider: str,
    monkeypatch: pytest.MonkeyPatch,
    pieces: list[str],
) -> None:
    monkeypatch.setattr(app.llm, "TIMEOUT", 0.2)
    server.says(Reply(pieces, ends="hang"))
    began = time.monotonic()
    answer = Assistant(index, llm=open_llm(f"{provider}/{MODELS[provider]}")).ask(QUESTION)
    assert time.monotonic() - began < 30
    assert answer.mode == "quoted"
    assert "timeout" in answer.notice


def test_a_server_that_is_not_there(
    server: Server, index: Index, provider: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    for variable in ("OLLAMA_HOST", "OPENAI_BASE_URL", "ANTHROPIC_BASE_URL"):
        monkeypatch.setenv(variable, "http://127.0.0.1:1")
    answer = Assistant(index, llm=open_llm(f"{provider}/{MODELS[provider]}")).ask(QUESTION)
    assert answer.mode == "quoted"
    assert "connection lost" in answer.notice


def test_the_server_is_told_how_long_the_prompt_may_be(
    assistant: Assistant, server: Server, provider: str
) -> None:
    server.says("NOT_IN_PAPER")
    assistant.ask(QUESTION)
    request = server.requests[0]
    assert request["model"] == MODELS[provider]
    if provider == "ollama":
        assert request["options"]["num_ctx"] == CONTEXT
        assert request["think"] is False
    if provider == "anthropic":
        assert request["max_tokens"] == app.llm.MAX_TOKENS
        assert "numbered sentences" in str(request["system"])


def test_a_model_that_the_client_does_not_know_is_told_at_once(server: Server) -> None:
    pytest.importorskip("llama_index.llms.anthropic")
    with pytest.raises(ModelError, match="Unknown model: clod; check") as error:
        open_llm("anthropic/clod")
    assert len(str(error.value)) < 200
