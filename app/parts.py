"""The components of the page and where they stand.

What they do is in `app.desk`; `app.ui` wires the two.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import gradio as gr

from app.conversations import MAX_NAME, Notebook
from app.exchange import Floor
from app.reader import papers_html
from sources import Document

Updates = dict[Any, Any]
"""What changes on the page, by component."""

# How what happens in an answer's own HTML reaches the server, and the server the browser's store.
_STORE = """
askpaper.asked = (data) => trigger("asked", data);
askpaper.rated = (data) => trigger("rated", data);
askpaper.paged = (data) => trigger("paged", data);
watch("value", () => askpaper.store(props.value));
"""
# The buttons, and which of the page's words each bears.
_BUTTONS = {
    **{name: name for name in "menu clear send stop shut cancel remove rename delete undo".split()},
    **{"markdown": "markdown", "printed": "printed", "switch": "language", "drawer": "paper"},
}


@dataclass(frozen=True, slots=True)
class Parts:
    """Every component that something happens to."""

    shut: gr.Button
    shelf: gr.CheckboxGroup
    upload: gr.File
    address: gr.Textbox
    adding: gr.HTML
    cancel: gr.Button
    remove: gr.Button
    kept: gr.Radio
    undo: gr.Button
    name: gr.Textbox
    rename: gr.Button
    markdown: gr.Button
    printed: gr.Button
    delete: gr.Button
    menu: gr.Button
    title: gr.HTML
    switch: gr.Button
    clear: gr.Button
    chat: gr.Chatbot
    opening: gr.HTML
    problem: gr.HTML
    box: gr.Textbox
    send: gr.Button
    stop: gr.Button
    drawer: gr.Button
    tools: gr.HTML
    text: gr.HTML
    store: gr.HTML
    notebook: gr.State
    language: gr.State
    asking: gr.State
    floor: gr.State
    deleted: gr.State

    def labels(self, words: dict[str, str]) -> dict[Any, str]:
        """What each button says."""
        return {getattr(self, button): words[word] for button, word in _BUTTONS.items()}


def place_parts(document: Document, library: bool) -> Parts:
    """Puts the components on the page that is being built; a `library` has papers to choose."""
    with gr.Row(elem_id="desk"):
        return Parts(
            **_side(library),
            **_talk(),
            **_paper(document),
            store=gr.HTML(elem_id="store", html_template="", visible="hidden", js_on_load=_STORE),
            notebook=gr.State(Notebook()),
            language=gr.State("en"),
            asking=gr.State(""),
            floor=gr.State(Floor()),
            deleted=gr.State(None),
        )


def _side(library: bool) -> dict[str, Any]:
    """Papers and earlier conversations, in a drawer on the left."""
    with gr.Column(elem_id="side"):
        return {
            "shut": _small("shut"),
            "shelf": gr.CheckboxGroup([], elem_id="shelf", visible=library),
            "upload": gr.File(elem_id="upload", file_count="multiple", height=120, visible=library),
            "address": gr.Textbox(elem_id="address", max_length=2000, max_lines=1, visible=library),
            "adding": gr.HTML(elem_id="adding", apply_default_css=False),
            "cancel": _small("cancel", visible=False),
            "remove": _small("remove", visible=library),
            "kept": gr.Radio([], elem_id="kept", container=True),
            "undo": _small("undo", visible=False),
            "name": gr.Textbox(elem_id="name", max_length=MAX_NAME, max_lines=1),
            **{each: _small(each) for each in ("rename", "markdown", "printed", "delete")},
        }


def _talk() -> dict[str, Any]:
    parts: dict[str, Any] = {}
    with gr.Column(elem_id="talk"):
        with gr.Row(elem_id="head"):
            parts["menu"] = _small("menu")
            parts["title"] = gr.HTML(elem_id="title", apply_default_css=False)
            parts["switch"] = _small("switch")
            parts["clear"] = _small("clear")
        parts["chat"] = gr.Chatbot(
            elem_id="chat",
            show_label=False,
            autoscroll=False,
            buttons=[],
            height="100%",
        )
        parts["opening"] = gr.HTML(elem_id="opening", apply_default_css=False)
        parts["problem"] = gr.HTML(elem_id="problem", apply_default_css=False)
        with gr.Row(elem_id="ask"):
            parts["box"] = gr.Textbox(
                elem_id="question", show_label=False, container=False, max_lines=6, autofocus=True
            )
            parts["send"] = gr.Button("", elem_id="send", variant="primary")
            parts["stop"] = gr.Button("", elem_id="stop")
    return parts


def _paper(document: Document) -> dict[str, Any]:
    with gr.Column(elem_id="paper"):
        drawer = gr.Button("", elem_id="drawer")
        tools = gr.HTML(elem_id="tools", apply_default_css=False)
        text = gr.HTML(papers_html([document]), elem_id="text", apply_default_css=False)
    return {"drawer": drawer, "tools": tools, "text": text}


def _small(name: str, visible: bool = True) -> gr.Button:
    return gr.Button("", elem_id=name, size="sm", visible=visible)
