"""Code of any shape goes through the rules about Streamlit without an internal fault, and in time."""

from __future__ import annotations

import time
from typing import Any

import pytest

from stsec_magic import check
from stsec_magic.rules.base import Subject
from stsec_magic.rules.cached_load import CachedLoad
from stsec_magic.rules.persisted_cache import PersistedCache
from stsec_magic.rules.removed_cache import RemovedCache
from stsec_magic.rules.session_state_load import SessionStateLoad
from tests.notebooks_in_memory import code, notebook

RULES = ("cached-load", "persisted-cache", "removed-cache", "session-state-load")


def findings(*sources: str) -> list[dict[str, Any]]:
    report = check(notebook(*map(code, sources))).to_dict()
    assert [p for p in report["problems"] if p["kind"] == "internal"] == []
    return [f for f in report["findings"] if f["rule"] in RULES]


@pytest.mark.parametrize("rule", [CachedLoad(), PersistedCache(), RemovedCache(), SessionStateLoad()])
def test_nothing_is_asked_where_streamlit_is_not_named(rule: Any):
    assert list(rule.hits(Subject("a.ipynb"))) == []


@pytest.mark.parametrize(
    "decorated",
    [
        "@st.cache_data[0](1)(2)\ndef f(): pass",
        "@(lambda f: st.cache_data(f))\ndef f(): pass",
        "@st.cache_data(*options, **more)\ndef f(): return f",
        "@x if y else z\nasync def f(): return await f()",
        "st.cache_data()()()",
        "st.cache_data(*[])",
        "functools.partial(*a)(st.cache)",
        "@cache\ndef cache(cache=st.cache_data): return cache",
        "f = f\n@f\ndef f(f): return f(f)",
        "a = b\nb = a\n@a\ndef g(): return a",
        "class A:\n    @st.cache_data\n    def f(self): return self.f()",
        "@st.cache_data\ndef f():\n    class A:\n        def g(self): return A\n    return A().g",
        "@st.cache_data\nclass A: pass",
        "getattr(st, 'cache_data')(getattr(st, name))",
        "f = lambda: f()\nst.cache_data(f)",
        "st.session_state = 3\nst.session_state.x.y[0] = st.session_state",
        "(st.session_state.a, [b, *st.session_state.c]) = x = y",
        "st.session_state.update(*a, **b)\nst.session_state.setdefault()\nsetattr(st.session_state)",
        "st.session_state.x = d = {**d, 'k': d}",
        "st.session_state.x: int",
        "@st.cache_data\ndef f(:",
    ],
)
def test_any_expression_is_taken(decorated: str):
    findings("import functools\nimport pickle\nimport streamlit as st", f"{decorated}\npickle.load(file)")


def test_a_parameter_is_not_the_function_that_has_it():
    assert (
        findings(
            "import pickle\nimport streamlit as st\n"
            "def load(path): return pickle.load(path)\n"
            "@st.cache_data\ndef kept(load): return load\n"
        )
        == []
    )


def test_names_from_a_star_import():
    found = findings("from streamlit import *", "@cache\ndef f(): return {}")
    assert [f["rule"] for f in found] == ["removed-cache"]


def test_many_functions_over_one_large_function_take_little_time():
    body = "\n".join(f"    x{i} = pickle.load(a{i}())" for i in range(300))
    cached = "\n".join(f"@st.cache_data\ndef f{i}(): return large()" for i in range(300))
    start = time.perf_counter()
    found = findings(f"import pickle\nimport streamlit as st\ndef large():\n{body}\n{cached}")
    assert len(found) == 300
    assert time.perf_counter() - start < 10
