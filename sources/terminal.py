"""Commands at the terminal: what `python -m` of every package does around its `main`."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable
from typing import NoReturn

PIPE_CLOSED = 141  # what a shell reports of a command that ended so


def run(main: Callable[[], int]) -> NoReturn:
    """Calls `main` and exits with its status."""
    if hasattr(sys.stdout, "reconfigure"):
        # A terminal that cannot show Chinese still shows what was found.
        sys.stdout.reconfigure(errors="backslashreplace")
    try:
        try:
            status = main()
        finally:
            sys.stdout.flush()
    except BrokenPipeError:  # `| head` has seen enough; Python would complain once more at exit
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        status = PIPE_CLOSED
    sys.exit(status)
