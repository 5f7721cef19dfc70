"""What speaks for and against that the best sentences answer the question, in numbers.

The features of the calibration in `weights.json`. Knows nothing of how sentences are ranked.
"""

from __future__ import annotations

import numpy as np

from app.analysed import numbers
from app.discourse import DISCOURSE_FEATURES
from app.features import SENTENCE_FEATURES, WORD_FEATURES, Evidence
from app.negation import contradicts, denies_alone
from app.premises import OBJECTIONS, objections, touches
from app.questions import asks_whether, wants
from index.encoder import Floats
from sources import language_of

ANSWERED_FEATURES = (
    *("chunk_late", "sentence_late", "met", "unmet", "worst", "mass", "missing_number"),
    *("words", "no_number", "unmet_most", "negation_unmet", "turned", "alike"),
    *("chinese", "worst_chinese", "words_chinese"),  # what counts otherwise in a Chinese question
)
# Where question and paper are in different languages; what words and years they spell alike tells
# little there. Those that ANSWERED_FEATURES have not are of the best sentence, "heaviest" and
# "unheard" of the question's words, and "theme" of all sentences.
ACROSS_FEATURES = (
    *("sentence_late", "unmet", "mass", "missing_number", "words", "no_number", "negation_unmet"),
    *("turned", "word_met", "told", "least", "score", "heaviest", "unheard", "theme"),
)
# Of a follow-up: how sure one is of the question that it was made, and what was typed of it alone.
FOLLOWED_FEATURES = ("odds", *ANSWERED_FEATURES, *OBJECTIONS, "near")
MASS = 30.0  # summed norms of about six telling words
MET = 0.5  # the cosine from which a word of the question counts as met
UNMET = 0.3  # the cosine below which nothing in the text means the same
LEAST_SURE = 1e-3  # of being right or wrong
HEAVY = 3.0  # the norm of a telling word
HEARD = 0.45  # the cosine below which no sentence has a word like one of the question
LOG_ODDS = 10.0  # of the ranker, that make about 1


def answered_features(question: str, evidence: Evidence, scores: Floats) -> Floats:
    """What tells whether the paper answers, shape [features]; `scores` [sentences] rank."""
    # A year is met by any year like it, whatever is said of it: numbers tell of no topic.
    told = 1.0 - evidence.words[:, WORD_FEATURES.index("digit")]
    share = evidence.weights * told / max(float(evidence.weights @ told), 1e-6)
    norms, own = evidence.norms * told, evidence.met[:, :, 0]
    best = int(np.argmax(scores))
    sentence = evidence.sentences[best]
    same = [s.chunk.chunk_id == sentence.chunk.chunk_id for s in evidence.sentences]
    met = np.maximum(own[same].max(axis=0), evidence.met[best, :, 2] + own[best])
    place = " ".join([*sentence.chunk.section, sentence.chunk.text])
    fresh = evidence.traits[best, SENTENCE_FEATURES.index("fresh_number")]
    worst, words = met[share >= share.mean()].min(initial=1.0), min(len(share) / 20, 1.0)
    chinese = language_of(question) == "zh"
    features = (
        met @ share,
        own[best] @ share,
        share[met >= MET].sum(),
        share[met < UNMET].sum(),
        worst,
        min(norms[met >= MET].sum() / MASS, 1.0),
        bool(numbers(question) - numbers(place)),
        words,
        bool(wants(question) & {"number", "date"}) and not fresh,
        norms[met < UNMET].max(initial=0.0) / HEAVY,
        denies_alone(question, sentence.text) and touches(question, sentence.text),
        not asks_whether(question)
        and touches(question, sentence.text)
        and contradicts(question, sentence.text),
        evidence.alike.max(),
        chinese,
        chinese * worst,
        chinese * words,
    )
    return np.asarray(features, np.float32)


def across_features(question: str, evidence: Evidence, scores: Floats) -> Floats:
    """The same where the paper is in another language, shape [ACROSS_FEATURES]."""
    told = dict(
        zip(ANSWERED_FEATURES, answered_features(question, evidence, scores).tolist(), strict=True)
    )
    best, own = int(np.argmax(scores)), evidence.met[:, :, 0]
    told |= zip(SENTENCE_FEATURES, evidence.traits[best].tolist(), strict=True)
    norms = evidence.norms * (1.0 - evidence.words[:, WORD_FEATURES.index("digit")])
    told |= {
        "word_met": own[best].max(),
        "score": scores[best] / LOG_ODDS,
        "heaviest": evidence.weights.max(),
        "unheard": norms[own.max(axis=0) < HEARD].max(initial=0.0) / HEAVY,
        "theme": evidence.alike.mean(),
    }
    return np.asarray([told[name] for name in ACROSS_FEATURES], np.float32)


def objections_to(question: str, evidence: Evidence, scores: Floats) -> Floats:
    """What the best sentence does not grant of the question, shape [OBJECTIONS]."""
    best = evidence.sentences[int(np.argmax(scores))]
    headings = best.chunk.section
    around = [each.text for each in evidence.sentences if each.chunk.section == headings]
    found = objections(question, best.text, " ".join([*headings, *around]))
    return np.asarray(found, np.float32)


def followed_features(
    confidence: float, question: str, typed: Evidence, follows: Floats, scores: Floats
) -> Floats:
    """What tells whether the paper answers a follow-up, shape [FOLLOWED_FEATURES].

    `confidence` is in the question as it was understood; `typed` is the evidence for the `question`
    as it was typed, `follows` [sentences, DISCOURSE_FEATURES] with the `scores` that they give.
    """
    sure = min(max(confidence, LEAST_SURE), 1 - LEAST_SURE)
    heard = np.zeros(len(ANSWERED_FEATURES) + len(OBJECTIONS), np.float32)
    if typed.sentences:
        answered = answered_features(question, typed, scores)
        heard = np.concatenate([answered, objections_to(question, typed, scores)])
    near = follows[int(np.argmax(scores)), DISCOURSE_FEATURES.index("near")]
    return np.asarray([np.log(sure / (1 - sure)), *heard, near], np.float32)
