"""What is found in a file that pickles may come wrapped in, and how much of it is unpacked."""

from __future__ import annotations

import time
from collections.abc import Iterator
from dataclasses import dataclass

from stsec_magic.model.inspection import Closed
from stsec_magic.pickles.operands import Buffer

View = Buffer | memoryview
"""Bytes that may be a part of other bytes, without a copy of them."""

SECONDS = 10.0
"""For one file, with all that is done with what was found in it."""

MOST = 2_000
"""Members that are handed out or unpacked."""

MOST_ROWS = 200_000
"""Entries of directories that are looked at."""

LARGEST = 256 << 20
"""Bytes that all members of a file may have together once they are unpacked."""


@dataclass(frozen=True, slots=True)
class Member:
    """Bytes that may be a pickle.

    Attributes:
        path: Where they stand inside: ``archive/data.pkl``; empty for the file itself.
        data: The bytes.
    """

    path: str
    data: Buffer


@dataclass(frozen=True, slots=True)
class Told:
    """What loading runs or looks up without any pickle that says so.

    Attributes:
        path: As for a member.
        name: The dotted name that is looked up; None where code is brought along.
        says: What that leads to: "runs code that it brings along".
        call: What would be called, in readable form; None where that isn't known.
        malicious: True where no data file does that, False where some do, None where it is the name that decides.
    """

    path: str
    name: str | None
    says: str
    call: str | None
    malicious: bool | None


@dataclass(frozen=True, slots=True)
class Inside:
    """Bytes that came out of a container and may be one themselves.

    Attributes:
        path: As for a member.
        data: The bytes.
        loose: Whether it is one of many files, of which most are no pickles: then only what may be one is a member.
    """

    path: str
    data: View
    loose: bool = False


Found = Member | Closed | Told
Opened = Iterator[Found | Inside]


class LimitError(Exception):
    """Enough of this file was unpacked."""


class Limits:
    """How much of a file may still be unpacked.

    Attributes:
        bytes: How many.
        members: How many.
        rows: How many entries of directories may still be looked at.
        path: What is being opened.
    """

    def __init__(self, until: float | None = None) -> None:
        """Begin with all, to end at a time of the monotonic clock."""
        self.bytes = LARGEST
        self.members = MOST
        self.rows = MOST_ROWS
        self.path = ""
        self._until = time.monotonic() + SECONDS if until is None else until

    def look(self) -> None:
        """Look at the clock."""
        if time.monotonic() > self._until:
            raise LimitError("it takes too long")

    def row(self) -> None:
        """Go on to another entry of a directory."""
        self.rows -= 1
        if self.rows < 0:
            raise LimitError("it has too many members")
        if self.rows % 64 == 0:
            self.look()

    def take(self, length: int) -> None:
        """Unpack so much more, or hand out a copy."""
        self.look()
        self.bytes -= length
        if self.bytes < 0:
            raise LimitError("unpacked it is too large")

    def member(self) -> None:
        """Hand out one more."""
        self.look()
        self.members -= 1
        if self.members < 0:
            raise LimitError("it has too many members")

    def left(self) -> float:
        """Seconds until the end."""
        return self._until - time.monotonic()


def within(path: str, name: str) -> str:
    """The path of something that stands in something else.

    Args:
        path: Of what it stands in.
        name: Its name in there; a very long one is cut.
    """
    name = name if len(name) <= _LONGEST_NAME else name[:_LONGEST_NAME] + "…"
    return f"{path}/{name}" if path else name


_LONGEST_NAME = 300
