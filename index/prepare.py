"""Texts become rows of the table, once, to train on often or elsewhere. Used for training only."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from tokenizers import Tokenizer

from index.encoder import StaticEncoder
from index.pairs import Source, read_sources
from index.vocabulary import build_tokenizer, count_words, merge_counts

TEXT_CHARACTERS = 600
Places = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Side:
    """Rows of the words of many texts, end to end; text i is `rows[starts[i]:starts[i + 1]]`."""

    rows: NDArray[np.int32]
    starts: Places

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

    @classmethod
    def of(cls, source: Source, tokenizer: Tokenizer, row_of: NDArray[np.int32]) -> Pairs:
        """The known words of a source's texts."""
        sides = [_to_rows([pair[i] for pair in source.pairs], tokenizer, row_of) for i in (0, 1)]
        return cls(source.name, source.kind, source.human, *sides)


def _to_rows(texts: Sequence[str], tokenizer: Tokenizer, row_of: NDArray[np.int32]) -> Side:
    found: list[NDArray[np.int32]] = []
    for start in range(0, len(texts), 20_000):
        batch = [text[:TEXT_CHARACTERS] for text in texts[start : start + 20_000]]
        for encoding in tokenizer.encode_batch_fast(batch, add_special_tokens=False):
            rows = row_of[np.asarray(encoding.ids, np.int64)]
            found.append(rows[rows > 0].astype(np.int32))
    starts = np.concatenate([[0], np.cumsum([len(rows) for rows in found])])
    return Side(np.concatenate(found), starts.astype(np.int64))


def save_pairs(path: Path, sources: Sequence[Pairs]) -> None:
    """Keep pairs as rows, to train elsewhere without reading the texts again."""
    arrays = {
        f"{at}/{side}/{part}": getattr(getattr(source, side), part)
        for at, source in enumerate(sources)
        for side in "ab"
        for part in ("rows", "starts")
    }
    labels = [[source.name, source.kind, source.human] for source in sources]
    np.savez(path, labels=np.array(labels, object).astype(str), **arrays)


def load_pairs(path: Path) -> list[Pairs]:
    """What `save_pairs` kept."""
    with np.load(path) as kept:
        return [
            Pairs(name, kind, human == "True", *(
                Side(kept[f"{at}/{side}/rows"], kept[f"{at}/{side}/starts"]) for side in "ab"
            ))
            for at, (name, kind, human) in enumerate(kept["labels"].tolist())
        ]  # fmt: skip


@dataclass(frozen=True)
class Prepared:
    """The texts as the table sees them; `data` has a hash for each file that they come from."""

    tokenizer: Tokenizer
    row_of: NDArray[np.int32]
    pairs: list[Pairs]
    data: dict[str, str]

    def save(self, folder: Path) -> None:
        """Keep it, to train again or elsewhere without reading the texts."""
        folder.mkdir(parents=True, exist_ok=True)
        self.tokenizer.save(str(folder / "tokenizer.json"), pretty=False)
        np.save(folder / "rows.npy", self.row_of)
        (folder / "data.json").write_text(json.dumps(self.data))
        save_pairs(folder / "pairs.npz", self.pairs)

    @classmethod
    def load(cls, folder: Path) -> Prepared:
        """What `save` kept."""
        return cls(
            Tokenizer.from_file(str(folder / "tokenizer.json")),
            np.load(folder / "rows.npy"),
            load_pairs(folder / "pairs.npz"),
            json.loads((folder / "data.json").read_text()),
        )


def prepare(folder: Path, seed: int, init: Path | None) -> Prepared:
    """Read the pairs and make the tokenizer, or take that of `init`."""
    sources = read_sources(folder, seed)
    if init:
        tokenizer, row_of, _ = StaticEncoder(init).parts()
    else:
        counted = [
            count_words(text for pair in source.pairs for text in pair)
            for source in sources
            if source.kind != "names"
        ]
        chinese, english = (merge_counts(each) for each in zip(*counted, strict=True))
        tokenizer, row_of = build_tokenizer(chinese, english)
    data = {
        path.relative_to(folder).as_posix(): sha256(path.read_bytes()).hexdigest()[:16]
        for path in sorted(folder.rglob("*.jsonl.gz"))
    }
    pairs = [Pairs.of(source, tokenizer, row_of) for source in sources if source.pairs]
    return Prepared(tokenizer, row_of, pairs, data)
