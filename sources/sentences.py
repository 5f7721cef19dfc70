"""A stretch of text becomes spans of sentences, Chinese, English or both, in linear time.

Rules only, no dictionary: what a full stop, a quotation mark, a bracket and a reference mark say.
A newline always ends a sentence, so a heading is a span of its own. Knows nothing of sections.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

MAX_SENTENCE = 400  # characters; anything longer is split at the best place there is

_PAIRS = {
    "“": "”",
    "「": "」",
    "『": "』",
    "《": "》",
    "〈": "〉",
    "（": "）",
    "(": ")",
    "【": "】",
}
_PAIRS |= {"[": "]", "〔": "〕"}
_OPENERS = {closer: opener for opener, closer in _PAIRS.items()}
_BRACKET = re.compile("[" + re.escape("".join(_PAIRS) + "".join(_OPENERS)) + "]")
_QUOTES, _TITLES = "“「『", "《〈"

_STOP = re.compile(r"[。！？!?…．]+|\.+")
_CLOSERS = "”’」』）)】]〕"
_CONTINUES = "，,、；;：:。！？!?…．"
_MARK = re.compile(r"(?:\[\d{1,3}(?:\s?[-–—~～,，、]\s?\d{1,3})*\])+|[¹²³⁰⁴-⁹]+")
_CJK = re.compile("[\u2e80-\u303f\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff\uff00-\uffef“‘”’]")

_TOKEN = re.compile(r"[^\s(（\[“\"'‘]*$")
_NUMBERING = re.compile(r"[\d.]+|[IVX]+|[A-Za-z]")
_INITIALS = re.compile(r"(?:[A-Za-z]\.)+[A-Za-z]{1,2}|[A-Z]|Ph\.D")
_WORD = re.compile(r"[\"“‘'(\[]*([A-Z][a-z]*)[\s,]")
_NEVER_FINAL = re.compile(
    r"e\.g|i\.e|cf|vs|figs?|eqs?|secs?|vols?|pp|dr|mr|mrs|ms|prof|ch|chap|paras?|refs?|st|gen|sen|"
    "rep|eds|approx|viz|mt|ca|resp",
    re.IGNORECASE,
)
_BEFORE_A_NUMBER = re.compile(
    "nos?|arts?|p|tab|ser|jan|feb|mar|apr|jun|jul|aug|sept?|oct|nov|dec", re.IGNORECASE
)
_SELDOM_FINAL = re.compile("al|inc|ltd|co|corp|jr|sr|dept|est|gov|univ|ed|bros", re.IGNORECASE)
# After an abbreviation only these words show that a new sentence begins.
_STARTER = re.compile(
    "The|This|These|Those|That|Its?|In|On|At|For|From|With|By|As|If|When|While|After|Before|"
    "However|But|And|So|Thus|Then|There|They|We|He|She|You|Our|Their|His|Her|To|Although|Since|"
    "Because|Moreover|Furthermore|Therefore|Here|What|Which|Who|How|Why|Such|Some|Many|Most|All|"
    "Both|Each|Another|Under"
)

_BREAKS = (re.compile("[；;]"), re.compile("[，,、：:]"), re.compile(r"\s"))


def split_sentences(text: str, start: int = 0, end: int | None = None) -> list[tuple[int, int]]:
    """The spans of the sentences of `text[start:end]`, in order, without white space around them.

    Together they hold every character that is not white space. Closing quotation marks and
    reference marks ("。[1]") stay with their sentence; what stands in 《》, “” or brackets is not
    taken apart. No span is longer than `MAX_SENTENCE`.
    """
    end = len(text) if end is None else end
    spans: list[tuple[int, int]] = []
    while start < end:
        newline = text.find("\n", start, end)
        line_end = end if newline < 0 else newline
        for left, right in _split_line(text, start, line_end):
            spans.extend(_shorten(text, *_trim(text, left, right)))
        start = line_end + 1
    return spans


def _split_line(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    brackets = _outermost(text, start, end)
    bracket = next(brackets, None)
    left = start
    for stop in _STOP.finditer(text, start, end):
        while bracket and bracket[1] < stop.start():
            bracket = next(brackets, None)
        after = _skip_closers(text, left, stop.end(), end)
        inside = bracket is not None and bracket[0] < stop.start()
        if bracket and inside and not _closes(text, left, *bracket, after):
            continue
        after = _skip_marks(text, after, end)
        if _ends_here(text, left, stop, after, end):
            yield left, after
            left = after
    if left < end:
        yield left, end


def _outermost(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    """The outermost pairs of brackets and quotation marks, as offsets (opener, closer).

    Every kind pairs on its own, and only within `MAX_SENTENCE`, so that one that never closes
    costs nothing.
    """
    open_at: dict[str, list[int]] = {}
    pairs: list[tuple[int, int]] = []
    for found in _BRACKET.finditer(text, start, end):
        char, at = found[0], found.start()
        if char in _PAIRS:
            open_at.setdefault(char, []).append(at)
        elif waiting := open_at.get(_OPENERS[char]):
            opener = waiting.pop()
            if at - opener < MAX_SENTENCE:
                pairs.append((opener, at))
    outer: tuple[int, int] | None = None
    for opener, closer in sorted(pairs):
        if outer and opener < outer[1]:
            outer = (outer[0], max(outer[1], closer))
            continue
        if outer:
            yield outer
        outer = (opener, closer)
    if outer:
        yield outer


def _closes(text: str, left: int, opener: int, closer: int, after: int) -> bool:
    """Whether a stop inside brackets or quotation marks ends the sentence around them.

    `after` is the end of the stop and of the closers behind it. It does in 他说：“好！” and in a
    sentence that is bracketed as a whole, not in “为什么？”的问题.
    """
    kind = text[opener]
    if after <= closer or kind in _TITLES or text[after : after + 1] in set("，,、；;：:的"):
        return False
    before = text[left:opener].rstrip()[-1:] if opener - left < MAX_SENTENCE else "x"
    return not before or (kind in _QUOTES and (text[closer - 1] in "。." or before in "：:，,—"))


def _skip_closers(text: str, left: int, at: int, end: int) -> int:
    while at < end and (text[at] in _CLOSERS or text[at] in "\"'"):
        if text[at] in "\"'":  # a straight mark closes when it is the second one
            window = text[max(left, at - MAX_SENTENCE) : at]
            if window.count(text[at]) % 2 == 0:
                break
        at += 1
    return at


def _skip_marks(text: str, at: int, end: int) -> int:
    """Past the reference marks that stand right behind a stop, or after one space ("end. [1] ")."""
    while found := _MARK.match(text, at, end):
        at = found.end()
    if text[at : at + 1] == " " and (found := _MARK.match(text, at + 1, end)):
        rest = text[found.end() : min(found.end() + 2, end)]
        if not rest.strip() or (rest[0] == " " and not rest[1:].islower()):
            return found.end()
    return at


def _ends_here(text: str, left: int, stop: re.Match[str], after: int, end: int) -> bool:
    """Whether `stop` ends the sentence that begins at `left`, in a line that ends at `end`.

    `after` is where the closers and the reference marks behind the stop end.
    """
    at = stop.start()
    following = text[after] if after < end else ""
    if not following:
        return True
    if following in _CONTINUES:
        return False
    if text[at] in "。！？":
        return True
    apart = following.isspace() or _CJK.match(following) is not None or after > stop.end()
    if text[at] in "!?":
        return apart and not text[after : after + 2].strip()[:1].islower()
    if text[at] in "…．":
        return not following.isascii() or following.isspace()
    return apart and _ends_at_dot(text, left, stop, after, end)


def _ends_at_dot(text: str, left: int, stop: re.Match[str], after: int, end: int) -> bool:
    at = stop.start()
    if at > left and _CJK.match(text[at - 1]):
        return True  # a full stop of half width in Chinese
    window = text[after : min(after + 40, end)]
    ahead = window.lstrip()
    if ahead[:1].islower():
        return False
    if len(stop[0]) > 1:
        return True
    found = _TOKEN.search(text[max(left, at - 40) : at])
    token = found[0] if found else ""
    if at - left < 20 and _NUMBERING.fullmatch(text[left:at].strip()):
        return False  # the number of a heading or of an entry in a list
    if not window[:1].isspace() and after == stop.end():
        return False
    return not _abbreviates(token, ahead)


def _abbreviates(token: str, ahead: str) -> bool:
    """Whether the dot behind `token` belongs to an abbreviation and ends no sentence."""
    if _NEVER_FINAL.fullmatch(token):
        return True
    if _BEFORE_A_NUMBER.fullmatch(token):
        return ahead[:1].isdecimal()
    if _SELDOM_FINAL.fullmatch(token) or _INITIALS.fullmatch(token):
        found = _WORD.match(ahead)
        return not (found and _STARTER.fullmatch(found[1]))
    return False


def _trim(text: str, left: int, right: int) -> tuple[int, int]:
    while left < right and text[left].isspace():
        left += 1
    while right > left and text[right - 1].isspace():
        right -= 1
    return left, right


def _shorten(text: str, left: int, right: int) -> Iterator[tuple[int, int]]:
    """The span itself, or its parts: cut at a semicolon, else a comma, else a space, else hard."""
    while right - left > MAX_SENTENCE:
        cut = left + MAX_SENTENCE
        for breaks in _BREAKS:
            # Not in the first quarter: a part of a few characters is no quote.
            places = list(breaks.finditer(text, left + MAX_SENTENCE // 4, cut))
            if places:
                cut = places[-1].end()
                break
        yield _trim(text, left, cut)
        left = _trim(text, cut, right)[0]
    if left < right:
        yield left, right
