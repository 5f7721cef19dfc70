"""Names of the glossary and of countries are found in both languages, however they are written."""

import pytest

from app.countries import abbreviation, countries
from app.names import find_names, gazetteer, spelt


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("他们加入了WTO和世界贸易组织", ["WTO", "世界贸易组织"]),
        ("the WTO's rules and the World Trade Organization", ["WTO", "World Trade Organization"]),
        ("印度尼西亚", ["印度尼西亚"]),  # and not India
        ("为什么看中东盟", ["东盟"]),  # and not 中东
        ("a Chinatown", []),  # not China
        ("who tells us", []),
        ("", []),
    ],
)
def test_the_longest_names_are_found(text: str, expected: list[str]) -> None:
    assert [text[start:end] for start, end in find_names(text)] == expected


def test_a_name_has_all_the_ways_to_write_it() -> None:
    assert {"WTO", "世贸组织", "World Trade Organization"} <= gazetteer()["世界贸易组织"]


def test_a_name_may_stand_in_a_longer_one() -> None:
    assert spelt("WTO", "了WTO成员")
    assert not spelt("印度", "印度尼西亚")


def test_a_country_is_no_part_of_a_continent() -> None:
    assert countries("北美国家") == frozenset() != countries("美国")
    assert countries("越南印度") == countries("越南、印度")


def test_a_paper_names_countries_together() -> None:
    text = "《美日数字贸易协定》与美欧关系，中韩自贸协定，欧美。"
    assert abbreviation("What is in the US-Japan deal?", text) == "美日"
    assert abbreviation("美国和欧盟谁先提出？", text) == "美欧"
    assert abbreviation("欧美谁先提出？", text) == ""  # said so already
    assert abbreviation("中国、日本和韩国", text) == ""
    assert abbreviation("Who signed it?", text) == ""
