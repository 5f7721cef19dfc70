"""Names of the glossary and of countries are found in both languages, however they are written."""

import pytest

from app.names import find_names, gazetteer, spelt


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("他们加入了WTO和世界贸易组织", ["WTO", "世界贸易组织"]),
        ("the WTO's rules and the World Trade Organization", ["WTO", "World Trade Organization"]),
        ("印度尼西亚", ["印度尼西亚"]),  # and not India
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
