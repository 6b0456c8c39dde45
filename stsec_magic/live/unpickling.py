"""The guard at run time: what an unpickler in this process is about to import, whoever called it and wherever.

Python raises the audit event ``pickle.find_class`` for every global that a pickle names, before it is imported.
The name is judged by the tables that files are judged by; one that no data file needs stops the load. The hook can't
be taken off, so there is one in a process: it stands on ``sys``, where a reload of this module finds it, and a switch
decides whether it looks. A fork inherits it, a spawned process begins without it.

**Not seen**: an ``Unpickler`` whose ``find_class`` doesn't call that of its base. **Not judged**: what is put together
from names that real files need, too (``getattr``, ``functools.partial``, the constructors of cloudpickle and dill):
``%stsec artifact`` follows what those lead to.
"""

from __future__ import annotations

import sys
import threading
from collections.abc import Callable
from types import CodeType, FrameType
from typing import NamedTuple

from stsec_magic.live.mode import Mode
from stsec_magic.live.unpickling_names import EVALUATES, Harm, harm_of, is_constant, prepare, shown
from stsec_magic.live.unpickling_place import Place, users_place
from stsec_magic.live.unpickling_transport import is_transport

_ON_SYS = "_stsec_unpickling"
_LONGEST_LINE = 200

_NEXT = "%stsec artifact FILE shows what the file would do; %stsec off if you trust it"


class LoadStoppedError(RuntimeError):
    """A pickle asked for what no data file needs, and its load was stopped before that was imported.

    It is none of the errors after which libraries try to load a file in another way.

    Attributes:
        name: What would have been imported, fit to be shown; empty where it couldn't be judged.
        message: What happened, in a line.
        place: The user's line; None where there is none.
    """

    def __init__(self, name: str, message: str, place: Place | None = None) -> None:
        """Say what was stopped.

        Args:
            name: What would have been imported.
            message: What happened.
            place: The user's line.
        """
        super().__init__(message)
        self.name = name
        self.message = message
        self.place = place

    def __reduce__(self) -> tuple[type[LoadStoppedError], tuple[str, str, Place | None]]:
        """Comes back from worker processes, too."""
        return LoadStoppedError, (self.name, self.message, self.place)

    def _render_traceback_(self) -> list[str]:
        """What IPython shows instead of a traceback: what happened, where, and what to do."""
        where = [] if self.place is None else [f"  {_shown_line(self.place)}"]
        return [self.message, *where, _NEXT]


class _Watch(NamedTuple):
    """What the guard does while it is on."""

    blocks: bool
    say: Callable[[str], None]
    said: dict[tuple[str, str], object]


class _Slot:
    """What outlives this module: the hook's way into it, and the count."""

    def __init__(self) -> None:
        self.asked: Callable[[tuple[object, ...]], None] | None = None
        self.ran: Callable[[tuple[object, ...]], None] | None = None
        self.watch: _Watch | None = None
        self.stops: list[None] = []
        """Appended to, not counted up: that needs no lock, which a fork might inherit taken."""


_saying = threading.local()


def switch(mode: Mode | None, say: Callable[[str], None]) -> None:
    """Switch the guard on or off.

    Args:
        mode: What to do with a load that asks for what no data file needs; None switches off.
        say: Given one line for each warning, in the thread that loads.
    """
    if mode is None:
        if installed():
            _slot().watch = None
        return
    prepare()
    slot = _slot()
    slot.asked, slot.ran = _asked, slot.ran and _ran
    # By its value, as after a reload there may be two such classes.
    slot.watch = _Watch(mode.value == Mode.BLOCK.value, say, {})


def stopped() -> int:
    """How many loads were stopped in this process."""
    return len(_slot().stops) if installed() else 0


def installed() -> bool:
    """Whether the hook is there, on or off."""
    return _ON_SYS in vars(sys)


def _slot() -> _Slot:
    found = vars(sys).get(_ON_SYS)
    if found is None:
        found = _Slot()
        setattr(sys, _ON_SYS, found)
        sys.addaudithook(_hook(found))
    slot: _Slot = found
    return slot


def _hook(slot: _Slot) -> Callable[[str, tuple[object, ...]], None]:
    def hook(event: str, arguments: tuple[object, ...]) -> None:
        # Called for whatever Python audits: nearly always it ends with these comparisons.
        if event == "pickle.find_class":
            if slot.watch is not None and slot.asked is not None:
                slot.asked(arguments)
        elif event == "exec" and slot.ran is not None and slot.watch is not None:
            slot.ran(arguments)

    return hook


def _asked(arguments: tuple[object, ...]) -> None:
    """A pickle names a global."""
    _guarded(_of_name, arguments)


def _ran(arguments: tuple[object, ...]) -> None:
    """Code is about to run."""
    _guarded(_of_code, arguments)


def _guarded(find: Callable[..., Harm | None], arguments: tuple[object, ...]) -> None:
    """Judge, and stop the load or say so; a fault of ours stops it, too, for then nothing is known of it."""
    watch = _slot().watch
    if watch is None or getattr(_saying, "on", False):
        return
    stop = None
    try:
        found = find(*arguments)
        if found is not None:
            stop = _met(watch, found)
    except Exception as fault:
        stop = _failed(watch, type(fault).__name__)
    if stop is not None:
        _slot().stops.append(None)
        raise stop


def _of_name(module: str, name: str) -> Harm | None:
    found = harm_of(module, name)
    if found is not None and found.name in EVALUATES:
        # Real files have it evaluate a constant's name: from now on what it evaluates is looked at.
        _slot().ran = _ran
        return None
    return found


def _of_code(code: CodeType) -> Harm | None:
    frame = _outside()
    name = "" if frame is None else f"{frame.f_globals.get('__name__')}.{frame.f_code.co_name}"
    return None if name not in EVALUATES or is_constant(code) else Harm(name, "runs code that it brings along")


def _outside() -> FrameType | None:
    """The frame in which the event was raised; None in a thread that runs nothing but C code."""
    frame: FrameType | None = sys._getframe()
    while frame is not None and frame.f_globals.get("__name__") == __name__:
        frame = frame.f_back
    return frame


def _met(watch: _Watch, harm: Harm) -> LoadStoppedError | None:
    frame = _outside()
    if is_transport(frame):
        return None
    place = users_place(frame)
    name = shown(harm.name)
    if watch.blocks:
        return LoadStoppedError(name, f"stsec stopped this load: it would import {name} ({harm.says})", place)
    where = "" if place is None else f", {shown(str(place))}"
    cell = "" if place is None else f"{place.label} {place.file}"
    _tell(watch, (name, cell), f"stsec: this load imports {name} ({harm.says}){where}; {_NEXT}")
    return None


def _failed(watch: _Watch, fault: str) -> LoadStoppedError | None:
    if watch.blocks:
        return LoadStoppedError("", f"stsec stopped this load: it couldn't be judged ({fault})")
    _tell(watch, (fault, ""), f"stsec: a load couldn't be judged ({fault}), and goes on")
    return None


def _tell(watch: _Watch, key: tuple[str, str], line: str) -> None:
    """Say it once; what ``say`` does isn't watched, and its failure isn't the load's."""
    mark = object()
    if watch.said.setdefault(key, mark) is not mark:
        return
    _saying.on = True
    try:
        watch.say(line)
    except Exception:  # noqa: S110 - there is nobody to tell
        pass
    finally:
        _saying.on = False


def _shown_line(place: Place) -> str:
    """A place with its line, masked as a whole."""
    source = place.source()
    return shown(f"{place}: {source}" if source else str(place), _LONGEST_LINE)
