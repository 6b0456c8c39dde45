"""What stops a cell, shown in three lines instead of a traceback."""

from __future__ import annotations

from collections.abc import Sequence

from IPython.core.error import InputRejected

from stsec_magic.notebook.ansi import strip


class CellStoppedError(InputRejected):
    """Raised by the guard between reading a cell and running it.

    Only this class of exceptions is shown there as what it is, and ends "Run All".
    """

    def __init__(self, lines: Sequence[str]) -> None:
        """Take what is to be shown.

        Args:
            lines: Masked, the first says all.
        """
        super().__init__(strip(lines[0])[0])
        self._lines = list(lines)

    def _render_traceback_(self) -> list[str]:
        """What IPython shows instead of a traceback, in a terminal and in a notebook."""
        return self._lines
