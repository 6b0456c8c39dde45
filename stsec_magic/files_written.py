"""The files that a notebook or a script writes."""

from __future__ import annotations

from typing import NamedTuple

from stsec_magic.checker import examine
from stsec_magic.hits import scanner
from stsec_magic.model.config import Config
from stsec_magic.notebook.script import read_code
from stsec_magic.notebook.walk import Walk
from stsec_magic.rules.search import search


class Written(NamedTuple):
    """A file that a notebook or a script writes.

    Attributes:
        file: The file's path, as the code names it.
        path: The notebook or script, as reports may show it.
        cell: Its cell; None in a script.
        line: The line there.
    """

    file: str
    path: str
    cell: int | None
    line: int


def writes_of(path: str) -> list[Written]:
    """The files that a notebook or a script writes itself, as far as their paths are spelt out.

    Args:
        path: A notebook, or a Python file.

    Returns:
        Each write; none where the file can't be read, which its own check reports.
    """
    try:
        raw = read_code(path)
        written = search(Walk(raw), scanner()).origins.written()
        if not written:
            return []
        # The path of a file may hold what is a secret in it.
        shown = examine(raw, Config(), b"").masker.mask_path(path)
    # A fault here vouches for nothing: the load keeps its severity.
    except Exception:
        return []
    is_notebook = path.endswith(".ipynb")
    return [
        Written(file, shown, cell.fragment.cell if is_notebook else None, cell.fragment.text.count("\n", 0, offset) + 1)
        for file, cell, offset in written
    ]
