"""Makes `python -m app` work."""

import sys

from app.cli import main

if hasattr(sys.stdout, "reconfigure"):
    # A terminal that cannot show Chinese still shows an answer.
    sys.stdout.reconfigure(errors="backslashreplace")
sys.exit(main())
