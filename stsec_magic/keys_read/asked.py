"""What a program asks for: a key, of which store, and what happens without it."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import Enum

from stsec_magic.model.fragment import Fragment
from stsec_magic.notebook.read import RawNotebook


class Store(Enum):
    """What is asked for keys."""

    SECRETS = "st.secrets"
    ENVIRON = "os.environ"


class Need(Enum):
    """What happens where a key isn't there.

    Attributes:
        ERROR: The program stops.
        NONE: It goes on with None.
        NOTHING: It has another value, or has asked before.
    """

    ERROR = 2
    NONE = 1
    NOTHING = 0


@dataclass(frozen=True, slots=True)
class KeyRead:
    """A place that asks for a key.

    Attributes:
        store: What is asked.
        key: The key, and those below it.
        need: What happens without it.
        fragment: The text that it stands in.
        start: Where in it.
        end: Just past it.
    """

    store: Store
    key: tuple[str, ...]
    need: Need
    fragment: Fragment
    start: int
    end: int


@dataclass(slots=True)
class KeysRead:
    """What one file asks for.

    Attributes:
        raw: The file.
        reads: Each place.
        put: Names that the code itself puts into the environment.
        puts_any: Whether it puts names there that nobody can tell.
        whole: What is also read as a whole, or by computed keys.
    """

    raw: RawNotebook
    reads: list[KeyRead] = field(default_factory=list)
    put: set[str] = field(default_factory=set)
    puts_any: bool = False
    whole: set[Store] = field(default_factory=set)
