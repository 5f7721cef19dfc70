"""The dense leg: vectors in Chroma. The only import of chromadb.

Each segment of the index has a collection of its own, in its folder or on the server that
CHROMA_URL names, which is written once and only read after that. The chunk of number 7 has the id
"7"; its text is in the segment. Knows nothing of manifests.
"""

from __future__ import annotations

import logging
import os
import re
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from index.encoder import Encoder, Floats
from index.segment import Segment
from sources import StoreError

if TYPE_CHECKING:
    from chromadb.api import ClientAPI
    from chromadb.api.models.Collection import Collection

BATCH = 1_000  # chunks handed to Chroma at a time
EXACT = 50_000  # chunks of a narrow filter that are compared one by one
# Of 60,000 chunks it finds .85 of the nearest 100 instead of .72, for .2 ms more.
EF_SEARCH = 200
REPAIR = "python -m index verify --repair"

Mask = NDArray[np.bool_]


def write_vectors(segment: Segment) -> Iterator[int]:
    """Store a segment's vectors; yields how many are done. Raises StoreError when Chroma cannot."""
    with _chroma_errors():
        collection = _client(segment.folder).create_collection(
            _name(segment.folder),
            embedding_function=None,
            configuration={"hnsw": {"space": "cosine", "ef_search": EF_SEARCH}},
        )
    paper_of = np.repeat([each.doc_id for each in segment.papers], np.diff(segment.firsts))
    for start in range(0, len(segment), BATCH):
        numbers = range(start, min(start + BATCH, len(segment)))
        spans = segment.arrays["chunks"][numbers.start : numbers.stop].tolist()
        with _chroma_errors():
            collection.add(
                ids=[str(number) for number in numbers],
                embeddings=np.asarray(segment.arrays["vectors"][numbers.start : numbers.stop]),
                metadatas=[
                    {"doc_id": str(paper_of[number]), "start": span[0], "end": span[1]}
                    for number, span in zip(numbers, spans, strict=True)
                ],
            )
        yield numbers.stop


class DenseLeg:
    """Nearest chunks over segments by the cosine of their vectors, addressed by position: the
    segments' chunks are counted through."""

    def __init__(self, segments: Sequence[Segment], encoder: Encoder, alive: Mask | None) -> None:
        """Open the collections. Raises StoreError for one that is missing or incomplete.

        Chroma writes even to read. Where it may not, vectors are compared one by one.
        """
        self._segments, self._encoder, self._alive = segments, encoder, alive
        self._firsts = np.cumsum([0, *map(len, segments)])
        self._collections = [
            None if read_only(each.folder) else open_collection(each.folder) for each in segments
        ]
        for segment, collection in zip(segments, self._collections, strict=True):
            with _chroma_errors():
                if collection and collection.count() != len(segment):
                    raise StoreError(f"{segment.folder}: its Chroma collection is not complete")

    def __call__(
        self, question: str, k: int, allowed: Mask | None
    ) -> tuple[list[int], list[float]]:
        """The positions of the k nearest chunks that are allowed, and their cosines."""
        return self.nearest(self._encoder.encode([question])[0], k, allowed)

    def nearest(
        self, vector: Floats, k: int, allowed: Mask | None
    ) -> tuple[list[int], list[float]]:
        """The same for a vector."""
        wanted = self._alive if allowed is None else allowed
        if allowed is not None and allowed.sum() < min(EXACT, len(allowed) / 2):
            return self._exact(vector, k, allowed)
        found: list[tuple[float, int]] = []
        for at in range(len(self._segments)):
            found += self._query(at, vector[None], k, wanted)
        found.sort(key=lambda hit: -hit[0])
        return [position for _, position in found[:k]], [cosine for cosine, _ in found[:k]]

    def _query(
        self, at: int, vector: Floats, k: int, wanted: Mask | None
    ) -> list[tuple[float, int]]:
        first, size = int(self._firsts[at]), len(self._segments[at])
        within = None if wanted is None else wanted[first : first + size]
        there = size if within is None else int(within.sum())
        take = min(k, size) if there else 0
        collection = self._collections[at]
        if collection is None:
            own = np.zeros(int(self._firsts[-1]), np.bool_)
            own[first : first + size] = True if within is None else within
            positions, cosines = self._exact(vector[0], k, own)
            return [*zip(cosines, positions, strict=True)]
        while take:
            with _chroma_errors():
                found = collection.query(vector, n_results=take, include=["distances"])
            distances = (found["distances"] or [[]])[0]
            hits = [
                (1.0 - distance, first + int(number))
                for number, distance in zip(found["ids"][0], distances, strict=True)
                if within is None or within[int(number)]
            ]
            # Chunks that are no longer in force may fill the first places.
            if len(hits) >= min(k, there) or take == size:
                return hits
            take = min(4 * take, size)
        return []

    def _exact(self, vector: Floats, k: int, allowed: Mask) -> tuple[list[int], list[float]]:
        positions = np.flatnonzero(allowed)
        cosines = np.concatenate(
            [
                segment.arrays["vectors"][positions[a:b] - first] @ vector
                for segment, first, a, b in self._split(positions)
            ]
            or [np.zeros(0, np.float32)]
        )
        order = np.argsort(-cosines, kind="stable")[:k]
        return positions[order].tolist(), cosines[order].tolist()

    def _split(self, positions: NDArray[np.int64]) -> Iterator[tuple[Segment, int, int, int]]:
        """Each segment, its first position and where its own are among ascending positions."""
        edges = np.searchsorted(positions, self._firsts)
        for at, segment in enumerate(self._segments):
            if edges[at] < edges[at + 1]:
                yield segment, int(self._firsts[at]), int(edges[at]), int(edges[at + 1])


def open_collection(folder: Path) -> Collection:
    """The Chroma collection of a segment, as Chroma gives it. Raises StoreError if it cannot."""
    with _chroma_errors():
        return _client(folder).get_collection(_name(folder), embedding_function=None)


def drop_vectors(folder: Path) -> None:
    """Remove a segment's collection from the server; an embedded one goes with its folder."""
    if os.environ.get("CHROMA_URL"):
        with suppress(Exception):  # a server that is away keeps a collection, no harm
            _client(folder).delete_collection(_name(folder))


def read_only(folder: Path) -> bool:
    """Whether a segment's embedded store is there and cannot be written."""
    store = folder / "chroma"
    return (
        not os.environ.get("CHROMA_URL")
        and store.is_dir()
        and not all(os.access(each, os.W_OK) for each in (store, *store.glob("*.sqlite3")))
    )


def _name(folder: Path) -> str:
    return f"askpaper-{folder.name}"


# SQLite's codes of a folder that is read-only, of a full disk and of a write that failed: the
# index itself is sound then.
_UNWRITTEN = re.compile(r"\(code: (?:8|13|778)\)")


@contextmanager
def _chroma_errors() -> Iterator[None]:
    """What Chroma raises, its own, its server's and its database's, becomes a StoreError."""
    try:
        yield
    except StoreError:
        raise
    except Exception as error:
        told = " ".join(str(error).split())
        if _UNWRITTEN.search(told):
            way = "make room, or set ASKPAPER_INDEX to a folder that can be written"
        else:
            way = f"start again, and if it stays so: {REPAIR}"
        raise StoreError(f"Chroma cannot be used ({told}); {way}") from error


def _client(folder: Path) -> ClientAPI:
    """The embedded store in this segment's folder, or the server that CHROMA_URL names."""
    import chromadb
    from chromadb.config import Settings

    logging.getLogger("chromadb.telemetry").setLevel(logging.CRITICAL)
    settings = Settings(anonymized_telemetry=False)
    url = os.environ.get("CHROMA_URL")
    if not url:
        if not folder.is_dir():
            raise StoreError(f"{folder}: missing")
        return chromadb.PersistentClient(str(folder / "chroma"), settings=settings)
    host, ssl = url.split("://", 1)[-1].rstrip("/"), url.startswith("https://")
    name, _, port = host.partition(":")
    try:
        return chromadb.HttpClient(
            name, int(port or (443 if ssl else 8000)), ssl, settings=settings
        )
    except (ValueError, OSError) as error:
        raise StoreError(
            f"CHROMA_URL={url}: no Chroma server answers; start it or unset"
        ) from error
