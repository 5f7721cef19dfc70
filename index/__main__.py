"""Makes `python -m index` work."""

from index.cli import main
from sources.terminal import run

run(main)
