from __future__ import annotations

import io
import json
import signal
import socket
import subprocess
import sys
from dataclasses import asdict
from pathlib import Path

import pytest

from app.assistant import Assistant
from app.cli import main, to_text
from index import Index

ROOT = Path(__file__).parent.parent
COMMAND = [sys.executable, "-m", "app"]
PAPER = "wto-ecommerce-negotiations"
QUESTION = "2018年全球电子商务规模达到多少万亿美元？"

Captured = pytest.CaptureFixture[str]


def typed(monkeypatch: pytest.MonkeyPatch, *lines: str) -> None:
    monkeypatch.setattr("sys.stdin", io.StringIO("".join(f"{line}\n" for line in lines)))


def test_an_answer_and_its_sources(index: Index, capsys: Captured) -> None:
    assert main(["--paper", PAPER, "ask", QUESTION]) == 0
    captured = capsys.readouterr()
    assert captured.err == ""
    assert captured.out == to_text(Assistant(index).ask(QUESTION)) + "\n"
    quotes, sources = captured.out.split("\n\n")
    assert "25.6 万亿" in quotes
    assert sources.startswith("[1] 1. 引言")


def test_an_answer_as_json(index: Index, capsys: Captured) -> None:
    assert main(["ask", "--json", QUESTION]) == 0
    out = capsys.readouterr().out
    assert json.loads(out)["text"] == Assistant(index).ask(QUESTION).text
    assert "万亿" in out


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (["ask", ""], "empty"),
        (["ask", " "], "empty"),
        (["ask", "？"], "no word"),
        (["ask", "贸" * 100_000], "100,000"),
        (["--paper", "nowhere", "ask", QUESTION], PAPER),
        (["--paper", "pyproject.toml", "ask", QUESTION], ".txt"),
        (["--paper", "nowhere", "chat"], PAPER),
        (["--paper", "nowhere"], PAPER),
    ],
)
def test_a_mistake_is_one_line(
    index: Index, arguments: list[str], told: str, capsys: Captured
) -> None:
    assert main(arguments) == 1
    captured = capsys.readouterr()
    assert captured.out == ""
    assert told in captured.err
    assert captured.err.count("\n") == 1


def test_an_index_that_cannot_be_used_is_one_line_and_left_alone(
    index: Index, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: Captured
) -> None:
    foreign = json.dumps(asdict(index.manifest) | {"encoder": "another"})
    (tmp_path / "index").mkdir()
    (tmp_path / "index" / "manifest.json").write_text(foreign, encoding="utf-8")
    monkeypatch.setenv("ASKPAPER_INDEX", str(tmp_path / "index"))
    assert main(["ask", QUESTION]) == 1
    assert (tmp_path / "index" / "manifest.json").read_text(encoding="utf-8") == foreign
    monkeypatch.setenv("ASKPAPER_INDEX", str(tmp_path / "index" / "manifest.json" / "index"))
    assert main(["ask", QUESTION]) == 1
    captured = capsys.readouterr()
    mismatch, unwritable = captured.err.splitlines()
    assert "python -m index build" in mismatch
    assert "ASKPAPER_INDEX" in unwritable
    assert captured.out == ""


def test_a_mistake_in_a_process(index: Index) -> None:
    command = [*COMMAND, "--paper", "nowhere", "ask", QUESTION]
    failed = subprocess.run(command, cwd=ROOT, text=True, capture_output=True, check=False)
    assert (failed.returncode, failed.stdout) == (1, "")
    assert failed.stderr.count("\n") == 1
    assert "Traceback" not in failed.stderr


def test_a_port_that_is_taken_is_one_line(index: Index, capsys: Captured) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = str(taken.getsockname()[1])
        assert main(["--port", port, "--no-browser"]) == 1
    captured = capsys.readouterr()
    assert port in captured.err
    assert captured.err.count("\n") == 1


def test_a_conversation_ends_with_an_empty_line(
    index: Index, monkeypatch: pytest.MonkeyPatch, capsys: Captured
) -> None:
    typed(monkeypatch, QUESTION, "2017年中国提交的文件提出了什么？", "那2016年呢？", "", QUESTION)
    assert main(["chat"]) == 0
    captured = capsys.readouterr()
    greeting, *answers, end = captured.out.split("\n> ")
    assert PAPER not in greeting
    assert Assistant(index).document.name in greeting
    assert len(answers) == 3
    assert "25.6 万亿" in answers[0]
    assert not answers[1].startswith("(")
    assert answers[2].startswith("(2016年中国提交的文件提出了什么？)\n")
    assert (end, captured.err) == ("", "")


def test_a_conversation_goes_on_after_a_mistake_and_ends_with_its_input(
    index: Index, monkeypatch: pytest.MonkeyPatch, capsys: Captured
) -> None:
    typed(monkeypatch, "？？", QUESTION)
    assert main(["chat"]) == 0
    _, mistake, answer, end = capsys.readouterr().out.split("\n> ")
    assert "no word" in mistake
    assert "25.6 万亿" in answer
    assert end == ""


def test_a_conversation_that_is_interrupted_is_quiet(index: Index) -> None:
    pipe = subprocess.PIPE
    with subprocess.Popen([*COMMAND, "chat"], cwd=ROOT, stdin=pipe, stdout=pipe, stderr=pipe) as on:
        assert on.stdout is not None
        while b"ends the conversation" not in on.stdout.readline():
            assert on.poll() is None
        on.send_signal(signal.SIGINT)
        _, told = on.communicate(timeout=20)
    assert (on.returncode, told.strip()) == (0, b"")


def test_a_reader_that_has_seen_enough_gets_no_complaint(index: Index) -> None:
    pipe = subprocess.PIPE
    with subprocess.Popen([*COMMAND, "ask", QUESTION], cwd=ROOT, stdout=pipe, stderr=pipe) as asked:
        assert asked.stdout is not None
        asked.stdout.close()
        assert asked.stderr is not None
        assert (asked.stderr.read(), asked.wait(20)) == (b"", 0)


def test_a_wrong_command_shows_the_usage(capsys: Captured) -> None:
    with pytest.raises(SystemExit) as caught:
        main(["aks"])
    assert caught.value.code == 2
    assert "usage: python -m app" in capsys.readouterr().err
