"""Train the bilingual static encoder that ships in `index/model/`.

    python -m index.train --pairs DIR --out DIR [--minutes N] [--device cpu|cuda] [--init DIR]

One table of word vectors serves twice. Stage one, *dense*: a text is the mean of its words'
vectors, and its partner is told from the other texts of the batch (in-batch negatives, van den
Oord et al. 2018). Stage two, *late*: the score that retrieval uses, late interaction (ColBERT,
Khattab and Zaharia 2020), is trained itself, with the dense one beside it. The norm of a word's
vector is its weight, so that idf is learned rather than counted. Beside the model the script
writes `training.json`: hashes of the data, settings and losses. Needs the extra `train`.
"""

from __future__ import annotations

import argparse
import json
import time
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from hashlib import sha256
from pathlib import Path
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from tokenizers import Tokenizer
from torch.nn import functional

from index.encoder import StaticEncoder
from index.export import cut_width, save_model
from index.pairs import Source, read_sources
from index.vocabulary import build_tokenizer, count_words, merge_counts

KINDS = ("dict", "names", "neighbour", "paraphrase", "parallel", "qa", "title")
# How often a source is drawn: the power of its size, times what its kind is worth.
SIZE_POWER = 0.7
DENSE_WORTH = {"dict": 1.0, "names": 0.5, "parallel": 1.0, "qa": 1.0, "paraphrase": 0.7,
               "title": 0.3, "neighbour": 0.6}  # fmt: skip
LATE_WORTH = {"dict": 0.35, "names": 0.2, "parallel": 1.0, "qa": 3.0, "paraphrase": 0.5,
              "title": 0.2, "neighbour": 0.7}  # fmt: skip
MACHINE_TRANSLATION_WORTH = 0.65
PASSAGE_WORDS, QUESTION_WORDS = 130, 48
TEXT_CHARACTERS = 600

Ids = NDArray[np.int64]


@dataclass(frozen=True)
class Settings:
    """What a run was made with; goes into `training.json`."""

    seed: int = 0
    minutes: float = 40.0
    dense_share: float = 0.35
    width: int = 256
    shipped_width: int = 248
    dense_batch: int = 3072
    dense_rate: float = 0.02
    dense_scale: float = 20.0
    late_batch: int = 192
    late_rate: float = 0.002
    late_scale: float = 30.0
    dense_beside_late: float = 0.3


@dataclass(frozen=True, slots=True)
class Side:
    """Rows of the words of many texts, end to end; text i is `rows[starts[i]:starts[i + 1]]`."""

    rows: NDArray[np.int32]
    starts: Ids

    def __len__(self) -> int:
        return len(self.starts) - 1

    def text(self, at: int, most: int) -> NDArray[np.int32]:
        """The first words of one text."""
        return self.rows[self.starts[at] : min(self.starts[at + 1], self.starts[at] + most)]


@dataclass(frozen=True, slots=True)
class Pairs:
    """One source, as rows."""

    name: str
    kind: str
    human: bool
    a: Side
    b: Side


class LazyAdam:
    """Adam that touches only the rows of a batch; a table is mostly not in it."""

    def __init__(self, table: torch.Tensor, betas: tuple[float, float] = (0.9, 0.999)) -> None:
        self._table, self._betas, self._steps = table, betas, 0
        self._mean, self._square = torch.zeros_like(table), torch.zeros_like(table)

    def step(self, rows: torch.Tensor, gradient: torch.Tensor, rate: float) -> None:
        """Move `rows` [n] of the table against `gradient` [n, width]."""
        self._steps += 1
        first, second = self._betas
        mean = self._mean[rows].mul_(first).add_(gradient, alpha=1 - first)
        square = self._square[rows].mul_(second).addcmul_(gradient, gradient, value=1 - second)
        self._mean[rows], self._square[rows] = mean, square
        step = mean / (1 - first**self._steps)
        step /= (square / (1 - second**self._steps)).sqrt_() + 1e-8
        self._table.index_add_(0, rows, step, alpha=-rate)


def to_rows(texts: Sequence[str], tokenizer: Tokenizer, row_of: NDArray[np.int32]) -> Side:
    """The known words of each text."""
    found: list[NDArray[np.int32]] = []
    for start in range(0, len(texts), 20_000):
        batch = [text[:TEXT_CHARACTERS] for text in texts[start : start + 20_000]]
        for encoding in tokenizer.encode_batch_fast(batch, add_special_tokens=False):
            rows = row_of[np.asarray(encoding.ids, np.int64)]
            found.append(rows[rows > 0].astype(np.int32))
    starts = np.concatenate([[0], np.cumsum([len(rows) for rows in found])])
    return Side(np.concatenate(found), starts.astype(np.int64))


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


Texts = list[NDArray[np.int32]]


def dense_batch(source: Pairs, size: int, rng: np.random.Generator) -> tuple[Texts, Texts]:
    """Pairs as they are."""
    at = rng.choice(len(source.a), min(size, len(source.a)), replace=False)
    return _filled(
        [source.a.text(i, QUESTION_WORDS) for i in at],
        [source.b.text(i, PASSAGE_WORDS) for i in at],
    )


def late_batch(source: Pairs, size: int, rng: np.random.Generator) -> tuple[Texts, Texts]:
    """Questions and passages. Of parallel text, which runs in order, the passage is some
    sentences around the translation and the question often a part of the sentence: what a
    question looks like to a passage that answers it."""
    if source.kind in ("dict", "names"):
        size *= 4
    at = rng.choice(len(source.a), min(size, len(source.a)), replace=False)
    asked, told = source.a, source.b
    if source.kind not in ("qa", "title", "neighbour") and rng.random() < 0.5:
        asked, told = told, asked
    questions = [asked.text(i, QUESTION_WORDS) for i in at]
    if source.kind not in ("parallel", "paraphrase"):
        return _filled(questions, [told.text(i, PASSAGE_WORDS) for i in at])
    return _filled([_part(q, rng) for q in questions], [_around(told, i, rng) for i in at])


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


def _filled(a: Texts, b: Texts) -> tuple[Texts, Texts]:
    kept = [i for i in range(len(a)) if len(a[i]) and len(b[i])]
    return [a[i] for i in kept], [b[i] for i in kept]


@dataclass(frozen=True, slots=True)
class Bags:
    """Texts over their distinct rows: `rows` [u], `places` [words] into it, `starts` [texts]."""

    rows: torch.Tensor
    places: torch.Tensor
    starts: torch.Tensor

    @classmethod
    def of(cls, texts: Texts, device: str) -> Bags:
        """The bags of texts, none of them empty."""
        rows, places = np.unique(np.concatenate(texts).astype(np.int64), return_inverse=True)
        starts = np.concatenate([[0], np.cumsum([len(text) for text in texts])[:-1]])
        return cls(*(torch.from_numpy(each).to(device) for each in (rows, places, starts)))

    def means(self, vectors: torch.Tensor) -> torch.Tensor:
        """Unit mean vectors [texts, width] of `vectors` [u, width]."""
        return functional.normalize(
            functional.embedding_bag(self.places, vectors, self.starts), dim=1
        )

    def lengths(self) -> torch.Tensor:
        """Words of each text."""
        ends = torch.cat([self.starts[1:], self.starts.new_tensor([len(self.places)])])
        return ends - self.starts


def contrast(scores: torch.Tensor, same: torch.Tensor) -> torch.Tensor:
    """Symmetric cross-entropy of scores [n, n]; `same` marks pairs that are no negatives."""
    masked = scores.masked_fill(same, -1e4)
    label = torch.arange(len(scores), device=scores.device)
    return (functional.cross_entropy(masked, label) + functional.cross_entropy(masked.T, label)) / 2


def repeated(a: Texts, b: Texts) -> torch.Tensor:
    """[n, n]: off the diagonal, whether either side of two pairs is the same text."""
    left = np.array([hash(text.tobytes()) for text in a])
    right = np.array([hash(text.tobytes()) for text in b])
    same = (left[:, None] == left) | (right[:, None] == right)
    np.fill_diagonal(same, False)
    return torch.from_numpy(same)


def late_scores(
    questions: Bags, asked: torch.Tensor, passages: Bags, told: torch.Tensor
) -> torch.Tensor:
    """score(q, d) = Σ_w |w| · max_t cos(w, t) / Σ_w |w|, shape [questions, passages]."""
    weights = asked.norm(dim=1) + 1e-6
    cosines = functional.normalize(asked, dim=1) @ functional.normalize(told, dim=1).T
    lengths = passages.lengths()
    width = int(lengths.max())
    # Short passages are filled up with their first word, which changes no maximum.
    steps = torch.arange(width, device=asked.device)
    inside = torch.where(steps < lengths[:, None], steps, 0) + passages.starts[:, None]
    words = passages.places[inside]
    with torch.no_grad():  # the maximum is found on plain numbers; the gradient goes to it alone
        best = cosines[:, words.flatten()].view(len(asked), *words.shape).argmax(-1)
        at = words[torch.arange(len(words), device=asked.device), best]
    met = cosines.gather(1, at)
    counts = torch.zeros(len(questions.starts), len(asked), device=asked.device)
    text = torch.repeat_interleave(
        torch.arange(len(counts), device=asked.device), questions.lengths()
    )
    counts.index_put_((text, questions.places), counts.new_ones(len(text)), accumulate=True)
    scores: torch.Tensor = (counts @ (weights[:, None] * met)) / (counts @ weights)[:, None]
    return scores


def train_stage(
    table: torch.Tensor, sources: Sequence[Pairs], settings: Settings, late: bool, minutes: float
) -> list[float]:
    """Train for some minutes; returns the mean loss of every hundred steps."""
    rng = np.random.default_rng(settings.seed + late)
    rates = draw_rates(sources, LATE_WORTH if late else DENSE_WORTH)
    batch_of: Callable[..., tuple[Texts, Texts]] = late_batch if late else dense_batch
    size = settings.late_batch if late else settings.dense_batch
    rate = settings.late_rate if late else settings.dense_rate
    device = str(table.device)
    optimiser = LazyAdam(table)
    losses: list[float] = []
    total, steps, start = 0.0, 0, time.monotonic()
    while (spent := (time.monotonic() - start) / 60) < minutes:
        source = sources[int(rng.choice(len(sources), p=rates))]
        a, b = batch_of(source, size, rng)
        left, right = Bags.of(a, device), Bags.of(b, device)
        asked = table[left.rows].requires_grad_()
        told = table[right.rows].requires_grad_()
        same = repeated(a, b).to(device)
        dense = settings.dense_scale * left.means(asked) @ right.means(told).T
        loss = contrast(dense, same)
        if late:
            scores = settings.late_scale * late_scores(left, asked, right, told)
            loss = contrast(scores, same) + settings.dense_beside_late * loss
        gradients = torch.autograd.grad(loss, (asked, told))
        rows, place = torch.unique(torch.cat([left.rows, right.rows]), return_inverse=True)
        gradient = torch.zeros(len(rows), table.shape[1], device=device)
        gradient.index_add_(0, place, torch.cat(gradients))
        optimiser.step(rows, gradient, rate * max(0.02, 1 - spent / minutes))
        total, steps = total + float(loss.detach()), steps + 1
        if steps % 100 == 0:
            losses.append(round(total / 100, 4))
            print(f"{'late' if late else 'dense'} {steps} steps, loss {losses[-1]}", flush=True)
            total = 0.0
    return losses


def prepare(
    folder: Path, settings: Settings, init: Path | None
) -> tuple[Tokenizer, NDArray[np.int32], torch.Tensor, list[Pairs]]:
    """Read the pairs and make the tokenizer and the first table, or take those of `init`."""
    sources: list[Source] = read_sources(folder, settings.seed)
    torch.manual_seed(settings.seed)
    if init:
        tokenizer, row_of, start = StaticEncoder(init).parts()
        table = torch.from_numpy(start)
    else:
        counted = [
            count_words(text for pair in source.pairs for text in pair)
            for source in sources
            if source.kind != "names"
        ]
        chinese, english = (merge_counts(each) for each in zip(*counted, strict=True))
        tokenizer, row_of = build_tokenizer(chinese, english)
        table = 0.1 * torch.randn(int(row_of.max()) + 1, settings.width)
        table[0] = 0
    pairs = [
        Pairs(
            source.name,
            source.kind,
            source.human,
            to_rows([a for a, _ in source.pairs], tokenizer, row_of),
            to_rows([b for _, b in source.pairs], tokenizer, row_of),
        )
        for source in sources
        if source.pairs
    ]
    return tokenizer, row_of, table, pairs


def main(arguments: Sequence[str] | None = None) -> None:
    """Train and write the model's folder."""
    parser = argparse.ArgumentParser(prog="python -m index.train", description=__doc__)
    parser.add_argument("--pairs", type=Path, required=True, help="folder of pair files")
    parser.add_argument("--out", type=Path, required=True, help="folder to write")
    parser.add_argument("--minutes", type=float, default=Settings.minutes)
    parser.add_argument("--device", choices=["cpu", "cuda"], default="cpu")
    parser.add_argument("--init", type=Path, help="start from this model's folder")
    options = parser.parse_args(arguments)
    settings = Settings(minutes=options.minutes)
    tokenizer, row_of, table, pairs = prepare(options.pairs, settings, options.init)
    print(f"{sum(len(p.a) for p in pairs):,} pairs, {len(table):,} rows", flush=True)
    table = table.to(options.device)
    dense_minutes = 0.0 if options.init else settings.dense_share * settings.minutes
    losses = {
        "dense": train_stage(table, pairs, settings, False, dense_minutes),
        "late": train_stage(table, pairs, settings, True, settings.minutes - dense_minutes),
    }
    trained = cut_width(table.cpu().numpy(), min(settings.shipped_width, table.shape[1]))
    save_model(options.out, tokenizer, row_of, trained)
    record: dict[str, Any] = {
        "settings": asdict(settings),
        "init": options.init.name if options.init else None,
        "data": {
            path.relative_to(options.pairs).as_posix(): sha256(path.read_bytes()).hexdigest()[:16]
            for path in sorted(options.pairs.rglob("*.jsonl.gz"))
        },
        "losses": losses,
    }
    (options.out / "training.json").write_text(json.dumps(record, indent=1) + "\n", "utf-8")


if __name__ == "__main__":
    main()
