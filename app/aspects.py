"""What of a thing a question asks about, in words that the answer seldom shares: what speaks
against it, for it, or why it matters; how far it has come, what a side wants or is good at.

"What are the downsides of regional deals?" shares no word with the sentence that calls them a
distortion of the market, "what is the EU after?" none with what the EU supports. Word lists of
Chinese and English; knows nothing of any paper.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass

from app.countries import named_countries
from app.questions import interrogative
from index.aspects import (
    DEEDS,
    DISAGREEMENT,
    OBSTACLES,
    STANCE,
    STATE,
    STRENGTH,
    TOPICS,
    words,
)
from index.encoder import Floats, bundled_encoder
from sources import language_of

TELLING = 0.6  # of the average weight; a word of less tells little
ELSE = 1  # telling words beside its aspect with which a question is still broad


@dataclass(frozen=True, slots=True)
class Aspect:
    """How it is asked for, and what a sentence holds that says it.

    A judgement is asked of anything, and its words are left out of the search. Others count only
    where a question says little else: words that are `sought` beside it, Chinese and English.
    """

    asked: re.Pattern[str]
    held: re.Pattern[str]
    sought: tuple[str, str] = ("", "")

    @property
    def broad(self) -> bool:
        """Whether it counts only in a broad question."""
        return bool(self.sought[0])


_TROUBLES = "(?:困难|障碍|挑战|困境|阻力|麻烦|风险|威胁|后果|代价|隐患|担忧|批评|局限)"
_WHAT = "(?:什么|哪些|何|没有)(?:样?的|主要的?|潜在的?)?"
_AMISS = words(
    "坏处 缺点 弊[端病] 短板 缺陷 毛病 不足(?![以一两三五十半几\\d]) 不利 害处 危害 副作用 负面"
    f" 诟病 [什哪](?:么|里|儿)不好 (?:有|存在|出现|带来|造成|面临|遇到)了?{_WHAT}问题",
    r"downside drawback disadvantage weaknesses shortcoming flaw pitfall cons\b dislike critici"
    r" critique wrong\swith a\sproblem(?:\sfor|\W*$) negative\s(?:side|effect|impact|aspect)",
)
# Words that a text may well share.
_TROUBLED = words(
    f"卡在[哪什] 难在[哪什] 担心什么 {_WHAT}{_TROUBLES} {_TROUBLES}(?:是什么|在哪|有哪些)",
    r"objects?\sto worr(?:y|ie) (?:get|gets|is|are)\sstuck"
    r" (?:what|which|any)(?:\s(?!kind|type|class|sort|measure)\w+){0,2}\s"
    r"(?:problem|difficult|challenge|obstacle|hurdle|threat|danger|harm|consequence|concern|"
    r"risks?\b(?!\sfactor))",
)
_ASKS_WHY_IT_MATTERS = words(
    "意义 重要性 (?:为[什何]么?|有?多|怎么)(?:那?么)?重要",
    r"importance significance (?:why|how)\b.*\b(?:important|matters?\b|significant|big\sdeal)"
    r" matters?\s(?:much|at\sall|for)",
)
_ASKS_FOR = words(
    "好处 优点 优势 益处 长处 亮点 积极的?一面 正面(?:影响|作用|效果)"
    f" 有(?:什么|何)用 有利 {_WHAT}(?:进步|贡献|帮助)",
    r"benefit advantage upside merits? strengths\sof pros\b good\s(?:about|for|came|comes)"
    r" positive\s(?:side|effect|impact|aspect)",
)
_AGAINST = words(
    "不足(?!以) 缺[乏失陷] 欠缺 薄弱 滞后 落后 缓慢 停滞 困[难境扰] 难[以题] 无法 不能 未能"
    " 挑战 障碍 阻碍 制约 束缚 风险 隐患 威胁 危害 损[害失] 侵[犯害] 削弱 破坏 扭曲 混乱"
    " 碎片化 不确定 不稳定 不平衡 不均 失衡 分歧 争[议端]"
    " 冲突 矛盾 裂痕 对立 孤立 歧视 干[预涉] 垄断 滥用 泄露 恶化 过度 负面 不利 弊端 复杂 相悖",
    "lack insufficien inadequa weak lag slow stagna difficult hard\\sto cannot unable fail challeng"
    " obstacle hinder hamper imped constrain risk threat danger harm(?!on) damag loss violat"
    " undermin distort fragment uncertain unstable imbalanc inequal disagree disput conflict isolat"
    " discriminat interfer monopol abus leak wors declin excessive negative advers drawback"
    " disadvantag problem complex costly expensive bias poor suffer limited limitation",
)
_MATTERS = words(
    "意义 重要 关键 标志 奠定 里程碑 核心 重振 提振 信心",
    "importan significan key\\b crucial critical essential milestone vital central",
)
_FOR = words(
    "有利 利于 有益 有助 促进 提[高升振] 增强 改善 优化 便利 降低成本 节约 保障 获[利益] 受益"
    " 重振 振兴 机遇 突破 首次 成果 进展 成就 领先 优势 支撑 奠定 防止 避免 繁荣 高效 意义",
    "benefi advantag promot improv enhanc strengthen facilitat enabl gain opportunit breakthrough"
    " achiev progress leads leading support prevent avoid efficien help important significan boost"
    " protect prosper",
)
_DISPUTE = words(
    "分歧 差异 不同 不尽 争[议端论] 裂痕 相悖 困难 挑战 障碍 涵盖广",
    "disagree differ dispute conflict difficult challeng obstacle",
)
_STATE = words(
    "进展 目前 截[止至] 阶段 停滞 缓慢 起步 序幕 尝试 取得 成果 突破",
    r"progress so\sfar to\sdate current stage stalled slow achiev by\sthe\send begun",
)
_STANCE = words(
    "希望 支持 主张 坚持 反对 要求 致力 力[争图求] 推动 立场 诉求 拥护 关[注切] 意图 建议 强调 倾向"
    " 为实现 为更好",
    "want support position stance oppos seek call insist propos aim prefer favou?r emphasi intend",
)
_STRENGTH = words(
    "优势 领先 领军 领导 竞争力 基础 前[三十] 独占鳌头 第一 先进 具备",
    r"lead strong strength advantage competitiv dominan top\b first\b",
)
_DEEDS = words(
    "提出 成立 签[署订] 出台 发布 通过 加入 参[与加] 提交 建立 公布 达成 取代 推动",
    r"propos establish sign issue publish adopt join particip submit set\sup",
)
_TOPICS = words(
    "涵盖 包[括含] 涉及 内容 等问题 等方面 等领域", r"cover includ topic issue such\sas involv"
)
_SOLVES = re.compile(r"解决|应对|\b(?:solv|address|tackl|overcom|fix)\w*", re.IGNORECASE)
_SAYS = re.compile(r"\w{2}")
_ASPECTS = tuple(
    Aspect(re.compile(asked, re.IGNORECASE), re.compile(held, re.IGNORECASE), *sought)
    for asked, held, *sought in (
        (f"{_AMISS}|{_TROUBLED}", _AGAINST),
        (_ASKS_WHY_IT_MATTERS, _MATTERS),
        (STRENGTH, _STRENGTH, ("优势 领先 竞争力", "advantage leading competitiveness")),
        (_ASKS_FOR, _FOR),
        (
            f"{DISAGREEMENT}|{OBSTACLES}",
            _DISPUTE,
            ("分歧 差异 挑战", "differences disagreement challenges"),
        ),
        (STATE, _STATE, ("进展 阶段", "progress stage")),
        (STANCE, _STANCE, ("立场 主张 希望", "position proposal support")),
        (DEEDS, _DEEDS, ("提出 参与 签署", "proposed joined established")),
        (TOPICS, _TOPICS, ("内容 涵盖 议题", "content covers issues")),
    )
)
_VERDICT = re.compile(f"{_AMISS}|{_ASKS_WHY_IT_MATTERS}|{_ASKS_FOR}", re.IGNORECASE)


def aspect(question: str, weigh: Callable[[str], Floats]) -> Aspect | None:
    """What of its topic the question asks about, if it is one of these; `weigh` tells how much
    each word of a question tells, shape [words]."""
    if _SOLVES.search(question):
        return None
    for each in _ASPECTS:
        if each.asked.search(question) and (
            not each.broad or _says_little_else(question, weigh, each)
        ):
            return each
    return None


def searched(question: str, asked: Aspect | None) -> str:
    """The question as it is searched for."""
    if asked is None:
        return question
    if asked.broad:
        chinese, english = asked.sought
        return f"{question} {chinese if language_of(question) == 'zh' else english}"
    rest = _VERDICT.sub(" ", question).strip()
    return rest if _SAYS.search(rest) else question


def _says_little_else(question: str, weigh: Callable[[str], Floats], asked: Aspect) -> bool:
    """Whether a question says little beside an aspect and the countries it names."""
    weights = weigh(question)
    said = [(start, end) for start, end, _ in named_countries(question)]
    said += [found.span() for found in asked.asked.finditer(question)]
    said.append(interrogative(question) or (0, 0))
    spans = bundled_encoder().words_of(question).spans
    beside = [
        weight
        for weight, (start, end) in zip(weights * len(weights), spans, strict=True)
        if weight >= TELLING and not any(start < b and a < end for a, b in said)
    ]
    return len(beside) <= ELSE
