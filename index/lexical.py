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
from functools import cache, lru_cache
from hashlib import blake2b
from pathlib import Path
from typing import Any

import numpy as np
import opencc
import rjieba
from numpy.typing import NDArray

K1, B = 1.2, 0.75  # Robertson and Zaragoza 2009
MAX_COUNT = 65_535
KEPT_TEXTS = 8  # a question is read again and again on its way
EMPTY = 128  # bytes of a saved array that holds nothing, which cannot be mapped

Entries = tuple[NDArray[np.int64], NDArray[np.int32], NDArray[np.uint16]]
"""Which term, a text that holds it and how often it does, each of shape [entries]."""

_RUN = re.compile(
    r"[\u3400-\u9fff\uf900-\ufaff]+|[^\W\d_\u3400-\u9fff\uf900-\ufaff]+|\d+(?:[.,]\d+)*"
)
_HAN = re.compile(r"[\u3400-\u9fff\uf900-\ufaff]")


@cache
def _simplifier() -> opencc.OpenCC:
    return opencc.OpenCC("t2s")


@lru_cache(maxsize=KEPT_TEXTS)
def normalise(text: str) -> str:
    """NFKC, lower case, traditional characters folded to simplified."""
    return simplified(unicodedata.normalize("NFKC", text).lower())


def simplified(text: str) -> str:
    """The text with traditional characters folded to simplified."""
    return _simplifier().convert(text) if _HAN.search(text) else text


def terms(text: str) -> list[str]:
    """The terms of a text, with repetitions."""
    return [*_terms(text)]


@lru_cache(maxsize=KEPT_TEXTS)
def _terms(text: str) -> tuple[str, ...]:
    found: list[str] = []
    for run in _RUN.findall(normalise(text)):
        if _HAN.match(run):
            words = rjieba.cut_for_search(run)
            found += words
            # A word of two characters is its own bigram already.
            known = set(words)
            found += [two for two in map("".join, itertools.pairwise(run)) if two not in known]
        else:
            found.append(singular(run))
    return tuple(found)


def singular(word: str) -> str:
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

    def entries(self, asked: NDArray[np.uint64]) -> Entries:
        """Which of some terms, given by their hashes, are held by which texts, and how often."""
        at = np.searchsorted(self.terms, asked)
        held = np.searchsorted(self.terms, asked, "right")  # equal where there is no such term
        spans = [
            slice(*each)
            for each in zip(self.starts[at].tolist(), self.starts[held].tolist(), strict=True)
        ]
        return (
            np.repeat(np.arange(len(asked)), self.starts[held] - self.starts[at]),
            np.concatenate([self.texts[:0], *(self.texts[span] for span in spans)]),
            np.concatenate([self.counts[:0], *(self.counts[span] for span in spans)]),
        )


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


def _f32(array: NDArray[Any]) -> NDArray[np.float32]:
    return array.astype(np.float32)


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
        self._firsts = np.cumsum([0, *(len(part.lengths) for part in parts)])[:-1].astype(np.int32)
        living = lengths if alive is None else lengths[alive]
        self._count = len(living)
        average = float(living.mean()) if living.any() else 1.0
        self._norms = (K1 * (1 - B + B / average * lengths)).astype(np.float32)

    @classmethod
    def build(cls, texts: Sequence[str]) -> LexicalIndex:
        """Index texts in memory."""
        return cls([Postings.build(texts)])

    def scores(self, question: str) -> NDArray[np.float32]:
        """BM25 of every text, divided by the idf of all terms, its limit for a text that holds
        each of them over and over: shape [texts], from 0 to 1.

        Terms that no text holds count in the divisor. So a question in another language than the
        texts scores near 0 everywhere, and what little it shares (WTO, 2018) still tells.
        """
        if not self._size:
            return np.zeros(0, np.float32)
        asked = Counter(terms(question))
        hashes = np.array([_hash(term) for term in asked], np.uint64)
        found = [part.entries(hashes) for part in self._parts]
        term, text, often = (np.concatenate(arrays) for arrays in zip(*found, strict=True))
        text += np.repeat(self._firsts, [len(held) for _, held, _ in found])
        if self._alive is not None:
            living = self._alive[text]
            term, text, often = term[living], text[living], often[living]
        holding = np.bincount(term, minlength=len(asked))
        idf = np.log1p((self._count - holding + 0.5) / (holding + 0.5))
        weights = np.array([*asked.values()], np.float32) * _f32(idf)
        told = weights[term] * (often / (often + self._norms[text]))
        scores = _f32(np.bincount(text, told, minlength=self._size))
        highest = weights.sum()
        return scores / highest if highest else scores
