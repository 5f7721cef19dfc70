"""Plain text and Markdown become documents; bytes become text, whatever encoding they are in."""

from __future__ import annotations

import codecs
import re
from dataclasses import replace

from sources.cleaning import clean
from sources.documents import Document
from sources.errors import PaperError
from sources.language import language_of

MIN_COMMON_SHARE = 0.5  # of the CJK characters, for bytes to be text in a Chinese encoding
MIN_USED_SHARE = 0.9  # of the characters, for bytes with zeros among them to be UTF-16
SAMPLE = 200_000  # characters that are looked at to tell Chinese encodings apart

_CJK = re.compile("[\u3400-\u9fff\uf900-\ufaff]")
_CONTROL = re.compile("[\x00-\x08\x0e-\x1a\x1c-\x1f\x7f\x80-\x84\x86-\x9f]")
# The lead and trail bytes of each character set's first level: the characters in common use.
_COMMON = {
    "gb18030": (range(0xB0, 0xD8), range(0xA1, 0xFF)),
    "big5": (range(0xA4, 0xC7), range(0x40, 0xFF)),
}


def text_document(content: bytes) -> Document:
    """The document in plain text, without an id or a label. Raises PaperError if it is no text."""
    text, sections = clean(decode(content))
    return Document("", text, "", sections=sections, language=language_of(text))


def markdown_document(content: bytes) -> Document:
    """The document in Markdown; its title is the one heading of the first level."""
    document = text_document(content)
    tops = [section for section in document.sections if section.level == 1]
    titled = len(tops) == 1 and document.sections[0].level == 1
    return replace(document, title=tops[0].title) if titled else document


def decode(content: bytes) -> str:
    """The text of bytes in UTF-8, UTF-16, GB18030 or Big5. Raises PaperError."""
    text = _decoded(content)
    # A stray control character is dropped with the cleaning; many of them are no text.
    if text is None or "\0" in text or 100 * len(_CONTROL.findall(text)) > len(text):
        raise PaperError("it is not text: save it as plain text in UTF-8")
    return text


def _decoded(content: bytes) -> str | None:
    """The text of `content`, None where no encoding fits."""
    marked = content.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE))
    try:
        return content.decode("utf-16" if marked else _unmarked_utf16(content) or "utf-8-sig")
    except UnicodeDecodeError:
        pass
    # Most text in Big5 decodes as GB18030 too, into characters that nobody uses.
    best = max(_COMMON, key=lambda encoding: _common_share(content, encoding))
    if _common_share(content, best) < MIN_COMMON_SHARE:
        return None
    return content.decode(best)


def _unmarked_utf16(content: bytes) -> str | None:
    """The order of UTF-16 without a mark, None if it is not that: zero bytes, which other text
    does not have, and in one of the orders characters that are in use.
    """
    if 0 not in content or len(content) % 2:
        return None
    for order in ("utf-16-le", "utf-16-be"):
        # A cut in half may leave half a character, which counts as one that nobody uses.
        text = content[: 2 * SAMPLE].decode(order, "replace")
        used = max(len(text.encode(each, "ignore").decode(each)) for each in ("gb2312", "big5"))
        if "\0" not in text and used > MIN_USED_SHARE * len(text):
            return order
    return None


def _common_share(content: bytes, encoding: str) -> float:
    """The share of CJK characters in common use if `content` is in `encoding`, -1.0 if not."""
    try:
        characters = _CJK.findall(content.decode(encoding)[:SAMPLE])
    except UnicodeDecodeError:
        return -1.0
    leads, trails = _COMMON[encoding]
    pairs = [char.encode(encoding)[:2] for char in characters]
    return sum(lead in leads and trail in trails for lead, trail in pairs) / max(len(pairs), 1)
