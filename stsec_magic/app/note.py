"""What could not be translated."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Note:
    """A place that means something else in the app than in the notebook, or nothing.

    Attributes:
        cell: The cell's number among all cells, from 1; None for the notebook.
        message: A sentence for the author, without anything of a cell but names.
    """

    cell: int | None
    message: str
