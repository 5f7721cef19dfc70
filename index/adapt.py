"""Draw the encoder to how people ask, from questions whose answering sentences are known.

    python -m index.adapt PAPER QUESTIONS [QUESTIONS …] [--init DIR] --out DIR

QUESTIONS is a file in the format of `eval/gold`: `question`, or `standalone` where it has one, and
`evidence`, the sentences of the paper that answer. Each is told from all other sentences of the
paper, by late interaction and by late interaction and mean vectors together (the scores that
`index.train` trains, here with hard negatives of the paper's own), while the table is held to where
it began, so that it stays as good on other papers. Takes half a minute on two cores. Needs the
extra `train`.
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from hashlib import sha256
from pathlib import Path

import numpy as np
import torch
from tqdm import trange

from index.batches import Bags, Texts
from index.chunking import chunk
from index.encoder import BUNDLED, StaticEncoder
from index.export import save_model
from index.train import LazyAdam, late_scores, means
from sources import AskPaperError, GoldError, load_paper, split_sentences


@dataclass(frozen=True)
class Settings:
    """What a run was made with; goes into `training.json`."""

    seed: int = 0
    epochs: int = 10
    batch: int = 32
    rate: float = 0.008
    held: float = 3e-5  # to where it began; by leaving out a fourth of the questions in turn
    late_scale: float = 16.0
    mean_scale: float = 10.0


@dataclass(frozen=True, slots=True)
class Asked:
    """Questions as rows of the table, and whether each sentence answers them [questions, texts]."""

    questions: Texts
    sentences: Texts
    right: torch.Tensor


def read(paper: str, paths: Sequence[Path], encoder: StaticEncoder) -> Asked:
    """The questions of some files that sentences of the paper answer.

    Raises PaperError for the paper and GoldError when a line cannot be read or no question has
    evidence there.
    """
    texts = [
        each.text[start:end]
        for each in chunk(load_paper(paper))
        for start, end in split_sentences(each.text)
    ]
    spelt = ["".join(text.split()) for text in texts]
    questions, right = [], []
    for question, quotes in _asked(paths):
        rows = encoder.rows([question])[0]
        answers = [any(quote in text or text in quote for quote in quotes) for text in spelt]
        if any(answers) and len(rows):
            questions.append(rows)
            right.append(answers)
    if not questions:
        raise GoldError(f"no question has evidence in {paper}; name the paper they are about")
    return Asked(questions, encoder.rows(texts), torch.tensor(right))


def _asked(paths: Sequence[Path]) -> Iterator[tuple[str, list[str]]]:
    """Each question and the quotes that answer it, without white space."""
    for path in paths:
        for number, line in enumerate(path.read_text("utf-8").splitlines(), 1):
            try:
                row = json.loads(line)
                quotes = ["".join(quote.split()) for quote in row.get("evidence", ())]
                yield row.get("standalone") or row["question"], quotes
            except (ValueError, KeyError, AttributeError) as error:
                raise GoldError(f"{path}, line {number}: no question ({error}); mend it") from error


def adapt(table: torch.Tensor, asked: Asked, settings: Settings) -> None:
    """Train the table [rows, width] in place."""
    start, optimiser = table.clone(), LazyAdam(table)
    sentences = Bags.of(asked.sentences)
    rng = np.random.default_rng(settings.seed)
    batches = -(-len(asked.questions) // settings.batch)
    for step in trange(settings.epochs * batches, disable=None):
        if step % batches == 0:
            order = rng.permutation(len(asked.questions))
        drawn = order[step % batches :: batches]
        questions = Bags.of([asked.questions[at] for at in drawn])
        words = table[questions.rows].requires_grad_()
        told = table[sentences.rows].requires_grad_()
        late = settings.late_scale * late_scores(questions, words, sentences, told)
        mean = settings.mean_scale * means(questions, words) @ means(sentences, told).T
        right = asked.right[torch.from_numpy(drawn)]
        loss = missed(late, right) + missed(late + mean, right)
        gradients = torch.autograd.grad(loss, (words, told))
        rows, place = torch.unique(torch.cat([questions.rows, sentences.rows]), return_inverse=True)
        gradient = 2 * settings.held * (table[rows] - start[rows])
        gradient.index_add_(0, place, torch.cat(gradients))
        optimiser.step(rows, gradient, settings.rate * (1 - step / (settings.epochs * batches)))


def missed(scores: torch.Tensor, right: torch.Tensor) -> torch.Tensor:
    """The mean cross-entropy of scores [questions, texts] where any of the right ones will do."""
    found = scores.masked_fill(~right, -torch.inf).logsumexp(1)
    return (scores.logsumexp(1) - found).mean()


def main(arguments: Sequence[str] | None = None) -> None:
    """Adapt a model and write its folder."""
    parser = argparse.ArgumentParser(prog="python -m index.adapt", description=__doc__)
    parser.add_argument("paper", help="id or path of the paper that is asked about")
    parser.add_argument("questions", type=Path, nargs="+")
    parser.add_argument("--init", type=Path, default=BUNDLED, help="start from this model's folder")
    parser.add_argument("--out", type=Path, required=True, help="folder to write")
    options = parser.parse_args(arguments)
    settings = Settings()
    encoder = StaticEncoder(options.init)
    tokenizer, row_of, vectors = encoder.parts()
    table = torch.from_numpy(vectors)
    try:
        asked = read(options.paper, options.questions, encoder)
    except (AskPaperError, OSError) as error:
        parser.error(str(error))
    adapt(table, asked, settings)
    save_model(options.out, tokenizer, row_of, table.numpy())
    record = json.loads((options.init / "training.json").read_text("utf-8"))
    digest = sha256(b"".join(each.read_bytes() for each in options.questions)).hexdigest()
    record["adapted"] = {"settings": asdict(settings), "questions": digest}
    (options.out / "training.json").write_text(json.dumps(record, indent=1) + "\n", "utf-8")


if __name__ == "__main__":
    main()
