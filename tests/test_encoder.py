from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest
from tokenizers import Tokenizer
from tokenizers.models import WordLevel
from tokenizers.pre_tokenizers import Whitespace

from index.encoder import BUNDLED, FILES, StaticEncoder, TransformerEncoder, bundled_encoder
from index.export import cut_width, save_model
from sources import EncoderError

TEXTS = [
    "WTO 电子商务谈判的主要分歧是什么？",
    "What do members disagree about in the e-commerce negotiations?",
    "世貿組織的電子商務談判",
    "ＷＴＯ，１９９８年",
    "2019 年 1 月，76 个成员方",
    "переговоры по электронной торговле",
    "การค้าระหว่างประเทศ",
    "😀🎉",
    "\n\t ",
    "",
]


def test_vectors_are_unit_vectors_or_zero() -> None:
    vectors = bundled_encoder().encode(TEXTS)
    assert vectors.dtype == np.float32
    lengths = np.linalg.norm(vectors, axis=1)
    known = [len(rows) > 0 for rows in bundled_encoder().rows(TEXTS)]
    assert known[:5] == [True] * 5
    assert not any(known[-2:])
    np.testing.assert_allclose(lengths, np.array(known, float), atol=1e-5)


@pytest.mark.slow
@pytest.mark.filterwarnings("ignore")  # what torch and transformers warn of on import
def test_vectors_are_those_of_sentence_transformers() -> None:
    from sentence_transformers import SentenceTransformer

    theirs = SentenceTransformer(str(BUNDLED), device="cpu", local_files_only=True).encode(TEXTS)
    np.testing.assert_allclose(bundled_encoder().encode(TEXTS), theirs, atol=1e-5)
    wrapped = TransformerEncoder(str(BUNDLED)).encode(TEXTS[:2])
    np.testing.assert_allclose(wrapped, theirs[:2], atol=1e-5)


def test_no_text_at_all() -> None:
    encoder = bundled_encoder()
    assert encoder.encode([]).shape == (0, encoder.encode(["a"]).shape[1])
    assert encoder.rows([]) == [] == encoder.words([])


def test_a_paragraph_of_a_megabyte() -> None:
    sentence = "电子商务谈判仍面临严峻挑战 and the members disagree. "
    encoder = bundled_encoder()
    rows = encoder.rows([sentence * 15_000])[0]
    assert len(rows) > 100_000
    once, often = encoder.encode([sentence, sentence * 15_000])
    assert once @ often > 0.999


def test_a_word_weighs_as_much_as_its_vector_is_long() -> None:
    encoder = bundled_encoder()
    _, _, table = encoder.parts()
    rows = encoder.rows(["数字贸易 of the WTO"])[0]
    units, weights = encoder.units(rows)
    np.testing.assert_allclose(weights, np.linalg.norm(table[rows], axis=1), rtol=1e-4)
    np.testing.assert_allclose(np.linalg.norm(units, axis=1), 1.0, rtol=1e-4)
    mean = weights @ units
    encoded = encoder.encode(["数字贸易 of the WTO"])[0]
    np.testing.assert_allclose(mean / np.linalg.norm(mean), encoded, atol=1e-4)


@pytest.mark.parametrize(
    ("word", "near", "far"),
    [("trade", "贸易", "天气"), ("weather", "天气", "贸易"), ("贸易", "贸易", "天气")],
)
def test_words_of_like_meaning_are_near(word: str, near: str, far: str) -> None:
    one, same, other = bundled_encoder().encode([word, near, far])
    assert one @ same > one @ other + 0.2


def test_words_say_where_they_stand() -> None:
    text = "數字貿易，ＷＴＯ rules: 1,998 次 😀 ok"
    words = bundled_encoder().words([text])[0]
    assert len(words.rows) == len(words.spans)
    starts = [start for start, _ in words.spans]
    assert starts == sorted(starts)
    assert {"rules", "數字"} <= {text[start:end] for start, end in words.spans}


def tiny() -> tuple[Tokenizer, np.ndarray, np.ndarray]:
    """A tokenizer of four words, the row of each and a table; row 0 is no word's."""
    words = {"[UNK]": 0, "trade": 1, "贸易": 2, "rain": 3}
    tokenizer = Tokenizer(WordLevel(words, unk_token="[UNK]"))
    tokenizer.pre_tokenizer = Whitespace()
    table = np.array([[0, 0, 0], [3, 1, 0], [3, 1, 0.1], [0, 1, 2]], np.float32)
    return tokenizer, np.array([0, 1, 2, 3], np.int32), table


def test_a_saved_table_is_read_again(tmp_path: Path) -> None:
    tokenizer, row_of, table = tiny()
    save_model(tmp_path, tokenizer, row_of, table)
    encoder = StaticEncoder(tmp_path)
    _, weights = encoder.units(encoder.rows(["trade rain unheard"])[0])
    np.testing.assert_allclose(weights, np.sqrt([10, 5]), rtol=0.02)
    assert encoder.fingerprint == StaticEncoder(tmp_path).fingerprint
    save_model(tmp_path, tokenizer, row_of, table[:, ::-1])
    assert StaticEncoder(tmp_path).fingerprint != encoder.fingerprint


def test_a_cut_table_keeps_its_cosines() -> None:
    random = np.random.default_rng(0)
    table = (random.normal(size=(50, 3)) @ random.normal(size=(3, 8))).astype(np.float32)
    cut = cut_width(table, 3)
    assert cut.shape == (50, 3)
    np.testing.assert_allclose(cut @ cut.T, table @ table.T, atol=1e-3)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    save_model(tmp_path, *tiny())
    StaticEncoder(tmp_path)
    return tmp_path


def refusal(folder: Path) -> str:
    with pytest.raises(EncoderError) as caught:
        StaticEncoder(folder)
    message = str(caught.value)
    assert str(folder) in message
    assert "\n" not in message
    return message


@pytest.mark.parametrize("name", FILES)
def test_a_missing_file_is_named(folder: Path, name: str) -> None:
    (folder / name).unlink()
    assert name in refusal(folder)


@pytest.mark.parametrize("name", FILES)
def test_a_truncated_file(folder: Path, name: str) -> None:
    (folder / name).write_bytes((folder / name).read_bytes()[:60])
    refusal(folder)


def test_a_missing_folder_and_a_file_in_its_place(tmp_path: Path) -> None:
    refusal(tmp_path / "nowhere")
    (tmp_path / "file").write_text("no model")
    refusal(tmp_path / "file")


def test_a_model_of_another_kind(folder: Path) -> None:
    modules = [{"idx": 0, "name": "0", "path": "", "type": "sentence_transformers.Transformer"}]
    (folder / "modules.json").write_text(json.dumps(modules))
    assert "static" in refusal(folder)
