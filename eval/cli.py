"""`python -m eval`: the gold questions; `python -m eval retrieval`: retrieval alone;
`python -m eval followups`: how follow-ups are rewritten, by what retrieval then finds;
`python -m eval papers`: answers on other papers; `python -m eval wordings`: questions typed in
other ways.

The only place of the suite that names our assistant and our retrieval; put another in its place
to measure that one.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import asdict
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import get_args

from tqdm import tqdm

from eval import (
    claims,
    compare,
    failures,
    followups,
    goldcli,
    judge,
    latency,
    page,
    papers,
    reading,
    report,
    retrieval,
    wordings,
)
from eval.floors import FLOORS, misses, read_floors
from eval.gold import GoldQuestion, Half, gold_path, read_gold
from eval.journal import fingerprint, open_journal
from eval.records import EvalReport, read_runs
from eval.retrieval import Build, Pool
from eval.runner import AskableAssistant, run
from sources.documents import Document
from sources.errors import AskPaperError, GoldError

LATEST = Path(".eval/latest.json")

Open = Callable[[str | None], tuple[AskableAssistant, Document]]


def open_assistant(paper: str | None = None) -> tuple[AskableAssistant, Document]:
    """Our assistant on a paper, by default the bundled one, and that paper."""
    # Imported here, so that --help and a wrong gold file need no model.
    from app.assistant import Assistant

    assistant = Assistant.open(paper)
    return assistant, assistant.document


def open_papers(
    texts: Mapping[str, str], folder: Path
) -> Iterator[tuple[str, AskableAssistant, Document]]:
    """Our assistant on each of these papers, which are read as text files and indexed together."""
    from app.assistant import Assistant
    from index.ingest import add_papers
    from sources import load_paper

    read = {}
    for number, (paper, text) in enumerate(texts.items()):
        path = folder / f"paper-{number}.txt"
        path.write_text(text, encoding="utf-8")
        read[paper] = load_paper(path)
    index = add_papers(read.values(), folder / "index")
    for paper, document in read.items():
        yield paper, Assistant(index, document.doc_id), document


def build_pool(texts: list[str]) -> Pool:
    """Our retrieval over bare texts."""
    from index.retrieval import Searcher

    return Searcher.from_texts(texts)


def open_judge() -> judge.Ask:
    """The language model that is configured. Raises GoldError when none is."""
    from app.llm import VARIABLE, open_llm

    model = open_llm()
    if model is None:
        raise GoldError(f"no language model is configured to judge; set {VARIABLE}")
    return lambda prompt: model.reply("You judge answers about a paper.", prompt)


def main(
    arguments: Sequence[str] | None = None,
    open_assistant: Open = open_assistant,
    build_pool: Build = build_pool,
    open_judge: Callable[[], judge.Ask] = open_judge,
) -> int:
    """Run the command line. Returns the exit status: 1 for a user's mistake or a missed floor."""
    options = _parser().parse_args(arguments)
    commands: dict[str | None, Callable[[], int]] = {
        None: lambda: _gold(options, open_assistant),
        "compare": lambda: _compare(*options.compare),
        "retrieval": lambda: _retrieval(options, build_pool),
        "gold": lambda: goldcli.run(options),
        "judge": lambda: _judge(options, open_judge),
        "latency": lambda: _print(latency.measure()),
        "claims": lambda: _print(claims.measure(options.wice, options.pairs)),
        "reading": lambda: _print(
            reading.measure(options.documents, options.questions, options.limit, options.held_out)
        ),
        "followups": lambda: _followups(options, build_pool),
        "papers": lambda: _papers(options),
        "wordings": lambda: _wordings(options, open_assistant),
    }
    try:
        return commands["compare" if options.compare else options.command]()
    except AskPaperError as error:
        print(error, file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        print("interrupted; the same command goes on from here", file=sys.stderr)
        return 130


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m eval", description="Measure the assistant on gold questions."
    )
    parser.add_argument(
        "--half",
        choices=[*get_args(Half), "all"],
        default="all",
        help="which half of our own questions (default: all, one after the other)",
    )
    parser.add_argument(
        "--gold", type=Path, metavar="FILE", help="these questions instead, JSON Lines or .gz"
    )
    parser.add_argument("--paper", help="the paper that FILE asks about: a file, or an indexed id")
    parser.add_argument(
        "--json",
        type=Path,
        metavar="OUT",
        default=LATEST,
        help="default: %(default)s; a page of the same name, .html, is written beside it",
    )
    parser.add_argument(
        "--fail-under",
        type=Path,
        nargs="?",
        const=FLOORS,
        metavar="FLOORS",
        help="exit with 1 if a metric misses its floor (default file: eval/floors.toml)",
    )
    parser.add_argument(
        "--compare",
        type=Path,
        nargs=2,
        metavar=("OLD", "NEW"),
        help="instead of a run: two runs' JSON, tested in pairs; exit with 1 if NEW is worse",
    )
    commands = parser.add_subparsers(dest="command", title="other measurements")
    alone = commands.add_parser("retrieval", help="measure retrieval alone on any set")
    _add_set(alone, "id, question, gold_doc_ids", required=False)
    alone.add_argument(
        "--pairs", type=Path, metavar="FILE", help="parallel sentences instead: zh, en"
    )
    alone.add_argument("--limit", type=int, metavar="N", help="only the first N questions")
    alone.add_argument("--json", type=Path, metavar="OUT")
    read = commands.add_parser("reading", help="the right sentence first, and how sure to be")
    _add_set(read, "id, question, gold_doc_ids, answers, answerable")
    read.add_argument("--limit", type=int, metavar="N", help="only the first N questions")
    read.add_argument(
        "--held-out",
        action="store_true",
        help="only the half of the passages that app.fit leaves out of a set given as --halved",
    )
    whole = commands.add_parser("papers", help="answers on whole papers, each asked alone")
    _add_set(whole, "id, question, lang, gold_doc_ids, answers, answer_starts or evidence")
    whole.add_argument("--limit", type=int, metavar="N", help="only the first N questions")
    whole.add_argument("--json", type=Path, metavar="OUT", help="all answers, and a page of them")
    rewriting = commands.add_parser("followups", help="follow-ups as typed and as rewritten")
    _add_set(rewriting, "id, question, gold_doc_ids, history (questions and answers in turn)")
    typed = commands.add_parser("wordings", help="our dev questions, typed in other ways")
    typed.add_argument("--limit", type=int, metavar="N", help="only the first N questions")
    goldcli.add_parser(commands)
    judging = commands.add_parser("judge", help="a language model's opinion of a run's answers")
    judging.add_argument("run", type=Path, nargs="?", default=LATEST, help="default: %(default)s")
    commands.add_parser("latency", help="a warm answer beside a bare Chroma query")
    checked = commands.add_parser("claims", help="how often the check of generated answers errs")
    checked.add_argument("--wice", type=Path, metavar="DIR", help="WiCE claims too")
    checked.add_argument("--pairs", type=Path, metavar="FILE", help="translations too: zh, en")
    return parser


def _add_set(parser: argparse.ArgumentParser, fields: str, *, required: bool = True) -> None:
    """The two files of a set; `fields` are those of its questions."""
    for option, metavar, held in (("--documents", "D", "id, text"), ("--questions", "Q", fields)):
        parser.add_argument(
            option, type=Path, metavar=metavar, required=required, help=f"JSON Lines: {held}"
        )


def _gold(options: argparse.Namespace, open_assistant: Open) -> int:
    halves: tuple[Half, ...] = get_args(Half) if options.half == "all" else (options.half,)
    paths = [options.gold] if options.gold else [gold_path(half) for half in halves]
    # What is wrong with a file should show now, not after minutes of asking.
    questions = {path.name.split(".")[0]: read_gold(path) for path in paths}
    floors = read_floors(options.fail_under) if options.fail_under else {}
    _make_writable(options.json)
    assistant, document = open_assistant(options.paper)
    reports, missed = {}, []
    for name, gold in questions.items():
        reports[name] = _run(gold, assistant, document, _partial(options.json, name))
        print(report.to_text(name, reports[name]), end="\n\n")
        # Who tunes must not learn the held-out questions by measuring on them.
        if name != gold_path("test").stem:
            print(failures.to_text(reports[name].records), end="\n\n")
        rows = report.summarise(reports[name].records)
        missed += [f"{name} {line}" for line in misses(rows, floors)]
    _write(reports, options.json)
    for name in questions:
        _partial(options.json, name).unlink(missing_ok=True)
    for line in missed:
        print(line, file=sys.stderr)
    return 1 if missed else 0


def _run(
    gold: Sequence[GoldQuestion], assistant: AskableAssistant, document: Document, partial: Path
) -> EvalReport:
    with open_journal(partial, fingerprint(gold, document, assistant.index)) as journal:
        if journal.kept:
            print(f"{len(journal.kept)} of {len(gold)} answers are kept from an interrupted run")
        return run(gold, assistant, document, journal)


def _partial(out: Path, name: str) -> Path:
    return out.with_name(f"{out.stem}.{name}.partial.jsonl")


def _compare(old: Path, new: Path) -> int:
    text, worse = compare.compare(read_runs(old), read_runs(new))
    print(text)
    for change in worse:
        print(f"{change.metric}: worse, p {change.adjusted:.4f}", file=sys.stderr)
    return 1 if worse else 0


def _retrieval(options: argparse.Namespace, build_pool: Build) -> int:
    if options.pairs:
        ranking = retrieval.read_pairs(options.pairs, options.limit)
    elif options.documents and options.questions:
        ranking = retrieval.read_set(options.documents, options.questions, options.limit)
    else:
        raise GoldError("nothing to measure on; give --documents and --questions, or --pairs")
    if options.json:
        _make_writable(options.json)
    measured = retrieval.measure(ranking, build_pool)
    print(retrieval.to_text(measured))
    if options.json:
        rows = {direction: report.rows_to_dict(legs) for direction, legs in measured.items()}
        options.json.write_text(json.dumps(rows, indent=1), encoding="utf-8")
    return 0


def _judge(options: argparse.Namespace, open_judge: Callable[[], judge.Ask]) -> int:
    runs = read_runs(options.run)
    out = options.run.with_suffix(".judge.json")
    _make_writable(out)
    ask = open_judge()
    judged = {}
    for name, kept in runs.items():
        asked = tqdm(kept.records, disable=None, unit="answer")
        opinions = [each for record in asked if (each := judge.opinion(record, ask))]
        judged[name] = [asdict(each) for each in opinions]
        out.write_text(json.dumps(judged, ensure_ascii=False, indent=1), encoding="utf-8")
        print(f"{name}: a language model's opinion of {len(opinions)} answers")
        print(*report.table({name: judge.summarise(opinions)}, ["faithful", "complete"]), sep="\n")
    print(f"its reasons: {out}")
    return 0


def _followups(options: argparse.Namespace, build_pool: Build) -> int:
    asked = followups.read_followups(options.documents, options.questions)
    return _print(followups.measure(asked, build_pool))


def _papers(options: argparse.Namespace) -> int:
    asked = papers.read_papers(options.documents, options.questions, options.limit)
    if options.json:
        _make_writable(options.json)
    with TemporaryDirectory() as folder:
        measured, left_out = papers.measure(asked, open_papers(asked.texts, Path(folder)))
    name = options.questions.parent.name
    print(report.to_text(name, measured))
    print(f"{left_out} questions left out: their evidence is not in the text as it was read")
    if options.json:
        _write({name: measured}, options.json)
    return 0


def _wordings(options: argparse.Namespace, open_assistant: Open) -> int:
    gold = read_gold(options.gold or gold_path("dev"))[: options.limit]
    return _print(wordings.measure(gold, *open_assistant(options.paper)))


def _write(reports: Mapping[str, EvalReport], out: Path) -> None:
    out.write_text(report.to_json(reports), encoding="utf-8")
    drawn = out.with_suffix(".html")
    drawn.write_text(page.to_html(reports), encoding="utf-8")
    print(f"all answers: {drawn}")


def _print(text: str) -> int:
    print(text)
    return 0


def _make_writable(path: Path) -> None:
    if path.suffix == ".html":
        raise GoldError(f"{path}: the page gets this name; give --json one that ends in .json")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.open("a").close()
    except OSError as error:
        raise GoldError(
            f"{path}: cannot be written ({error.strerror}); give --json another path"
        ) from error
