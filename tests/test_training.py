from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from index.encoder import BUNDLED, StaticEncoder
from index.pairs import Source, transcribe

pytestmark = [
    pytest.mark.slow,
    pytest.mark.filterwarnings("ignore"),  # what torch warns of on import
]
WORDS = "trade rule tariff data privacy border service goods member treaty law court".split()
CHINESE = "贸易 规则 关税 数据 隐私 边境 服务 货物 成员 条约 法律 法院".split()


def test_names_are_spelt_by_their_sound() -> None:
    spelt = {name: transcribe(name) for name in ("Roberto", "Clinton", "Maria", "Carter", "X-1")}
    assert spelt["Roberto"] == "罗伯托"
    assert spelt["Carter"] == "卡特"
    assert spelt["Maria"] == "马里亚"
    assert spelt["Clinton"].startswith("克林")
    assert spelt["X-1"] == "克斯"


def _pairs(count: int = 400) -> Source:
    rng = np.random.default_rng(0)
    chosen = [rng.choice(len(WORDS), 4, replace=False) for _ in range(count)]
    pairs = [(" ".join(WORDS[i] for i in c), "".join(CHINESE[i] for i in c)) for c in chosen]
    return Source("made", "parallel", pairs)


def test_what_is_prepared_can_be_kept(tmp_path: Path) -> None:
    from index.prepare import Pairs, Prepared

    tokenizer, row_of, _ = StaticEncoder(BUNDLED).parts()
    prepared = Prepared(tokenizer, row_of, [Pairs.of(_pairs(), tokenizer, row_of)], {"a": "b"})
    prepared.save(tmp_path)
    kept = Prepared.load(tmp_path)
    assert kept.data == prepared.data
    assert (kept.pairs[0].name, kept.pairs[0].kind, kept.pairs[0].human) == (
        "made",
        "parallel",
        True,
    )
    assert kept.pairs[0].b.rows.tolist() == prepared.pairs[0].b.rows.tolist()
    assert kept.tokenizer.encode("data").ids == tokenizer.encode("data").ids


def test_batches_come_from_the_seed_and_tell_repeated_texts_apart() -> None:
    from index.batches import Batches
    from index.prepare import Pairs

    tokenizer, row_of, _ = StaticEncoder(BUNDLED).parts()
    pairs = [Pairs.of(_pairs(), tokenizer, row_of)]
    first, again = (next(iter(Batches(pairs, 64, late=True, seed=3))) for _ in range(2))
    assert first.left.places.tolist() == again.left.places.tolist()
    twice = Source("twice", "dict", [("data", "数据"), ("data", "资料"), ("law", "法律")])
    batch = next(iter(Batches([Pairs.of(twice, tokenizer, row_of)], 3, late=False, seed=0)))
    assert batch.repeated().sum() == 2


def test_training_brings_partners_together() -> None:
    import torch

    from index.prepare import Pairs, Prepared
    from index.train import Settings, train

    tokenizer, row_of, _ = StaticEncoder(BUNDLED).parts()
    prepared = Prepared(tokenizer, row_of, [Pairs.of(_pairs(), tokenizer, row_of)], {})
    settings = replace(Settings(), minutes=0.15, width=32, dense_batch=128, late_batch=32)
    torch.set_num_threads(1)
    table, losses = train(prepared, settings, "cpu", None, None)
    assert losses["dense"]
    vectors = table.numpy()
    rows = [int(row_of[tokenizer.encode(word).ids[0]]) for word in [*WORDS, *CHINESE]]
    units = vectors[rows] / np.linalg.norm(vectors[rows], axis=1, keepdims=True)
    nearest = (units[: len(WORDS)] @ units[len(WORDS) :].T).argmax(axis=1)
    assert (nearest == np.arange(len(WORDS))).mean() > 0.8


def test_adapting_finds_what_was_asked_without_forgetting_the_rest(tmp_path: Path) -> None:
    from index.adapt import main

    paper, questions = tmp_path / "paper.md", tmp_path / "questions.jsonl"
    told = ["The committee fined the baker.", "Rain fell on the harbour.", "Prices rose in May."]
    paper.write_text("# One\n\n" + " ".join(told), "utf-8")
    asked = [("Who punished the confectioner?", told[0]), ("How was the weather?", told[1])]
    rows = [{"question": question, "evidence": [quote]} for question, quote in asked]
    questions.write_text("\n".join(map(json.dumps, rows)), "utf-8")
    main([str(paper), str(questions), "--out", str(tmp_path / "model")])
    before, after = StaticEncoder(BUNDLED), StaticEncoder(tmp_path / "model")

    def closeness(encoder: StaticEncoder, question: str, quote: str) -> float:
        first, second = encoder.encode([question, quote])
        return float(first @ second)

    assert all(closeness(after, *pair) > closeness(before, *pair) for pair in asked)
    other = ["tariff", "关税"]
    assert np.allclose(before.encode(other), after.encode(other), atol=0.02)


@pytest.mark.parametrize(
    ("line", "told"),
    [
        (
            '{"question": "Who?", "evidence": ["Prices rose in May."]}',
            "no question has evidence in",
        ),
        ("Who?", "questions.jsonl, line 1: no question"),
    ],
)
def test_what_does_not_adapt_is_said_in_a_line(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], line: str, told: str
) -> None:
    from index.adapt import main

    (tmp_path / "paper.md").write_text("# One\n\nRain fell on the harbour.", "utf-8")
    (tmp_path / "questions.jsonl").write_text(line, "utf-8")
    with pytest.raises(SystemExit):
        main([str(tmp_path / n) for n in ("paper.md", "questions.jsonl")] + ["--out", "x"])
    assert told in capsys.readouterr().err.splitlines()[-1]
