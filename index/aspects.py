"""How readers ask where things stand, what a side wants or is good at, what divides the sides, what
was done or is talked about: seldom in the words of the paper.

Patterns of Chinese and English, for sections that are found by their headings and for sentences.
"""

from __future__ import annotations


def words(chinese: str, english: str) -> str:
    """A pattern for any of the Chinese words, or an English one that begins like one of these;
    both are patterns themselves, with white space between them."""
    return rf"{'|'.join(chinese.split())}|\b(?:{'|'.join(english.split())})\w*"


_WHAT = "(?:什么|哪些|哪个|何种)"
_HOW = "(?:怎么?样?|如何|哪|什么)"

STATE = words(
    f"现状 近况 进展 走到了?{_HOW} [到谈]了?(?:哪|什么)一?[步地阶] 谈[得到成出]{_HOW}"
    f" 进行[得到]{_HOW} 推进[得到]?{_HOW} 发展[得到]{_HOW} 眉目 顺利吗"
    f" {_WHAT}(?:水平|阶段|地步|程度|成果|成效|突破|成绩)",
    r"(?:state|status|stage)\sof current\s(?:state|status|situation|stage) how\sfar\b headway"
    r" where\s(?:do|does|are|is)\b.*\bstand\b(?!\son) progress achiev accomplish the\slatest"
    r" how\s(?:are|is|was|were)\b.*\b(?:going|coming|doing) how\smature so\sfar up\sto\snow"
    r" got\sanywhere",
)
STANCE = words(
    f"想(?:要|得到|干|做|让|推) 主张 立场 态度 诉求 图的?是?{_WHAT} 希望 看法 怎么[看想] 想法 要求"
    " 支持 反对 追求 争取 在[意乎] 看重 关[心注切] 重视 目标 意图 企图 打算 需要 倾向",
    r"want after\W*$ push(?:es|ing)?\sfor position stance stands?\son attitude views?\b think"
    r" seek ask backs?\b favou?r demand call prefer cares?\b concern interested goal aims?\b"
    r" objective lines?\son priorit need hope support oppose",
)
DISAGREEMENT = words(
    "分歧 差异 谈不拢 不一致 矛盾 争[论执吵端] 吵(?:的是|什么|来吵去|架) 较劲 闹翻",
    "disagree differ dispute argu clash apart",
)
OBSTACLES = words(
    "难[点在题处谈] 为[什何]么?(?:这么|那么|会|很)?难 卡[在住] 阻力 阻碍",
    r"hard\sto difficult obstacle hold(?:s|ing)?\b.*\b(?:up|back)\b stop(?:s|ping)\b"
    r" stand(?:s|ing)\sin in\sthe\sway",
)
STRENGTH = words(
    "优势 强项 长处 实力 强在 强吗 厉害 领先 拿手 擅长 筹码 底气 凭什么",
    r"strength strong good\sat lead ahead advantage dominant powerful edge\b best\sat",
)
DEEDS = words(
    f"[做干](?:了|过)些?{_WHAT} 出了?{_WHAT} 采取 措施 举措 行动 动作",
    r"done\b been\sup\sto steps measures moves?\b actions?\b undertak",
)
TOPICS = words(
    f"{_WHAT}(?:议题|话题|内容|方面|领域|事项) (?:谈|讨论|包括|写)了?些?{_WHAT} 涉及 涵盖 覆盖",
    r"topic issue subject matters on\sthe\stable cover discuss talk(?:s|ed|ing)?\sabout"
    r" deal(?:s|t)?\swith",
)
