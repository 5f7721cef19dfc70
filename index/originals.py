"""The PDF files of a segment's papers, kept so that a cited page can be drawn later.

A file is named by a hash of what it holds, so it is checked by its name and papers may share it.
Nothing else in a segment is made of it: where it is lost, the paper can still be asked.
"""

from __future__ import annotations

import os
import shutil
from hashlib import sha256
from pathlib import Path

from sources import Document

ORIGINALS = "originals"


def pdf_of(document: Document) -> bytes:
    """The PDF that a paper was read from; empty where it was none or the file has changed."""
    path = Path(document.source)
    if not document.layout or path.suffix.lower() != ".pdf":
        return b""
    try:
        content = path.read_bytes()
    except (OSError, ValueError):
        return b""
    # The loader ends a paper's id in the hash of its file.
    return content if document.doc_id.endswith(sha256(content).hexdigest()[:8]) else b""


def place_of(segment: Path, name: str) -> Path:
    """Where a segment has the file of that name."""
    return segment / ORIGINALS / f"{name}.pdf"


def keep_original(segment: Path, original: bytes | Path) -> str:
    """Write a file into a segment. Returns its name, empty for one of no bytes."""
    content = original.read_bytes() if isinstance(original, Path) else original
    if not content:
        return ""
    name = sha256(content).hexdigest()[:16]
    path = place_of(segment, name)
    path.parent.mkdir(exist_ok=True)
    path.write_bytes(content)
    return name


def carry_original(old: Path, new: Path, name: str) -> None:
    """Bring a file from one segment to another; a lost one stays lost. Files of segments never
    change, so one that both have takes its room once."""
    path = place_of(new, name)
    if not name or path.exists() or not place_of(old, name).exists():
        return
    path.parent.mkdir(exist_ok=True)
    try:
        os.link(place_of(old, name), path)
    except OSError:  # not on every file system
        shutil.copyfile(place_of(old, name), path)
