"""How an index grows: `python -m eval.scale --texts FILE… --questions FILE… --chunks N…`.

Files are JSON Lines, gzipped or not, with `text` or `question`. The texts become papers of
`TEXTS` each; where there are too few, they come again with their sentences in another order and
their numbers changed. Each size is indexed from files, as `python -m index add` does, then opened
and asked in a fresh process. A bare Chroma query of the same vector runs beside each search.
"""

from __future__ import annotations

import argparse
import gzip
import itertools
import json
import os
import random
import re
import resource
import sys
import tempfile
from collections.abc import Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import asdict, dataclass
from multiprocessing import get_context
from pathlib import Path
from time import perf_counter

import numpy as np

from index import TOP_K, add_papers, open_index, remove_papers
from index.encoder import bundled_encoder
from index.library import Index
from index.segment import Segment
from index.store import DenseLeg, open_collection
from sources import catalog, split_sentences

TEXTS = 20  # in a paper
BATCH = 32_000_000  # bytes of papers in one change, as in `python -m index add`
DEPTH = 10  # of the recall
WARM_UP = 20


@dataclass(frozen=True, slots=True)
class Row:
    """One size. Times in ms, disk and the most resident memory in MB."""

    chunks: int
    segments: int
    seconds_per_1000: float
    disk: float
    resident: float
    open: float
    p50: float
    p95: float
    chroma_p50: float
    chroma_p95: float
    recall: float


def read_lines(files: Sequence[Path], field: str) -> list[str]:
    """The field of every line of JSON Lines files."""
    found = []
    for path in files:
        with gzip.open(path, "rt", encoding="utf-8") if path.suffix == ".gz" else path.open() as f:
            found += [json.loads(line)[field] for line in f]
    return found


def papers(texts: Sequence[str]) -> Iterator[str]:
    """Papers without end: first of the texts as they are, then of variations."""
    for again in itertools.count():
        chance = random.Random(again)
        for at in range(0, len(texts), TEXTS):
            own = texts[at : at + TEXTS]
            yield "\n\n".join(own if not again else (_varied(text, chance) for text in own))


def _varied(text: str, chance: random.Random) -> str:
    sentences = [text[start:end] for start, end in split_sentences(text)]
    chance.shuffle(sentences)
    return re.sub(
        r"\d", lambda digit: str((int(digit[0]) + chance.randint(0, 9)) % 10), "".join(sentences)
    )


def build(folder: Path, texts: Sequence[str], chunks: int, workers: int) -> float:
    """Index at least that many chunks. Returns the seconds it took, without making the papers."""
    stream, seconds, number = papers(texts), 0.0, 0
    index: Index | None = None
    while index is None or len(index.chunks) < chunks:
        with tempfile.TemporaryDirectory() as place:
            files, size = [], 0
            left = chunks - (len(index.chunks) if index else 0)
            rate = (
                450
                if index is None
                else sum(p.characters for p in index.papers) / len(index.chunks)
            )
            while size < min(BATCH, left * rate * 2.6):
                files.append(Path(place, f"{number}.txt"))
                files[-1].write_text(next(stream), "utf-8")
                size += files[-1].stat().st_size
                number += 1
            start = perf_counter()
            index = add_papers([str(file) for file in files], folder, workers=workers)
            seconds += perf_counter() - start
        if catalog()[0].paper_id in index.documents:
            index = remove_papers([catalog()[0].paper_id], folder)
        print(f"{len(index.chunks)} chunks, {seconds:.1f} s", file=sys.stderr, flush=True)
    return seconds


def measure(folder: Path, questions: Sequence[str], seconds: float) -> Row:
    """Open an index in this process, which has done nothing else, and ask."""
    encoder = bundled_encoder()
    start = perf_counter()
    index = open_index(folder)
    opened = perf_counter() - start
    segments = [Segment(folder / name) for name in index.manifest.segments]
    collections = [open_collection(segment.folder) for segment in segments]
    vectors = encoder.encode(questions)
    dense = DenseLeg(segments, encoder, None)
    times, bare, recalls = [], [], []
    for at, question in enumerate(questions):
        start = perf_counter()
        index.search(question, TOP_K)
        middle = perf_counter()
        found = [c.query(vectors[at : at + 1], n_results=TOP_K) for c in collections]
        bare.append(perf_counter() - middle)
        times.append(middle - start)
        assert found
    resident = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    for vector in vectors[:100]:
        exact = np.concatenate([segment.arrays["vectors"] @ vector for segment in segments])
        best = np.argsort(-exact)[:DEPTH]
        near, _ = dense.nearest(vector, DEPTH, None)
        recalls.append(len(set(near) & set(best.tolist())) / len(best))
    disk = sum(
        path.stat().st_size for s in segments for path in s.folder.rglob("*") if path.is_file()
    )
    milliseconds = 1000 * np.array([times[WARM_UP:], bare[WARM_UP:]])
    (p50, p95), (c50, c95) = (np.percentile(row, [50, 95]) for row in milliseconds)
    return Row(
        chunks=len(index.chunks),
        segments=len(segments),
        seconds_per_1000=1000 * seconds / len(index.chunks),
        disk=disk / 1e6,
        resident=resident,
        open=1000 * opened,
        p50=p50,
        p95=p95,
        chroma_p50=c50,
        chroma_p95=c95,
        recall=float(np.mean(recalls)),
    )


def main() -> None:
    """Build, measure and print a line for each size."""
    parser = argparse.ArgumentParser(prog="python -m eval.scale", description=__doc__)
    parser.add_argument("--texts", nargs="+", type=Path, required=True)
    parser.add_argument("--questions", nargs="+", type=Path, required=True)
    parser.add_argument("--chunks", nargs="+", type=int, default=[1, 1_000, 10_000, 100_000])
    parser.add_argument("--asked", type=int, default=300, help="questions (default: %(default)s)")
    parser.add_argument("--keep", type=Path, help="folder to keep the indexes in")
    options = parser.parse_args()
    texts = read_lines(options.texts, "text")
    questions = read_lines(options.questions, "question")
    asked = random.Random(0).sample(questions, min(options.asked, len(questions)))
    for chunks in options.chunks:
        with tempfile.TemporaryDirectory() as place:
            folder = (options.keep or Path(place)) / str(chunks)
            seconds = build(folder, texts, chunks, os.cpu_count() or 1)
            with ProcessPoolExecutor(1, get_context("spawn")) as fresh:
                row = fresh.submit(measure, folder, asked, seconds).result()
        print("  ".join(f"{name} {value:.4g}" for name, value in asdict(row).items()), flush=True)


if __name__ == "__main__":
    main()
