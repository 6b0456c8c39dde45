"""Door: the ``%stsec`` line magic. So far it tells what a file would do if it were loaded."""

from __future__ import annotations

import shlex
import sys
from collections.abc import Callable
from typing import Protocol


class Manager(Protocol):
    """Keeps IPython's magics.

    Attributes:
        magics: By kind and name.
    """

    magics: dict[str, dict[str, Callable[[str], None]]]


class Shell(Protocol):
    """As much of an IPython shell as an extension needs.

    Attributes:
        magics_manager: Keeps its magics.
    """

    magics_manager: Manager

    def register_magic_function(self, func: Callable[[str], None], magic_kind: str, magic_name: str) -> None:
        """Add a magic."""


_USAGE = "%stsec artifact FILE ...   what would these files do if they were loaded?"


def stsec(line: str) -> None:
    """Tell what pickles and models would do if they were loaded; they aren't: ``%stsec artifact model.pkl``.

    Args:
        line: What stands behind ``%stsec``.
    """
    try:
        command, *files = shlex.split(line) or [""]
    except ValueError as error:
        _say(f"%stsec: {error}")
        return
    if command != "artifact" or not files:
        _say(_USAGE)
        return
    from stsec_magic.artifact_check import shown  # loading the extension stays light
    from stsec_magic.report.artifact import render

    rows, missing = shown(files)
    _say("\n".join(render(row, colour=sys.stdout.isatty()) for row in rows).rstrip("\n"))
    for path in missing:
        _say(f"%stsec: {path}: no such file or folder")


def _say(text: str) -> None:
    if text:
        sys.stdout.write(f"{text}\n")
