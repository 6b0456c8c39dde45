"""How bad it is to load bytes from somewhere, and how to say where that is."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from stsec_magic.model.hit import Clue
from stsec_magic.model.levels import Severity
from stsec_magic.source.program import CodeCell
from stsec_magic.source.provenance import Origin, Source

_SEVERITY: Mapping[Origin, Severity] = MappingProxyType(
    {
        Origin.NETWORK: Severity.HIGH,
        Origin.UPLOAD: Severity.HIGH,
        Origin.INPUT: Severity.HIGH,
        Origin.DATABASE: Severity.HIGH,
        Origin.OWN: Severity.LOW,
        Origin.LITERAL: Severity.LOW,
    }
)
_FROM: Mapping[Origin, str] = MappingProxyType(
    {
        Origin.NETWORK: "bytes from the network",
        Origin.UPLOAD: "an uploaded file",
        Origin.INPUT: "what a person typed in",
        Origin.DATABASE: "bytes from a database",
        Origin.SHARED: "a file in a shared folder",
        Origin.FILE: "a file of unknown origin",
        Origin.OWN: "a file that this notebook wrote",
        Origin.LITERAL: "a literal in the notebook",
        Origin.UNKNOWN: "bytes of unknown origin",
    }
)


def severity_of(origin: Origin) -> Severity:
    """How bad a load of such bytes is.

    Args:
        origin: Who could have written them.
    """
    return _SEVERITY.get(origin, Severity.MEDIUM)


def described(origin: Origin) -> str:
    """A few words for a message: "bytes from the network"."""
    return _FROM[origin]


def clues_of(source: Source, cell: CodeCell, start: int, end: int) -> tuple[Clue, ...]:
    """The way of the bytes: where they come from and where they are opened, as far as that is elsewhere.

    Args:
        source: The origin.
        cell: The finding's cell.
        start: Offset of its span there.
        end: Offset just past it.
    """
    way = [(source.cell, source.offset, source.how)] if source.cell is not None else []
    if source.opened is not None and source.opened != (source.cell, source.offset):
        way.append((*source.opened, "opened here"))
    elif source.opened is not None and source.how == "named here":
        way = [(*source.opened, "opened here")]
    return tuple(
        Clue(at.fragment, offset, how) for at, offset, how in way if at is not cell or not start <= offset < end
    )
