"""Who has a segment open holds it, and what is held is not removed.

Held by a lock of the operating system on `segment.json`, which ends with the process whatever
becomes of it. Where there are no such locks, as on some network drives, nothing is held.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager, suppress
from io import BytesIO
from pathlib import Path
from typing import BinaryIO


def hold(segment: Path) -> BinaryIO:
    """Hold a segment until the file that is returned is closed."""
    file = _opened(segment)
    with suppress(ImportError, OSError):
        import fcntl

        fcntl.flock(file, fcntl.LOCK_SH)
    return file


@contextmanager
def unless_held(segment: Path) -> Iterator[bool]:
    """Whether nobody holds a segment; if so, nobody can before this ends."""
    with _opened(segment) as file:
        free = True
        with suppress(ImportError, OSError):
            import fcntl

            try:
                fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                free = False
        yield free


def _opened(segment: Path) -> BinaryIO:
    """What the lock is on; of a segment that is lost or was never finished there is none."""
    try:
        return (segment / "segment.json").open("rb")
    except OSError:
        return BytesIO()
