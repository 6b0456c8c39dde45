"""What could not be checked, and why: a result, not a log line."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path


class ProblemKind(StrEnum):
    """Why something could not be checked."""

    UNREADABLE = "unreadable"
    INVALID_JSON = "invalid-json"
    INVALID_NOTEBOOK = "invalid-notebook"
    UNPARSED_CELL = "unparsed-cell"
    TOO_LARGE = "too-large"
    ARTIFACT_UNREADABLE = "artifact-unreadable"
    INTERNAL = "internal"


@dataclass(frozen=True, slots=True)
class Problem:
    """A file, cell or artifact that could not be checked in full.

    Attributes:
        path: The notebook's path.
        cell: The cell's number from 1; None where it concerns the whole file.
        kind: Why.
        message: A sentence that a person understands.
    """

    path: str
    cell: int | None
    kind: ProblemKind
    message: str

    def to_dict(self) -> dict[str, object]:
        """The problem as the JSON report shows it."""
        return {"path": self.path, "cell": self.cell, "kind": self.kind.value, "message": self.message}


def fault(error: Exception, where: str = "") -> str:
    """An internal fault in words. The exception's own text may hold a secret: its type is all that leaves.

    Args:
        error: What was raised.
        where: In what.
    """
    traceback = error.__traceback__
    while traceback is not None and traceback.tb_next is not None:
        traceback = traceback.tb_next
    at = "" if traceback is None else f" at {Path(traceback.tb_frame.f_code.co_filename).name}:{traceback.tb_lineno}"
    return f"an internal fault{where and f' in {where}'} ({type(error).__name__}{at}); please report it"
