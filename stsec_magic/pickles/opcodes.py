"""The opcodes of all protocols, those of the tables of ``pickletools``, and the walk over them."""

from __future__ import annotations

import struct
import time
from collections.abc import Callable

from stsec_magic.pickles.constants import CONSTANTS
from stsec_magic.pickles.joblib_arrays import array_behind, is_wrapper
from stsec_magic.pickles.machine import Machine
from stsec_magic.pickles.notes import Walk
from stsec_magic.pickles.operands import Buffer, FaultError
from stsec_magic.pickles.symbols import Call

_LOOK = 1 << 14
"""Opcodes between two looks at the clock."""

_INSIDE = "a frame in it ends inside an opcode"
_SECONDS = 8.0
_TALLEST = 5_000_000
"""Symbols on the stack; Python's own pickler leaves a thousand."""

_DEEPEST = 20
"""Pickles inside the arrays of a pickle."""


def walk(data: Buffer, start: int = 0, seconds: float = _SECONDS, *, arrays: bool = False) -> Walk:
    """Walk one pickle.

    Args:
        data: The bytes, or a file's memory map.
        start: Offset of its first opcode.
        seconds: How long at most.
        arrays: Read it as joblib does, which finds an array's own bytes between the opcodes.

    Returns:
        What it would do, to its end or to the place where Python would give up.
    """
    notes = Walk()
    _walk_on(Machine(data, start, notes), time.monotonic() + seconds, _DEEPEST if arrays else 0)
    return notes


def _walk_on(machine: Machine, until: float, depth: int) -> None:
    try:
        _run(machine, until, depth)
    except FaultError as fault:
        machine.walk.fault = str(fault)
    # An operand that ends behind the file's end.
    except (struct.error, IndexError):
        machine.walk.fault = "it is cut off"
    except ValueError:
        machine.walk.fault = "an operand makes no sense"
    if 0 <= machine.frame_end < machine.at:
        machine.dispute(_INSIDE)
    machine.walk.end = machine.at


def _run(machine: Machine, until: float, depth: int) -> None:
    """Walk to STOP; raises where Python would."""
    data, stack = machine.data, machine.stack
    count = look = 0
    bound = machine.size
    try:
        while True:
            if machine.at >= bound:
                bound = _next_bound(machine, bound)
            code = data[machine.at]
            machine.at += 1
            count += 1
            if count > look:
                look = count + _LOOK
                _check_limits(machine, until)
            constant = CONSTANTS.get(code)
            if constant is not None:
                symbols, length = constant.read(data, machine.at - 1)
                if length == 0:
                    raise FaultError("it is cut off")
                stack += symbols
                machine.at += length - 1
                count += len(symbols) - 1
            elif code == _STOP:
                machine.take_top()
                return
            else:
                _HANDLERS[code](machine)
                if code == _FRAME:
                    bound = min(machine.size, machine.frame_end)
                elif code == _BUILD and _step_over(machine, until, depth):
                    bound = machine.size
    finally:
        machine.walk.opcodes += count


def _check_limits(machine: Machine, until: float) -> None:
    if time.monotonic() > until:
        raise FaultError("it takes too long")
    if len(machine.stack) > _TALLEST:
        raise FaultError("its stack grows too high")


def _no_opcode(machine: Machine) -> None:
    raise FaultError(f"it has no opcode 0x{machine.data[machine.at - 1]:02x}")


def _next_bound(machine: Machine, bound: int) -> int:
    """How far the opcodes go after the end of a frame."""
    if machine.at >= machine.size:
        raise FaultError("it is cut off")
    if machine.at > bound:
        machine.dispute(_INSIDE)
    machine.frame_end = -1
    return machine.size


def _step_over(machine: Machine, until: float, depth: int) -> bool:
    """Pass over the bytes of an array, which joblib reads where its wrapper was built; whether there is one."""
    built = machine.built
    if not isinstance(built, Call) or not is_wrapper(built):
        return False
    machine.walk.has_arrays = True
    if depth == 0:
        return False
    if machine.frame_end not in (-1, machine.at):
        machine.dispute("an array stands in a frame")
    machine.frame_end = -1
    array = array_behind(built)
    if array.bytes is None:
        inner = Machine(machine.data, machine.at, machine.walk)
        _run(inner, until, depth - 1)
        machine.at = inner.at
    else:
        machine.skip(machine.take(1)[0] if array.is_padded else 0)
        machine.skip(array.bytes)
    return True


_STOP, _FRAME, _BUILD = b".\x95b"
_HANDLERS: list[Callable[[Machine], None]] = [_no_opcode] * 256
for _code, _handler in (
    {
        b"(": Machine.mark,
        b"0": Machine.pop,
        b"1": Machine.pop_mark,
        b"2": Machine.dup,
        b"\x80": Machine.proto,
        b"\x95": Machine.frame,
        b"I": Machine.line_number,
        b"L": Machine.line_number,
        b"F": Machine.float_line,
        b"\x8a": Machine.short_number,
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
        b")": lambda m: m.push(()),
        b"]": lambda m: m.empty("list"),
        b"}": lambda m: m.empty("dict"),
        b"\x8f": lambda m: m.empty("set"),
        b"t": Machine.gathered_tuple,
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
    }
).items():
    _HANDLERS[_code[0]] = _handler
