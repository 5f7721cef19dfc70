"""Chinese words typed with the right sound and the wrong characters, as input methods make them.

A noisy channel (Kernighan, Church and Gale 1990): of all ways to read a question as words, those
that sound as its characters do included, the likeliest is taken. How likely a word is tell the
paper and the order of the bundled encoder's words; that two of them stand together, the paper.
"""

from __future__ import annotations

import math
import re
from collections import Counter, defaultdict
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from functools import cache, cached_property, lru_cache
from itertools import accumulate, pairwise

import rjieba

from index.encoder import bundled_encoder
from index.lexical import simplified

# Logarithms of likelihoods, tuned on our dev half with homophones in it and without.
WRONG = 8.5  # a word of the paper was meant and another was typed
WRONG_ELSEWHERE = 11.0  # a word that the paper does not have was meant
TOGETHER = 3.0  # two words stand together in the paper
UNKNOWN = -16.0  # a character that is no word
RANKS = 11.0  # the sum of 1 / rank over the encoder's words
LIKELIEST = -5.0  # what no word of two characters or more exceeds
NEVER = -math.inf
LONGEST = 4  # characters of a word

_RUN = re.compile(r"[“\"「『][^”\"」』]*[”\"」』]|(?P<run>[\u4e00-\u9fff]+)")
# These are typed too often to be wrong, and too short to tell.
_CLOSED = re.compile("[的了么什谁哪这那它他她们吗呢吧啊啥几不很是在有和与对从到把被给要能都也]")
_NAMES = ("nr", "nt", "nz")  # as jieba tags them

Sounds = tuple[str, ...]
Reading = tuple[str, float]  # a word and the logarithm of its likelihood
Meanings = dict[tuple[int, int], list[Reading]]  # by where a stretch begins and ends


@dataclass(frozen=True)
class _Paper:
    """A text in simplified characters, the logarithm of the frequency of each of its words, and
    those that stand together in it."""

    text: str
    words: Mapping[str, float]
    together: Collection[str]

    @cached_property
    def sounding(self) -> Mapping[Sounds, Collection[str]]:
        """Its words by sound, only found when needed."""
        found = defaultdict(set)
        for word in self.words:
            if len(word) > 1:
                found[_sounds(word)].add(word)
        return found


@lru_cache(maxsize=4)
def _read(text: str) -> _Paper:
    text = simplified(text)
    runs = [rjieba.cut(run) for run in re.findall(r"[\u4e00-\u9fff]+", text)]
    counts = Counter(word for run in runs for word in run if len(word) <= LONGEST)
    words = {word: math.log(count / counts.total()) for word, count in counts.items()}
    together = {one + other for run in runs for one, other in pairwise(run)}
    return _Paper(text, words, together)


def put_right(text: str, paper: str) -> str:
    """The text, in simplified characters, with words in the place of those that sound the same,
    where that is much likelier. What is in quotation marks is left as it is."""
    read = _read(paper)

    def meant(found: re.Match[str]) -> str:
        return "".join(_likeliest(found["run"], read)) if found["run"] else found[0]

    return _RUN.sub(meant, text)


def _likeliest(run: str, paper: _Paper) -> list[str]:
    """The words that a run of characters most likely was meant to be."""
    typed = _best(run, paper, {})
    ends = [0, *accumulate(map(len, typed))]
    likely = [0.0, *accumulate(_likelihood(word, paper) for word in typed)]
    meant = {}
    for at, start in enumerate(ends):
        for last in range(at + 1, min(len(ends), at + 1 + LONGEST)):
            words = typed[at:last]
            # A wrong character makes another word, or leaves its neighbours alone.
            if len(words) > 1 < min(map(len, words)):
                continue
            stretch = run[start : ends[last]]
            if found := [*_meant(stretch, likely[last] - likely[at], paper)]:
                meant[start, ends[last]] = found
    return _best(run, paper, _unnamed(meant, run, paper)) if meant else typed


def _best(run: str, paper: _Paper, meant: Meanings) -> list[str]:
    """The likeliest words of a run, given what else each stretch may mean, by Viterbi's search."""
    best: list[dict[str, tuple[float, list[str]]]] = [{} for _ in range(len(run) + 1)]
    best[0] = {"": (0.0, [])}
    for start, reached in enumerate(best[:-1]):
        for end in range(start + 1, min(len(run), start + LONGEST) + 1):
            typed = run[start:end]
            exact = [(typed, _likelihood(typed, paper))]
            for word, likely in exact + meant.get((start, end), []):
                if likely == NEVER:
                    continue
                for last, (before, words) in reached.items():
                    together = len(last + word) > 2 and last + word in paper.together
                    total = before + likely + TOGETHER * together
                    if word not in best[end] or total > best[end][word][0]:
                        best[end][word] = total, [*words, word]
    return max(best[-1].values())[1]


def _unnamed(meant: Meanings, run: str, paper: _Paper) -> Meanings:
    """Without words that the paper lacks where a run of characters names someone."""
    words = rjieba.tag(run)
    starts = accumulate((len(word) for word, _ in words), initial=0)
    names = [
        (start, start + len(word))
        for start, (word, tag) in zip(starts, words, strict=False)
        if tag.startswith(_NAMES)
    ]

    def named(at: tuple[int, int]) -> bool:
        return any(start < at[1] and at[0] < end for start, end in names)

    return {
        at: [(word, likely) for word, likely in found if word in paper.words or not named(at)]
        for at, found in meant.items()
    }


def _meant(typed: str, likely: float, paper: _Paper) -> Iterator[Reading]:
    """The words that sound as these characters do, where they may be likelier than what was
    typed."""
    if not 1 < len(typed) <= LONGEST or likely > LIKELIEST + 2 * TOGETHER - WRONG:
        return
    if _CLOSED.search(typed) or typed in paper.text:
        return
    is_word = rjieba.cut(typed, False) == [typed]
    sounds = tuple(map(_sound, typed))
    found = {
        word for word in paper.sounding.get(sounds, ()) if is_word or _differing(word, typed) == 1
    }
    for word in found:
        yield word, paper.words[word] - WRONG
    if likely < LIKELIEST - WRONG_ELSEWHERE:
        for word in _sounding().get(sounds, ()):
            if word not in found and _differing(word, typed) == 1:
                yield word, _usual()[word] - WRONG_ELSEWHERE


def _likelihood(word: str, paper: _Paper) -> float:
    least = UNKNOWN if len(word) == 1 else NEVER
    return max(paper.words.get(word, least), _usual().get(word, least))


@cache
def _usual() -> Mapping[str, float]:
    """How likely the encoder's words are in any text, by their rank (Zipf's law)."""
    words = bundled_encoder().chinese_words()
    return {word: -math.log(rank * RANKS) for rank, word in enumerate(words, 1)}


@cache
def _sounding() -> Mapping[Sounds, Collection[str]]:
    """The encoder's words by sound."""
    found = defaultdict(list)
    for word in _usual():
        if 1 < len(word) <= LONGEST:
            found[tuple(map(_sound, word))].append(word)
    return found


def _differing(one: str, other: str) -> int:
    return sum(a != b for a, b in zip(one, other, strict=True))


@cache
def _sound(character: str) -> str:
    """Its usual syllable, without a tone, as it is typed."""
    return _sounds(character)[0]


def _sounds(word: str) -> Sounds:
    """The syllables that its characters have in this word."""
    from pypinyin import lazy_pinyin

    return tuple(lazy_pinyin(word))
