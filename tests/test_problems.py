"""What goes wrong on the page is told in the reader's language."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

import sources
from app.problems import problem_html, shelf_problem_html, told
from index import build_index
from index.ingest import remove_papers
from sources import AskPaperError, PaperError, StoreError, load_paper

READERS = ("docx", "html", "loaders", "ocr", "pdf", "pdfium", "text", "worker")
ENGLISH = re.compile(r"[a-z]{2,}[ ,:;]+[a-z]{2,}")
COMMAND = re.compile(r"(?:pip|python) [-\w\[\]'. ]+")


def messages(module: str) -> Iterator[str]:
    """Every message of a PaperError that is raised in a module of `sources`, filled with names."""
    tree = ast.parse((Path(sources.__file__).parent / f"{module}.py").read_text("utf-8"))
    for node in ast.walk(tree):
        if not isinstance(node, ast.Raise) or not isinstance(node.exc, ast.Call):
            continue
        called, (message, *_) = node.exc.func, node.exc.args or [None]
        if not isinstance(called, ast.Name) or called.id not in ("PaperError", "ScanError"):
            continue
        parts = message.values if isinstance(message, ast.JoinedStr) else [message]
        values = [part.value if isinstance(part, ast.Constant) else "'x'" for part in parts]
        yield "".join(map(str, values))


@pytest.mark.parametrize("module", READERS)
def test_whatever_a_reader_says_of_a_file_is_said_in_chinese(module: str) -> None:
    for message in messages(module):
        chinese = COMMAND.sub("", told(PaperError(f"'x.pdf': {message}"), "zh"))
        assert re.search("[\u4e00-\u9fff]", chinese), message
        assert not ENGLISH.search(chinese), chinese


def test_the_messages_are_found() -> None:
    assert len([each for module in READERS for each in messages(module)]) > 15


@pytest.mark.parametrize(
    ("name", "content", "chinese"),
    [
        ("a.xyz", b"x", "'a.xyz' 的格式无法识别，请改用 .txt"),
        ("a.txt", b" ", "'a.txt' 是空文件"),
        ("a.txt", b"\x00\x01" * 99, "'a.txt'：不是文本文件"),
        ("a.docx", b"PK", "'a.docx'：不是可以读取的 Word 文件"),
        ("a.pdf", b"%PDF-1.4", "'a.pdf'：不是可以读取的 PDF"),
    ],
)
def test_a_broken_file_is_told_with_what_to_do(
    tmp_path: Path, name: str, content: bytes, chinese: str
) -> None:
    (tmp_path / name).write_bytes(content)
    with pytest.raises(PaperError) as caught:
        load_paper(tmp_path / name)
    said = html_text(shelf_problem_html(caught.value, "zh")).replace(f"{tmp_path}/", "")
    assert f"没有添加：{chinese}" in said
    assert str(caught.value) in html_text(shelf_problem_html(caught.value, "en"))


def html_text(html: str) -> str:
    return re.sub("<.*?>", "", html).replace("&#x27;", "'")


def test_what_is_wrong_with_an_index_is_told(tmp_path: Path) -> None:
    folder = tmp_path / "index"
    build_index(folder=folder)
    manifest = folder / "manifest.json"
    kept = manifest.read_text("utf-8")
    for broken in ("{", kept.replace('"schema": ', '"schema": 9')):
        manifest.write_text(broken, "utf-8")
        with pytest.raises(StoreError) as caught:
            remove_papers([], folder)
        chinese = html_text(problem_html(caught.value, "", "zh"))
        assert re.search("请运行 python -m index [a-z -]+$", chinese)
        assert not ENGLISH.search(COMMAND.sub("", chinese).replace(str(folder), ""))


def test_an_error_without_a_translation_is_told_as_it_is() -> None:
    assert told(AskPaperError("something new"), "zh") == "something new"
