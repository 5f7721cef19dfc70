from __future__ import annotations

import hashlib
import os
import re
from pathlib import Path

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

import sources
from sources import Document, PaperEntry, PaperError, catalog, load, load_paper, split_sentences
from sources.catalog import find_paper
from sources.loaders import MAX_BYTES
from sources.text import decode, markdown_document

PAPER = "wto-ecommerce-negotiations"
HEADINGS = [
    "摘要",
    "Abstract",
    "1. 引言",
    "2. WTO 电子商务规则谈判取得积极进展",
    "3. WTO 电子商务规则谈判仍面临严峻挑战",
    "3.1. 双边和区域贸易协定在电子商务领域快速进展的挑战",
    "3.2. 主要成员方在电子商务谈判立场上存在差异",
    "3.3. WTO 电子商务后续工作面临较大分歧",
    "4. 美国力争引领全球数字贸易规则谈判",
    "4.1. 以数字贸易取代电子商务",
    "4.2. 美国在双边和多边层面主导全球规则谈判",
    "4.3. 将降低数字贸易障碍作为其重要的规则导向",
    "4.4. 密集出台国内相关立法",
    "5. 中国在 WTO 电子商务谈判中的立场和对策建议",
    "5.1. 中国在电子商务谈判中的主要立场",
    "5.2. 相关对策建议",
    "5.2.1. 积极参与和引领 WTO 电子商务规则谈判",
    "5.2.2. 在数字贸易领域保持积极参与态势",
    "5.2.3. 在双边和区域性协定中积极推进电子商务议题",
    "5.2.4. 严守国家安全底线，审慎对待跨境数据流动等问题",
    "5.2.5. 加大国内数据流动等领域改革试点力度",
]


@pytest.fixture(scope="module")
def paper() -> Document:
    return load_paper(PAPER)


def test_the_public_names() -> None:
    assert all(hasattr(sources, name) for name in sources.__all__)
    assert {"Document", "Section", "load", "load_paper", "catalog", "split_sentences"} < set(
        sources.__all__
    )


# The paper that ships


def test_the_paper_is_the_listed_file() -> None:
    (entry,) = catalog()
    assert entry.paper_id == PAPER
    assert hashlib.sha256(entry.path.read_bytes()).hexdigest() == entry.sha256
    assert (entry.title, entry.authors, entry.year, entry.url) == ("", (), None, "")


def test_the_paper_has_all_its_headings(paper: Document) -> None:
    assert [section.path[-1] for section in paper.sections] == HEADINGS
    for section, heading in zip(paper.sections, HEADINGS, strict=True):
        assert paper.text.startswith(heading + "\n", section.start)
        number = re.match(r"[\d.]*", heading)
        assert number and section.number == number[0].rstrip(".")
        assert section.level == max(len(section.path), section.number.count(".") + 1)
        assert heading.endswith(section.title)


def test_sections_tile_the_paper(paper: Document) -> None:
    assert paper.sections[0].start == 0
    assert paper.sections[-1].end == len(paper.text)
    starts = [section.start for section in paper.sections]
    assert [section.end for section in paper.sections[:-1]] == starts[1:]


def test_a_section_knows_its_path(paper: Document) -> None:
    section = paper.section_at(paper.text.index("白名单机制"))
    assert section is not None
    assert section.path == (HEADINGS[13], HEADINGS[15], HEADINGS[18])


@pytest.mark.parametrize(
    "joined",
    [
        "2019年1月的《电子商务全球宣言》",
        "2018 年 7月 71 个 WTO 成员签订共同声明",
        "在 2001 年~2017年，全球共有 67 个",
        "通过《电子商务全球宣言》，WTO 成立了",
        "参与方增加至86 个成员方",
        "其承诺多为再次重申在WTO 的现有义务。",
        "美国贸易代表办公室(USTR)成立数字贸易工作组(DTWG)",
        "从 2016 年开始，USTR把数字贸易的主要障碍",
        "2018年美国数字贸易的主要障碍",
        "规则。2019年 10 月达成的《美日数字贸易协定》",
        "所有供应商(包括金融服务供应商)",
        "不仅包括消费者产品在互联网上的销售",
        "支持 WTO 在电子商务、投资、环境等议题上",
        "设立专门章节。这是我国在电子商务规则谈判方面",
        "《联合国贸发会议 2018 年全球电子商务评估报告》",
        "the relevant international rules negotiation",
        "Declaration on Global Electronic Commerce",
        "there are also differences in negotiation contents",
        "through the active promotion",
        "the WTO e-commerce negotiations have",
        "关键所在[1]。\n3. WTO",
        "谈判做准备。\n2019 年 1 月在瑞士达沃斯",
    ],
)
def test_lines_of_the_paper_are_joined(paper: Document, joined: str) -> None:
    assert joined in paper.text


def test_nothing_of_the_paper_is_lost(paper: Document) -> None:
    raw = catalog()[0].path.read_text(encoding="utf-8")
    whole = re.sub(r"(interna|Decla|mem|ac)-\s*\n\s*(?=[a-z])", r"\1", raw)
    assert "".join(paper.text.split()) == "".join(whole.split())


def test_no_stray_space_in_the_paper(paper: Document) -> None:
    assert not re.findall(
        "[\u4e00-\u9fff，。、；：“”《》] +[\u4e00-\u9fff，。、；：“”《》]", paper.text
    )
    assert paper.language == "zh"
    assert not any(line != line.strip() or not line for line in paper.text.split("\n"))


def test_the_sentences_of_the_paper_are_whole(paper: Document) -> None:
    found = [paper.text[start:end] for start, end in split_sentences(paper.text)]
    body = [sentence for sentence in found if sentence not in HEADINGS]
    assert len(found) - len(body) == len(HEADINGS)
    assert len(body) == paper.text.count("。") + 5  # the abstract in English has five
    for sentence in body:
        assert re.search(r"[。.]$", sentence)
        assert sentence.count("。") <= 1
        assert sentence.count("“") == sentence.count("”")
    assert "其中，中国最多，有 4 项；印度尼西亚次之，有 3 项。" in body


def test_the_paper_must_be_unchanged(monkeypatch: pytest.MonkeyPatch) -> None:
    entry = PaperEntry("x", catalog()[0].path, "x", "0" * 64, "zh")
    monkeypatch.setattr("sources.loaders.find_paper", lambda _: entry)
    with pytest.raises(PaperError, match="restore"):
        load_paper("x")


def test_an_unknown_paper_names_the_known_ones() -> None:
    for name in ("nothing", "", "x" * 5000, "a\0b", "two\nlines"):
        with pytest.raises(PaperError, match=PAPER) as caught:
            find_paper(name)
        assert "\n" not in str(caught.value)


# Loading


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "gb18030", "big5"])
def test_encodings(tmp_path: Path, encoding: str) -> None:
    text = "電子商務已經成為全球經濟發展的新動力，相關國際規則談判落後於產業需求。"
    if encoding == "gb18030":
        text = "电子商务已成为全球经济发展的新引擎，但相关国际规则谈判滞后于产业需求。"
    path = tmp_path / "论文.txt"
    path.write_bytes(text.encode(encoding))
    document = load(path)
    assert document.text == text
    assert (document.label, document.language) == ("论文", "zh")
    assert document.doc_id == load(path).doc_id != load(path, "other").doc_id == "other"


@pytest.mark.parametrize("order", ["utf-16-le", "utf-16-be"])
@pytest.mark.parametrize(
    "text",
    [
        "Trade grows, and rules lag behind.",
        "电子商务是一个新引擎。\n规则滞后于产业需求，各方立场不一。",
        "電子商務是一個新動力，\n規則談判落後於產業需求。",
    ],
)
def test_utf_16_without_a_mark(text: str, order: str) -> None:
    assert decode(text.encode(order)) == text


def test_a_stray_zero_does_not_make_utf_16() -> None:
    with pytest.raises(PaperError, match="not text"):
        decode(b"Trade grows, and\0rules lag behind.")


def test_markdown(tmp_path: Path) -> None:
    path = tmp_path / "paper.md"
    path.write_text("# On trade\n\nIt grows\nfast.\n\n## Data\n\n- one\n- two\n", encoding="utf-8")
    document = load(path)
    assert document.text == "On trade\nIt grows fast.\nData\n- one\n- two"
    assert (document.title, document.language) == ("On trade", "en")
    assert document.sections[1].path == ("On trade", "Data")


@pytest.mark.parametrize("code", ["```\n# a comment\nx = 1\n```", "    # a comment\n    x = 1"])
def test_a_comment_in_code_is_no_heading(code: str) -> None:
    document = markdown_document(
        f"# On trade\n\nIt grows.\n\n{code}\n\n## Data\n\nMore.\n".encode()
    )
    assert [section.title for section in document.sections] == ["On trade", "Data"]


@pytest.mark.parametrize(
    ("name", "content", "reason"),
    [
        ("a.txt", b"", "empty"),
        ("a.txt", b" \n\t", "empty"),
        ("a.txt", b"--- ...", "no text"),
        ("a.txt", bytes(range(256)) * 9, "not text"),
        ("a.md", b"caf\xe9 au lait", "not text"),
        ("a.pdf", b"%PDF-1.7", "no PDF that can be read"),
        ("a", b"text", "use .txt, .md, .pdf"),
    ],
)
def test_files_that_are_no_paper(tmp_path: Path, name: str, content: bytes, reason: str) -> None:
    path = tmp_path / name
    path.write_bytes(content)
    with pytest.raises(PaperError, match=reason):
        load(path)


def test_paths_that_are_no_paper(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(PaperError, match="check the path"):
        load(tmp_path / "missing\n.txt")
    with pytest.raises(PaperError, match="not a file"):
        load(tmp_path)
    big = tmp_path / "big.txt"
    big.touch()
    os.truncate(big, MAX_BYTES + 1)
    with pytest.raises(PaperError, match="too big"):
        load(big)
    closed = tmp_path / "closed.txt"
    closed.write_text("text", encoding="utf-8")

    def refuse(_: Path) -> bytes:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(Path, "read_bytes", refuse)
    with pytest.raises(PaperError, match="Permission denied") as caught:
        load(closed)
    assert "\n" not in str(caught.value)


@given(st.binary(max_size=200))
@example(b"\xff\xfe\x00\xd8")
@example("国".encode("utf-16"))
def test_random_bytes_load_or_are_refused(
    tmp_path_factory: pytest.TempPathFactory, content: bytes
) -> None:
    path = tmp_path_factory.getbasetemp() / "random.txt"
    path.write_bytes(content)
    try:
        document = load(path)
    except PaperError as error:
        assert "\n" not in str(error)
    else:
        assert document.text.strip()
