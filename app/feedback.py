"""What readers think of answers, one JSON object a line, in a file that stays on this machine.

`python -m eval gold add` reads it as candidates for gold questions. It does not know who rated.
"""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Literal

from filelock import FileLock, Timeout

from app.answers import Answer
from sources import StoreError

FILE = "feedback.jsonl"
MAX_TEXT = 2_000  # characters of a question, a quote or a reason; what is longer is cut
MAX_ANSWER = 20_000  # characters
MAX_CITATIONS = 50
LOCK_SECONDS = 10


def record(folder: Path, answer: Answer, rating: Literal["up", "down"], reason: str = "") -> None:
    """Append one rating to `feedback.jsonl` in `folder`; several processes may do so at once.

    Raises StoreError where the file cannot be written.
    """
    chunks = [each.chunk for each in answer.citations] + [each.chunk for each in answer.retrieved]
    line = {
        "time": datetime.now(UTC).isoformat(timespec="seconds"),
        "paper": chunks[0].doc_id if chunks else "",
        "question": answer.question[:MAX_TEXT],
        "standalone_question": answer.standalone_question[:MAX_TEXT],
        "answer": answer.text[:MAX_ANSWER],
        "citations": [
            {"quote": each.quote[:MAX_TEXT], "start": each.start, "end": each.end}
            for each in answer.citations[:MAX_CITATIONS]
        ],
        "rating": rating,
        "reason": reason.strip()[:MAX_TEXT],
    }
    # A lone surrogate, which a browser may send, would make the line unreadable as UTF-8.
    text = json.dumps(line, ensure_ascii=False).encode("utf-8", "replace") + b"\n"
    path = folder / FILE
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with FileLock(folder / "feedback.lock", timeout=LOCK_SECONDS), path.open("ab") as file:
            file.write(text)
    except (OSError, Timeout) as error:
        why = getattr(error, "strerror", None) or error
        raise StoreError(f"{path}: cannot be written ({why}); the rating is lost") from error
