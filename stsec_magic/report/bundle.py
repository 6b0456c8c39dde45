"""A report that shows itself where it is a cell's value: in a notebook, in IPython, in plain Python."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Container
from dataclasses import dataclass
from typing import Self

from stsec_magic.model.report import Report
from stsec_magic.report import terminal
from stsec_magic.report.closing import closing

JSON_TYPE = "application/vnd.stsec-report+json"
"""Not ``application/json``: JupyterLab's tree of JSON would win over the HTML."""


@dataclass(frozen=True, slots=True, repr=False)
class ShownReport(Report):
    """A report that IPython displays.

    Attributes:
        findings: All findings, the suppressed ones too, in document order.
        problems: What could not be checked.
        notebooks: How many notebooks were looked at.
        cells: How many cells they hold.
    """

    @classmethod
    def of(cls, report: Report) -> Self:
        """The same report, shown.

        Args:
            report: Any report.
        """
        return cls(report.findings, report.problems, report.notebooks, report.cells)

    def __repr__(self) -> str:
        """The counts: a report may hold thousands of findings."""
        return f"<Report: {closing(self)}>"

    def _repr_mimebundle_(
        self, include: Container[str] | None = None, exclude: Container[str] | None = None
    ) -> dict[str, object]:
        """What IPython asks for."""
        forms: dict[str, Callable[[], object]] = {
            "text/plain": self._plain,
            "text/html": self._html,
            JSON_TYPE: lambda: _sendable(self.to_dict()),
        }
        return {
            mime: form()
            for mime, form in forms.items()
            if (include is None or mime in include) and (exclude is None or mime not in exclude)
        }

    def _plain(self) -> str:
        colour = sys.stdout.isatty() and not os.environ.get("NO_COLOR")
        problems = terminal.problems(self.problems, colour=colour)
        return f"{problems}\n{terminal.render(self, colour=colour)}".strip("\n")

    def _html(self) -> str:
        from stsec_magic.report.html import render  # most reports are never shown in a notebook

        return render(self)


def _sendable(value: object) -> object:
    """JSON without lone surrogates: a kernel can't send them, and would show nothing at all."""
    if isinstance(value, str):
        return value.encode("utf-8", "backslashreplace").decode("utf-8")
    if isinstance(value, dict):
        return {_sendable(key): _sendable(inner) for key, inner in value.items()}
    if isinstance(value, list | tuple):
        return [_sendable(inner) for inner in value]
    return value
