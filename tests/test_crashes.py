"""kill -9 in the middle of a change: the index before or after it, whole, and told."""

from __future__ import annotations

import logging
import os
import random
import shutil
import subprocess
import sys
import time
from collections import Counter
from dataclasses import dataclass, field, replace
from itertools import count
from pathlib import Path

import pytest
from indexes import PAPER, manifest, papers

from index import add_papers, open_index
from index.repair import verify_index
from sources import load_paper

ROOT = Path(__file__).parent.parent
CHANGES = {
    "add": "add_papers([paper], folder)",
    "replace": "add_papers([paper], folder)",
    "remove": "remove_papers([p.doc_id for p in open_index(folder).papers][1:], folder)",
    "rebuild": "rebuild_index(folder)",
}
SCRIPT = """
import sys, time
from pathlib import Path
from index import add_papers, open_index, remove_papers
from index.encoder import bundled_encoder
from index.repair import rebuild_index
import chromadb
folder, paper = Path(sys.argv[1]), sys.argv[2]
bundled_encoder().encode(["warm"]); open_index(folder)
print("ready", flush=True)
start = time.perf_counter()
{step}
{change}
print(time.perf_counter() - start, flush=True)
"""
STEPS = """
import os, signal
steps = 0
def step(event, arguments):
    global steps
    place = str(arguments[0]) if arguments else ""
    changes = event in ("os.mkdir", "os.rename", "os.remove", "os.rmdir", "os.truncate") or (
        event == "open" and arguments[2] & (os.O_WRONLY | os.O_RDWR | os.O_CREAT)
    )
    if changes and (place.startswith(str(folder)) or not os.path.isabs(place)):
        steps += 1
        if steps == {at}:
            os.kill(os.getpid(), signal.SIGKILL)
sys.addaudithook(step)
"""
KILLS = int(os.environ.get("ASKPAPER_KILLS", "10"))  # make soak sets it


def start_change(change: str, folder: Path, paper: Path, step: str = "") -> subprocess.Popen[str]:
    script = SCRIPT.format(change=CHANGES[change], step=step)
    command = [sys.executable, "-c", script, str(folder), str(paper)]
    process = subprocess.Popen(
        command, cwd=ROOT, text=True, stdout=subprocess.PIPE, stderr=subprocess.PIPE
    )
    assert process.stdout is not None
    assert process.stdout.readline() == "ready\n"
    return process


@dataclass
class Killed:
    """What a change that was killed left, and what it may have left."""

    folder: Path
    whole: Path
    outcome: Counter[str] = field(default_factory=Counter)

    def holds(self, place: Path, caplog: pytest.LogCaptureFixture) -> None:
        """The state before or after, whole, and told; another change goes through."""
        before, after = papers(open_index(self.folder)), papers(open_index(self.whole))
        interrupted = (place / "journal.json").exists()
        caplog.clear()
        with caplog.at_level(logging.WARNING, "index"):
            found = papers(open_index(place))
        assert found in (before, after)
        assert verify_index(place) == []
        state = "after" if manifest(place) != manifest(self.folder) else "before"
        assert found == (after if state == "after" else before)
        assert [state in record.getMessage() for record in caplog.records] == [True] * interrupted
        self.outcome[state] += 1
        self.outcome["told"] += interrupted
        # What was left over goes with the next change.
        add_papers([load_paper(PAPER), replace(load_paper(PAPER), label="x")], place)
        assert verify_index(place) == []
        shutil.rmtree(place)


@pytest.fixture
def killed(folder: Path, other: Path, tmp_path: Path, change: str) -> Killed:
    if change != "add":
        add_papers([other], folder)
    if change == "replace":
        other.write_text("天气变了。\n", "utf-8")
    return Killed(folder, Path(shutil.copytree(folder, tmp_path / "whole")))


@pytest.mark.slow
@pytest.mark.parametrize("change", CHANGES)
def test_a_change_that_is_killed(
    killed: Killed, other: Path, tmp_path: Path, change: str, caplog: pytest.LogCaptureFixture
) -> None:
    """kill -9 at random moments of the change."""
    out, told = start_change(change, killed.whole, other).communicate()
    assert out, told
    kills = max(KILLS // len(CHANGES), 2)
    for kill in range(kills):
        place = Path(shutil.copytree(killed.folder, tmp_path / str(kill)))
        process = start_change(change, place, other)
        time.sleep(random.uniform(0, 1.1 * float(out)))  # a little beyond its end, too
        process.kill()
        process.communicate()
        killed.holds(place, caplog)
    print(f"\n{change:8s} {kills} kills: {dict(killed.outcome)}")


@pytest.mark.slow
@pytest.mark.parametrize("change", ["remove"])
def test_a_removal_that_is_killed_at_each_step(
    killed: Killed, other: Path, tmp_path: Path, change: str, caplog: pytest.LogCaptureFixture
) -> None:
    """kill -9 before each file that it makes, replaces or deletes: a removal is too short for
    random moments to meet its middle."""
    out, told = start_change(change, killed.whole, other).communicate()
    assert out, told
    for at in count(1):
        place = Path(shutil.copytree(killed.folder, tmp_path / str(at)))
        process = start_change(change, place, other, STEPS.replace("{at}", str(at)))
        process.communicate()
        killed.holds(place, caplog)
        if process.returncode == 0:
            break
    print(f"\n{change:8s} {at - 1} steps: {dict(killed.outcome)}")
    assert killed.outcome["told"] > 0
    assert min(killed.outcome["before"], killed.outcome["after"]) > 1
