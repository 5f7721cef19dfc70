"""Times a warm answer beside a bare Chroma query of the same vector, turn by turn.

Machines are shared and noisy: the ratio of the two in one run says more than either.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from time import perf_counter

import numpy as np

from app.assistant import Assistant
from eval.gold import gold_path, read_gold
from index.encoder import bundled_encoder
from index.library import TOP_K
from index.manifest import default_folder
from index.store import open_collection


def measure() -> str:
    """A line each for the answer, the query and their ratio: p50 and p95, over every other
    question; the rest warm up, so that nothing is remembered of a question that is timed."""
    assistant = Assistant.open()
    collection = open_collection(default_folder() / next(iter(assistant.index.manifest.segments)))
    questions = [each.question for half in ("dev", "test") for each in read_gold(gold_path(half))]
    answers: list[float] = []
    queries: list[float] = []
    warming, timed = questions[::2], questions[1::2]
    for question in warming:
        assistant.ask(question)
    for question, vector in zip(timed, bundled_encoder().encode(timed), strict=True):
        answers.append(_milliseconds(partial(assistant.ask, question)))
        queries.append(_milliseconds(partial(collection.query, vector[None], n_results=TOP_K)))
    shares = [50, 95]
    answer, query = np.percentile(answers, shares), np.percentile(queries, shares)
    lines = [f"{len(answers)} questions      p50 ms   p95 ms"]
    for name, times in (("answer", answer), ("Chroma query", query), ("ratio", answer / query)):
        lines.append(f"{name:18s} {times[0]:8.2f} {times[1]:8.2f}")
    return "\n".join(lines)


def _milliseconds(call: Callable[[], object]) -> float:
    start = perf_counter()
    call()
    return 1000 * (perf_counter() - start)
