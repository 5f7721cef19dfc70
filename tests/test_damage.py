"""An index that is damaged or cannot be written: one clear error, and a way back."""

from __future__ import annotations

import json
import os
import resource
import shutil
import signal
import tempfile
from collections.abc import Callable
from pathlib import Path

import chromadb
import pytest
from indexes import PAPER, REPAIR, names, papers, refusal, segments

from index import add_papers, build_index, open_index
from index.cli import main
from index.repair import repair_index, verify_index
from sources import load_paper


def test_a_folder_that_cannot_be_written(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("no folder")
    for place in (tmp_path / "file", tmp_path / "file" / "index", Path("/proc/askpaper")):
        message = refusal(lambda place=place: build_index(folder=place))  # type: ignore[misc]
        assert str(place) in message
        assert "ASKPAPER_INDEX" in message


@pytest.mark.parametrize("content", ["", "{", "null", "[]", "{}", '{"schema": 3}', "\0\ufffd"])
def test_a_corrupt_manifest(folder: Path, other: Path, content: str) -> None:
    add_papers([other], folder)
    (folder / "manifest.json").write_text(content, "utf-8")
    assert REPAIR in refusal(lambda: open_index(folder))
    assert REPAIR in refusal(lambda: add_papers([other], folder))
    assert repair_index(folder)
    assert len(papers(open_index(folder))) == 2


FILES = [
    "segment.json",
    "papers.jsonl",
    "texts.utf8",
    "papers.npy",
    "words.npy",
    "vectors.npy",
    "headings.json",
    "lexical/terms.npy",
    "lexical/texts.npy",
    "chroma/chroma.sqlite3",
]


@pytest.mark.parametrize("name", FILES)
@pytest.mark.parametrize("damage", ["truncated", "missing"])
def test_a_damaged_file(folder: Path, name: str, damage: str) -> None:
    path = segments(folder)[0] / name
    content = path.read_bytes()
    path.unlink()
    if damage == "truncated":
        path.write_bytes(content[: len(content) // 2])
    assert REPAIR in refusal(lambda: open_index(folder))
    assert verify_index(folder)
    # The way back that the message names works.
    assert repair_index(folder)
    assert verify_index(folder) == []
    assert papers(open_index(folder)) == [load_paper(PAPER).text]


@pytest.mark.parametrize("name", [each for each in FILES if "sqlite" not in each])
def test_changed_bytes_are_found(folder: Path, name: str) -> None:
    path = segments(folder)[0] / name
    content = bytearray(path.read_bytes())
    content[len(content) * 2 // 3] ^= 0xFF
    path.write_bytes(content)
    assert verify_index(folder)
    assert repair_index(folder)
    assert verify_index(folder) == []
    assert papers(open_index(folder)) == [load_paper(PAPER).text]


def test_vectors_that_chroma_has_lost(folder: Path) -> None:
    (segment,) = segments(folder)
    client = chromadb.PersistentClient(
        str(segment / "chroma"), chromadb.Settings(anonymized_telemetry=False)
    )
    client.get_collection(f"askpaper-{segment.name}").delete(["3"])
    assert REPAIR in refusal(lambda: open_index(folder))
    assert verify_index(folder)
    repair_index(folder)
    assert verify_index(folder) == []


def test_a_lost_paper_is_read_again_or_named(folder: Path, other: Path) -> None:
    add_papers([other], folder)
    for segment in segments(folder):
        (segment / "texts.utf8").unlink()
    other.unlink()
    told = repair_index(folder)
    assert any("read again" in line and PAPER in line for line in told)
    assert any("lost" in line and "other" in line for line in told)
    assert papers(open_index(folder)) == [load_paper(PAPER).text]


@pytest.mark.parametrize("name", ["chroma", "lexical", ""])
def test_a_missing_folder(folder: Path, name: str) -> None:
    shutil.rmtree(segments(folder)[0] / name)
    assert REPAIR in refusal(lambda: open_index(folder))
    assert papers(build_index(folder=folder)) == [load_paper(PAPER).text]


@pytest.mark.parametrize(
    "stage",
    ["ingest.put_in_force", "reading.write_segment", "ingest.write_vectors", "ingest.Segment"],
)
def test_an_add_that_fails_half_way(
    folder: Path, other: Path, stage: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = names(folder)

    def fail(*arguments: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(f"index.{stage}", fail)
        with pytest.raises(KeyboardInterrupt):
            add_papers([other], folder)
    assert names(folder) == before
    assert papers(open_index(folder)) == [load_paper(PAPER).text]


def test_a_full_disk(folder: Path, tmp_path: Path) -> None:
    big = tmp_path / "big.txt"
    lines = (f"第{number}条：数字贸易规则谈判在{number}年取得进展。" for number in range(20_000))
    big.write_text("\n\n".join(lines), "utf-8")
    before = names(folder)
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    handler = signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_FSIZE, (400_000, hard))
    try:
        assert "ASKPAPER_INDEX" in refusal(lambda: add_papers([big], folder))
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
        signal.signal(signal.SIGXFSZ, handler)
    assert names(folder) == before
    assert verify_index(folder) == []


def test_a_disk_too_full_for_chroma(folder: Path, tmp_path: Path) -> None:
    paper = tmp_path / "small.txt"
    paper.write_text("天气很好。\n", "utf-8")
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    handler = signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_FSIZE, (100_000, hard))
    try:
        assert "make room" in refusal(lambda: add_papers([paper], folder))
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
        signal.signal(signal.SIGXFSZ, handler)
    assert verify_index(folder) == []


def as_nobody(place: str, action: Callable[[], object]) -> object:
    """What comes of it in a process that may read below `place` and write nothing."""
    parts = [Path(place), *Path(place).rglob("*")]
    for each in parts:
        each.chmod(0o555 if each.is_dir() else 0o444)
    read, write = os.pipe()
    child = os.fork()
    if not child:  # pragma: no cover - in a process of its own
        signal.alarm(30)
        try:
            if os.geteuid() == 0:  # who may write whatever it is
                os.setuid(65534)
            os.write(write, json.dumps(action()).encode())
        finally:
            os._exit(0)
    os.close(write)
    with os.fdopen(read, encoding="utf-8") as told:
        result = told.read()
    os.waitpid(child, 0)
    for each in parts:
        each.chmod(0o755 if each.is_dir() else 0o644)
    return json.loads(result)


def test_an_index_that_cannot_be_written_is_searched_and_verified(
    capfd: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    with tempfile.TemporaryDirectory() as place:
        folder = Path(place, "index")
        monkeypatch.setenv("ASKPAPER_INDEX", str(folder))
        index = build_index(folder=folder)
        expected = [each.chunk.start for each in index.search("数据流动", 3)]

        def searched() -> list[int]:
            return [each.chunk.start for each in open_index(folder).search("数据流动", 3)]

        assert as_nobody(place, searched) == expected
        assert as_nobody(place, lambda: main(["verify"])) == 0
        assert "all is well" in capfd.readouterr().out
        (segments(folder)[0] / "places.npy").unlink()
        assert as_nobody(place, lambda: main(["verify"])) == 1
        told = capfd.readouterr()
        assert "places.npy: missing or damaged" in told.out
        assert "copy it to a folder that can be written" in told.err
        assert as_nobody(place, lambda: refusal(searched)).endswith(told.err.strip())
        assert main(["verify", "--repair"]) == 0
