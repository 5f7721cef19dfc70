"""Our retrieval beside what a user would pick instead: `make peers`, in an environment of its own.

Every system gets the same texts and the same questions, asks for ten, and runs in processes of
its own, one after the other: one for quality, on all sets, one for costs, on our paper and a
part of a set. Costs are CPU time, of all threads, because a machine is rarely idle. A system that
fails is a row that says why. The systems are in `peer_systems.py`.

    python -m eval.peers --data DIR     # all; DIR holds the sets, one folder each
    python -m eval.peers --tables       # the tables of the last run, as in the README
"""

from __future__ import annotations

import argparse
import json
import os
import resource
import subprocess
import sys
import tempfile
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import asdict, dataclass, replace
from importlib.metadata import version
from pathlib import Path
from time import process_time
from typing import Any

import numpy as np

from eval.peer_systems import PEERS, Peer

DEPTH = 10
LIMIT = 300  # questions of a set and direction, drawn once; the same for every system
COST_TEXTS, COST_QUESTIONS = 200, 50  # of the first set, for costs
SETS = (
    "cmrc2018_dev_clean",
    "drcd_dev",
    "dureader_robust_dev",
    "csl_dev",
    "squad2_half_dev_clean",
    "bipar_valid",
)
CROSS_ONLY = frozenset({"bipar_valid"})
OUT = Path(".eval/peers.json")
# No model hub: what a package does not carry, it does not get.
QUIET = {"HF_HUB_OFFLINE": "1", "TOKENIZERS_PARALLELISM": "false", "LITELLM_LOG": "ERROR"}

Json = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Task:
    """Texts, and questions with the positions of the texts that answer them."""

    name: str
    texts: list[str]
    questions: list[tuple[str, list[int]]]


def gold_tasks() -> list[Task]:
    """The dev half of our own questions on the chunks of the bundled paper, headings first; a
    follow-up is asked as a person rewrote it."""
    from eval.gold import evidence_spans, gold_path, read_gold
    from eval.metrics import supported
    from index import chunk
    from sources import catalog, load_paper

    paper = load_paper(catalog()[0].paper_id)
    chunks = chunk(paper)
    asked: dict[str, list[tuple[str, list[int]]]] = defaultdict(list)
    for question in read_gold(gold_path("dev")):
        spans = evidence_spans(paper, question.evidence)
        held = [supported(paper.text, (each.start, each.end), spans) for each in chunks]
        if question.answerable and any(held):
            places = [at for at, is_evidence in enumerate(held) if is_evidence]
            asked[question.lang].append((question.standalone or question.question, places))
    texts = ["\n".join([*each.section, each.text]) for each in chunks]
    return [Task(f"our paper, dev, {lang} -> zh", texts, asked[lang]) for lang in ("zh", "en")]


def set_tasks(data: Path, name: str, limit: int) -> list[Task]:
    """The directions of one set: each its own pool, and at most `limit` questions at random."""
    from eval.retrieval import by_lang, read_set

    folder = data / name
    ranking = read_set(folder / "documents.jsonl.gz", folder / "questions.jsonl.gz")
    pools: dict[str, list[str]] = defaultdict(list)
    for doc_id in ranking.documents:
        pools[ranking.document_langs[doc_id]].append(doc_id)
    asked: dict[tuple[str, str], list[tuple[str, list[int]]]] = defaultdict(list)
    for question in ranking.questions:
        for lang, gold in by_lang(question.gold, ranking.document_langs):
            places = [at for at, doc_id in enumerate(pools[lang]) if doc_id in gold]
            asked[question.lang, lang].append((question.question, places))
    tasks = []
    for (source, target), questions in sorted(asked.items()):
        if name in CROSS_ONLY and source == target:
            continue
        drawn = np.random.default_rng(0).permutation(len(questions))[:limit]
        texts = [ranking.documents[doc_id] for doc_id in pools[target]]
        chosen = [questions[at] for at in drawn]
        tasks.append(Task(f"{name}, {source} -> {target}", texts, chosen))
    return tasks


def find(peer: Peer, tasks: Sequence[Task]) -> Json:
    """What a system finds for every question of every task, and its costs since its process
    began; the first task pays for imports, so what indexing costs is told by the others."""
    found: dict[str, list[list[int]]] = {}
    indexing, texts, first = 0.0, 0, 0.0
    queries: list[float] = []
    for task in tasks:
        start = process_time()
        search = peer.build(task.texts)
        if found:
            indexing, texts = indexing + process_time() - start, texts + len(task.texts)
        found[task.name] = []
        for question, _ in task.questions:
            start = process_time()
            found[task.name].append(search(question, DEPTH)[:DEPTH])
            queries.append(1000 * (process_time() - start))
            first = first or process_time()
    costs = {
        "index_s_per_1000": 1000 * indexing / max(texts, 1),
        "query_p50_ms": float(np.percentile(queries, 50)),
        "query_p95_ms": float(np.percentile(queries, 95)),
        "first_answer_s": first,
        "peak_mb": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024,
    }
    return {"found": found, "costs": costs, "version": version(peer.package)}


def score(found: dict[str, list[list[int]]], tasks: Sequence[Task]) -> Json:
    """nDCG@10 and hit@1 of every question, by task."""
    from eval.scoring import ranking_scores

    scores: Json = {}
    for task in tasks:
        rows = [
            ranking_scores([r for r, at in enumerate(places, 1) if at in gold], len(gold))
            for places, (_, gold) in zip(found[task.name], task.questions, strict=True)
        ]
        scores[task.name] = {name: [row[name] for row in rows] for name in ("ndcg@10", "hit@1")}
    return scores


def run_all(data: Path, out: Path) -> Json:
    """Every system on every task; what is done is kept, so that a broken run goes on."""
    measured: Json = json.loads(out.read_text("utf-8")) if out.exists() else {}
    gold = gold_tasks()
    quality = gold + [task for name in SETS for task in set_tasks(data, name, LIMIT)]
    first = set_tasks(data, SETS[0], COST_QUESTIONS)[0]
    costs = [*gold, replace(first, texts=first.texts[:COST_TEXTS])]
    out.parent.mkdir(parents=True, exist_ok=True)
    for what, tasks in (("scores", quality), ("costs", costs)):
        for peer in PEERS:
            row = measured.setdefault(peer.name, {})
            if what in row or "error" in row:
                continue
            print(what, peer.name, file=sys.stderr, flush=True)
            asked = gold if peer.only_gold and what == "scores" else tasks
            done = _alone(peer, asked)
            if "error" in done:
                row["error"] = done["error"]
            else:
                kept = done["costs"] if what == "costs" else score(done["found"], asked)
                row |= {what: kept, "version": done["version"]}
            out.write_text(json.dumps(measured), "utf-8")
    return measured


def _alone(peer: Peer, tasks: Sequence[Task]) -> Json:
    """`find` in a process that has imported nothing else; what it died of where it failed."""
    with tempfile.NamedTemporaryFile("w", suffix=".json", encoding="utf-8") as file:
        json.dump([asdict(task) for task in tasks], file)
        file.flush()
        command = [sys.executable, "-m", "eval.peers", "--one", peer.name, "--tasks", file.name]
        done = subprocess.run(
            command, env=os.environ | QUIET, capture_output=True, text=True, check=False
        )
    if done.returncode:
        return {"error": (done.stderr.strip().splitlines() or ["no output"])[-1]}
    answer: Json = json.loads(done.stdout.strip().splitlines()[-1])
    return answer


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command line."""
    parser = argparse.ArgumentParser(prog="python -m eval.peers")
    parser.add_argument("--data", type=Path, help="measure; the folder that holds the sets")
    parser.add_argument(
        "--json", type=Path, metavar="OUT", default=OUT, help="default: %(default)s"
    )
    parser.add_argument("--tables", action="store_true", help="print the tables of OUT")
    parser.add_argument("--one", help=argparse.SUPPRESS)
    parser.add_argument("--tasks", type=Path, help=argparse.SUPPRESS)
    options = parser.parse_args(arguments)
    if options.one:
        peer = next(each for each in PEERS if each.name == options.one)
        tasks = [Task(**fields) for fields in json.loads(options.tasks.read_text("utf-8"))]
        print(json.dumps(find(peer, tasks)))
        return 0
    from eval.peer_tables import tables

    if not options.data and not options.tables:
        parser.error("give --data DIR, or --tables")
    measured = run_all(options.data, options.json) if options.data else None
    print(tables(measured or json.loads(options.json.read_text("utf-8"))))
    return 0


if __name__ == "__main__":
    sys.exit(main())
