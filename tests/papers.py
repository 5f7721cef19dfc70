"""Papers that tests make for themselves, in PDF and in Word, and the error that a bad one gives."""

from __future__ import annotations

import io
from collections.abc import Sequence
from pathlib import Path

import docx
import pytest
import reportlab
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.cidfonts import UnicodeCIDFont
from reportlab.pdfbase.ttfonts import TTFont
from reportlab.pdfgen.canvas import Canvas

from sources import PaperError

WIDTH, HEIGHT = 595.0, 842.0
SONG = "STSong-Light"
VERA = "Vera"

pdfmetrics.registerFont(UnicodeCIDFont(SONG))
pdfmetrics.registerFont(TTFont(VERA, Path(reportlab.__file__).parent / "fonts" / "Vera.ttf"))

# x, y from the top, size, font, text
Line = tuple[float, float, float, str, str]


def make_pdf(pages: Sequence[Sequence[Line]], **info: str) -> bytes:
    """A PDF whose pages hold these lines."""
    made = io.BytesIO()
    canvas = Canvas(made, pagesize=(WIDTH, HEIGHT), invariant=1)
    canvas.setTitle(info.get("title", ""))
    canvas.setAuthor(info.get("author", ""))
    for page in pages:
        for x, y, size, font, text in page:
            canvas.setFont(font, size)
            canvas.drawString(x, HEIGHT - y, text)
        canvas.showPage()
    canvas.save()
    return made.getvalue()


def column(
    text: Sequence[str], x: float, y: float, size: float = 10, font: str = "Times-Roman"
) -> list[Line]:
    """Lines below one another; the first characters of a line may be spaces to set it in."""
    return [
        (x + size * (len(line) - len(line.lstrip())), y + 1.2 * size * at, size, font, line.strip())
        for at, line in enumerate(text)
    ]


def make_docx(blocks: Sequence[tuple[str, str]], **properties: str) -> bytes:
    """A Word file of paragraphs: the name of the style and the text."""
    document = docx.Document()
    for style, text in blocks:
        document.add_paragraph(text, style=style)
    for name, value in properties.items():
        setattr(document.core_properties, name, value)
    made = io.BytesIO()
    document.save(made)
    return made.getvalue()


def one_line(error: pytest.ExceptionInfo[PaperError]) -> str:
    """The message of an error, which is short and on one line."""
    message = str(error.value)
    assert "\n" not in message
    assert len(message) < 400
    return message
