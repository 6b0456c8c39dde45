"""The words for where bytes come from: who could have written them, and the place that shows it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from stsec_magic.source.program import CodeCell


class Origin(StrEnum):
    """Who could have written the bytes."""

    NETWORK = "network"
    UPLOAD = "upload"
    INPUT = "input"
    DATABASE = "database"
    SHARED = "shared"
    FILE = "file"
    OWN = "own"
    LITERAL = "literal"
    UNKNOWN = "unknown"


RANK = (
    Origin.UPLOAD,
    Origin.INPUT,
    Origin.NETWORK,
    Origin.DATABASE,
    Origin.SHARED,
    Origin.FILE,
    Origin.UNKNOWN,
    Origin.OWN,
    Origin.LITERAL,
)
"""The most dangerous first."""

OUTSIDE = frozenset((Origin.UPLOAD, Origin.INPUT, Origin.NETWORK, Origin.DATABASE))


@dataclass(frozen=True, slots=True)
class Source:
    """An origin and the place that shows it.

    Attributes:
        origin: Who could have written the bytes.
        cell: The cell where that is seen; None where it is the load itself.
        offset: Where in that cell.
        how: A few words for the reader: "downloaded here".
        path: The file that the bytes stand in, where its path is spelt out.
        opened: The cell and the offset where that file is opened.
    """

    origin: Origin
    cell: CodeCell | None = None
    offset: int = 0
    how: str = ""
    path: str | None = None
    opened: tuple[CodeCell, int] | None = None


UNKNOWN = Source(Origin.UNKNOWN)


def worst(sources: Iterable[Source]) -> Source:
    """The most dangerous of several origins, rather one with a place than one without."""
    return min(sources, key=lambda source: (RANK.index(source.origin), source.cell is None), default=UNKNOWN)
