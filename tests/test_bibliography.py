"""Entries of a reference list hold what is known and nothing else."""

from __future__ import annotations

from dataclasses import replace

import pytest

from app.bibliography import apa, bibtex, gbt7714, missing, references, why_not
from sources import Document, load_paper

EN = Document(
    "en",
    "x",
    "label",
    "Trade and data",
    ("Jane Quincy Doe", "van der Berg, Piet", "Ludwig van Beethoven", "Ann Lee"),
    2021,
    "https://x.test/1",
)
ZH = Document("zh", "x", "标签", "数字贸易", ("张三", "李四"), 2020, language="zh")


def test_gbt7714() -> None:
    assert gbt7714(EN) == (
        "DOE J Q, VAN DER BERG P, VAN BEETHOVEN L, et al. Trade and data[EB/OL]. (2021). "
        "https://x.test/1."
    )
    assert gbt7714(ZH) == "张三, 李四. 数字贸易[Z]. 2020."
    many = replace(ZH, authors=("张三", "李四", "王五", "赵六"))
    assert gbt7714(many).startswith("张三, 李四, 王五, 等. ")


def test_apa() -> None:
    assert apa(EN) == (
        "Doe, J. Q., van der Berg, P., van Beethoven, L., & Lee, A. (2021). Trade and data. "
        "https://x.test/1"
    )
    assert apa(ZH) == "张三, & 李四. (2020). 数字贸易."
    crowd = apa(replace(EN, authors=tuple(f"A Name{n}" for n in range(25))))
    assert "Name18, A., … Name24, A. (2021)" in crowd and "Name19" not in crowd


def test_bibtex() -> None:
    assert bibtex(EN) == (
        "@misc{doe2021,\n"
        "  author = {Jane Quincy Doe and van der Berg, Piet and Ludwig van Beethoven and "
        "Ann Lee},\n"
        "  title = {{Trade and data}},\n"
        "  year = {2021},\n"
        "  url = {https://x.test/1}\n}"
    )
    assert bibtex(ZH).startswith("@misc{paper2020,")
    assert "url" not in bibtex(ZH)


@pytest.mark.parametrize("hidden", ["title", "authors", "year"])
def test_nothing_is_invented(hidden: str) -> None:
    known = replace(EN, **{hidden: None if hidden == "year" else EN.text[:0]})
    assert missing(known) == (hidden,)
    assert references(known) == {}
    assert gbt7714(known) == apa(known) == bibtex(known) == ""
    assert hidden in why_not(known, "en")


def test_the_bundled_paper_does_not_say_who_wrote_it() -> None:
    bundled = load_paper("wto-ecommerce-negotiations")
    assert references(bundled) == {}
    assert why_not(bundled, "zh") == "论文未注明题名、作者、年份，无法生成参考文献条目。"
    assert why_not(EN, "en") == ""


@pytest.mark.parametrize("url", ["javascript:alert(1)", "file:///etc/passwd", "data:text/html,x"])
def test_an_address_that_is_not_of_the_web_is_left_out(url: str) -> None:
    entries = references(replace(EN, url=url))
    assert all(url not in entry for entry in entries.values())
    assert "[Z]" in entries["GB/T 7714"]


def test_a_hostile_title_cannot_leave_its_field() -> None:
    hostile = replace(EN, title="a}, note={x\n} 100% \\input{y} & # _ ^ ~", url="https://x/{}\\")
    entry = bibtex(hostile)
    assert "  title = {{a\\}, note=\\{x \\} 100\\% \\textbackslash{}input\\{y\\} " in entry
    assert "url = {https://x/%7B%7D%5C}" in entry
    assert len(entry.splitlines()) == 6
    assert all("\n" not in made(hostile) for made in (gbt7714, apa))
