"""Follow-ups in English: what in a question leans on the one before, and what that one is about.

Knows nothing of conversations or of the paper.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

SHORT = 1  # content words that make no subject yet
MOST = 5  # content words with which a question says enough, whatever it points to
ELLIPTIC_WORDS = 2  # content words after which "and …" begins a whole question
COLON = ": "

_STOP = frozenset(
    """a about according actually after again all also always am an and another any anyone anything
    are article as ask at back be became because become been before being besides best better
    between both but by call can cause come could detail details did different do document does
    doing done during each else ever example examples explain few find first for from gave get
    give given go going good got had happen happened happens has have having he hear help her
    here him his history how i if important in instead interested interesting into involved is
    it its just kind kinds know last later lead less let like list long lot made main make makes
    many may me mean means might more most mostly much my name named names need new next no nor
    not now number of off ok okay on once one ones only or other others our out over own paper
    part people please put really reason reasons said same say says second see seem seems she
    should show since so some something sort sound sounds start started state still study such
    sure take tell text than thank thanks that the their theirs them then there these they thing
    things think third this those three time to too took true two type types under until up use
    used uses using very want was way ways we well went were what when where which while who
    whom whose why will wish with within without work would year years yes yet you your""".split()
)
_COURTESY = re.compile(
    r"(?i)^(?:(?:yes|no|ok|okay|sure|well|i see|thanks|thank you)\b[,.!?]*\s*"
    r"|(?:h+m+|huh|wow|oh|ah|right) (?=(?:ok(?:ay)?|yes|no|well|sure|right|i see|and|so|but)\b)"
    r"|(?:(?:are )?you sure|(?:so )?is it true)(?: that)?(?=\s)\s*"
    r"|(?:h+m+|huh|wow|oh|ah|really|right|got it|interesting|great|good|nice|cool|"
    r"all ?right|fair enough|makes sense|good to know|"
    r"(?:only |just )?(?:that|this|so) (?:few|many|much|little|late|early|big|small|fast|slow|high"
    r"|low)|"
    r"(?:an|one )?(?:other|more|last|quick) (?:thing|question))"
    r"[,.!?:…]+\s*)*(?:please )?(?:"
    r"(?:can|could|would|will) you (?:please )?(?:also )?(?:tell|give|explain|describe)(?: me)?|"
    r"tell(?: me)?|(?:i(?:'d| would) like (?:to|the)|i (?:want|wish) to) (?:know|hear|learn)|"
    r"i(?:'m| am) interested|let me know)?(?: something| a bit)?(?: more)?(?: about| in)?\s+|"
    r"[,\s]*(?:please|thank you|thanks)\s*[.!?]*$"
)
_POINTS = re.compile(
    r"(?i)\b(?:it|its(?! own\b)|they|them|their(?! own\b)|theirs|he|him|his|she|her|hers)\b|"
    r"(?P<always>\b(?:this(?! (?:paper|article|study|document))|these|those|such an?|the ones?|"
    r"which ones?|both of|the (?:former|latter|others?|other (?:one|two|side))|"
    r"the whole (?:thing|idea|point)|"
    r"the (?:first|second|third|last|rest|same)(?= (?:ones?|parts?|points?|two|three)\b|\W*$)|"
    r"of the (?:top |first |last |other )?(?:two|three|four|five|six|seven|eight|nine|ten|\d+)"
    r"(?=\W*$| (?:is|are|was|were|has|have|did|do)\b))\b|"
    r"(?:^|\b(?:is|was|were|are|did|does|do|has|had|can|will|would|of|about|after|before|like|by|for|from|than|with|in|why|"
    r"how|and) )that\b|\bthere (?:too|as well)(?=\W*$)|\bthen(?=\W*$))|"
    r"\bwho (?:is|was|were|else was) there\b|"
    r"(?<!is )(?<!are )(?<!was )(?<!were )(?<!been )(?<!be )\bthere\s*[?.!]*$|\belse\b"
)
_PLURAL = re.compile(r"(?i)they|them|theirs?")
# What "they" may stand for: members, the council, China and Japan.
_MANY = re.compile(
    r"\b(?:[a-z]{3,}(?<![aiuos])s|[Tt]he|[Tt]his|[A-Z]\w+ \w+|and)\b|(?<=.)\b[A-Z]\w+"
)
# What a paper has of itself.
_OWN = re.compile(
    r"(?i)\b(?:abstract|conclusions?|introduction|limitations?|keywords?|title|wrote|written"
    r"|published|summary|contributions?|methods?|(?:main|key) (?:points?|ideas?|findings?)"
    r"|takeaways?|(?:section|chapter|part) (?:\d|one|two|three|four|five|six)"
    r"|(?:the|this) (?:paper|article|study))\b"
)
# "which bodies did it …": what is asked for is not what the pronoun stands for.
_ASKED_FOR = re.compile(
    r"(?i)^(?:(?:and|so|but|or)\s+)*(?:which|what|how (?:many|much))\b[^,]*"
    r"\b(?:do|does|did|is|are|was|were|has|have|had|can|could|will|would|should)\s*$"
)
_OPENS = re.compile(
    r"(?i)(?:(?:and|so|but|then|or),? )*"
    r"(?:(?:do|does|did|has|have|had|can|could|will|would|should|are|were) )?"
    r"(?:they|these|those|it|he|she)\b(?! (?:is|was|seems?|appears?|looks?|be)\b)"
)
# "and on privacy, do they agree?"
_PLACED = re.compile(
    r"(?i)(?:(?:and|so|but) )?(?:on|in|about|for|with|as for|regarding) [^,]{2,40}, "
)
_ENDS = re.compile(r"(?i)\b(?:on|about|of|for|from|with|in|to|against|under) (?:it|this|that)\W*$")
_CLAUSES = re.compile(r"(?i),|\b(?:and|but|if|when) ")
_JOINS = re.compile(r"(?i)^(?:and|so|but) ")
_AND = r"^(?:(?:so|then|and|but|or|okay|ok)[,\s]+)*"
_ELLIPTIC = re.compile(
    rf"(?i){_AND}(?P<about>(?:what|how) about\b)|^(?:any(?:thing|body|one)?|and|but|or|then)\b"
)
_PART = re.compile(
    rf"(?i){_AND}(?:(?:what|how) about |(?<=and )|(?<=but )|(?<=or ))(?P<part>.{{1,40}}?)"
    r"(?: ones?)?\s*[?.!]*$"
)
_ASKING = re.compile(
    rf"(?i){_AND}(?:(?:in|at|by|to|for) )?"
    r"(?:(?:what|which|whom?|whose|when|where|why|how)(?:['’](?:s|re|d|ll|ve)\b)?"
    r"(?: (?:many|much|big|long|often|far|large|old)\b)?\s*)?"
    r"(?:(?:is|are|was|were|do|does|did|has|have|had|can|could|should|will|would)"
    r"(?:n['’]t)?\s+)?(?:there\s+)?(?:(?:any|some)\s+)?"
)
_OPENING = re.compile(
    r"(?i)^(?:(?:you mean|happen(?:s|ed)?|(?:kinds?|sorts?|types?) of|of|in|on|at|by|for|to)\s+)+|"
    r",? (?:says|according to) (?:the|this) (?:author|authors|paper|article)\b"
)
_WORD = re.compile(r"(?:[A-Z]\.){2,}|[^\W_]+(?:[.'’&/-][^\W_]+)*")
_CAPITALISED = r"[A-Za-zà-ÿ\d&'’-]*"
NAME = re.compile(
    rf"(?:[A-Z]\.){{2,}}|[A-Z]{_CAPITALISED}(?: (?:(?:of|the|and|for|de) )*[A-Z\d]{_CAPITALISED})*"
)


def leans(question: str) -> bool:
    """Whether the question points back (it, those), leaves a part out or says too little."""
    question, content = plain(question), said(question)
    if _opens_or_ends(question) or (content <= MOST and _points(question)):
        return True
    if found := _ELLIPTIC.search(question):
        return content <= ELLIPTIC_WORDS * (2 if found["about"] else 1)
    if (
        _OWN.search(question)
        or _named(question)
        or re.match(r"(?i)wh(?:at|o) (?:is|are|was|were)", question)
    ):
        return False
    return content <= SHORT + bool(re.search(r"(?i)\bthe\b", question))


def said(question: str) -> int:
    """How many of its words mean something by themselves."""
    return len(list(_content(plain(question))))


def topic(question: str) -> str:
    """The question without its courtesies and the words that ask."""
    asked = plain(question)
    named = _OPENING.sub("", _ASKING.sub("", asked, count=1))
    return (named or asked).strip(" ?.!,:")


def plain(question: str) -> str:
    """The question without its courtesies ("Yes, can you tell me about … please")."""
    return _COURTESY.sub("", question) or question


def part(question: str) -> str:
    """The new part in "and …?" or "what about …?"; "" if the question is none such."""
    found = _PART.match(question)
    return found["part"] if found else ""


def _opens_or_ends(question: str) -> bool:
    """Whether a question opens with a pronoun, or is one clause that ends with one."""
    placed = _PLACED.match(question)
    ends = _ENDS.search(question) and not _CLAUSES.search(_JOINS.sub("", question))
    return bool(_OPENS.match(question, placed.end() if placed else 0) or ends)


def _points(question: str) -> bool:
    """Whether a pronoun stands for nothing before it in the question."""
    for points in _POINTS.finditer(question):
        before = question[: points.start()]
        if _PLURAL.fullmatch(points[0]) and not _MANY.search(before):
            return True
        if points["always"] or _ASKED_FOR.match(before) or not said(before):
            return True
    return False


def _content(text: str) -> Iterator[str]:
    """The words that mean something by themselves."""
    for found in _WORD.finditer(text):
        if len(found[0]) > 1 and not _stops(found[0]):
            yield found[0]


def _stops(word: str) -> bool:
    return re.split("['’]", word.lower())[0] in _STOP


def _named(text: str) -> bool:
    """Whether a name is in the text; a capitalised word that opens a sentence may be any word."""
    for found in NAME.finditer(text):
        words = found[0].split(" ")
        while words and _stops(words[0]):
            words = words[1:]
        opens = found[0][1:].islower() and re.search(r"(?:^|[.!?:])\s*$", text[: found.start()])
        if len(" ".join(words)) > 1 and not opens:
            return True
    return False
