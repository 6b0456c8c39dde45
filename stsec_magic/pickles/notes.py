"""What a walk notes: the globals that a pickle asks for and the calls it makes, each as often as it tells something."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from stsec_magic.pickles.meaning import hands_on
from stsec_magic.pickles.operands import FaultError
from stsec_magic.pickles.symbols import Call, How, Name, Symbol

_KEPT = 200
"""Arguments of a call that are kept."""

_TELLING = 4
"""Calls of one function that tell something; a million dates are made as one is."""

_MOST_NAMES = 50_000
_MOST = 200_000
"""Calls that are kept."""


@dataclass(slots=True)
class Walk:
    """What a pickle would do.

    Attributes:
        names: The globals it asks for, each once, in order.
        calls: The calls it makes, in order; of those that only differ in their arguments the first few.
        end: Offset just past its last opcode that was walked.
        fault: Why it ends before its own end; None where it doesn't.
        opcodes: How many were walked.
        disputed: Why Python's two unpicklers would not agree on it; None where they would.
        has_arrays: Whether joblib would read an array's bytes between the opcodes, and others opcodes in them.
    """

    names: list[Name] = field(default_factory=list)
    calls: list[Call] = field(default_factory=list)
    end: int = 0
    fault: str | None = None
    opcodes: int = 0
    disputed: str | None = None
    has_arrays: bool = False


class Notes:
    """Fills a walk."""

    def __init__(self, walk: Walk) -> None:
        """Begin with what the walk has."""
        self._walk = walk
        self._names: dict[tuple[str, str], Name] = {}
        self._times: dict[tuple[int, How], int] = {}
        self._last: dict[tuple[int, How], Call] = {}

    def name(self, module: str, name: str) -> Name:
        """Note a global; the same one again is the same symbol."""
        known = self._names.get((module, name))
        if known is None:
            if len(self._names) >= _MOST_NAMES:
                raise FaultError("it asks for too many names to follow")
            known = self._names[module, name] = Name(module, name)
            self._walk.names.append(known)
        return known

    def call(self, function: Symbol, arguments: Iterable[Symbol], how: How, position: int) -> Call:
        """Note a call.

        Raises:
            FaultError: There are too many to keep.
        """
        key = (id(function), how)
        last = self._last.get(key)
        if last is not None:
            return last
        if len(self._walk.calls) >= _MOST:
            raise FaultError("it makes too many calls to follow")
        made = Call(function, [*arguments][:_KEPT], how, position)
        self._walk.calls.append(made)
        self._times[key] = self._times.get(key, 0) + 1
        if self._times[key] == _TELLING and not _arguments_matter(function):
            self._last[key] = made
        return made


def _arguments_matter(function: Symbol) -> bool:
    """Whether what a call does is told by its arguments as much as by the function's name."""
    return hands_on(function) if isinstance(function, Name) else not isinstance(function, Call)
