"""A Python script, or any code, as a notebook of one cell."""

from __future__ import annotations

from typing import Any

from stsec_magic.notebook.read import RawNotebook, from_mapping, read
from stsec_magic.regular import bytes_of

_NOTEBOOK = ".ipynb"
_LARGEST = 1 << 22


def read_code(path: str) -> RawNotebook:
    """Read a notebook or a script.

    Args:
        path: A notebook, or a Python file.

    Returns:
        The notebook, or the script as one; an empty one where the script is too large.

    Raises:
        OSError: The script can't be read.
        ValueError: Its path can be none.
    """
    if path.endswith(_NOTEBOOK):
        return read(path)
    source = (bytes_of(path, _LARGEST) or b"").decode("utf-8", "replace")
    return from_mapping(as_notebook(source), path)


def as_notebook(source: str) -> dict[str, Any]:
    """Code as a notebook of one cell.

    Args:
        source: The code.
    """
    cell: dict[str, Any] = {
        "cell_type": "code",
        "execution_count": None,
        "metadata": {},
        "outputs": [],
        "source": source,
    }
    return {"cells": [cell], "metadata": {"language_info": {"name": "python"}}, "nbformat": 4, "nbformat_minor": 5}
