"""Makes `python -m index` work."""

import sys

from index.cli import main

if hasattr(sys.stdout, "reconfigure"):
    # A terminal that cannot show Chinese still shows what was found.
    sys.stdout.reconfigure(errors="backslashreplace")
sys.exit(main())
