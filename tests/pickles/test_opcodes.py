"""The walk notes what Python's own unpickler would do, and nothing is done.

Tests may load pickles: theirs are made of harmless classes, by a subclass that notes what it is asked for.
"""

from __future__ import annotations

import collections
import datetime
import fractions
import io
import os
import pickle
import random
import struct
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from stsec_magic.pickles.opcodes import walk
from stsec_magic.pickles.shown import shown
from stsec_magic.pickles.symbols import How, Name

PROTOCOLS = range(pickle.HIGHEST_PROTOCOL + 1)


class Noting(pickle.Unpickler):
    """Notes each global that is asked for; gives nothing but harmless ones."""

    HARMLESS = frozenset(("builtins", "__builtin__", "collections", "datetime", "fractions", "copyreg", "copy_reg"))

    def __init__(self, data: bytes) -> None:
        super().__init__(io.BytesIO(data))
        self.asked: list[tuple[str, str]] = []

    def find_class(self, module: str, name: str) -> Any:
        self.asked.append((module, name))
        if module == "_codecs" and name == "encode":
            return super().find_class(module, name)
        if module not in self.HARMLESS or name in ("eval", "exec", "getattr", "open", "__import__", "input"):
            raise pickle.UnpicklingError(f"{module}.{name} is not for tests")
        return super().find_class(module, name)


def asked(data: bytes) -> tuple[list[tuple[str, str]], bool]:
    """What the real one asks for, and whether it came to the end."""
    reader = Noting(data)
    try:
        reader.load()
    except Exception:  # whatever a spoilt pickle leads to
        return reader.asked, False
    return reader.asked, True


def names(data: bytes) -> list[tuple[str, str]]:
    return [(each.module, each.name) for each in walk(data).names]


def once(names: list[tuple[str, str]]) -> list[tuple[str, str]]:
    """Each name once, as a walk notes them."""
    return [*dict.fromkeys(names)]


ZOO = [
    None,
    [1, 2.5, True, None, -(1 << 70), 1 << 40, "text", b"bytes", bytearray(b"x"), "\ud800", "ä" * 300],
    {"a": (1, 2, 3, 4), "b": {1, 2}, "c": frozenset((3,)), 4: ()},
    collections.OrderedDict(x=1, y=[2]),
    collections.defaultdict(list, {"a": [1]}),
    collections.Counter("banana"),
    datetime.datetime(2026, 11, 25, 12, 30),
    [datetime.timedelta(days=1)] * 3,
    fractions.Fraction(1, 3),
    complex(1, 2),
    range(5),
    [[[[[["deep"]]]]]],
    list(range(3000)),
    {str(i): i for i in range(3000)},
]


@pytest.mark.parametrize("protocol", PROTOCOLS)
@pytest.mark.parametrize("thing", ZOO, ids=[repr(thing)[:30] for thing in ZOO])
def test_the_names_are_those_that_a_load_asks_for(thing: object, protocol: int) -> None:
    data = pickle.dumps(thing, protocol)
    found = walk(data)
    assert found.fault is None
    assert found.end == len(data)
    real, ended = asked(data)
    assert (names(data), True) == (once(real), ended)


class Runs:
    """What an attacker's class does; never loaded here."""

    def __reduce__(self) -> tuple[Any, ...]:
        return os.system, ("echo hi",)


@pytest.mark.parametrize("protocol", PROTOCOLS)
def test_a_command_is_read_as_python(protocol: int) -> None:
    found = walk(pickle.dumps([1, {"x": Runs()}], protocol))
    assert [shown(call) for call in found.calls] == ["os.system('echo hi')"]


@pytest.mark.parametrize(
    ("data", "call"),
    [
        (b"cos\nsystem\n(S'id'\ntR.", "os.system('id')"),
        (b"(S'id'\nios\nsystem\n.", "os.system('id')"),
        (b"(cos\nsystem\nS'id'\no.", "os.system('id')"),
        (b"\x80\x04\x8c\x02os\x94\x8c\x06system\x94\x93\x94\x8c\x02id\x94\x85\x94R.", "os.system('id')"),
        (b"\x80\x04\x8c\x02os\x8c\x06system\x93\x8c\x02id\x85\x81.", "os.system.__new__(os.system, 'id')"),
        (b"cos\nsystem\n(V\\u0069d\ntR.", "os.system('id')"),
        (b"cos\nsystem\np0\n0g0\n(S'id'\ntR.", "os.system('id')"),
        (b"cos\nsystem\n(X\x02\x00\x00\x00idtR.", "os.system('id')"),
        (b"cos\nsystem\n(U\x02idtR.", "os.system('id')"),
        (b"cbuiltins\ngetattr\n(cos\npath\nS'x'\ntR.", "builtins.getattr(os.path, 'x')"),
        (b"ca\nb\n(lb.", "a.b.__setstate__([])"),
        (b"ca\nB\n)\x81}S'k'\nI1\nsb.", "a.B.__new__(a.B)"),
        (b"ca\nB\n)R(S'x'\ne.", "a.B()"),
    ],
)
def test_calls(data: bytes, call: str) -> None:
    found = walk(data)
    assert found.fault is None
    assert shown(found.calls[0]) == call


def test_what_is_called_on_an_object_is_noted() -> None:
    made, filled = walk(b"ca\nB\n)R(S'x'\ne.").calls
    assert (made.how, filled.how) == (How.CALL, How.FILL)
    assert filled.function is made


def test_a_state_is_noted_with_its_object() -> None:
    made, state = walk(b"ca\nB\n)\x81}S'k'\nI1\nsb.").calls
    assert (state.how, state.function) == (How.STATE, made)
    assert shown(state) == "a.B.__new__(a.B).__setstate__({'k': 1})"


def test_a_name_that_is_computed_is_told() -> None:
    """The module's name is what a call gives."""
    found = walk(b"\x80\x04cbuiltins\nstr\n)R\x8c\x06system\x93.")
    assert [each.dotted for each in found.names] == ["builtins.str", "?.system"]


PAYLOAD = b"cos\nsystem\n(S'id'\ntR"


@pytest.mark.parametrize(
    ("rest", "fault"),
    [
        (b"", "it is cut off"),
        (b"\xff", "it has no opcode 0xff"),
        (b"00", "its stack is empty"),
        (b"g7\n", "it asks for what it never kept"),
        (b"t", "it has no mark"),
        (b"X\xff\xff\x00\x00abc", "it is cut off"),
        (b"\x80\x99", "its protocol is unknown"),
        (b"J\x00", "it is cut off"),
        (b"Inonsense", "a line in it has no end"),
        (b"pnonsense\n", "an operand makes no sense"),
        (b"\x8b\xff\xff\xff\xff", "a length in it is negative"),
    ],
)
def test_what_runs_before_a_fault_is_noted(rest: bytes, fault: str) -> None:
    found = walk(PAYLOAD + rest)
    assert found.fault == fault
    assert [shown(call) for call in found.calls] == ["os.system('id')"]


@pytest.mark.parametrize("data", [b"", b".", b"\x80", b"\x80\x05", b"no pickle at all\n", b"\x00" * 100])
def test_what_is_no_pickle_has_a_fault(data: bytes) -> None:
    found = walk(data)
    assert found.fault is not None
    assert found.calls == []


def test_several_pickles_are_walked_one_after_the_other() -> None:
    data = pickle.dumps([1]) + PAYLOAD + b"."
    first = walk(data)
    second = walk(data, first.end)
    assert (first.calls, len(second.calls), second.end) == ([], 1, len(data))


def test_a_long_text_is_counted_and_not_kept() -> None:
    data = pickle.dumps("x" * 100_000)
    found = walk(data)
    assert (found.fault, found.end) == (None, len(data))


def test_a_memo_bomb_costs_nothing() -> None:
    layers = b"".join(b"(" + b"h%c" % (i % 250) * 20 + b"tq%c" % ((i + 1) % 250) for i in range(200))
    found = walk(b"\x80\x02)q\x00" + layers + b".")
    assert found.fault is None
    assert found.opcodes < 10_000


def test_the_clock_ends_a_walk() -> None:
    assert walk(b"(0" * 100_000 + b".", seconds=0.0).fault == "it takes too long"


@given(st.binary(max_size=300))
@settings(max_examples=400, deadline=None)
def test_any_bytes_give_an_answer(data: bytes) -> None:
    walk(data)
    walk(b"\x80\x04" + data)


@given(st.integers(0, 10**9), st.sampled_from(range(len(ZOO))), st.sampled_from(PROTOCOLS))
@settings(max_examples=300, deadline=None)
def test_a_spoilt_pickle_asks_for_what_is_noted(seed: int, thing: int, protocol: int) -> None:
    """Where the real one gives up sooner, as a call fails, it has asked for the beginning of what is noted."""
    rng = random.Random(seed)
    data = bytearray(pickle.dumps(ZOO[thing], protocol)[:2000])
    for _ in range(rng.randint(1, 3)):
        data[rng.randrange(len(data))] = rng.randrange(256)
    real, _ = asked(bytes(data))
    assert names(bytes(data))[: len(once(real))] == once(real)


GLOBALS = (b"cbuiltins\nlist\n", b"ccollections\nOrderedDict\n", b"cdatetime\ntimedelta\n", b"cfractions\nFraction\n")
PIECES = [
    *GLOBALS,
    b"(", b")", b"]", b"}", b"0", b"2", b"t", b"l", b"d", b"a", b"e", b"s", b"u", b"R", b"\x81", b"b", b"o", b"N",
    b"\x85", b"\x86", b"\x87", b"K\x01", b"I7\n", b"S'x'\n", b"X\x01\x00\x00\x00y", b"\x8c\x01z", b"\x94", b"q\x00",
    b"h\x00", b"q\x01", b"h\x01", b"1", b"\x8f", b"\x90", b"\x91", b"\x88", b"G" + struct.pack(">d", 1.5),
    b"(ibuiltins\nlist\n", b"\x8c\x08builtins\x8c\x04dict\x93",
]  # fmt: skip


@given(st.lists(st.sampled_from(PIECES), max_size=30))
@settings(max_examples=600, deadline=None)
def test_random_programs_ask_for_what_is_noted(pieces: list[bytes]) -> None:
    data = b"\x80\x04" + b"".join(pieces) + b"."
    real, ended = asked(data)
    ours = names(data)
    assert ours[: len(once(real))] == once(real)
    if ended:
        assert ours == once(real)
        assert walk(data).fault is None


def test_a_name_shows_both_its_parts() -> None:
    assert Name("os.path", "join").dotted == "os.path.join"


def test_a_memo_may_have_gaps() -> None:
    found = walk(b"\x80\x04K\x01q\x05cos\nsystem\nq\x00\x94h\x020h\x00(S'id'\ntR.")
    assert [shown(call) for call in found.calls] == ["os.system('id')"]
    assert walk(b"\x80\x04K\x01q\x05h\x03.").fault == "it asks for what it never kept"


def test_a_stack_that_only_grows_is_given_up() -> None:
    assert walk(b"N" * 6_000_000 + b".").fault == "its stack grows too high"
