"""The verdict on one pickle."""

from __future__ import annotations

import collections
import datetime
import decimal
import fractions
import pathlib
import pickle
import re
import types
import uuid

import pytest

from stsec_magic.model.inspection import Remark, Verdict
from stsec_magic.pickles.opcodes import walk
from stsec_magic.pickles.verdict import judged, remarks


def of(data: bytes) -> dict[str, Remark]:
    return {each.name: each for each in remarks(walk(data))}


def called(*names: str) -> bytes:
    """A pickle that calls each name."""
    return b"".join(b"c%s\n%s\n)R0" % tuple(part.encode() for part in name.rsplit(".", 1)) for name in names) + b"N."


def worst(data: bytes) -> Verdict:
    return max((each.verdict for each in of(data).values()), key=lambda each: each.rank, default=Verdict.CLEAN)


@pytest.mark.parametrize(
    "name",
    [
        "os.system",
        "posix.system",
        "subprocess.Popen",
        "__builtin__.eval",
        "builtins.exec",
        "importlib.import_module",
        "builtins.open",
        "socket.create_connection",
        "ctypes.CDLL",
        "pickle.loads",
        "venv.create",
        "numpy.os.system",
        "pathlib.os.system",
        "numpy.core.__builtins__.eval",
    ],
)
def test_what_no_data_file_needs_is_malicious(name: str) -> None:
    ((_, remark),) = of(called(name)).items()
    assert remark.verdict is Verdict.MALICIOUS
    assert remark.call is not None


@pytest.mark.parametrize("name", ["__main__.Model", "mypackage.os_tools.Thing", "mypackage.system.Model"])
def test_what_nobody_has_listed_is_unknown(name: str) -> None:
    assert of(called(name))[name].verdict is Verdict.UNKNOWN


@pytest.mark.parametrize("name", ["builtins.getattr", "functools.partial", "operator.methodcaller"])
def test_what_can_be_turned_is_suspicious(name: str) -> None:
    assert of(called(name))[name].verdict is Verdict.SUSPICIOUS


@pytest.mark.parametrize("name", ["collections.OrderedDict", "numpy.ndarray", "datetime.date"])
def test_what_data_is_made_of_is_clean(name: str) -> None:
    assert of(called(name))[name].verdict is Verdict.CLEAN


THINGS = [
    collections.OrderedDict(a=1),
    collections.Counter("abc"),
    collections.deque([1]),
    collections.defaultdict(list),
    datetime.datetime.now(datetime.UTC),
    decimal.Decimal("1.5"),
    fractions.Fraction(1, 3),
    pathlib.PurePosixPath("a/b"),
    re.compile("a+"),
    uuid.UUID(int=1),
    types.SimpleNamespace(x=1),
    ValueError("x"),
    range(3),
    complex(1, 2),
    slice(1, 2),
    {1, 2},
    frozenset((1,)),
    bytearray(b"x"),
]


@pytest.mark.parametrize("protocol", range(pickle.HIGHEST_PROTOCOL + 1))
@pytest.mark.parametrize("thing", THINGS, ids=lambda thing: type(thing).__name__)
def test_real_objects_are_clean(thing: object, protocol: int) -> None:
    assert worst(pickle.dumps(thing, protocol)) is Verdict.CLEAN


def test_a_call_is_shown_as_python() -> None:
    assert of(b"cos\nsystem\n(S'id'\ntR.")["os.system"].call == "os.system('id')"


def test_what_is_only_asked_for_is_told_too() -> None:
    remark = of(b"cos\nsystem\n.")["os.system"]
    assert (remark.verdict, remark.call) == (Verdict.MALICIOUS, None)


def test_a_chain_is_seen_through() -> None:
    found = of(b"cbuiltins\ngetattr\n(cbuiltins\n__import__\n(S'os'\ntRS'system'\ntR(S'id'\ntR.")
    assert found["os.system"].verdict is Verdict.MALICIOUS
    assert found["os.system"].call == "builtins.getattr(builtins.__import__('os'), 'system')('id')"


def test_a_name_that_is_made_up_while_loading_is_malicious() -> None:
    assert worst(b"\x80\x04cbuiltins\nstr\n)R\x8c\x06system\x93.") is Verdict.MALICIOUS


@pytest.mark.parametrize("data", [b"ccollections\nabc\n}S'x'\nI1\nsb.", b"ccollections\nabc\n(I1\nI2\nu."])
def test_a_global_that_is_changed_is_malicious(data: bytes) -> None:
    """No pickler sets the state of what it didn't make: a later load of the same name would get what was put there."""
    assert worst(data) is Verdict.MALICIOUS


def test_a_call_of_what_a_call_gives_is_suspicious() -> None:
    assert worst(b"ca\nB\n)R(I1\ntR.") is Verdict.SUSPICIOUS


def test_frames_on_which_readers_differ_are_suspicious() -> None:
    assert worst(b"\x80\x04\x95\x01\x00\x00\x00\x00\x00\x00\x00K\x01.") is Verdict.SUSPICIOUS
    assert worst(pickle.dumps([1, "x"] * 5, 4)) is Verdict.CLEAN
    large = pickle.dumps([b"x" * 100_000, ["y"] * 50_000, {"z": b"x" * 70_000}], 4)
    assert worst(large) is Verdict.CLEAN


def test_judged_by_the_name_alone() -> None:
    assert judged("os.system")[0] is Verdict.MALICIOUS
    assert judged("numpy.ndarray")[0] is Verdict.CLEAN
    assert judged("mine.Thing")[0] is Verdict.UNKNOWN


def test_there_are_only_so_many_remarks() -> None:
    assert len(remarks(walk(called(*(f"mine.Thing{i}" for i in range(1000)))))) == 200


@pytest.mark.parametrize(
    ("data", "verdict"),
    [
        (b"cbuiltins\nsetattr\n(ccollections\nabc\nS'x'\nI1\ntR.", Verdict.MALICIOUS),
        (b"cbuiltins\ntype\n(NtR.", Verdict.CLEAN),
        (b"cbuiltins\ntype\n(S'A'\n(t}tR.", Verdict.SUSPICIOUS),
        (b"cnumpy.core\n_ufunc_reconstruct\n(S'numpy'\nS'ndarray'\ntR.", Verdict.CLEAN),
        (b"cnumpy.core\n_ufunc_reconstruct\n(S'os'\nS'system'\ntR.", Verdict.MALICIOUS),
        (b"cdill._dill\n_import_module\n(S'os.system'\ntR(S'id'\ntR.", Verdict.MALICIOUS),
        (b"cdill._dill\n_eval_repr\n(S'NotImplemented'\ntR.", Verdict.SUSPICIOUS),
        (b"cdill._dill\n_eval_repr\n(S'exit()'\ntR.", Verdict.MALICIOUS),
        (b"cdill._dill\n_import_module\n(S'urllib.request'\ntR.", Verdict.SUSPICIOUS),
        (b"cbuiltins\nsetattr\n(c__main__\nColor\nS'__qualname__'\nS'Color'\ntR.", Verdict.SUSPICIOUS),
        (b"c_frozen_importlib_external\nSourceFileLoader\n)\x81}b.", Verdict.SUSPICIOUS),
        (
            b"cbuiltins\ngetattr\n(c_frozen_importlib_external\nSourceFileLoader\n(S'm'\nS'f'\ntRS'load_module'\ntR)R.",
            Verdict.MALICIOUS,
        ),
        (b"ccloudpickle.cloudpickle\nsubimport\n(S'os'\ntR.", Verdict.SUSPICIOUS),
        (
            b"cbuiltins\ngetattr\n(ccloudpickle.cloudpickle\nsubimport\n(S'os'\ntRS'system'\ntR(S'id'\ntR.",
            Verdict.MALICIOUS,
        ),
        (b"cbuiltins\ngetattr\n(cpathlib\nPath\n(S'x'\ntRS'unlink'\ntR(tR.", Verdict.MALICIOUS),
        (b"cbuiltins\ngetattr\n(cfractions\nFraction\n(I1\ntRS'limit_denominator'\ntR.", Verdict.CLEAN),
        (
            b"cnumpy.random._pickle\n__generator_ctor\n(S'id'\ncbuiltins\ngetattr\n(S'a'\nS'b'\ntRtR.",
            Verdict.SUSPICIOUS,
        ),
        (b"(S'module'\ncfractions\nFraction\nS'f'\nS's'\ntQ)\x81.", Verdict.CLEAN),
        (b"cbuiltins\ngetattr\n(cmine\nThing\n(S'x'\ntRS'run'\ntR(tR.", Verdict.UNKNOWN),
        (b"csocket\nAddressFamily\n(I2\ntR.", Verdict.UNKNOWN),
        (b"csubprocess\nCompletedProcess\n)\x81}b.", Verdict.UNKNOWN),
    ],
)
def test_the_arguments_decide_where_the_name_alone_does_not(data: bytes, verdict: Verdict) -> None:
    assert worst(data) is verdict


def test_what_is_bad_is_found_behind_a_crowd() -> None:
    crowd = b"".join(b"cmine\nThing%d\n0" % i for i in range(3_000))
    assert worst(crowd + b"cos\nsystem\n.") is Verdict.MALICIOUS
    calls = b"cbuiltins\ngetattr\np0\n0" + b"g0\n(S'a'\nS'b'\ntR0" * 60_000
    assert worst(calls + b"cos\nsystem\n.") is Verdict.MALICIOUS


def test_too_many_names_are_never_clean() -> None:
    found = walk(b"".join(b"cmine\nThing%d\n0" % i for i in range(60_000)) + b"N.")
    assert found.fault == "it asks for too many names to follow"
