"""The opcodes of all protocols, those of the tables of ``pickletools``, and the walk over them."""

from __future__ import annotations

import re
import struct
import time
from collections.abc import Callable
from dataclasses import dataclass

from stsec_magic.pickles.machine import Machine, Walk
from stsec_magic.pickles.operands import Buffer, FaultError
from stsec_magic.pickles.symbols import Plain, Symbol

_LOOK = 1 << 14
"""Opcodes between two looks at the clock."""

_SECONDS = 8.0
_TALLEST = 10_000_000
"""Symbols on the stack; Python's own pickler leaves a thousand."""


def walk(data: Buffer, start: int = 0, seconds: float = _SECONDS) -> Walk:
    """Walk one pickle.

    Args:
        data: The bytes, or a file's memory map.
        start: Offset of its first opcode.
        seconds: How long at most.

    Returns:
        What it would do, to its end or to the place where Python would give up.
    """
    machine = Machine(data, start)
    try:
        _run(machine, time.monotonic() + seconds)
    except FaultError as fault:
        machine.walk.fault = str(fault)
    # An operand that ends behind the file's end.
    except (struct.error, IndexError):
        machine.walk.fault = "it is cut off"
    except ValueError:
        machine.walk.fault = "an operand makes no sense"
    machine.walk.end = machine.at
    return machine.walk


def _run(machine: Machine, until: float) -> None:
    """Walk to STOP; raises where Python would."""
    data, size, stack = machine.data, machine.size, machine.stack
    count = look = 0
    while True:
        if machine.at >= size:
            raise FaultError("it is cut off")
        code = data[machine.at]
        machine.at += 1
        count += 1
        machine.walk.opcodes = count
        if count > look:
            look = count + _LOOK
            if time.monotonic() > until:
                raise FaultError("it takes too long")
            if len(stack) > _TALLEST:
                raise FaultError("its stack grows too high")
        constant = _CONSTANTS.get(code)
        if constant is not None:
            # Long runs of numbers are what large pickles are made of.
            run = constant.run.match(data, machine.at - 1)
            length = (run.end() - machine.at + 1) if run is not None else 0
            if length == 0:
                raise FaultError("it is cut off")
            many = length // constant.width
            stack += [constant.symbol] * many
            machine.at += length - 1
            count += many - 1
        elif code == _STOP:
            machine.take_top()
            return
        else:
            handler = _HANDLERS.get(code)
            if handler is None:
                raise FaultError(f"it has no opcode 0x{code:02x}")
            handler(machine)


@dataclass(frozen=True, slots=True)
class _Constant:
    """A constant of fixed width.

    Attributes:
        symbol: What it leaves on the stack.
        width: Bytes of the opcode and its operand.
        run: Many of them, one behind the other.
    """

    symbol: Symbol
    width: int
    run: re.Pattern[bytes]


def _constant(code: bytes, operand: int, symbol: Symbol) -> tuple[int, _Constant]:
    run = re.compile(rb"(?:" + re.escape(code) + rb".{%d}){1,100000}+" % operand, re.DOTALL)
    return code[0], _Constant(symbol, 1 + operand, run)


_STOP = ord(".")
_CONSTANTS: dict[int, _Constant] = dict(
    (
        _constant(b"K", 1, Plain.NUMBER),
        _constant(b"M", 2, Plain.NUMBER),
        _constant(b"J", 4, Plain.NUMBER),
        _constant(b"G", 8, Plain.NUMBER),
        _constant(b"N", 0, Plain.NONE),
        _constant(b"\x88", 0, Plain.NUMBER),
        _constant(b"\x89", 0, Plain.NUMBER),
    )
)
_HANDLERS: dict[int, Callable[[Machine], None]] = {
    code[0]: handler
    for code, handler in {
        b"(": Machine.mark,
        b"0": Machine.pop,
        b"1": Machine.pop_mark,
        b"2": Machine.dup,
        b"\x80": Machine.proto,
        b"\x95": Machine.frame,
        b"I": Machine.line_number,
        b"L": Machine.line_number,
        b"F": Machine.line_number,
        b"\x8a": lambda m: m.sized_number("<B"),
        b"\x8b": lambda m: m.sized_number("<i"),
        b"S": Machine.quoted,
        b"V": Machine.escaped,
        b"T": lambda m: m.text("<i", "latin-1", "strict"),
        b"U": lambda m: m.text("<B", "latin-1", "strict"),
        b"X": lambda m: m.text("<I"),
        b"\x8c": Machine.short_text,
        b"\x8d": lambda m: m.text("<Q"),
        b"B": lambda m: m.raw("<I"),
        b"C": lambda m: m.raw("<B"),
        b"\x8e": lambda m: m.raw("<Q"),
        b"\x96": lambda m: m.raw("<Q"),
        b"\x97": Machine.buffer,
        b"\x98": lambda m: None,
        b")": lambda m: m.empty("tuple"),
        b"]": lambda m: m.empty("list"),
        b"}": lambda m: m.empty("dict"),
        b"\x8f": lambda m: m.empty("set"),
        b"t": lambda m: m.gathered("tuple"),
        b"l": lambda m: m.gathered("list"),
        b"d": lambda m: m.gathered("dict"),
        b"\x91": lambda m: m.gathered("set"),
        b"\x85": lambda m: m.tuple_of(1),
        b"\x86": lambda m: m.tuple_of(2),
        b"\x87": lambda m: m.tuple_of(3),
        b"a": Machine.append,
        b"e": Machine.append_many,
        b"s": Machine.set_item,
        b"u": Machine.append_many,
        b"\x90": Machine.append_many,
        b"p": lambda m: m.put(m.number_of_line()),
        b"q": lambda m: m.put(m.number_of("<B")),
        b"r": lambda m: m.put(m.number_of("<I")),
        b"g": lambda m: m.get(m.number_of_line()),
        b"h": Machine.short_get,
        b"j": lambda m: m.get(m.number_of("<I")),
        b"\x94": Machine.memoize,
        b"c": Machine.global_line,
        b"\x93": Machine.global_stack,
        b"i": Machine.instance,
        b"o": Machine.object,
        b"R": Machine.reduce,
        b"\x81": Machine.new,
        b"\x92": Machine.new_with_keywords,
        b"b": Machine.build,
        b"\x82": lambda m: m.extension("<B"),
        b"\x83": lambda m: m.extension("<H"),
        b"\x84": lambda m: m.extension("<i"),
        b"P": Machine.persistent_line,
        b"Q": Machine.persistent_stack,
    }.items()
}
