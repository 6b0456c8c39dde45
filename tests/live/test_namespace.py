"""What names are bound to, told by identity."""

from __future__ import annotations

import os
import pickle
import sys
from collections.abc import Callable, Iterator
from functools import partial
from io import BytesIO
from types import FunctionType, ModuleType
from typing import Any, ClassVar
from unittest.mock import MagicMock

import pytest
import yaml

from stsec_magic.live.namespace import Namespace
from stsec_magic.source.live_names import Meaning


def of_users(code: str) -> dict[str, Any]:
    """What code defines in the user's namespace."""
    variables: dict[str, Any] = {"__name__": "__main__"}
    exec(compile(code, "cell", "exec"), variables)
    return variables


def meaning(variables: dict[str, Any], dotted: str) -> str | bool | None:
    """The name that a name means; False where nothing is known."""
    root, *attributes = dotted.split(".")
    found = Namespace(variables).meaning(root, attributes)
    return False if found is None else found.name


@pytest.mark.parametrize(
    ("variables", "dotted", "expected"),
    [
        ({"p": pickle}, "p.load", "pickle.load"),
        ({"pickle": pickle}, "pickle", "pickle"),
        ({"ld": pickle.loads}, "ld", "pickle.loads"),
        ({"ld": partial(pickle.loads)}, "ld", "pickle.loads"),
        ({"y": yaml}, "y.unsafe_load", "yaml.unsafe_load"),
        ({"y": yaml}, "y.safe_load", "yaml.safe_load"),
        ({"os": os}, "os.path.join", "os.path.join"),
        ({"o": os}, "o.getenv", "os.getenv"),
        ({"path": os.path}, "path.join", "os.path.join"),
        ({"E": os.environ}, "E.get", "os.environ.get"),
        ({"p": pickle}, "p.no_such.thing", "pickle.no_such.thing"),
        ({"x": 1}, "x.load", False),
        ({}, "pickle.load", False),
    ],
)
def test_libraries_by_whatever_name(variables: dict[str, Any], dotted: str, expected: object) -> None:
    assert meaning(variables, dotted) == expected


USERS = """
import pickle as real

def load(f):
    return 1

class Loader:
    @staticmethod
    def load(f):
        return 1

pickle = Loader()
loader = Loader

class joblib:
    load = lambda f: 1
    unpickle = real.load
"""


def test_what_the_user_made_is_the_users_whatever_it_is_called() -> None:
    variables = of_users(USERS)
    assert meaning(variables, "load") is None
    assert meaning(variables, "pickle.load") is None
    assert meaning(variables, "loader") is None
    assert meaning(variables, "joblib.load") is None
    assert meaning(variables, "joblib.unpickle") == "pickle.load"
    assert meaning(variables, "real.load") == "pickle.load"


@pytest.fixture
def patched() -> Iterator[Callable[[str, object], None]]:
    """Puts something into a library's module, and takes it out again."""
    before: list[tuple[str, object]] = []

    def patch(name: str, thing: object) -> None:
        before.append((name, getattr(pickle, name)))
        setattr(pickle, name, thing)

    yield patch
    for name, thing in before:
        setattr(pickle, name, thing)


@pytest.mark.parametrize("thing", ["load", MagicMock()], ids=["a function of the user's", "a mock"])
def test_what_stands_in_a_librarys_place(thing: object, patched: Callable[[str, object], None]) -> None:
    kept = pickle.load
    patched("load", of_users(USERS)["load"] if thing == "load" else thing)
    assert meaning({"pickle": pickle}, "pickle.load") is None
    # The real one is still what it is.
    assert meaning({"ld": kept}, "ld") == "_pickle.load"


def test_a_module_of_the_users_that_hands_a_load_on() -> None:
    helpers = ModuleType("helpers_of_a_test")
    helpers.ld = pickle.load  # type: ignore[attr-defined]
    sys.modules[helpers.__name__] = helpers
    try:
        assert meaning({"helpers": helpers}, "helpers.ld") == "pickle.load"
    finally:
        del sys.modules[helpers.__name__]


def test_objects_are_known_by_their_class_unless_it_is_a_subclass() -> None:
    class Restricted(pickle.Unpickler):
        pass

    namespace = Namespace({"u": pickle.Unpickler(BytesIO()), "r": Restricted(BytesIO()), "x": 1})
    assert namespace.made_by("u") == "pickle.Unpickler"
    assert namespace.made_by("r") is None
    assert namespace.made_by("x") is None
    assert namespace.made_by("nothing") is None


def test_words_and_aliases() -> None:
    namespace = Namespace({"ld": pickle.load, "p": pickle, "u": pickle.Unpickler(BytesIO()), "x": 1})
    words = set(namespace.words("ld(f)\np.dumps(x)\nu.load()\nobject.p.ld(q)\nx.load()"))
    assert {word for word, _ in words} == {"pickle", "load", "dumps", "unpickler"}
    assert namespace.aliases == {"ld": "load"}
    assert namespace.names_load("ld(f)")
    assert namespace.names_load("u.load()")
    assert not namespace.names_load("p.dumps(x)\nx.load()\nother.ld(f)")


class Hostile:
    """Runs code wherever somebody looks at it."""

    touched: ClassVar[list[str]] = []

    def __getattribute__(self, name: str) -> object:
        Hostile.touched.append(name)
        return object.__getattribute__(self, name)

    def __eq__(self, other: object) -> bool:
        Hostile.touched.append("==")
        return True

    def __hash__(self) -> int:
        Hostile.touched.append("hash")
        return 1

    def __repr__(self) -> str:
        Hostile.touched.append("repr")
        return ""


class HostileType(type):
    """A metaclass that runs code wherever somebody looks at a class of it."""

    def __getattribute__(cls, name: str) -> object:
        Hostile.touched.append(name)
        return type.__getattribute__(cls, name)


def test_no_code_of_the_users_runs() -> None:
    class Odd(metaclass=HostileType):
        load = staticmethod(pickle.load)

    class OddModule(ModuleType):
        def __getattr__(self, name: str) -> object:
            Hostile.touched.append(name)
            raise AttributeError(name)

    variables = {"h": Hostile(), "odd": Odd, "made": Odd(), "module": OddModule("odd")}
    Hostile.touched.clear()
    namespace = Namespace(variables)
    for dotted in ("h", "h.load", "odd.load", "odd.other.load", "made.load", "module.load", "module"):
        root, *attributes = dotted.split(".")
        namespace.meaning(root, attributes)
        namespace.made_by(root)
    list(namespace.words("h.load(x)\nodd.load(x)\nmade.load\nmodule.load(x)"))
    assert Hostile.touched == []


def test_a_module_that_says_it_is_another_one() -> None:
    liar = ModuleType("pickle")
    liar.load = FunctionType((lambda f: f).__code__, {"__name__": "__main__"})  # type: ignore[attr-defined]
    assert meaning({"pickle": liar}, "pickle.load") is None


def test_what_is_said_of_nothing() -> None:
    assert Namespace({}).meaning("pickle", ["load"]) is None
    assert Namespace({"pickle": pickle}).meaning("pickle", []) == Meaning("pickle")
