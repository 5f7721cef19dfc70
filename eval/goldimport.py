"""Sets that others made, in our formats: SQuAD and CMRC 2018 JSON files, and BEIR folders.

Every import gives documents.jsonl and questions.jsonl for `python -m eval retrieval`. SQuAD and
CMRC also say where in a passage the answer stands, so they give a paper (paper.txt, the passages
one after another) and gold.jsonl for `python -m eval --paper … --gold …`: the evidence is the
sentence around the answer, which must be included. Knows nothing of licences: they stay theirs.
"""

from __future__ import annotations

import csv
import json
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from eval.jsonl import read_jsonl
from sources.errors import GoldError
from sources.language import language_of
from sources.sentences import split_sentences

Row = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Imported:
    """Rows of documents.jsonl, of questions.jsonl and, where answers have places, of gold.jsonl."""

    documents: list[Row]
    questions: list[Row]
    gold: list[Row]


def read_source(path: Path) -> Imported:
    """A SQuAD or CMRC file, or a BEIR folder. Raises GoldError for anything else."""
    if path.is_dir():
        return _beir(path)
    try:
        data = json.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError as error:
        raise GoldError(f"{path}: no such file; check the path") from error
    except (OSError, ValueError) as error:
        raise GoldError(
            f"{path}: cannot be read ({error}); give a SQuAD or CMRC JSON file, or a BEIR folder"
        ) from error
    try:
        imported = _squad(list(_passages(data)))
    except (KeyError, TypeError, AttributeError, IndexError) as error:
        raise GoldError(
            f"{path}: not in the format of SQuAD or CMRC 2018 ({error!r}); "
            "every passage has a context, every question an id and answers"
        ) from error
    if not imported.questions:
        raise GoldError(f"{path}: holds no question; give a SQuAD or CMRC JSON file")
    return imported


def write(imported: Imported, folder: Path) -> list[Path]:
    """Write the files into a folder that has none of them. Raises GoldError where it has."""
    rows = {"documents.jsonl": imported.documents, "questions.jsonl": imported.questions}
    texts = {
        name: "".join(json.dumps(row, ensure_ascii=False) + "\n" for row in lines)
        for name, lines in rows.items()
    }
    if imported.gold:
        texts["gold.jsonl"] = "".join(
            json.dumps(row, ensure_ascii=False) + "\n" for row in imported.gold
        )
        texts["paper.txt"] = "\n\n".join(row["text"] for row in imported.documents)
    try:
        folder.mkdir(parents=True, exist_ok=True)
        for name, text in texts.items():
            with (folder / name).open("x", encoding="utf-8") as file:
                file.write(text)
    except FileExistsError as error:
        raise GoldError(f"{error.filename}: is there already; give an empty folder") from error
    except OSError as error:
        raise GoldError(f"{folder}: cannot be written ({error.strerror})") from error
    return [folder / name for name in texts]


@dataclass(frozen=True, slots=True)
class _Passage:
    text: str
    questions: Sequence[Row]


def _passages(data: Any) -> Iterator[_Passage]:
    """The passages of both formats: SQuAD's nested one, and CMRC 2018's own flat list."""
    if isinstance(data, list):
        for row in data:
            asked = [
                {"id": q["query_id"], "question": q["query_text"], "answers": q["answers"]}
                for q in row["qas"]
            ]
            yield _Passage(row["context_text"], asked)
        return
    for article in data["data"]:
        for paragraph in article["paragraphs"]:
            asked = [
                {
                    "id": str(q["id"]),
                    "question": q["question"],
                    "answers": [answer["text"] for answer in q["answers"]],
                    "starts": [answer.get("answer_start", -1) for answer in q["answers"]],
                }
                for q in paragraph["qas"]
            ]
            yield _Passage(paragraph["context"], asked)


def _squad(passages: Sequence[_Passage]) -> Imported:
    imported = Imported([], [], [])
    for number, passage in enumerate(passages, 1):
        doc_id = f"p{number}"
        imported.documents.append({"id": doc_id, "text": passage.text})
        for row in passage.questions:
            answers = list(dict.fromkeys(row["answers"]))
            answerable = bool(answers)
            question = {"id": row["id"], "question": row["question"], "gold_doc_ids": [doc_id]}
            imported.questions.append(question | {"answers": answers, "answerable": answerable})
            evidence = _evidence(passage.text, row) if answerable else []
            if answerable and not evidence:
                continue
            imported.gold.append(
                {
                    "id": row["id"],
                    "question": row["question"],
                    "lang": language_of(row["question"]),
                    "answerable": answerable,
                    "evidence": evidence,
                    "must_include": [answers] if answers else [],
                }
            )
    return imported


def _evidence(text: str, row: Row) -> list[str]:
    """The sentences in which an answer begins, where it is said or found."""
    places = set()
    for at, answer in enumerate(row["answers"]):
        said = row.get("starts", [])[at : at + 1]
        right = said and text[said[0] : said[0] + len(answer)] == answer
        start = said[0] if right else text.find(answer)
        places |= {span for span in split_sentences(text) if span[0] <= start < span[1]}
    return [text[start:end] for start, end in sorted(places)]


def _beir(folder: Path) -> Imported:
    texts = {
        line.text("_id"): "\n".join(filter(None, map(line.fields.get, ("title", "text")))).strip()
        for line in read_jsonl(_found(folder, "corpus.jsonl"))
    }
    # Some corpora hold documents without a text; nothing can find them.
    documents = [{"id": name, "text": text} for name, text in texts.items() if text]
    relevant = defaultdict(list)
    for query, document, score in _qrels(folder):
        if score > 0 and texts.get(document):
            relevant[query].append(document)
    questions = [
        {"id": name, "question": line.text("text"), "gold_doc_ids": relevant[name]}
        for line in read_jsonl(_found(folder, "queries.jsonl"))
        if (name := line.text("_id")) in relevant
    ]
    if not questions:
        raise GoldError(f"{folder}: no query of queries.jsonl has a relevant document in qrels")
    return Imported(documents, questions, [])


def _found(folder: Path, name: str) -> Path:
    for path in (folder / name, folder / f"{name}.gz"):
        if path.exists():
            return path
    raise GoldError(f"{folder}: no {name}; a BEIR folder has corpus.jsonl, queries.jsonl, qrels/")


def _qrels(folder: Path) -> Iterator[tuple[str, str, int]]:
    """Query, document and score of each line; the test split where there are several."""
    path = next(
        (p for s in ("test", "dev", "train") if (p := folder / "qrels" / f"{s}.tsv").exists()),
        None,
    )
    if path is None:
        raise GoldError(f"{folder}: no qrels/test.tsv, dev.tsv or train.tsv")
    with path.open(encoding="utf-8", newline="") as file:
        for number, row in enumerate(csv.reader(file, delimiter="\t"), 1):
            if number == 1 and row and not row[-1].lstrip("-").isdecimal():
                continue
            try:
                query, document, score = row
                yield query, document, int(score)
            except ValueError as error:
                raise GoldError(
                    f"{path} line {number}: not query, document, score; apart by tabs"
                ) from error
