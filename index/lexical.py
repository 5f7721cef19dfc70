"""The lexical leg: BM25 over words, Chinese and Latin. The only import of bm25s.

Tokenizers that split on spaces find nothing in Chinese. A text is normalised (NFKC, lower case,
traditional folded to simplified) and becomes jieba's search-mode words, character bigrams, Latin
words with a plural's s taken off, and numbers.
"""

from __future__ import annotations

import itertools
import re
import unicodedata
from collections.abc import Sequence
from functools import cache
from pathlib import Path

import bm25s
import numpy as np
import opencc
import rjieba
from numpy.typing import NDArray

K1, B = 1.2, 0.75  # Robertson and Zaragoza 2009

_RUN = re.compile(
    r"[\u3400-\u9fff\uf900-\ufaff]+|[^\W\d_\u3400-\u9fff\uf900-\ufaff]+|\d+(?:[.,]\d+)*"
)
_HAN = re.compile(r"[\u3400-\u9fff\uf900-\ufaff]")


@cache
def _simplifier() -> opencc.OpenCC:
    return opencc.OpenCC("t2s")


def normalise(text: str) -> str:
    """NFKC, lower case, traditional characters folded to simplified."""
    folded = unicodedata.normalize("NFKC", text).lower()
    return _simplifier().convert(folded) if _HAN.search(folded) else folded


def terms(text: str) -> list[str]:
    """The terms of a text, with repetitions."""
    found: list[str] = []
    for run in _RUN.findall(normalise(text)):
        if _HAN.match(run):
            words = rjieba.cut_for_search(run)
            found += words
            # A word of two characters is its own bigram already.
            known = set(words)
            found += [two for two in map("".join, itertools.pairwise(run)) if two not in known]
        else:
            found.append(_singular(run))
    return found


def _singular(word: str) -> str:
    """A Latin word without its plural ending (the S-stemmer, Harman 1991)."""
    if len(word) <= 3 or not word.isascii():
        return word
    if word.endswith("ies"):
        return word[:-3] + "y"
    return word[:-1] if word.endswith("s") and not word.endswith(("ss", "us", "is")) else word


class LexicalIndex:
    """BM25 (Lucene's variant) over texts, addressed by their positions."""

    def __init__(self, model: bm25s.BM25) -> None:
        self._model = model
        sparse = model.scores
        self._count: int = sparse["num_docs"]
        self._frequencies = np.diff(sparse["indptr"])

    @classmethod
    def build(cls, texts: Sequence[str]) -> LexicalIndex:
        """Index texts; an empty list and empty texts are allowed."""
        model = bm25s.BM25(method="lucene", k1=K1, b=B)
        # bm25s refuses a corpus without a term.
        model.index([terms(text) or [""] for text in texts] or [[""]], show_progress=False)
        return cls(model)

    @classmethod
    def load(cls, folder: Path) -> LexicalIndex:
        """Open, memory-mapped, what `save` wrote."""
        return cls(bm25s.BM25.load(folder, mmap=True, show_progress=False))

    def save(self, folder: Path) -> None:
        """Write the index into a folder."""
        self._model.save(folder, show_progress=False)

    def idf(self, term: str) -> float:
        """Inverse document frequency; a term that no text holds gets the highest."""
        at = self._model.vocab_dict.get(term)
        holding = 0 if at is None else int(self._frequencies[at])
        return float(np.log1p((self._count - holding + 0.5) / (holding + 0.5)))

    def scores(self, question: str) -> NDArray[np.float32]:
        """BM25 of every text, divided by the idf of all terms, its limit for a text that holds
        each of them over and over: shape [texts], from 0 to 1.

        Terms that no text holds count in the divisor. So a question in another language than the
        texts scores near 0 everywhere, and what little it shares (WTO, 2018) still tells.
        """
        asked = terms(question)
        highest = sum(self.idf(term) for term in asked)
        known = [term for term in asked if term in self._model.vocab_dict]
        if not known or not highest:
            return np.zeros(self._count, np.float32)
        scores = self._model.get_scores(known)
        return np.asarray(scores / highest, np.float32)
