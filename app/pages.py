"""The pages of a PDF as they are printed, with what a citation quotes marked on them.

A citation's card has a button for each page that its quote stands on. The picture is drawn when
it is asked for, and `assets/leaf.js` lays the boxes over it. Knows nothing of Gradio.
"""

from __future__ import annotations

import base64
import json
from html import escape
from typing import Any

from app.answers import Citation
from app.problems import told
from app.words import WORDS
from index import Index
from sources import AskPaperError, Language

WIDTH = 1200  # pixels, sharp in a dialog of 800 on a dense screen


def leaves_html(citation: Citation, words: dict[str, str]) -> str:
    """The buttons of a card; none for a paper without pages."""
    return "".join(
        f'<button type="button" class="leaf" data-paper="{escape(citation.chunk.doc_id)}" '
        f'data-page="{page}" data-boxes="{_boxes(citation, page)}" data-shut="{words["shut"]}" '
        f'data-wait="{words["drawing"]}" data-alt="{words["leaf_alt"].format(page)}">'
        f"{words['leaf'].format(page)}</button>"
        for page in sorted({box.page for box in citation.boxes})
    )


def page_drawn(index: Index, asked: dict[str, Any], language: Language) -> dict[str, Any]:
    """The page that a button asked for, as a picture in a URL, or why it cannot be shown."""
    paper, page = str(asked["paper"]), int(asked["page"])
    answer = {"paper": paper, "page": page}
    try:
        picture = base64.b64encode(index.page_image(paper, page, WIDTH)).decode()
    except AskPaperError as error:
        return {**answer, "problem": WORDS[language]["undrawn"].format(told(error, language))}
    return {**answer, "image": f"data:image/png;base64,{picture}"}


def _boxes(citation: Citation, page: int) -> str:
    """Left, top, width and height of each box on the page, in percent of it."""
    return json.dumps(
        [
            [
                round(100 * part, 2)
                for part in (box.left, box.top, box.right - box.left, box.bottom - box.top)
            ]
            for box in citation.boxes
            if box.page == page
        ]
    )
