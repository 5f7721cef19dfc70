from __future__ import annotations

import json
from pathlib import Path

import pytest

from eval import claims
from eval.cli import main
from sources.errors import GoldError

ROWS = ["The library opened in 1866.", "It holds 260,000 volumes.", "Dogs are not allowed."]


def write(path: Path, *lines: object) -> Path:
    path.write_text("\n".join(json.dumps(line) for line in lines), encoding="utf-8")
    return path


def wice(folder: Path, claim: str, sets: object, label: str = "supported") -> Path:
    import gzip

    question = {"question": claim, "gold_doc_ids": ["a"], "answers": [label]}
    question["supporting_sentence_sets"] = sets  # type: ignore[assignment]
    files = {"documents": {"id": "a", "text": "\n".join(ROWS)}, "questions": question}
    for name, line in files.items():
        with gzip.open(folder / f"{name}.jsonl.gz", "wt", encoding="utf-8") as file:
            file.write(json.dumps(line))
    return folder


def test_our_claims_are_caught_and_true_ones_pass() -> None:
    marked = claims.own()
    kinds = ("true", "number", "name", "exchanged", "negation")
    assert sum(len(marked[f"{half}: {k}"]) for half in ("dev", "test") for k in kinds) == 864
    wrong = marked["dev: number"] + marked["dev: name"]
    assert sum(wrong) / len(wrong) >= 0.95
    assert sum(marked["dev: exchanged"]) / len(marked["dev: exchanged"]) >= 0.7
    assert sum(marked["dev: true"]) / len(marked["dev: true"]) <= 0.05


@pytest.mark.parametrize(
    ("claim", "sets", "objected"),
    [
        ("The library holds 260,000 volumes.", [[1], [0, 1]], False),
        ("The library opened in 1866 with 260,000 volumes.", [[0], [1]], False),
        ("The library holds 270,000 volumes.", [[1]], True),
        ("Dogs are not allowed.", [[0]], True),
    ],
)
def test_a_wice_claim_cites_every_chosen_line(
    tmp_path: Path, claim: str, sets: object, objected: bool
) -> None:
    assert claims.read_wice(wice(tmp_path, claim, sets)) == {"supported": [objected]}


def test_a_wice_claim_without_evidence_cites_the_nearest(tmp_path: Path) -> None:
    folder = wice(tmp_path, "Dogs are not allowed.", [[]], "not_supported")
    assert claims.read_wice(folder) == {"not_supported": [False]}


@pytest.mark.parametrize("sets", [[[9]], [["x"]], [3], "x"])
def test_a_wrong_line_number_is_named(tmp_path: Path, sets: object) -> None:
    with pytest.raises(GoldError, match=r"line 1.*supporting_sentence_sets"):
        claims.read_wice(wice(tmp_path, "A claim.", sets))


def test_translations_and_what_is_made_wrong(tmp_path: Path) -> None:
    pairs = write(
        tmp_path / "pairs.jsonl",
        {"zh": "这一对不用。", "en": "This pair is for tuning."},
        {"zh": "2018 年，71 个成员在中国签订声明。", "en": "In 2018, 71 members signed in China."},
        {"zh": "2019 年，40 只猫在沙发上睡觉。", "en": "In 2019, 40 cats slept on the sofa."},
    )
    marked = claims.read_pairs(pairs)
    for kind in ("true", "true, beside the next"):
        assert marked.pop(f"{kind}, en cites zh") == marked.pop(f"{kind}, zh cites en") == [False]
    assert set(marked) == {
        f"{kind}, {way}"
        for kind in ("changed number", "exchanged number", "other country", "next sentence")
        for way in ("en cites zh", "zh cites en")
    }
    assert all(each == [True] for each in marked.values())


@pytest.mark.parametrize("option", ["--wice", "--pairs"])
def test_a_missing_set_is_one_line(
    tmp_path: Path, option: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["claims", option, str(tmp_path / "none")]) == 1
    error = capsys.readouterr().err
    assert "no such file" in error
    assert error.count("\n") == 1


@pytest.mark.parametrize(
    ("zh", "en"),
    [("欧盟支持数据本地化。", "The EU would support data localisation."),
     ("欧盟不会支持数据本地化。", "The EU will not support data localisation.")],
)  # fmt: skip
def test_a_negation_more_or_less_is_caught(tmp_path: Path, zh: str, en: str) -> None:
    lines = [{"zh": "狗。", "en": "A dog."}, {"zh": zh, "en": en}, {"zh": "猫。", "en": "A cat."}]
    marked = claims.read_pairs(write(tmp_path / "pairs.jsonl", *lines))
    assert (
        marked["flipped negation, en cites zh"] == marked["flipped negation, zh cites en"] == [True]
    )
    assert marked["true, en cites zh"] == marked["true, zh cites en"] == [False]


def test_wilson_interval() -> None:
    # Wilson's interval of 0 of 10 and of 5 of 10, from the published formula by hand.
    assert claims.wilson(0, 10) == pytest.approx((0.0, 0.2775), abs=1e-3)
    assert claims.wilson(5, 10) == pytest.approx((0.2366, 0.7634), abs=1e-3)
