from __future__ import annotations

import json
import random
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import chromadb
import pytest
from filelock import FileLock

from index import Index, build_index, library, open_index
from sources import AskPaperError, IndexMismatch, PaperError, StoreError, load_paper

ROOT = Path(__file__).parent.parent
PAPER = "wto-ecommerce-negotiations"
REBUILD = "python -m index build"
# Builds, in a process of its own, an index with one more paper: argv is the folder and the paper.
BUILD = """
import os, signal, sys, chromadb
from index import build_index, library
def die(*arguments): os.kill(os.getpid(), signal.SIGKILL)
{patch}
print("ready", flush=True)
build_index([sys.argv[2]], __import__("pathlib").Path(sys.argv[1]))
"""


@pytest.fixture
def folder(index: Index, index_folder: Path, tmp_path: Path) -> Path:
    """A copy of the bundled paper's index, to be changed or damaged."""
    assert index.chunks
    return Path(shutil.copytree(index_folder, tmp_path / "index"))


@pytest.fixture
def other(tmp_path: Path) -> Path:
    """One more paper."""
    path = tmp_path / "other.txt"
    path.write_text("数字贸易是今天的话题。\n\n天气很好。\n", "utf-8")
    return path


def manifest(folder: Path) -> dict[str, object]:
    fields: dict[str, object] = json.loads((folder / "manifest.json").read_text("utf-8"))
    return fields


def generation(folder: Path) -> Path:
    return folder / str(manifest(folder)["generation"])


def snapshot(folder: Path) -> dict[str, int]:
    """When each file was written last; SQLite may touch its own without changing what it holds."""
    files = (path for path in folder.rglob("*") if path.is_file() and "sqlite" not in path.suffix)
    return {str(path): path.stat().st_mtime_ns for path in files}


def names(folder: Path) -> set[str]:
    return {path.name for path in folder.iterdir()} - {"lock", "manifest.json"}


def refusal(action: Callable[[], object], kind: type[AskPaperError] = StoreError) -> str:
    with pytest.raises(kind) as caught:
        action()
    assert type(caught.value) is kind
    assert "\n" not in str(caught.value)
    return str(caught.value)


def start_build(folder: Path, paper: Path, patch: str = "") -> subprocess.Popen[str]:
    command = [sys.executable, "-c", BUILD.format(patch=patch), str(folder), str(paper)]
    return subprocess.Popen(command, cwd=ROOT, text=True, stdout=subprocess.PIPE)


def check_survived(folder: Path, before: str, other: Path) -> None:
    """The old index works, and the next build adds the paper and sweeps up what was left."""
    assert open_index(folder).manifest.generation == before
    assert open_index(folder).search("电子签名", 1)
    left_over = names(folder) - {before}
    rebuilt = build_index([other], folder)
    assert len(rebuilt.documents) == 2
    assert names(folder) == {before, rebuilt.manifest.generation}
    assert not names(folder) & left_over


def test_an_opened_index_is_the_built_one(index: Index, index_folder: Path) -> None:
    opened = open_index(index_folder)
    assert opened.manifest == index.manifest
    assert opened.documents == index.documents
    assert opened.chunks == index.chunks
    assert opened.search("数字贸易") == index.search("数字贸易")


def test_a_second_build_changes_nothing(folder: Path) -> None:
    before = snapshot(folder)
    calls: list[tuple[int, int]] = []
    build_index(folder=folder, progress=lambda *call: calls.append(call))
    build_index([PAPER], folder)
    assert snapshot(folder) == before
    assert calls == []


def test_progress_ends_at_the_number_of_chunks(folder: Path, other: Path) -> None:
    calls: list[tuple[int, int]] = []
    index = build_index([other], folder, lambda *call: calls.append(call))
    assert calls[-1] == (len(index.chunks), len(index.chunks))


def test_a_paper_is_added_and_stays(folder: Path, other: Path) -> None:
    before = generation(folder)
    added = build_index([other, other], folder)
    assert generation(folder) != before
    assert next(iter(added.documents)) == PAPER
    assert len(added.documents) == 2
    assert build_index(folder=folder).documents == added.documents
    other.unlink()
    assert build_index(folder=folder).documents == added.documents


def test_what_changes_a_paper_gives_a_new_generation(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    before, paper = generation(folder), load_paper(PAPER)
    longer = replace(paper, text=paper.text + "完。")
    monkeypatch.setattr(library, "load_paper", lambda _: longer)
    assert build_index(folder=folder).documents[PAPER].text.endswith("完。")
    changed = generation(folder)
    monkeypatch.setattr(library, "load_paper", lambda _: replace(longer, title="A title"))
    assert build_index(folder=folder).documents[PAPER].title == "A title"
    assert len({before, changed, generation(folder)}) == 3


def test_a_paper_that_is_missing(folder: Path) -> None:
    before = snapshot(folder)
    assert "nowhere.txt" in refusal(lambda: build_index(["nowhere.txt"], folder), PaperError)
    assert snapshot(folder) == before


@pytest.mark.parametrize(
    ("field", "value"),
    [("encoder", "other-model"), ("late_encoder", "older"), ("schema", 0), ("chunking", 0)],
)
def test_an_index_made_otherwise(folder: Path, field: str, value: object) -> None:
    (folder / "manifest.json").write_text(json.dumps(manifest(folder) | {field: value}))
    message = refusal(lambda: open_index(folder), IndexMismatch)
    assert str(value) in message
    assert REBUILD in message
    assert build_index(folder=folder).search("数字贸易", 1)
    assert open_index(folder).search("数字贸易", 1)


def test_no_index(tmp_path: Path) -> None:
    message = refusal(lambda: open_index(tmp_path / "nowhere"))
    assert str(tmp_path / "nowhere") in message
    assert REBUILD in message
    assert not (tmp_path / "nowhere").exists()


def test_a_folder_that_cannot_be_written(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("no folder")
    for place in (tmp_path / "file", tmp_path / "file" / "index", Path("/proc/askpaper")):
        message = refusal(lambda place=place: build_index(folder=place))  # type: ignore[misc]
        assert str(place) in message
        assert "ASKPAPER_INDEX" in message


@pytest.mark.parametrize("content", ["", "{", "null", "[]", "{}", '{"schema": 1}', "\0\ufffd"])
def test_a_corrupt_manifest(folder: Path, content: str) -> None:
    (folder / "manifest.json").write_text(content, "utf-8")
    assert REBUILD in refusal(lambda: open_index(folder))
    assert build_index(folder=folder).search("数字贸易", 1)


@pytest.mark.parametrize(
    "name",
    [
        "papers.json",
        "chunks.json",
        "rows.npz",
        "lexical/vocab.index.json",
        "lexical/data.csc.index.npy",
        "chroma/chroma.sqlite3",
    ],
)
@pytest.mark.parametrize("damage", ["truncated", "missing"])
def test_a_damaged_file(folder: Path, name: str, damage: str) -> None:
    path = generation(folder) / name
    content = path.read_bytes()
    path.unlink()
    if damage == "truncated":
        path.write_bytes(content[: len(content) // 2])
    assert REBUILD in refusal(lambda: open_index(folder))
    # The way back that the message names works.
    assert build_index(folder=folder).search("数字贸易", 1)


@pytest.mark.parametrize("name", ["chroma", "lexical", ""])
def test_a_missing_folder(folder: Path, name: str) -> None:
    shutil.rmtree(generation(folder) / name)
    assert REBUILD in refusal(lambda: open_index(folder))
    assert build_index(folder=folder).search("数字贸易", 1)


@pytest.mark.parametrize(
    "stage", ["_put_in_force", "LexicalIndex.save", "write_vectors", "Path.replace"]
)
def test_a_build_that_fails_half_way(
    folder: Path, other: Path, stage: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = generation(folder).name

    def fail(*arguments: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(f"index.library.{stage}", fail)
        with pytest.raises(KeyboardInterrupt):
            build_index([other], folder)
    check_survived(folder, before, other)


@pytest.mark.slow
def test_a_build_that_is_killed(folder: Path, other: Path, tmp_path: Path) -> None:
    before = generation(folder).name
    folders = [Path(shutil.copytree(folder, tmp_path / str(at))) for at in range(3)]
    builds = [start_build(folders[0], other, "library.Path.replace = die")]
    builds += [start_build(place, other) for place in folders[1:]]
    for build in builds:
        assert build.stdout is not None
        assert build.stdout.readline() == "ready\n"
        if build is not builds[0]:
            time.sleep(random.uniform(0, 0.3))
            build.kill()
        build.communicate()
    assert builds[0].returncode == -signal.SIGKILL
    for place in folders:
        if place == folders[0] or manifest(place)["generation"] == before:
            check_survived(place, before, other)
        else:  # it was done before it was killed
            assert len(open_index(place).documents) == 2


@pytest.mark.slow
def test_two_builds_at_once(folder: Path, other: Path, tmp_path: Path) -> None:
    another = tmp_path / "another.txt"
    another.write_text("公园里下雨了。\n", "utf-8")
    builds = [start_build(folder, paper) for paper in (other, another)]
    for build in builds:
        build.communicate()
    assert [build.returncode for build in builds] == [0, 0]
    assert len(open_index(folder).documents) == 3


def test_a_build_waits_for_the_other_one(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(library, "LOCK_SECONDS", 0)
    with FileLock(folder / "lock"):
        assert "another process" in refusal(lambda: build_index(folder=folder))
        assert open_index(folder).chunks


def test_an_open_index_outlives_a_rebuild(folder: Path, other: Path) -> None:
    opened = open_index(folder)
    build_index([other], folder)
    assert len(opened.search("数字贸易", 100)) == len(opened.chunks)


def test_only_what_a_build_made_is_swept(folder: Path, other: Path) -> None:
    theirs = [folder / "letters", folder / "manifest-2024.json", folder / "notes.txt"]
    theirs[0].mkdir()
    theirs[1].write_text("{}")
    theirs[2].write_text("mine")
    (folder / "0123456789ab").mkdir()
    (folder / "manifest-0123456789ab.json").write_text("{}")
    build_index([other], folder)
    build_index(folder=folder)
    assert names(folder) == {path.name for path in theirs} | {generation(folder).name}


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


@pytest.mark.parametrize("address", ["{port}", "nonsense", "no.such.host.invalid:80"])
def test_a_chroma_server_that_is_away(
    folder: Path, tmp_path: Path, address: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    url = "http://127.0.0.1:" + address if "." not in address else "http://" + address
    url = url.format(port=free_port())
    monkeypatch.setenv("CHROMA_URL", url)
    assert url in refusal(lambda: open_index(folder))
    assert url in refusal(lambda: build_index(folder=tmp_path / "new"))


@pytest.fixture
def server(tmp_path: Path) -> Iterator[str]:
    """The address of a Chroma server, which ends with the test."""
    port = free_port()
    command = [str(Path(sys.executable).with_name("chroma")), "run", "--path", str(tmp_path / "s")]
    with subprocess.Popen(
        [*command, "--host", "127.0.0.1", "--port", str(port)],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    ) as process:
        for _ in range(100):
            with socket.socket() as probe:
                if not probe.connect_ex(("127.0.0.1", port)):
                    break
            time.sleep(0.1)
        yield f"http://127.0.0.1:{port}"
        process.kill()


@pytest.mark.slow
def test_a_chroma_server(
    index: Index, other: Path, tmp_path: Path, server: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CHROMA_URL", server)
    folder = tmp_path / "served"
    served = build_index(folder=folder)
    assert [e.chunk for e in served.search("数字贸易")] == [
        e.chunk for e in index.search("数字贸易")
    ]
    assert not (generation(folder) / "chroma").exists()
    build_index([other], folder)
    build_index(folder=folder)
    client = chromadb.HttpClient("127.0.0.1", int(server.rpartition(":")[2]))
    assert [each.name for each in client.list_collections()] == [
        f"askpaper-{generation(folder).name}"
    ]
    client.delete_collection(f"askpaper-{generation(folder).name}")
    assert "Chroma" in refusal(lambda: served.search("数字贸易"))
