"""PDFs that the tests draw themselves: what is read of them, and where it stands."""

from __future__ import annotations

import io
from pathlib import Path

import pytest
from papers import HEIGHT, SONG, VERA, WIDTH, Line, column, make_pdf
from reportlab.lib.pdfencrypt import StandardEncryption
from reportlab.pdfbase.pdfmetrics import stringWidth
from reportlab.pdfgen.canvas import Canvas

from sources import Document, PaperError, ScanError, load
from sources.pdf import pdf_document
from sources.pdfium import MAX_WIDTH, draw_page, read_pdf, render_page

LEFT = [
    "   Tariffs on electronic transmissions are the",
    "oldest question of the negotiations. Members have",
    "extended the moratorium eleven times, and every",
    "extension was harder to reach than the one before",
    "it. The reasons are mostly fiscal, as the devel-",
    "oping members lose revenue that others never had.",
    "   Data flows are the second question. The mem-",
    "bers agree that flows should be free, and they",
    "disagree on what privacy is worth, so that the",
    "drafts hold three alternatives for one article",
    "and nobody expects the text to be settled before",
    "the next ministerial conference, because each of",
]
RIGHT = [
    "the three camps has allies outside the room who",
    "watch what it gives away. Source code is a third",
    "question, and the one with the least movement.",
    "   Source code must not be demanded as the price",
    "of market access, say some of the members. Others",
    "say that a regulator has to look into what it",
    "regulates, and that an exception for courts and",
    "agencies would be enough for everyone concerned.",
    "   Consumer protection is settled in all but the",
    "wording. Spam is settled entirely. Both chapters",
    "were closed within one year, and both went with-",
    "out the usual square brackets around each word.",
]
HEAD = "Journal of Trade Questions, Vol. 7, No. 2, 2021"


def two_columns(number: int) -> list[Line]:
    return [
        (60, 40, 8, "Times-Italic", HEAD),
        (290, 810, 8, "Times-Roman", str(number)),
        *column(LEFT, 60, 150),
        *column(RIGHT, 320, 150),
    ]


@pytest.fixture(scope="module")
def paper() -> Document:
    first = [
        (90, 90, 18, "Times-Bold", "Four Questions of Digital Trade"),
        (250, 115, 11, "Times-Roman", "Ada Lovelace and Alan Turing"),
        (60, 132, 9, "Times-Roman", "doi: 10.1234/jtq.2021.0702"),
        (60, 150, 12, "Times-Bold", "1 Introduction"),
        *[
            (x, y + 20, *rest) if y > 100 and y < 800 else (x, y, *rest)
            for x, y, *rest in two_columns(81)
        ],
        (66, 700, 8, "Times-Roman", "* The authors thank nobody in particular for this footnote."),
    ]
    second = [
        *two_columns(82),
        (320, 330, 12, "Times-Bold", "2 Results"),
        *column(RIGHT[3:8], 320, 350),
        (320, 450, 12, "Times-Bold", "References"),
        *column(["[1] A. Turing. On machines. 1936.", "[2] A. Lovelace. Notes. 1843."], 320, 470),
    ]
    content = make_pdf([first, second, two_columns(83)], title="Untitled-3", author="Ada Lovelace")
    return pdf_document(content)


def test_columns_are_read_one_after_the_other(paper: Document) -> None:
    assert "because each of the three camps has allies outside the room" in paper.text
    assert paper.text.index("Tariffs on") < paper.text.index("Data flows are the second")


def test_broken_words_are_joined(paper: Document) -> None:
    assert "the developing members lose" in paper.text
    assert "The members agree that" in paper.text
    assert "both went without the usual" in paper.text


def test_indented_lines_begin_paragraphs(paper: Document) -> None:
    assert "\nData flows are the second question." in paper.text
    assert "\nSource code must not be demanded" in paper.text
    assert "\noldest question" not in paper.text


def test_running_heads_and_page_numbers_are_left_out(paper: Document) -> None:
    assert HEAD not in paper.text
    assert not {"81", "82", "83"} & set(paper.text.split())


def test_a_footnote_does_not_interrupt_the_text(paper: Document) -> None:
    assert "\n* The authors thank nobody in particular for this footnote.\n" in paper.text
    assert paper.page_at(paper.text.index("* The authors")) == 1


def test_sections_by_type_and_number(paper: Document) -> None:
    assert [s.path[-1] for s in paper.sections] == ["1 Introduction", "2 Results", "References"]
    assert [s.number for s in paper.sections] == ["1", "2", ""]
    entries = paper.text[paper.sections[-1].start :].splitlines()
    assert entries[1:3] == ["[1] A. Turing. On machines. 1936.", "[2] A. Lovelace. Notes. 1843."]


def test_metadata_is_believed_where_the_first_page_says_the_same(paper: Document) -> None:
    assert paper.title == "Four Questions of Digital Trade"
    assert paper.authors == ("Ada Lovelace",)
    assert paper.year == 2021
    assert paper.url == "https://doi.org/10.1234/jtq.2021.0702"


def test_pages(paper: Document) -> None:
    assert len(paper.page_starts) == 3
    assert paper.page_starts[0] == 0
    assert list(paper.page_starts) == sorted(paper.page_starts)
    assert paper.page_at(paper.text.index("2 Results")) == 2
    assert paper.page_at(len(paper.text) - 1) == 3


def test_boxes_lie_on_the_words(paper: Document) -> None:
    at = paper.text.index("oldest question")
    (box,) = paper.boxes(at, at + len("oldest question"))
    base = 170 + 12
    assert box.page == 1
    assert box.left == pytest.approx(60 / WIDTH, abs=0.002)
    assert box.right == pytest.approx((60 + 63) / WIDTH, abs=0.02)
    assert box.top < base / HEIGHT - 0.006 < box.bottom
    assert box.bottom - box.top < 15 / HEIGHT


def test_a_sentence_over_two_columns_has_boxes_in_both(paper: Document) -> None:
    start = paper.text.index("The members agree")
    end = paper.text.index("what it gives away.") + len("what it gives away.")
    boxes = paper.boxes(start, end)
    assert len(boxes) == 8
    assert {box.left < 0.5 for box in boxes} == {True, False}
    assert all(0 <= box.left < box.right <= 1 and 0 <= box.top < box.bottom <= 1 for box in boxes)


def test_every_character_that_is_printed_has_a_box(paper: Document) -> None:
    bare = [
        at for at, char in enumerate(paper.text) if char.isalnum() and not paper.boxes(at, at + 1)
    ]
    assert bare == []


def test_chinese() -> None:
    lines = [
        "　　跨境数据流动是谈判的第二个问题。各成员方同意数据应当自由",
        "流动，但对隐私的价值看法不一，因此草案中同一条款有三种备选案",
        "文，没有人指望在下一届部长级会议之前谈妥 WTO 规则。",
    ]
    page = [
        (200, 80, 20, SONG, "电子商务谈判的四个问题"),
        (60, 130, 14, SONG, "一、引言"),
        *column(lines, 60, 160, 12, SONG),
        (60, 230, 14, SONG, "二、结论"),
        *column(["　　谈判仍将继续，各方立场没有根本变化，前景仍然不明。"], 60, 260, 12, SONG),
    ]
    document = pdf_document(make_pdf([page]))
    assert document.language == "zh"
    assert document.title == "电子商务谈判的四个问题"
    assert [section.path[-1] for section in document.sections] == ["一、引言", "二、结论"]
    assert "各成员方同意数据应当自由流动，但对隐私" in document.text
    assert "备选案文，没有人指望" in document.text
    at = document.text.index("隐私")
    (box,) = document.boxes(at, at + 2)
    assert box.right - box.left == pytest.approx(24 / WIDTH, abs=0.004)


def test_ligatures_become_letters() -> None:
    text = "The ﬁrst ofﬁce of the ﬂow is a quiet one to ﬁnd, and nobody ever does."
    document = pdf_document(make_pdf([column([text], 60, 100, 10, VERA)]))
    assert "The first office of the flow is a quiet one to find" in document.text
    at = document.text.index("first")
    first, second = (document.boxes(at + step, at + step + 1)[0] for step in (0, 1))
    assert first.left < second.left < first.right + 0.001


def test_rows_of_a_table_stay_rows() -> None:
    rows = [("Member", "2019", "2020"), ("Brazil", "4.5", "5.1"), ("Chile", "3.2", "3.3")]
    cells = [
        (60 + 120 * across, 200 + 14 * down, 10, "Times-Roman", cell)
        for down, row in enumerate(rows)
        for across, cell in enumerate(row)
    ]
    text = column([*LEFT, "the members, as Table 1 shows below."], 60, 20)
    document = pdf_document(make_pdf([text + cells]))
    assert "\nMember | 2019 | 2020\nBrazil | 4.5 | 5.1\nChile | 3.2 | 3.3" in document.text
    at = document.text.index("5.1")
    (box,) = document.boxes(at, at + 3)
    assert box.left == pytest.approx(300 / WIDTH, abs=0.002)


def test_superscripts() -> None:
    across = stringWidth("It was 3.6 × 10", "Times-Roman", 10)
    page = [
        *column(LEFT, 60, 60),
        (60, 300, 10, "Times-Roman", "It was 3.6 × 10"),
        (60 + across, 296, 6, "Times-Roman", "6"),
        (60 + across + 5, 300, 10, "Times-Roman", "units of trade in that year, more than before."),
    ]
    assert "10⁶ units" in pdf_document(make_pdf([page])).text


@pytest.mark.parametrize("turn", [90, 180, 270])
def test_turned_and_cropped_pages(turn: int) -> None:
    made = io.BytesIO()
    canvas = Canvas(made, pagesize=(WIDTH, HEIGHT))
    canvas.setCropBox((50, 50, 545, 545))
    canvas.setPageRotation(turn)
    # Drawn so that it is upright once the page is turned.
    canvas.translate(300, 300)
    canvas.rotate(turn)
    canvas.setFont("Times-Roman", 12)
    canvas.drawString(-130, 0, "This sentence stands upright on a page that is turned.")
    canvas.save()
    document = pdf_document(made.getvalue())
    assert document.text == "This sentence stands upright on a page that is turned."
    at = document.text.index("sentence")
    (box,) = document.boxes(at, at + 8)
    (page,) = read_pdf(made.getvalue())[1]
    assert (box.right - box.left) * page.width == pytest.approx(41.3, abs=0.5)
    assert (box.bottom - box.top) * page.height == pytest.approx(12.7, abs=0.5)
    assert 0.2 < box.top < 0.8


def test_text_in_the_margin_that_runs_upwards_is_left_out() -> None:
    made = io.BytesIO()
    canvas = Canvas(made, pagesize=(WIDTH, HEIGHT))
    canvas.drawString(60, 700, "A line that is read as it stands on the page, from the left.")
    canvas.rotate(90)
    canvas.drawString(200, -30, "stamp of an archive")
    canvas.save()
    assert "stamp" not in pdf_document(made.getvalue()).text


def test_a_page_becomes_a_picture(tmp_path: Path) -> None:
    path = tmp_path / "a.pdf"
    path.write_bytes(make_pdf([column(LEFT, 60, 60)]))
    picture = render_page(path, 1, 300)
    assert picture.startswith(b"\x89PNG")
    assert int.from_bytes(picture[16:20], "big") == pytest.approx(300, abs=1)
    assert int.from_bytes(render_page(path, 1, 10**9)[16:20], "big") <= MAX_WIDTH
    for page in (0, 2, -1):
        with pytest.raises(PaperError, match="has 1 pages"):
            render_page(path, page)
    with pytest.raises(PaperError, match="check the path"):
        render_page(tmp_path / "gone.pdf", 1)


def test_scanned_pages_are_told(tmp_path: Path) -> None:
    path = tmp_path / "scan.pdf"
    path.write_bytes(make_pdf([[], [(60, 60, 10, "Times-Roman", "p. 2")]]))
    with pytest.raises(ScanError, match=r"scan\.pdf.*pictures without text"):
        load(path)


def test_a_scan_is_told_how_to_have_its_letters_recognised(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sources.worker.find_spec", lambda name: None)
    path = tmp_path / "scan.pdf"
    path.write_bytes(make_pdf([[]]))
    with pytest.raises(ScanError, match=r"pip install -e '\.\[ocr\]'"):
        load(path)


@pytest.mark.slow
def test_the_letters_of_a_scan_are_recognised(tmp_path: Path) -> None:
    pytest.importorskip("rapidocr")
    from PIL import Image

    lines = [(60, 60 + 16 * at, 12, "Times-Roman", line) for at, line in enumerate(LEFT)]
    printed = make_pdf([lines])
    picture = Image.open(io.BytesIO(draw_page(printed, 1, 1400))).convert("RGB")
    path = tmp_path / "scan.pdf"
    picture.save(path, "pdf", resolution=1400 / WIDTH * 72)
    document = load(path)
    assert document.text.startswith("Tariffs on electronic transmissions are the oldest question")
    (box, *_) = document.boxes(0, 10)
    assert box.page == 1
    assert 0.05 < box.left < 0.3
    assert box.top < 0.2


def test_a_password_is_told(tmp_path: Path) -> None:
    made = io.BytesIO()
    canvas = Canvas(made, encrypt=StandardEncryption("secret", "owner"))
    canvas.drawString(60, 700, LEFT[0])
    canvas.save()
    path = tmp_path / "locked.pdf"
    path.write_bytes(made.getvalue())
    with pytest.raises(PaperError, match="asks for a password"):
        load(path)


def test_a_file_that_only_forbids_printing_is_read() -> None:
    made = io.BytesIO()
    canvas = Canvas(made, encrypt=StandardEncryption("", "owner", canPrint=0))
    canvas.drawString(60, 700, "Nobody may print this line, but everybody may read it.")
    canvas.save()
    assert "everybody may read it" in pdf_document(made.getvalue()).text


def test_metadata_of_a_file_without_any() -> None:
    metadata, pages = read_pdf(make_pdf([column(LEFT, 60, 60)]))
    assert metadata.get("title") in ("", "untitled", None)
    assert [page.number for page in pages] == [1]
