"""The index that there should be: the catalogue's papers and all that was added, by this version.

What is there is kept if it fits, made anew if another version or encoder made it, and repaired if
it is damaged.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from index.ingest import Progress, add_papers
from index.library import Index, check_made_alike, open_index
from index.manifest import default_folder, read_manifest
from index.reading import Paper
from index.repair import rebuild_index, repair_index
from sources import IndexMismatch, StoreError, catalog


def build_index(
    papers: Sequence[Paper] = (),
    folder: Path | None = None,
    progress: Progress = lambda done, total: None,
) -> Index:
    """The index of the catalogue, these papers and what it holds already.

    Does nothing when it is so. Makes all segments anew when another encoder or another version
    made them. Raises as `add_papers` does.
    """
    folder = folder or default_folder()
    if (folder / "manifest.json").exists():
        try:
            check_made_alike(folder, read_manifest(folder))
            open_index(folder)
        except IndexMismatch:
            rebuild_index(folder)
        except StoreError:
            repair_index(folder)
    listed = [entry.paper_id for entry in catalog()]
    return add_papers([*listed, *papers], folder, progress)
