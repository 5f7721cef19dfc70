"""`python -m eval gold check|add|import`: growing a gold set."""

from __future__ import annotations

import argparse
from collections.abc import Iterable
from pathlib import Path

from eval import goldadd, goldcheck, goldimport
from sources import Document, catalog, load_paper
from sources.errors import GoldError


def add_parser(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """The options of `gold` and of its three commands."""
    parser = commands.add_parser("gold", help="check a gold file, add to it, import others' sets")
    tasks = parser.add_subparsers(dest="task", required=True)
    checking = tasks.add_parser("check", help="is a gold file fit to measure on?")
    checking.add_argument("file", type=Path)
    checking.add_argument(
        "--against",
        type=Path,
        nargs="*",
        metavar="OTHER",
        help="files that must not hold the same questions (default: the others in its folder)",
    )
    adding = tasks.add_parser("add", help="add questions in the terminal, passages shown")
    adding.add_argument("file", type=Path, help="made if it is not there")
    adding.add_argument(
        "--feedback",
        type=Path,
        nargs="?",
        const=Path(),
        metavar="FILE",
        help="candidates from what readers rated (default: feedback.jsonl in the index folder)",
    )
    for each in (checking, adding):
        each.add_argument("--paper", help="a paper's file or id (default: the bundled paper)")
    importing = tasks.add_parser("import", help="SQuAD or CMRC JSON, or a BEIR folder")
    importing.add_argument("source", type=Path)
    importing.add_argument("out", type=Path, help="a folder for what is made")


def run(options: argparse.Namespace) -> int:
    """Run one of the three. Returns the exit status: 1 for a gold file with errors."""
    return {"check": _check, "add": _add, "import": _import}[options.task](options)


def _paper(options: argparse.Namespace) -> Document:
    return load_paper(options.paper or catalog()[0].paper_id)


def _check(options: argparse.Namespace) -> int:
    path: Path = options.file
    beside = sorted(path.parent.glob("*.jsonl"))
    others = options.against or [
        each for each in beside if each.resolve() != path.resolve() and goldcheck.is_gold(each)
    ]
    found = goldcheck.check(path, _paper(options), others)
    for finding in found:
        print(finding)
    serious = sum(finding.serious for finding in found)
    against = ", ".join(other.name for other in others) or "no other file"
    print(f"{path}: {serious} errors, {len(found) - serious} warnings; held against {against}")
    return 1 if serious else 0


def _add(options: argparse.Namespace) -> int:
    from app.assistant import Assistant
    from index.manifest import default_folder

    assistant = Assistant.open(options.paper)
    document = assistant.document
    if options.feedback is None:
        candidates: Iterable[goldadd.Candidate] = goldadd.typed(input)
    else:
        chosen = options.feedback if options.feedback.name else default_folder() / "feedback.jsonl"
        candidates = goldadd.read_feedback(chosen, document)
    desk = goldadd.Desk(
        document, lambda text, k: assistant.index.search(text, k, document.doc_id), input
    )
    try:
        added = desk.add(options.file, candidates)
    except OSError as error:
        raise GoldError(f"{options.file}: cannot be written ({error.strerror})") from error
    print(f"{added} added to {options.file}; check it: python -m eval gold check {options.file}")
    return 0


def _import(options: argparse.Namespace) -> int:
    imported = goldimport.read_source(options.source)
    written = goldimport.write(imported, options.out)
    print(f"{len(imported.documents)} documents, {len(imported.questions)} questions")
    print("\n".join(map(str, written)))
    return 0
