"""Which package and which module may import what."""

from __future__ import annotations

import ast
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
LAYERS = ["sources", "index", "app", "eval"]  # each may import the ones before it
PEERS = "eval/peer_systems.py"  # measured in an environment of its own, never imported else
ONLY_IN = {
    "chromadb": {"index/store.py"},
    "bm25s": {PEERS},
    "sentence_transformers": {"index/encoder.py", "index/teacher.py"},
    "torch": {
        "app/fit.py",
        "index/adapt.py",
        "index/batches.py",
        "index/teacher.py",
        "index/train.py",
    },
    "llama_index": {"app/llm.py", "index/llamaindex.py", PEERS},
    "gradio": {
        "app/desk.py",
        "app/papers.py",
        "app/parts.py",
        "app/server.py",
        "app/theme.py",
        "app/ui.py",
    },
    "mcp": {"app/tools.py"},
    "pypdfium2": {"sources/pdfium.py"},
    "docx": {"sources/docx.py"},
    "selectolax": {"sources/html.py"},
    "http": {"sources/web.py"},
}
MODULES = sorted(path for layer in LAYERS for path in (ROOT / layer).rglob("*.py"))


def imported(path: Path) -> set[str]:
    """The top-level packages that a module imports, anywhere in it."""
    found = set()
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.Import):
            found |= {alias.name.partition(".")[0] for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path}: relative import"
            found.add((node.module or "").partition(".")[0])
    return found


@pytest.mark.parametrize("path", MODULES, ids=lambda path: str(path.relative_to(ROOT)))
def test_imports(path: Path) -> None:
    name = path.relative_to(ROOT).as_posix()
    above = LAYERS[LAYERS.index(name.partition("/")[0]) + 1 :]
    forbidden = {package for package, where in ONLY_IN.items() if name not in where}
    assert not imported(path) & {*above, "tests", *forbidden}


@pytest.mark.parametrize("package", ["app", "app.cli", "eval.cli"])
def test_importing_it_is_quick(package: str) -> None:
    heavy = sorted({*ONLY_IN, "transformers", "sklearn"} - {"bm25s"})
    code = f"import sys, {package}; print(*(m for m in {heavy} if m in sys.modules))"
    loaded = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, text=True, capture_output=True, check=True
    )
    assert loaded.stdout.strip() == ""
