"""A larger English model teaches the table what words and sentences mean. Used for training only.

The teacher is any sentence-transformers model that knows English. It reads what the table's rows
spell, so that teacher and table see the same words. Chinese learns from it through the pairs: a
translation is to mean what the teacher makes of the English side.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import torch
from numpy.typing import NDArray
from torch.nn import functional

from index.batches import QUESTION_WORDS, SAME_MEANING
from index.prepare import Pairs, Side

TAUGHT = 30_000  # texts of each side of a source
SENTENCE_WORDS = 64
FIRST_NORM = 1.6
LEAST_ENGLISH = 0.7  # of a text's words, for the teacher to read it


class Teacher:
    """Vectors of the teacher, turned and cut to the width of the table."""

    def __init__(self, name: str, spelt: Sequence[str], width: int, device: str) -> None:
        """`spelt` [rows] is what each row of the table spells."""
        from sentence_transformers import SentenceTransformer

        self._model = SentenceTransformer(name, device=device)
        if device == "cuda":
            self._model.half()
        self._spelt, self._device = spelt, device
        self._english = np.array([bool(word) and word.isascii() for word in spelt])
        self._words = [row for row, word in enumerate(spelt) if word.isascii() and len(word) > 1]
        vectors = self._encode([spelt[row] for row in self._words])
        _, axes = torch.linalg.eigh(vectors.T @ vectors)
        self._axes = axes.flip(1)[:, :width]
        self._word_vectors = functional.normalize(vectors @ self._axes, dim=1)

    def _encode(self, texts: Sequence[str]) -> torch.Tensor:
        vectors = self._model.encode(
            list(texts), batch_size=1024, convert_to_tensor=True, show_progress_bar=False
        )
        return vectors.float().to(self._device)

    def start(self, table: torch.Tensor) -> None:
        """Set the rows that spell English words to what the teacher makes of the word alone."""
        table[torch.tensor(self._words, device=table.device)] = FIRST_NORM * self._word_vectors

    def targets(self, source: Pairs, rng: np.random.Generator) -> list[torch.Tensor]:
        """For both sides, a half-precision unit vector for each text [texts, width]; zeros
        where the teacher has nothing to say."""
        sides = [
            self._side(source.a, QUESTION_WORDS, rng),
            self._side(source.b, SENTENCE_WORDS, rng),
        ]
        if source.kind in SAME_MEANING:
            both = functional.normalize(sides[0].float() + sides[1].float(), dim=1).half()
            return [both, both]
        return sides

    def _side(self, side: Side, most: int, rng: np.random.Generator) -> torch.Tensor:
        vectors = torch.zeros(len(side), self._axes.shape[1], dtype=torch.half, device=self._device)
        sample = np.sort(rng.permutation(len(side))[:TAUGHT])
        chosen, texts = [], []
        for at in sample.tolist():
            rows = side.text(at, most)
            if len(rows) and self._english[rows].mean() > LEAST_ENGLISH:
                chosen.append(at)
                texts.append(" ".join(self._spelt[row] for row in rows.tolist()))
        if chosen:
            found = functional.normalize(self._encode(texts) @ self._axes, dim=1)
            vectors[torch.tensor(chosen, device=self._device)] = found.half()
        return vectors


def spelling(vocabulary: dict[str, int], row_of: NDArray[np.int32]) -> list[str]:
    """What each row of the table spells: the first of the tokens that share it."""
    spelt = [""] * (int(row_of.max()) + 1)
    for token, number in sorted(vocabulary.items(), key=lambda item: item[1]):
        row = int(row_of[number])
        if row and not spelt[row]:
            spelt[row] = token
    return spelt
