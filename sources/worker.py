"""Parsing, and drawing, in a process of its own, which a hostile file cannot take along.

The process has limits of time and memory, no network, and is killed when it does not answer.
What crosses between the two is bytes one way and JSON the other.
"""

from __future__ import annotations

import base64
import json
import subprocess
import sys
from contextlib import suppress
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from sources.documents import Document
from sources.errors import PaperError, ScanError

MAX_SECONDS = 120
MAX_SECONDS_DRAWING = 20
MAX_SECONDS_SCAN = 1_800  # a page of a scan takes some seconds
MAX_MEMORY = 4_000_000_000  # bytes of address space
FORMATS = (".pdf", ".docx", ".html", ".htm")
PICTURE = ".png"  # asks for a page's picture instead of the document
SCAN = ".scan"  # asks for the document in a PDF of pictures
INSTALL_OCR = "pip install -e '.[ocr]'"

_START = "import sys; sys.path.insert(0, {root!r}); from sources.worker import main; main()"
_ERRORS = {"PaperError": PaperError, "ScanError": ScanError}
_NETWORK = ("socket.connect", "socket.getaddrinfo", "subprocess.Popen", "os.system", "os.exec")


def parse_apart(content: bytes, suffix: str, seconds: float = MAX_SECONDS) -> Document:
    """What `parse` gives, from another process. Raises PaperError also where that one dies.

    Of a scan, the letters are recognised if the extra `ocr` is installed.
    """
    try:
        return Document.from_dict(_apart(content, seconds, suffix))
    except ScanError as error:
        if find_spec("rapidocr") is None:
            hint = f"to have them recognised, {INSTALL_OCR}"
            raise ScanError(f"its pages are pictures without text: {hint}") from error
    return Document.from_dict(_apart(content, MAX_SECONDS_SCAN, SCAN))


def draw_apart(
    content: bytes, page: int, width: int, seconds: float = MAX_SECONDS_DRAWING
) -> bytes:
    """What `sources.pdfium.draw_page` gives, from another process. Raises PaperError as it does,
    and where that process dies."""
    answer = _apart(content, seconds, PICTURE, str(page), str(width))
    return base64.b64decode(answer["picture"])


def _apart(content: bytes, seconds: float, what: str, *arguments: str) -> dict[str, Any]:
    code = _START.format(root=str(Path(__file__).parent.parent))
    command = [sys.executable, "-I", "-c", code, what, str(seconds), *arguments]
    try:
        done = subprocess.run(
            command, input=content, capture_output=True, timeout=seconds, check=False
        )
    except subprocess.TimeoutExpired as error:
        raise PaperError(f"reading took longer than {seconds:.0f} s: split the file") from error
    try:
        answer: dict[str, Any] = json.loads(done.stdout)
    except ValueError as error:
        raise PaperError(
            f"the reader broke down on it (status {done.returncode}): save the file anew"
        ) from error
    if "error" in answer:
        raise _ERRORS[answer["error"]](answer["message"])
    return answer


def parse(content: bytes, suffix: str) -> Document:
    """The document in the bytes of a file of this format, without an id or a label."""
    # Each reader is imported only for its own format: none of them is light.
    if suffix in (".pdf", SCAN):
        from sources.pdf import pdf_document

        return pdf_document(content, recognise=suffix == SCAN)
    if suffix == ".docx":
        from sources.docx import docx_document

        return docx_document(content)
    from sources.html import html_document

    return html_document(content)


def main() -> None:
    """Parse what stands on standard input and print the document, the picture of a page of it or
    the error, as JSON."""
    what, seconds = sys.argv[1], float(sys.argv[2])
    _limit(seconds)
    content = sys.stdin.buffer.read()
    try:
        answer = _picture(content) if what == PICTURE else parse(content, what).to_dict()
    except PaperError as error:
        answer = {"error": type(error).__name__, "message": str(error)}
    except MemoryError:
        answer = {"error": "PaperError", "message": "reading takes too much memory: split the file"}
    except Exception as error:  # whatever a damaged file provokes is the file's fault
        message = f"the reader failed on it ({type(error).__name__}): save the file anew"
        answer = {"error": "PaperError", "message": message}
    sys.stdout.buffer.write(json.dumps(answer).encode("ascii"))


def _picture(content: bytes) -> dict[str, Any]:
    from sources.pdfium import draw_page

    page, width = map(int, sys.argv[3:])
    return {"picture": base64.b64encode(draw_page(content, page, width)).decode("ascii")}


def _limit(seconds: float) -> None:
    with suppress(ImportError, OSError, ValueError):  # not on every system
        import resource

        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
        resource.setrlimit(resource.RLIMIT_CPU, (int(seconds) + 1, int(seconds) + 1))
        resource.setrlimit(resource.RLIMIT_AS, (MAX_MEMORY, MAX_MEMORY))
    sys.addaudithook(_refuse)


def _refuse(event: str, arguments: tuple[object, ...]) -> None:
    if event in _NETWORK:
        raise OSError(f"a reader has no business with {event}")
