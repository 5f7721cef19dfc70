"""`python -m index build|add|remove|list|search|info|verify`."""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import NoReturn

from tqdm import tqdm

from index.build import build_index
from index.ingest import Progress, add_papers, remove_papers
from index.library import TOP_K, Index, open_index
from index.manifest import default_folder, way_back
from index.repair import repair_index, verify_index
from sources import AskPaperError, PaperError, catalog
from sources.loaders import FORMATS, is_url

PREVIEW = 160  # characters of a chunk
PAPERS_SHOWN = 10  # by `info`; `list` shows them all
BATCH = 32_000_000  # bytes of papers in one change; what is broken off goes on after the last one


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command line. Returns the exit status: 1 for a user's mistake."""
    options = _parser().parse_args(arguments)
    try:
        status: int | None = options.run(options)
        return status or 0
    except AskPaperError as error:
        print(error, file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        print("broken off; what was put in the index before stays", file=sys.stderr)
        return 130


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m index", description="Index papers and search.")
    commands = parser.add_subparsers(dest="command", required=True)
    known = ", ".join(entry.paper_id for entry in catalog())
    build = commands.add_parser("build", help="index papers; does nothing when they are indexed")
    build.add_argument(
        "papers", nargs="*", metavar="PAPER", help=f"files or known papers (default: {known})"
    )
    build.set_defaults(run=_build)
    add = commands.add_parser("add", help="add papers, or replace those that have changed")
    add.add_argument(
        "papers", nargs="+", metavar="FILE|FOLDER|URL", help="a folder: all papers in it"
    )
    add.add_argument(
        "--workers", type=int, default=os.cpu_count() or 1, help="processes (default: %(default)s)"
    )
    add.set_defaults(run=_add)
    remove = commands.add_parser("remove", help="remove papers")
    remove.add_argument("ids", nargs="+", metavar="ID", help="as `list` shows them")
    remove.set_defaults(run=_remove)
    commands.add_parser("list", help="show the papers").set_defaults(run=_list)
    search = commands.add_parser("search", help="show the chunks that a question finds")
    search.add_argument("question")
    search.add_argument("-k", type=int, default=TOP_K, help="how many (default: %(default)s)")
    search.add_argument("--paper", action="append", metavar="ID", help="only in it; repeat it")
    search.add_argument("--year", action="append", type=int, help="only in papers of; repeat it")
    search.add_argument("--section", metavar="TEXT", help="only below headings that hold it")
    search.set_defaults(run=_search)
    info = commands.add_parser("info", help="show what is indexed, and by what")
    info.set_defaults(run=_info)
    verify = commands.add_parser("verify", help="check every file of the index")
    verify.add_argument("--repair", action="store_true", help="mend what is wrong")
    verify.set_defaults(run=_verify)
    return parser


def _build(options: argparse.Namespace) -> None:
    with _bar() as bar:
        index = build_index(options.papers, progress=_onto(bar, 0))
    print(_summary(index))


def _add(options: argparse.Namespace) -> int:
    """Folders are added in batches, each a change of its own: what is broken off can go on."""
    files = [file for paper in options.papers for file in _files(paper)]
    failed: list[PaperError] = []
    skip = None if len(files) == 1 else lambda name, error: failed.append(error)
    batches = list(_batches(files))
    with _bar(sum(size for _, size in batches)) as bar:
        done = 0
        for batch, size in batches:
            index = add_papers(batch, progress=_onto(bar, done), workers=options.workers, skip=skip)
            done += size
            bar.update(done - bar.n)
    for error in failed:
        print(error, file=sys.stderr)
    print(_summary(index))
    return 1 if failed else 0


def _files(paper: str) -> list[str]:
    """The papers in a folder, in order; what is no folder as it is."""
    if is_url(paper) or not Path(paper).is_dir():
        return [paper]
    found = (path for path in Path(paper).rglob("*") if path.suffix.lower() in FORMATS)
    files = sorted(str(path) for path in found if path.is_file())
    if not files:
        raise PaperError(f"no papers in {paper!r}: give a folder with {', '.join(FORMATS)} files")
    return files


def _batches(files: Sequence[str]) -> Iterator[tuple[list[str], int]]:
    batch, size = [], 0
    for file in files:
        batch.append(file)
        distant = is_url(file)  # of a size that is not known: alone in memory
        size += Path(file).stat().st_size if not distant and Path(file).is_file() else 0
        if distant or size >= BATCH:
            yield batch, size
            batch, size = [], 0
    if batch:
        yield batch, size


def _bar(total: int | None = None) -> tqdm[NoReturn]:
    return tqdm(total=total, disable=None, unit="B", unit_scale=True, delay=0.5)


def _onto(bar: tqdm[NoReturn], before: int) -> Progress:
    def progress(done: int, total: int) -> None:
        bar.total = max(bar.total or 0, before + total)
        bar.update(before + done - bar.n)

    return progress


def _remove(options: argparse.Namespace) -> None:
    print(_summary(remove_papers(options.ids)))


def _summary(index: Index) -> str:
    return f"{len(index.chunks)} chunks of {len(index.documents)} paper(s) in {default_folder()}"


def _list(options: argparse.Namespace) -> None:
    for paper in open_index().papers:
        year = f" ({paper.year})" if paper.year else ""
        # A file may be called anything; each paper gets one line.
        source = "".join(c if c.isprintable() else repr(c)[1:-1] for c in paper.source)
        print(f"{paper.doc_id}  {paper.name}{year}  {paper.chunks} chunks  {source}")


def _search(options: argparse.Namespace) -> None:
    index = open_index()
    for found in index.search(
        options.question, options.k, options.paper, years=options.year, section=options.section
    ):
        pairs = dict.fromkeys(f"{m.question_word}~{m.chunk_word}" for m in found.matches)
        met = ", ".join(pairs)
        text = found.chunk.text.replace("\n", " ")[:PREVIEW]
        place = [found.chunk.doc_id] * (len(index.documents) > 1) + [*found.chunk.section]
        print(f"{found.rank}. {found.score:.3f}  {' › '.join(place)}")
        print(f"   {text}\n   {met}")


def _info(options: argparse.Namespace) -> None:
    index, folder = open_index(), default_folder()
    size = sum(path.stat().st_size for path in folder.rglob("*") if path.is_file())
    print(f"folder    {folder}  ({size / 1e6:.1f} MB)")
    print(f"encoder   {index.manifest.encoder}")
    print(f"segments  {len(index.manifest.segments)}")
    print(f"chunks    {index.manifest.chunks}")
    print(f"papers    {len(index.documents)}")
    for paper in index.papers[:PAPERS_SHOWN]:
        print(f"paper     {paper.doc_id}  {paper.name}  ({paper.characters:,} characters)")


def _verify(options: argparse.Namespace) -> int:
    if options.repair:
        for line in repair_index():
            print(line)
    wrong = verify_index()
    for line in wrong:
        print(line)
    if wrong:
        print(way_back(default_folder()), file=sys.stderr)
        return 1
    print(f"{_summary(open_index())}: all is well")
    return 0
