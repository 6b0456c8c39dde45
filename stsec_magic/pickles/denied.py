"""What no data file asks for: how a name is looked up in the tables of what is denied and of what is doubtful."""

from __future__ import annotations

from functools import lru_cache

from stsec_magic.pickles import gadgets
from stsec_magic.pickles.deny_table import DenyTable, deny_table

_REMEMBERED = 4096
_DEEPEST = 8
"""Modules that carry each other: ``transformers.torch.numpy.os``."""

_INTERPRETER = "reaches into memory or the interpreter"

_DUNDERS = frozenset(
    "__builtins__ __globals__ __class__ __base__ __bases__ __mro__ __subclasses__ __code__ __closure__ __func__ "
    "__self__ __loader__ __spec__ __import__ __getattribute__ __getattr__ __init_subclass__ __subclasshook__ "
    "__reduce__ __reduce_ex__ __wrapped__ __traceback__ __context__ __cause__ __kwdefaults__ __defaults__ "
    "__annotations__".split()
)
"""Ways from any object to all the others."""

_ALWAYS = frozenset("os posix nt sys builtins subprocess".split())
"""Modules after which nobody names a module of his own."""

_SOMETIMES = frozenset("importlib shutil socket ctypes multiprocessing runpy pickle marshal pty code commands".split())
"""Modules after which somebody may; in a package that wasn't read they count only with a name that is in the table."""

_ERRORS = ("Error", "Exception", "Warning", "Iteration", "Interrupt", "ExceptionGroup", "TimeoutExpired")


@lru_cache(maxsize=_REMEMBERED)
def denied(name: str) -> str | None:
    """What a name leads to that no data file needs.

    Args:
        name: A dotted name, as ``meaning.today`` spells it.

    Returns:
        A few words, such as "starts a process"; None where nothing speaks against it.
    """
    return _denied(_plain(name.split(".")), 0)


@lru_cache(maxsize=_REMEMBERED)
def doubtful(name: str) -> str | None:
    """What a name can be turned to, though real files sometimes need it.

    Args:
        name: A dotted name, as ``meaning.today`` spells it.

    Returns:
        A few words, such as "can be turned into a call of anything"; None where nothing is to be said, or where
        ``denied`` says it.
    """
    if denied(name) is not None:
        return None
    parts = _plain(name.split("."))
    kind, _ = _longest(deny_table(), parts)
    said = _first(deny_table().doubtful, parts) if kind == "doubtful" else None
    if said is None and "cloudpickle" in parts[:-1]:
        said = "brings its own functions along"
    if said is None and parts[-1] == "__dict__":
        said = "hands out whatever a module holds"
    if said is None and parts[0] in gadgets.libraries():
        said = gadgets.table(parts[0]).doubtful(parts)
    return said


@lru_cache(maxsize=_REMEMBERED)
def harms_when_called(name: str) -> str | None:
    """What a class does with the arguments that it is called with; an object that is only built is harmless.

    Args:
        name: A dotted name, as ``meaning.today`` spells it.

    Returns:
        A few words, as ``denied`` says them; None where nothing is known against it.
    """
    parts = _plain(name.split("."))
    said = _first(deny_table().called, parts) if len(parts) > 1 else None
    if said is None and parts[0] in gadgets.libraries():
        said = gadgets.table(parts[0]).called(parts)
    return said


def _denied(parts: list[str], depth: int) -> str | None:
    """What the parts of a name lead to."""
    table = deny_table()
    if any(part in _DUNDERS for part in parts[1:]):
        return _INTERPRETER
    if len(parts) > 1 and parts[-1].endswith(_ERRORS):
        return None
    kind, said = _longest(table, parts)
    if kind == "names" or depth > _DEEPEST:
        return said
    said = _wild(table, parts) or _carried(table, parts, depth)
    if said is not None or kind is not None or "cloudpickle" in parts[:-1]:
        return said
    if parts[0] in table.tops:
        return table.library
    if parts[0] in gadgets.libraries():
        return gadgets.table(parts[0]).denied(parts)
    return None


def _longest(table: DenyTable, parts: list[str]) -> tuple[str | None, str | None]:
    """Which table knows a name best, and what it says where it says no."""
    for i in range(len(parts), 0, -1):
        head = ".".join(parts[:i])
        if head in table.names:
            return "names", table.names[head]
        if head in table.doubtful:
            return "doubtful", None
        if head in table.data:
            return "data", None
    return None, None


def _carried(table: DenyTable, parts: list[str], depth: int) -> str | None:
    """What is reached through a module that another one has imported: ``pathlib.os.system``."""
    is_read = parts[0] in table.tops or parts[0] in gadgets.libraries()
    for i in range(1, len(parts)):
        meant, rest = gadgets.alias(parts[0], parts[i]), parts[i + 1 :]
        if i > 1 and parts[i - 1][:1].isupper() and meant[0] not in _ALWAYS | _SOMETIMES:
            # A method: pandas.HDFStore.select
            continue
        if not is_read:
            said = _carried_by_a_stranger(table, meant, rest)
        elif _own(parts, i) or not (rest or meant[0] in _ALWAYS):
            said = None
        elif meant[0] in table.tops or meant[0] in gadgets.libraries():
            said = _denied(_plain([*meant, *rest]), depth + 1)
        else:
            said = None
        if said is not None:
            return said
    return None


def _carried_by_a_stranger(table: DenyTable, meant: list[str], rest: list[str]) -> str | None:
    """The same in a package of which nothing is known, where a name may just as well be its own."""
    if meant[0] in _ALWAYS:
        said = _denied([*meant, *rest], _DEEPEST) if rest else _first(table.names, meant)
        return said or (None if rest else table.library)
    if meant[0] in _SOMETIMES and rest:
        return table.names.get(".".join([*meant, *rest]))
    return None


def _own(parts: list[str], i: int) -> bool:
    """Whether a library has a module or class of its own where another's name stands."""
    if parts[0] in gadgets.libraries():
        return ".".join(parts[: i + 1]) in gadgets.table(parts[0]).own
    return ".".join(parts[: i + 1]) in deny_table().own


def _plain(parts: list[str]) -> list[str]:
    """Python's own modules under one name: ``_io`` is ``io``, ``posixpath`` is ``os.path``."""
    tops = deny_table().tops
    head = parts[0]
    if head in ("posixpath", "ntpath", "macpath", "os2emxpath"):
        return ["os", "path", *parts[1:]]
    if head in ("posix", "nt"):
        return ["os", *parts[1:]]
    for prefix in ("_py", "_"):
        if head.startswith(prefix) and head.removeprefix(prefix) in tops and head in tops:
            return [head.removeprefix(prefix), *parts[1:]]
    return parts


def _first(table: dict[str, str], parts: list[str]) -> str | None:
    """What a table says of a name, or of what it stands in."""
    for i in range(len(parts), 0, -1):
        said = table.get(".".join(parts[:i]))
        if said is not None:
            return said
    return None


def _wild(table: DenyTable, parts: list[str]) -> str | None:
    """What is said of a name wherever it stands in its library: ``pathlib.*.unlink``."""
    ends = table.ends.get(parts[0])
    if ends is None:
        return None
    return next((ends[part] for part in parts[1:] if part in ends), None)
