"""A call's real name, through imports, aliases and other cells."""

from __future__ import annotations

import pytest

from stsec_magic import check
from stsec_magic.model.fragment import Fragment
from stsec_magic.model.location import Part
from stsec_magic.source.names import Names
from stsec_magic.source.program import Program
from tests.notebooks_in_memory import code, notebook


def names(*sources: str) -> Names:
    return Names(
        Program(
            Fragment(text=text, part=Part.SOURCE, path=("cells", i, "source"), language="python", cell=i + 1)
            for i, text in enumerate(sources)
        )
    )


def called(*sources: str) -> list[str | None]:
    """What each call in the last cell really names, in order."""
    known = names(*sources)
    uses = known.calls(len(sources) - 1)
    uses.sort(key=lambda use: use.order)
    return [known.qualified(use.node.func, use.scope, use.order) for use in uses]


def sinks(*sources: str) -> list[tuple[int | None, int, str]]:
    """Cell, line and sink of every load that is found."""
    report = check(notebook(*map(code, sources)))
    return [(f.location.cell, f.location.line, f.properties["sink"]) for f in report.findings]


@pytest.mark.parametrize(
    ("sources", "name"),
    [
        (["import pickle", "pickle.load()"], "pickle.load"),
        (["import pickle as p", "p.load()"], "pickle.load"),
        (["import numpy.lib.npyio", "numpy.lib.npyio.load()"], "numpy.lib.npyio.load"),
        (["import numpy.lib.npyio as io", "io.load()"], "numpy.lib.npyio.load"),
        (["from pickle import load", "load()"], "pickle.load"),
        (["from pickle import load as fetch", "fetch()"], "pickle.load"),
        (["from sklearn.externals import joblib", "joblib.load()"], "sklearn.externals.joblib.load"),
        (["from pickle import (dump,\n  load as l)", "l()"], "pickle.load"),
        (["import os, pickle as p", "p.load()"], "pickle.load"),
        (
            ["try:\n    import cPickle as pickle\nexcept ImportError:\n    import dill as pickle", "pickle.load()"],
            "dill.load",
        ),
        (["import pickle", "fetch = pickle.load", "fetch()"], "pickle.load"),
        (["import pickle", "p = pickle\nq = p", "q.load()"], "pickle.load"),
        (["import pickle", "a, fetch = 1, pickle.load", "fetch()"], "pickle.load"),
        (["import pickle", "if (fetch := pickle.load):\n    fetch()"], "pickle.load"),
        (["import pickle", "fetch: object = pickle.load\nfetch()"], "pickle.load"),
        (["pickle.load()", "pickle.load()"], "pickle.load"),
        (["import pickle", "def f():\n    pickle.load()"], "pickle.load"),
        (["import pickle", "class A:\n    def f(self):\n        return pickle.load()"], "pickle.load"),
        (["import pickle", "pickle = 3\npickle.load()"], None),
        (["import pickle", "def pickle(): pass\npickle.load()"], None),
        (["import pickle", "class pickle: pass\npickle.load()"], None),
        (["import pickle", "def f(pickle):\n    pickle.load()"], None),
        (["import pickle", "def f(*pickle):\n    pickle.load()"], None),
        (["import pickle", "def f(*, a=1, **pickle):\n    pickle.load()"], None),
        (["import pickle", "f = lambda pickle: pickle.load()"], None),
        (["import pickle", "with open('x') as pickle:\n    pickle.load()"], None),
        (["import pickle", "for pickle in []:\n    pickle.load()"], None),
        (["import pickle", "pickle = safe()\npickle.load()"], None),
        (["import pickle", "for a, pickle in []:\n    pickle.load()"], None),
        (["import pickle", "x = [pickle.load() for pickle in y]"], None),
        (["import pickle", "try:\n    x\nexcept E as pickle:\n    pickle.load()"], None),
    ],
    ids=lambda value: " / ".join(value).replace("\n", "; ") if isinstance(value, list) else "",
)
def test_the_name_that_a_call_really_names(sources: list[str], name: str | None) -> None:
    assert called(*sources)[-1] == name


@pytest.mark.parametrize(
    "expression",
    [
        "getattr(pickle, 'load')(f)",
        "__import__('pickle').load(f)",
        "importlib.import_module('pickle').load(f)",
        "functools.partial(pickle.load, encoding='latin1')(f)",
        "partial(pickle.load)(f)",
    ],
)
def test_indirect_calls_are_seen_through(expression: str) -> None:
    imports = "import pickle, importlib, functools\nfrom functools import partial"
    assert sinks(imports, expression) == [(2, 1, "pickle.load")]


def test_a_partial_kept_by_a_name_is_found_where_it_is_called() -> None:
    source = "import pickle\nfrom functools import partial\nload = partial(pickle.load, encoding='bytes')"
    assert (2, 1, "pickle.load") in sinks(source, "load(f)")


def test_a_sink_handed_on_as_a_value_is_found() -> None:
    assert sinks("import pickle", "list(map(pickle.loads, rows))") == [(2, 1, "pickle.loads")]


def test_a_star_import_brings_its_names() -> None:
    assert sinks("from joblib import *", "load('m.joblib')") == [(2, 1, "joblib.load")]
    assert sinks("from os import *", "load('m.joblib')") == []


def test_an_import_that_stands_in_a_later_cell_counts() -> None:
    assert sinks("p.load(f)", "import pickle as p") == [(1, 1, "pickle.load")]


def test_the_nearest_earlier_binding_counts() -> None:
    sources = [
        "import json as codec",
        "codec.load(f)",
        "import pickle as codec",
        "codec.load(f)",
        "import json as codec",
        "codec.load(f)",
    ]
    assert sinks(*sources) == [(4, 1, "pickle.load")]


def test_a_functions_own_names_stay_in_it() -> None:
    source = "import pickle\ndef f():\n    import json as pickle\n    pickle.load(1)\npickle.load(2)"
    assert sinks(source) == [(1, 5, "pickle.load")]


def test_a_name_that_is_bound_within_a_function_is_not_seen_outside() -> None:
    assert sinks("def f():\n    import pickle as p", "p.load(f)") == []


@pytest.mark.parametrize("broken", ["x = = 1", "print 'x'"])
def test_imports_of_a_cell_that_does_not_parse_count(broken: str) -> None:
    assert sinks(f"{broken}\nimport os, pickle as p", "p.load(f)") == [(2, 1, "pickle.load")]
    assert sinks(f"{broken}\nfrom pickle import load as fetch", "fetch(f)") == [(2, 1, "pickle.load")]
    assert sinks(f"{broken}\nfrom pickle import *", "load(f)") == [(2, 1, "pickle.load")]


def test_calls_in_a_cell_that_does_not_parse_are_found_by_their_text() -> None:
    assert sinks("import pickle as p", "x = = 1\nm = p.load(f)  # p.load(f)\n# p.load(f)") == [(2, 2, "pickle.load")]


def test_a_row_of_aliases_or_a_circle_of_them_ends() -> None:
    circle = "a = b\nb = a\na.load(f)\nc = c\nc.load(f)"
    row = "x0 = pickle.load\n" + "\n".join(f"x{i + 1} = x{i}" for i in range(200)) + "\nx200(f)"
    report = check(notebook(code("import pickle"), code(circle), code(row)))
    assert report.problems == ()


@pytest.mark.parametrize(
    "source", ["getattr()", "getattr(x)", "__import__()", "importlib.import_module(3).x()", "f()()()"]
)
def test_odd_calls_name_nothing(source: str) -> None:
    assert sinks("import pickle, importlib", source) == []
