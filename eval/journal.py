"""Keeps the records of a run as they are made, so that an interrupted run goes on where it was.

Beside OUT.json stands OUT.NAME.partial.jsonl while the questions of NAME are asked: first a line
with what the run is, then one record a line. A run is the same when the hash of all that decides
its answers is the same: the questions, the paper's text, the index, every file of our packages
and the settings in the environment. Anything else begins anew. What a kept record says of time
was measured in the earlier sitting.
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict
from hashlib import sha256
from pathlib import Path
from typing import IO

from eval.gold import GoldQuestion
from eval.records import Record
from sources.documents import Document

PACKAGES = ("sources", "index", "app", "eval")
SETTINGS = ("ASKPAPER_", "CHROMA_", "OPENAI_", "OLLAMA_", "ANTHROPIC_")


def fingerprint(gold: Sequence[GoldQuestion], document: Document, index: object) -> str:
    """A hash of all that decides the answers; `index` is hashed by what made it, if it says so."""
    digest = sha256(repr([asdict(question) for question in gold]).encode())
    digest.update(document.text.encode())
    manifest = getattr(index, "manifest", None)
    digest.update(repr(manifest).encode())
    # Only hashed, never written: some settings are secrets.
    settings = sorted(item for item in os.environ.items() if item[0].startswith(SETTINGS))
    digest.update(repr(settings).encode())
    home = Path(__file__).parent.parent
    for package in PACKAGES:
        for path in sorted((home / package).rglob("*")):
            if path.suffix in (".py", ".json", ".tsv", ".safetensors"):
                digest.update(f"{path.relative_to(home)} {path.stat().st_size}".encode())
                digest.update(path.read_bytes())
    return digest.hexdigest()


class Journal:
    """The records of one run. `kept` holds those of an earlier sitting, by id."""

    def __init__(self, kept: dict[str, Record], file: IO[str]) -> None:
        self.kept = kept
        self._file = file

    def add(self, record: Record) -> None:
        """Keep a record at once."""
        self._file.write(json.dumps(asdict(record), ensure_ascii=False) + "\n")
        self._file.flush()


@contextmanager
def open_journal(path: Path, run: str) -> Iterator[Journal]:
    """The journal at `path` of the run with this fingerprint; another run's is begun anew."""
    kept = _read(path, run)
    fresh = path.with_name(f"{path.name}.new")
    with fresh.open("w", encoding="utf-8") as file:
        file.write(json.dumps({"run": run}) + "\n")
        journal = Journal(kept, file)
        for record in kept.values():
            journal.add(record)
        fresh.replace(path)
        yield journal


def _read(path: Path, run: str) -> dict[str, Record]:
    """The records of an earlier sitting of the same run; a last line cut off is passed over."""
    from pydantic import TypeAdapter, ValidationError

    try:
        first, *lines = path.read_text(encoding="utf-8").splitlines()
        if json.loads(first) != {"run": run}:
            return {}
    except (OSError, ValueError):
        return {}
    kept = {}
    for line in lines:
        try:
            record = TypeAdapter(Record).validate_json(line)
        except ValidationError:
            break
        kept[record.id] = record
    return kept
