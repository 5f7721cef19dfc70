from __future__ import annotations

import hashlib
import os
import re
import time
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

import sources
from sources import Document, PaperEntry, PaperError, catalog, load, load_paper, split_sentences
from sources.catalog import find_paper
from sources.cleaning import clean
from sources.loaders import MAX_BYTES
from sources.sentences import MAX_SENTENCE
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


def headings(raw: str) -> list[str]:
    return [section.path[-1] for section in clean(raw)[1]]


def sentences(text: str) -> list[str]:
    return [text[start:end] for start, end in split_sentences(text)]


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
    found = sentences(paper.text)
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


# Cleaning

CHINESE_LINE = "国" * 44 + "，"


def test_a_short_line_that_ends_a_sentence_ends_the_paragraph() -> None:
    raw = f"{CHINESE_LINE}\n\n" * 4 + f"完。\n新段{CHINESE_LINE}\n止。"
    assert clean(raw)[0] == CHINESE_LINE * 4 + "完。\n新段" + CHINESE_LINE + "止。"


def test_a_full_line_that_ends_a_sentence_does_not_end_the_paragraph() -> None:
    full = "国" * 44 + "。"
    assert clean(f"{CHINESE_LINE}\n{full}\n{CHINESE_LINE}\n完。")[0].count("\n") == 0


def test_blank_lines_end_paragraphs_where_they_are_not_everywhere() -> None:
    assert clean("A line of text\nthat goes on.\n\nAnother one")[0] == (
        "A line of text that goes on.\nAnother one"
    )


def test_one_line_to_a_paragraph_stays_so() -> None:
    raw = "\n".join(["国" * 200, "没有句号的短行", "家" * 300 + "。"])
    assert clean(raw)[0] == raw


def test_indented_first_lines_begin_paragraphs() -> None:
    raw = f"　　甲{CHINESE_LINE}\n{'乙' * 44}。\n　　丙{CHINESE_LINE}\n丁。"
    assert clean(raw)[0].count("\n") == 1


@pytest.mark.parametrize(
    ("raw", "joined"),
    [
        ("interna-\ntional trade", "international trade"),
        ("an E-\ncommerce deal", "an E-commerce deal"),
        ("e-\ncommerce", "e-commerce"),
        ("the state-of-the-\nart", "the state-of-the-art"),
        ("after COVID-\n19", "after COVID-19"),
        ("a WTO-\nled plan", "a WTO-led plan"),
        ("rule-mak-\ning and rule-making", "rule-making and rule-making"),
        ("a wine-\nred wine-red", "a wine-red wine-red"),
        ("non-\ntariff", "non-tariff"),
        ("soft\xad\nware", "software"),
        ("one\ntwo", "one two"),
        ("2017\n年", "2017年"),
        ("规则(USTR)\n成立", "规则(USTR)成立"),
        ("使用\nWTO", "使用WTO"),
        ("“安全港”\nWTO", "“安全港”WTO"),
        ("the “safe harbour”\nrule", "the “safe harbour” rule"),
        ("中文\u200b隐形\ufeff字", "中文隐形字"),
        ("한국어\n문장", "한국어 문장"),
        ("is called\nω-free", "is called ω-free"),
        ("торговля\nданными", "торговля данными"),
    ],
)
def test_two_lines_become_one(raw: str, joined: str) -> None:
    assert clean(raw)[0] == joined


@pytest.mark.parametrize(
    ("raw", "expected"),
    [
        ("1 Introduction\nText.\n2 Methods\nText.", ["1 Introduction", "2 Methods"]),
        ("1.引言\n正文。\n1.1背景\n正文。", ["1.引言", "1.1背景"]),
        ("第一章 绪论\n正文。\n第二章 方法\n正文。", ["第一章 绪论", "第二章 方法"]),
        (
            "一、背景\n正文。\n（一）现状\n正文。\n二、建议\n正文。",
            ["一、背景", "（一）现状", "二、建议"],
        ),
        ("I. INTRODUCTION\nText.\nII. METHODS\nText.", ["I. INTRODUCTION", "II. METHODS"]),
        ("# A\nText.\n## 1. B\nText.\n1. not one", ["A", "1. B"]),
        (
            f"摘要：{'国' * 40}。\n关键词：贸易；规则\n1. 引言\n正文。",
            ["摘要：", "关键词：", "1. 引言"],
        ),
        ("# A\n\n```\n# a comment\n```\n\n# B\n", ["A", "B"]),
        ("Keywords: trade, data", ["Keywords:"]),
        ("正文。\n参 考 文 献\n[1] 某文。", ["参考文献"]),
        ("1. 引言\n正文。\n86 个成员方\n正文。", ["1. 引言"]),
        ("1. 引言\n正文。\n2 月在瑞士\n正文。", ["1. 引言"]),
        ("1. 引言\n正文。\n2. 这是一句话。\n正文。", ["1. 引言"]),
        ("1 Introduction\nText.\n2 countries have signed\nText.", ["1 Introduction"]),
        ("1. 苹果\n2. 香蕉\n3. 梨\n正文。", []),
        ("2. 引言\n正文。\n1. 苹果\n2. 香蕉\n3. 梨\n正文。\n4. 结论\n正文。", []),
        ("1. A\nT.\n2. B\nT.\n1. x\n2. y\n3. z\nT.\n3. C\nT.", ["1. A", "2. B", "3. C"]),
        (f"目录\n1 引言 ..... 1\n2 结论 ..... 9\n1 引言\n{'国' * 40}。", ["目录", "1 引言"]),
        ("1. A\nT.\n3. C\nT.\n4. D\nT.", ["1. A", "3. C", "4. D"]),
        ("Abstract.\nBees die.\nIt is\nabstract.", ["Abstract."]),
    ],
)
def test_which_lines_are_headings(raw: str, expected: list[str]) -> None:
    assert headings(raw) == expected


def test_levels_of_mixed_styles() -> None:
    raw = "摘要\n文。\n第一章 甲\n文。\n第一节 乙\n文。\n一、丙\n文。\n1. 丁\n文。\n第二章 戊\n文。"
    assert [section.level for section in clean(raw)[1]] == [1, 1, 2, 3, 4, 1]


@given(st.text(alphabet="国家，。.-[]1234 aA\n#一、第章\t\u3000“”", max_size=300))
def test_cleaning_keeps_every_letter(raw: str) -> None:
    text, sections = clean(raw)
    assert [c for c in raw if c.isalnum()] == [c for c in text if c.isalnum()]
    assert all(text.startswith(section.path[-1], section.start) for section in sections)
    assert "\n\n" not in text


# Sentences


@pytest.mark.parametrize(
    "expected",
    [
        ["他说：“你好。”", "然后走了。", "真的？！", "好……", "我知道了。"],
        ["提出“为什么？”的问题。", "《怎么办？》一书（见图1。）很好！", "完"],
        ["关键所在[1]。", "下一句。[2]", "再来[3,4]。", "他指出“合作。竞争。”", "完。"],
        ["该公司(Gartner Inc.)在 G20 中。", "占 25.6%。", "见 U.S.市场。"],
        ["The U.S. economy grew 25.6 percent (see Fig. 3).", "It is, e.g. this, i.e. that."],
        ["J. A. Smith et al. [3] found it.", "In the U.S.", "The law changed.", "It ended."],
        ["Prices rose.[4]", "They fell. [5]", "“Why?” he asked.", '"No." he said.', "So what?"],
        ["He called it “free trade.”", "The rest is in No. 5 of Dr. Hu Inc.", "However, no."],
        ["谈判. ", "继续. ", "WTO agreed. ", "中国也是。"],
        ["3.1. Title of it\n", "See www.a.com/b?c=1 now.\n", "2. 甲\n", "乙"],
        ["Wait... what? ", "Yes! ", "Done (Really.) then."],
        ["（全句都在括号里。）", "之后“没有合上。", "再一句。"],
    ],
)
def test_sentences(expected: list[str]) -> None:
    latin = any(sentence[:1].isascii() for sentence in expected)
    text = (" " if latin and expected[0][-1] not in " \n" else "").join(expected)
    assert sentences(text) == [sentence.strip() for sentence in expected]


def test_a_part_of_the_text() -> None:
    assert split_sentences("甲。乙。丙。", 2, 5) == [(2, 4), (4, 5)]


@pytest.mark.parametrize("mark", ["；", "，", " ", ""])
def test_a_run_without_stops_is_cut(mark: str) -> None:
    text = ("国" * 90 + mark) * 20
    found = sentences(text)
    assert max(map(len, found)) <= MAX_SENTENCE
    assert all(part.endswith(mark.strip()) for part in found)
    assert "".join("".join(found).split()) == "".join(text.split())


@given(st.text(alphabet='国。！？.,，；“”《》()[]"1aA \n…', max_size=200), st.integers(0, 50))
@example("国" * 1000, 3)
@example('."a' * 400, 0)
def test_spans_are_ordered_disjoint_and_complete(text: str, start: int) -> None:
    spans = split_sentences(text, start)
    assert all(left < right for left, right in spans)
    assert all(a[1] <= b[0] for a, b in pairwise(spans))
    assert "".join("".join(text[a:b] for a, b in spans).split()) == "".join(text[start:].split())
    assert all("\n" not in text[a:b] and text[a:b].strip() == text[a:b] for a, b in spans)


@pytest.mark.parametrize("unit", ["国", "“", "(a. B) ", "U.S. ", "国。", '."a', "国家，很好"])
def test_splitting_takes_linear_time(unit: str) -> None:
    text = unit * (1_000_000 // len(unit.encode()))
    began = time.process_time()
    split_sentences(text)
    assert time.process_time() - began < 5  # a quadratic way takes minutes


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
