"""Numbers and their like: long runs of them are what large pickles are made of, so they are read by the run."""

from __future__ import annotations

import re
import struct
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from stsec_magic.pickles.operands import Buffer
from stsec_magic.pickles.symbols import Plain, Symbol

_FEW = 8
"""Constants in a row that are read one by one: the shape of an array, not its numbers."""


class _Reader(Protocol):
    """Gives the values of constants; a ``struct.Struct``."""

    def unpack_from(self, data: Buffer, offset: int, /) -> tuple[Symbol, ...]:
        """The values of those at an offset."""


class _Same:
    """Gives one value, so many times."""

    def __init__(self, symbol: Symbol, many: int) -> None:
        self._values = (symbol,) * many

    def unpack_from(self, _data: Buffer, _offset: int, /) -> tuple[Symbol, ...]:
        return self._values


@dataclass(frozen=True, slots=True)
class Constant:
    """A constant of fixed width.

    Attributes:
        symbol: What it leaves on the stack.
        width: Bytes of the opcode and its operand.
        run: Many of them, one behind the other.
        few: What reads a few of them, by how many they are.
    """

    symbol: Symbol
    width: int
    run: re.Pattern[bytes]
    few: Sequence[_Reader]

    def read(self, data: Buffer, at: int) -> tuple[Sequence[Symbol], int]:
        """Read the run that begins at an offset.

        Args:
            data: The bytes.
            at: The offset.

        Returns:
            What it leaves on the stack, and its length in bytes; 0 where it is cut off.
        """
        run = self.run.match(data, at)
        length = 0 if run is None else run.end() - at
        many = length // self.width
        return self.few[many].unpack_from(data, at) if many <= _FEW else [self.symbol] * many, length


def _constant(code: bytes, operand: int, symbol: Symbol, form: str = "") -> tuple[int, Constant]:
    run = re.compile(rb"(?:" + re.escape(code) + rb".{%d}){1,100000}+" % operand, re.DOTALL)
    few = [struct.Struct(form[0] + form[1:] * many) if form else _Same(symbol, many) for many in range(_FEW + 1)]
    return code[0], Constant(symbol, 1 + operand, run, few)


CONSTANTS: dict[int, Constant] = dict(
    (
        _constant(b"K", 1, Plain.NUMBER, "<xB"),
        _constant(b"M", 2, Plain.NUMBER, "<xH"),
        _constant(b"J", 4, Plain.NUMBER, "<xi"),
        _constant(b"G", 8, Plain.NUMBER, ">xd"),
        _constant(b"N", 0, Plain.NONE),
        _constant(b"\x88", 0, True),
        _constant(b"\x89", 0, False),
    )
)
"""By opcode."""
