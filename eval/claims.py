"""How often the check of a generated sentence errs: what is caught, what is wrongly marked.

Measures `app.support.objections` on our own claims and, given their files, on WiCE claims and on
translated sentences. Knows nothing of language models: a claim and what it cites are given.
"""

from __future__ import annotations

import math
import re
from collections import defaultdict
from pathlib import Path

from eval.jsonl import Line, read_jsonl
from sources.language import language_of
from sources.sentences import split_sentences

CLAIMS = Path(__file__).parent / "gold" / "claims.jsonl"
NEAREST = 3  # sentences that a claim without evidence cites
FIRST, EVERY = 1, 4  # of the pairs of translations; the check was tuned on other quarters
Z = 1.96  # of a 95 % interval

_NUMBER = re.compile(r"(?<![\w.:/-])\d[\d,]*(?:\.\d+)?(?![\d:])")
_YEAR = re.compile(r"(?:19|20)\d\d")
_COUNTRIES = {
    "en": re.compile(r"\b(China|Japan|Germany|France|Russia|India|Canada|Brazil|Egypt)\b"),
    "zh": re.compile(r"(中国|日本|德国|法国|俄罗斯|印度(?!尼)|加拿大|巴西|埃及)"),
}
# What is denied is affirmed, or the other way round: the first pattern that a sentence has.
_FLIPS = {
    "en": ((r"\b(?:do|does|did) not |n['’]t\b| (?:not|no|never)\b", ""),
           (r"\b(is|are|was|were|will|would|can|could|should|may|must|has|had)\b", r"\1 not")),
    "zh": ((r"(?:没有?|尚未|未能|不)(?=[会能是应要可得再想愿支同需存])|没(?=有)", ""),
           (r"(支持|同意|需要|允许|希望|应该|可以|会|能|是)", r"不\1")),
}  # fmt: skip
_OTHER = {"en": ("Norway", "Mexico"), "zh": ("挪威", "墨西哥")}

Marked = dict[str, list[bool]]


def measure(wice: Path | None = None, pairs: Path | None = None) -> str:
    """A table of the share marked "not supported" of each kind of claim, with 95 % intervals.

    Raises GoldError for a file that is missing or not as described in the functions below.
    """
    tables = {"our own": own()}
    if wice:
        tables["WiCE"] = read_wice(wice)
    if pairs:
        tables["translations"] = read_pairs(pairs)
    lines = []
    for name, marked in tables.items():
        lines.append(f"{name}: share marked as not supported")
        for kind, each in sorted(marked.items()):
            low, high = wilson(sum(each), len(each))
            share = sum(each) / len(each)
            lines.append(f"  {kind:32} {share:.3f}  [{low:.3f}, {high:.3f}]  n={len(each)}")
    return "\n".join(lines)


def own() -> Marked:
    """Our claims by half and kind, and by whether the quote is in another language."""
    from app.support import objections

    marked: Marked = defaultdict(list)
    for line in read_jsonl(CLAIMS):
        quotes = "\n".join(line.texts("quotes"))
        across = language_of(line.text("claim")) != language_of(quotes)
        objected = bool(objections(line.text("claim"), quotes))
        kind = f"{line.text('half')}: {line.text('kind')}"
        marked[kind].append(objected)
        marked[f"{kind}, {'across' if across else 'one language'}"].append(objected)
    return marked


def read_wice(folder: Path) -> Marked:
    """WiCE claims by label. A claim cites every sentence that an annotator chose, or the nearest.

    `documents.jsonl.gz` has `id` and `text`, a sentence a line; `questions.jsonl.gz` has the claim
    as `question`, its label as `answers` and `supporting_sentence_sets`: lists of lines, from 0,
    one for each way to support the claim. Raises GoldError.
    """
    from app.support import objections

    texts = {
        line.text("id"): line.text("text") for line in read_jsonl(folder / "documents.jsonl.gz")
    }
    marked: Marked = defaultdict(list)
    for line in read_jsonl(folder / "questions.jsonl.gz"):
        claim, document = line.text("question"), line.texts("gold_doc_ids")[0]
        if document not in texts:
            raise line.error(f"no document {document}", "add it to documents.jsonl.gz")
        cited = _chosen(line, texts[document].split("\n")) or _nearest(claim, texts[document])
        marked[line.texts("answers")[0]].append(bool(objections(claim, "\n".join(cited))))
    return marked


def read_pairs(path: Path) -> Marked:
    """Sentences that cite their translation, as they are and made wrong; a pair is `zh`, `en`.

    Wrong are: a changed last digit, another country, a negation more or less, the sentence after
    it. Beside the translation of the sentence after it, too: as it is, and with a number of that
    sentence for one of its own. Raises GoldError.
    """
    from app.support import objections

    lines = [{"zh": line.text("zh"), "en": line.text("en")} for line in read_jsonl(path)]
    marked: Marked = defaultdict(list)
    for at in range(FIRST, len(lines) - 1, EVERY):
        for ours, theirs in (("en", "zh"), ("zh", "en")):
            claim, following = lines[at][ours], lines[at + 1][ours]
            own = lines[at][theirs]
            both = f"{own}\n{lines[at + 1][theirs]}"
            kinds = {
                "true": (claim, own),
                "changed number": (_NUMBER.sub(_changed, claim, count=1), own),
                "other country": (_COUNTRIES[ours].sub(_OTHER[ours][at // EVERY % 2], claim), own),
                "flipped negation": (_flipped(claim, ours), own),
                "next sentence": (following, own),
                "true, beside the next": (claim, both),
                "exchanged number": (_exchanged(claim, following), both),
            }
            for kind, (text, cited) in kinds.items():
                if kind.startswith("true") or text != claim:
                    objected = bool(objections(text, cited))
                    marked[f"{kind}, {ours} cites {theirs}"].append(objected)
    return marked


def _changed(match: re.Match[str]) -> str:
    number = match[0].rstrip(",")
    return f"{number[:-1]}{(int(number[-1]) + 3) % 10}{match[0][len(number) :]}"


def _exchanged(claim: str, following: str) -> str:
    """The claim with a number of the sentence after it for one of its own, a year for a year."""
    own = set(_NUMBER.findall(claim))
    for number in _NUMBER.finditer(claim):
        year = bool(_YEAR.fullmatch(number[0]))
        for other in _NUMBER.findall(following):
            if other not in own and bool(_YEAR.fullmatch(other)) == year:
                return f"{claim[: number.start()]}{other}{claim[number.end() :]}"
    return claim


def _flipped(claim: str, language: str) -> str:
    for pattern, flipped in _FLIPS[language]:
        if (wrong := re.sub(pattern, flipped, claim, count=1)) != claim:
            return wrong
    return claim


def _chosen(line: Line, rows: list[str]) -> list[str]:
    sets = line.fields.get("supporting_sentence_sets")
    try:
        return [rows[at] for at in sorted({at for each in sets or () for at in each})]
    except (TypeError, IndexError) as error:
        raise line.error(
            f'"supporting_sentence_sets" does not list lines of the document ({error})',
            'write "supporting_sentence_sets": [[0, 2], [5]]',
        ) from error


def _nearest(claim: str, text: str) -> list[str]:
    from index.encoder import bundled_encoder

    sentences = [text[a:b] for a, b in split_sentences(text)]
    encoder = bundled_encoder()
    likeness = encoder.encode(sentences) @ encoder.encode([claim])[0]
    return [sentences[at] for at in sorted(likeness.argsort()[-NEAREST:])]


def wilson(hits: int, of: int) -> tuple[float, float]:
    """The 95 % interval of a share (Wilson, JASA 22, 1927)."""
    share, extra = hits / of, Z * Z / of
    middle, half = share + extra / 2, Z * math.sqrt(share * (1 - share) / of + extra / (4 * of))
    return (middle - half) / (1 + extra), (middle + half) / (1 + extra)
