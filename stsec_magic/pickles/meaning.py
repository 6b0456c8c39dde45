"""What a call in a pickle really is: ``getattr`` chains, imports, partials and their like taken apart.

An attacker who may only call harmless things calls those that lead to the others:
``getattr(__import__("os"), "system")("...")``. Nothing is looked up; names are put together as texts.
"""

from __future__ import annotations

import _compat_pickle
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from stsec_magic.pickles.symbols import Attribute, Call, How, Items, Name, Persistent, Plain, Symbol, Unasked

_DEEPEST = 24
_LONGEST = 500
"""Characters of a dotted name."""

_MOST = 64
"""Calls of a function that is mapped over a list."""

_GETATTR = frozenset(("builtins.getattr", "inspect.getattr_static", "numpy.core.numeric.getattr"))
_IMPORTS = frozenset(("builtins.__import__", "importlib.__import__"))
_IMPORT_MODULES = frozenset(
    (
        *("importlib.import_module", "importlib.util._find_spec", "pydoc.safeimport"),
        *("cloudpickle.cloudpickle.subimport", "cloudpickle.cloudpickle.dynamic_subimport"),
    )
)
_OF_DILL = frozenset(("dill._dill._import_module", "dill.dill._import_module"))
_DOTTED = _OF_DILL | {"torch._utils._import_dotted_name", "torch._import_dotted_name", "pydoc.locate"}
"""Functions that give what a dotted name names."""

_OF_MODULE = frozenset(("numpy.core._ufunc_reconstruct", "numpy._core._ufunc_reconstruct"))
"""Functions that give what a name names in a module of another name."""

LOOKING_UP = _DOTTED - _OF_DILL | _OF_MODULE
"""Functions that do nothing but give what is named, and so are as harmless as that.

By dill a function of the author's gets the modules that it uses, too: what it does with them stands in no opcode.
"""

_GETITEM = frozenset(("operator.getitem", "_operator.getitem", "operator.__getitem__", "_operator.__getitem__"))
_ATTRGETTER = frozenset(("operator.attrgetter", "_operator.attrgetter"))
_METHODCALLER = frozenset(("operator.methodcaller", "_operator.methodcaller"))
_PARTIAL = frozenset(("functools.partial", "_functools.partial", "functools.partialmethod"))
_APPLY = frozenset(("operator.call", "_operator.call", "builtins.apply"))
_MAPPED = frozenset(("builtins.map", "itertools.starmap", "builtins.filter"))
_ANSWERED = frozenset(
    (
        *("builtins.globals", "builtins.vars", "builtins.locals", "numpy.dtype", "torch.storage._load_from_bytes"),
        *("pickle.loads", "_pickle.loads", "joblib.load", "builtins.eval", "builtins.exec", "os.system"),
    )
)
"""Further functions of which the arguments tell something."""

_MAKERS = frozenset(("numpy.random._pickle.__generator_ctor", "numpy.random._pickle.__randomstate_ctor"))
"""Functions that call their second argument with their first."""

_LOOKED_UP = ("get", "__getitem__", "pop", "setdefault")
_HANDS_ON = frozenset().union(
    *(
        _GETATTR,
        _IMPORTS,
        _IMPORT_MODULES,
        _DOTTED,
        _OF_MODULE,
        frozenset(("builtins.setattr", "builtins.type")),
        _GETITEM,
        _ATTRGETTER,
        _METHODCALLER,
        _PARTIAL,
        _APPLY,
        _MAPPED,
        _ANSWERED,
    )
)
_NAMESPACES = ("sys.modules", ".__dict__", ".__globals__", ".__builtins__", "globals()", "vars()")


@dataclass(frozen=True, slots=True)
class Effect:
    """A call with its function's real name.

    Attributes:
        name: The dotted name; None where it can't be told.
        arguments: What it is called with.
        call: The call as it stands in the pickle.
    """

    name: str | None
    arguments: Sequence[Symbol]
    call: Call


def effects(calls: Sequence[Call]) -> Iterator[Effect]:
    """What the calls of a pickle come to.

    Args:
        calls: In their order.

    Yields:
        Each with its real name; one that hands others on, such as ``map``, is followed by those.
    """
    for call in calls:
        yield from _effects(call, call.function, call.arguments, 0)


def _effects(call: Call, function: Symbol, arguments: Sequence[Symbol], depth: int) -> Iterator[Effect]:
    if depth > _DEEPEST:
        yield Effect(None, arguments, call)
        return
    maker = function if isinstance(function, Call) and call.how is not How.STATE else None
    made = None if maker is None else meaning(maker.function)
    if maker is not None and made in _PARTIAL and maker.arguments:
        yield from _effects(call, maker.arguments[0], [*maker.arguments[1:], *arguments], depth + 1)
        return
    if maker is not None and made in _METHODCALLER and maker.arguments and arguments:
        method = maker.arguments[0] if isinstance(maker.arguments[0], str) else "?"
        yield from _effects(call, Attribute(arguments[0], method), maker.arguments[1:], depth + 1)
        return
    name = meaning(function)
    yield Effect(name, arguments, call)
    if name in _APPLY and arguments:
        rest = arguments[1:]
        # apply(function, (one, two)) of Python 2; operator.call(function, one, two)
        if name == "builtins.apply" and rest:
            rest = _items(rest[0])
        yield from _effects(call, arguments[0], rest, depth + 1)
    elif name in _MAKERS and len(arguments) > 1 and not isinstance(arguments[1], Name):
        yield from _effects(call, arguments[1], arguments[:1], depth + 1)
    elif name in _MAPPED and len(arguments) > 1:
        for row in _items(arguments[1])[:_MOST]:
            given = _items(row) if name == "itertools.starmap" else [row]
            yield from _effects(call, arguments[0], given, depth + 1)


def _items(symbol: Symbol) -> Sequence[Symbol]:
    if isinstance(symbol, Items):
        return symbol.items
    return symbol if isinstance(symbol, tuple) else [Plain.UNKNOWN]


def hands_on(function: Name) -> bool:
    """Whether a function's arguments decide what its call comes to, as those of ``getattr`` do.

    Args:
        function: The function.
    """
    return today(function.module, function.name) in _HANDS_ON


def meaning(symbol: Symbol, depth: int = 0) -> str | None:
    """The dotted name of what a symbol is.

    Args:
        symbol: A name, an attribute, or the call that gives one.
        depth: How deep it stands in the one that was asked for.

    Returns:
        Such as ``os.system``; None where it can't be told.
    """
    if depth > _DEEPEST:
        return None
    match symbol:
        case Name(module=module, name=name):
            return today(module, name)
        case Persistent(id=("module", Name() as cls, *_)):
            return meaning(cls, depth + 1)  # torch of old writes a model's class with its source
        case Attribute(of=of, name=name):
            return _below(meaning(of, depth + 1), name)
        case Call(how=How.CALL):
            # Asked for anew with every call that is built on it, a chain would cost what no file may cost.
            if symbol.means is Unasked.UNASKED:
                symbol.means = _given_back(symbol.function, symbol.arguments, depth)
            return None if isinstance(symbol.means, Unasked) else symbol.means
    return None


def _given_back(function: Symbol, arguments: Sequence[Symbol], depth: int) -> str | None:
    """What a call gives, where that is a name again."""
    called = meaning(function, depth + 1)
    first, second = [*arguments[:2], Plain.NONE, Plain.NONE][:2]
    found: str | None = None
    if called in _GETATTR and isinstance(second, str):
        found = _below(meaning(first, depth + 1) or _class_of(first, depth + 1), second)
    elif called in _IMPORTS and isinstance(first, str):
        # __import__("os.path") gives os; with a fromlist, os.path.
        found = first if len(arguments) > 3 else first.partition(".")[0]
    elif called in _IMPORT_MODULES | _DOTTED and isinstance(first, str):
        found = first
    elif called in _OF_MODULE and isinstance(first, str) and isinstance(second, str):
        found = f"{first}.{second}"
    elif called in _GETITEM and isinstance(second, str):
        found = _looked_up(meaning(first, depth + 1), second)
    elif called in ("builtins.globals", "builtins.vars", "builtins.locals"):
        found = _below(meaning(first, depth + 1), "__dict__") if arguments else "globals()"
    elif called is not None and called.rpartition(".")[2] in _LOOKED_UP and isinstance(first, str):
        found = _looked_up(called.rpartition(".")[0], first)
    elif isinstance(function, Call) and meaning(function.function, depth + 1) in _ATTRGETTER:
        wanted = function.arguments[0] if function.arguments else None
        found = _below(meaning(first, depth + 1), wanted) if isinstance(wanted, str) else None
    return found


def _class_of(symbol: Symbol, depth: int) -> str | None:
    """The class of an object that the pickle builds, whose methods are that class's."""
    if isinstance(symbol, Call) and symbol.how in (How.CALL, How.NEW):
        cls = meaning(symbol.function, depth)
        return None if cls in _HANDS_ON else cls
    return None


def _looked_up(space: str | None, key: str) -> str | None:
    """What stands under a key in a namespace: ``sys.modules["os"]``, ``os.__dict__["system"]``."""
    if space is None or not space.endswith(_NAMESPACES):
        return None
    if space.endswith(("sys.modules", "globals()", "vars()")):
        return key
    return _below(space.rpartition(".")[0], key)


def _below(of: str | None, name: str) -> str | None:
    return None if of is None or len(of) + len(name) > _LONGEST else f"{of}.{name}"


def today(module: str, name: str) -> str:
    """A name of Python 2, or of a platform's own module, by that of today: ``__builtin__.eval``, ``posix.system``.

    Args:
        module: As a pickle spells it.
        name: Within it.
    """
    if (module, name) in _compat_pickle.NAME_MAPPING:
        module, name = _compat_pickle.NAME_MAPPING[module, name]
    elif module in _compat_pickle.IMPORT_MAPPING:
        module = _compat_pickle.IMPORT_MAPPING[module]
    module = {"posix": "os", "nt": "os"}.get(module, module)
    return f"{module}.{name}"
