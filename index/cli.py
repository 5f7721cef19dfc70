"""`python -m index build|search|info`."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence

from tqdm import tqdm

from index.library import TOP_K, build_index, default_folder, open_index, read_manifest
from sources import AskPaperError, catalog

PREVIEW = 160  # characters of a chunk


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command line. Returns the exit status: 1 for a user's mistake."""
    options = _parser().parse_args(arguments)
    try:
        {"build": _build, "search": _search, "info": _info}[options.command](options)
    except AskPaperError as error:
        print(error, file=sys.stderr)
        return 1
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m index", description="Index papers and search.")
    commands = parser.add_subparsers(dest="command", required=True)
    build = commands.add_parser("build", help="index papers; does nothing when they are indexed")
    known = ", ".join(entry.paper_id for entry in catalog())
    build.add_argument(
        "papers", nargs="*", metavar="PAPER", help=f"files or known papers (default: {known})"
    )
    search = commands.add_parser("search", help="show the chunks that a question finds")
    search.add_argument("question")
    search.add_argument("-k", type=int, default=TOP_K, help="how many (default: %(default)s)")
    commands.add_parser("info", help="show what is indexed, and by what")
    return parser


def _build(options: argparse.Namespace) -> None:
    with tqdm(disable=None, unit="chunk") as bar:

        def progress(done: int, total: int) -> None:
            bar.total = total
            bar.update(done - bar.n)

        index = build_index(options.papers, progress=progress)
    print(f"{len(index.chunks)} chunks of {len(index.documents)} paper(s) in {default_folder()}")


def _search(options: argparse.Namespace) -> None:
    for found in open_index().search(options.question, options.k):
        met = ", ".join(f"{m.question_word}~{m.chunk_word}" for m in found.matches)
        text = found.chunk.text.replace("\n", " ")[:PREVIEW]
        print(f"{found.rank}. {found.score:.3f}  {' › '.join(found.chunk.section)}")
        print(f"   {text}\n   {met}")


def _info(options: argparse.Namespace) -> None:
    folder = default_folder()
    manifest = read_manifest(folder)
    index = open_index(folder)
    print(f"folder    {folder}")
    print(f"encoder   {manifest.encoder}")
    print(f"chunks    {manifest.chunks}")
    for document in index.documents.values():
        print(f"paper     {document.doc_id}  {document.name}  ({len(document.text):,} characters)")
