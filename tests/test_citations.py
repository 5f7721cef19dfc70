"""What a language model may write becomes sentences and numbers of ours."""

from __future__ import annotations

import time
from collections.abc import Sequence

import pytest

from app import Assistant, Citation
from app.citations import Cited, cite
from app.llm import MAX_REPLY
from index import Index

GOOD = "Global e-commerce was worth 25.6 trillion US dollars in 2018"


@pytest.fixture(scope="module")
def offered(index: Index) -> Sequence[Citation]:
    answer = Assistant(index).ask("2018年全球电子商务规模有多大？")
    right = next(each for each in answer.citations if "25.6 万亿" in each.quote)
    return [*answer.citations, *answer.citations, right][-3:]


def cited(reply: str, offered: Sequence[Citation]) -> Cited:
    result = cite(reply, offered)
    assert [each.marker for each in result.citations] == [*range(1, len(result.citations) + 1)]
    return result


@pytest.mark.parametrize(
    "mark",
    [
        *"[3] 【3】 ［３］ (3) （3） ^3 ³ [^3] ^[3] [S3] [#3] [3†source] [3](http://a.org)".split(),
        *(
            "[3][3]",
            "[3, 3]",
            "[3-3]",
            "[Sentence 3]",
            "[sentences 3 and 3]",
            "[第3句]",
            "[句子3]",
            "[ 3 ]",
        ),
    ],
)
def test_a_number_however_it_is_written(offered: Sequence[Citation], mark: str) -> None:
    result = cited(f"{GOOD} {mark}.", offered)
    assert result.text == f"{GOOD} [1]."
    assert [each.verified for each in result.citations] == [True]
    assert not result.unsupported


@pytest.mark.parametrize(
    "mark", ["[1-3]", "[1–3]", "[1, 2, 3]", "[1][2][3]", "【1】【2】【3】", "[1至3]"]
)
def test_several_numbers(offered: Sequence[Citation], mark: str) -> None:
    assert cited(f"{GOOD} {mark}.", offered).text == f"{GOOD} [1][2][3]."


@pytest.mark.parametrize("mark", ["[1-900]", "[0]", "[-1]", "[4]", "[]", "[a]", "[1.5]", "[9" * 99])
def test_what_was_not_offered_supports_nothing(offered: Sequence[Citation], mark: str) -> None:
    assert cited(f"{GOOD} {mark}.", offered).verified == 0


@pytest.mark.parametrize("end", [" [", " [Sent", "【3", " (3", " ^", " [3](htt", "［"])
def test_half_a_number_does_not_show(offered: Sequence[Citation], end: str) -> None:
    shown = cite(f"{GOOD}{end}", offered, whole=False).text
    assert shown.replace(" [1]", "") == GOOD


def test_markdown_becomes_plain_sentences(offered: Sequence[Citation]) -> None:
    reply = f"""## Answer

**Key figures:**

1. {GOOD.replace("25.6", "**25.6")}** [3].
- Global e-commerce: 25.6 trillion [3]
```text
> E-commerce grew rapidly [3]
```
"""
    result = cited(reply, offered)
    assert result.text.splitlines() == [
        f"{GOOD} [1].",
        "Global e-commerce: 25.6 trillion [1]",
        "E-commerce grew rapidly [1]",
    ]
    assert not result.unsupported


def test_a_reply_of_headings_alone_says_something(offered: Sequence[Citation]) -> None:
    result = cited(f"# {GOOD} [3]\n## In sum:\n", offered)
    assert (result.text, result.verified) == (f"{GOOD} [1]", 1)


def test_exponents_and_years_are_no_numbers_of_sentences(offered: Sequence[Citation]) -> None:
    text = "An area of 10^2 km² in (2018) and elsewhere"
    assert cited(text, offered).text == text


@pytest.mark.parametrize(
    "piece", ["[1,", "[ ", "\t ", "：\n", "【1†", "((1", "不 not ", "^1", "# "]
)
def test_a_hostile_reply_takes_no_long_time(offered: Sequence[Citation], piece: str) -> None:
    began = time.process_time()
    cite((piece * MAX_REPLY)[:MAX_REPLY], offered, whole=False)
    assert time.process_time() - began < 1
