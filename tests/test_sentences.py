"""Where sentences begin and end, in both languages and in any text."""

from __future__ import annotations

import time
from itertools import pairwise

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from sources import split_sentences
from sources.sentences import MAX_SENTENCE


def sentences(text: str) -> list[str]:
    return [text[start:end] for start, end in split_sentences(text)]


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
