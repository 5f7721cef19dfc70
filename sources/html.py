"""HTML becomes a document. Scripts are not run and nothing that a page points to is fetched."""

from __future__ import annotations

import re
from collections.abc import Iterator

from selectolax.lexbor import LexborHTMLParser, LexborNode

from sources.cleaning import assemble
from sources.documents import Document
from sources.language import language_of
from sources.text import decode

MAIN_SHARE = 0.3  # of a page's text: an article that holds this much is what the page is about
CELL = " | "

_DROPPED = frozenset(
    "script style noscript template svg iframe object embed canvas audio video form button select "
    "nav aside footer head annotation annotation-xml".split()
)
_BLOCKS = frozenset(
    "p div section article main header li ul ol dl dt dd table tr caption figure figcaption "
    "blockquote pre h1 h2 h3 h4 h5 h6 br hr body address details summary".split()
)
_HEADING = re.compile(r"h([1-6])")
_CHARSET = re.compile(rb"<meta[^>]{0,200}charset\s*=\s*[\"']?([\w-]{1,40})", re.IGNORECASE)
_UNSEEN = re.compile(r"display\s*:\s*none|visibility\s*:\s*hidden", re.IGNORECASE)
_YEAR = re.compile(r"(?<!\d)(?:19|20)\d{2}(?!\d)")


def html_document(content: bytes) -> Document:
    """The document in an HTML page, without an id or a label. Raises PaperError for no text."""
    tree = LexborHTMLParser(_text(content))
    said = _metadata(tree)
    blocks = list(_blocks(_main(tree))) if tree.body else []
    text, sections = assemble(blocks)
    year = _YEAR.search(_first(said, "citation_publication_date", "citation_date", "dc.date"))
    doi = _first(said, "citation_doi", "dc.identifier").removeprefix("doi:").strip()
    return Document(
        doc_id="",
        text=text,
        label="",
        title=_first(said, "citation_title", "dc.title", "og:title") or _title(tree),
        authors=tuple(said.get("citation_author", []) or said.get("dc.creator", [])),
        year=int(year[0]) if year else None,
        url=f"https://doi.org/{doi}" if doi.startswith("10.") else "",
        sections=sections,
        language=language_of(text),
    )


def _text(content: bytes) -> str:
    """The page as text: in the encoding that it names, if it can be read in that."""
    named = _CHARSET.search(content[:4096])
    if named:
        try:
            return content.decode(named[1].decode("ascii"))
        except (LookupError, ValueError):
            pass
    return decode(content)


def _metadata(tree: LexborHTMLParser) -> dict[str, list[str]]:
    said: dict[str, list[str]] = {}
    for node in tree.css("meta"):
        name = node.attributes.get("name") or node.attributes.get("property") or ""
        value = " ".join((node.attributes.get("content") or "").split())
        if value:
            said.setdefault(name.lower(), []).append(value[:500])
    return said


def _first(said: dict[str, list[str]], *names: str) -> str:
    return next((said[name][0] for name in names if name in said), "")


def _title(tree: LexborHTMLParser) -> str:
    tops = tree.css("h1")
    node = tops[0] if len(tops) == 1 else tree.css_first("title")
    return " ".join(node.text().split())[:500] if node else ""


def _main(tree: LexborHTMLParser) -> LexborNode:
    """The one article of the page, if it holds much of the text, else the whole page."""
    body = tree.body
    assert body is not None  # an HTML5 parser always makes one; the caller has looked
    whole = len(body.text())
    for name in ("article", "main"):
        found = tree.css(name)
        if len(found) == 1 and len(found[0].text()) > MAIN_SHARE * whole:
            return found[0]
    return body


def _is_hidden(node: LexborNode) -> bool:
    """Whether a reader of the page does not see this: what nobody sees is nothing to cite."""
    said = node.attributes
    return "hidden" in said or bool(_UNSEEN.search(said.get("style") or ""))


def _blocks(root: LexborNode) -> Iterator[tuple[str, int]]:
    """The blocks of text in the order of the page: text and level. A row of a table is one."""
    pieces: list[str] = []
    level, rows = 0, 0
    # Deep nesting must not exhaust the stack of Python, so the walk keeps its own.
    waiting: list[tuple[LexborNode, bool]] = [(root, False)]
    while waiting:
        node, leaving = waiting.pop()
        tag = node.tag or ""
        if tag == "-text":
            pieces.append(node.text(deep=False))
            continue
        if tag in _DROPPED or _is_hidden(node):
            continue
        ends_block = tag in _BLOCKS and (not rows or tag == "tr")
        if ends_block:
            yield "".join(pieces), level
            pieces = []
        elif tag in _BLOCKS:
            pieces.append(" ")
        heading = _HEADING.fullmatch(tag)
        if heading:
            level = 0 if leaving else int(heading[1])
        if tag == "tr":
            rows += -1 if leaving else 1
        if tag in ("td", "th") and not leaving and "".join(pieces).strip():
            pieces.append(CELL)
        if not leaving:
            waiting.append((node, True))
            children = list(node.iter(include_text=True))
            waiting.extend((child, False) for child in reversed(children))
    yield "".join(pieces), level
