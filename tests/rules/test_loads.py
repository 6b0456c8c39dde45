"""The catalogue of dangerous calls, and that each of its names is really met."""

from __future__ import annotations

import re
from typing import Any

import pytest

from stsec_magic import check
from stsec_magic.rules.loads import CatalogueError, Danger, Sink, parse, sinks
from tests.notebooks_in_memory import code, notebook

SINKS = sinks().all
PAIRS = [(name, sink) for name, sink in sinks().names()]
CALLED = [(name, sink) for name, sink in PAIRS if "." in name and "()" not in name and not sink.remote_only]
each_sink = pytest.mark.parametrize("sink", SINKS, ids=[sink.name for sink in SINKS])
each_name = pytest.mark.parametrize(("name", "sink"), CALLED, ids=[name for name, _ in CALLED])


def _unsafe(sink: Sink) -> str:
    """What the deciding parameter is in a dangerous call."""
    if sink.danger is Danger.ALWAYS:
        return ""
    value = sink.values[0] if sink.values and sink.danger is Danger.IF else str(sink.danger is Danger.IF)
    return f", {sink.parameter}={_literal(value)}"


def _safe(sink: Sink) -> str:
    value = sink.values[0] if sink.values and sink.danger is Danger.UNLESS else str(sink.danger is Danger.UNLESS)
    if sink.values and sink.danger is Danger.IF:
        value = str("True" not in sink.values)
    return f", {sink.parameter}={_literal(value)}"


def _literal(value: str) -> str:
    if value in ("True", "False", "None"):
        return value
    return f"given.{value}" if value[:1].isupper() else repr(value)


def _plain(name: str) -> str:
    return name.replace("*", "inner.part")


def _call(name: str, sink: Sink, argument: str, extra: str) -> str:
    before = "None, " * max(0, sink.place)
    return f"{name}({before}{argument}{extra})" if sink.place >= 0 else f"{name}(start=0{extra})"


def _found(*sources: str) -> list[str]:
    report = check(notebook(*map(code, sources))).to_dict()
    assert report["problems"] == []
    return [f["properties"]["sink"] for f in report["findings"] if f["rule"] == "untrusted-load"]


def test_names_are_unique():
    names = [name for name, _ in PAIRS]
    assert sorted(set(names)) == sorted(names)


@each_sink
def test_a_sink_says_why_and_what_instead(sink: Sink):
    assert re.fullmatch(r"https://[a-z0-9.-]+\.[a-z]{2,}/\S*", sink.page)
    assert sink.instead and not sink.instead.endswith(".")
    assert sink.source.isidentifier()


@each_sink
def test_a_parameter_is_named_where_it_decides(sink: Sink):
    assert bool(sink.parameter) is (sink.danger is not Danger.ALWAYS)
    assert sink.position is None or sink.parameter


def test_words_stand_in_every_name():
    """A notebook without them is never looked into."""
    for name, _ in PAIRS:
        parts = {name.partition(".")[0].removesuffix("()").lower(), name.rpartition(".")[2].lower()}
        assert parts <= sinks().words, name


@each_name
def test_every_name_is_found(name: str, sink: Sink):
    module, _, function = _plain(name).rpartition(".")
    extra = _unsafe(sink)
    shown = [sink.shown(_plain(name))]
    assert _found(f"import {module}\n{_call(_plain(name), sink, 'given', extra)}") == shown
    assert _found(f"from {module} import {function} as f", _call("f", sink, "given", extra)) == shown


@each_name
def test_every_name_is_safe_with_its_safe_parameter(name: str, sink: Sink):
    if sink.danger is not Danger.ALWAYS:
        module = _plain(name).rpartition(".")[0]
        assert _found(f"import {module}\n{_call(_plain(name), sink, 'given', _safe(sink))}") == []


@each_sink
def test_a_method_is_found_on_what_its_class_gives(sink: Sink):
    for name in (sink.name, *sink.aliases):
        made, _, method = name.partition("().")
        if method:
            module, _, kind = made.rpartition(".")
            text = f"from {module} import {kind}\nit = {kind}('x')\nit.{method}(given{_unsafe(sink)})"
            assert sink.name in _found(text)


@each_sink
def test_the_source_may_be_given_by_its_keyword(sink: Sink):
    if sink.place < 0 or "()" in sink.name or sink.remote_only:
        return
    name = _plain(sink.name)
    call = f"{name}({sink.source}='https://example.org/file'{_unsafe(sink)})"
    report = check(notebook(code(f"import {name.rpartition('.')[0]}\n{call}"))).to_dict()
    assert [f["properties"]["origin"] for f in report["findings"]] == ["network"]


@each_sink
def test_the_parameter_may_be_given_by_its_place(sink: Sink):
    if sink.position is not None:
        module = _plain(sink.name).rpartition(".")[0]
        before = ", None" * (sink.position - 1)
        for extra, count in ((_unsafe(sink), 1), (_safe(sink), 0)):
            value = extra.rpartition("=")[2]
            assert len(_found(f"import {module}\n{_plain(sink.name)}(given{before}, {value})")) == count


@each_sink
def test_an_unrelated_module_of_the_same_method_is_silent(sink: Sink):
    function = sink.name.rpartition(".")[2]
    assert _found(f"import own\n\nown.{function}(given)\nstore.{function}('https://example.org/file')") == []


@pytest.mark.parametrize(
    "entry",
    [
        {"name": "a.load"},
        {"name": "a.load", "instead": "x", "page": "y", "colour": 1},
        {"name": "a.load", "instead": "x", "page": "y", "danger": "unless"},
        {"name": "a.load", "instead": "x", "page": "y", "parameter": "p"},
    ],
    ids=["incomplete", "unknown key", "no parameter", "no danger"],
)
def test_a_broken_entry_does_not_load(entry: dict[str, Any]):
    with pytest.raises(CatalogueError, match=r"a\.toml"):
        parse("a.toml", {"library": "A", "sink": [entry]})


def test_the_version_that_is_safe_is_told_where_the_parameter_is_not_given():
    (told,) = check(notebook(code("import torch\ntorch.load('m.pt')"))).findings
    (given,) = check(notebook(code("import torch\ntorch.load('m.pt', weights_only=False)"))).findings
    assert told.message.endswith("(the default since torch 2.6)")
    assert "since" not in given.message
