"""A follow-up becomes a question that stands alone, by rules and without a language model.

A question leans on the one before when it points back (它, 其中, it, those), leaves its subject
out (那欧盟呢, and in 2017?, why?) or has none of its own. Then the earlier subject takes the
pronoun's place, the new part takes the place of the old one of its kind, or the earlier topic is
put in front. A question with a subject of its own stays as it is: to carry the whole conversation
finds less than to carry nothing. Knows nothing of the paper.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from textwrap import shorten

from app.answers import Turn
from index.lexical import terms
from sources import language_of

MAX_CARRIED = 80  # characters of topic put in front
MAX_SWAPPED = 200  # characters of an earlier question with one part replaced
SHORT_CHINESE, SHORT_ENGLISH = 3, 1  # content characters and words that make no subject yet
ELLIPTIC_WORDS = 2  # content words after which "and …" begins a whole question
# What makes a word of the questions the topic (tuned on inscit_dev).
NAMED, SAID = 0.5, 0.5  # added for a name, and for each answer that holds it
DECAY, ADDED = 0.7, 0.5  # a turn earlier; a word that a follow-up adds
TOPIC_WORDS, TOPIC_SHARE = 5, 0.6  # how many at most, and how near the best one's score
ANSWER_READ = 600  # characters

_CHANGES = re.compile(
    r"(?i)^(?:(?:我们)?换一?个(?:问题|话题)|另一个问题|说点别的|再?问一?个别的|"
    r"(?:an? )?(?:different|another|new) (?:topic|question|subject)|"
    r"(?:on|to) (?:another|a different) (?:topic|note|subject)|changing (?:the )?(?:topic|subject))"
    r"[\s,，:：.。;；—-]+"
)
_THE = r"(?<![应本不活])该(?:法案?|国|文件|协[定议]|组织|机构|工作组|声明|提案|报告|条款|规[定则])"
_ZH_POINTS = re.compile(
    rf"(?P<always>[对于绕关](?:此(?!外)|这|那))|它|其(?![他它实次余])|他们|她|(?<![因如彼])此(?!外)|{_THE}|"
    r"(?:^|，)(?:这(?!篇|[份个]?(?:论文|文章))|那(?!么))|[这那][个些样]?(?=[是做呢？?]|$)|前者|后者|双方|[两二]者|上述|其余|"
    r"第[一二三四五六七八九十\d]+[个条项类种点份次]"
)
_ZH_ELLIPTIC = re.compile(
    r"^(?:那(?!么)|那么.*呢|还有|后来|然后|接着|之后|另外|其他的?[呢？?])|^[^，。]{1,14}呢[？?]*$"
)
_ZH_PART = re.compile(
    r"^(?:那么?(?![年时些个种次份])|而|还有|至于|换成)?(?:在|对于?)?(?P<part>[^，。？?、]{1,16}?)"
    r"又?(?:呢|怎么样|如何|怎么说)[呢？?]*$"
)
_ZH_PRONOUN = re.compile(rf"它们?|他们|其(?![中他它实次余])|{_THE}")
_ZH_SUBJECT = re.compile(
    r"^(?:请问|关于)?(?P<subject>[^，。？?、：:什哪谁怎和跟与从]{2,24}?)(?<!\d年)(?:到底|主要|分别|一共|都|又)*"
    r"(?:(?P<copula>是)|有(?!关)|为[什何]|什么|何时|怎|如何|由谁|包[括含]|规定|提出|主张|要求|叫|讲|说|指|在[什哪]|哪)"
)
_ZH_ASKING = re.compile(
    r"请问|[是在]?什么时候|[是又]?为(?:什么|何)(?:总是?|会|要|还)?|"
    r"[和跟与从在由]?哪[一两几]?[个些类家种年里项]?(?:国家|机构|公司|组织|成员|方面|地方|人)?[里中]?|"
    r"[是有]?(?:什么|谁)样?|有?(?:多少|几)[个项国家种条次份]?|怎么样?|怎样|如何|"
    r"[是有能会]不[是能会]|有没有|是否|到底|究竟|大概|[吗呢]?[？?。！!]+|[吗呢]$"
)
_ZH_FILLER = re.compile(
    r"后来|然后|接着|之后|还有|其他|分别|处理|规定|内容|原因|目的|时候|[的了都也又还会要是有在里那些个一这建做写说讲看]|[\W_]"
)
_EN_STOP = frozenset(
    """a about according actually after again all also always am an and another any anyone
    anything are article as ask at back be became because become been before being besides best
    better between both but by call can cause come could detail details did different do document
    does doing done during each else ever example examples explain few find first for from gave
    get give given go going good got had happen happened happens has have having he hear help her
    here him his history how i if important in instead interested interesting into involved is it
    its just kind kinds know last later lead less let like list long lot made main make makes
    many may me mean means might more most much my name named names need new next no nor not now
    number of off ok okay on once one ones only or other others our out over own paper part
    people please put reason reasons said same say says second see seem she should show since so
    some something sort start started state still study such take tell text than thank thanks
    that the their them then there these they thing things think third this those three time to
    too took two type types under until up use used uses using very want was way ways we well
    went were what when where which while who whom whose why will wish with within without work
    would year years yes yet you your""".split()
)
_EN_COURTESY = re.compile(
    r"(?i)^(?:(?:yes|no|ok|okay|sure|well|i see|thanks|thank you)\b[,.!]*\s*)*(?:please )?(?:"
    r"(?:can|could|would|will) you (?:please )?(?:also )?(?:tell|give|explain|describe)(?: me)?|"
    r"tell(?: me)?|(?:i(?:'d| would) like (?:to|the)|i (?:want|wish) to) (?:know|hear|learn)|"
    r"i(?:'m| am) interested|let me know)?(?: something| a bit)?(?: more)?(?: about| in)?\s+|"
    r"[,\s]*(?:please|thank you|thanks)\s*[.!?]*$"
)
_EN_POINTS = re.compile(
    r"(?i)\b(?:it|its|they|them|their|theirs|he|him|his|she|her|hers)\b|"
    r"(?P<always>\b(?:this(?! (?:paper|article|study|document))|these|those|such an?|the ones?|"
    r"which ones?|both of|the (?:former|latter|others?)|"
    r"the (?:first|second|third|last|rest|same)(?= (?:ones?|parts?|points?|two|three)\b|\W*$)|"
    r"of the (?:top |first |last |other )?(?:two|three|four|five|six|seven|eight|nine|ten|\d+)"
    r"(?=\W*$| (?:is|are|was|were|has|have|did|do)\b))\b|"
    r"(?:^|\b(?:is|was|were|are|did|does|do|of|about|after|before|like|by|for|from|than|with|in|why|"
    r"how|and) )that\b)|"
    r"(?<!is )(?<!are )(?<!was )(?<!were )(?<!been )(?<!be )\bthere\s*[?.!]*$|\belse\b"
)
_AND = r"^(?:(?:so|then|and|but|or|okay|ok)[,\s]+)*"
_EN_ELLIPTIC = re.compile(rf"(?i){_AND}(?P<about>(?:what|how) about\b)|^(?:any|and|but|or|then)\b")
_EN_BARE = re.compile(
    rf"(?i){_AND}(?:(?:since )?when|where|who|which|why(?: not| so)?|how(?: so| come| many| much)?)"
    r"\s*[?.!]*$"
)
_EN_PART = re.compile(
    rf"(?i){_AND}(?:(?:what|how) about |(?<=and )|(?<=but )|(?<=or ))(?P<part>.{{1,40}}?)"
    r"(?: ones?)?\s*[?.!]*$"
)
_EN_WORD = re.compile(r"(?:[A-Z]\.){2,}|[^\W_]+(?:[.'’&/-][^\W_]+)*")
_CAPITALISED = r"[A-Za-zà-ÿ\d&'’-]*"
_EN_NAME = re.compile(
    rf"(?:[A-Z]\.){{2,}}|[A-Z]{_CAPITALISED}(?: (?:(?:of|the|and|for|de) )*[A-Z\d]{_CAPITALISED})*"
)
_POSSESSIVE = re.compile(r"['’]s?$")
_MONTHS = "January|February|March|April|May|June|July|August|September|October|November|December"
_KINDS = (  # a part of a question can stand in for another of the same kind
    re.compile(rf"(?:(?:{_MONTHS}) )?(?:19|20)\d\d(?:年(?:\d+月)?)?"),
    re.compile(r"第\s*[一二三四五六七八九十\d.]+\s*[个条项类种点份次节章]|[Ss]ection [\d.]+"),
    re.compile(
        r"美国|中国|欧盟|欧洲|英国|法国|德国|日本|韩国|印度|巴西|俄罗斯|加拿大|澳大利亚|新加坡|新西兰|"
        r"巴基斯坦|东盟|非洲|发展中(?:国家|成员方?)|发达(?:国家|成员方?)|最不发达国家"
    ),
    _EN_NAME,
)
_ASPECT = re.compile(r"(?<=[在就])[^，。？?]{2,12}?(?=上|方面|领域|问题)")


@dataclass(frozen=True, slots=True)
class _Context:
    """What a follow-up can lean on: the last question as it stands alone, the topic to put in
    front, the subject that a pronoun in Chinese stands for ("" if unclear), and the turns since
    the subject last changed."""

    question: str
    topic: str
    subject: str
    turns: tuple[Turn, ...]


def standalone(question: str, history: Sequence[Turn]) -> str:
    """The question as it reads without its history; itself when it leans on nothing.

    `history` is oldest first. Every earlier question is made to stand alone too, so that a topic
    is carried through a chain of follow-ups and dropped where the subject changes. The result is
    at most MAX_CARRIED + 2 characters longer than the question, or MAX_SWAPPED in all.
    """
    context: _Context | None = None
    for turn in history:
        context = _after(turn, context)
    return _resolve(question, context)[0]


def _after(turn: Turn, context: _Context | None) -> _Context:
    """The context once the turn has been asked and answered."""
    question, carried = _resolve(turn.question, context)
    earlier = context if carried else None
    turns = (*earlier.turns, turn) if earlier else (Turn(question, turn.answer_text),)
    if language_of(question) == "en":
        return _Context(question, _salient(turns), "", turns)
    if earlier:
        return _Context(question, earlier.topic, earlier.subject, turns)
    clause = " ".join(_ZH_ASKING.sub("", question).split()).strip(" ，,：")[:MAX_CARRIED]
    if not (found := _ZH_SUBJECT.match(question)):
        return _Context(question, clause, "", turns)
    topic = found["subject"] if found["copula"] else clause
    return _Context(question, topic, found["subject"], turns)


def _resolve(question: str, context: _Context | None) -> tuple[str, bool]:
    """The question as it stands alone, and whether the context's topic was carried into it."""
    asked = question.strip()
    changed = _CHANGES.sub("", asked)
    if changed != asked or not asked or not context:
        return changed or question, False
    # What was put in front of the last question is dropped with the question it was put before.
    fronted = context.question.startswith((f"{context.topic}：", f"{context.topic}: "))
    earlier = context.turns[0].question if fronted else context.question
    if swapped := _swapped(asked, earlier):
        return swapped, False
    leans = _leans_zh(asked) if language_of(asked) == "zh" else _leans_en(_plain(asked))
    return (_referred(asked, context), True) if leans else (question, False)


def _leans_zh(question: str) -> bool:
    for found in _ZH_POINTS.finditer(question):
        # What stands before a pronoun in the same question is what it points to.
        if found["always"] or len(_content_zh(question[: found.start()])) < 2:
            return True
    return bool(_ZH_ELLIPTIC.search(question)) or len(_content_zh(question)) <= SHORT_CHINESE


def _content_zh(text: str) -> str:
    return _ZH_FILLER.sub("", _ZH_ASKING.sub("", text))


def _leans_en(question: str) -> bool:
    for points in _EN_POINTS.finditer(question):
        if points["always"] or not any(_content(question[: points.start()])):
            return True
    content = len(list(_content(question)))
    if found := _EN_ELLIPTIC.search(question):
        return content <= ELLIPTIC_WORDS * (2 if found["about"] else 1)
    if any(_names(question)) or re.match(r"(?i)wh(?:at|o) (?:is|are|was|were)", question):
        return False
    return content <= SHORT_ENGLISH + bool(re.search(r"(?i)\bthe\b", question))


def _content(text: str) -> Iterator[str]:
    """The English words that mean something by themselves, as written."""
    for found in _EN_WORD.finditer(text):
        if len(found[0]) > 1 and re.split("['’]", found[0].lower())[0] not in _EN_STOP:
            yield _POSSESSIVE.sub("", found[0])


def _names(text: str) -> Iterator[str]:
    """Capitalised names; a single capitalised word that opens a sentence may be any word."""
    for found in _EN_NAME.finditer(text):
        words = found[0].split(" ")
        while words and re.split("['’]", words[0].lower())[0] in _EN_STOP:
            words = words[1:]
        name = _POSSESSIVE.sub("", " ".join(words))
        opens = name[1:].islower() and re.search(r"(?:^|[.!?:])\s*$", text[: found.start()])
        if len(name) > 1 and not opens:
            yield name


def _plain(question: str) -> str:
    """The question without its courtesies ("Yes, can you tell me about … please")."""
    return _EN_COURTESY.sub("", question) or question


def _swapped(question: str, earlier: str) -> str:
    """The earlier question with the new part in the place of the old one of its kind, else ""."""
    chinese = language_of(question) == "zh"
    found = (_ZH_PART if chinese else _EN_PART).match(question)
    if not found or language_of(earlier) != language_of(question):
        return ""
    part = re.sub(r"(?i)^(?:(?:in|for|from|by|with|on|at|the) )+", "", found["part"])
    if part.endswith(("方面", "领域")):
        return _ASPECT.sub(lambda _: part[:-2], earlier, count=1) if _ASPECT.search(earlier) else ""
    for kind in _KINDS if part not in earlier else ():
        olds = [old[0] for old in kind.finditer(earlier) if chinese or old.start()]
        if olds and kind.fullmatch(part):
            article = "" if chinese or "the " in found["part"].lower() else "(?:the )?"
            swapped = _plain(re.sub(article + re.escape(olds[0]), lambda _: part, earlier))
            return swapped if len(swapped) <= MAX_SWAPPED else ""
    return ""


def _referred(question: str, context: _Context) -> str:
    """The question with its topic named: in the pronoun's place, or else in front."""
    if language_of(question) == "zh":
        if context.subject and _ZH_PRONOUN.search(question):
            return _ZH_PRONOUN.sub(lambda _: context.subject, question, count=1)
        return f"{context.topic}：{question}" if context.topic else question
    topic = context.topic
    if _EN_BARE.match(question):
        topic = _cut(context.question)
    if set(terms(topic)) <= set(terms(question)):
        return question
    return f"{topic}: {_plain(question)}"


def _salient(turns: Sequence[Turn]) -> str:
    """The words of the questions that the conversation comes back to, as they were last written.

    A word counts in every question and every answer that holds it, the older the less.
    """
    asked = [{" ".join(terms(word)): word for word in _content(t.question)} for t in turns]
    words = {term: word for own in asked for term, word in own.items()}
    scores = dict.fromkeys(words, 0.0)
    for age, turn in enumerate(reversed(turns)):
        named = set(terms(" ".join(_names(turn.question))))
        said = set(terms(turn.answer_text[:ANSWER_READ]))
        for term in words:
            asks = (term in asked[-age - 1]) * (1.0 if age == len(turns) - 1 else ADDED)
            score = asks * (1 + NAMED * (term in named)) + SAID * (term in said)
            scores[term] += DECAY**age * score
    ranked = sorted(scores, key=lambda term: -scores[term])[:TOPIC_WORDS]
    best = {words[term] for term in ranked if scores[term] >= TOPIC_SHARE * scores[ranked[0]]}
    for turn in reversed(turns):
        if phrase := _phrase(turn.question, best):
            return _cut(phrase)
    return _cut(" ".join(word for word in words.values() if word in best))


def _cut(text: str) -> str:
    return shorten(text, MAX_CARRIED, placeholder="").strip(" ?.!,:")


def _phrase(question: str, words: set[str]) -> str:
    """The stretch of the question that holds all the words and no other content, else ""."""
    bare = re.sub(r"[\"“”]", "", question)
    places = (re.search(rf"\b{re.escape(word)}", bare) for word in words)
    spans = [place.span() for place in places if place]
    if not spans or len(spans) < len(words):
        return ""
    stretch = bare[min(spans)[0] : max(end for _, end in spans)]
    return stretch if set(_content(stretch)) <= words else ""
