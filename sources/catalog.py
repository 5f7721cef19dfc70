"""The papers that ship with askpaper, as listed in `papers/catalog.toml`.

Knows where a paper's file is and what it is called, not what it says.
"""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from sources.errors import PaperError

PAPERS = Path(__file__).parent / "papers"


@dataclass(frozen=True, slots=True)
class PaperEntry:
    """One paper of the catalogue.

    `label` names it on screen; what the paper does not say about itself stays empty. `sha256` is
    the hash of the file's bytes, `language` is "zh" or "en".
    """

    paper_id: str
    path: Path
    label: str
    sha256: str
    language: str
    title: str = ""
    authors: tuple[str, ...] = ()
    year: int | None = None
    url: str = ""


@cache
def catalog() -> tuple[PaperEntry, ...]:
    """Every paper of the catalogue, in the order of the file."""
    listed = tomllib.loads((PAPERS / "catalog.toml").read_text(encoding="utf-8"))
    return tuple(
        PaperEntry(
            paper_id=paper_id,
            path=PAPERS / entry["file"],
            label=entry["label"],
            sha256=entry["sha256"],
            language=entry["language"],
            title=entry.get("title", ""),
            authors=tuple(entry.get("authors", ())),
            year=entry.get("year"),
            url=entry.get("url", ""),
        )
        for paper_id, entry in listed.items()
    )


def find_paper(name_or_path: str | Path) -> PaperEntry | Path:
    """The catalogue's entry of that id, or the path itself where there is something at it.

    Raises `PaperError`, naming the known ids, for what is neither.
    """
    for entry in catalog():
        if str(name_or_path) == entry.paper_id:
            return entry
    path = Path(name_or_path)
    try:
        if str(name_or_path) and path.exists():
            return path
    except (OSError, ValueError):  # too long for a path, a null byte, a folder that is closed
        pass
    known = ", ".join(entry.paper_id for entry in catalog())
    asked = repr(str(name_or_path)[:200])
    raise PaperError(f"no paper {asked}: give the path of a file or one of these ids: {known}")
