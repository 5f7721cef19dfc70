"""Masks over the sentences found: which are beside the point whatever they say, and which say just
what is asked for.

Arrays have shape [sentences]. Knows nothing of scores but what is near the best.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from app.aspects import Aspect
from app.countries import countries
from app.dates import YEAR
from app.features import Evidence
from app.questions import counts
from index.encoder import Floats
from index.glossary import expressions
from sources import language_of

CLOSE = 3.0  # log-odds from the best sentence
NEVER = 9999
MENTIONED = 0.6  # the cosine from which a text has a keyword

Mask = NDArray[np.bool_]

_LITERATURE = re.compile(
    r"参考文献|\b(?:references|bibliography|(?:literature|works) cited)\b", re.IGNORECASE
)
_CITES = re.compile(
    r"文献|引用|参考|\b(?:cit(?:e|es|ed|ing|ations?)|referen\w+|bibliograph\w+)\b", re.I
)
_QUOTED = re.compile(
    r"[“\"「『]([^“”\"「」『』]{2,40})[”\"」』]|(?<!\w)['‘]([^'‘’]{3,40})['’](?!\w)"
)
_language_of_paper = lru_cache(maxsize=8)(language_of)


def beside_the_point(question: str, evidence: Evidence, texts: Sequence[str]) -> Mask:
    """Which sentences are no answer whatever they say; `texts` are the papers."""
    return _translated(question, evidence, texts) | _of_the_literature(question, evidence)


def says_so(question: str, evidence: Evidence, about: Aspect | None) -> Mask:
    """Which sentences say what of its topic the question asks for, and, where it says little else,
    of one of the countries that it names."""
    if about is None:
        return np.zeros(len(evidence.sentences), np.bool_)
    of = countries(question) if about.broad else frozenset[int]()
    texts = [each.text for each in evidence.sentences]
    return np.array(
        [bool(about.held.search(text)) and (not of or bool(of & countries(text))) for text in texts]
    )


def holds_quoted(question: str, evidence: Evidence) -> Mask:
    """Which sentences hold what the question has in quotation marks, or the Chinese for it."""
    quoted = [each.casefold() for found in _QUOTED.findall(question) for each in found if each]
    terms = [*quoted, *(term for each in quoted for term in expressions(each))]
    held = [any(term in each.text.casefold() for term in terms) for each in evidence.sentences]
    return np.array(held, np.bool_)


def mentions(evidence: Evidence) -> Mask:
    """Which sentences hold a word like each telling one of the question."""
    telling = evidence.weights >= evidence.weights.mean()
    return np.asarray((evidence.met[:, telling, 0] >= MENTIONED).all(axis=1))


def latest(evidence: Evidence, scores: Floats) -> Mask:
    """Which sentences that count something name the latest year, of those close to the best one."""
    years = _years(evidence, scores, max, 0) * [counts(each.text) for each in evidence.sentences]
    return np.asarray((years > 0) & (years == years.max()))


def earliest(evidence: Evidence, scores: Floats) -> Mask:
    """Which sentences name the earliest year, of those close to the best one."""
    years = _years(evidence, scores, min, NEVER)
    return np.asarray((years < NEVER) & (years == years.min()))


def _years(
    evidence: Evidence, scores: Floats, of: Callable[..., int], none: int
) -> NDArray[np.int_]:
    """A year of each sentence that is close to the best one, `none` where there is none."""
    near = scores >= scores.max() - CLOSE
    return np.array(
        [
            of(map(int, YEAR.findall(each.text)), default=none) if fit else none
            for each, fit in zip(evidence.sentences, near.tolist(), strict=True)
        ]
    )


def _translated(question: str, evidence: Evidence, texts: Sequence[str]) -> Mask:
    """Which sentences are in another language than both the question and the one paper: those of an
    abstract, which says the same in the reader's language, too."""
    own = language_of(question)
    same = len(texts) == 1 and _language_of_paper(texts[0]) == own
    return np.array([same and language_of(each.text) != own for each in evidence.sentences])


def _of_the_literature(question: str, evidence: Evidence) -> Mask:
    """Which sentences are of the list of references, where the question does not ask for those:
    a title says what was asked about, and nothing of it."""
    if _CITES.search(question):
        return np.zeros(len(evidence.sentences), np.bool_)
    sections = [each.chunk.section for each in evidence.sentences]
    listed = {each for each in {*sections} if _LITERATURE.search(" ".join(each))}
    return np.array([each in listed for each in sections])
