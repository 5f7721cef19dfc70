"""Reads the characters from the pictures of a scan. The only import of rapidocr, an extra.

Its models come with the package: nothing is fetched. What the characters say is told by
`sources.pdf`, as for any other PDF.
"""

from __future__ import annotations

import io
import statistics
import unicodedata
from collections.abc import Iterator
from typing import Any

import numpy as np

from sources.columns import Glyph
from sources.pdfium import PdfPage, draw_page, read_pdf

WIDTH = 1600  # pixels of a page's picture: letters of ten points are some thirty high
SURE = 0.6  # of a line's score: below it is dirt or a picture
SIZE = 0.75  # of the height of a line's box, for the size of its letters
DESCENT = 0.22  # of the same, below the base line
ALIKE = 1.25  # ratio up to which sizes are the same, measured as they are


def recognised_pages(content: bytes) -> Iterator[PdfPage]:
    """The pages of a PDF with the characters that their pictures show."""
    from PIL import Image
    from rapidocr import RapidOCR

    engine = RapidOCR(params={"Global.log_level": "critical"})
    for page in read_pdf(content)[1]:
        picture = Image.open(io.BytesIO(draw_page(content, page.number, WIDTH)))
        found = engine(np.asarray(picture.convert("RGB")))
        scale = page.width / picture.width
        yield PdfPage(page.number, page.width, page.height, list(_glyphs(found, scale)))


def _glyphs(found: Any, scale: float) -> Iterator[Glyph]:
    """Characters, spread over the boxes of the lines that were found [4 corners in pixels]."""
    if not found.txts:
        return
    lines = [
        (text, *(np.asarray(box).min(axis=0) * scale), *(np.asarray(box).max(axis=0) * scale))
        for box, text, score in zip(found.boxes, found.txts, found.scores, strict=True)
        if score >= SURE and text.strip()
    ]
    upright = [line for line in lines if line[3] - line[1] > line[4] - line[2] or len(line[0]) == 1]
    usual = statistics.median([line[4] - line[2] for line in upright]) if upright else 1.0
    for text, left, top, right, bottom in upright:
        height = bottom - top
        size = SIZE * (usual if usual / ALIKE < height < usual * ALIKE else height)
        widths = [2.0 if unicodedata.east_asian_width(char) in "WF" else 1.0 for char in text]
        edges = left + np.cumsum([0.0, *widths]) * (right - left) / sum(widths)
        space = False
        for at, char in enumerate(text):
            if not char.isspace():
                base = bottom - DESCENT * height
                yield Glyph(
                    char,
                    float(edges[at]),
                    float(edges[at + 1]),
                    float(base),
                    float(size),
                    "",
                    space,
                )
            space = char.isspace()
