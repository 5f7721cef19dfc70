"""The chat page: the conversation on the left, the paper on the right.

Gradio and no logic: `app.exchange` asks, `app.page` and `app.reader` render. What a session has
asked lives in its own `gr.State` and in its browser; the assistant is shared and keeps nothing.
"""

from __future__ import annotations

import socket
import time
from collections.abc import AsyncIterator, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import gradio as gr
from anyio import to_thread

from app.conversations import MAX_NAME, Conversation, Notebook, read_notebook
from app.exchange import Answering, Step, exchange, talk
from app.export import to_html, to_markdown
from app.page import title_html
from app.reader import papers_html, tools_html
from app.theme import launch_settings
from app.words import WORDS, reader_language
from sources import Document, Language, ServerError

HOST, PORT = "127.0.0.1", 7860
EXAMPLES_FOR = "wto-ecommerce-negotiations"
EXAMPLES = (
    "2018年全球电子商务规模有多大？",
    "中国在跨境数据流动上持什么立场？",
    "美国为什么用数字贸易取代电子商务的概念？",
    "How much could digital technology add to world trade by 2030?",
    "Which countries require data localization?",
    "Why should China be careful about cross-border data flows?",
)
# How what happens in an answer's own HTML reaches the server, and what is kept the browser.
STORE = """
askpaper.asked = (data) => trigger("asked", data);
askpaper.rated = (data) => trigger("rated", data);
watch("value", () => askpaper.store(props.value));
"""

Updates = dict[Any, Any]


@dataclass(frozen=True, slots=True)
class _Parts:
    """The page's components, by what they are for."""

    title: gr.HTML
    menu: gr.Button
    switch: gr.Button
    clear: gr.Button
    chat: gr.Chatbot
    problem: gr.HTML
    box: gr.Textbox
    send: gr.Button
    stop: gr.Button
    drawer: gr.Button
    tools: gr.HTML
    shut: gr.Button
    kept: gr.Radio
    name: gr.Textbox
    rename: gr.Button
    delete: gr.Button
    undo: gr.Button
    markdown: gr.Button
    printed: gr.Button
    store: gr.HTML
    notebook: gr.State
    language: gr.State
    asking: gr.State
    deleted: gr.State


def build_page(assistant: Answering) -> gr.Blocks:
    """The page, to be launched with `launch_settings`."""
    page = gr.Blocks(
        analytics_enabled=False, title=assistant.document.name, fill_height=True, fill_width=True
    )
    with page:
        with gr.Row(elem_id="desk"):
            parts = _Parts(
                **_side(),
                **_conversation(EXAMPLES if assistant.document.doc_id == EXAMPLES_FOR else ()),
                **_paper(assistant),
                store=gr.HTML(
                    elem_id="store", html_template="", visible="hidden", js_on_load=STORE
                ),
                notebook=gr.State(Notebook()),
                language=gr.State("en"),
                asking=gr.State(""),
                deleted=gr.State(None),
            )
        asked = _wire_questions(assistant, parts)
        _wire_conversations(assistant, parts, asked)
        _wire_page(assistant, parts, page, asked)
    return page


def serve(
    assistant: Answering, host: str = HOST, port: int = PORT, open_browser: bool = True
) -> None:
    """Serves the page until it is interrupted. Raises ServerError where it cannot listen."""
    _check_port(host, port)
    page = build_page(assistant)
    page.launch(server_name=host, server_port=port, inbrowser=open_browser, **launch_settings())


def _side() -> dict[str, Any]:
    """Earlier conversations, in a drawer on the left."""
    with gr.Column(elem_id="side"):
        return {
            "shut": gr.Button("", elem_id="shut", size="sm"),
            "kept": gr.Radio([], elem_id="kept", container=False),
            "undo": gr.Button("", elem_id="undo", size="sm", visible=False),
            "name": gr.Textbox(elem_id="name", max_length=MAX_NAME, max_lines=1),
            "rename": gr.Button("", elem_id="rename", size="sm"),
            "markdown": gr.Button("", elem_id="markdown", size="sm"),
            "printed": gr.Button("", elem_id="printed", size="sm"),
            "delete": gr.Button("", elem_id="delete", size="sm"),
        }


def _conversation(examples: Sequence[str]) -> dict[str, Any]:
    parts: dict[str, Any] = {}
    with gr.Column(elem_id="talk"):
        with gr.Row(elem_id="head"):
            parts["menu"] = gr.Button("", elem_id="menu", size="sm")
            parts["title"] = gr.HTML(elem_id="title", apply_default_css=False)
            parts["switch"] = gr.Button("", elem_id="switch", size="sm")
            parts["clear"] = gr.Button("", elem_id="clear", size="sm")
        parts["chat"] = gr.Chatbot(
            elem_id="chat",
            show_label=False,
            examples=[{"text": example} for example in examples],
            autoscroll=False,
            buttons=[],
            height="100%",
        )
        parts["problem"] = gr.HTML(elem_id="problem", apply_default_css=False)
        with gr.Row(elem_id="ask"):
            parts["box"] = gr.Textbox(
                elem_id="question", show_label=False, container=False, max_lines=6, autofocus=True
            )
            parts["send"] = gr.Button("", elem_id="send", variant="primary")
            parts["stop"] = gr.Button("", elem_id="stop")
    return parts


def _paper(assistant: Answering) -> dict[str, Any]:
    with gr.Column(elem_id="paper"):
        drawer = gr.Button("", elem_id="drawer")
        tools = gr.HTML(elem_id="tools", apply_default_css=False)
        gr.HTML(papers_html([assistant.document]), elem_id="text", apply_default_css=False)
    return {"drawer": drawer, "tools": tools}


# The page scrolls and shows by itself that it is busy; Gradio's veil would hide the text.
QUIET: dict[str, Any] = {"show_progress": "hidden", "api_visibility": "private"}


def _wire_questions(assistant: Answering, parts: _Parts) -> list[Any]:
    """Asking: from the box, an example, a suggestion, a correction. Returns what can be stopped."""

    async def ask(question: str, notebook: Notebook, language: Language) -> AsyncIterator[Updates]:
        steps = exchange(assistant, question, notebook, language)
        async for updates in _asked(assistant, parts, steps, question, language):
            yield updates

    async def ask_example(
        event: gr.SelectData, notebook: Notebook, language: Language
    ) -> AsyncIterator[Updates]:
        async for updates in ask(event.value["text"], notebook, language):
            yield updates

    async def ask_again(
        event: gr.EventData, notebook: Notebook, language: Language
    ) -> AsyncIterator[Updates]:
        data = event._data
        question = str(data["question"])
        steps = exchange(assistant, question, notebook, language, data.get("turn"))
        async for updates in _asked(assistant, parts, steps, question, language):
            yield updates

    shown = [
        *(parts.chat, parts.box, parts.problem, parts.notebook, parts.asking),
        *(parts.kept, parts.name, parts.store),
    ]
    state = [parts.notebook, parts.language]
    many: dict[str, Any] = {"concurrency_limit": None, "concurrency_id": "ask", **QUIET}
    asked = [
        gr.on([parts.box.submit, parts.send.click], ask, [parts.box, *state], shown, **many),
        parts.chat.example_select(ask_example, state, shown, **many),
        parts.store.asked(ask_again, state, shown, **many),
    ]

    def stop(question: str, notebook: Notebook, language: Language) -> Updates:
        return {**_open(assistant, parts, notebook, language), parts.box: question}

    parts.stop.click(stop, [parts.asking, *state], shown, cancels=asked, **QUIET)
    gr.on(
        [parts.box.submit, parts.send.click, parts.stop.click, parts.clear.click],
        None,
        js="() => askpaper.focus()",
    )
    return asked


def _wire_conversations(assistant: Answering, parts: _Parts, asked: list[Any]) -> None:
    """New, open, rename, delete, undo, export."""
    shown = [
        *(parts.chat, parts.box, parts.problem, parts.notebook, parts.kept, parts.name),
        *(parts.store, parts.deleted, parts.undo),
    ]
    state = [parts.notebook, parts.language]

    def opened(notebook: Notebook, language: Language, **change: Any) -> Updates:
        return {
            **_open(assistant, parts, notebook, language),
            parts.undo: gr.update(visible=False),
            parts.store: _change(current=notebook.current.key, **change),
        }

    def begin(notebook: Notebook, language: Language) -> Updates:
        return {**opened(notebook.open(""), language), parts.box: ""}

    def choose(key: str, notebook: Notebook, language: Language) -> Updates:
        return opened(notebook.open(key), language)

    def rename(name: str, notebook: Notebook, language: Language) -> Updates:
        fresh = notebook.rename(name)
        return opened(fresh, language, keep=_entry(fresh))

    def delete(notebook: Notebook, language: Language) -> Updates:
        gone = notebook.current
        return {
            **opened(notebook.drop(), language, drop=gone.key),
            parts.deleted: gone,
            parts.undo: gr.update(visible=bool(gone.answers)),
        }

    def undo(gone: Conversation, notebook: Notebook, language: Language) -> Updates:
        fresh = notebook.keep(gone)
        return opened(fresh, language, keep=_entry(fresh))

    def save(notebook: Notebook, language: Language) -> Updates:
        text = to_markdown(notebook.current.answers, _documents(assistant), language)
        file = {"name": "conversation.md", "type": "text/markdown", "text": text}
        return {parts.store: _change(file=file)}

    def print_page(notebook: Notebook, language: Language) -> Updates:
        text = to_html(notebook.current.answers, _documents(assistant), language)
        return {parts.store: _change(file={"type": "text/html", "text": text})}

    stops: dict[str, Any] = {"cancels": asked, **QUIET}
    parts.clear.click(begin, state, shown, **stops)
    parts.kept.input(choose, [parts.kept, *state], shown, **stops)
    parts.delete.click(delete, state, shown, **stops)
    parts.undo.click(undo, [parts.deleted, *state], shown, **stops)
    gr.on([parts.rename.click, parts.name.submit], rename, [parts.name, *state], shown, **stops)
    parts.markdown.click(save, state, parts.store, **QUIET)
    parts.printed.click(print_page, state, parts.store, **QUIET)


def _wire_page(assistant: Answering, parts: _Parts, page: gr.Blocks, asked: list[Any]) -> None:
    """The first sight of the page, and its language."""
    shown = [
        *(parts.chat, parts.problem, parts.kept, parts.name, parts.notebook),
        *(parts.store, parts.language, parts.title, parts.tools, parts.box, *_named(parts)),
    ]

    def load(kept: dict[str, Any] | None, request: gr.Request) -> Updates:
        kept = kept or {}
        known = reader_language(request.headers.get("accept-language", ""))
        language = kept["language"] if kept.get("language") in WORDS else known
        notebook = read_notebook(kept.get("conversations") or (), kept.get("current") or "")
        return speak(notebook, language)

    def speak(notebook: Notebook, language: Language) -> Updates:
        words = WORDS[language]
        return {
            **_open(assistant, parts, notebook, language),
            **{part: words[name] for part, name in _named(parts).items()},
            parts.chat: gr.update(
                value=_messages(assistant, notebook, language),
                label=words["chat"],
                placeholder=words["welcome"],
            ),
            parts.box: gr.update(label=words["question"], placeholder=words["hint"]),
            parts.name: gr.update(value=notebook.current.name, label=words["name"]),
            parts.title: title_html(language),
            parts.tools: tools_html([assistant.document], language),
            parts.language: language,
        }

    def switch(notebook: Notebook, language: Language) -> Updates:
        other: Language = "en" if language == "zh" else "zh"
        return {**speak(notebook, other), parts.store: _change(language=other)}

    page.load(load, parts.store, shown, js="() => [askpaper.kept()]", queue=False, **QUIET)
    parts.switch.click(switch, [parts.notebook, parts.language], shown, cancels=asked, **QUIET)


async def _asked(
    assistant: Answering, parts: _Parts, steps: Iterator[Step], question: str, language: Language
) -> AsyncIterator[Updates]:
    """What each step of a question changes on the page."""
    box: Updates = {parts.box: "", parts.asking: question, parts.problem: ""}
    async for step in _in_threads(steps):
        if step.notebook:
            yield {
                **_open(assistant, parts, step.notebook, language),
                parts.store: _change(keep=_entry(step.notebook), current=step.notebook.current.key),
            }
        elif step.problem:
            yield {
                parts.chat: _as_messages(step.shown),
                parts.box: question,
                parts.problem: step.problem,
            }
        else:
            yield {parts.chat: _as_messages(step.shown), **box}
            box = {}


async def _in_threads(steps: Iterator[Step]) -> AsyncIterator[Step]:
    """The same steps, but a reader who stops need not wait for the next one.

    Gradio takes no new question from a page as long as an old one runs.
    """
    while True:
        step = await to_thread.run_sync(next, steps, None, abandon_on_cancel=True)
        if step is None:
            return
        yield step


def _open(assistant: Answering, parts: _Parts, notebook: Notebook, language: Language) -> Updates:
    """The open conversation and the list of all."""
    untitled = WORDS[language]["untitled"]
    choices = [(each.title or untitled, each.key) for each in notebook.kept]
    open_one = notebook.current.key if notebook.current in notebook.kept else None
    return {
        parts.chat: _messages(assistant, notebook, language),
        parts.kept: gr.update(choices=choices, value=open_one),
        parts.name: notebook.current.name,
        parts.problem: "",
        parts.notebook: notebook,
    }


def _named(parts: _Parts) -> dict[Any, str]:
    """The buttons, and which of the page's words each bears."""
    names = "menu switch clear send stop drawer shut rename delete undo markdown printed"
    words = names.replace("switch", "language").replace("drawer", "paper").split()
    return {getattr(parts, part): word for part, word in zip(names.split(), words, strict=True)}


def _messages(assistant: Answering, notebook: Notebook, language: Language) -> list[dict[str, Any]]:
    return _as_messages(talk(notebook.current.answers, _documents(assistant), language))


def _as_messages(shown: list[str]) -> list[dict[str, Any]]:
    # Components: a plain message is read as HTML, and loses the attributes citations need.
    return [
        {
            "role": "assistant" if at % 2 else "user",
            "content": gr.HTML(html, apply_default_css=False),
        }
        for at, html in enumerate(shown)
    ]


def _entry(notebook: Notebook) -> tuple[str, str]:
    return notebook.current.key, notebook.current.to_json()


def _change(**change: Any) -> dict[str, Any]:
    """A change for the browser to keep; numbered, for the same one may come twice."""
    return {**change, "number": time.time_ns()}


def _documents(assistant: Answering) -> dict[str, Document]:
    return {assistant.document.doc_id: assistant.document}


def _check_port(host: str, port: int) -> None:
    """Asks the system for the port before gradio does, which would say it in ten lines."""
    try:
        family, _, _, _, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
        with socket.socket(family, socket.SOCK_STREAM) as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            probe.bind((address[0], port))  # not `address`: it has the port modulo 65536
    except (OSError, OverflowError) as error:
        why = error.strerror if isinstance(error, OSError) else str(error)
        raise ServerError(
            f"cannot listen on port {port} of {host} ({why}); choose another with --port, "
            f"such as --port {port + 1 if 0 < port < 65535 else PORT + 1}"
        ) from error
