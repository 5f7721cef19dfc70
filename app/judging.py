"""Questions that ask for a judgement: what speaks against a thing, for it, or why it matters.

"What are the downsides of regional deals?" shares no word with the sentence that calls them a
distortion of the market. Word lists of Chinese and English; knows nothing of any paper.
"""

from __future__ import annotations

import re


def _words(chinese: str, english: str) -> str:
    """A pattern for any of the Chinese words, or an English one that begins like one of these."""
    return rf"{'|'.join(chinese.split())}|\b(?:{'|'.join(english.split())})\w*"


_TROUBLES = "(?:困难|障碍|挑战|困境|阻力|麻烦|风险|威胁|后果|代价|隐患|担忧|批评|局限)"
_WHAT = "(?:什么|啥|哪些|何|没有)(?:样?的|主要的?|潜在的?)?"
_AMISS = _words(
    "坏处 缺点 弊[端病] 短板 缺陷 毛病 不足(?![以一两三五十半几\\d]) 不利 害处 危害 副作用 负面"
    f" 诟病 [什哪](?:么|里|儿)不好 (?:有|存在|出现|带来|造成|面临|遇到)了?{_WHAT}问题",
    r"downside drawback disadvantage weaknesses shortcoming flaw pitfall cons\b dislike critici"
    r" critique wrong\swith a\sproblem(?:\sfor|\W*$) negative\s(?:side|effect|impact|aspect)",
)
# Words that a text may well share.
_TROUBLED = _words(
    f"卡在[哪什] 难在[哪什] 担心什么 {_WHAT}{_TROUBLES} {_TROUBLES}(?:是什么|是啥|在哪|有哪些)",
    r"objects?\sto worr(?:y|ie) (?:get|gets|is|are)\sstuck"
    r" (?:what|which|any)(?:\s(?!kind|type|class|sort|measure)\w+){0,2}\s"
    r"(?:problem|difficult|challenge|obstacle|hurdle|threat|danger|harm|consequence|concern|"
    r"risks?\b(?!\sfactor))",
)
_ASKS_WHY_IT_MATTERS = _words(
    "意义 重要性 (?:为[什何]么?|有?多|怎么)(?:那?么)?重要",
    r"importance significance (?:why|how)\b.*\b(?:important|matters?\b|significant)",
)
_ASKS_FOR = _words(
    "好处 优点 优势 益处 长处 亮点 积极的?一面 正面(?:影响|作用|效果)"
    f" 有(?:什么|啥|何)用 有利 {_WHAT}(?:进步|贡献|帮助)",
    r"benefit advantage upside merits? strengths\sof pros\b good\s(?:about|for|came|comes)"
    r" positive\s(?:side|effect|impact|aspect)",
)
_AGAINST = _words(
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
_MATTERS = _words(
    "意义 重要 关键 标志 奠定 里程碑 核心 重振 提振 信心",
    "importan significan key\\b crucial critical essential milestone vital central",
)
_FOR = _words(
    "有利 利于 有益 有助 促进 提[高升振] 增强 改善 优化 便利 降低成本 节约 保障 获[利益] 受益"
    " 重振 振兴 机遇 突破 首次 成果 进展 成就 领先 优势 支撑 奠定 防止 避免 繁荣 高效 意义",
    "benefi advantag promot improv enhanc strengthen facilitat enabl gain opportunit breakthrough"
    " achiev progress leads leading support prevent avoid efficien help important significan boost"
    " protect prosper",
)
_SOLVES = re.compile(r"解决|应对|\b(?:solv|address|tackl|overcom|fix)\w*", re.IGNORECASE)
_SAYS = re.compile(r"\w{2}")
_JUDGEMENTS = tuple(
    (re.compile(asks, re.IGNORECASE), re.compile(holds, re.IGNORECASE))
    for asks, holds in (
        (f"{_AMISS}|{_TROUBLED}", _AGAINST),
        (_ASKS_WHY_IT_MATTERS, _MATTERS),
        (_ASKS_FOR, _FOR),
    )
)
_VERDICT = re.compile(f"{_AMISS}|{_ASKS_WHY_IT_MATTERS}|{_ASKS_FOR}", re.IGNORECASE)


def judges(question: str) -> re.Pattern[str] | None:
    """What a sentence holds that judges as the question asks; None if it asks for no judgement."""
    if _SOLVES.search(question):
        return None
    return next((holds for asks, holds in _JUDGEMENTS if asks.search(question)), None)


def unjudged(question: str) -> str:
    """The question without the words that ask for a judgement and that what is judged seldom
    shares; itself when little would be left."""
    rest = _VERDICT.sub(" ", question).strip()
    return rest if _SAYS.search(rest) and not _SOLVES.search(question) else question
