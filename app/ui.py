"""The chat page: the conversation on the left, the paper on the right.

Which event of which part leads to which handler of the desk, and what the answer is shown in.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import gradio as gr

from app.desk import Desk
from app.exchange import Answering, Floor
from app.parts import Parts, Updates, place_parts
from app.shelf import Shelf
from app.words import WORDS

# The page scrolls and shows by itself that it is busy; Gradio's veil would hide the text. A name
# of its own leaves those of the public endpoints free.
QUIET: dict[str, Any] = {"show_progress": "hidden", "api_visibility": "private", "api_name": "page"}
MANY: dict[str, Any] = {"concurrency_limit": None, "concurrency_id": "ask"}


def build_page(
    asked: Answering | Shelf,
    admit: Callable[[str], None] = lambda address: None,
) -> gr.Blocks:
    """The page, to be launched with `launch_settings`.

    `admit` is called with the reader's address before a question and may raise BusyError. Of a
    shelf the reader chooses, adds and removes papers, an assistant has its one.
    """
    document = asked.document
    page = gr.Blocks(
        analytics_enabled=False, title=document.name, fill_height=True, fill_width=True
    )
    with page:
        parts = place_parts(document, library=isinstance(asked, Shelf))
        _wire(page, parts, Desk(asked, admit, parts))
    return page


def _wire(page: gr.Blocks, parts: Parts, desk: Desk) -> None:
    state = [parts.notebook, parts.language]
    shown = [
        *(parts.chat, parts.box, parts.problem, parts.kept, parts.name, parts.store),
        *(parts.notebook, parts.asking, parts.deleted, parts.undo, parts.shelf, parts.text),
        *(parts.tools, parts.adding, parts.cancel, parts.upload, parts.address),
    ]
    entered, taking = [parts.box.submit, parts.send.click], [*state, parts.floor]
    asked: list[Any] = [
        gr.on(entered, desk.ask, [parts.box, *taking], shown, **QUIET, **MANY),
        parts.chat.example_select(desk.ask_example, taking, shown, **QUIET, **MANY),
        parts.store.asked(desk.ask_again, taking, shown, **QUIET, **MANY),
    ]
    stops: dict[str, Any] = {"outputs": shown, "cancels": asked, **QUIET}

    def stopping(event: Any, handler: Callable[..., Updates], inputs: list[Any]) -> None:
        event(_taking_the_floor(handler), [parts.floor, *inputs], **stops)

    stopping(parts.stop.click, desk.stop, [parts.asking, *state])
    stopping(parts.clear.click, desk.begin, state)

    stopping(parts.kept.input, desk.choose, [parts.kept, *state])
    for event in (parts.rename.click, parts.name.submit):
        stopping(event, desk.rename, [parts.name, *state])
    stopping(parts.delete.click, desk.delete, state)
    stopping(parts.undo.click, desk.restore, [parts.deleted, *state])
    parts.markdown.click(desk.save, state, parts.store, **QUIET)
    parts.printed.click(desk.print_page, state, parts.store, **QUIET)
    parts.store.rated(desk.rate, state, parts.problem, **QUIET)
    parts.store.paged(desk.show_page, parts.language, parts.store, **QUIET)

    stopping(parts.shelf.input, desk.papers.tick, [parts.shelf, *state])
    stopping(parts.remove.click, desk.papers.remove, [parts.shelf, *state])
    uploaded = parts.upload.upload(desk.papers.add, [parts.upload, *state], shown, **QUIET, **MANY)
    typed = [parts.address, *state]
    fetched = parts.address.submit(desk.papers.add, typed, shown, **QUIET, **MANY)
    parts.cancel.click(desk.papers.call_off, None, shown, cancels=[uploaded, fetched], **QUIET)

    spoken = [*shown, parts.title, parts.language, *parts.labels(WORDS["en"])]
    given_back = "() => [askpaper.kept()]"
    loaded = page.load(desk.load, parts.store, spoken, js=given_back, queue=False, **QUIET)
    loaded.then(desk.papers.wait, parts.language, [parts.opening, parts.shelf], **QUIET, **MANY)
    switched = _taking_the_floor(desk.switch)
    parts.switch.click(switched, [parts.floor, *state], spoken, cancels=asked, **QUIET)


def _taking_the_floor(handler: Callable[..., Updates]) -> Callable[..., Updates]:
    """The handler, after which a question that is being answered has no say: cancelling it takes
    Gradio a while."""

    def handle(floor: Floor, *inputs: Any) -> Updates:
        floor.take()
        return handler(*inputs)

    return handle
