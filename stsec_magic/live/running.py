"""The cells that run now: one may run another, and threads have their own."""

from __future__ import annotations

import threading
from dataclasses import dataclass

from stsec_magic.live.decision import Decision

_MOST = 100


@dataclass(slots=True)
class Running:
    """A cell between ``pre_run_cell`` and ``post_run_cell``.

    Attributes:
        info: What IPython tells of it.
        decision: On it.
        is_compiled: Whether its own syntax tree was met already: what comes after that is other code.
    """

    info: object
    decision: Decision
    is_compiled: bool = False


class Stack:
    """This thread's, the innermost last."""

    def __init__(self) -> None:
        """Nothing runs."""
        self._local = threading.local()

    @property
    def top(self) -> Running | None:
        """The innermost."""
        rows = self._rows()
        return rows[-1] if rows else None

    def begin(self, info: object, decision: Decision) -> None:
        """A cell begins.

        Args:
            info: What IPython tells of it.
            decision: On it.
        """
        rows = self._rows()
        del rows[: max(0, len(rows) - _MOST)]  # some run cells without telling that they ended
        rows.append(Running(info, decision))

    def end(self, info: object | None) -> None:
        """A cell ends, and whatever began in it.

        Args:
            info: What IPython told of it; None where it no longer does: the innermost.
        """
        rows = self._rows()
        while rows:
            if rows.pop().info is info or info is None:
                return

    def _rows(self) -> list[Running]:
        if not hasattr(self._local, "rows"):
            self._local.rows = []
        found: list[Running] = self._local.rows
        return found
