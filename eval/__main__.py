"""`python -m eval`."""

from __future__ import annotations

import sys

from eval.cli import main

sys.exit(main())
