"""Questions become answers whose every sentence says where in the paper it stands."""

from __future__ import annotations

from app.answers import Answer, Citation, Turn
from app.assistant import Assistant, ask

__all__ = ["Answer", "Assistant", "Citation", "Turn", "ask"]
