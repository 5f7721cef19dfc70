"""Months with their year are read in both languages, and another month of the year is told."""

import pytest

from app.dates import months, other_months


@pytest.mark.parametrize(
    "text",
    ["2019 年 1 月", "2019年初", "in January 2019", "on Jan. 5, 2019", "in early 2019",
     "at the beginning of 2019", "the 5th: January 5th, 2019"],
)  # fmt: skip
def test_one_month_however_it_is_told(text: str) -> None:
    assert {(month.year, month.month) for month in months(text)} == {(2019, 1)}


@pytest.mark.parametrize(
    "text", ["2019年", "in 2019", "2019 年 13 月", "in May", "may 2019 be good"]
)
def test_what_is_no_month(text: str) -> None:
    assert not [month for month in months(text) if month.text[0] != "m"]


@pytest.mark.parametrize(
    ("asked", "told", "others"),
    [
        ("截至2019年底有多少成员？", "2019 年 1 月有 76 个成员。", ("2019年底",)),
        ("How many by the end of 2019?", "2019 年 1 月有 76 个成员。", ("end of 2019",)),
        ("How many in December 2020?", "2020 年底有 86 个成员。", ()),
        ("How many in December 2020?", "截止 2020 年 11 月有 86 个成员。", ()),  # near enough
        ("How many in March 2018?", "In July 2018 and in March 2018 there were 71.", ()),
        ("How many in March 2018?", "There were 71 in 2018.", ()),
        ("How many in 2018?", "In July 2018 there were 71.", ()),
    ],
)
def test_other_months(asked: str, told: str, others: tuple[str, ...]) -> None:
    assert other_months(asked, told) == others
