"""The index: papers, chunks and both legs, searched as one and kept as one on disk.

    .index/
      manifest.json         which generation is in force, and what made it
      <generation>/         papers.json, chunks.json, rows.npz, lexical/, chroma/

A build writes a new generation and then replaces the manifest, in one step: killed at any moment
it leaves the old index working. What is not in force is swept up when the next build begins, so
that a process which has the index open goes on answering from it.
"""

from __future__ import annotations

import json
import os
import re
import shutil
import uuid
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import asdict, dataclass
from hashlib import sha256
from pathlib import Path
from typing import Any

import numpy as np
from filelock import FileLock, Timeout

from index.chunking import CHUNKING_VERSION, Chunk, chunk
from index.encoder import Encoder, Floats, Rows, TransformerEncoder, bundled_encoder
from index.lexical import LexicalIndex
from index.places import named_sections, without_places
from index.retrieval import ScoredChunk, Searcher, sentence_rows, word_matches
from index.store import REBUILD, drop_vectors, open_vectors, write_vectors
from sources import Document, IndexMismatch, Section, StoreError, catalog, load_paper

SCHEMA_VERSION = 2
TOP_K = 8
LOCK_SECONDS = 60
HOME = Path(__file__).parent.parent / ".index"

_OURS = re.compile(r"[0-9a-f]{12}|manifest-[0-9a-f]{12}\.json")

Progress = Callable[[int, int], None]
"""Called with how many chunks are done and how many there are."""


@dataclass(frozen=True, slots=True)
class Manifest:
    """What made an index. `papers` maps a paper's id to a hash of all we know of it."""

    schema: int
    encoder: str
    late_encoder: str
    chunking: int
    papers: dict[str, str]
    chunks: int
    generation: str

    def made_like(self, other: Manifest) -> bool:
        """Whether the other index would hold the same: all but the generation is equal."""
        return asdict(self) | {"generation": ""} == asdict(other) | {"generation": ""}


class Index:
    """An opened index. `documents` maps ids to papers; `chunks` are in reading order."""

    def __init__(
        self,
        manifest: Manifest,
        documents: dict[str, Document],
        chunks: Sequence[Chunk],
        searcher: Searcher,
    ) -> None:
        self.manifest = manifest
        self.documents = documents
        self.chunks = chunks
        self._searcher = searcher

    def search(self, question: str, k: int = TOP_K, paper: str | None = None) -> list[ScoredChunk]:
        """The k best chunks, best first, of one paper or of all. Raises StoreError for a paper
        that the index does not hold."""
        if paper is not None and paper not in self.documents:
            known = ", ".join(self.documents)
            raise StoreError(f"no paper {paper!r} in the index; it holds {known}")
        words = without_places(question)
        found = self._searcher.search(words, k, None if len(self.documents) == 1 else paper)
        found = self._named_first(question, found, paper)[: max(k, 0)]
        return [
            ScoredChunk(each, score, rank, word_matches(words, each.text, each.start))
            for rank, (each, score) in enumerate(((self.chunks[p], s) for p, s in found), 1)
        ]

    def scores(self, text: str, paper: str | None = None) -> Floats:
        """How well every chunk fits a text, shape [chunks]; see Searcher."""
        return self._searcher.scores(text, None if len(self.documents) == 1 else paper)

    def weigh(self, question: str) -> tuple[Rows, Floats]:
        """The known words of a question and how much each tells in this index; see Searcher."""
        return self._searcher.weigh(question)

    def _named_first(
        self, question: str, found: list[tuple[int, float]], paper: str | None
    ) -> list[tuple[int, float]]:
        """The chunks of sections that the question names, then the others that were found."""
        document = self.documents[paper or next(iter(self.documents))]
        sections, _ = named_sections(question, document)
        if not sections:
            return found
        best = found[0][1] if found else 1.0
        scores = dict(found)
        named = [
            (at, best + scores.get(at, 0.0))
            for at, each in enumerate(self.chunks)
            if each.doc_id == document.doc_id
            and any(section.start <= each.start < section.end for section in sections)
        ]
        named.sort(key=lambda hit: -hit[1])
        return named + [hit for hit in found if hit[0] not in dict(named)]


def default_folder() -> Path:
    """Where the index is: ASKPAPER_INDEX, or `.index` beside the packages."""
    return Path(os.environ.get("ASKPAPER_INDEX") or HOME)


def dense_encoder() -> Encoder:
    """The model of the dense leg: the bundled one, or the one that ASKPAPER_EMBEDDING names."""
    name = os.environ.get("ASKPAPER_EMBEDDING")
    return TransformerEncoder(name) if name else bundled_encoder()


def build_index(
    papers: Sequence[str | Path] = (),
    folder: Path | None = None,
    progress: Progress = lambda done, total: None,
) -> Index:
    """Index the catalogue, these papers (ids or files) and what the index holds already.

    Does nothing when the index holds just these. Raises PaperError for a paper that cannot be
    read and StoreError for a folder that cannot be written.
    """
    folder = folder or default_folder()
    asked = (load_paper(p) for p in [*(entry.paper_id for entry in catalog()), *papers])
    fresh = {document.doc_id: document for document in asked}
    encoder = dense_encoder()
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with FileLock(folder / "lock", timeout=LOCK_SECONDS):
            _sweep(folder)
            documents = list((fresh | _stored_papers(folder) | fresh).values())
            chunks = [each for document in documents for each in chunk(document)]
            wanted = _manifest(encoder, documents, len(chunks))
            index = _current(folder, wanted)
            if index is None:
                _write_generation(folder / wanted.generation, documents, chunks, encoder, progress)
                _put_in_force(folder, wanted)
                index = open_index(folder)
            return index
    except Timeout as error:
        raise StoreError(f"{folder}: another process is building; wait for it to end") from error
    except OSError as error:
        raise StoreError(
            f"{folder}: cannot be written ({error.strerror or error}); "
            "set ASKPAPER_INDEX to a folder that can"
        ) from error


def open_index(folder: Path | None = None) -> Index:
    """Open the index in force.

    Raises StoreError when there is none or it is damaged, and IndexMismatch when another encoder
    or another version made it.
    """
    folder = folder or default_folder()
    manifest = read_manifest(folder)
    encoder = dense_encoder()
    expected = _manifest(encoder, [], 0)
    for field, what in (
        ("schema", "version"),
        ("chunking", "version"),
        ("encoder", "encoder"),
        ("late_encoder", "encoder"),
    ):
        was, now = getattr(manifest, field), getattr(expected, field)
        if was != now:
            raise IndexMismatch(
                f"{folder}: made by another {what} ({field} {was}, not {now}); rebuild: {REBUILD}"
            )
    try:
        return _open_generation(folder / manifest.generation, manifest, encoder)
    except StoreError:
        raise
    except Exception as error:  # the readers raise whatever a damaged file provokes
        raise StoreError(f"{folder}: damaged ({error}); rebuild it: {REBUILD}") from error


def read_manifest(folder: Path) -> Manifest:
    """The manifest in force. Raises StoreError when there is none that can be read."""
    path = folder / "manifest.json"
    try:
        return Manifest(**json.loads(path.read_text("utf-8")))
    except FileNotFoundError as error:
        raise StoreError(f"{folder}: no index here; make one: {REBUILD}") from error
    except (OSError, ValueError, TypeError) as error:
        raise StoreError(f"{path}: cannot be read ({error}); rebuild it: {REBUILD}") from error


def _manifest(encoder: Encoder, documents: Sequence[Document], chunks: int) -> Manifest:
    return Manifest(
        schema=SCHEMA_VERSION,
        encoder=encoder.fingerprint,
        late_encoder=bundled_encoder().fingerprint,
        chunking=CHUNKING_VERSION,
        papers={d.doc_id: _digest(d) for d in documents},
        chunks=chunks,
        generation=uuid.uuid4().hex[:12],
    )


def _digest(document: Document) -> str:
    return sha256(json.dumps(asdict(document)).encode()).hexdigest()[:16]


def _current(folder: Path, wanted: Manifest) -> Index | None:
    """The index in force, if it holds what is wanted and is sound."""
    with suppress(StoreError):
        if read_manifest(folder).made_like(wanted):
            return open_index(folder)
    return None


def _write_generation(
    folder: Path,
    documents: Sequence[Document],
    chunks: Sequence[Chunk],
    encoder: Encoder,
    progress: Progress,
) -> None:
    folder.mkdir()
    texts = [_searchable(each) for each in chunks]
    (folder / "papers.json").write_text(json.dumps([asdict(d) for d in documents]), "utf-8")
    (folder / "chunks.json").write_text(json.dumps([asdict(c) for c in chunks]), "utf-8")
    rows = sentence_rows(texts)
    flat = [each for text in rows for each in text]
    np.savez(
        folder / "rows.npz",
        rows=np.concatenate([*flat, np.zeros(0, np.int32)]),
        lengths=np.array([len(each) for each in flat], np.int64),
        sentences=np.array([len(text) for text in rows], np.int64),
    )
    LexicalIndex.build(texts).save(folder / "lexical")
    for done in write_vectors(folder, chunks, texts, encoder):
        progress(done, len(chunks))


def _searchable(each: Chunk) -> str:
    """What the legs see of a chunk: its headings tell what its sentences leave unsaid."""
    return "\n".join([*each.section, each.text])


def _stored_papers(folder: Path) -> dict[str, Document]:
    """The papers of the index in force, as they were read; none if there is no index."""
    try:
        stored = folder / read_manifest(folder).generation / "papers.json"
        return _documents(stored)
    except (StoreError, OSError, ValueError, KeyError, TypeError):
        return {}


def _put_in_force(folder: Path, manifest: Manifest) -> None:
    fresh = folder / f"manifest-{manifest.generation}.json"
    fresh.write_text(json.dumps(asdict(manifest), indent=1), "utf-8")
    fresh.replace(folder / "manifest.json")


def _sweep(folder: Path) -> None:
    """Remove what is not in force: generations before it and what killed builds left over."""
    current = ""
    with suppress(StoreError):
        current = read_manifest(folder).generation
    for path in folder.iterdir():
        # ASKPAPER_INDEX may name a folder that holds other things: only ours are removed.
        if not _OURS.fullmatch(path.name) or path.name == current:
            continue
        if not path.is_dir():
            path.unlink(missing_ok=True)
            continue
        drop_vectors(path)
        shutil.rmtree(path, ignore_errors=True)


def _open_generation(folder: Path, manifest: Manifest, encoder: Encoder) -> Index:
    documents = _documents(folder / "papers.json")
    chunks = [
        Chunk(**each | {"pages": tuple(each["pages"]), "section": tuple(each["section"])})
        for each in json.loads((folder / "chunks.json").read_text("utf-8"))
    ]
    with np.load(folder / "rows.npz") as arrays:
        flat = iter(np.split(arrays["rows"], np.cumsum(arrays["lengths"])[:-1]))
        rows = [[next(flat) for _ in range(count)] for count in arrays["sentences"]]
    lexical = LexicalIndex.load(folder / "lexical")
    nearest = open_vectors(folder, chunks, encoder)
    papers = [each.doc_id for each in chunks]
    searcher = Searcher(lexical, rows, [each.text for each in chunks], nearest, papers)
    return Index(manifest, documents, chunks, searcher)


def _documents(path: Path) -> dict[str, Document]:
    return {each["doc_id"]: _document(each) for each in json.loads(path.read_text("utf-8"))}


def _document(fields: dict[str, Any]) -> Document:
    sections = tuple(Section(**s | {"path": tuple(s["path"])}) for s in fields["sections"])
    lists = {name: tuple(fields[name]) for name in ("authors", "page_starts")}
    return Document(**fields | lists | {"sections": sections})
