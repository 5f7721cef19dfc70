"""What an index on disk holds."""

from __future__ import annotations

import json
from pathlib import Path

from index import Index


def manifest(folder: Path) -> dict[str, object]:
    fields: dict[str, object] = json.loads((folder / "manifest.json").read_text("utf-8"))
    return fields


def papers(index: Index) -> list[str]:
    """The texts of the papers; the same as the chunks of both legs."""
    assert sum(paper.chunks for paper in index.papers) == len(index.chunks)
    assert {each.doc_id for each in index.chunks} <= set(index.documents)
    found = index.search("数字贸易", len(index.chunks) + 10)
    assert {each.chunk for each in found} == set(index.chunks)
    return [document.text for document in index.documents.values()]
