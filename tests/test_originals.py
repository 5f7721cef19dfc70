"""Papers from URLs, and the PDF files that the index keeps so that it can draw their pages."""

from __future__ import annotations

import http.server
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from papers import column, make_pdf

from index import add_papers, open_index, reading, remove_papers
from index.cli import main
from index.repair import repair_index, verify_index
from sources import PaperError, Source, StoreError, load, worker
from sources.loaders import FORMATS, MAX_BYTES
from sources.web import Address, fetch, is_public

TEXT = "Tides rise twice a day because of the moon, and the spring tides are the highest."
PNG = b"\x89PNG"


def pdf(*pages: str) -> bytes:
    """A PDF with a page of so many words for each of these lines."""
    return make_pdf(
        [
            column([*[f"{page} {at}" for at in range(9)], TEXT], 60, 250 + 40 * at)
            for at, page in enumerate(pages)
        ]
    )


def originals(folder: Path) -> list[Path]:
    """The files that are kept in segments that are in force."""
    return [*(path for path in folder.glob("*/originals/*") if in_force(folder, path))]


def in_force(folder: Path, path: Path) -> bool:
    return path.parent.parent.name in open_index(folder).manifest.segments


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("ASKPAPER_INDEX", str(tmp_path / "index"))
    return tmp_path / "index"


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "tides.pdf"
    path.write_bytes(pdf("The first page tells of the sea.", "The second page tells of the moon."))
    return path


def test_a_page_is_drawn_when_the_file_has_moved(folder: Path, file: Path) -> None:
    content = file.read_bytes()
    index = add_papers([file], folder)
    paper = [*index.documents][-1]
    file.unlink()
    first, second = (index.page_image(paper, page, 200) for page in (1, 2))
    assert first.startswith(PNG)
    assert second.startswith(PNG)
    assert first != second
    assert len(index.page_image(paper, 1, 400)) > len(first)
    assert [path.read_bytes() for path in originals(folder)] == [content]
    with pytest.raises(PaperError, match="page 3"):
        index.page_image(paper, 3)


def test_what_has_no_pages_says_so(folder: Path, tmp_path: Path) -> None:
    (tmp_path / "tides.md").write_text("# Tides\n\nTides rise twice a day.\n")
    index = add_papers([tmp_path / "tides.md"], folder)
    for paper in index.documents:
        with pytest.raises(StoreError, match="no pages are kept"):
            index.page_image(paper, 1)
    with pytest.raises(StoreError, match="no paper"):
        index.page_image("nowhere", 1)


def test_it_goes_where_its_paper_goes(folder: Path, file: Path, tmp_path: Path) -> None:
    document = load(file)
    index = add_papers([document], folder)
    for name in ("ebb", "flood", "surge"):  # each makes one segment of the small ones
        (tmp_path / f"{name}.pdf").write_bytes(pdf(f"About the {name} and much besides."))
        index = add_papers([tmp_path / f"{name}.pdf"], folder)
    assert len(originals(folder)) == 4
    assert index.page_image(document.doc_id, 2, 100).startswith(PNG)
    assert verify_index(folder) == []
    file.write_bytes(pdf("Written anew."))
    index = remove_papers([document.doc_id], folder)
    index = remove_papers([each for each in index.documents if "ebb" in each], folder)
    # A segment that is mostly in force is left as it is; what it holds goes with the next change.
    index = remove_papers([each for each in index.documents if "flood" in each], folder)
    kept = {path.stem for path in originals(folder)}
    assert kept >= {each.original for each in index.papers if each.original}
    assert verify_index(folder) == []


def test_a_changed_file_replaces_what_was_kept(folder: Path, file: Path) -> None:
    before = add_papers([file], folder).papers[-1]
    file.write_bytes(pdf("Only one page is left of it."))
    index = add_papers([file], folder)
    after = index.papers[-1]
    assert before.original != after.original
    with pytest.raises(PaperError, match="page 2"):
        index.page_image(after.doc_id, 2)


def test_a_document_of_a_file_that_has_changed_is_not_taken_for_it(
    folder: Path, file: Path
) -> None:
    document = load(file)
    file.write_bytes(pdf("Something else."))
    assert add_papers([document], folder).papers[-1].original == ""


@pytest.mark.parametrize("there", [True, False])
def test_a_lost_one_is_missed_and_made_good(folder: Path, file: Path, there: bool) -> None:
    paper = [*add_papers([file], folder).documents][-1]
    (kept,) = originals(folder)
    kept.unlink()
    if not there:
        file.unlink()
    index = open_index(folder)  # the paper can still be asked
    assert index.search("How often do tides rise?", papers=paper)
    with pytest.raises(StoreError, match="verify --repair"):
        index.page_image(paper, 1)
    assert [line for line in verify_index(folder) if kept.name in line]
    told = " ".join(repair_index(folder))
    assert verify_index(folder) == []
    assert ("cannot be shown" in told) != there
    if there:
        assert open_index(folder).page_image(paper, 1).startswith(PNG)


def test_a_damaged_one_is_not_handed_on(folder: Path, file: Path) -> None:
    paper = [*add_papers([file], folder).documents][-1]
    (kept,) = originals(folder)
    kept.write_bytes(kept.read_bytes()[:-1] + b"?")
    assert [line for line in verify_index(folder) if kept.name in line]
    repair_index(folder)
    assert verify_index(folder) == []
    assert open_index(folder).page_image(paper, 1).startswith(PNG)


def test_a_page_that_is_never_drawn_is_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(worker, "_START", "import time; time.sleep(60)  # {root!r}")
    with pytest.raises(PaperError, match="longer than 1 s"):
        worker.draw_apart(b"x", 1, 100, seconds=1)


# URLs


class Site(http.server.BaseHTTPRequestHandler):
    """One paper, and nothing else."""

    paper = b""

    def do_GET(self) -> None:
        if self.path != "/tides.pdf":
            self.send_error(404)
            return
        self.send_response(200)
        self.send_header("Content-Type", "application/pdf")
        self.send_header("Content-Length", str(len(Site.paper)))
        self.end_headers()
        self.wfile.write(Site.paper)

    def log_message(self, format: str, *arguments: object) -> None:
        pass


@pytest.fixture
def url(monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """Where the site is; it alone of what is not public may be asked."""
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Site)
    thread = threading.Thread(target=server.serve_forever, args=(0.01,))
    thread.start()

    def allowed(address: Address) -> bool:
        return str(address) == "127.0.0.1" or is_public(address)

    def fetch_here(url: str) -> Source:
        fetched = fetch(url, MAX_BYTES, FORMATS, allowed)
        return Source(fetched.content, fetched.suffix, fetched.name, fetched.url)

    monkeypatch.setattr(reading, "fetch_source", fetch_here)
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    thread.join()
    server.server_close()


def test_a_paper_at_a_url_is_added_and_replaced(
    url: str, folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    Site.paper = pdf("The first page tells of the sea.")
    assert main(["add", f"{url}/tides.pdf"]) == 0
    before = open_index(folder)
    assert main(["add", f"{url}/tides.pdf"]) == 0
    assert open_index(folder).manifest == before.manifest  # it has not changed
    assert before.papers[-1].source == f"{url}/tides.pdf"
    assert before.page_image(before.papers[-1].doc_id, 1, 100).startswith(PNG)
    Site.paper = pdf("The site has another version now.")
    assert main(["add", f"{url}/tides.pdf"]) == 0
    after = open_index(folder)
    assert len(after.papers) == len(before.papers) == 2
    assert "another version" in after.documents[after.papers[-1].doc_id].text
    assert "2 paper(s)" in capsys.readouterr().out


@pytest.mark.parametrize("path", ["/gone.pdf", "/a\nb.pdf"])
def test_a_url_that_gives_nothing_is_one_line(
    url: str, path: str, folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["add", url + path]) == 1
    captured = capsys.readouterr()
    assert captured.out == ""
    assert captured.err.count("\n") == 1
    assert not (folder / "manifest.json").exists()


def test_the_others_are_added_when_a_url_fails(
    url: str, folder: Path, file: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["add", "--workers", "1", f"{url}/gone.pdf", str(file)]) == 1
    captured = capsys.readouterr()
    assert "2 paper(s)" in captured.out
    assert captured.err.count("\n") == 1
    assert "gone.pdf" in captured.err


@pytest.mark.parametrize("url", ["http://127.0.0.1:9/a.pdf", "file:///etc/hostname"])
def test_private_places_are_refused(
    url: str, folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["add", url]) == 1
    assert capsys.readouterr().err.count("\n") == 1
