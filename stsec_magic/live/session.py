"""The cells that ran in this kernel, as a notebook, and the file of the notebook where the kernel is told of it."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from stsec_magic.model.finding import Finding
from stsec_magic.model.location import SESSION
from stsec_magic.notebook.read import RawNotebook, from_mapping, read
from stsec_magic.notebook.text import parts

_NOTEBOOK = ".ipynb"


@dataclass(frozen=True, slots=True)
class Ran:
    """A cell that ran.

    Attributes:
        number: The number of its prompt, ``In [n]``.
        source: Its text.
        metadata: Its metadata, as far as they are known: tags.
    """

    number: int
    source: str = field(repr=False)
    metadata: Mapping[str, Any] = field(default_factory=dict)


class History:
    """The cells that ran, without those that were stopped."""

    def __init__(self, inputs: Callable[[], list[str]]) -> None:
        """Take where IPython keeps them.

        Args:
            inputs: Gives all texts by the number of their prompt.
        """
        self._inputs = inputs
        self.left_out: set[int] = set()

    @property
    def next_number(self) -> int:
        """The number of the next prompt that is kept."""
        return len(self._inputs())

    def cells(self, before: int | None = None) -> list[Ran]:
        """The cells in the order in which they ran last; of equal ones the last.

        Args:
            before: The number of the prompt that ends it; None for all.
        """
        found: dict[str, int] = {}
        for count, source in enumerate(self._inputs()[:before]):
            if count and source.strip() and count not in self.left_out:
                found.pop(source, None)
                found[source] = count
        return [Ran(count, source) for source, count in found.items()]


def as_notebook(cells: Iterable[Ran]) -> RawNotebook:
    """Cells that ran as a notebook.

    Args:
        cells: In order.
    """
    rows = [
        {
            "cell_type": "code",
            "execution_count": cell.number,
            "metadata": dict(cell.metadata),
            "outputs": [],
            "source": cell.source,
        }
        for cell in cells
    ]
    metadata = {"language_info": {"name": "python"}}
    return from_mapping({"cells": rows, "metadata": metadata, "nbformat": 4, "nbformat_minor": 5}, SESSION)


def renumbered(findings: Iterable[Finding], cells: Sequence[Ran]) -> list[Finding]:
    """Findings with the numbers of prompts in place of those of cells.

    Args:
        findings: In the notebook made of the cells.
        cells: The cells.
    """

    def number(cell: int | None) -> int | None:
        return None if cell is None else cells[cell - 1].number

    return [
        replace(
            each,
            location=replace(each.location, cell=number(each.location.cell)),
            related=tuple(
                replace(other, cell=number(other.cell)) if other.path == SESSION else other for other in each.related
            ),
        )
        for each in findings
    ]


def own_path(variables: Mapping[str, object]) -> str | None:
    """The file of the notebook that this kernel runs.

    Args:
        variables: The user's namespace, in which VS Code tells it.

    Returns:
        Its path, as Jupyter's server or the editor tells it; None where nobody does, or it isn't saved yet.
    """
    told = variables.get("__vsc_ipynb_file__")
    candidates = (told if isinstance(told, str) else "", os.environ.get("JPY_SESSION_NAME", ""))
    for path in candidates:
        if path.endswith(_NOTEBOOK) and Path(path).is_file():
            return near(path)
    return None


def near(path: str) -> str:
    """A path from the working directory on, where it leads downward: what is shown is saved in notebooks.

    Args:
        path: Any path.
    """
    try:
        return Path(path).relative_to(Path.cwd()).as_posix()
    except (ValueError, OSError):
        return path


def saved_metadata(path: str | None, source: str) -> dict[str, Any]:
    """The metadata of a cell, as the notebook's file has them.

    Args:
        path: The file; None where it isn't known.
        source: The cell's text.

    Returns:
        Empty where the file doesn't have the cell, or not once.
    """
    data = None if path is None else read(path).data
    if data is None:
        return {}
    found = [cell for cell in data["cells"] if isinstance(cell, Mapping) and parts(cell.get("source"))[0] == source]
    metadata = found[0].get("metadata") if len(found) == 1 else None
    return dict(metadata) if isinstance(metadata, Mapping) else {}


def sources(raw: RawNotebook) -> set[str]:
    """The texts of a notebook's cells, without the space around them.

    Args:
        raw: The notebook.
    """
    cells = [] if raw.data is None else raw.data["cells"]
    return {(parts(cell.get("source"))[0] or "").strip() for cell in cells if isinstance(cell, Mapping)}
