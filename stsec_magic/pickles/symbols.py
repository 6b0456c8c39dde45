"""What stands on the stack of a pickle that is walked and not loaded: names, calls that would be made, constants."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import Enum, StrEnum


@dataclass(frozen=True, slots=True)
class Name:
    """A global that the pickle asks for.

    Attributes:
        module: As the pickle spells it.
        name: Within the module; may have dots.
    """

    module: str
    name: str

    @property
    def dotted(self) -> str:
        """Both as one."""
        return f"{self.module}.{self.name}"


@dataclass(frozen=True, slots=True)
class Attribute:
    """What ``getattr`` would give.

    Attributes:
        of: The object.
        name: The attribute's name; may have dots.
    """

    of: Symbol
    name: str


@dataclass(slots=True, eq=False)
class Items:
    """A list, a dict or a set, as far as it is kept.

    Attributes:
        kind: Which.
        items: The first items; of a dict keys and values in turn. Most stay empty, so that the list is made late.
    """

    kind: str
    items: Sequence[Symbol] = ()


@dataclass(slots=True, eq=False)
class Blob:
    """Bytes, by their place in the pickle.

    Attributes:
        start: Offset of the first.
        length: How many.
        head: The first few.
    """

    start: int
    length: int
    head: bytes


class Unasked(Enum):
    """What a call gives was not asked for yet."""

    UNASKED = "unasked"


class How(StrEnum):
    """In which way something is called.

    Attributes:
        CALL: ``function(*args)``.
        NEW: ``cls.__new__(cls, *args)``.
        STATE: ``object.__setstate__(state)``, or its attributes set.
        FILL: A method of an object that isn't a list, a dict or a set, called for each batch of items.
    """

    CALL = "call"
    NEW = "new"
    STATE = "state"
    FILL = "fill"


@dataclass(slots=True, eq=False)
class Call:
    """A call that loading would make, and what it gives.

    Attributes:
        function: What is called; for a state, the object.
        arguments: What it is called with.
        how: In which way.
        position: Offset of the opcode in the pickle.
        means: What it gives, once that was asked for; see ``meaning``.
        state: What the object's state was set to last.
    """

    function: Symbol
    arguments: Sequence[Symbol]
    how: How
    position: int
    means: str | Unasked | None = Unasked.UNASKED
    state: Symbol | None = None


@dataclass(frozen=True, slots=True)
class Persistent:
    """An object outside of the pickle, by its id: what torch does for storages.

    Attributes:
        id: The id.
    """

    id: Symbol


class Plain(Enum):
    """Constants of which nothing more is kept.

    Attributes:
        NUMBER: A number among many, or one that is long.
        NONE: None.
        TEXT: A text that is too long to be a name.
        UNKNOWN: Anything.
    """

    NUMBER = "number"
    NONE = "None"
    TEXT = "text"
    UNKNOWN = "unknown"


Symbol = Name | Attribute | Items | Blob | Call | Persistent | Plain | str | int | float | tuple["Symbol", ...]
"""A text, a number and a tuple stand for themselves."""


def is_constant(symbol: Symbol) -> bool:
    """Whether a symbol is surely neither a text nor a container nor what a call gives."""
    return isinstance(symbol, (int, float, Blob)) or symbol is Plain.NUMBER or symbol is Plain.NONE
