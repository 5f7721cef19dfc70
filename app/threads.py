"""Steps that take their time, worked out in threads while the page goes on."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator
from typing import TypeVar

from anyio import to_thread

T = TypeVar("T")


async def in_threads(steps: Iterator[T]) -> AsyncIterator[T]:
    """The same steps, but a reader who stops need not wait for the next one.

    Gradio takes no new question from a page as long as an old one runs.
    """
    while True:
        step = await to_thread.run_sync(next, steps, None, abandon_on_cancel=True)
        if step is None:
            return
        yield step
