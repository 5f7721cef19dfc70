"""The batches that the encoder is trained on. Used for training only. Knows nothing of losses."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
import torch
from numpy.typing import NDArray
from torch.utils.data import IterableDataset, get_worker_info

from index.prepare import Pairs, Places, Side

# How often a source is drawn: the power of its size, times what its kind is worth.
SIZE_POWER = 0.7
DENSE_WORTH = {"dict": 1.0, "names": 0.5, "parallel": 1.0, "qa": 1.0, "paraphrase": 0.7,
               "title": 0.3, "neighbour": 0.6}  # fmt: skip
LATE_WORTH = {"dict": 0.35, "names": 0.2, "parallel": 1.0, "qa": 3.0, "paraphrase": 0.5,
              "title": 0.2, "neighbour": 0.7}  # fmt: skip
MACHINE_TRANSLATION_WORTH = 0.65
PASSAGE_WORDS, QUESTION_WORDS = 130, 48
SAME_MEANING = ("dict", "names", "paraphrase", "parallel")
"""Kinds whose two sides say the same."""

Texts = list[NDArray[np.int32]]


@dataclass(frozen=True, slots=True)
class Bags:
    """Texts over their distinct rows: `rows` [u], `places` [words] into it, `starts` [texts]."""

    rows: torch.Tensor
    places: torch.Tensor
    starts: torch.Tensor

    @classmethod
    def of(cls, texts: Texts) -> Bags:
        """The bags of texts, none of them empty."""
        rows, places = np.unique(np.concatenate(texts).astype(np.int64), return_inverse=True)
        starts = np.concatenate([[0], np.cumsum([len(text) for text in texts])[:-1]])
        return cls(*(torch.from_numpy(each) for each in (rows, places, starts)))

    def to(self, device: str) -> Bags:
        """The same on a device."""
        return Bags(self.rows.to(device), self.places.to(device), self.starts.to(device))

    def lengths(self) -> torch.Tensor:
        """Words of each text."""
        ends = torch.cat([self.starts[1:], self.starts.new_tensor([len(self.places)])])
        return ends - self.starts


@dataclass(frozen=True, slots=True)
class Batch:
    """Pairs of one source, `source` and `at` saying which; `texts` [2, n] are numbers that tell
    texts of either side apart."""

    source: int
    at: torch.Tensor
    left: Bags
    right: Bags
    texts: torch.Tensor

    def to(self, device: str) -> Batch:
        """The same on a device."""
        at, texts = self.at.to(device), self.texts.to(device)
        return Batch(self.source, at, self.left.to(device), self.right.to(device), texts)

    def repeated(self) -> torch.Tensor:
        """[n, n]: off the diagonal, whether either side of two pairs is the same text, which
        makes them no negatives of each other."""
        same = (self.texts[:, :, None] == self.texts[:, None, :]).any(0)
        return same.fill_diagonal_(False)


class Batches(IterableDataset[Batch]):
    """Batches without end, each of one source, from a fixed seed."""

    def __init__(self, sources: Sequence[Pairs], size: int, late: bool, seed: int) -> None:
        self._sources, self._size, self._late, self._seed = sources, size, late, seed
        self._rates = draw_rates(sources, LATE_WORTH if late else DENSE_WORTH)

    def __iter__(self) -> Iterator[Batch]:
        worker = get_worker_info()
        rng = np.random.default_rng([self._seed, self._late, worker.id if worker else 0])
        while True:
            at = int(rng.choice(len(self._sources), p=self._rates))
            source = self._sources[at]
            size = self._size * (4 if self._late and source.kind in ("dict", "names") else 1)
            drawn = rng.choice(len(source.a), min(size, len(source.a)), replace=False)
            texts = late_texts(source, drawn, rng) if self._late else dense_texts(source, drawn)
            kept = [i for i, (a, b) in enumerate(texts) if len(a) and len(b)]
            if not kept:
                continue
            sides = [[texts[i][side] for i in kept] for side in (0, 1)]
            numbers = [[hash(text.tobytes()) for text in side] for side in sides]
            bags = [Bags.of(side) for side in sides]
            yield Batch(at, torch.from_numpy(drawn[kept]), bags[0], bags[1], torch.tensor(numbers))


def draw_rates(sources: Sequence[Pairs], worth: dict[str, float]) -> NDArray[np.float64]:
    """The probability of each source to fill the next batch."""
    rates = np.array(
        [
            len(source.a) ** SIZE_POWER
            * worth[source.kind]
            * (1.0 if source.human else MACHINE_TRANSLATION_WORTH)
            for source in sources
        ]
    )
    return np.asarray(rates / rates.sum(), np.float64)


TextPairs = list[tuple[NDArray[np.int32], NDArray[np.int32]]]


def dense_texts(source: Pairs, drawn: Places) -> TextPairs:
    """Pairs as they are."""
    return [(source.a.text(i, QUESTION_WORDS), source.b.text(i, PASSAGE_WORDS)) for i in drawn]


def late_texts(source: Pairs, drawn: Places, rng: np.random.Generator) -> TextPairs:
    """Questions and passages. Of parallel text, which runs in order, the passage is some
    sentences around the translation and the question often a part of the sentence: what a
    question looks like to a passage that answers it."""
    asked, told = source.a, source.b
    if source.kind not in ("qa", "title", "neighbour") and rng.random() < 0.5:
        asked, told = told, asked
    questions = [asked.text(i, QUESTION_WORDS) for i in drawn]
    if source.kind not in ("parallel", "paraphrase"):
        return [(q, told.text(i, PASSAGE_WORDS)) for q, i in zip(questions, drawn, strict=True)]
    return [(_part(q, rng), _around(told, i, rng)) for q, i in zip(questions, drawn, strict=True)]


def _part(words: NDArray[np.int32], rng: np.random.Generator) -> NDArray[np.int32]:
    if len(words) <= 8 or rng.random() < 0.5:
        return words
    length = int(rng.integers(4, 13))
    start = int(rng.integers(0, max(1, len(words) - length + 1)))
    return words[start : start + length]


def _around(side: Side, at: int, rng: np.random.Generator) -> NDArray[np.int32]:
    sentences = int(rng.integers(1, 7))
    first = max(0, at - int(rng.integers(0, sentences)))
    last = min(len(side), first + sentences)
    start, end = side.starts[first], side.starts[last]
    if end - start > PASSAGE_WORDS:  # the translation itself stays in
        start = min(side.starts[at], max(start, side.starts[at + 1] - PASSAGE_WORDS))
        end = start + PASSAGE_WORDS
    return side.rows[start:end]
