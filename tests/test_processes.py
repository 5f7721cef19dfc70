"""Several processes with one index: one changes it at a time, all others go on answering."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest
from indexes import papers

from index import open_index
from index.repair import verify_index

ROOT = Path(__file__).parent.parent
ADD = """
import sys
from pathlib import Path
from index import add_papers
paper = Path(sys.argv[2])
for at in range(int(sys.argv[3])):
    paper.write_text(f"公园里下了{at + 1}次雨。\\n", "utf-8")
    add_papers([paper], Path(sys.argv[1]))
"""


def adding(folder: Path, paper: Path, times: int) -> subprocess.Popen[bytes]:
    """A process that adds a paper and replaces it as often as that."""
    command = [sys.executable, "-c", ADD, str(folder), str(paper), str(times)]
    return subprocess.Popen(command, cwd=ROOT)


@pytest.mark.slow
def test_two_adds_at_once(folder: Path, tmp_path: Path) -> None:
    adds = [adding(folder, tmp_path / name, 1) for name in ("one.txt", "two.txt")]
    assert [each.wait() for each in adds] == [0, 0]
    assert len(papers(open_index(folder))) == 3
    assert verify_index(folder) == []


@pytest.mark.slow
def test_answers_while_another_process_changes_the_index(folder: Path, tmp_path: Path) -> None:
    early = open_index(folder)
    add = adding(folder, tmp_path / "one.txt", 15)
    seen = set[int]()
    while add.poll() is None:
        for index in (early, open_index(folder)):
            assert papers(index)[0] == papers(early)[0]
        assert verify_index(folder) == []
        seen.add(len(index.papers))
    assert add.returncode == 0
    assert len(papers(early)) == 1
    assert seen == {1, 2}
    assert "15" in papers(open_index(folder))[1]
