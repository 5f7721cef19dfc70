"""Text pairs that mean the same, for training the encoder. Used for training only.

A source is a `.jsonl.gz` file of pairs (`a`, `b`, `type`, maybe `tr`), a folder with
`documents.jsonl.gz` and `questions.jsonl.gz`, or a `.jsonl.gz` file of running text (`text`).
Three more sources are made here: the glossary, numbers and dates in both scripts, and names in
Chinese characters and pinyin.
"""

from __future__ import annotations

import gzip
import itertools
import json
import random
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import opencc

GLOSSARY = Path(__file__).with_name("glossary.tsv")
NAMES = 40_000
WINDOW = 4
"""Sentences of running text in a passage."""

SURNAMES = (
    "王李张刘陈杨赵黄周吴徐孙胡朱高林何郭马罗梁宋郑谢韩唐冯于董萧程曹袁邓许傅沈曾彭吕"
    "苏卢蒋蔡贾丁魏薛叶阎余潘杜戴夏钟汪田任姜范方石姚谭廖邹熊金陆郝孔白崔康毛邱秦江史"
    "顾侯邵孟龙万段雷钱汤尹黎易常武乔贺赖龚文庞樊兰殷施陶洪翟安颜倪严牛温芦季俞章鲁葛"
    "伍韦申尤毕聂丛焦向柳邢路岳齐梅莫庄辛管祝左涂谷祁时舒耿牟卜詹关苗凌费纪靳盛童欧甄"
    "项曲成游阳裴席卫查屈鲍位覃霍翁隋植甘景薄单包司柏宁柯阮桂闵"
)
MONTHS = (
    "January February March April May June July August September October November December"
).split()
ONES = (
    "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen "
    "fifteen sixteen seventeen eighteen nineteen"
).split()
TENS = "twenty thirty forty fifty sixty seventy eighty ninety".split()
DIGITS = "零一二三四五六七八九"
UNITS = [
    ("万亿", "trillion"),
    ("亿", "hundred million"),
    ("十亿", "billion"),
    ("百万", "million"),
    ("千", "thousand"),
    ("万", "ten thousand"),
]


@dataclass(slots=True)
class Source:
    """Pairs of one origin. `kind`: parallel, dict, title, qa, paraphrase or neighbour."""

    name: str
    kind: str
    pairs: list[tuple[str, str]] = field(default_factory=list)
    human: bool = True


def read_sources(folder: Path, seed: int) -> list[Source]:
    """All sources under `folder`, in order of name, and the three made here."""
    simplify = opencc.OpenCC("t2s").convert
    sources: list[Source] = []
    for path in sorted(folder.glob("*.jsonl.gz")):
        rows = list(_read(path))
        if rows and "text" in rows[0]:
            pairs = list(_neighbours(simplify(row["text"]) for row in rows))
            sources.append(Source(_stem(path), "neighbour", pairs))
        elif rows:
            pairs = [(simplify(row["a"]), simplify(row["b"])) for row in rows]
            human = rows[0].get("tr") != "MT"
            sources.append(Source(_stem(path), rows[0].get("type", "parallel"), pairs, human))
    for path in sorted(folder.glob("*/questions.jsonl.gz")):
        texts = {
            row["id"]: simplify(row["text"]) for row in _read(path.parent / "documents.jsonl.gz")
        }
        pairs = [
            (simplify(row["question"]), texts[row["gold_doc_ids"][0]])
            for row in _read(path)
            if row.get("answerable", True)
        ]
        sources.append(Source(path.parent.name + "_questions", "qa", pairs))
    rng = random.Random(seed)
    glossary = [line.split("\t") for line in GLOSSARY.read_text("utf-8").splitlines()]
    sources.append(
        Source("glossary", "dict", [(chinese, english) for english, chinese in glossary])
    )
    sources.append(Source("numbers", "dict", list(_numbers(rng))))
    sources.append(Source("names", "names", list(_names(rng, sources))))
    return sources


def _stem(path: Path) -> str:
    return path.name.removesuffix(".jsonl.gz")


def _read(path: Path) -> Iterator[dict[str, Any]]:
    with gzip.open(path, "rt", encoding="utf-8") as lines:
        for line in lines:
            yield json.loads(line)


def _neighbours(texts: Iterator[str]) -> Iterator[tuple[str, str]]:
    """A sentence and the sentences around it (the inverse cloze task, Lee et al. 2019)."""
    for text in texts:
        sentences = [s for s in re.split(r"(?<=[。！？])|(?<=[.!?])\s+|\n+", text) if len(s) > 12]
        for at in range(1, len(sentences) - 1, 3):
            around = (
                sentences[max(0, at - WINDOW // 2) : at] + sentences[at + 1 : at + WINDOW // 2 + 1]
            )
            yield sentences[at], " ".join(around)


def english_number(number: int) -> str:
    """0 to 99 in words."""
    if number < 20:
        return ONES[number]
    return TENS[number // 10 - 2] + (" " + ONES[number % 10] if number % 10 else "")


def chinese_number(number: int) -> str:
    """0 to 99 in characters."""
    tens, ones = divmod(number, 10)
    head = "" if tens == 0 else "十" if tens == 1 else DIGITS[tens] + "十"
    return (head + (DIGITS[ones] if ones else "")) or DIGITS[0]


def _numbers(rng: random.Random) -> Iterator[tuple[str, str]]:
    for number in range(100):
        written: list[str] = [str(number), english_number(number), chinese_number(number)]
        yield from itertools.combinations(written, 2)
        yield f"百分之{chinese_number(number)}", f"{number}%"
        yield f"百分之{chinese_number(number)}", f"{number} percent"
        yield f"第{chinese_number(number)}", f"number {number}"
        yield f"第{number}条", f"article {number}"
    for month, name in enumerate(MONTHS, 1):
        for spelt in (f"{month}月", f"{chinese_number(month)}月"):
            yield spelt, name
            for _ in range(12):
                year = rng.randint(1950, 2040)
                yield f"{year}年{spelt}", f"{name} {year}"
                yield f"{year}年{spelt}{rng.randint(1, 31)}日", f"{name} {year}"
    for chinese, english in UNITS:
        yield chinese, english
        for _ in range(60):
            count = f"{rng.randint(1, 99)}{rng.choice(['', f'.{rng.randint(1, 9)}'])}"
            yield f"{count}{chinese}", f"{count} {english}"


def _names(rng: random.Random, sources: list[Source]) -> Iterator[tuple[str, str]]:
    """Chinese names and how English writes them: in pinyin, surname first."""
    from pypinyin import Style, lazy_pinyin

    given = [
        word
        for source in sources
        if source.name == "cedict"
        for _, word in source.pairs
        if 1 <= len(word) <= 3 and re.fullmatch(r"[\u4e00-\u9fff]+", word)
    ] or list(SURNAMES)
    characters = "".join(given)
    for at in range(NAMES):
        if at % 2:
            name = rng.choice(SURNAMES)
            rest = "".join(rng.choice(characters) for _ in range(rng.randint(1, 2)))
            pinyin = " ".join([*lazy_pinyin(name), "".join(lazy_pinyin(rest))])
        else:
            name, rest = rng.choice(given), ""
            joint = "" if rng.random() < 0.7 else " "
            pinyin = joint.join(lazy_pinyin(name, style=Style.NORMAL))
        yield name + rest, pinyin
