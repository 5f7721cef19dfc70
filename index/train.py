"""Train the bilingual static encoder that ships in `index/model/`.

    python -m index.train --pairs DIR --out DIR [--minutes N] [--device cpu|cuda] [--init DIR]
                          [--teacher MODEL] [--prepared DIR]

One table of word vectors serves twice. Stage one, *dense*: a text is the mean of its words'
vectors, and its partner is told from the other texts of the batch (in-batch negatives, van den
Oord et al. 2018). Stage two, *late*: the score that retrieval uses, late interaction (ColBERT,
Khattab and Zaharia 2020), is trained itself, with the dense one beside it. The norm of a word's
vector is its weight, so that idf is learned rather than counted. What ships is the running
average of the table over the second half of stage two. Beside the model the script writes
`training.json`: hashes of the data, settings and losses. Needs the extra `train`.
"""

from __future__ import annotations

import argparse
import json
import time
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
import torch
from torch.nn import functional
from torch.utils.data import DataLoader

from index.batches import Bags, Batch, Batches
from index.encoder import StaticEncoder
from index.export import cut_width, save_model
from index.prepare import Pairs, Prepared, prepare
from index.teacher import Teacher, spelling

WORKERS = 12  # that make batches for a GPU
AVERAGED_EVERY, AVERAGING = 10, 0.01


@dataclass(frozen=True)
class Settings:
    """What a run was made with; goes into `training.json`."""

    seed: int = 0
    minutes: float = 40.0
    dense_share: float = 0.33
    width: int = 256
    shipped_width: int = 248
    dense_batch: int = 3072
    dense_rate: float = 0.02
    dense_scale: float = 20.0
    late_batch: int = 192
    late_rate: float = 0.002
    late_scale: float = 30.0
    dense_beside_late: float = 0.3
    teacher_beside_dense: float = 6.0
    cuda_times: int = 3


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


def means(bags: Bags, vectors: torch.Tensor) -> torch.Tensor:
    """Unit mean vectors [texts, width] of the bags' `vectors` [u, width]."""
    return functional.normalize(functional.embedding_bag(bags.places, vectors, bags.starts), dim=1)


def contrast(scores: torch.Tensor, same: torch.Tensor) -> torch.Tensor:
    """Symmetric cross-entropy of scores [n, n]; `same` marks pairs that are no negatives."""
    masked = scores.masked_fill(same, -1e4)
    label = torch.arange(len(scores), device=scores.device)
    return (functional.cross_entropy(masked, label) + functional.cross_entropy(masked.T, label)) / 2


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


Targets = list[list[torch.Tensor]]


def train_stage(
    table: torch.Tensor,
    sources: Sequence[Pairs],
    settings: Settings,
    late: bool,
    targets: Targets | None = None,
) -> list[float]:
    """Train one stage; returns the mean loss of every hundred steps.

    `targets`, for each source and side [texts, width], are what a teacher makes of the texts.
    """
    rate = settings.late_rate if late else settings.dense_rate
    minutes = settings.minutes * (1 - settings.dense_share if late else settings.dense_share)
    optimiser, average = LazyAdam(table), table.clone()
    losses: list[float] = []
    total, steps, start = torch.zeros((), device=table.device), 0, time.monotonic()
    for batch in _batches(sources, settings, late, str(table.device)):
        spent = (time.monotonic() - start) / 60
        if spent >= minutes:
            break
        left, right = batch.left, batch.right
        asked = table[left.rows].requires_grad_()
        told = table[right.rows].requires_grad_()
        a, b = means(left, asked), means(right, told)
        same = batch.repeated()
        loss = contrast(settings.dense_scale * a @ b.T, same)
        if late:
            scores = settings.late_scale * late_scores(left, asked, right, told)
            loss = contrast(scores, same) + settings.dense_beside_late * loss
        elif targets:
            taught = [side[batch.at] for side in targets[batch.source]]
            loss = loss + settings.teacher_beside_dense * unlearnt([a, b], taught)
        gradients = torch.autograd.grad(loss, (asked, told))
        rows, place = torch.unique(torch.cat([left.rows, right.rows]), return_inverse=True)
        gradient = torch.zeros(len(rows), table.shape[1], device=table.device)
        gradient.index_add_(0, place, torch.cat(gradients))
        optimiser.step(rows, gradient, rate * max(0.02, 1 - spent / minutes))
        total, steps = total + loss.detach(), steps + 1
        if spent < minutes / 2:
            average.copy_(table)
        elif steps % AVERAGED_EVERY == 0:
            average.lerp_(table, AVERAGING)
        if steps % 100 == 0:
            losses.append(round(float(total) / 100, 4))
            total.zero_()
            print(f"{'late' if late else 'dense'} {steps} steps, loss {losses[-1]}", flush=True)
    if late:
        table.copy_(average)
    return losses


def _batches(
    sources: Sequence[Pairs], settings: Settings, late: bool, device: str
) -> Iterator[Batch]:
    cuda = device.startswith("cuda")
    size = settings.late_batch if late else settings.dense_batch
    data = Batches(sources, size * (settings.cuda_times if cuda else 1), late, settings.seed)
    for batch in DataLoader(data, batch_size=None, num_workers=WORKERS if cuda else 0):
        yield batch.to(device)


def unlearnt(vectors: Sequence[torch.Tensor], taught: Sequence[torch.Tensor]) -> torch.Tensor:
    """1 - cosine of unit vectors [n, width] and the teacher's, on average where it has any."""
    cosines = [(v * t.float()).sum(1) for v, t in zip(vectors, taught, strict=True)]
    known = [t.any(1) for t in taught]
    missed = torch.stack([((1 - c) * k).sum() for c, k in zip(cosines, known, strict=True)])
    return missed.sum() / (torch.stack([each.sum() for each in known]).sum() + 1)


def train(
    prepared: Prepared, settings: Settings, device: str, init: Path | None, teacher: str | None
) -> tuple[torch.Tensor, dict[str, list[float]]]:
    """The trained table [rows, width] and the losses of both stages."""
    torch.manual_seed(settings.seed)
    torch.set_float32_matmul_precision("high")
    targets: Targets | None = None
    if init:
        table = torch.from_numpy(StaticEncoder(init).parts()[2])
    else:
        table = 0.1 * torch.randn(int(prepared.row_of.max()) + 1, settings.width)
        table[0] = 0
    table = table.to(device)
    if teacher:
        spelt = spelling(prepared.tokenizer.get_vocab(), prepared.row_of)
        master = Teacher(teacher, spelt, table.shape[1], device)
        rng = np.random.default_rng(settings.seed)
        targets = [master.targets(source, rng) for source in prepared.pairs]
        if not init:
            master.start(table)
    losses = {
        "dense": train_stage(table, prepared.pairs, settings, False, targets),
        "late": train_stage(table, prepared.pairs, settings, True),
    }
    return table, losses


def main(arguments: Sequence[str] | None = None) -> None:
    """Train and write the model's folder."""
    parser = argparse.ArgumentParser(prog="python -m index.train", description=__doc__)
    parser.add_argument("--pairs", type=Path, required=True, help="folder of pair files")
    parser.add_argument("--out", type=Path, required=True, help="folder to write")
    parser.add_argument("--minutes", type=float, default=Settings.minutes)
    parser.add_argument("--device", choices=["cpu", "cuda"], default="cpu")
    parser.add_argument("--init", type=Path, help="start from this model's folder")
    parser.add_argument("--teacher", help="English sentence-transformers model to learn from")
    parser.add_argument("--prepared", type=Path, help="folder that keeps the pairs as rows")
    options = parser.parse_args(arguments)
    settings = Settings(minutes=options.minutes)
    if options.init:  # whose vectors are beyond the first stage
        settings = replace(settings, dense_share=0.0)
    if options.prepared and (options.prepared / "pairs.npz").is_file():
        prepared = Prepared.load(options.prepared)
    else:
        prepared = prepare(options.pairs, settings.seed, options.init)
        if options.prepared:
            prepared.save(options.prepared)
    print(f"{sum(len(p.a) for p in prepared.pairs):,} pairs", flush=True)
    table, losses = train(prepared, settings, options.device, options.init, options.teacher)
    trained = cut_width(table.cpu().numpy(), min(settings.shipped_width, table.shape[1]))
    save_model(options.out, prepared.tokenizer, prepared.row_of, trained)
    record: dict[str, Any] = {
        "settings": asdict(settings),
        "init": options.init.name if options.init else None,
        "teacher": options.teacher,
        "device": options.device,
        "data": prepared.data,
        "losses": losses,
    }
    (options.out / "training.json").write_text(json.dumps(record, indent=1) + "\n", "utf-8")


if __name__ == "__main__":
    main()
