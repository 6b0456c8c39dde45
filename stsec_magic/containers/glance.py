"""A glance at bytes that may be a pickle: would Python get beyond its first opcodes?

Cheap, and never wrong about a pickle that runs: only what Python itself would stumble over is turned down.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from stsec_magic.containers.found import View

_ENOUGH = 40
"""Opcodes after which nobody takes it for chance any more."""

_LONGEST_LINE = 1 << 16
_NUMBER = re.compile(rb"\s{0,9}[\w+\-.]{1,20000}\s{0,9}")
_NAME = re.compile(rb"[^\x00-\x20\x7f]{1,1000}")
"""A module's name, or one within it; no space stands in any that can be imported."""


@dataclass(slots=True)
class Glance:
    """How far one gets.

    Attributes:
        end: Offset just past the last opcode.
        opcodes: How many were seen.
        names: How many of them ask for a global.
        calls: How many of them call something.
        stopped: Whether it came to STOP.
        fault: Whether Python would give up there.
    """

    end: int
    opcodes: int = 0
    names: int = 0
    calls: int = 0
    stopped: bool = False
    fault: bool = False


def looks_like_pickle(head: View, size: int | None = None) -> bool:
    """Whether bytes may be a pickle.

    Args:
        head: How they begin; or all of them.
        size: How many there are.
    """
    seen = glance(head, 0, _ENOUGH, size)
    # Of what breaks off Python has still imported the names that come first.
    return seen.stopped or seen.names > 0 or not seen.fault


def glance(data: View, start: int, most: int, size: int | None = None, lenient: bool = False) -> Glance:
    """Look at a pickle's first opcodes.

    Args:
        data: The bytes.
        start: Offset of the first opcode.
        most: How many are looked at.
        size: How many bytes there are, where these are only the first.
        lenient: Whether it begins in the middle of a pickle, with things on the stack and in the memo.

    Returns:
        How far one gets.
    """
    seen = Glance(start)
    steps = _Steps(data, len(data) if size is None else size, lenient)
    while not seen.stopped and seen.opcodes < most:
        at = seen.end
        if at >= len(data):
            # Behind the head it may go on; behind the file's end it can't.
            seen.fault = len(data) >= steps.size
            break
        code = data[at]
        end = steps.step(code, at + 1)
        if end is None:
            seen.fault = True
            break
        seen.end = end
        seen.opcodes += 1
        seen.names += code in _ASKING
        seen.calls += code in _CALLING
        seen.stopped = code == _STOP
    return seen


class _Steps:
    """The height of the stack, and whether anything was kept in the memo: enough to turn down most of what is none."""

    def __init__(self, data: View, size: int, lenient: bool) -> None:
        self.size = size
        self._data = data
        self._lenient = lenient
        self._height = 0
        self._marks: list[int] = []
        self._kept = lenient
        self._texts = 2 if lenient else 0

    def step(self, code: int, at: int) -> int | None:
        """The offset behind an opcode's operand; None where Python would give up."""
        row = _OPCODES.get(code)
        if row is None or not self._on_stack(code, row.pops, row.pushes):
            return None
        return self._operand(code, row.operand, at)

    def _on_stack(self, code: int, pops: int, pushes: int) -> bool:
        self._kept = self._kept or code in _KEEPING
        self._texts += code in _TEXTS
        if (code in _GETTING and not self._kept) or (code == _STACK_GLOBAL and self._texts == 0):
            return False
        if code == _MARK:
            self._marks.append(self._height)
            return True
        if pops == _TO_MARK or (code == _POP and self._marks and self._height == self._marks[-1]):
            return self._to_mark(code, pushes)
        floor = self._marks[-1] if self._marks else 0
        if self._height - pops < floor and not self._lenient:
            return False
        self._height = max(floor, self._height - pops) + pushes
        return True

    def _to_mark(self, code: int, pushes: int) -> bool:
        if self._marks:
            self._height = self._marks.pop()
        elif not self._lenient:
            return False
        if code in _FILLING:
            return self._lenient or self._height > (self._marks[-1] if self._marks else 0)
        self._height += pushes
        return True

    def _operand(self, code: int, operand: str, at: int) -> int | None:
        if operand.isdigit():
            end = at + int(operand)
        elif operand == "line":
            return self._line(code, at)
        elif operand == "lines":
            middle = self._line(code, at)
            return None if middle is None else self._line(code, middle)
        else:
            width = int(operand[1:])
            if at + width > len(self._data):
                return self._cut()
            begin = at + width
            end = begin + int.from_bytes(bytes(self._data[at:begin]), "little", signed=False)
            is_short = end <= min(len(self._data), begin + _SHORT)
            if code in _UNICODE and is_short and not _is_utf8(bytes(self._data[begin:end])):
                return None
        if code == _PROTO and at < len(self._data) and self._data[at] > _LATEST:
            return None
        return end if end <= self.size else None

    def _line(self, code: int, at: int) -> int | None:
        """The offset behind a line that says what the opcode needs."""
        end = self._newline(at)
        if end is None:
            return self._cut()
        line = bytes(self._data[at : min(end, at + _LONGEST_LINE)])
        if code in _NAMING and (_NAME.fullmatch(line) is None or not _is_utf8(line)):
            return None
        if code in _NUMBERS and _NUMBER.fullmatch(line) is None:
            return None
        if code == _STRING and (len(line.strip()) < 2 or line.strip()[:1] not in (b"'", b'"')):
            return None
        return end + 1

    def _newline(self, at: int) -> int | None:
        while at < len(self._data):
            found = bytes(self._data[at : at + _LONGEST_LINE]).find(b"\n")
            if found >= 0:
                return at + found
            at += _LONGEST_LINE
        return None

    def _cut(self) -> int | None:
        """The end of a head, behind which the operand goes on; in the file itself it can't."""
        return len(self._data) if len(self._data) < self.size else None


def _is_utf8(line: bytes) -> bool:
    try:
        line.decode("utf-8", "surrogatepass")
    except UnicodeDecodeError:
        return False
    return True


_TO_MARK = -1
_LATEST = 5
_SHORT = 1_000
_MARK, _POP, _STOP, _PROTO, _STRING, _STACK_GLOBAL = b"(0.\x80S\x93"
# What stands in the registry of extensions no file can say.
_ASKING = frozenset(b"ci\x93")
_TEXTS = frozenset(b"STUVX\x8c\x8dghj")
_UNICODE = frozenset(b"X\x8c\x8d")
_CALLING = frozenset(b"iRob\x81\x92")
_NAMING = frozenset(b"ci")
_NUMBERS = frozenset(b"ILFpg")
_KEEPING = frozenset(b"pqr\x94")
_GETTING = frozenset(b"ghj")
_FILLING = frozenset(b"eu\x90")


@dataclass(frozen=True, slots=True)
class _Opcode:
    """What an opcode needs.

    Attributes:
        operand: Bytes of its operand; or a line, two lines, or ``=`` and the width of a length before so many bytes.
        pops: Symbols that it takes off the stack; or all to the mark.
        pushes: Symbols that it leaves.
    """

    operand: str
    pops: int
    pushes: int


_OPCODES: dict[int, _Opcode] = {
    code: _Opcode(operand, pops, pushes)
    for operand, pops, pushes, codes in (
        ("0", 0, 1, b"N)]}\x88\x89\x8f"),
        ("1", 0, 1, b"Kh\x82"),
        ("2", 0, 1, b"M\x83"),
        ("4", 0, 1, b"Jj\x84"),
        ("8", 0, 1, b"G"),
        ("line", 0, 1, b"ILFSVgP"),
        ("lines", 0, 1, b"c"),
        ("=1", 0, 1, b"U\x8aC\x8c"),
        ("=4", 0, 1, b"TBX\x8b"),
        ("=8", 0, 1, b"\x8d\x8e\x96"),
        ("1", 0, 0, b"\x80"),
        ("8", 0, 0, b"\x95"),
        ("0", 0, 0, b"("),
        ("0", 1, 0, b"0"),
        ("0", 1, 2, b"2"),
        ("0", 1, 1, b"Q\x85\x94\x98."),
        ("1", 1, 1, b"q"),
        ("4", 1, 1, b"r"),
        ("line", 1, 1, b"p"),
        ("0", 2, 1, b"abR\x81\x86\x93"),
        ("0", 3, 1, b"s\x87\x92"),
        ("0", _TO_MARK, 0, b"1eu\x90"),
        ("0", _TO_MARK, 1, b"tldo\x91"),
        ("lines", _TO_MARK, 1, b"i"),
    )
    for code in codes
}
