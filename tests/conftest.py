"""Every test uses an index of its own, never the one beside the packages."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from chatpage import assistant, browser, site  # noqa: F401
from hypothesis import settings

from index import Index, build_index
from tests.openai_server import server  # noqa: F401

# The same examples on every machine: a change fails for what it did, not by chance.
settings.register_profile("repeatable", derandomize=True)
settings.register_profile("soak", max_examples=20_000, database=None)
settings.load_profile("repeatable")


@pytest.fixture(scope="session", autouse=True)
def index_folder(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """Where ASKPAPER_INDEX points to; made by the first build."""
    folder = tmp_path_factory.mktemp("askpaper") / "index"
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("ASKPAPER_INDEX", str(folder))
        patch.delenv("ASKPAPER_EMBEDDING", raising=False)
        patch.delenv("CHROMA_URL", raising=False)
        patch.delenv("ASKPAPER_LLM", raising=False)
        yield folder


@pytest.fixture(scope="session")
def index(index_folder: Path) -> Index:
    """The bundled paper, indexed."""
    return build_index(folder=index_folder)


@pytest.fixture
def folder(index: Index, index_folder: Path, tmp_path: Path) -> Path:
    """A copy of the bundled paper's index, to be changed or damaged."""
    assert index.chunks
    others = shutil.ignore_patterns("feedback.jsonl")  # of the tests of the page
    return Path(shutil.copytree(index_folder, tmp_path / "index", ignore=others))


@pytest.fixture
def other(tmp_path: Path) -> Path:
    """One more paper."""
    path = tmp_path / "other.txt"
    path.write_text("数字贸易是今天的话题。\n\n天气很好。\n", "utf-8")
    return path
