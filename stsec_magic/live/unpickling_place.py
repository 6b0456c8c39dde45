"""Where in the user's own code a load stands: the cell and the line, or the file."""

from __future__ import annotations

import linecache
import os
import re
import sys
from pathlib import Path
from types import FrameType
from typing import NamedTuple

from stsec_magic.live.session import near

_IN_TERMINAL = re.compile(r"<ipython-input-(\d+)-")
_IN_KERNEL = re.compile(r"[/\\]ipykernel_\d{1,10}[/\\]\d{1,20}\.py\Z")
_INSTALLED = re.compile(r"[/\\](?:site|dist)-packages[/\\]")
_NOT_THE_USERS = (f"{Path(os.__file__).parent}{os.sep}", f"{Path(__file__).parents[1]}{os.sep}")
"""Python's own library, and we."""


class Place(NamedTuple):
    """A line of the user's.

    Attributes:
        label: Such as ``In [3]``, or the file's path.
        file: The name of its code, by which ``linecache`` knows its text.
        line: Counted from 1.
    """

    label: str
    file: str
    line: int

    def __str__(self) -> str:
        """Such as ``In [3], line 2``."""
        return f"{self.label}, line {self.line}"

    def source(self) -> str:
        """The line's text, without the blanks around it; empty where it isn't known."""
        return linecache.getline(self.file, self.line).strip()


def users_place(frame: FrameType | None) -> Place | None:
    """The nearest line that the user wrote.

    Args:
        frame: Where to begin.

    Returns:
        The place; None where no code of the user's is on the stack, as in a thread that runs a library's function.
    """
    while frame is not None:
        file = frame.f_code.co_filename
        if _is_users(file):
            return Place(_cell(file) or near(file), file, frame.f_lineno)
        frame = frame.f_back
    return None


def _is_users(file: str) -> bool:
    # Code that was made up (<string>, <frozen ...>) has no line to show: whoever runs it has.
    if file.startswith("<"):
        return _IN_TERMINAL.match(file) is not None
    return not file.startswith(_NOT_THE_USERS) and _INSTALLED.search(file) is None


def _cell(file: str) -> str | None:
    """``In [3]`` for the code of a cell: a kernel names it as a file of a temporary folder."""
    get_shell = getattr(sys.modules.get("__main__"), "get_ipython", None)
    try:
        known = get_shell().compile.format_code_name(file) if get_shell is not None else None
        number = None if known is None else re.search(r"\d+", known[1])
    except Exception:  # whatever the user calls get_ipython; the name of the code still tells it in a terminal
        number = None
    if number is not None:
        return f"In [{number[0]}]"
    by_name = _IN_TERMINAL.match(file)
    if by_name is None:
        return "this cell" if _IN_KERNEL.search(file) else None  # IPython before 8 keeps no numbers for a kernel's
    return f"In [{by_name[1]}]"
