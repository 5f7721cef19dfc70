from __future__ import annotations

import gzip
import json
from pathlib import Path
from typing import Any

import pytest

from eval.gold import Half, evidence_spans, gold_path, read_gold
from sources.documents import Document
from sources.errors import GoldError

GOOD: dict[str, Any] = {
    "id": "q1",
    "question": "谈判何时启动？",
    "lang": "zh",
    "answerable": True,
    "evidence": ["2019年1月"],
}


def write(path: Path, *lines: object) -> Path:
    texts = [line if isinstance(line, str) else json.dumps(line) for line in lines]
    path.write_text("\n".join(texts), encoding="utf-8")
    return path


def test_optional_fields_may_be_missing(tmp_path: Path) -> None:
    unanswerable = {"id": "q2", "question": "Who?", "lang": "en", "answerable": False}
    first, second = read_gold(write(tmp_path / "gold.jsonl", GOOD, "", unanswerable))
    assert (first.evidence, first.history, first.must_include) == (("2019年1月",), (), ())
    assert (second.evidence, second.tags, second.standalone) == ((), (), "")


def test_every_field_is_read_also_from_gzip(tmp_path: Path) -> None:
    more = {"history": ["甲？"], "must_include": [["2019", "一九"]], "tags": ["date"]}
    path = tmp_path / "gold.jsonl.gz"
    with gzip.open(path, "wt", encoding="utf-8") as file:
        file.write(json.dumps(GOOD | more | {"standalone": "乙？"}))
    (question,) = read_gold(path)
    assert question.history == ("甲？",)
    assert question.must_include == (("2019", "一九"),)
    assert (question.tags, question.standalone) == (("date",), "乙？")


@pytest.mark.parametrize(
    ("line", "message"),
    [
        (
            "{oops",
            "not JSON (Expecting property name enclosed in double quotes at column 2); write",
        ),
        ("[1]", "not a JSON object; write one JSON object on one line"),
        ({"id": "q2"}, '"question" is missing; add the field'),
        (GOOD | {"id": 2}, '"id" is not a text; write "id": "..."'),
        (GOOD | {"id": " "}, '"id" is not a text; write "id": "..."'),
        (GOOD | {"id": "q2", "answerable": "yes"}, '"answerable" is not true or false; write'),
        (GOOD | {"id": "q2", "evidence": "2019"}, '"evidence" is not a list of texts; write'),
        (GOOD | {"id": "q2", "evidence": [""]}, '"evidence" is not a list of texts; write'),
        (GOOD | {"id": "q2", "must_include": ["a"]}, '"must_include" is not a list of lists'),
        (GOOD | {"id": "q2", "must_include": [[]]}, '"must_include" is not a list of lists'),
        (GOOD | {"id": "q2", "history": None}, '"history" is not a list of texts; write'),
        (GOOD | {"id": "q2", "evidnce": []}, 'unknown field "evidnce"; remove it or use one of id'),
        (GOOD, 'id "q1" is already taken by '),
        (GOOD | {"id": "q2", "evidence": []}, "answerable, but without evidence; quote the paper"),
    ],
)
def test_a_wrong_line_is_named_with_its_remedy(tmp_path: Path, line: object, message: str) -> None:
    path = write(tmp_path / "gold.jsonl", GOOD, line)
    with pytest.raises(GoldError) as caught:
        read_gold(path)
    assert str(caught.value).startswith(f"{path} line 2: {message}")
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize(
    ("name", "content", "message"),
    [
        ("empty.jsonl", b"\n\n", "empty; write one JSON object a line"),
        ("latin.jsonl", b'{"id": "\xe9\xe9"}', "not UTF-8 text"),
        ("plain.jsonl.gz", b"{}", "cannot be read (Not a gzipped file"),
        ("short.jsonl.gz", gzip.compress(b"{}" * 99, mtime=0)[:-9], "cannot be read ("),
    ],
)
def test_a_wrong_file_is_named(tmp_path: Path, name: str, content: bytes, message: str) -> None:
    (tmp_path / name).write_bytes(content)
    with pytest.raises(GoldError) as caught:
        read_gold(tmp_path / name)
    assert str(caught.value).startswith(f"{tmp_path / name}: {message}")


def test_missing_file_and_folder(tmp_path: Path) -> None:
    with pytest.raises(GoldError, match="no such file; check the path"):
        read_gold(tmp_path / "none.jsonl")
    with pytest.raises(GoldError, match="cannot be read"):
        read_gold(tmp_path)


def test_evidence_is_found_across_lines_and_hyphens() -> None:
    document = Document("d", "WTO 电子\n商务谈判。 An e-com-\nmerce deal. 电子商务。", "d")
    spans = evidence_spans(document, ["电子商务", "e-commerce deal", "not there", "-"])
    assert [document.text[start:end] for start, end in spans] == [
        "电子\n商务",
        "e-com-\nmerce deal",
        "电子商务",
    ]


@pytest.mark.parametrize("half", ["dev", "test"])
def test_own_gold_stands_in_the_paper(half: Half) -> None:
    paper = Path("sources/papers/wto-ecommerce-negotiations.txt")
    text = (Path(__file__).parents[1] / paper).read_text(encoding="utf-8")
    document = Document("wto", text, "wto")
    questions = read_gold(gold_path(half))
    missing = [
        (q.id, quote)
        for q in questions
        for quote in q.evidence
        if not evidence_spans(document, [quote])
    ]
    assert questions
    assert not missing


def test_halves_share_no_question() -> None:
    asked = [
        {(q.history, q.question) for q in read_gold(gold_path(half))} for half in ("dev", "test")
    ]
    assert not asked[0] & asked[1]
