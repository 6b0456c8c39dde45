"""What no data file asks for."""

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

from stsec_magic.pickles.opcodes import walk
from stsec_magic.pickles.verdict import harms


def of(*names: str) -> list[tuple[str, str]]:
    """The harms of a pickle that calls each name."""
    data = b"".join(b"c%s\n%s\n)R0" % tuple(part.encode() for part in name.rsplit(".", 1)) for name in names)
    return [(harm.name, harm.says) for harm in harms(walk(data + b"N."))]


@pytest.mark.parametrize(
    ("name", "says"),
    [
        ("os.system", "starts a process"),
        ("posix.system", "starts a process"),
        ("subprocess.Popen", "starts a process"),
        ("__builtin__.eval", "runs code that it brings along"),
        ("builtins.exec", "runs code that it brings along"),
        ("importlib.import_module", "imports modules"),
        ("builtins.open", "reads or changes files"),
        ("socket.create_connection", "uses the network"),
        ("ctypes.CDLL", "reaches into memory or the interpreter"),
        ("pickle.loads", "loads another pickle"),
        ("venv.create", "uses a part of Python's own library that no data file needs"),
        ("_aix_support._read_cmd_output", "uses a part of Python's own library that no data file needs"),
        ("numpy.f2py.crackfortran.getlincoef", "uses a part of a library that runs code, which no data file needs"),
        ("numpy.os.system", "starts a process"),
        ("pathlib.os.system", "starts a process"),
        ("numpy.core.__builtins__.eval", "reaches into memory or the interpreter"),
    ],
)
def test_harms(name: str, says: str) -> None:
    ((_, found),) = of(name)
    assert found == says


@pytest.mark.parametrize(
    "name",
    [
        "collections.OrderedDict",
        "builtins.ValueError",
        "exceptions.KeyError",
        "numpy.core.multiarray._reconstruct",
        "numpy.random._pickle.__generator_ctor",
        "sklearn.ensemble._forest.RandomForestClassifier",
        "torch._utils._rebuild_tensor_v2",
        "__main__.Model",
        "mypackage.os_tools.Thing",
        "mypackage.system.Model",
    ],
)
def test_what_data_is_made_of_is_no_harm(name: str) -> None:
    assert of(name) == []


def test_real_objects_do_no_harm() -> None:
    things = [
        collections.OrderedDict(a=1),
        collections.Counter("abc"),
        datetime.datetime.now(datetime.UTC),
        decimal.Decimal("1.5"),
        fractions.Fraction(1, 3),
        pathlib.PurePosixPath("a/b"),
        re.compile("a+"),
        uuid.UUID(int=1),
        types.SimpleNamespace(x=1),
        ValueError("x"),
        range(3),
        print,
    ]
    for protocol in range(6):
        assert harms(walk(pickle.dumps(things, protocol))) == []


def test_a_call_is_shown_as_python() -> None:
    (harm,) = harms(walk(b"cos\nsystem\n(S'id'\ntR."))
    assert (harm.name, harm.call) == ("os.system", "os.system('id')")


def test_what_is_only_asked_for_is_a_harm_too() -> None:
    (harm,) = harms(walk(b"cos\nsystem\n."))
    assert (harm.name, harm.call) == ("os.system", None)


def test_a_chain_is_seen_through() -> None:
    data = b"cbuiltins\ngetattr\n(cbuiltins\n__import__\n(S'os'\ntRS'system'\ntR(S'id'\ntR."
    found = {harm.name: harm.call for harm in harms(walk(data))}
    assert set(found) == {"builtins.__import__", "os.system"}
    assert found["os.system"] == "builtins.getattr(builtins.__import__('os'), 'system')('id')"
