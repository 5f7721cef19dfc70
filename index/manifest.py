"""Which segments are in force, and the one step that replaces them by others.

    .index/
      manifest.json    the segments in force, which papers in them no longer count, what made them
      journal.json     only while a change is under way: what it is
      lock             held by the process that changes the index
      <segment>/       see index.segment

A change writes new segments beside the old ones and then replaces the manifest. Killed at any
moment it leaves the state before or the state after, whole, and the next process that opens the
index says which. What is not in force is swept up when the next change begins, so that a process
which has the index open goes on answering from it; nor is what a process still has open.
"""

from __future__ import annotations

import json
import logging
import os
import re
import shutil
import uuid
from collections.abc import Container, Iterator
from contextlib import contextmanager, suppress
from dataclasses import asdict, dataclass
from pathlib import Path

from filelock import FileLock, Timeout

from index.holding import unless_held
from index.segment import sync
from index.store import REPAIR, drop_vectors
from sources import IndexMismatch, StoreError

SCHEMA_VERSION = 3
LOCK_SECONDS = 60
HOME = Path(__file__).parent.parent / ".index"
REBUILD = "python -m index build"

OURS = re.compile(r"[0-9a-f]{12}|manifest-[0-9a-f]{12}\.json")
_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Manifest:
    """What made an index and what is in force of it.

    `segments` maps the names of the segments, in order, to the numbers of the papers in them that
    no longer count; `papers` and `chunks` are how many do. `change` is the id of the last change.
    """

    schema: int
    encoder: str
    late_encoder: str
    chunking: int
    segments: dict[str, list[int]]
    papers: int
    chunks: int
    change: str


def default_folder() -> Path:
    """Where the index is: ASKPAPER_INDEX, or `.index` beside the packages."""
    return Path(os.environ.get("ASKPAPER_INDEX") or HOME)


def read_manifest(folder: Path) -> Manifest:
    """The manifest in force. Raises StoreError when there is none that can be read, IndexMismatch
    when another version wrote it."""
    path = folder / "manifest.json"
    try:
        stored = json.loads(path.read_text("utf-8"))
        schema = stored.get("schema", SCHEMA_VERSION) if isinstance(stored, dict) else None
        if isinstance(schema, int) and schema != SCHEMA_VERSION:
            raise IndexMismatch(
                f"{folder}: made by another version (schema {schema}, not {SCHEMA_VERSION}); "
                f"rebuild: {REBUILD}"
            )
        manifest = Manifest(**stored)
        if not all(isinstance(gone, list) for gone in manifest.segments.values()):
            raise TypeError("segments")
        return manifest
    except (FileNotFoundError, NotADirectoryError) as error:
        raise StoreError(f"{folder}: no index here; make one: {REBUILD}") from error
    except (OSError, ValueError, TypeError, AttributeError) as error:
        raise StoreError(f"{path}: cannot be read ({error}); {way_back(folder)}") from error


class Change:
    """A change under way, in a folder whose lock is held."""

    def __init__(self, folder: Path, what: str) -> None:
        self.folder, self._what = folder, what
        self._id = uuid.uuid4().hex[:12]
        self._made: set[str] = set()

    def begin(self) -> Path:
        """A folder, not yet there, for a segment; the first one begins the change."""
        journal = self.folder / "journal.json"
        if not journal.exists():
            sweep(self.folder)
            journal.write_text(json.dumps({"change": self._id, "what": self._what}), "utf-8")
        name = uuid.uuid4().hex[:12]
        self._made.add(name)
        return self.folder / name

    def undo(self) -> None:
        """Remove what the change has written; it has not been put in force."""
        if (self.folder / "journal.json").exists():
            sweep(self.folder, self._made)

    def put_in_force(self, manifest: Manifest) -> None:
        """Replace the manifest, in one step."""
        fresh = self.folder / f"manifest-{self._id}.json"
        fresh.write_text(json.dumps(asdict(manifest) | {"change": self._id}, indent=1), "utf-8")
        sync(fresh)
        fresh.replace(self.folder / "manifest.json")
        sync(self.folder)


@contextmanager
def changing(folder: Path, what: str) -> Iterator[Change]:
    """Hold the index for one change. What fails or is broken off leaves nothing behind.

    Raises StoreError when another process holds it or the folder cannot be written.
    """
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with FileLock(folder / "lock", timeout=LOCK_SECONDS):
            _settle(folder)
            change = Change(folder, what)
            try:
                yield change
            except BaseException:
                with suppress(OSError):
                    change.undo()
                raise
            finally:
                with suppress(OSError):
                    (folder / "journal.json").unlink(missing_ok=True)
    except Timeout as error:
        raise StoreError(f"{folder}: another process changes it; wait for it to end") from error
    except OSError as error:
        raise StoreError(
            f"{folder}: cannot be written ({error.strerror or error}), nothing was changed; "
            "make room, or set ASKPAPER_INDEX to a folder that can"
        ) from error


def way_back(folder: Path) -> str:
    """What to do about an index that is damaged."""
    if os.access(folder, os.W_OK):
        return f"mend it: {REPAIR}"
    return (
        f"copy it to a folder that can be written, set ASKPAPER_INDEX to that and mend it: {REPAIR}"
    )


def tell_interrupted(folder: Path) -> None:
    """Log what became of a change that was killed, once. Quiet while one is under way."""
    if not (folder / "journal.json").exists():
        return
    # Another process changes the index, or the folder is read-only: not for us to settle.
    with suppress(Timeout, OSError), FileLock(folder / "lock", timeout=0):
        _settle(folder)


def _settle(folder: Path) -> None:
    journal = folder / "journal.json"
    try:
        change = json.loads(journal.read_text("utf-8"))
        what, done = change["what"], read_manifest(folder).change == change["change"]
    except FileNotFoundError:
        return
    except (ValueError, KeyError, TypeError, StoreError):
        what, done = "change it", False
    _log.warning(
        "%s: an earlier process was killed while it was to %s; the index is as it was %s",
        folder, what, "after that" if done else "before; do it again",
    )  # fmt: skip
    journal.unlink(missing_ok=True)


def sweep(folder: Path, own: Container[str] = ()) -> None:
    """Remove what is not in force: earlier segments that nobody has open, what killed changes
    left over, and in any case those that are `own`.

    Nothing is removed while the manifest cannot be read: the segments then hold all there is.
    """
    try:
        in_force = set(read_manifest(folder).segments)
    except IndexMismatch:
        return
    except StoreError:
        if (folder / "manifest.json").exists():
            return
        in_force = set()
    for path in folder.iterdir():
        # ASKPAPER_INDEX may name a folder that holds other things: only ours are removed.
        if not OURS.fullmatch(path.name) or path.name in in_force:
            continue
        if not path.is_dir():
            path.unlink(missing_ok=True)
            continue
        with unless_held(path) as free:
            if free or path.name in own:
                drop_vectors(path)
                shutil.rmtree(path, ignore_errors=True)
