"""Answers with a language model, through the real client and a scripted server on loopback."""

from __future__ import annotations

import sys
import time
from dataclasses import replace
from pathlib import Path

import pytest

import app.generate
import app.llm
from app import Answer, Assistant, Turn
from app.cli import to_text
from app.conversations import Notebook
from app.exchange import Asked, exchange
from app.llm import LanguageModel, open_llm
from index import Index
from sources import ModelError
from tests.openai_server import Reply, Server

QUESTION = "How big was global e-commerce in 2018?"
QUESTION_ZH = "2018年全球电子商务规模有多大？"
GOOD = "Global e-commerce was worth 25.6 trillion US dollars in 2018 [{}]."
GOOD_ZH = "2018年全球电子商务规模为25.6万亿美元[{}]。"


@pytest.fixture
def assistant(server: Server, index: Index) -> Assistant:
    return Assistant(index, llm=open_llm("openai/scripted"))


def number_of(text: str, messages: list[dict[str, str]]) -> int:
    """The number under which the sentence with this text was offered."""
    line = next(line for line in messages[-1]["content"].splitlines() if text in line)
    return int(line[1 : line.index("]")])


def scripts(server: Server, template: str, text: str = "25.6 万亿") -> None:
    """The template with the number of the sentence that holds `text`, letter by letter."""
    server.script = lambda messages: Reply(list(template.format(number_of(text, messages))))


def check(answer: Answer, assistant: Assistant) -> None:
    """Quotes are verbatim, and the markers in the text are those of the citations."""
    text = assistant.document.text
    assert all(each.quote == text[each.start : each.end] for each in answer.citations)
    assert [each.marker for each in answer.citations] == [*range(1, len(answer.citations) + 1)]
    for start, end in answer.unsupported:
        assert answer.text[start:end].strip() == answer.text[start:end] != ""


def is_quoted(answer: Answer, assistant: Assistant) -> bool:
    """Whether it is the answer without a language model, with a notice."""
    alone = Assistant(assistant.index, assistant.paper).ask(answer.question)
    return bool(answer.notice) and replace(answer, notice="") == alone


@pytest.mark.parametrize(("question", "reply"), [(QUESTION, GOOD), (QUESTION_ZH, GOOD_ZH)])
def test_a_good_answer_is_verified(
    assistant: Assistant, server: Server, question: str, reply: str
) -> None:
    scripts(server, reply)
    answer = assistant.ask(question)
    check(answer, assistant)
    assert (answer.mode, answer.answered, answer.notice) == ("generated", True, "")
    assert answer.text == reply.format(1)
    assert [each.verified for each in answer.citations] == [True]
    assert "25.6 万亿" in answer.citations[0].quote
    assert not answer.unsupported
    assert len(server.requests) == 1


def test_it_streams_from_the_first_token(assistant: Assistant, server: Server) -> None:
    scripts(server, GOOD)
    parts = list(assistant.stream(QUESTION))
    assert parts[0].text == "G"
    assert all(part.mode == "generated" for part in parts)
    # Half a marker never shows.
    assert not any(part.text.rstrip(".").endswith(("[", "[1")) for part in parts)
    assert parts[-1].text == GOOD.format(1)


def test_invented_markers_are_dropped(assistant: Assistant, server: Server) -> None:
    scripts(server, "Global e-commerce was worth 25.6 trillion dollars [{}][999]. It grew [888].")
    answer = assistant.ask(QUESTION)
    check(answer, assistant)
    assert answer.text == "Global e-commerce was worth 25.6 trillion dollars [1]. It grew."
    assert [answer.text[a:b] for a, b in answer.unsupported] == ["It grew."]
    assert answer.notice
    assert "It grew. (not supported)" in to_text(answer)


@pytest.mark.parametrize(
    "reply",
    [
        "Global e-commerce was worth 26.5 trillion US dollars in 2018 [{}].",  # wrong number
        "In 2018 e-commerce in Germany was worth 25.6 trillion US dollars [{}].",  # wrong name
        "Global e-commerce was worth 25.6 trillion US dollars in 2018.",  # no citation
        "It was a lot [4321].",  # invented citation
        "",
    ],
)
def test_nothing_verified_is_replaced_by_quotes(
    assistant: Assistant, server: Server, reply: str
) -> None:
    scripts(server, reply)
    answer = assistant.ask(QUESTION)
    assert is_quoted(answer, assistant)
    assert "could not be verified" in answer.notice


def test_the_model_may_refuse(assistant: Assistant, server: Server) -> None:
    server.says(Reply(list("NOT_IN_PAPER")))
    parts = list(assistant.stream(QUESTION_ZH))
    assert len(parts) == 1  # the token never shows
    assert not parts[0].answered
    assert parts[0].text.startswith("这篇论文似乎没有回答这个问题")
    assert "语言模型" in parts[0].notice


def test_a_second_try_may_succeed(assistant: Assistant, server: Server) -> None:
    tries = [Reply(["Global e-comm"], ends="dropped"), Reply(status=500)]
    for first in tries:
        waiting = [first]
        server.script = lambda messages, waiting=waiting: (  # type: ignore[misc]
            waiting.pop() if waiting else Reply([GOOD.format(number_of("25.6 万亿", messages))])
        )
        answer = assistant.ask(QUESTION)
        assert (answer.text, answer.notice) == (GOOD.format(1), "")


def test_a_server_that_is_not_there(server: Server, index: Index) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("OPENAI_BASE_URL", "http://127.0.0.1:1/v1")
        answer = Assistant(index, llm=open_llm("openai/scripted")).ask(QUESTION_ZH)
    assert answer.mode == "quoted"
    assert "语言模型没有给出回答" in answer.notice


def test_a_drip_meets_the_deadline(assistant: Assistant, server: Server) -> None:
    assert assistant.llm
    assistant.llm = replace(assistant.llm, deadline=0.2)
    server.says(Reply(["a "] * 1000, pause=0.02))
    began = time.monotonic()
    answer = assistant.ask(QUESTION)
    assert time.monotonic() - began < 15
    assert "does not end" in answer.notice


@pytest.mark.parametrize("pieces", [["x" * 5_000_000], ["Words [1]. "] * 450_000])
def test_five_megabytes_are_not_read(
    assistant: Assistant, server: Server, pieces: list[str]
) -> None:
    server.says(Reply(pieces))
    parts = [len(part.text) for part in assistant.stream(QUESTION)]
    assert max(parts) <= app.llm.MAX_REPLY
    assert "does not end" in assistant.ask(QUESTION).notice


def test_thinking_aloud_is_not_shown(assistant: Assistant, server: Server) -> None:
    scripts(server, "<think>The reader wants a number [{}].</think>\n" + GOOD_ZH.replace("{}", "1"))
    parts = list(assistant.stream(QUESTION_ZH))
    assert not any("think" in part.text or "reader" in part.text for part in parts)


@pytest.mark.parametrize(
    "reply",
    [
        "<think>The reader wants 26 [1].</think>\n",
        "<think>The reader wants 26",  # cut off
        "The reader wants 26 [1], so 25.6.</think>\n\n",  # the template had opened it
        "<thinking>The reader wants 26</thinking>",
        "<think></think>",
        "<think>" + "The reader wants a number. " * 400 + "</think>",
    ],
)
def test_thoughts_of_every_kind_are_left_out(
    assistant: Assistant, server: Server, reply: str
) -> None:
    scripts(server, reply + GOOD)
    *_, last = assistant.stream(QUESTION)
    if "</" in reply:
        assert (last.text, last.notice) == (GOOD.format(1), "")
    else:
        assert is_quoted(last, assistant)


def test_an_answer_in_the_wrong_language_is_checked_all_the_same(
    assistant: Assistant, server: Server
) -> None:
    scripts(server, GOOD)
    answer = assistant.ask(QUESTION_ZH)
    assert [each.verified for each in answer.citations] == [True]
    assert "Answer in Chinese" in server.requests[0]["messages"][-1]["content"]


def test_the_prompt_has_a_bound(
    assistant: Assistant, server: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    server.says("NOT_IN_PAPER")
    assistant.ask(QUESTION_ZH)
    monkeypatch.setattr(app.generate, "MAX_MATERIAL", 400)
    assistant.ask(QUESTION_ZH)
    whole, cut = (request["messages"][-1]["content"] for request in server.requests)
    assert len(cut) < 900 < len(whole) < 6_000
    assert "25.6 万亿" in cut  # what would have been quoted is always in


def test_html_and_markup_stay_text(assistant: Assistant, server: Server) -> None:
    scripts(server, "**Global** <b onclick=x>e-commerce</b> was worth 25.6 trillion in 2018 [{}].")
    answer = assistant.ask(QUESTION)
    assert "<b onclick=x>" in answer.text or is_quoted(answer, assistant)
    assert "**" not in answer.text


# --- follow-ups

HISTORY = [Turn("美国在电子商务谈判中的立场是什么？", "美国以数字贸易的概念取代电子商务。")]


def test_the_model_rewrites_a_follow_up(assistant: Assistant, server: Server) -> None:
    server.says("欧盟在电子商务谈判中的立场是什么？", "NOT_IN_PAPER")
    answer = assistant.ask("那欧盟呢？", HISTORY)
    assert answer.standalone_question == "欧盟在电子商务谈判中的立场是什么？"
    assert HISTORY[0].question in server.requests[0]["messages"][-1]["content"]
    assert len(server.requests) == 2


@pytest.mark.parametrize(
    "reply",
    [
        "",
        "What is the position of the EU?",
        "如何制作炸弹？",
        "a\nb",
        "欧" * 400,
        Reply(status=500),
    ],
)
def test_a_rewriting_of_no_use_is_left(
    assistant: Assistant, server: Server, reply: str | Reply
) -> None:
    server.says(reply, "NOT_IN_PAPER")
    rules = Assistant(assistant.index).ask("那欧盟呢？", HISTORY)
    answer = assistant.ask("那欧盟呢？", HISTORY)
    assert answer.standalone_question == rules.standalone_question


def test_a_first_question_is_not_rewritten(assistant: Assistant, server: Server) -> None:
    server.says("NOT_IN_PAPER")
    assert assistant.ask(QUESTION).standalone_question == QUESTION
    assert len(server.requests) == 1


# --- choosing a model


def test_without_the_variable_there_is_none(
    monkeypatch: pytest.MonkeyPatch, server: Server
) -> None:
    monkeypatch.setenv("OPENAI_API_KEY", "is set, but nobody asked")
    assert open_llm() is None


def test_the_variable_names_the_model(monkeypatch: pytest.MonkeyPatch, server: Server) -> None:
    monkeypatch.setenv("ASKPAPER_LLM", "openai/org/model:4b")
    monkeypatch.setenv("OPENAI_API_KEY", "secret-key")
    llm = open_llm()
    assert isinstance(llm, LanguageModel)
    assert "secret-key" not in repr(llm)
    server.says("<think>ponder</think> Hello.")
    assert llm.reply("system", "user") == "Hello."
    assert server.requests[0]["model"] == "org/model:4b"
    assert server.requests[0]["path"] == "/v1/chat/completions"


@pytest.mark.parametrize("name", ["gpt", "openai/", "/x", "mistral/large"])
def test_an_unknown_provider(name: str) -> None:
    with pytest.raises(ModelError, match="ollama/NAME, openai/NAME, anthropic/NAME") as error:
        open_llm(name)
    assert "\n" not in str(error.value)


@pytest.mark.parametrize(
    ("name", "variable"),
    [("openai/x", "OPENAI_API_KEY"), ("anthropic/x", "ANTHROPIC_API_KEY")],
)
def test_a_missing_key(monkeypatch: pytest.MonkeyPatch, name: str, variable: str) -> None:
    for each in ("OPENAI_API_KEY", "OPENAI_BASE_URL", "OPENAI_API_BASE", "ANTHROPIC_API_KEY"):
        monkeypatch.delenv(each, raising=False)
    with pytest.raises(ModelError, match=variable):
        open_llm(name)


@pytest.mark.parametrize("provider", ["ollama", "openai", "anthropic"])
def test_a_provider_that_is_not_installed(monkeypatch: pytest.MonkeyPatch, provider: str) -> None:
    monkeypatch.setenv("OPENAI_API_KEY", "key")
    monkeypatch.setenv("ANTHROPIC_API_KEY", "key")
    for module in ("ollama", "openai_like", "anthropic"):
        monkeypatch.setitem(sys.modules, f"llama_index.llms.{module}", None)
    with pytest.raises(ModelError, match=r'pip install -c constraints.txt -e "\.\[' + provider):
        open_llm(f"{provider}/x")
    extras = Path(__file__).parent.parent / "pyproject.toml"
    assert f"\n{provider} = [" in extras.read_text("utf-8")


def test_what_could_be_asked_next_costs_no_call(assistant: Assistant, server: Server) -> None:
    scripts(server, GOOD)
    asked = Asked(QUESTION, "en")
    *_, last = exchange(lambda: assistant, asked, Notebook(), assistant.index.documents)
    assert last.notebook
    assert last.notebook.current.answers[0].mode == "generated"
    assert last.notebook.current.following
    assert len(server.requests) == 1
