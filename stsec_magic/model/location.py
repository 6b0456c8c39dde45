"""Where something stands: notebook, cell, part, and a span in the text of that part."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

SESSION = "<session>"
"""The path of cells that ran in a kernel and stand in no file; their numbers are those of their prompts."""


class Part(StrEnum):
    """Which of a cell's (or notebook's) texts a place is in."""

    SOURCE = "source"
    OUTPUT = "output"
    MARKDOWN = "markdown"
    METADATA = "metadata"
    ATTACHMENT = "attachment"
    PROJECT = "project"


@dataclass(frozen=True, slots=True)
class Location:
    r"""A span in one text of a notebook.

    Lines and columns count from 1, the end is exclusive, lines split on ``\n`` alone and
    columns count code points.

    Attributes:
        path: The notebook's path as given or found, ``/`` between its parts.
        cell: The cell's number among all cells, from 1; None for the notebook itself.
        cell_id: The cell's nbformat id, where it has one.
        execution_count: The ``n`` of ``In [n]``, where there is one.
        part: Which text of the cell.
        output: The output's number in its cell, from 1; None elsewhere.
        mime: The MIME type of an output's text, where it has one.
        pointer: A JSON pointer, for metadata and attachments.
        line: First line of the span.
        column: First column of the span.
        end_line: Last line of the span.
        end_column: Column just past the span.
        file_line: The start's line in the .ipynb file; None where there is no file.
        file_column: The start's column in the .ipynb file.
    """

    path: str
    cell: int | None
    cell_id: str | None
    execution_count: int | None
    part: Part
    output: int | None
    mime: str | None
    pointer: str | None
    line: int
    column: int
    end_line: int
    end_column: int
    file_line: int | None = None
    file_column: int | None = None
