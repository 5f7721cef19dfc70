"""The characters of a PDF, page by page, and a picture of any page.

The only import of pypdfium2. What the characters say is told by `sources.pdf`.
Scripts in a PDF are never run and nothing it points to is fetched.
"""

from __future__ import annotations

import ctypes
import io
import math
import re
import threading
import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import groupby
from pathlib import Path

import pypdfium2 as pdfium
from pypdfium2 import raw

from sources.columns import Glyph
from sources.errors import PaperError

MAX_PAGES = 2_000
MAX_CHARACTERS = 10_000_000
MAX_WIDTH = 4_000  # pixels of a page's picture

# PDFium is not thread-safe, and the page serves several readers at once.
_LOCK = threading.Lock()
_COMPATIBLE = re.compile("[\u2e80-\u2fdf\uf900-\ufaff\ufb00-\ufb06]")
_HYPHEN = "\x02\xad\ufffe"  # what PDFium gives for the hyphen of a broken word
_ACCENTS = dict(
    zip(
        "´ˆ˜¨˚ˇ˘¸˝¯˙",
        "\u0301\u0302\u0303\u0308\u030a\u030c\u0306\u0327\u030b\u0304\u0307",
        strict=True,
    )
) | {"`": "\u0300", "\u02ca": "\u0301", "\u02cb": "\u0300"}
_SUBSET = re.compile(r"^[A-Z]{6}\+")


@dataclass(frozen=True, slots=True)
class PdfPage:
    """The upright characters of a page, in the order of the file; sizes in points."""

    number: int
    width: float
    height: float
    glyphs: list[Glyph]


def read_pdf(content: bytes) -> tuple[dict[str, str], Iterator[PdfPage]]:
    """The metadata of the file and its pages. Raises PaperError for one that cannot be read."""
    document = _open(content)
    metadata = {key.lower(): value for key, value in document.get_metadata_dict().items()}
    return metadata, _pages(document)


def render_page(path: str | Path, page: int, width: int = 1000) -> bytes:
    """A PNG of a page of a PDF, counted from 1, `width` pixels wide (at most `MAX_WIDTH`).

    Raises PaperError for a file that cannot be read and for a page that it does not have. It is
    drawn in this process: of files that are not trusted, `sources.worker` draws.
    """
    try:
        content = Path(path).read_bytes()
    except (OSError, ValueError) as error:
        raise PaperError(f"{str(path)[:200]!r} cannot be read: check the path") from error
    return draw_page(content, page, width)


def draw_page(content: bytes, page: int, width: int) -> bytes:
    """The same of a file's bytes."""
    with _LOCK:
        document = _open(content)
        try:
            return _draw(document, page, width)
        finally:
            document.close()


def _draw(document: pdfium.PdfDocument, page: int, width: int) -> bytes:
    if not 1 <= page <= len(document):
        raise PaperError(f"the file has {len(document)} pages: page {page} is none of them")
    try:
        opened = document[page - 1]
        across, down = opened.get_size()
        # A page as long as a street must not take all memory.
        scale = min(max(1, min(width, MAX_WIDTH)) / max(across, 1), MAX_WIDTH / max(down, 1))
        picture = io.BytesIO()
        opened.render(scale=scale).to_pil().save(picture, "png")
    except pdfium.PdfiumError as error:
        raise PaperError(f"page {page} cannot be drawn ({error}): save the file anew") from error
    return picture.getvalue()


def _open(content: bytes) -> pdfium.PdfDocument:
    try:
        document = pdfium.PdfDocument(content)
    except pdfium.PdfiumError as error:
        if getattr(error, "err_code", None) == raw.FPDF_ERR_PASSWORD:
            raise PaperError("the PDF asks for a password: save a copy without one") from error
        raise PaperError("no PDF that can be read: open it in a viewer and save it anew") from error
    if not 0 < len(document) <= MAX_PAGES:
        pages = len(document)
        document.close()
        raise PaperError(f"a PDF of {pages} pages: give one of 1 to {MAX_PAGES:,} pages")
    return document


def _pages(document: pdfium.PdfDocument) -> Iterator[PdfPage]:
    left = MAX_CHARACTERS
    try:
        for number in range(1, len(document) + 1):
            try:
                page = document[number - 1]
                text = page.get_textpage()
            except pdfium.PdfiumError:
                # A broken page costs its own text only, and is counted all the same.
                yield PdfPage(number, 1.0, 1.0, [])
                continue
            left -= text.count_chars()
            if left < 0:
                raise PaperError(f"more than {MAX_CHARACTERS:,} characters: split the file")
            width, height = page.get_size()
            glyphs = _apart(_glyphs(page, text, width, height))
            yield PdfPage(number, width, height, _accented(glyphs))
            text.close()
            page.close()
    finally:
        document.close()


def _glyphs(
    page: pdfium.PdfPage, text: pdfium.PdfTextPage, width: float, height: float
) -> Iterator[Glyph]:
    to_page = _Placement(page, width, height)
    reader = _Reader(text)
    space = False
    for at in range(text.count_chars()):
        char = reader.char(at)
        if char.isspace():
            space = True
            continue
        if not char or not (width and height):
            continue
        place = reader.place(at)
        if place is None or not to_page.upright(place.matrix):
            continue
        left, base = to_page(place.left, place.base)
        right, _ = to_page(place.right, place.base)
        if to_page.swapped:
            left, base = to_page(place.x, place.y)
            right = left + place.advance
        left, right = min(left, right), max(left, right)
        if not (-1 <= left <= width + 1 and -1 <= base <= height + 1):
            continue  # what stands outside the page was put there not to be read
        for letter in char:
            yield Glyph(letter, left, right, base, place.size, place.font, space)
            space = False


def _apart(glyphs: Iterator[Glyph]) -> Iterator[Glyph]:
    """The glyphs with the letters of a ligature, which PDFium puts into one box, side by side."""
    for (left, right, _), group in groupby(glyphs, lambda each: (each.left, each.right, each.base)):
        letters = list(group)
        step = (right - left) / len(letters)
        for at, letter in enumerate(letters):
            yield letter._replace(left=left + at * step, right=left + (at + 1) * step)


def _accented(glyphs: Iterable[Glyph]) -> list[Glyph]:
    """The glyphs with accents that are set as characters of their own joined to their letters."""
    done: list[Glyph] = []
    accents: list[Glyph] = []
    for glyph in glyphs:
        (accents if glyph.char in _ACCENTS else done).append(glyph)
    letters: dict[int, list[int]] = {}
    for at, glyph in enumerate(done if accents else ()):
        letters.setdefault(round(glyph.base / 2), []).append(at)
    for accent in accents:
        middle = (accent.left + accent.right) / 2
        row = round(accent.base / 2)
        for at in (at for near in (row, row - 1, row + 1) for at in letters.get(near, ())):
            letter = done[at]
            whole = unicodedata.normalize("NFC", letter.char + _ACCENTS[accent.char])
            if letter.left < middle < letter.right and len(whole) == 1:
                # The space that PDFium sees around an accent is no space between words.
                gap = letter.left - done[at - 1].right if at else 0.0
                done[at] = letter._replace(char=whole, space=gap > 0.15 * letter.size)
                break
        else:
            done.append(accent)
    return done


@dataclass(frozen=True, slots=True)
class _Place:
    left: float
    right: float
    base: float
    x: float
    y: float
    advance: float
    size: float
    font: str
    matrix: tuple[float, float]


class _Reader:
    """Reads single characters; the ctypes structs are made once."""

    def __init__(self, text: pdfium.PdfTextPage) -> None:
        self._text = text
        self._matrix = raw.FS_MATRIX()
        self._box = raw.FS_RECTF()
        self._x, self._y = ctypes.c_double(), ctypes.c_double()
        self._name = ctypes.create_string_buffer(128)
        self._flags = ctypes.c_int()

    def char(self, at: int) -> str:
        """The character as text: a ligature is two letters; what cannot be shown is empty."""
        code = raw.FPDFText_GetUnicode(self._text, at)
        if not 0 < code < 0x110000 or 0xD800 <= code < 0xE000:
            return ""
        char = chr(code)
        if char in _HYPHEN:
            return "-"
        if _COMPATIBLE.match(char):
            return unicodedata.normalize("NFKC", char)
        if char.isspace():
            return " "
        return "" if unicodedata.category(char) in ("Cc", "Cf", "Cn", "Co") else char

    def place(self, at: int) -> _Place | None:
        matrix, box = self._matrix, self._box
        raw.FPDFText_GetMatrix(self._text, at, matrix)
        across = math.hypot(matrix.a, matrix.b)
        size = raw.FPDFText_GetFontSize(self._text, at) * math.hypot(matrix.c, matrix.d)
        raw.FPDFText_GetCharOrigin(self._text, at, self._x, self._y)
        raw.FPDFText_GetLooseCharBox(self._text, at, box)
        numbers = (size, self._x.value, self._y.value, box.left, box.right, box.top, box.bottom)
        if not all(map(math.isfinite, numbers)) or not across or not 0.5 < size < 1000:
            return None
        raw.FPDFText_GetFontInfo(self._text, at, self._name, 128, self._flags)
        font = _SUBSET.sub("", self._name.value.decode("utf-8", "replace"))
        advance = abs(box.top - box.bottom)  # of text that runs up or down the file's page
        return _Place(
            box.left,
            box.right,
            self._y.value,
            self._x.value,
            self._y.value,
            advance,
            round(size, 1),
            font,
            (matrix.a / across, matrix.b / across),
        )


class _Placement:
    """From a point of the file to a point of the page as it is shown, cropped and turned."""

    SCALE = 1_000_000

    def __init__(self, page: pdfium.PdfPage, width: float, height: float) -> None:
        def shown(x: float, y: float) -> tuple[float, float]:
            right, down = ctypes.c_int(), ctypes.c_int()
            size = self.SCALE
            raw.FPDF_PageToDevice(page, 0, 0, size, size, 0, x, y, right, down)
            return right.value / size * width, down.value / size * height

        self._x0, self._y0 = shown(0, 0)
        (x1, y1), (x2, y2) = shown(100, 0), shown(0, 100)
        self._a, self._b = (x1 - self._x0) / 100, (y1 - self._y0) / 100
        self._c, self._d = (x2 - self._x0) / 100, (y2 - self._y0) / 100
        self.swapped = abs(self._b) > abs(self._a)

    def __call__(self, x: float, y: float) -> tuple[float, float]:
        return (
            self._x0 + self._a * x + self._c * y,
            self._y0 + self._b * x + self._d * y,
        )

    def upright(self, direction: tuple[float, float]) -> bool:
        """Whether text that runs in `direction` runs from left to right on the page shown."""
        x, y = direction
        return self._a * x + self._c * y > 0.95 and abs(self._b * x + self._d * y) < 0.2
