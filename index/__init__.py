"""Text becomes something to search: chunks, two legs, late interaction, one index on disk."""

from __future__ import annotations

from index.build import build_index
from index.chunking import Chunk, chunk
from index.ingest import add_papers, remove_papers
from index.library import TOP_K, Index, open_index
from index.retrieval import Match, ScoredChunk

__all__ = [
    "TOP_K",
    "Chunk",
    "Index",
    "Match",
    "ScoredChunk",
    "add_papers",
    "build_index",
    "chunk",
    "open_index",
    "remove_papers",
]
