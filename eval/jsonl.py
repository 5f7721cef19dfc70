"""Reads JSON Lines, plain or gzipped, and says which line is wrong, why, and how to mend it.

Knows nothing of what the lines mean.
"""

from __future__ import annotations

import gzip
import json
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sources.errors import GoldError


@dataclass(frozen=True, slots=True)
class Line:
    """One JSON object of a file; `where` names file and line. Fields are typed when asked for."""

    where: str
    fields: dict[str, Any]

    def error(self, problem: str, remedy: str) -> GoldError:
        """What is wrong with this line, ready to raise."""
        return GoldError(f"{self.where}: {problem}; {remedy}")

    def text(self, name: str, default: str | None = None) -> str:
        """A string that is not blank. Raises GoldError, unless absent with a default."""
        value = self._get(name, default)
        if not isinstance(value, str) or (not value.strip() and value != default):
            raise self.error(f'"{name}" is not a text', f'write "{name}": "..."')
        return value

    def texts(self, name: str, default: tuple[str, ...] | None = None) -> tuple[str, ...]:
        """A list of strings, none blank. Raises GoldError, unless absent with a default."""
        value = self._get(name, default)
        if not _is_texts(value):
            raise self.error(f'"{name}" is not a list of texts', f'write "{name}": ["...", "..."]')
        return tuple(value)

    def groups(self, name: str) -> tuple[tuple[str, ...], ...]:
        """A list of lists of strings, no inner list empty; () when absent. Raises GoldError."""
        value = self._get(name, ())
        if not isinstance(value, list | tuple) or not all(g and _is_texts(g) for g in value):
            raise self.error(
                f'"{name}" is not a list of lists of texts', f'write "{name}": [["...", "..."]]'
            )
        return tuple(tuple(group) for group in value)

    def numbers(self, name: str) -> tuple[int, ...]:
        """A list of whole numbers from 1 on; () when absent. Raises GoldError."""
        value = self._get(name, ())
        if not isinstance(value, list | tuple) or not all(type(n) is int and n > 0 for n in value):
            raise self.error(f'"{name}" is not a list of numbers', f'write "{name}": [3, 4]')
        return tuple(value)

    def flag(self, name: str, default: bool | None = None) -> bool:
        """True or false. Raises GoldError, unless absent with a default."""
        value = self._get(name, default)
        if not isinstance(value, bool):
            raise self.error(f'"{name}" is not true or false', f'write "{name}": true')
        return value

    def _get(self, name: str, default: object) -> Any:
        if name not in self.fields and default is None:
            raise self.error(f'"{name}" is missing', "add the field")
        return self.fields.get(name, default)


def read_jsonl(path: Path) -> Iterator[Line]:
    """The objects of a file in UTF-8, read as gzip when its name ends in .gz; blank lines skipped.

    Raises GoldError when the file is missing, empty, no such text, or a line is no JSON object.
    """
    empty = True
    try:
        opened = gzip.open if path.suffix == ".gz" else open
        with opened(path, "rt", encoding="utf-8-sig") as lines:
            for number, line in enumerate(lines, 1):
                if line.strip():
                    empty = False
                    yield _parse(line, f"{path} line {number}")
    except FileNotFoundError as error:
        raise GoldError(f"{path}: no such file; check the path") from error
    except (OSError, EOFError, zlib.error) as error:
        raise GoldError(f"{path}: cannot be read ({error}); give a file of JSON lines") from error
    except UnicodeDecodeError as error:
        raise GoldError(f"{path}: not UTF-8 text ({error.reason}); save it as UTF-8") from error
    if empty:
        raise GoldError(f"{path}: empty; write one JSON object a line")


def _parse(line: str, where: str) -> Line:
    try:
        fields = json.loads(line)
    except json.JSONDecodeError as error:
        raise GoldError(
            f"{where}: not JSON ({error.msg} at column {error.colno}); "
            "write one JSON object on one line"
        ) from error
    if not isinstance(fields, dict):
        raise GoldError(f"{where}: not a JSON object; write one JSON object on one line")
    return Line(where, fields)


def _is_texts(value: object) -> bool:
    return isinstance(value, list | tuple) and all(isinstance(v, str) and v.strip() for v in value)
