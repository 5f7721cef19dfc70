"""A Word file becomes a document: paragraphs, headings, rows of tables, footnotes at the end.

The only import of python-docx. A file is unpacked only when it says that it stays small, and
nothing that it links to is fetched.
"""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Iterator
from typing import Any

from lxml import etree

from sources.cleaning import assemble
from sources.documents import Document
from sources.errors import PaperError
from sources.language import language_of

MAX_UNPACKED = 300_000_000  # bytes of all files in the archive
MAX_XML = 60_000_000  # bytes of one XML file in it
MAX_FILES = 5_000
CELL = " | "

_WORD = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_MATH = "{http://schemas.openxmlformats.org/officeDocument/2006/math}"
_FALLBACK = "{http://schemas.openxmlformats.org/markup-compatibility/2006}Fallback"
_HEADING = re.compile(r"(?:heading|标题)\s*(\d)", re.IGNORECASE)
_SPLIT_NAMES = re.compile(r"\s*[,，;；、]\s*")


def docx_document(content: bytes) -> Document:
    """The document in a Word file, without an id or a label.

    Raises PaperError for a file that is not one or that would unpack to too much.
    """
    _check_archive(content)
    import docx  # here, so that a bomb is refused before anything is unpacked

    try:
        opened = docx.Document(io.BytesIO(content))
        blocks = [*_blocks(opened.element.body, opened), *_footnotes(opened)]
        properties = opened.core_properties
        given, author = properties.title or "", properties.author or ""
    except Exception as error:  # the reader raises whatever a damaged file provokes
        kind = type(error).__name__
        raise PaperError(f"no Word file that can be read ({kind}): save it anew") from error
    text, sections = assemble([(text, max(level, 0)) for text, level in blocks])
    titles = [text for text, level in blocks if level == -1]
    opening = text[:3000]
    title = given if given and given in opening else " ".join(titles[0].split()) if titles else ""
    names = tuple(name for name in _SPLIT_NAMES.split(author) if name and name in opening)
    return Document(
        "",
        text,
        "",
        title=title[:500],
        authors=names,
        sections=sections,
        language=language_of(text),
    )


def _check_archive(content: bytes) -> None:
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            files = archive.infolist()
    except (zipfile.BadZipFile, ValueError, OSError, NotImplementedError) as error:
        raise PaperError("no Word file that can be read: save it anew as .docx") from error
    unpacked = sum(each.file_size for each in files)
    large = any(each.file_size > MAX_XML and each.filename.endswith(".xml") for each in files)
    if unpacked > MAX_UNPACKED or large or len(files) > MAX_FILES:
        raise PaperError(f"a Word file that unpacks to {unpacked / 1e6:,.0f} MB: split it")


def _blocks(body: Any, opened: Any) -> Iterator[tuple[str, int]]:
    """Text and level of what stands in the body, in order; level -1 is the title."""
    levels = _levels(opened)
    for element in body.iter(f"{_WORD}p", f"{_WORD}tr"):
        inside = next(element.iterancestors(f"{_WORD}tr", f"{_WORD}txbxContent"), None)
        if inside is not None:
            continue  # a cell is read with its row, a text box with its paragraph
        if element.tag == f"{_WORD}tr":
            cells = [_text(cell) for cell in element.iterchildren(f"{_WORD}tc")]
            yield CELL.join(cell for cell in cells if cell), 0
        else:
            style = element.find(f"{_WORD}pPr/{_WORD}pStyle")
            named = style.get(f"{_WORD}val") if style is not None else ""
            yield _text(element), levels.get(named, 0)


def _levels(opened: Any) -> dict[str, int]:
    """The level of each style by its id: -1 for the title, 1 to 6 for headings."""
    found = {}
    for style in opened.styles:
        name = (style.name or "").lower()
        heading = _HEADING.match(name)
        if heading:
            found[style.style_id] = min(max(int(heading[1]), 1), 6)
        elif name in ("title", "标题"):
            found[style.style_id] = -1
    return found


def _text(element: Any) -> str:
    """The text in an element, as it is printed: with insertions, without what was deleted."""
    pieces = []
    for node in element.iter(
        f"{_WORD}t", f"{_MATH}t", f"{_WORD}tab", f"{_WORD}br", f"{_WORD}p", f"{_WORD}noBreakHyphen"
    ):
        if node.tag in (f"{_WORD}t", f"{_MATH}t"):
            if next(node.iterancestors(_FALLBACK), None) is None:
                pieces.append(node.text or "")
        else:
            pieces.append("-" if node.tag.endswith("Hyphen") else " ")
    return " ".join("".join(pieces).split())


def _footnotes(opened: Any) -> Iterator[tuple[str, int]]:
    for related in opened.part.rels.values():
        if related.is_external or not related.reltype.endswith(("/footnotes", "/endnotes")):
            continue
        parser = etree.XMLParser(resolve_entities=False, no_network=True)
        root = etree.fromstring(related.target_part.blob, parser)
        for paragraph in root.iter(f"{_WORD}p"):
            yield _text(paragraph), 0
