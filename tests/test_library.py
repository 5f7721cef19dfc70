"""The index on disk: one change at a time, all or nothing."""

from __future__ import annotations

import json
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import chromadb
import pytest
from filelock import FileLock
from indexes import (
    PAPER,
    REBUILD,
    manifest,
    names,
    papers,
    refusal,
    same_answers,
    segments,
    snapshot,
)

from index import Index, add_papers, build_index, open_index, remove_papers
from index import manifest as manifests
from index.repair import repair_index, verify_index
from sources import IndexMismatch, PaperError, load_paper

ROOT = Path(__file__).parent.parent


def test_an_opened_index_is_the_built_one(index: Index, index_folder: Path) -> None:
    opened = open_index(index_folder)
    assert opened.manifest == index.manifest
    assert dict(opened.documents) == dict(index.documents)
    assert opened.documents[PAPER] == load_paper(PAPER)
    assert [*opened.chunks] == [*index.chunks]
    assert opened.search("数字贸易") == index.search("数字贸易")


def test_a_second_build_changes_nothing(folder: Path, other: Path) -> None:
    add_papers([other], folder)
    before = snapshot(folder)
    calls: list[tuple[int, int]] = []
    build_index(folder=folder, progress=lambda *call: calls.append(call))
    build_index([PAPER, other], folder)
    add_papers([other, other], folder)
    assert snapshot(folder) == before
    assert calls == []


def test_progress_ends_at_the_whole(folder: Path, other: Path) -> None:
    calls: list[tuple[int, int]] = []
    add_papers([other], folder, lambda *call: calls.append(call))
    assert calls[-1] == (other.stat().st_size, other.stat().st_size)
    assert [done for done, _ in calls] == sorted(done for done, _ in calls)


def test_a_paper_is_added_and_stays(folder: Path, other: Path) -> None:
    added = add_papers([other], folder)
    assert next(iter(added.documents)) == PAPER
    assert len(papers(added)) == 2
    other.unlink()
    assert papers(build_index(folder=folder)) == papers(added)


def test_adding_writes_what_is_new(folder: Path, other: Path) -> None:
    before = segments(folder)
    added = add_papers([other], folder)
    assert segments(folder)[: len(before)] == before
    assert len(added.manifest.segments) == len(before) + 1


def test_small_segments_become_one(folder: Path, tmp_path: Path) -> None:
    everything = [PAPER]
    for number in range(12):
        path = tmp_path / f"{number}.txt"
        path.write_text(f"第{number}篇论文谈数字贸易。\n\n第{number}天天气很好。\n", "utf-8")
        everything.append(str(path))
        index = add_papers([path], folder)
    assert len(index.manifest.segments) <= 5
    same_answers(index, build_index(everything, tmp_path / "fresh"))
    assert next(iter(index.documents)) == PAPER
    assert verify_index(folder) == []


def test_a_changed_file_replaces_its_own_chunks(folder: Path, other: Path, tmp_path: Path) -> None:
    (old,) = set(add_papers([other], folder).documents) - {PAPER}
    other.write_text("数字贸易是昨天的话题。\n\n今天天气很好。\n", "utf-8")
    changed = add_papers([other], folder)
    assert old not in changed.documents
    assert papers(changed) == [load_paper(PAPER).text, load_paper(other).text]
    same_answers(changed, build_index([other], tmp_path / "fresh"))
    assert add_papers([other], folder).manifest == changed.manifest


def test_a_file_that_was_only_touched_is_the_same_paper(folder: Path, other: Path) -> None:
    before = add_papers([other], folder).manifest
    other.touch()
    assert add_papers([other], folder).manifest == before


def test_papers_are_removed(folder: Path, other: Path, tmp_path: Path) -> None:
    (name,) = set(add_papers([other], folder).documents) - {PAPER}
    same_answers(remove_papers([name], folder), build_index(folder=tmp_path / "fresh"))
    assert name in refusal(lambda: remove_papers([name], folder))
    empty = remove_papers([PAPER], folder)
    assert (len(empty.chunks), [*empty.documents]) == (0, [])
    assert empty.search("数字贸易") == []
    assert papers(build_index(folder=folder)) == [load_paper(PAPER).text]


def test_a_paper_inside_a_segment_is_removed(tmp_path: Path) -> None:
    files = []
    for number in range(5):
        files.append(tmp_path / f"{number}.txt")
        files[-1].write_text(f"第{number}篇谈数字贸易。\n\n" * 3, "utf-8")
    add_papers(files, tmp_path / "a")
    index = remove_papers([PAPER], tmp_path / "a")
    for gone in (1, 3):
        index = remove_papers([list(index.documents)[gone]], tmp_path / "a")
    fresh = remove_papers(
        [PAPER], build_index([files[0], files[2], files[3]], tmp_path / "b") and tmp_path / "b"
    )
    assert papers(index) == papers(fresh)
    same_answers(index, fresh)


def test_documents_are_added_as_they_are(folder: Path) -> None:
    paper = load_paper(PAPER)
    longer = replace(paper, text=paper.text + "完。")
    changed = add_papers([longer], folder)
    assert changed.documents[PAPER].text.endswith("完。")
    titled = add_papers([replace(longer, title="A title")], folder)
    assert titled.documents[PAPER].title == "A title"
    assert len(papers(titled)) == 1


def test_several_processes_index_the_same(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("index.reading.PART", 100)
    files = []
    for number in range(4):
        files.append(tmp_path / f"{number}.txt")
        files[-1].write_text(f"第{number}篇论文谈数字贸易。\n\n" * 5, "utf-8")
    several = add_papers(files, tmp_path / "several", workers=2)
    one = add_papers(files, tmp_path / "one")
    assert [*several.chunks] == [*one.chunks]
    same_answers(several, one)


def test_a_cancel_leaves_nothing_behind(folder: Path, other: Path) -> None:
    before = names(folder)
    for patience in range(3):
        asked = iter([False] * patience)
        index = add_papers([other], folder, cancelled=lambda asked=asked: next(asked, True))  # type: ignore[misc]
        assert [*index.documents] == [PAPER]
        assert names(folder) == before


def test_a_paper_that_cannot_be_read(folder: Path, other: Path) -> None:
    before = snapshot(folder)
    missing = lambda: add_papers([other, "nowhere.txt"], folder)  # noqa: E731
    assert "nowhere.txt" in refusal(missing, PaperError)
    empty = other.with_name("empty.txt")
    empty.write_text("\n")
    assert "empty" in refusal(lambda: add_papers([other, empty], folder), PaperError)
    assert snapshot(folder) == before
    skipped: list[str] = []
    index = add_papers(
        [empty, other, "nowhere.txt"], folder, skip=lambda name, error: skipped.append(name)
    )
    assert len(papers(index)) == 2
    assert {*skipped} == {str(empty), "nowhere.txt"}


@pytest.mark.parametrize(
    ("field", "value"),
    [("encoder", "other-model"), ("late_encoder", "older"), ("schema", 0), ("chunking", 0)],
)
def test_an_index_made_otherwise(folder: Path, other: Path, field: str, value: object) -> None:
    add_papers([other], folder)
    (folder / "manifest.json").write_text(json.dumps(manifest(folder) | {field: value}))
    message = refusal(lambda: open_index(folder), IndexMismatch)
    assert str(value) in message
    assert REBUILD in message
    assert REBUILD in refusal(lambda: add_papers([other], folder), IndexMismatch)
    assert len(papers(build_index(folder=folder))) == (1 if field == "schema" else 2)


def test_no_index(tmp_path: Path) -> None:
    for action in (open_index, verify_index):
        message = refusal(lambda action=action: action(tmp_path / "nowhere"))  # type: ignore[misc]
        assert str(tmp_path / "nowhere") in message
        assert REBUILD in message
    assert not (tmp_path / "nowhere").exists()


def test_a_change_waits_for_the_other_one(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(manifests, "LOCK_SECONDS", 0)
    with FileLock(folder / "lock"):
        (folder / "journal.json").write_text("{}")
        assert "another process" in refusal(lambda: remove_papers([PAPER], folder))
        assert open_index(folder).chunks
        assert (folder / "journal.json").exists()  # not for us to settle


def test_an_open_index_outlives_changes(folder: Path, other: Path) -> None:
    opened = open_index(folder)
    add_papers([other], folder)
    assert len(opened.search("数字贸易", 100)) == len(opened.chunks)
    remove_papers([PAPER], folder)
    assert len(opened.search("数字贸易", 100)) == len(opened.chunks)
    for text in ("天气变了。\n", "天气又变了。\n"):
        other.write_text(text, "utf-8")
        add_papers([other], folder)
    assert len(opened.search("数字交易", 100)) == len(opened.chunks)
    assert opened.documents[PAPER].text == load_paper(PAPER).text


def test_only_what_a_change_made_is_swept(folder: Path, other: Path) -> None:
    theirs = [folder / "letters", folder / "manifest-2024.json", folder / "notes.txt"]
    theirs[0].mkdir()
    theirs[1].write_text("{}")
    theirs[2].write_text("mine")
    (folder / "0123456789ab").mkdir()
    (folder / "manifest-0123456789ab.json").write_text("{}")
    add_papers([other], folder)
    found = {path.name for path in [*theirs, *segments(folder)]}
    assert names(folder) == found


def test_filters(folder: Path, tmp_path: Path) -> None:
    paper = load_paper(PAPER)
    years = [replace(paper, doc_id=f"p{year}", label="p", year=year) for year in (2019, 2020, 2021)]
    index = add_papers(years, folder)

    def found(**filters: object) -> set[str]:
        hits = index.search("数字贸易", 1_000, **filters)  # type: ignore[arg-type]
        return {hit.chunk.doc_id for hit in hits}

    assert found() == {PAPER, "p2019", "p2020", "p2021"}
    assert found(papers="p2019") == {"p2019"}
    assert found(papers=["p2019", PAPER]) == {"p2019", PAPER}
    assert found(years=[2020, 2021, 1066]) == {"p2020", "p2021"}
    assert found(papers=["p2019"], years=[2020]) == set()
    named = index.search("数字贸易", 1_000, section="中国在电子商务谈判中的")
    assert named
    assert all("中国在电子商务谈判中的" in "".join(hit.chunk.section) for hit in named)
    assert "p1" in refusal(lambda: index.search("数字贸易", 1, ["p2019", "p1"]))


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
    add_papers([other], folder)
    remove_papers([PAPER], folder)
    served = build_index(folder=folder)
    assert len(papers(served)) == 2
    assert verify_index(folder) == []
    assert not [*folder.rglob("chroma*")]
    client = chromadb.HttpClient("127.0.0.1", int(server.rpartition(":")[2]))
    collections = {f"askpaper-{segment.name}" for segment in segments(folder)}
    assert collections <= {each.name for each in client.list_collections()}
    for name in collections:
        client.delete_collection(name)
    assert "Chroma" in refusal(lambda: served.search("数字贸易"))
    assert repair_index(folder)
    assert len(papers(open_index(folder))) == 2
