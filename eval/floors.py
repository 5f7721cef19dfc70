"""Floors that a run has to reach, for CI.

A TOML file with a table [at_least] and a table [at_most]; each line is "group.metric" = number,
where the group is all, a language or a tag, as in the table that `python -m eval` prints.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from pathlib import Path

from eval.report import Row
from sources.errors import GoldError

FLOORS = Path(__file__).parent / "floors.toml"
TABLES = ("at_least", "at_most")

# Table -> "group.metric" -> bound.
Floors = dict[str, dict[str, float]]


def read_floors(path: Path) -> Floors:
    """The floors of a file. Raises GoldError that says what is wrong with it."""
    try:
        floors = tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise GoldError(f"{path}: cannot be read ({error}); give a TOML file of floors") from error
    for table, bounds in floors.items():
        if table not in TABLES or not isinstance(bounds, dict):
            raise GoldError(f'{path}: unknown entry "{table}"; use [at_least] and [at_most]')
        for name, bound in bounds.items():
            if isinstance(bound, bool) or not isinstance(bound, int | float) or "." not in name:
                raise GoldError(
                    f'{path}: wrong line "{name}" in [{table}]; write "group.metric" = 0.9'
                )
    return floors


def misses(rows: Mapping[str, Row], floors: Floors) -> list[str]:
    """One line for each floor that is not reached, or whose metric was not measured."""
    lines = []
    for table, bounds in floors.items():
        for name, bound in bounds.items():
            group, metric = name.split(".", 1)
            number = rows.get(group, {}).get(metric)
            wanted = f"wanted {table.replace('_', ' ')} {bound}"
            if number is None:
                lines.append(f"{name}: not measured, {wanted}")
            elif number.value < bound if table == "at_least" else number.value > bound:
                lines.append(f"{name}: {number.value:.3f} (n={number.n}), {wanted}")
    return lines
