"""Measures retrieval alone on any set of documents and questions, or of parallel sentences.

Knows nothing of papers, answers or how a pool searches.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol, get_args

import numpy as np
from numpy.typing import NDArray
from tqdm import tqdm

from eval.jsonl import Line, read_jsonl
from eval.metrics import estimate
from eval.report import Row, table
from eval.scoring import ranking_scores
from index.retrieval import Leg
from sources import GoldError, language_of

LEGS: tuple[Leg, ...] = get_args(Leg)
DEPTH = 10
METRICS = ("hit@1", "hit@3", "hit@5", "mrr@10", "ndcg@10")


class Pool(Protocol):
    """Texts that can be searched."""

    def search_ids(self, question: str, k: int, leg: Leg) -> list[int]:
        """The positions of the k best texts, best first, by one of LEGS."""

    def search(self, question: str, k: int, *, typed: str) -> list[tuple[int, float]]:
        """Positions and scores of the k best texts for a question that was rewritten from
        `typed`."""

    def scores(self, question: str) -> NDArray[np.float32]:
        """How well each text fits, shape [texts]."""


Build = Callable[[list[str]], Pool]


@dataclass(frozen=True, slots=True)
class RankingSet:
    """Documents by id and the questions on them; languages are "zh" or "en"."""

    documents: Mapping[str, str]
    document_langs: Mapping[str, str]
    questions: Sequence[RankingQuestion]


@dataclass(frozen=True, slots=True)
class RankingQuestion:
    """A question and the ids of the documents that answer it, in whichever language."""

    question: str
    lang: str
    gold: frozenset[str]


# Direction such as "en -> zh" -> leg -> metric -> estimate.
Measured = dict[str, dict[str, Row]]


def read_set(documents: Path, questions: Path, limit: int | None = None) -> RankingSet:
    """A set from JSON Lines, plain or .gz; other fields than these are passed over.

    Documents: id, text, optional lang. Questions: id, question, gold_doc_ids, optional
    gold_xling_doc_ids, answerable, lang. Of the first `limit` questions, those that no document
    answers are left out. Raises GoldError that names a wrong line.
    """
    texts, langs = {}, {}
    for line in read_jsonl(documents):
        doc_id = line.text("id")
        texts[doc_id] = line.text("text")
        langs[doc_id] = _lang(line, texts[doc_id])
    asked = []
    for number, line in enumerate(read_jsonl(questions)):
        if limit is not None and number >= limit:
            break
        gold = line.texts("gold_doc_ids") + line.texts("gold_xling_doc_ids", ())
        unknown = sorted(set(gold) - texts.keys())
        if unknown:
            raise line.error(f'document "{unknown[0]}" is unknown', f"add it to {documents}")
        if gold and line.flag("answerable", True):
            question = line.text("question")
            asked.append(RankingQuestion(question, _lang(line, question), frozenset(gold)))
    if not asked:
        raise GoldError(f"{questions}: no question that a document answers; nothing to rank")
    return RankingSet(texts, langs, asked)


def read_pairs(path: Path, limit: int | None = None) -> RankingSet:
    """Parallel sentences (zh, en) as a set: each sentence asks for its translation.

    `limit` keeps the questions of the first pairs; the pool holds all sentences. A sentence that
    stands in several pairs is one document. Raises GoldError that names a wrong line.
    """
    texts, langs = {}, {}
    wanted: defaultdict[tuple[str, str], set[str]] = defaultdict(set)
    for number, line in enumerate(read_jsonl(path)):
        pair = {lang: line.text(lang) for lang in ("zh", "en")}
        for lang, other in (("zh", "en"), ("en", "zh")):
            texts[f"{lang} {pair[lang]}"] = pair[lang]
            langs[f"{lang} {pair[lang]}"] = lang
            if limit is None or number < limit or (pair[lang], lang) in wanted:
                wanted[pair[lang], lang].add(f"{other} {pair[other]}")
    return RankingSet(
        texts,
        langs,
        [RankingQuestion(q, lang, frozenset(ids)) for (q, lang), ids in wanted.items()],
    )


def _lang(line: Line, text: str) -> str:
    said = line.text("lang", "")
    if said:
        return said.split("-")[0]
    return language_of(text)


def measure(ranking: RankingSet, build: Build) -> Measured:
    """hit@k, MRR and nDCG of every leg, from each question's language into each gold document's.

    Each direction is measured within the pool of the documents of its target language; `build`
    makes a pool from their texts.
    """
    pools: dict[str, tuple[list[str], Pool]] = {}
    for lang in sorted({ranking.document_langs[i] for q in ranking.questions for i in q.gold}):
        ids = [doc_id for doc_id in ranking.documents if ranking.document_langs[doc_id] == lang]
        pools[lang] = (ids, build([ranking.documents[doc_id] for doc_id in ids]))
    scores: defaultdict[tuple[str, str, str], list[float]] = defaultdict(list)
    for question in tqdm(ranking.questions, disable=None, unit="question"):
        for lang, gold in by_lang(question.gold, ranking.document_langs):
            ids, pool = pools[lang]
            for leg in LEGS:
                found = pool.search_ids(question.question, DEPTH, leg)
                ranks = [rank for rank, at in enumerate(found, 1) if ids[at] in gold]
                for metric, score in ranking_scores(ranks, len(gold)).items():
                    scores[f"{question.lang} -> {lang}", leg, metric].append(score)
    measured: Measured = {}
    for (direction, name, metric), values in sorted(scores.items(), key=lambda item: item[0][0]):
        measured.setdefault(direction, {}).setdefault(name, {})[metric] = estimate(values)
    return measured


def by_lang(gold: frozenset[str], langs: Mapping[str, str]) -> Iterator[tuple[str, set[str]]]:
    """The documents of each language among these, by language."""
    for lang in sorted({langs[doc_id] for doc_id in gold}):
        yield lang, {doc_id for doc_id in gold if langs[doc_id] == lang}


def to_text(measured: Measured) -> str:
    """A plain aligned table for each direction, a line for each leg."""
    lines = ["value [95 % interval] n"]
    for direction, legs in measured.items():
        lines += ["", direction, *table(legs, METRICS)]
    return "\n".join(lines)
