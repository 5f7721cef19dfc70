"""What an index on disk holds, and what it refuses."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from index import Index
from index.manifest import read_manifest
from sources import AskPaperError, StoreError

PAPER = "wto-ecommerce-negotiations"
REBUILD = "python -m index build"
REPAIR = "python -m index verify --repair"


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


def segments(folder: Path) -> list[Path]:
    return [folder / name for name in read_manifest(folder).segments]


def snapshot(folder: Path) -> dict[str, int]:
    """When each file was written last; SQLite may touch its own without changing what it holds."""
    files = (path for path in folder.rglob("*") if path.is_file() and "sqlite" not in path.suffix)
    return {str(path): path.stat().st_mtime_ns for path in files}


def names(folder: Path) -> set[str]:
    return {path.name for path in folder.iterdir()} - {"lock", "manifest.json"}


def same_answers(one: Index, other: Index) -> None:
    for question in ("数字贸易", "electronic signatures", "今天天气"):
        first, second = one.search(question, 100), other.search(question, 100)
        assert {e.chunk.text for e in first} == {e.chunk.text for e in second}
        ours, theirs = ({e.chunk.text: e.score for e in each} for each in (first, second))
        assert ours == pytest.approx(theirs, abs=1e-4)


def refusal(action: Callable[[], object], kind: type[AskPaperError] = StoreError) -> str:
    with pytest.raises(kind) as caught:
        action()
    assert type(caught.value) is kind
    assert "\n" not in str(caught.value)
    return str(caught.value)
