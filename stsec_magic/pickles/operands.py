"""The operands of a pickle's opcodes, read from its bytes."""

from __future__ import annotations

import struct
from mmap import mmap

Buffer = bytes | bytearray | mmap

_LONGEST_LINE = 1 << 20


class FaultError(Exception):
    """Python's own unpickler would raise here."""


class Operands:
    """Reads one behind the other.

    Attributes:
        data: The bytes, or a file's memory map.
        size: How many.
        at: Offset of the next one.
    """

    def __init__(self, data: Buffer, start: int) -> None:
        """Begin at an offset."""
        self.data = data
        self.size = len(data)
        self.at = start

    def take(self, length: int) -> bytes:
        """So many bytes."""
        end = self.at + length
        if end > self.size:
            raise FaultError("it is cut off")
        taken = bytes(self.data[self.at : end])
        self.at = end
        return taken

    def skip(self, length: int) -> None:
        """Pass over so many bytes."""
        if self.at + length > self.size:
            raise FaultError("it is cut off")
        self.at += length

    def line(self) -> bytes:
        """The bytes up to a newline."""
        end = self.data.find(b"\n", self.at, self.at + _LONGEST_LINE)
        if end < 0:
            raise FaultError("a line in it has no end")
        line = bytes(self.data[self.at : end])
        self.at = end + 1
        return line

    def number(self, form: str) -> int:
        """A number in one of struct's forms."""
        (number,) = struct.unpack(form, self.take(struct.calcsize(form)))
        return int(number)
