"""A PDF becomes a document: its text, sections, pages, and where each character stands.

What the file says of itself is believed only where its first page says the same: the title that
a word processor fills in is as often a file name.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from sources.blocks import body_style
from sources.columns import Line, page_lines
from sources.documents import Document
from sources.errors import ScanError
from sources.furniture import tell_apart
from sources.language import language_of
from sources.layout import PlacedLine, pack
from sources.paragraphs import compose
from sources.pdfium import read_pdf

MIN_LETTERS = 20  # a page, on average: with fewer it is a picture of text
TITLE_SIZE = 1.15  # of the body's size: the title is set larger than this
MAX_TITLE = 300  # characters

_DOI = re.compile(r"\b10\.\d{4,9}/[^\s\"'<>，。；]+[^\s\"'<>，。；.,;)\]]")
_YEAR = re.compile(r"(?<!\d)(?:19|20)\d{2}(?!\d)")
_DATED = re.compile(r"年|vol|卷|no\.|issue|期|©|\(c\)|journal|proceedings|conference", re.I)
_SPLIT_NAMES = re.compile(r"\s*(?:[,，;；、]|\band\b)\s*")


def pdf_document(content: bytes, recognise: bool = False) -> Document:
    """The document in a PDF, without an id or a label; `recognise` reads it from pictures of its
    pages, which takes the extra `ocr`.

    Raises ScanError for one whose pages are pictures and PaperError for one that cannot be read.
    """
    metadata, pages = read_pdf(content)
    if recognise:
        from sources.ocr import recognised_pages

        pages = recognised_pages(content)
    sizes: list[tuple[float, float]] = []
    lines: list[list[Line]] = []
    for page in pages:
        sizes.append((page.width, page.height))
        lines.append(page_lines(page.number, page.glyphs))
    return document_of_lines(sizes, lines, metadata)


def document_of_lines(
    sizes: Sequence[tuple[float, float]], lines: Sequence[list[Line]], metadata: dict[str, str]
) -> Document:
    """The document of the lines of its pages; `sizes` are the pages' widths and heights."""
    style = body_style([line for page in lines for line in page])
    parts = tell_apart(
        [(size[1], page) for size, page in zip(sizes, lines, strict=True)], style.size
    )
    text, sections, placed = compose(parts.body, parts.notes, style)
    if sum(char.isalpha() for char in text) < MIN_LETTERS * max(len(sizes), 1):
        raise ScanError("its pages are pictures without text that can be read")
    first = lines[0] if lines else []
    said = " ".join(line.text.replace("\t", " ") for line in first)
    doi = _DOI.search(said)
    return Document(
        doc_id="",
        label="",
        text=text,
        title=_title(first, style.size, said, metadata),
        authors=_authors(said, metadata),
        year=_year([line.text for line in first]),
        url=f"https://doi.org/{doi[0]}" if doi else "",
        page_starts=_page_starts(placed, len(sizes), len(text)),
        sections=sections,
        language=language_of(text),
        layout=pack(
            _in_fractions(line, *sizes[line.page - 1])
            for line in sorted(placed, key=lambda line: line.start)
        ),
    )


def _in_fractions(line: PlacedLine, width: float, height: float) -> PlacedLine:
    return replace(
        line,
        top=line.top / height,
        bottom=line.bottom / height,
        edges=tuple(edge / width for edge in line.edges),
    )


def _page_starts(placed: Sequence[PlacedLine], pages: int, length: int) -> tuple[int, ...]:
    """Where each page begins: at the first line of the text that stands on it or on a later one."""
    starts = [length] * pages
    for line in placed:
        starts[line.page - 1] = min(starts[line.page - 1], line.start)
    for at in range(pages - 2, -1, -1):
        starts[at] = min(starts[at], starts[at + 1])
    return (0, *starts[1:])


def _title(lines: Sequence[Line], size: float, said: str, metadata: dict[str, str]) -> str:
    """The title that the file gives, if it stands on the first page, else the largest lines."""
    given = " ".join(metadata.get("title", "").split())
    if len(given) > 8 and _bare(given) in _bare(said):
        return given[:MAX_TITLE]
    large = [line for line in lines if line.size > TITLE_SIZE * size]
    largest = max((line.size for line in large if _worded(line.text)), default=0.0)
    together: list[Line] = []
    for line in large:
        near = not together or line.base - together[-1].base < 2.5 * line.size
        if line.size > 0.97 * largest and near and (together or _worded(line.text)):
            together.append(line)
    # Chinese lines are joined without a space, as elsewhere.
    joined = "".join(line.text + ("" if _wide_end(line.text) else " ") for line in together)
    return " ".join(joined.split())[:MAX_TITLE]


def _wide_end(text: str) -> bool:
    return text[-1:] >= "\u2e80"


def _worded(text: str) -> bool:
    return sum(char.isalpha() for char in text) >= 4


def _authors(said: str, metadata: dict[str, str]) -> tuple[str, ...]:
    """The authors that the file gives, as far as the first page names them too."""
    names = [" ".join(name.split()) for name in _SPLIT_NAMES.split(metadata.get("author", ""))]
    found = _bare(said)
    return tuple(name for name in names if len(_bare(name)) > 1 and _bare(name) in found)


def _year(lines: Sequence[str]) -> int | None:
    """The year of the issue that the first page names, None if it names none."""
    for text in lines:
        if _DATED.search(text) and (found := _YEAR.search(text)):
            return int(found[0])
    return None


def _bare(text: str) -> str:
    return "".join(char for char in text.casefold() if char.isalnum())
