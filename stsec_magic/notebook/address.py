"""What a notebook says of itself and of its cells: language, id, count, tags."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NamedTuple

_DEFAULT_LANGUAGE = "python"


class CellAddress(NamedTuple):
    """What every text of a cell shares.

    Attributes:
        cell: The cell's number from 1; None for the notebook itself.
        cell_id: Its nbformat id.
        execution_count: Its execution count.
        tags: Its tags.
    """

    cell: int | None = None
    cell_id: str | None = None
    execution_count: int | None = None
    tags: frozenset[str] = frozenset()


def address_of(cell: object, number: int) -> CellAddress:
    """The address of a cell.

    Args:
        cell: The cell's JSON, whatever it is.
        number: Its number from 1.
    """
    if not isinstance(cell, Mapping):
        return CellAddress(number)
    return CellAddress(number, _string(cell.get("id")), _count(cell.get("execution_count")), _tags(cell))


def language_of(notebook: Mapping[str, Any]) -> str:
    """The kernel's language in lower case; Python where the notebook names none."""
    metadata = notebook.get("metadata")
    if isinstance(metadata, Mapping):
        for section, key in (("language_info", "name"), ("kernelspec", "language"), ("kernelspec", "name")):
            entry = metadata.get(section)
            name = entry.get(key) if isinstance(entry, Mapping) else None
            if isinstance(name, str) and name:
                return _language(name)
    return _DEFAULT_LANGUAGE


def _language(name: str) -> str:
    lowered = name.lower().encode("utf-8", "replace").decode()
    # "ipython", "python3", "conda-env-ml-py", "pyspark" kernels all speak Python.
    return "python" if "py" in lowered.split("-")[-1] else lowered


def _tags(cell: Mapping[str, Any]) -> frozenset[str]:
    metadata = cell.get("metadata")
    tags = metadata.get("tags") if isinstance(metadata, Mapping) else None
    return frozenset(tag for tag in tags if isinstance(tag, str)) if isinstance(tags, list) else frozenset()


def _string(value: object) -> str | None:
    return value if isinstance(value, str) else None


def _count(value: object) -> int | None:
    # JSON reports hold 64 bits.
    return value if isinstance(value, int) and not isinstance(value, bool) and abs(value) < 1 << 53 else None
