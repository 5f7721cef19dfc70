"""Makes `python -m eval` work."""

from eval.cli import main
from sources.terminal import run

run(main)
