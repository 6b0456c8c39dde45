"""The tables as files."""

from __future__ import annotations

import re
from collections import defaultdict
from dataclasses import dataclass
from pathlib import Path

import tomli

_FOLDER = Path(__file__).resolve().parent.parent.parent / "stsec_magic" / "pickles" / "tables" / "known"
_TITLES = {"python": "Python", "sklearn": "scikit-learn", "imblearn": "imbalanced-learn"}
_TITLES.update(
    PIL="Pillow",
    dateutil="python-dateutil",
    torch="PyTorch",
    _catboost="catboost",
    _loss="scikit-learn",
    mtrand="numpy",
)
_WIDTH = 120


@dataclass(frozen=True, slots=True)
class Table:
    """What is known of one package.

    Attributes:
        top: Its name in an import.
        versions: Those that were looked at.
        names: Module and name.
    """

    top: str
    versions: set[str]
    names: set[tuple[str, str]]

    def with_(self, other: Table) -> Table:
        """Both together."""
        return Table(self.top, self.versions | other.versions, self.names | other.names)


def read(top: str) -> Table:
    """A table as it is; empty where there is none."""
    path = _FOLDER / f"{top}.toml"
    if not path.exists():
        return Table(top, set(), set())
    data = tomli.loads(path.read_text(encoding="utf-8"))
    names = {(module, name) for module, names in data["names"].items() for name in names}
    return Table(top, set(data["versions"]), names)


def write(table: Table) -> None:
    """Write a table, sorted."""
    modules: dict[str, set[str]] = defaultdict(set)
    for module, name in table.names:
        modules[module].add(name)
    versions = sorted(table.versions, key=_as_numbers)
    lines = [
        f'library = "{_TITLES.get(table.top, table.top)}"',
        *_list("versions", versions),
        "",
        "[names]",
        *(line for module in sorted(modules) for line in _list(f'"{module}"', sorted(modules[module]))),
    ]
    _FOLDER.mkdir(exist_ok=True)
    (_FOLDER / f"{table.top}.toml").write_text("\n".join(lines) + "\n", encoding="utf-8")


def _as_numbers(version: str) -> tuple[list[int], str]:
    return [int(part) for part in re.findall(r"\d{1,9}", version)], version


def _list(key: str, items: list[str]) -> list[str]:
    """A list on one line, or wrapped."""
    line = f"{key} = [" + ", ".join(f'"{item}"' for item in items) + "]"
    if len(line) <= _WIDTH:
        return [line]
    lines, row = [f"{key} = ["], "  "
    for item in items:
        if len(row) + len(item) + 4 > _WIDTH:
            lines.append(row.rstrip())
            row = "  "
        row += f'"{item}", '
    return [*lines, row.rstrip(), "]"]
