"""Makes `python -m app` work."""

import sys

from app.cli import main

sys.exit(main())
