"""What stands around a question and asks nothing: greetings, numbers, who asks and why, how long
the answer should be, that it is the paper that is asked.

Knows nothing of the paper; a question is unwrapped before it is understood.
"""

from __future__ import annotations

import re
from types import ModuleType

from app import followup_en as en
from app import followup_zh as zh
from app.countries import countries
from sources import language_of

ENOUGH = 3  # words that say enough without what the reader tells of himself
MUCH = 5  # that say enough without something that he names
WHOLE = 2  # words, the least that a question says without "the paper says"

_ASKS = "(?=what|who|which|when|where|why|how|if|whether)"
_ASKED_ZH = r"什么|哪|谁|多少|几|怎|如何|为何|是否|[吗呢？?]|(?P<do>\S)[不没](?P=do)"
_INTERROGATIVE = re.compile(
    rf"{_ASKED_ZH}|(?i:\b(?:what|who|whom|whose|which|when|where|why|how)\b)"
)
_ANSWER = "(?:answer|reply|respond|explain)(?: it| this| me)?"
_BRIEFLY = (
    r"(?:briefly|in (?:brief|short|detail|a nutshell|(?:simple|plain) (?:terms|words|english)"
    r"|bullet points|(?:one|a few|\d+) (?:words?|sentences?|points?)))"
)
_TERSELY = (
    r"(?:(?:用|以)(?:中文|英文|英语|汉语|[一两几]句话|[一几]段话|要点|列表|表格)(?:的?形式)?来?|简[短要单]地?|详细地?|具体地?)"
    r"(?:回答|说明|概括|解释|总结|列出|说|讲)(?:一下|我)?"
)
_PAPER = "(?:authors?|paper|article|study|document|text)"
_ZH_PAPER = "(?:[这本该此]篇?(?:论文|文章|文献|文)|论文|文章|文献|原文|作者)"
_BID = "(?:请问?|麻烦|劳驾|能不能|可不可以|可以|能|你|帮忙|帮我|给我)"
_DO = "(?:告诉我|说说|讲讲|看看|查查|查一下|找找|找一下)"
_OPENINGS = (
    r"[(（]?\d{1,2}[)）、．.:：](?!\d)\s*",
    r"[一二三四五六七八九十]{1,2}[、．.]\s*",
    r"(?:问题?|提问)\d*[:：.]\s*",
    r"q(?:uestion)?(?: ?\d+)?[:.)]\s*",
    r"(?:您|你|你们|大家)好[\s,，。!！~]*",
    r"(?:嗨|哈[喽啰罗]|(?:hi|hello|hey|dear (?:all|sir|madam)|good (?:morning|afternoon|evening))"
    r"(?![\w-]))[\s,，.。!！:：~]*",
    r"(?:那个|对了|所以说?|就是说?|嗯+|呃+|额|(?:老师|同学|亲|各位)们?)[\s,，、:：…]+",
    r"(?:话说(?:回来)?(?![得的了])|其实(?![质际])|顺便[问说]一?下|再?问一?下)[\s,，:：]*",
    r"(?:by the way|btw|basically|sorry|well|actually|next|now|please|ok(?:ay)?|so|right|oh|u[mh]+"
    r"|h+m+|(?:just |out of )?curio(?:us|sity))(?:[,:…]+|\.{2,}) ",
    r"ok(?:ay)? so ",
    r"(?:麻烦|劳驾|不好意思|抱歉)?[,，\s]*我?(?:想?请问|想?请教|想问|麻烦问)(?:一?下|你们?|您)*[\s,，:：]*",
    r"[^，。？?:：]{0,16}想(?:问|请教|知道|了解|确认|看看?|弄清楚?|搞清楚?)(?:一?下|的是)*[\s,，]*[:：]\s*",
    r"(?:[他她]们?|大家|有人|老板|领导|[老导]师|同[学事]|客户|朋友|孩子|学生)[^，。？?:：]{0,8}"
    r"(?:想知道|好奇|问)(?:我们?)?[\s,，:：]+(?=.{4})",
    r"我(?:很|就|也|还)?想(?:知道|了解|看看|弄清楚?|搞清楚?|确认)(?:一下)?[\s,，]*(?=.{4})",
    rf"(?:{_BID}+(?:{_DO}|列出|列举|说明|解释|回答|分析|知道)|{_DO}|(?:列出|列举|说明|解释|回答|分析)(?=一下|[:：]))"
    rf"(?:一下)?(?:[:：]\s*|(?=[^的是了].*(?:{_ASKED_ZH})))",
    rf"(?:根据|按照?|依据?){_ZH_PAPER}(?:的?(?:内容|说法|介绍)|所[述说])?[\s,，:：]+",
    rf"在?{_ZH_PAPER}(?:里面?|中)[\s,，:：]+",
    rf"(?:according to|based on|in|from) (?:this|the) {_PAPER}[,:]+ ",
    rf"in the {_PAPER}(?:'s|s') (?:view|opinion|words)[,:]+ ",
    r"(?:(?:could|can|would|will) you (?:please |kindly )?|please |kindly )?"
    rf"(?:tell|explain to|let) me(?: know)?(?:[,:]+ | {_ASKS})",
    r"(?:(?:can|could) you |please )*(?:list|explain(?: to me)?|describe|state|clarify|check"
    rf"|find out|help me (?:to )?understand|remind me)(?: {_BRIEFLY})?(?:: | {_ASKS})",
    r"i(?:(?:'d| would) (?:like|love)| want(?:ed)?| need| have) to (?:know|ask|find out)[,:]* ",
    rf"(?:do you (?:happen to )?know|any idea|i(?:'m| am| was)? wonder(?:ed|ing)?)[,:]* {_ASKS}",
    r"(?:(?:just )?(?:a )?quick (?:question|check)|my question is|may i ask)[,:.]* ",
    rf"(?:please )?(?:{_ANSWER} )?{_BRIEFLY}[,:] ",
    rf"请?{_TERSELY}[,，:：]\s*",
)
_BEFORE = re.compile(f"^(?:{'|'.join(_OPENINGS)})+", re.IGNORECASE)
_AFTER = re.compile(
    r"(?:[\s,，.。!！;；]*(?:(?:太|多)?谢(?:谢|啦|了)(?:[你您]们?|了|啦|大家)*"
    r"|(?<=[\s,，。！!？?])(?:非常|十分)?感谢"
    rf"|(?<=[\s,，。！!？?；;])(?:请|麻烦)?{_TERSELY}"
    rf"|\b(?:please|thx|cheers|(?:please )?(?:{_ANSWER} )?{_BRIEFLY}|(?:please )?{_ANSWER} in \w+"
    r"|(?:many )?thanks?(?: you)?(?: in advance| a lot| (?:so|very) much)?))[\s.。!！~]*"
    r"|(?:\.{2,}|…+|。{2,}))+$",
    re.IGNORECASE,
)
# 作者认为…, …, according to the paper: all that is asked is asked of it. 论文说了什么 is not such.
_VERBS = r"(?:认为|觉得|看来|指出|表示|写道|[说讲](?!明|服|法|话|到?[了过]))"
_SAYS = re.compile(
    rf"^(?:在|据)?(?:{_ZH_PAPER}(?:里面?|中|当中)|文[里中]|{_ZH_PAPER}(?={_VERBS}))(?:{_VERBS}的?)?+"
    r"(?:[\s,，:：]++(?![呢吗])|(?![\s了过没有提说讲的呢吗主要]|什么))"
)
_SAID = re.compile(
    rf"(?i)[\s,]*\b(?:says|according to|in the (?:view|opinion) of) (?:this|the) {_PAPER}(?=\W*$)"
)
# when was it, was it 2018? asks when.
_GUESS = re.compile(
    r"(?i)(?P<asked>.*(?:\bwhen\b|\byear\b|什么时候|哪一?年).*?)"
    r"[\s,，:：?？]+(?:(?:was|is) (?:it|that) (?:in )?(?:\w+ )?\d{4}|是不?是?\d{4}\s*年吗?)[?？\s]*"
)
_TRUE = (
    r"(?:(?:is (?:it|that|this) )?(?:really )?(?:true|right|correct|so)"
    r"|(?:这?是)?(?:真的|对的?)[吗么]|是吗)"
)
_HEARD = re.compile(
    r"(?i)^(?:(?:someone|somebody|people|they|my \w+) (?:told me|says?|said)"
    r"|i(?:'ve)? (?:heard|read)|听说|据说|有人说)(?: that)?[\s,，:：]*(?P<told>.+?)"
    rf"[\s,，.。;；?？]*{_TRUE}[?？\s]*$"
)
_IN_PAPER = re.compile(rf"(?i)(?<!ed)(?<!given|cited|found|shown) in (?:this|the) {_PAPER}(?=\W*$)")
# 什么呢？ asks no more than 什么？, but 那美国呢？ does.
_PARTICLE = re.compile(
    r"(?:来着|(?<!干)[呀啊哦哈呐噢喔嘛]+|(?P<ne>呢))(?=[?？!！~～\s]*$)"
    r"|(?i:,? (?:exactly|actually|anyway|roughly|by the way|btw)|, (?:again|though))(?=\W*$)"
)
_EMOJI = re.compile("[\u2600-\u27bf\ufe0f\U0001f000-\U0001faff]")
_QUOTED = re.compile(r"^[\"“「『]([^\"“”「」『』]*)[\"”」』]$")
_ASKING = re.compile(r"[？?]\s*$", re.MULTILINE)
_SENTENCE_END = re.compile(r"(?<=[。！!？?；;])\s*(?=.)|(?<=[a-z]{3}[.])\s+")
_CLAUSE = re.compile(r"^(?P<told>[^,，:：。？?]+[,，:：])\s*(?P<rest>.+)$")
_READER = re.compile(
    r"我(?![国方])|本人|咱|^作为|\b(?:I|I'm|I've|my|me|[Ww]e|[Oo]ur)\b"
    r"|^(?i:as an?|for (?:my|our|an?)|we're|we are)\b"
)
_LIFE = re.compile(
    r"学生|作业|毕业|考试|期末|[上这]课|老师|导师|教授|汇报|演讲|研究生|博士|硕士|本科|大学|课程|论文[要用]|写.{0,3}(?:论文|稿|文)"
    r"|外行|小白|新手|入门|好奇|兴趣|[不没]太?[看弄想搞]?明?[懂白清]|困惑|公务员|律师|记者|实习|同事|领导|客户|工作|专业"
    r"|(?i:\b(?:student|essay|homework|assignment|thesis|dissertation|exam|class|course|seminar"
    r"|presentation|professor|teacher|supervisor|boss|colleagues?|manager|clients?|work|job|blog"
    r"|lawyer|journalist|researcher|analyst|intern|beginner|new to|confused|curious|lost|unsure"
    r"|not sure|(?:don't|didn't|trying to) (?:\w+ )?(?:understand|know|get|see)|ph\.?d|school"
    r"|university|college|podcast|newsletter|briefing|teach|study|studying)\b)"
)
_NAMES = re.compile(r"[A-Z]{2,}|\d|[《“\"]")


def unwrapped(text: str) -> str:
    """The question alone; the text itself where nothing else is in it."""
    asked = _without_reader(_QUOTED.sub(r"\1", _EMOJI.sub(" ", text).strip()))
    asked = _AFTER.sub("", _BEFORE.sub("", asked))
    asked = _without_particle(asked)
    told = _SAYS.sub("", asked)
    asked = told if _INTERROGATIVE.search(told) else asked
    asked = _SAID.sub("", asked)
    if guess := _GUESS.fullmatch(asked):
        asked = guess["asked"] + "?"
    if heard := _HEARD.match(asked):
        asked = heard["told"] + ("吗？" if language_of(heard["told"]) == "zh" else "?")
    told = _IN_PAPER.sub("", asked)
    asked = told if en.said(told) >= WHOLE else asked
    return asked or text


def _without_particle(text: str) -> str:
    found = _PARTICLE.search(text)
    if not found:
        return text
    before, after = text[: found.start()], text[found.end() :]
    asks = _INTERROGATIVE.search(before) and zh.said(before) >= ENOUGH
    return before + after if asks or not found["ne"] else text


def _without_reader(text: str) -> str:
    """The question without what its reader tells of himself: I'm a student, 我在写作业."""
    sentences = [each for each in _SENTENCE_END.split(text) if each]
    said = [each for each in sentences if not _ASKING.search(each)] if _ASKING.search(text) else []
    asks = [each for each in sentences if not _of_reader(each, "".join(sentences), each in said)]
    rest = " ".join(asks) if language_of(text) == "en" else "".join(asks)
    of_reader = asks != sentences
    while clause := _CLAUSE.match(rest):
        of_reader = of_reader or bool(_READER.search(clause["told"]))
        if not of_reader or not _of_life(clause["told"]):
            break
        rest = clause["rest"]
    return rest if _INTERROGATIVE.search(rest) else text


def _of_reader(sentence: str, text: str, told: bool) -> bool:
    """Whether a sentence, which is `told` where another one has a question mark, is of the
    reader."""
    if not _READER.search(sentence) or (not told and _INTERROGATIVE.search(sentence)):
        return False
    rest = _BEFORE.sub("", text.replace(sentence, ""))
    language = _language(rest)
    said = 0 if language.leans(rest) else language.said(rest)
    if _named(sentence):
        return told and said >= MUCH
    return bool(_LIFE.search(sentence)) or said >= ENOUGH


def _of_life(clause: str) -> bool:
    return bool(_LIFE.search(clause)) and not (_INTERROGATIVE.search(clause) or _named(clause))


def _named(text: str) -> bool:
    return bool(countries(text) or _NAMES.search(text))


def _language(text: str) -> ModuleType:
    return zh if language_of(text) == "zh" else en
