"""What an English expression of several words is in Chinese, and where it is searched for."""

from pathlib import Path

import pytest

from app import Assistant
from index import Index, build_index
from index.glossary import expressions


@pytest.mark.parametrize(
    ("question", "chinese"),
    [
        ("What about customs duties on electronic transmissions?", ["关税", "电子传输"]),
        ("Who signed Free-Trade agreements?", []),
        ("Who signed Free Trade Agreements?", ["自由贸易协定", "自贸协定"]),
        ("Data localization requirements, please", ["数据本地化要求"]),
        ("How many countries are there?", []),
        ("moratorium", []),
        ("", []),
    ],
)
def test_expressions(question: str, chinese: list[str]) -> None:
    assert expressions(question) == chinese


def test_a_chinese_paper_is_searched_for_them(index: Index) -> None:
    found = Assistant(index).ask("Who is in favour of data localization?").retrieved
    assert "数据本地化" in found[0].words


def test_an_english_paper_is_not(tmp_path: Path) -> None:
    paper = tmp_path / "rules.txt"
    paper.write_text("Rules\n\nVietnam is in favour of data localization.\n", "utf-8")
    index = build_index([paper], folder=tmp_path / "index")
    found = (
        Assistant(index, [*index.documents][-1])
        .ask("Who is in favour of data localization?")
        .retrieved
    )
    assert found[0].words == "Who is in favour of data localization?"
