"""What stands on the stack of a pickle that is walked and not loaded: names, calls that would be made, constants."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from enum import Enum, StrEnum

_SHOWN = 80
"""Characters of a text, and of a whole expression the fivefold, that are shown."""

_FEW = 6
_DEEPEST = 6


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
    """A tuple, a list, a dict or a set, as far as it is kept.

    Attributes:
        kind: Which.
        items: The first items; of a dict keys and values in turn.
    """

    kind: str
    items: list[Symbol] = field(default_factory=list)


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
    """

    function: Symbol
    arguments: Sequence[Symbol]
    how: How
    position: int


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
        NUMBER: A number, True, False.
        NONE: None.
        BYTES: Bytes; or a text that is too long to be a name.
        UNKNOWN: Anything.
    """

    NUMBER = "number"
    NONE = "None"
    BYTES = "bytes"
    UNKNOWN = "unknown"


Symbol = Name | Attribute | Items | Call | Persistent | Plain | str
"""A text stands for itself."""


def shown(symbol: Symbol, depth: int = _DEEPEST) -> str:
    """A symbol as readable Python.

    Args:
        symbol: The symbol.
        depth: How many levels of it are shown.
    """
    if depth == 0:
        return "..."
    match symbol:
        case Plain():
            return {Plain.NONE: "None", Plain.NUMBER: "0", Plain.BYTES: "b'...'"}.get(symbol, "...")
        case str(text):
            return repr(text if len(text) <= _SHOWN else text[:_SHOWN] + "…")
        case Name():
            return symbol.dotted
        case Attribute(of=of, name=name):
            return f"{shown(of, depth - 1)}.{name}"
        case Persistent(id=id):
            return f"persistent_load({shown(id, depth - 1)})"
        case Items(kind=kind, items=items):
            return _of_items(kind, [shown(each, depth - 1) for each in items[: _FEW + 1]])
        case Call():
            return _of_call(symbol, depth)


def _of_call(call: Call, depth: int) -> str:
    function = shown(call.function, depth - 1)
    arguments = ", ".join(shown(each, depth - 1) for each in call.arguments[:_FEW])
    if len(call.arguments) > _FEW:
        arguments += ", ..."
    if call.how is How.STATE:
        return f"{function}.__setstate__({arguments})"
    if call.how is How.NEW:
        return f"{function}.__new__({function}{', ' if arguments else ''}{arguments})"
    return f"{function}({arguments})"


def _of_items(kind: str, texts: list[str]) -> str:
    if len(texts) > _FEW:
        texts = [*texts[:_FEW], "..."]
    if kind == "dict":
        pairs = zip(texts[::2], texts[1::2], strict=False)
        return "{" + ", ".join(f"{key}: {value}" for key, value in pairs) + "}"
    opening, closing = {"tuple": ("(", ")"), "list": ("[", "]"), "set": ("{", "}")}[kind]
    return opening + ", ".join(texts) + ("," if kind == "tuple" and len(texts) == 1 else "") + closing
