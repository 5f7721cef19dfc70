"""The encoder's tokenizer: a Unigram model whose vocabulary is counted, not trained.

Training Unigram on Chinese takes hours. Counting the words that jieba finds and giving each its
log frequency makes the Viterbi search segment as jieba does, in Rust, without jieba at run time.
Rows of the embedding table are fewer than tokens: traditional spellings and English plurals share
the row of the simplified word and of the singular. Used for training only.
"""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Iterable, Mapping

import numpy as np
import opencc
import rjieba
from tokenizers import Regex, Tokenizer, decoders, models, normalizers, pre_tokenizers, trainers

CHINESE_WORDS = 49_000
CHARACTERS = 7_000
ENGLISH_WORDS = 34_000
ENGLISH_PIECES = 4_500
SYMBOLS = "%‰$€£¥°+#@&"
UNKNOWN = "[UNK]"
PIECE_SCORE = -6.0
LETTER_SCORE = -13.0
RARE_SCORE = -16.0

_HAN = re.compile(r"[\u3400-\u9fff]+")
_LATIN = re.compile(r"[a-z]+")
_PIECES = r"\p{Han}+|[\p{L}&&[^\p{Han}]]+|\p{N}+|[^\s\p{L}\p{N}]"
_TO_TRADITIONAL = ("s2t", "s2tw", "s2hk")

Counts = Counter[str]


def count_words(texts: Iterable[str]) -> tuple[Counts, Counts]:
    """Chinese words as jieba cuts them and lower-case English words, with their counts."""
    chinese: Counts = Counter()
    english: Counts = Counter()
    for text in texts:
        lowered = text.lower()
        for run in _HAN.findall(lowered):
            chinese.update(rjieba.cut(run))
        english.update(_LATIN.findall(lowered))
    return chinese, english


def merge_counts(sources: Iterable[Counts]) -> dict[str, float]:
    """Relative frequency of each word over all sources, a source weighing the root of its size.

    The root keeps a million sentences of software manuals from drowning everyday words.
    """
    merged: dict[str, float] = {}
    for counts in sources:
        total = counts.total() or 1
        for word, count in counts.items():
            merged[word] = merged.get(word, 0.0) + count / math.sqrt(total)
    scale = sum(merged.values()) or 1.0
    return {word: value / scale for word, value in merged.items()}


def build_tokenizer(
    chinese: Mapping[str, float], english: Mapping[str, float]
) -> tuple[Tokenizer, np.ndarray]:
    """The tokenizer, and for each token id (int32, shape [tokens]) its row in the table.

    Row 0 belongs to the unknown token and stays a zero vector.
    """
    scores: dict[str, float] = {}
    row_of: dict[str, int] = {UNKNOWN: 0}

    def add(token: str, score: float) -> None:
        if token not in row_of:
            row_of[token] = len(row_of)
            scores[token] = score

    for word in _most_frequent(chinese, CHINESE_WORDS):
        add(word, math.log(chinese[word]))
    for character in _common_characters(chinese):
        add(character, RARE_SCORE)
    words = _most_frequent(english, ENGLISH_WORDS)
    singulars = {word: _singular(word, english) for word in words}
    for word in words:
        add(singulars[word], _word_score(english[singulars[word]]))
    for piece in [*_english_pieces(english), *_pinyin_syllables()]:
        add(piece, PIECE_SCORE)
    for letter in "abcdefghijklmnopqrstuvwxyz" + SYMBOLS:
        add(letter, LETTER_SCORE)
    for number in [*range(101), *range(1900, 2041)]:
        add(str(number), PIECE_SCORE)

    aliases = {word: one for word, one in singulars.items() if one != word}
    alias_scores = {word: _word_score(english[word]) for word in aliases}
    for token, traditional in _traditional_forms(row_of):
        if traditional not in row_of and traditional not in aliases:
            aliases[traditional] = token
            alias_scores[traditional] = scores[token]
    vocabulary = [(UNKNOWN, 0.0), *scores.items(), *alias_scores.items()]
    rows = [0, *(row_of[t] for t in scores), *(row_of[aliases[t]] for t in alias_scores)]
    return _unigram([(t, round(s, 2)) for t, s in vocabulary]), np.asarray(rows, np.int32)


def _word_score(frequency: float) -> float:
    """An English word stands alone already: no two, such as w and to, may beat it."""
    return -2.0 + 0.2 * max(math.log(frequency), RARE_SCORE)


def _unigram(vocabulary: list[tuple[str, float]]) -> Tokenizer:
    tokenizer = Tokenizer(models.Unigram(vocabulary, unk_id=0))
    tokenizer.normalizer = normalizers.Sequence(
        [normalizers.NFKD(), normalizers.StripAccents(), normalizers.Lowercase()]
    )
    tokenizer.pre_tokenizer = pre_tokenizers.Sequence(
        [
            pre_tokenizers.WhitespaceSplit(),
            pre_tokenizers.Split(Regex(_PIECES), behavior="isolated"),
        ]
    )
    tokenizer.decoder = decoders.Fuse()
    return tokenizer


def _most_frequent(frequencies: Mapping[str, float], limit: int) -> list[str]:
    return sorted(frequencies, key=lambda word: (-frequencies[word], word))[:limit]


def _common_characters(chinese: Mapping[str, float]) -> list[str]:
    """The characters of GB2312, and those of any word that was counted."""
    frequencies: dict[str, float] = {}
    for word, frequency in chinese.items():
        for character in word:
            frequencies[character] = frequencies.get(character, 0.0) + frequency
    return sorted({*_gb2312(), *_most_frequent(frequencies, CHARACTERS)})


def _gb2312() -> str:
    codes = bytes(b for high in range(0xB0, 0xF8) for low in range(0xA1, 0xFF) for b in (high, low))
    return codes.decode("gb2312", errors="ignore")


def _singular(word: str, frequencies: Mapping[str, float]) -> str:
    """The singular of an English plural by the S-stemmer (Harman 1991), if it is known itself."""
    if word.endswith("ies") and len(word) > 4 and not word.endswith(("eies", "aies")):
        candidates = [word[:-3] + "y"]
    elif word.endswith("es") and not word.endswith(("aes", "ees", "oes")):
        candidates = [word[:-1], word[:-2]]
    elif word.endswith("s") and not word.endswith(("us", "ss", "is")):
        candidates = [word[:-1]]
    else:
        return word
    known = [one for one in candidates if len(one) > 2 and one in frequencies]
    best = max(known, key=lambda one: frequencies[one], default=word)
    return best if best == word or frequencies[best] * 4 > frequencies[word] else word


def _english_pieces(english: Mapping[str, float]) -> list[str]:
    """Byte-pair pieces for English words outside the vocabulary."""
    bpe = Tokenizer(models.BPE())
    trainer = trainers.BpeTrainer(vocab_size=ENGLISH_PIECES, show_progress=False)
    bpe.train_from_iterator(_most_frequent(english, 3 * ENGLISH_WORDS), trainer)
    return sorted(piece for piece in bpe.get_vocab() if piece.isascii() and len(piece) > 1)


def _pinyin_syllables() -> list[str]:
    """Syllables that spell Chinese names in English text."""
    from pypinyin import lazy_pinyin

    return sorted({s for s in lazy_pinyin(_gb2312()) if s.isascii() and s.isalpha()})


def _traditional_forms(tokens: Iterable[str]) -> Iterable[tuple[str, str]]:
    han = [token for token in tokens if _HAN.fullmatch(token)]
    for scheme in _TO_TRADITIONAL:
        converter = opencc.OpenCC(scheme)
        for token in han:
            traditional = converter.convert(token)
            if traditional != token:
                yield token, traditional
