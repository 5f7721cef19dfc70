"""Text pairs that mean the same, for training the encoder. Used for training only.

A source is a `.jsonl.gz` file of pairs (`a`, `b`, `type`, maybe `tr`), a folder with
`documents.jsonl.gz` and `questions.jsonl.gz`, or a `.jsonl.gz` file of running text (`text`).
Four more sources are made here: the glossary, numbers and dates in both scripts, Chinese names in
characters and pinyin, and foreign names as Chinese spells them.
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

from index.glossary import glossary

NAMES = 40_000
LAST_NAMES = 15_000
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
    """All sources under `folder`, in order of name, and the four made here."""
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
        if (folder / f"{path.parent.name}.jsonl.gz").is_file():
            continue  # the same pairs, read above
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
    sources.append(
        Source("glossary", "dict", [(chinese, english) for english, chinese in glossary()])
    )
    sources.append(Source("numbers", "dict", list(_numbers(rng))))
    sources.append(Source("names", "names", list(_names(rng, sources))))
    sources.append(Source("foreign_names", "names", list(_foreign_names())))
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


# How Chinese spells foreign names: by sound, a character for each consonant and vowel, after the
# transcription table of the Xinhua news agency for English. Columns: the consonant alone, then
# with a, e, ə, i, o, u, ju, ai, au, an, en, in, un, on.
SYLLABLES = """
- - 阿 埃 厄 伊 奥 乌 尤 艾 奥 安 恩 因 温 翁
B 布 巴 贝 伯 比 博 布 比尤 拜 鲍 班 本 宾 本 邦
P 普 帕 佩 珀 皮 波 普 皮尤 派 保 潘 彭 平 蓬 庞
D 德 达 德 德 迪 多 杜 迪尤 代 道 丹 登 丁 敦 东
T 特 塔 特 特 蒂 托 图 图 泰 陶 坦 滕 廷 通 通
G 格 加 盖 格 吉 戈 古 久 盖 高 甘 根 金 贡 贡
K 克 卡 凯 克 基 科 库 丘 凯 考 坎 肯 金 昆 孔
V 夫 瓦 韦 弗 维 沃 武 维尤 韦 沃 万 文 文 文 房
W 伍 瓦 韦 沃 威 沃 伍 伍 怀 沃 万 文 温 文 翁
F 夫 法 费 弗 菲 福 富 菲尤 法伊 福 范 芬 芬 丰 方
Z 兹 扎 泽 泽 齐 佐 祖 久 宰 藻 赞 曾 津 尊 宗
S 斯 萨 塞 瑟 西 索 苏 休 赛 绍 桑 森 辛 孙 松
SH 什 沙 谢 舍 希 肖 舒 休 夏 绍 尚 申 欣 顺 雄
JH 奇 贾 杰 哲 吉 乔 朱 久 贾 焦 詹 真 金 准 琼
CH 奇 查 切 彻 奇 乔 丘 丘 蔡 乔 钱 琴 钦 春 琼
HH 赫 哈 赫 赫 希 霍 胡 休 海 豪 汉 亨 欣 洪 洪
M 姆 马 梅 默 米 莫 穆 缪 迈 毛 曼 门 明 蒙 蒙
N 恩 纳 内 纳 尼 诺 努 纽 奈 瑙 南 嫩 宁 农 农
L 尔 拉 莱 勒 利 洛 卢 柳 莱 劳 兰 伦 林 伦 朗
R 尔 拉 雷 勒 里 罗 鲁 留 赖 劳 兰 伦 林 伦 朗
Y 伊 亚 耶 耶 伊 约 尤 尤 亚 姚 扬 延 因 云 永
"""
VOWELS = "a e ə i o u ju ai au an en in un on".split()
# Letters, longest first, and the sound that they mostly have in names.
LETTERS = {
    **{"sch": "SH", "tch": "CH", "sh": "SH", "ch": "CH", "ph": "F", "th": "S", "ck": "K"},
    **{"wh": "W", "dg": "JH", "qu": "K", "gh": "", "kn": "N", "wr": "R", "x": "K S"},
    **dict(
        zip("bdfghjklmnpqrstvwyz", "B D F G HH JH K L M N P K R S T V W Y Z".split(), strict=True)
    ),
    **{"igh": "ai", "ee": "i", "ea": "i", "ie": "i", "ei": "ai", "ai": "ai", "ay": "e"},
    **{"ey": "i", "oo": "u", "ou": "u", "oa": "o", "au": "o", "aw": "o", "ow": "au", "ew": "ju"},
    **{"eu": "ju", "ue": "u", "oi": "o i", "oy": "o i", "ia": "i a", "io": "i o"},
    **dict(zip("aeiou", "aeiou", strict=True)),
}
"""Letters that sound otherwise by what follows them, c, g, y and the vowels before r, are told
apart in `_sounds`."""
SOFT = "伊比皮迪蒂吉基维威菲齐西希米尼利里"  # after which "a" is 亚
# Names of women are often written with other characters of the same sound.
ALTERNATIVES = dict(zip("利纳马林萨沙亚西德迪莱罗贝", "丽娜玛琳莎莎娅茜黛蒂蕾萝蓓", strict=True))


def _foreign_names() -> Iterator[tuple[str, str]]:
    """First and last names of the United States' census of 1990, and how Chinese spells them."""
    import names

    for kind, most in (("first:female", None), ("first:male", None), ("last", LAST_NAMES)):
        lines = Path(names.FILES[kind]).read_text("utf-8").splitlines()[:most]
        for line in lines:
            name = line.split()[0].lower()
            spelt = transcribe(name)
            yield spelt, name
            if kind == "first:female":
                yield "".join(ALTERNATIVES.get(character, character) for character in spelt), name


def transcribe(name: str) -> str:
    """A name in Latin letters, as Chinese would roughly spell it: "Roberto" is 罗贝托."""
    table = {row[0]: row[1:] for row in map(str.split, SYLLABLES.strip().splitlines())}
    spelt, sounds = "", _sounds(name.lower())
    at = 0
    while at < len(sounds):
        consonant, vowel = "-", ""
        if sounds[at] in table:
            consonant, at = sounds[at], at + 1
        if at < len(sounds) and sounds[at] in VOWELS:
            vowel, at = sounds[at], at + 1
            nasal = at < len(sounds) and sounds[at] in "NM"
            if nasal and sounds[at + 1 : at + 2] not in [[v] for v in VOWELS]:
                closed = {"ə": "en", "ai": "an", "au": "an", "ju": "un"}.get(vowel, vowel + "n")
                if sounds[at] == "N" or sounds[at + 1 : at + 2] in (["B"], ["P"]):
                    vowel, at = closed, at + 1
        if consonant == "-" and vowel in ("a", "an") and spelt[-1:] in SOFT:
            consonant = "Y"
        spelt += table[consonant][VOWELS.index(vowel) + 1 if vowel else 0]
    return spelt.replace("-", "")


def _sounds(name: str) -> list[str]:
    """The sounds of a name's letters: consonants as in SYLLABLES, vowels as in VOWELS."""
    name = re.sub(r"(?<=[aeiouy])h|(?<=[^aeiou]..)e$|[^a-z]", "", re.sub(r"(.)\1+", r"\1", name))
    name = re.sub(r"c(?=[eiy])", "s", name).replace("c", "k").replace("kk", "k").replace("kh", "ch")
    name = re.sub(r"g(?=[eiy])", "j", name)
    name = re.sub(r"y(?![aeiou])|(?<=[^aeiou])y", "i", name)
    sounds: list[str] = []
    at = 0
    while at < len(name):
        if found := re.match(r"([eiu])r(?![aeiou])", name[at:]):
            sounds.append("ə")
            at += 2
        elif found := re.match(r"([ao])r(?![aeiou])", name[at:]):
            sounds.append(found[1])
            at += 2
        else:
            size = next((n for n in (3, 2, 1) if name[at : at + n] in LETTERS), 1)
            sounds += LETTERS.get(name[at : at + size], "").split()
            at += size
    return sounds
