"""Makes `python -m app` work."""

from app.cli import main
from sources.terminal import run

run(main)
