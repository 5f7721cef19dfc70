"""The dense leg's store: chunks and their vectors in Chroma. The only import of chromadb.

A generation of the index has a collection of its own, in its folder or on the server that
CHROMA_URL names. Knows nothing of manifests.
"""

from __future__ import annotations

import logging
import os
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any

from index.chunking import Chunk
from index.encoder import Encoder, Floats
from index.retrieval import Nearest
from sources import StoreError

if TYPE_CHECKING:
    from chromadb.api import ClientAPI
    from chromadb.api.models.Collection import Collection

BATCH = 1_000  # chunks handed to Chroma at a time
REBUILD = "python -m index build"


def write_vectors(
    folder: Path, chunks: Sequence[Chunk], texts: Sequence[str], encoder: Encoder
) -> Iterator[int]:
    """Store the chunks of a generation with the vectors of their `texts`; yields how many are
    done. Raises StoreError when Chroma cannot."""
    with _chroma_errors():
        collection = _client(folder).create_collection(
            _name(folder), embedding_function=None, configuration={"hnsw": {"space": "cosine"}}
        )
    for start in range(0, len(chunks), BATCH):
        batch = chunks[start : start + BATCH]
        vectors: Floats = encoder.encode(texts[start : start + BATCH])
        with _chroma_errors():
            collection.add(
                ids=[each.chunk_id for each in batch],
                embeddings=vectors,
                documents=[each.text for each in batch],
                metadatas=[_metadata(each) for each in batch],
            )
        yield start + len(batch)


def _metadata(each: Chunk) -> dict[str, Any]:
    return {
        "doc_id": each.doc_id,
        "start": each.start,
        "end": each.end,
        "section": " › ".join(each.section),
    }


def open_vectors(folder: Path, chunks: Sequence[Chunk], encoder: Encoder) -> Nearest:
    """Nearest chunks of a generation by the cosine of their vectors, addressed by position."""
    collection = open_collection(folder)
    position = {each.chunk_id: at for at, each in enumerate(chunks)}

    def nearest(question: str, k: int, paper: str | None) -> tuple[list[int], list[float]]:
        where: Any = {"doc_id": paper} if paper else None
        vector = encoder.encode([question])
        with _chroma_errors():
            found = collection.query(vector, n_results=k, where=where, include=["distances"])
        distances = (found["distances"] or [[]])[0]
        return [position[i] for i in found["ids"][0]], [1.0 - d for d in distances]

    return nearest


def open_collection(folder: Path) -> Collection:
    """The Chroma collection of a generation, as Chroma gives it."""
    return _client(folder).get_collection(_name(folder), embedding_function=None)


def drop_vectors(folder: Path) -> None:
    """Remove a generation's collection from the server; an embedded one goes with its folder."""
    if os.environ.get("CHROMA_URL"):
        with suppress(Exception):  # a server that is away keeps a collection, no harm
            _client(folder).delete_collection(_name(folder))


def _name(folder: Path) -> str:
    return f"askpaper-{folder.name}"


@contextmanager
def _chroma_errors() -> Iterator[None]:
    """What Chroma raises, its own, its server's and its database's, becomes a StoreError."""
    try:
        yield
    except StoreError:
        raise
    except Exception as error:
        raise StoreError(
            f"Chroma cannot be used ({error}); start again, and if it stays so: {REBUILD}"
        ) from error


def _client(folder: Path) -> ClientAPI:
    """The embedded store in this generation's folder, or the server that CHROMA_URL names."""
    import chromadb
    from chromadb.config import Settings

    logging.getLogger("chromadb.telemetry").setLevel(logging.CRITICAL)
    settings = Settings(anonymized_telemetry=False)
    url = os.environ.get("CHROMA_URL")
    if not url:
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
