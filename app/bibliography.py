"""A paper becomes an entry in a reference list: GB/T 7714, APA or BibTeX.

Built from what the paper or the catalogue states and nothing else: where title, authors or year
are unknown there is no entry. It does not know the journal, nor a person from an organisation: a
Latin name's last word is taken for the surname, unless a comma ("Doe, Jane") says otherwise.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence

from sources import Document, Language

_NOT_KNOWN: dict[Language, dict[str, str]] = {
    "en": {"title": "title", "authors": "authors", "year": "year"},
    "zh": {"title": "题名", "authors": "作者", "year": "年份"},
}
_TEX = {char: f"\\{char}" for char in "{}%&$#_"} | {
    "\\": r"\textbackslash{}",
    "^": r"\textasciicircum{}",
    "~": r"\textasciitilde{}",
}
_PARTICLES = frozenset("da de del della der di du la le ten van von zu".split())


def missing(document: Document) -> tuple[str, ...]:
    """What an entry needs and nobody states, of "title", "authors" and "year"."""
    return tuple(name for name in ("title", "authors", "year") if not getattr(document, name))


def why_not(document: Document, language: Language) -> str:
    """One line for the reader of a paper that cannot be cited; "" for one that can."""
    lacks = [_NOT_KNOWN[language][name] for name in missing(document)]
    if not lacks:
        return ""
    if language == "zh":
        return f"论文未注明{'、'.join(lacks)}，无法生成参考文献条目。"
    return f"The paper does not state its {', '.join(lacks)}, so no reference can be given."


def references(document: Document) -> dict[str, str]:
    """The entry by the name of its style; empty for a paper that cannot be cited."""
    styles = {"GB/T 7714": gbt7714, "APA": apa, "BibTeX": bibtex}
    return {} if missing(document) else {name: make(document) for name, make in styles.items()}


def gbt7714(document: Document) -> str:
    """GB/T 7714-2015; the type is [EB/OL] with an address and [Z], "other", without one.

    The date on which the address was visited is left out: nobody recorded it.
    """
    if missing(document):
        return ""
    names = [_name(author, _gbt_name) for author in document.authors[:3]]
    if len(document.authors) > 3:
        names.append("等" if document.language == "zh" else "et al")
    title, url = _one_line(document.title), _url(document)
    end = f"[EB/OL]. ({document.year}). {url}." if url else f"[Z]. {document.year}."
    return f"{', '.join(names)}. {title}{end}"


def apa(document: Document) -> str:
    """APA, 7th edition, in plain text. Chinese names stay in Chinese: nothing says their pinyin."""
    if missing(document):
        return ""
    names = [_name(author, _apa_name) for author in document.authors]
    if len(names) > 20:
        names = [*names[:19], f"… {names[-1]}"]
    elif len(names) > 1:
        names[-1] = f"& {names[-1]}"
    listed = ", ".join(names)
    title = _one_line(document.title).rstrip(".")
    who = listed if listed.endswith(".") else f"{listed}."
    return f"{who} ({document.year}). {title}. {_url(document)}".rstrip()


def bibtex(document: Document) -> str:
    """A BibTeX entry of type misc: what kind of publication it is, nobody states."""
    if missing(document):
        return ""
    surname = _name(document.authors[0], lambda surname, _: surname)
    key = re.sub(r"[^A-Za-z0-9]", "", surname).lower() or "paper"
    fields = {
        "author": " and ".join(_tex(author) for author in document.authors),
        "title": f"{{{_tex(document.title)}}}",
        "year": str(document.year),
        "url": re.sub(r"[{}\\]", lambda found: f"%{ord(found[0]):02X}", _url(document)),
    }
    lines = [f"  {name} = {{{value}}}" for name, value in fields.items() if value]
    return f"@misc{{{key}{document.year},\n" + ",\n".join(lines) + "\n}"


def _name(author: str, put: Callable[[str, Sequence[str]], str]) -> str:
    """`put(surname, given names)`, or the name as it is where it has no such parts."""
    author = _one_line(author)
    if "," in author:
        surname, _, rest = author.partition(",")
        given = rest.split()
    else:
        words = author.split()
        at = next((n for n, word in enumerate(words) if word in _PARTICLES), len(words) - 1)
        surname, given = " ".join(words[at:]), words[:at]
    if not given or (not author.isascii() and re.search(r"[\u3400-\u9fff]", author)):
        return author
    return put(surname, given)


def _gbt_name(surname: str, given: Sequence[str]) -> str:
    return " ".join([surname.upper(), *(word[0].upper() for word in given)])


def _apa_name(surname: str, given: Sequence[str]) -> str:
    return f"{surname}, {' '.join(f'{word[0].upper()}.' for word in given)}"


def _url(document: Document) -> str:
    """The address, if it is one of the web."""
    url = "".join(document.url.split())
    return url if url.lower().startswith(("https://", "http://")) else ""


def _one_line(text: str) -> str:
    return " ".join(text.split())


def _tex(text: str) -> str:
    return "".join(_TEX.get(char, char) for char in _one_line(text))
