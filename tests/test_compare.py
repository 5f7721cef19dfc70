from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from scipy.stats import binomtest, permutation_test
from test_eval_page import GOOD, RECORDS

import index.retrieval
from eval.cli import main
from eval.compare import changes, compare, pair_up, permutation_p
from eval.records import EvalReport, read_runs
from eval.report import to_json
from sources.errors import GoldError


def run_of(hits: list[float]) -> EvalReport:
    return EvalReport(
        tuple(replace(GOOD, id=str(i), scores={"hit@1": hit}) for i, hit in enumerate(hits))
    )


@pytest.mark.parametrize(("lost", "won"), [(9, 2), (5, 0), (1, 1), (40, 20)])
def test_on_zeros_and_ones_it_is_mcnemars_exact_test(lost: int, won: int) -> None:
    old = np.array([1.0] * lost + [0.0] * won + [1.0] * 30)
    new = np.array([0.0] * lost + [1.0] * won + [1.0] * 30)
    expected = binomtest(lost, lost + won).pvalue
    assert permutation_p(old, new, old > 0) == pytest.approx(expected, abs=0.005)


@pytest.mark.parametrize("n", [9, 60])
def test_p_agrees_with_scipy(n: int) -> None:
    rng = np.random.default_rng(5)
    old = rng.random(n)
    new = old + rng.normal(0.1, 0.3, n)
    expected = permutation_test(
        (new, old), lambda a, b: (a - b).mean(), permutation_type="samples", rng=1
    ).pvalue
    assert permutation_p(old, new, old > 2) == pytest.approx(expected, abs=0.01)


def test_alike_runs_are_not_worse() -> None:
    old = run_of([1, 0, 1, 1] * 10)
    assert permutation_p(np.ones(5), np.ones(5), np.ones(5, np.bool_)) == 1
    text, worse = compare({"gold": old}, {"gold": old})
    assert worse == []
    assert "no question flipped" in text


def test_a_loss_is_worse_and_a_gain_is_not() -> None:
    low, high = run_of([0] * 12 + [1] * 20), run_of([1] * 32)
    text, worse = compare({"gold": high}, {"gold": low})
    assert [change.metric for change in worse] == ["hit@1"]
    assert worse[0].p == pytest.approx(2 / 2**12)
    assert (worse[0].low, worse[0].high) == pytest.approx((-0.375, -0.375), abs=0.2)
    assert "12 questions flipped" in text
    assert "hit@1 1.00 -> .00" in text
    assert compare({"gold": low}, {"gold": high})[1] == []


def test_holm_adjusts_for_every_metric() -> None:
    def two(hit: float, other: float) -> EvalReport:
        scores = {"hit@1": hit, "hit@3": 1.0, "citation_recall": other}
        return EvalReport(tuple(replace(GOOD, id=str(i), scores=scores) for i in range(6)))

    by_name = {c.metric: c for c in changes(pair_up(two(1, 1), two(0, 1)))}
    assert by_name["hit@1"].p == pytest.approx(2 / 2**6)
    assert by_name["hit@1"].adjusted == pytest.approx(3 * 2 / 2**6)
    assert not by_name["hit@1"].worse


def test_only_the_same_question_is_a_pair() -> None:
    reworded = replace(GOOD, question="另一个？")
    assert pair_up(EvalReport((GOOD,)), EvalReport((reworded,))) == []
    with pytest.raises(GoldError, match="share no question"):
        compare({"a": EvalReport((GOOD,))}, {"a": EvalReport((reworded,))})
    with pytest.raises(GoldError, match="share no question"):
        compare({"a": EvalReport((GOOD,))}, {"b": EvalReport((GOOD,))})


def test_a_saved_run_is_read_back(tmp_path: Path) -> None:
    runs = {"mine": EvalReport(RECORDS, ("a warning",))}
    saved = tmp_path / "run.json"
    saved.write_text(to_json(runs), "utf-8")
    assert read_runs(saved) == runs


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (None, "no such file; check the path"),
        ("{", "cannot be read"),
        ('{"mine": {"records": [{"id": "1"}]}}', "no run of this version (mine.records.0.question"),
    ],
)
def test_a_wrong_file_takes_one_line(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], content: str | None, message: str
) -> None:
    path = tmp_path / "run.json"
    if content is not None:
        path.write_text(content, "utf-8")
    assert main(["--compare", str(path), str(path)]) == 1
    error = capsys.readouterr().err
    assert message in error
    assert error.count("\n") == 1


@pytest.mark.slow
@pytest.mark.usefixtures("index")
def test_a_leg_switched_off_is_caught(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    whole, lame = tmp_path / "whole.json", tmp_path / "lame.json"
    assert main(["--half", "dev", "--json", str(whole)]) == 0
    for weight in ("LATE", "NEIGHBOURS", "TOGETHER"):
        monkeypatch.setattr(index.retrieval, weight, 0.0)
    assert main(["--half", "dev", "--json", str(lame)]) == 0
    capsys.readouterr()
    assert main(["--compare", str(whole), str(lame)]) == 1
    assert "ndcg@10: worse" in capsys.readouterr().err
