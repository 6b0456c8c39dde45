"""Calls that only lead to others are taken apart."""

from __future__ import annotations

import pytest

from stsec_magic.pickles.meaning import effects, meaning
from stsec_magic.pickles.opcodes import walk
from stsec_magic.pickles.shown import shown
from stsec_magic.pickles.symbols import Attribute, Call, How, Items, Name, Plain, Symbol


def called(function: Symbol, *arguments: Symbol) -> Call:
    return Call(function, arguments, How.CALL, 0)


def name(dotted: str) -> Name:
    module, _, last = dotted.rpartition(".")
    return Name(module, last)


OS = called(name("builtins.__import__"), "os")
SYSTEM = called(name("builtins.getattr"), OS, "system")


@pytest.mark.parametrize(
    ("symbol", "dotted"),
    [
        (name("os.system"), "os.system"),
        (Name("os", "path.join"), "os.path.join"),
        (Name("__builtin__", "eval"), "builtins.eval"),
        (Name("__builtin__", "reduce"), "functools.reduce"),
        (Name("copy_reg", "_reconstructor"), "copyreg._reconstructor"),
        (OS, "os"),
        (called(name("builtins.__import__"), "os.path"), "os"),
        (called(name("builtins.__import__"), "os.path", Plain.NONE, Plain.NONE, Items("list", ["x"])), "os.path"),
        (called(name("importlib.import_module"), "os.path"), "os.path"),
        (SYSTEM, "os.system"),
        (Attribute(OS, "path.join"), "os.path.join"),
        (called(called(name("operator.attrgetter"), "system"), OS), "os.system"),
        (called(called(name("operator.attrgetter"), "path.join"), name("builtins.os")), "builtins.os.path.join"),
        (called(name("operator.getitem"), name("sys.modules"), "os"), "os"),
        (called(called(name("builtins.getattr"), name("sys.modules"), "get"), "os"), "os"),
        (called(name("operator.getitem"), Attribute(OS, "__dict__"), "system"), "os.system"),
        (called(name("operator.getitem"), called(name("builtins.vars"), OS), "system"), "os.system"),
        (called(name("operator.getitem"), called(name("builtins.globals")), "eval"), "eval"),
        (called(name("collections.OrderedDict")), None),
        (Plain.UNKNOWN, None),
        ("os", None),
    ],
    ids=lambda value: shown(value)[:60] if isinstance(value, (Call, Name, Attribute)) else None,
)
def test_meanings(symbol: Symbol, dotted: str | None) -> None:
    assert meaning(symbol) == dotted


RUN, KILL, PARTIAL, MAP = name("os.system"), name("os.kill"), name("functools.partial"), name("builtins.map")
TWICE = called(PARTIAL, called(PARTIAL, RUN))
ROWS = Items("list", [("a", "b")])


@pytest.mark.parametrize(
    ("call", "names"),
    [
        (called(SYSTEM, "id"), ["os.system"]),
        (called(called(PARTIAL, RUN, "id")), ["os.system"]),
        (called(TWICE, "id"), ["os.system"]),
        (called(called(name("operator.methodcaller"), "system", "id"), OS), ["os.system"]),
        (called(MAP, RUN, Items("list", ["a", "b"])), ["builtins.map", "os.system", "os.system"]),
        (called(MAP, RUN, Plain.UNKNOWN), ["builtins.map", "os.system"]),
        (called(name("itertools.starmap"), KILL, ROWS), ["itertools.starmap", "os.kill"]),
        (called(Name("__builtin__", "apply"), RUN, ("id",)), ["builtins.apply", "os.system"]),
        (called(name("operator.call"), RUN, "id"), ["operator.call", "os.system"]),
        (called(Plain.UNKNOWN, "id"), [None]),
    ],
)
def test_effects(call: Call, names: list[str | None]) -> None:
    assert [each.name for each in effects([call])] == names


def test_arguments_go_along() -> None:
    partial = called(name("functools.partial"), name("os.kill"), "a")
    (effect,) = effects([called(partial, "b")])
    assert (effect.name, effect.arguments) == ("os.kill", ["a", "b"])


def test_a_chain_without_an_end_is_unknown() -> None:
    symbol: Symbol = name("os.system")
    for _ in range(200):
        symbol = called(name("builtins.getattr"), symbol, "x")
    assert meaning(symbol) is None
    partial: Symbol = name("os.system")
    for _ in range(200):
        partial = called(name("functools.partial"), partial)
    assert [each.name for each in effects([called(partial)])] == [None]


def test_from_the_bytes() -> None:
    data = b"cbuiltins\ngetattr\n(cbuiltins\n__import__\n(S'os'\ntRS'system'\ntR(S'id'\ntR."
    assert [each.name for each in effects(walk(data).calls)] == ["builtins.__import__", "builtins.getattr", "os.system"]
