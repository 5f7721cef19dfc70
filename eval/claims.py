"""How often the check of a generated sentence errs: what is caught, what is wrongly marked.

Measures `app.support.objections` on our sixty claims and, given its folder, on WiCE claims. Knows
nothing of language models: a claim and what it cites are given.
"""

from __future__ import annotations

import math
from collections import defaultdict
from pathlib import Path

from eval.jsonl import read_jsonl
from sources.language import language_of
from sources.sentences import split_sentences

CLAIMS = Path(__file__).parent / "gold" / "claims.jsonl"
Z = 1.96  # of a 95 % interval

Marked = dict[str, list[bool]]


def measure(wice: Path | None = None) -> str:
    """A table of the share marked "not supported" of each kind of claim, with 95 % intervals."""
    tables = {"our own": own()} | ({"WiCE": read_wice(wice)} if wice else {})
    lines = []
    for name, marked in tables.items():
        lines.append(f"{name}: share marked as not supported")
        for kind, each in sorted(marked.items()):
            low, high = wilson(sum(each), len(each))
            share = sum(each) / len(each)
            lines.append(f"  {kind:32} {share:.3f}  [{low:.3f}, {high:.3f}]  n={len(each)}")
    return "\n".join(lines)


def own() -> Marked:
    """Our claims by kind, and by whether the quote is in another language."""
    from app.support import objections

    marked: Marked = defaultdict(list)
    for line in read_jsonl(CLAIMS):
        quotes = "\n".join(line.texts("quotes"))
        across = language_of(line.text("claim")) != language_of(quotes)
        objected = bool(objections(line.text("claim"), quotes))
        marked[line.text("kind")].append(objected)
        marked[f"{line.text('kind')}, {'across' if across else 'one language'}"].append(objected)
    return marked


def read_wice(folder: Path) -> Marked:
    """WiCE claims that have supporting sentences, by label; a claim cites its first such set."""
    from app.support import objections

    texts = {
        line.text("id"): line.text("text") for line in read_jsonl(folder / "documents.jsonl.gz")
    }
    marked: Marked = defaultdict(list)
    for line in read_jsonl(folder / "questions.jsonl.gz"):
        text = texts[line.texts("gold_doc_ids")[0]]
        rows = text.split("\n")
        chosen = line.fields["supporting_sentence_sets"][0]
        cited = [rows[at] for at in chosen if at < len(rows)]
        if not cited:  # nothing supports it: it cites the beginning
            cited = [text[a:b] for a, b in split_sentences(text)[:3]]
        objected = bool(objections(line.text("question"), "\n".join(cited)))
        marked[line.texts("answers")[0]].append(objected)
    return marked


def wilson(hits: int, of: int) -> tuple[float, float]:
    """The 95 % interval of a share (Wilson, JASA 22, 1927)."""
    share, extra = hits / of, Z * Z / of
    middle, half = share + extra / 2, Z * math.sqrt(share * (1 - share) / of + extra / (4 * of))
    return (middle - half) / (1 + extra), (middle + half) / (1 + extra)
