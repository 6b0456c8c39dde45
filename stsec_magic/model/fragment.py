"""A text with an address: what every rule reads."""

from __future__ import annotations

from dataclasses import dataclass

from stsec_magic.model.location import Part
from stsec_magic.model.offsets import OffsetMap

JsonPath = tuple[str | int, ...]
"""The keys that lead from the notebook's root to a value."""


@dataclass(slots=True, eq=False)
class Fragment:
    """One text of a notebook and where it stands. Not changed once it is made.

    Attributes:
        text: What rules read and what lines and columns count in.
        part: Which kind of text it is.
        path: JSON path of the value in the notebook, for places in the file.
        language: ``python``, ``markdown``, ``text``, ``html``, ``json`` or a kernel's language.
        cell: The cell's number from 1; None for the notebook itself.
        cell_id: The cell's nbformat id.
        execution_count: The cell's execution count.
        output: The output's number from 1.
        mime: The MIME type of an output's text.
        pointer: JSON pointer, for metadata and attachments.
        name: The key that the text is the value of, for metadata.
        tags: The cell's tags.
        origins: From offsets in ``text`` to offsets in the base's text, where there is a base,
            else in the JSON value (its list joined); None where they are equal.
        base: The fragment that this one is another reading of (HTML as a person sees it);
            None for a text that stands in the notebook as it is.
        joint: What joins the parts where the value is a list: "" but for tracebacks.
        order: Ordinal among the texts of its cell, for document order.
    """

    text: str
    part: Part
    path: JsonPath
    language: str = "text"
    cell: int | None = None
    cell_id: str | None = None
    execution_count: int | None = None
    output: int | None = None
    mime: str | None = None
    pointer: str | None = None
    name: str | None = None
    tags: frozenset[str] = frozenset()
    origins: OffsetMap | None = None
    base: Fragment | None = None
    joint: str = ""
    order: int = 0

    def __repr__(self) -> str:
        """The address without the text, which may hold a secret."""
        return f"Fragment({self.part} of cell {self.cell}, {len(self.text)} characters)"
