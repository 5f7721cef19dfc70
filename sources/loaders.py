"""A file or a URL becomes a `Document`: read within limits, parsed, named.

Knows formats by their suffix. What a heading or a paragraph is, the parsers say.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from hashlib import sha256
from pathlib import Path

from sources import worker
from sources.catalog import PaperEntry, find_paper
from sources.documents import Document
from sources.errors import PaperError
from sources.text import markdown_document, text_document

FORMATS = (".txt", ".md", *worker.FORMATS)
MAX_BYTES = 50_000_000
MAX_NAME = 80  # characters of a label

_UNSHOWN = re.compile(r"[\x00-\x1f\x7f-\x9f\u200b-\u200f\u202a-\u202e\u2066-\u2069/\\]+")


@dataclass(frozen=True, slots=True)
class Source:
    """The bytes of a paper and where they are from. `suffix` tells the format."""

    content: bytes
    suffix: str
    name: str
    origin: str


def load(path: str | Path, doc_id: str | None = None) -> Document:
    """The paper in a file: text, Markdown, PDF, Word or HTML.

    `doc_id` is made of the file's name and its contents if it is not given. Raises `PaperError`
    for a file that is missing, unreadable, empty, too big, damaged, hostile or of another format,
    and `ScanError` for pictures of pages.
    """
    return document_of(read_source(path), doc_id)


def load_paper(name_or_path: str | Path) -> Document:
    """A paper of the catalogue by its id, or any other by the path of its file or its URL.

    Raises `PaperError` as `find_paper` and `load` do, and for a paper of the catalogue whose file
    is no longer the one that was listed.
    """
    if is_url(name_or_path):
        return load_url(str(name_or_path))
    found = find_paper(name_or_path)
    if not isinstance(found, PaperEntry):
        return load(found)
    source = read_source(found.path)
    if sha256(source.content).hexdigest() != found.sha256:
        raise PaperError(
            f"{_shown(found.path)} is not the listed file: restore it from the repository"
        )
    return replace(
        document_of(source, doc_id=found.paper_id),
        label=found.label,
        title=found.title,
        authors=found.authors,
        year=found.year,
        url=found.url,
        language=found.language,
        source="",
    )


def is_url(name: str | Path) -> bool:
    """Whether a name is a URL and no path."""
    return isinstance(name, str) and "://" in name


def load_url(url: str) -> Document:
    """The paper at a URL; see `sources.web` for what is refused. Raises `PaperError`."""
    return document_of(fetch_source(url))


def fetch_source(url: str) -> Source:
    """The bytes at a URL. Raises `PaperError`."""
    from sources.web import fetch

    fetched = fetch(url, MAX_BYTES, FORMATS)
    return Source(fetched.content, fetched.suffix, fetched.name, fetched.url)


def read_source(path: str | Path) -> Source:
    """The bytes of a file. Raises `PaperError` as `load` does, except for what is in it."""
    path = Path(path)
    content = _read(path)
    name = path.stem.encode(errors="replace").decode()
    return Source(content, path.suffix.lower(), name, str(path.absolute()))


def document_of(source: Source, doc_id: str | None = None) -> Document:
    """The paper in these bytes. Raises `PaperError`, naming the source."""
    try:
        document = _parse(source)
        if not any(char.isalnum() for char in document.text):
            raise PaperError("holds no text")
    except PaperError as error:
        raise type(error)(f"{_shown(source.origin)}: {error}") from error
    name = _UNSHOWN.sub(" ", source.name).strip(" -")[:MAX_NAME] or "paper"
    return replace(
        document,
        doc_id=doc_id or f"{name}-{sha256(source.content).hexdigest()[:8]}",
        label=name,
        url=document.url or (source.origin if is_url(source.origin) else ""),
        source=source.origin,
    )


def _parse(source: Source) -> Document:
    if source.suffix == ".txt":
        return text_document(source.content)
    if source.suffix == ".md":
        return markdown_document(source.content)
    return worker.parse_apart(source.content, source.suffix)


def _read(path: Path) -> bytes:
    try:
        if not path.exists():
            raise PaperError(f"no file {_shown(path)}: check the path")
        if not path.is_file():
            raise PaperError(f"{_shown(path)} is not a file: give the path of a paper")
        if path.suffix.lower() not in FORMATS:
            raise PaperError(
                f"{_shown(path)} is of a format that cannot be read: use {', '.join(FORMATS)}"
            )
        size = path.stat().st_size
        if size > MAX_BYTES:
            raise PaperError(
                f"{_shown(path)} is too big ({size / 1e6:.0f} MB): "
                f"split it into parts of at most {MAX_BYTES / 1e6:.0f} MB"
            )
        content = path.read_bytes()
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or error
        raise PaperError(f"{_shown(path)} cannot be read ({reason}): check the file") from error
    if not content.strip():
        raise PaperError(f"{_shown(path)} is empty")
    return content


def _shown(path: str | Path) -> str:
    """The path for a message: one line, whatever characters it has."""
    return repr(str(path)[:200])
