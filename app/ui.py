"""The chat page: the conversation on the left, the paper on the right.

The only import of gradio, and no logic: `app.assistant` answers, `app.page` renders. What a
session has asked lives in its own `gr.State`; the assistant is shared and keeps nothing.
"""

from __future__ import annotations

import logging
from collections.abc import AsyncIterator, Callable, Iterator, Sequence
from pathlib import Path
from typing import Any, Protocol

import gradio as gr
from anyio import to_thread

from app.answers import Answer, Turn
from app.page import (
    WORDS,
    answer_html,
    document_html,
    pending_html,
    problem_html,
    question_html,
    reader_language,
    title_html,
)
from app.questions import check_question
from sources import AskPaperError, Document, Language

ASSETS = Path(__file__).parent / "assets"
EXAMPLES_FOR = "wto-ecommerce-negotiations"
EXAMPLES = (
    "2018年全球电子商务规模有多大？",
    "中国在跨境数据流动上持什么立场？",
    "美国为什么用数字贸易取代电子商务的概念？",
    "How much could digital technology add to world trade by 2030?",
    "Which countries require data localization?",
    "Why should China be careful about cross-border data flows?",
)
SANS = (
    *("system-ui", "-apple-system", "Segoe UI", "PingFang SC", "Hiragino Sans GB"),
    *("Microsoft YaHei", "Noto Sans CJK SC", "Noto Sans SC", "sans-serif"),
)

Message = dict[str, Any]
Updates = tuple[Any, Any, Any, Any]
"""For the conversation, the question box, the problem line and the session's answers."""


class Answering(Protocol):
    """What the page needs of an `Assistant`."""

    @property
    def document(self) -> Document:
        """The paper that is asked."""
        ...

    def stream(self, question: str, history: Sequence[Turn] = ()) -> Iterator[Answer]:
        """Ever more complete answers."""
        ...


def build_page(
    assistant: Answering, admit: Callable[[str], None] = lambda address: None
) -> gr.Blocks:
    """The page, to be launched with `launch_settings`.

    `admit` is called with the reader's address before a question and may raise BusyError.
    """
    examples = EXAMPLES if assistant.document.doc_id == EXAMPLES_FOR else ()
    page = gr.Blocks(
        analytics_enabled=False, title=assistant.document.name, fill_height=True, fill_width=True
    )
    with page:
        answers = gr.State(())
        with gr.Row(elem_id="desk"):
            with gr.Column(elem_id="talk"):
                with gr.Row(elem_id="head"):
                    title = gr.HTML(elem_id="title", apply_default_css=False)
                    clear = gr.Button("", elem_id="clear", size="sm")
                chat = gr.Chatbot(
                    elem_id="chat",
                    show_label=False,
                    examples=[{"text": example} for example in examples],
                    autoscroll=False,
                    buttons=[],
                    height="100%",
                )
                problem = gr.HTML(elem_id="problem", apply_default_css=False)
                with gr.Row(elem_id="ask"):
                    box = gr.Textbox(
                        elem_id="question",
                        show_label=False,
                        container=False,
                        max_lines=6,
                        autofocus=True,
                    )
                    send = gr.Button("", elem_id="send", variant="primary")
            with gr.Column(elem_id="paper"):
                drawer = gr.Button("", elem_id="drawer")
                gr.HTML(document_html(assistant.document), elem_id="text", apply_default_css=False)

        async def ask(
            question: str, earlier: tuple[Answer, ...], request: gr.Request
        ) -> AsyncIterator[Updates]:
            language = _language(request)
            address = request.client.host if request.client else ""
            exchange = _exchange(assistant, question, earlier, language, lambda: admit(address))
            async for updates in _in_threads(exchange):
                yield updates

        async def ask_example(
            event: gr.SelectData, earlier: tuple[Answer, ...], request: gr.Request
        ) -> AsyncIterator[Updates]:
            async for updates in ask(event.value["text"], earlier, request):
                yield updates

        def speak(request: gr.Request) -> list[Any]:
            words = WORDS[_language(request)]
            return [
                title_html(_language(request)),
                *(words["clear"], words["send"], words["paper"]),
                gr.update(label=words["chat"], placeholder=words["welcome"]),
                gr.update(label=words["question"], placeholder=words["hint"]),
            ]

        shown = [chat, box, problem, answers]
        # The page scrolls and shows by itself that it is busy; Gradio's veil would hide the text.
        # A name of its own leaves those of the public endpoints free.
        private = {"api_visibility": "private", "api_name": "page"}
        quiet: dict[str, Any] = {"show_progress": "hidden", **private}
        many: dict[str, Any] = {"concurrency_limit": None, "concurrency_id": "ask"}
        asked = [
            gr.on([box.submit, send.click], ask, [box, answers], shown, **quiet, **many),
            chat.example_select(ask_example, answers, shown, **quiet, **many),
        ]
        gr.on([box.submit, send.click, clear.click], None, js="() => askpaper.focus()")
        page.load(speak, None, [title, clear, send, drawer, chat, box], queue=False, **quiet)
        clear.click(lambda: ([], "", "", ()), None, shown, cancels=asked, **quiet)
    return page


def launch_settings() -> dict[str, Any]:
    """How the page is launched wherever it listens: its look, and nothing from outside."""
    script = (ASSETS / "page.js").read_text(encoding="utf-8")
    return {
        "theme": _theme(),
        "css_paths": ASSETS / "page.css",
        "head": f"<script>{script}</script>",
        "quiet": True,
        "share": False,
        "footer_links": [],
        "enable_monitoring": False,
        "run_history": False,
        "ssr_mode": False,
        "pwa": False,
        "mcp_server": False,
    }


def _theme() -> gr.themes.Base:
    """Gradio's plainest theme with the colours of `page.css`, which follow light and dark."""
    colours = {
        "body_background_fill": "var(--desk)",
        "body_text_color": "var(--ink)",
        "body_text_color_subdued": "var(--muted)",
        "background_fill_primary": "var(--desk)",
        "background_fill_secondary": "var(--sheet)",
        "block_background_fill": "transparent",
        "border_color_primary": "var(--line)",
        "input_background_fill": "var(--sheet)",
        "input_placeholder_color": "var(--muted)",
        "button_primary_background_fill": "var(--accent)",
        "button_primary_background_fill_hover": "var(--accent-deep)",
        "button_primary_text_color": "var(--on-accent)",
        "button_secondary_background_fill": "transparent",
        "button_secondary_background_fill_hover": "var(--tint)",
        "button_secondary_text_color": "var(--ink)",
        "button_secondary_border_color": "var(--line)",
    }
    both = colours | {f"{name}_dark": value for name, value in colours.items()}
    theme = gr.themes.Base(font=SANS, font_mono=("ui-monospace", "monospace"))
    return theme.set(**both, block_border_width="0px", block_shadow="none")


def _exchange(
    assistant: Answering,
    question: str,
    earlier: tuple[Answer, ...],
    language: Language,
    admit: Callable[[], None],
) -> Iterator[Updates]:
    """One question and its answer; what was typed comes back to the box if it fails."""
    past = [message for answer in earlier for message in _messages(answer, language)]
    typed = _message("user", question_html(question.strip()))
    history = [Turn(answer.question, answer.text) for answer in earlier]
    answer: Answer | None = None
    failure: AskPaperError | None = None
    try:
        check_question(question)
        admit()
        yield [*past, typed, _message("assistant", pending_html(language))], "", "", gr.skip()
        for answer in assistant.stream(question, history):
            said = _message("assistant", answer_html(answer, language))
            yield [*past, typed, said], gr.skip(), gr.skip(), gr.skip()
        if answer:
            yield gr.skip(), gr.skip(), gr.skip(), (*earlier, answer)
        return
    except AskPaperError as error:
        failure = error
    except Exception:  # a defect of ours: the log has it, the reader keeps the question
        logging.getLogger(__name__).exception("could not answer")
    yield past, question, problem_html(failure, question, language), gr.skip()


async def _in_threads(exchange: Iterator[Updates]) -> AsyncIterator[Updates]:
    """The same updates, but a reader who clears the page need not wait for the next one.

    Gradio takes no new question from a page as long as an old one runs.
    """
    while True:
        updates = await to_thread.run_sync(next, exchange, None, abandon_on_cancel=True)
        if updates is None:
            return
        yield updates


def _messages(answer: Answer, language: Language) -> list[Message]:
    asked = _message("user", question_html(answer.question))
    return [asked, _message("assistant", answer_html(answer, language))]


def _message(role: str, html: str) -> Message:
    # A component: a plain message is read as HTML, and loses the attributes citations need.
    return {"role": role, "content": gr.HTML(html, apply_default_css=False)}


def _language(request: gr.Request) -> Language:
    return reader_language(request.headers.get("accept-language", ""))
