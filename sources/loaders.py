"""A file becomes a `Document`: read, decoded, cleaned.

Knows formats and encodings. What a heading or a paragraph is, `sources.cleaning` says.
"""

from __future__ import annotations

import codecs
import re
from dataclasses import replace
from hashlib import sha256
from pathlib import Path

from sources.catalog import PaperEntry, find_paper
from sources.cleaning import clean
from sources.documents import Document
from sources.errors import PaperError
from sources.language import language_of

FORMATS = (".txt", ".md")
MAX_BYTES = 50_000_000
MIN_COMMON_SHARE = 0.5  # of the CJK characters, for bytes to be text in a Chinese encoding
SAMPLE = 200_000  # characters that are looked at to tell Chinese encodings apart

_CJK = re.compile("[\u3400-\u9fff\uf900-\ufaff]")
_CONTROL = re.compile("[\x00-\x08\x0e-\x1a\x1c-\x1f\x7f\x80-\x84\x86-\x9f]")
# The lead and trail bytes of each character set's first level: the characters in common use.
_COMMON = {
    "gb18030": (range(0xB0, 0xD8), range(0xA1, 0xFF)),
    "big5": (range(0xA4, 0xC7), range(0x40, 0xFF)),
}


def load(path: str | Path, doc_id: str | None = None) -> Document:
    """The paper in a text or Markdown file in UTF-8, UTF-16 with a mark, GB18030 or Big5.

    `doc_id` is made of the file's name and its contents if it is not given. Raises `PaperError`
    for a file that is missing, unreadable, empty, too big, not text or of another format.
    """
    path = Path(path)
    content = _read(path)
    text, sections = clean(_decode(content, path))
    if not any(char.isalnum() for char in text):
        raise PaperError(f"{_shown(path)} holds no text")
    titled = path.suffix.lower() == ".md" and [part.level for part in sections].count(1) == 1
    name = path.stem.encode(errors="replace").decode()
    return Document(
        doc_id=doc_id or f"{name}-{sha256(content).hexdigest()[:8]}",
        text=text,
        label=name,
        title=sections[0].title if titled and sections[0].level == 1 else "",
        sections=sections,
        language=language_of(text),
    )


def load_paper(name_or_path: str | Path) -> Document:
    """A paper of the catalogue by its id, or any other by the path of its file.

    Raises `PaperError` as `find_paper` and `load` do, and for a paper of the catalogue whose file
    is no longer the one that was listed.
    """
    found = find_paper(name_or_path)
    if not isinstance(found, PaperEntry):
        return load(found)
    if sha256(_read(found.path)).hexdigest() != found.sha256:
        raise PaperError(
            f"{_shown(found.path)} is not the listed file: restore it from the repository"
        )
    return replace(
        load(found.path, doc_id=found.paper_id),
        label=found.label,
        title=found.title,
        authors=found.authors,
        year=found.year,
        url=found.url,
        language=found.language,
    )


def _read(path: Path) -> bytes:
    try:
        if not path.exists():
            raise PaperError(f"no file {_shown(path)}: check the path")
        if not path.is_file():
            raise PaperError(f"{_shown(path)} is not a file: give the path of a paper")
        if path.suffix.lower() not in FORMATS:
            raise PaperError(
                f"{_shown(path)} is of a format that cannot be read: use {' or '.join(FORMATS)}"
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


def _shown(path: Path) -> str:
    """The path for a message: one line, whatever characters it has."""
    return repr(str(path)[:200])


def _decode(content: bytes, path: Path) -> str:
    text = _decoded(content)
    # A stray control character is dropped with the cleaning; many of them are no text.
    if text is None or "\0" in text or 100 * len(_CONTROL.findall(text)) > len(text):
        raise PaperError(f"{_shown(path)} is not text: save it as plain text in UTF-8")
    return text


def _decoded(content: bytes) -> str | None:
    """The text of `content`, None where no encoding fits."""
    marked = content.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE))
    try:
        return content.decode("utf-16" if marked else "utf-8-sig")
    except UnicodeDecodeError:
        pass
    # Most text in Big5 decodes as GB18030 too, into characters that nobody uses.
    best = max(_COMMON, key=lambda encoding: _common_share(content, encoding))
    if _common_share(content, best) < MIN_COMMON_SHARE:
        return None
    return content.decode(best)


def _common_share(content: bytes, encoding: str) -> float:
    """The share of CJK characters in common use if `content` is in `encoding`, -1.0 if not."""
    try:
        characters = _CJK.findall(content.decode(encoding)[:SAMPLE])
    except UnicodeDecodeError:
        return -1.0
    leads, trails = _COMMON[encoding]
    pairs = [char.encode(encoding)[:2] for char in characters]
    return sum(lead in leads and trail in trails for lead, trail in pairs) / max(len(pairs), 1)
