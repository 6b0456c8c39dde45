"""The verdict on an artifact: what would happen if it were loaded, and why we think so."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Verdict(StrEnum):
    """What would happen if a file were loaded.

    Attributes:
        CLEAN: Objects of known libraries are built, nothing else.
        UNKNOWN: It asks for what nobody has listed: the author's own classes, a rare library.
        SUSPICIOUS: It asks for what can be turned into anything, such as ``getattr`` or functions brought along.
        MALICIOUS: It asks for what no data file needs.
        UNREADABLE: It is no pickle, or couldn't be read to its end.
    """

    CLEAN = "clean"
    UNKNOWN = "unknown"
    SUSPICIOUS = "suspicious"
    MALICIOUS = "malicious"
    UNREADABLE = "unreadable"

    @property
    def rank(self) -> int:
        """0 for the best."""
        return _RANK[self]


_RANK = {
    Verdict.CLEAN: 0,
    Verdict.UNKNOWN: 1,
    Verdict.UNREADABLE: 2,
    Verdict.SUSPICIOUS: 3,
    Verdict.MALICIOUS: 4,
}


@dataclass(frozen=True, slots=True)
class Remark:
    """One thing that a pickle asks for or does.

    Attributes:
        verdict: How bad it is.
        name: The dotted name.
        says: What it is, or leads to: "starts a process".
        call: The call in readable Python; None where it is only asked for, and handed to something else.
        path: In which part of the file: ``archive/data.pkl``; empty for the file itself.
    """

    verdict: Verdict
    name: str
    says: str
    call: str | None
    path: str = ""


@dataclass(frozen=True, slots=True)
class Closed:
    """What could not be opened.

    Attributes:
        path: Where it stands inside: ``archive/data.pkl``; empty for the file itself.
        why: A few words.
    """

    path: str
    why: str


@dataclass(frozen=True, slots=True)
class Inspection:
    """What was found in a file.

    Attributes:
        verdict: The worst of all that stands in it.
        reason: One sentence that goes on from "it".
        remarks: What it asks for and does, the worst first; names only where they are known to be harmless.
        closed: What in it couldn't be looked into.
        pickles: How many pickles stand in it.
    """

    verdict: Verdict
    reason: str
    remarks: tuple[Remark, ...] = ()
    closed: tuple[Closed, ...] = ()
    pickles: int = 0

    @property
    def harms(self) -> tuple[Remark, ...]:
        """The remarks that make it malicious."""
        return tuple(each for each in self.remarks if each.verdict is Verdict.MALICIOUS)
