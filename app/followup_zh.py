"""Follow-ups in Chinese: what in a question leans on the one before, and what that one is about.

Knows nothing of conversations or of the paper.
"""

from __future__ import annotations

import re

from app.countries import countries
from sources import language_of

SHORT = 3  # content characters that make no subject yet
MOST = 12  # content characters with which one says enough, whatever it points to
BARE = 8  # up to which a question that opens without a subject lacks one
COLON = "："
VERBAL = "了过着给向把被"  # what ends in one of these is no subject
POSSIBLE_SUBJECT = 2  # content characters that may be what a pronoun points to

_THE = r"(?<![应本不活])该(?:法案?|国|文件|协[定议]|组织|机构|工作组|声明|提案|报告|条款|规[定则])"
_POINTS = re.compile(
    rf"(?P<always>[这那]个?(?:玩意儿?|东西|事儿?)|[对于绕关](?:此(?!外)|这|那))|它|其(?![他它实次余])|他们|她|(?<![因如彼])此(?!外)|{_THE}|"
    r"(?:^|，)(?:这(?!篇|[份个]?(?:论文|文章))|那(?!么))|[这那][个些样]?(?=[是做呢？?]|$)|"
    r"除了[这那此]|也[这那]么?样?|前者|后者|双方|[两二]者|上述|其余|"
    r"第[一二三四五六七八九十\d]+[个条项类种点份次]|[这那][种类]"
)
_OPENS = re.compile(r"^(?:那|而|但|可是?)?(?:它们?|他们|她们|[这那他它]们?俩|双方|[两二]者)(?!国)")
_ELLIPTIC = re.compile(
    r"^(?:那(?!么)|那么.*呢|还有|后来|然后|接着|之后|另外|其他的?[呢？?])|"
    r"^[^，。]{1,14}呢(?:[？?]*$|[，,])|"
    r"^(?:请|再|能)?(?:举|给|来)(?:一|几)?个.{0,6}例子?|^(?:比如|例如)(?:说|呢)?[？?]*$|"
    r"^[^，。的]{1,6}(?:站哪一?[边方]|支持(?:谁|哪)|怎么[看想]|什么(?:态度|立场))[呢？?]*$|"
    r"^[^，。的]{1,6}(?:同意|反对|支持|赞成|参加|加入|签)了?[吗没][有？?]*$"
)
# "那" opens a whole question, too: 那欧盟想要什么？
_WHOLE = re.compile(r"^那.{2,}(?:什么|哪些)[^呢，。]{0,6}[？?]?$")
_PLACED = re.compile(r"^[那而]?在[^，。]{1,12}?(?:[那这]?边|方面|[里中上下内])")  # is no subject
_AUTHOR = re.compile(r"(?:作者|论文|文章)(?:[觉认]?[得为]|怎么|如何)?[看说想]?")
# A section by its number, or what a paper has of itself.
_PLACE = re.compile(
    r"\d\.\d|第[一二三四五六七八九十\d]+(?:[章节]|部分)|"
    r"摘要|结论|引言|标题|题目|作者(?:是谁|单位)|谁写的|发表|关键词|创新点|研究方法|全文"
)
_BARE = re.compile(
    r"^(?:[那都又也还要得该会再]|需要|一共|[总一]共|具体|主要|分别|接下来|下一步|最后|[里下上]面|跟|占|涉及|"
    r"包[括含]|有|[从在由](?=[哪什谁])|几(?:几年|[个项家种条年月])|多少|哪[些个几一两])"
)
_PART = re.compile(
    r"^(?:那么?(?![年时些个种次份])|而|还有|至于|换成)?(?:在|对于?)?(?P<part>[^，。？?、]{1,16}?)"
    r"又?(?:呢|怎么样|如何|怎么说)[呢？?]*$"
)
_PRONOUN = re.compile(rf"它们?|他们|其(?![中他它实次余])|{_THE}")
_SUBJECT = re.compile(
    r"^(?:请问|关于)?(?P<subject>[^，。？?、：:什哪谁怎和跟与从]{2,24}?)(?<!\d年)(?:到底|主要|分别|一共|都|又)*"
    r"(?:是|有(?!关|一?[部个项份种条家座款])|为[什何]|什么|何时|怎|如何|由谁|包[括含]|规定|提出|主张|要求|叫|讲|说|指|在[什哪]|哪)"
)
# What is said before asking: 真的吗，有多少家
_COURTESY = re.compile(
    r"^(?:(?:真的(?:吗|假的)?|是吗|好[的吧]?|嗯+|哦+|啊|哇|行|对|OK|谢谢你?|明白了?|懂了|知道了|了解了?|"
    r"(?:[嚯哟诶咦唉]|哎[哟呀]|才|只有)*(?:[这那]么(?:[多少高低大小快慢早晚久]|严|厉害)[啊呀吗的]?|[嚯哟诶咦唉])|"
    r"(?:哈{2,}|呵{2,}|果然|怪不得|难怪|好家伙|天[哪呐]|不会吧)[^，。！？!?]{0,14}|"
    r"你?确定(?=[，,])|请问|(?:还?真)?(?:有意思|有趣|厉害)|原来(?:如此|是?这样)|(?:是)?这样啊?|(?:再|还有)一个问题)"
    r"[\s，,。！!？?：:…~]+)+"
)
_ASKING = re.compile(
    r"请问|(?:都|又|还)?(?:[做干]|发生)[了过点些]*(?:什么|哪些)事?|干什么|"
    r"[是在]?什么时候|凭(?:什么|啥)|[是又]?为(?:什么|何)(?:总是?|会|要|还)?|"
    r"(?:是?[在从由]|[和跟与])?哪[一两几]?[个些类家种年里项部份篇条次届轮步天]?(?:国家|机构|公司|组织|成员|方面|地方|人)?[里中儿]?|"
    r"[是有]?(?:什么|谁)样?|有?(?:多[少大久长高]|几)[个项国家种条次份]?|怎么样?|怎样|如何|"
    r"[是有能会]不[是能会]|有没有|是否|到底|究竟|大概|[吗呢]?[？?。！!]+|[吗呢]$"
)
_COPULA = re.compile(r"是(?=的|$)")  # that is left over of 是哪一年的
_FILLER = re.compile(
    r"后来|然后|接着|之后|还有|其他|分别|处理|规定|内容|原因|目的|时候|[的了都也又还会要是有在里那些个一这建做写说讲看]|[\W_]"
)
_ASPECT = re.compile(r"(?<=[在就])[^，。？?]{2,12}?(?=上|方面|领域|问题)")


def leans(question: str) -> bool:
    """Whether the question points back (其中), leaves a part out (那…呢) or says too little."""
    question = plain(question)
    if _WHOLE.search(question) and countries(question):
        return False
    content = len(_content(question))
    if _OPENS.match(question):
        return True
    for found in _POINTS.finditer(question) if content <= MOST else ():
        # What stands before a pronoun in the same question is what it points to.
        before = _AUTHOR.sub("", _PLACED.sub("", question[: found.start()]))
        if found["always"] or len(_content(before)) < POSSIBLE_SUBJECT:
            return True
    if _ELLIPTIC.search(question):
        return True
    bare = content <= SHORT or (_BARE.match(question) and content <= BARE)
    return bool(bare) and not _PLACE.search(question)


def said(question: str) -> float:
    """How many words it has that mean something by themselves, two characters to a word."""
    return len(_content(plain(question))) / 2


def topic(question: str) -> str:
    """The question without the words that ask."""
    clauses = re.split("(?<=[，,、])", plain(question))
    told = [(clause, _COPULA.sub("", _ASKING.sub("", clause))) for clause in clauses]
    # A clause that hardly does more than ask says nothing of the topic: 叫什么、哪天生效的.
    kept = [
        rest for clause, rest in told if rest == clause or len(_content(rest)) > POSSIBLE_SUBJECT
    ]
    said = "".join(kept) or "".join(rest for _, rest in told)
    return " ".join(said.split()).strip(" ，,：、")


def plain(question: str) -> str:
    """The question without what is said before asking."""
    return _COURTESY.sub("", question) or question


def subject(question: str) -> str:
    """What a pronoun in the next question stands for; "" if unclear."""
    found = _SUBJECT.match(question)
    return found["subject"] if found and found["subject"][-1] not in VERBAL else ""


def name_subject(question: str, named: str) -> str:
    """The question with `named` in the place of its first pronoun."""
    return _PRONOUN.sub(lambda _: named, question, count=1)


def part(question: str) -> str:
    """The new part in "那…呢"; "" if the question is none such."""
    found = _PART.match(question)
    return found["part"] if found else ""


def swap_aspect(aspect: str, earlier: str) -> str:
    """The earlier question with "在…上" about another aspect ("…方面"), else ""."""
    if not aspect.endswith(("方面", "领域")) or language_of(earlier) != "zh":
        return ""
    swapped, found = _ASPECT.subn(lambda _: aspect[:-2], earlier, count=1)
    return swapped if found else ""


def _content(text: str) -> str:
    return _FILLER.sub("", _ASKING.sub("", text))
