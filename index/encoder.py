"""Text becomes vectors: one for a text (dense) and one for each of its words (late interaction).

The bundled model is a sentence-transformers folder, a static table with a tokenizer, and is read
here without importing torch, so that a first answer comes in a second instead of six; a test holds
the vectors equal to what `SentenceTransformer(folder).encode` gives. Any other model is loaded by
sentence-transformers itself and serves the dense leg only.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache
from itertools import count, takewhile
from pathlib import Path
from typing import Protocol

import numpy as np
from numpy.typing import NDArray
from safetensors.numpy import load_file
from tokenizers import Tokenizer

from sources.errors import EncoderError

BUNDLED = Path(__file__).with_name("model")
BATCH = 256
KEPT_TEXTS = 256
UNKNOWN_ROW = 0
EPSILON = 1e-9
FILES = ("model.safetensors", "tokenizer.json", "modules.json")

Floats = NDArray[np.float32]
Rows = NDArray[np.int32]


class Encoder(Protocol):
    """What the dense leg needs of a model."""

    @property
    def fingerprint(self) -> str:
        """Changes whenever the vectors would."""

    def encode(self, texts: Sequence[str]) -> Floats:
        """Unit vectors, shape [texts, dimension]."""


@dataclass(frozen=True, slots=True)
class Words:
    """The words of a text that the table knows: rows of the table and character spans."""

    rows: Rows
    spans: list[tuple[int, int]]


class StaticEncoder:
    """A table of word vectors. A text is the mean of its words; a word's weight is its norm."""

    def __init__(self, folder: Path = BUNDLED) -> None:
        """Open a sentence-transformers folder with one StaticEmbedding module.

        Raises EncoderError for a missing, truncated or foreign folder.
        """
        for name in FILES:
            if not (folder / name).is_file():
                raise EncoderError(f"{folder}: {name} is missing; this is no static model folder")
        if b"StaticEmbedding" not in (folder / "modules.json").read_bytes():
            raise EncoderError(f"{folder}: not a static model; only StaticEmbedding can be read")
        try:
            arrays = load_file(folder / "model.safetensors")
            tokenizer = Tokenizer.from_file(str(folder / "tokenizer.json"))
            self._table = arrays["embeddings" if "embeddings" in arrays else "embedding.weight"]
            tokens = tokenizer.get_vocab_size()
            self._row_of: Rows = arrays.get("mapping", np.arange(tokens)).astype(np.int32)
            self._scale = np.zeros(len(self._table), np.float32)
            self._scale[self._row_of] = arrays.get("weights", np.ones(tokens))
        except Exception as error:  # the readers raise whatever a damaged file provokes
            raise EncoderError(f"{folder}: damaged ({error}); fetch or train it again") from error
        self.folder = folder
        self.words_of = lru_cache(maxsize=KEPT_TEXTS)(self._words_of)
        self.units_of = lru_cache(maxsize=KEPT_TEXTS)(self._units_of)
        tokenizer.no_padding()
        tokenizer.no_truncation()
        self._tokenizer = tokenizer

    @cached_property
    def fingerprint(self) -> str:
        """Hash of the weights and the tokenizer."""
        digest = hashlib.sha256()
        for name in FILES[:2]:
            digest.update((self.folder / name).read_bytes())
        return f"{self.folder.name}-{digest.hexdigest()[:12]}"

    def parts(self) -> tuple[Tokenizer, Rows, Floats]:
        """The tokenizer, the row of each token and the table, to go on training with."""
        return self._tokenizer, self._row_of, self._table * self._scale[:, None]

    def chinese_words(self) -> list[str]:
        """All that it knows, the most frequent first in what it was trained on; its vocabulary
        begins with them."""
        known = (self._tokenizer.id_to_token(at) or "" for at in count(1))
        return list(takewhile(lambda word: "\u3400" <= word[:1] <= "\u9fff", known))

    def words(self, texts: Sequence[str]) -> list[Words]:
        """The known words of each text."""
        found = []
        for encoding in self._tokenizer.encode_batch(_utf8(texts), add_special_tokens=False):
            rows = self._row_of[np.asarray(encoding.ids, np.int64)]
            known = rows > UNKNOWN_ROW
            spans = [span for span, keep in zip(encoding.offsets, known, strict=True) if keep]
            found.append(Words(rows[known], spans))
        return found

    def _words_of(self, text: str) -> Words:
        """The known words of one text, remembered: a question is read again and again."""
        return self.words([text])[0]

    def rows(self, texts: Sequence[str]) -> list[Rows]:
        """The rows of the known words of each text."""
        found = []
        for encoding in self._tokenizer.encode_batch_fast(_utf8(texts), add_special_tokens=False):
            rows = self._row_of[np.asarray(encoding.ids, np.int64)]
            found.append(rows[rows > UNKNOWN_ROW])
        return found

    def units(self, rows: Rows) -> tuple[Floats, Floats]:
        """Unit vectors [rows, dimension] of words and their weights [rows], the vectors' norms."""
        vectors: Floats = self._table[rows].astype(np.float32)
        norms = np.sqrt(np.einsum("ij,ij->i", vectors, vectors))
        vectors /= np.maximum(norms, EPSILON)[:, None]
        return vectors, norms * self._scale[rows]

    def _units_of(self, text: str) -> tuple[Floats, Floats]:
        """The same of the words of one text, remembered."""
        return self.units(self.words_of(text).rows)

    def encode(self, texts: Sequence[str]) -> Floats:
        """Unit vectors, shape [texts, dimension]; zeros for a text without a known word."""
        vectors = np.zeros((len(texts), self._table.shape[1]), np.float32)
        if len(texts) == 1:  # most often a question, whose words are looked at, too
            units, weights = self.units_of(texts[0])
            vectors[0] = weights @ units
        else:
            for start in range(0, len(texts), BATCH):
                for at, rows in enumerate(self.rows(texts[start : start + BATCH]), start):
                    vectors[at] = self._scale[rows] @ self._table[rows].astype(np.float32)
        norms = np.maximum(np.linalg.norm(vectors, axis=1, keepdims=True), EPSILON)
        return np.asarray(vectors / norms, np.float32)


def _utf8(texts: Sequence[str]) -> list[str]:
    """The tokenizer refuses half of a surrogate pair, which a command line can pass on."""
    return [text.encode(errors="replace").decode() for text in texts]


class TransformerEncoder:
    """Any sentence-transformers model, by name or folder. Importing it takes seconds."""

    def __init__(self, name: str) -> None:
        """Load the model. Raises EncoderError when it cannot be found or read."""
        from sentence_transformers import SentenceTransformer

        try:
            self._model = SentenceTransformer(name)
        except Exception as error:
            raise EncoderError(f"ASKPAPER_EMBEDDING={name}: cannot be loaded ({error})") from error
        self.fingerprint = name

    def encode(self, texts: Sequence[str]) -> Floats:
        """Unit vectors, shape [texts, dimension]."""
        vectors = self._model.encode(list(texts), normalize_embeddings=True)
        return np.asarray(vectors, np.float32)


@lru_cache(maxsize=2)
def bundled_encoder(folder: Path = BUNDLED) -> StaticEncoder:
    """The model that ships, read once."""
    return StaticEncoder(folder)
