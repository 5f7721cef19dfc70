from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from index import Index
from index.cli import main
from sources.terminal import PIPE_CLOSED

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


@pytest.mark.parametrize(
    "name",
    ["a\nb.md", "tab\tname.md", "x" * 250 + ".md", "论" * 80 + ".md", "-rf.md", "a;b$(touch c).md",
     "\u202egnp.md", "..hidden.md", "‘’“”.md"],
)  # fmt: skip
def test_a_file_may_be_called_anything(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    name: str,
) -> None:
    monkeypatch.setenv("ASKPAPER_INDEX", str(tmp_path / "index"))
    papers = tmp_path / "papers"
    papers.mkdir()
    (papers / name).write_text("# On tea\n\nTea delays sleep by forty minutes.\n", "utf-8")
    assert main(["add", str(papers)]) == 0
    capsys.readouterr()
    assert main(["list"]) == 0
    bundled, added = capsys.readouterr().out.splitlines()
    assert PAPER in bundled
    assert added.isprintable()
    paper = added.split("  ")[0]
    assert main(["search", "What delays sleep?", "--paper", paper]) == 0
    assert "Tea delays sleep" in capsys.readouterr().out
    assert main(["remove", paper]) == 0
    assert [each.name for each in papers.iterdir()] == [name]


@pytest.mark.parametrize("package", ["index", "app", "eval"])
def test_a_reader_of_a_pipe_may_have_seen_enough(package: str) -> None:
    command = [sys.executable, "-m", package, "--help"]
    with subprocess.Popen(command, cwd=ROOT, stdout=-1, stderr=-1) as reader:
        assert reader.stdout and reader.stderr
        reader.stdout.close()
        assert reader.stderr.read() == b""
    assert reader.returncode in (0, PIPE_CLOSED)  # argparse makes nothing of it


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
    folder = tmp_path if told.endswith(".txt") else tmp_path / "file"
    monkeypatch.setenv("ASKPAPER_INDEX", str(folder / "index"))
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


def test_papers_come_and_go(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("ASKPAPER_INDEX", str(tmp_path / "index"))
    papers = tmp_path / "papers"
    papers.mkdir()
    for name in ("one", "two"):
        (papers / f"{name}.md").write_text(f"# Paper {name}\n\nTides rise twice a day.\n")
    assert main(["add", "--workers", "1", str(papers)]) == 0
    assert "3 paper(s)" in capsys.readouterr().out
    assert main(["list"]) == 0
    listed = [line.split()[0] for line in capsys.readouterr().out.splitlines()]
    assert listed[0] == PAPER
    assert main(["search", "tides", "--paper", listed[2]]) == 0
    found = capsys.readouterr().out
    assert listed[2] in found
    assert listed[1] not in found
    assert main(["remove", listed[1]]) == 0
    assert "2 paper(s)" in capsys.readouterr().out
    (papers / "empty.md").write_text("")
    assert main(["add", "--workers", "1", str(papers)]) == 1
    captured = capsys.readouterr()
    assert "3 paper(s)" in captured.out
    assert "empty" in captured.err
    assert main(["verify"]) == 0
    (segment, *_) = (tmp_path / "index").glob("*/words.npy")
    segment.write_bytes(b"")
    assert main(["verify"]) == 1
    assert "words.npy" in capsys.readouterr().out
    assert main(["verify", "--repair"]) == 0
    assert "all is well" in capsys.readouterr().out
