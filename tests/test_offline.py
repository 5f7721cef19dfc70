"""Nothing goes over the network: a fresh process builds, searches and asks with it cut off."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parent.parent
CUT_OFF = """
import socket, sys
def hook(event, arguments):
    if event in ("socket.connect", "socket.sendto", "socket.sendmsg"):
        if arguments[0].family == socket.AF_UNIX:
            return
    elif event not in ("socket.getaddrinfo", "socket.gethostbyname", "socket.bind"):
        return
    print("network:", event, arguments[1:], file=sys.stderr, flush=True)
    raise OSError("the network is cut off")
sys.addaudithook(hook)
"""
USE = """
from app import ask
from index import build_index, open_index
build_index()
print(len(open_index().search("What are the disagreements about cross-border data?", 3)))
print(ask("欧盟如何保护个人信息？").retrieved[0].rank)
print(ask("What does the EU say about privacy?").retrieved[0].rank)
"""
TRY = """
import urllib.request
try:
    urllib.request.urlopen("http://127.0.0.1:9/")
except OSError as error:
    print(error)
"""


def run(code: str, folder: Path) -> subprocess.CompletedProcess[str]:
    # The variables with which a user would forbid downloads are not set.
    kept = {name: os.environ[name] for name in ("PATH", "HOME", "TMPDIR") if name in os.environ}
    return subprocess.run(
        [sys.executable, "-c", CUT_OFF + code],
        cwd=ROOT,
        env=kept | {"ASKPAPER_INDEX": str(folder / "index"), "PYTHONIOENCODING": "utf-8"},
        text=True,
        capture_output=True,
        check=False,
    )


def test_the_network_is_cut_off(tmp_path: Path) -> None:
    tried = run(TRY, tmp_path)
    assert "cut off" in tried.stdout
    assert "network: socket." in tried.stderr


def test_build_search_and_ask_without_network_or_telemetry(tmp_path: Path) -> None:
    used = run(USE, tmp_path)
    assert "network:" not in used.stderr
    assert (used.returncode, used.stdout.split()) == (0, ["3", "1", "1"]), used.stderr
