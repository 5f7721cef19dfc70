"""What a run leaves to read: the page and the list of failures."""

from __future__ import annotations

import re
from dataclasses import replace
from html.parser import HTMLParser

from eval.failures import failures, to_text
from eval.page import MEANINGS, to_html
from eval.records import CitedPlace, EvalReport, Record
from eval.report import METRICS

GOOD = Record(
    id="good",
    question="何时启动？",
    standalone_question="谈判何时启动？",
    lang="zh",
    tags=("date",),
    answerable=True,
    answered=True,
    confidence=0.9,
    hits=(1, 3),
    answer="“2019年。”[1]",
    citations=(CitedPlace("2019年。", 3, 9, "1. 引言", True),),
    seconds=0.01,
    scores={"hit@1": 1, "citation_precision": 1, "answer_inclusion": 1, "quote_fidelity": 1},
    history=("谈判是什么？",),
    evidence=("谈判于2019年启动。",),
    must_include=(("2019",),),
)
HOSTILE = "</summary><script>window.hit=1</script>"
WRONG = replace(
    GOOD,
    id="wrong",
    question=HOSTILE,
    lang="en",
    hits=(),
    citations=(CitedPlace("结论。", 90, 93, "5", False),),
    must_include=(("2019",), ("India", "印度")),
    scores={"hit@1": 0, "citation_precision": 0, "answer_inclusion": 0},
)
REFUSED = replace(GOOD, id="refused", answered=False, confidence=0.2, scores={"hit@1": 1})
INVENTED = replace(GOOD, id="invented", answerable=False, confidence=0.3, scores={}, evidence=())
MISQUOTED = replace(GOOD, id="misquoted", scores={"quote_fidelity": 0.5})
RIGHTLY = replace(GOOD, id="rightly", answerable=False, answered=False, scores={}, citations=())
RECORDS = (GOOD, REFUSED, INVENTED, WRONG, RIGHTLY, MISQUOTED)


def test_failures_worst_first() -> None:
    found = failures(RECORDS)
    assert [failure.record.id for failure in found] == ["misquoted", "wrong", "invented", "refused"]
    assert found[1].faults == (
        "cites no evidence",
        "lacks India or 印度",
        "the evidence was not found",
    )
    # The surer a wrong answer, the worse; the surer of its refusal, the worse too.
    surer = [replace(INVENTED, confidence=0.8), replace(REFUSED, confidence=0.01)]
    weights = [failures([record])[0].weight for record in (INVENTED, surer[0], REFUSED, surer[1])]
    assert weights[0] < weights[1]
    assert weights[2] < weights[3]


def test_failures_in_the_terminal() -> None:
    text = to_text(RECORDS, most=2)
    assert text.startswith("failures, worst first: 2 of 4\n\nmisquoted  何时启动？\n")
    assert "  evidence  谈判于2019年启动。\n  cited     结论。" in text
    assert "invented" not in text
    assert to_text([GOOD]) == "no failures"


class Outline(HTMLParser):
    """Keeps the tags of a page, and what it would load."""

    def __init__(self) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.loads: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.loads += [v or "" for name, v in attrs if name in ("src", "href", "data")]


def test_every_metric_is_explained() -> None:
    assert set(METRICS) <= set(MEANINGS)


def test_the_page_needs_nothing_else_and_shows_every_question() -> None:
    page = to_html({"mine": EvalReport(RECORDS, ("wrong: not in the paper: x",))})
    outline = Outline()
    outline.feed(page)
    assert outline.loads == ["#mine"]
    assert not re.search(r"@import|url\(", page)
    assert "script" not in outline.tags
    assert outline.tags.count("details") == len(RECORDS)
    assert outline.tags.count("svg") == 4
    assert "4 with a fault" in page
    assert page.index(">misquoted<") < page.index(">invented<") < page.index(">good<")
    assert "谈判是什么？" in page
    assert "✗ not evidence" in page
    assert "not in the paper: x" in page


def test_a_run_of_one_kind_of_question_has_a_page_too() -> None:
    assert "1 without" in to_html({"one": EvalReport((GOOD,))})
    assert "1 without" in to_html({"none": EvalReport((RIGHTLY,))})
    assert "How good" in to_html({"empty": EvalReport(())})
