from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from index import Index
from index.cli import main

ROOT = Path(__file__).parent.parent
PAPER = "wto-ecommerce-negotiations"


def run(*arguments: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "index", *arguments]
    return subprocess.run(command, cwd=ROOT, text=True, capture_output=True, check=False)


def test_build_in_the_folder_that_is_set(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = tmp_path / "elsewhere"
    monkeypatch.setenv("ASKPAPER_INDEX", str(folder))
    assert main(["build"]) == 0
    first = capsys.readouterr().out
    assert str(folder) in first
    assert "1 paper" in first
    assert (folder / "manifest.json").is_file()
    assert main(["build", PAPER]) == 0
    assert capsys.readouterr().out == first


def test_search(index: Index, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["search", "electronic signatures", "-k", "2"]) == 0
    out = capsys.readouterr().out
    assert out.startswith("1. ")
    assert "\n2. " in out
    assert "\n3. " not in out
    assert "5.1. 中国在电子商务谈判中的主要立场" in out
    assert "signatures~电子签名" in out


def test_info(index: Index, index_folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["info"]) == 0
    out = capsys.readouterr().out
    for part in (str(index_folder), index.manifest.encoder, str(len(index.chunks)), PAPER):
        assert part in out


def test_a_search_in_a_process(index: Index) -> None:
    found = run("search", "数字贸易", "-k", "1")
    assert (found.returncode, found.stderr) == (0, "")
    assert found.stdout.startswith("1. ")


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (["search", "贸易"], "python -m index build"),
        (["info"], "python -m index build"),
        (["build", "nowhere.txt"], "nowhere.txt"),
        (["build", "pyproject.toml"], ".txt"),
        (["build"], "ASKPAPER_INDEX"),
    ],
)
def test_a_mistake_is_one_line(
    arguments: list[str],
    told: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    (tmp_path / "file").write_text("no folder")
    monkeypatch.setenv("ASKPAPER_INDEX", str(tmp_path / "file" / "index"))
    assert main(arguments) == 1
    captured = capsys.readouterr()
    assert captured.out == ""
    assert told in captured.err
    assert captured.err.count("\n") == 1


def test_a_mistake_in_a_process(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ASKPAPER_INDEX", str(tmp_path / "nowhere"))
    failed = run("search", "贸易")
    assert (failed.returncode, failed.stdout) == (1, "")
    assert failed.stderr.count("\n") == 1
    assert "Traceback" not in failed.stderr


@pytest.mark.parametrize("arguments", [[], ["serch"], ["search"], ["search", "a", "-k", "x"]])
def test_a_wrong_command_shows_the_usage(
    arguments: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit) as caught:
        main(arguments)
    assert caught.value.code == 2
    assert "usage: python -m index" in capsys.readouterr().err
