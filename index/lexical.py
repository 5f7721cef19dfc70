"""The lexical leg: BM25 over words, Chinese and Latin.

Tokenizers that split on spaces find nothing in Chinese. A text is normalised (NFKC, lower case,
traditional folded to simplified) and becomes jieba's search-mode words, character bigrams, Latin
words with a plural's s taken off, and numbers.

Each segment of the index has postings of its own, which never change. What BM25 needs of the whole
library, how many texts hold a term and how long they are, is summed up when a question comes, over
the texts that are alive: so an index that grew paper by paper scores as one built at once does.
"""

from __future__ import annotations

import itertools
import re
import unicodedata
from collections import Counter
from collections.abc import Sequence
from dataclasses import astuple, dataclass, fields
from functools import cache
from hashlib import blake2b
from pathlib import Path
from typing import Any

import numpy as np
import opencc
import rjieba
from numpy.typing import NDArray

K1, B = 1.2, 0.75  # Robertson and Zaragoza 2009
MAX_COUNT = 65_535
EMPTY = 128  # bytes of a saved array that holds nothing, which cannot be mapped

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


@dataclass(frozen=True, slots=True)
class Postings:
    """Which texts hold a term, and how often.

    `terms` are the sorted hashes of the terms, [terms]; the entries of term i are those from
    `starts[i]` to `starts[i + 1]` of `texts` (ascending) and `counts`. `lengths` are the numbers
    of terms of the texts, [texts].
    """

    terms: NDArray[np.uint64]
    starts: NDArray[np.int64]
    texts: NDArray[np.int32]
    counts: NDArray[np.uint16]
    lengths: NDArray[np.int32]

    @classmethod
    def build(cls, texts: Sequence[str]) -> Postings:
        """Count the terms of texts; an empty list and empty texts are allowed."""
        known: dict[str, int] = {}
        found = [[known.setdefault(term, len(known)) for term in terms(text)] for text in texts]
        lengths = np.fromiter(map(len, found), np.int32, len(found))
        flat = np.fromiter(itertools.chain.from_iterable(found), np.int64, int(lengths.sum()))
        hashes = np.fromiter(map(_hash, known), np.uint64, len(known))
        order = np.argsort(hashes)
        rank = np.argsort(order)
        holder = np.repeat(np.arange(len(texts)), lengths)
        entries, counts = np.unique(rank[flat] * max(len(texts), 1) + holder, return_counts=True)
        term, text = np.divmod(entries, max(len(texts), 1))
        return cls(hashes[order], _starts(term, len(known)), _i32(text), _u16(counts), lengths)

    @classmethod
    def merge(cls, runs: Sequence[tuple[Postings, int, int]]) -> Postings:
        """The postings of runs of texts, from a first to before a last, one after the other."""
        known = np.unique(np.concatenate([each.terms for each, _, _ in runs]))
        parts, before = [], 0
        for each, first, last in runs:
            term = np.repeat(np.searchsorted(known, each.terms), np.diff(each.starts))
            inside = (each.texts >= first) & (each.texts < last)
            text = each.texts[inside] + np.int32(before - first)
            parts.append((_i32(term[inside]), text, each.counts[inside], each.lengths[first:last]))
            before += last - first
        term, text, counts, lengths = (
            np.concatenate(arrays) for arrays in zip(*parts, strict=True)
        )
        order = np.argsort(term, kind="stable")
        starts = _starts(term[order], len(known))
        return cls(known, starts, text[order], counts[order], lengths)

    @classmethod
    def load(cls, folder: Path) -> Postings:
        """Open, memory-mapped, what `save` wrote."""
        return cls(*(open_array(folder / f"{field.name}.npy") for field in fields(cls)))

    def save(self, folder: Path) -> None:
        """Write the postings into a folder, one file for each array."""
        folder.mkdir()
        for field, array in zip(fields(self), astuple(self), strict=True):
            np.save(folder / f"{field.name}.npy", array)

    def entries(self, term: np.uint64) -> tuple[NDArray[np.int32], NDArray[np.uint16]]:
        """The texts that hold a term and how often they do."""
        at = int(np.searchsorted(self.terms, term))
        if at == len(self.terms) or self.terms[at] != term:
            return self.texts[:0], self.counts[:0]
        span = slice(int(self.starts[at]), int(self.starts[at + 1]))
        return self.texts[span], self.counts[span]


def open_array(path: Path) -> NDArray[Any]:
    """A saved array, memory-mapped if it holds anything. Raises what NumPy does for bad files."""
    array: NDArray[Any] = np.load(path, mmap_mode="r" if path.stat().st_size > EMPTY else None)
    return array.view(np.ndarray)


def _hash(term: str) -> int:
    return int.from_bytes(blake2b(term.encode(errors="replace"), digest_size=8).digest(), "big")


def _starts(term: NDArray[np.integer[Any]], count: int) -> NDArray[np.int64]:
    return np.searchsorted(term, np.arange(count + 1)).astype(np.int64)


def _i32(array: NDArray[np.integer[Any]]) -> NDArray[np.int32]:
    return array.astype(np.int32)


def _u16(array: NDArray[np.integer[Any]]) -> NDArray[np.uint16]:
    counts: NDArray[np.uint16] = np.minimum(array, MAX_COUNT).astype(np.uint16)
    return counts


class LexicalIndex:
    """BM25 (Lucene's variant) over the texts of one or more postings, addressed by position."""

    def __init__(self, parts: Sequence[Postings], alive: NDArray[np.bool_] | None = None) -> None:
        """`alive` [texts], if given, says which texts count; the others score 0."""
        self._parts, self._alive = parts, alive
        lengths = np.concatenate([np.zeros(0, np.int32), *(part.lengths for part in parts)])
        self._size = len(lengths)
        living = lengths if alive is None else lengths[alive]
        self._count = len(living)
        average = float(living.mean()) if living.any() else 1.0
        self._norms = (K1 * (1 - B + B / average * lengths)).astype(np.float32)

    @classmethod
    def build(cls, texts: Sequence[str]) -> LexicalIndex:
        """Index texts in memory."""
        return cls([Postings.build(texts)])

    def idf(self, term: str) -> float:
        """Inverse document frequency; a term that no text holds gets the highest."""
        return self._idf(len(self._holders(term)[0]))

    def _idf(self, holding: int) -> float:
        return float(np.log1p((self._count - holding + 0.5) / (holding + 0.5)))

    def _holders(self, term: str) -> tuple[NDArray[np.int64], NDArray[Any]]:
        """The living texts that hold a term and how often they do."""
        hashed = np.uint64(_hash(term))
        texts, counts, before = [], [], 0
        for part in self._parts:
            holders, times = part.entries(hashed)
            texts.append(holders + np.int64(before))
            counts.append(times)
            before += len(part.lengths)
        if not texts:
            return np.zeros(0, np.int64), np.zeros(0, np.uint16)
        found = np.concatenate(texts)
        often: NDArray[Any] = np.concatenate(counts)
        if self._alive is None:
            return found, often
        living = self._alive[found]
        return found[living], often[living]

    def scores(self, question: str) -> NDArray[np.float32]:
        """BM25 of every text, divided by the idf of all terms, its limit for a text that holds
        each of them over and over: shape [texts], from 0 to 1.

        Terms that no text holds count in the divisor. So a question in another language than the
        texts scores near 0 everywhere, and what little it shares (WTO, 2018) still tells.
        """
        scores = np.zeros(self._size, np.float32)
        highest = 0.0
        for term, asked in Counter(terms(question)).items():
            found, often = self._holders(term)
            weight = asked * self._idf(len(found))
            highest += weight
            scores[found] += np.float32(weight) * (often / (often + self._norms[found]))
        return scores / np.float32(highest) if highest else scores
