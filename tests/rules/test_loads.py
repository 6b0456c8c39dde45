"""The table of dangerous calls, and that each of its names is really met."""

from __future__ import annotations

import re

import pytest

from stsec_magic import check
from stsec_magic.rules.loads import BY_NAME, SINKS, WORDS, Danger, Sink
from tests.notebooks_in_memory import code, notebook

PAIRS = [(name, sink) for sink in SINKS for name in (sink.name, *sink.aliases)]
each_sink = pytest.mark.parametrize("sink", SINKS, ids=[sink.name for sink in SINKS])
each_name = pytest.mark.parametrize(("name", "sink"), PAIRS, ids=[name for name, _ in PAIRS])

UNSAFE = {
    Danger.ALWAYS: "",
    Danger.UNLESS_TRUE: ", {}=False",
    Danger.IF_TRUE: ", {}=True",
    Danger.UNLESS_SAFE_LOADER: ", {}=yaml.Loader",
}
SAFE = {
    Danger.UNLESS_TRUE: ", {}=True",
    Danger.IF_TRUE: ", {}=False",
    Danger.UNLESS_SAFE_LOADER: ", {}=yaml.SafeLoader",
}


def _sinks(*sources: str) -> list[tuple[str, str]]:
    report = check(notebook(*map(code, sources))).to_dict()
    assert report["problems"] == []
    return [(f["properties"]["sink"], f["properties"]["origin"]) for f in report["findings"]]


def test_names_are_unique():
    names = [name for name, _ in PAIRS]
    assert sorted(set(names)) == sorted(names)
    assert set(BY_NAME) == set(names)


@each_sink
def test_a_sink_says_why_and_what_instead(sink: Sink):
    assert re.fullmatch(r"https://[a-z0-9.-]+\.[a-z]{2,}/\S+", sink.page)
    assert sink.instead and not sink.instead.endswith(".")
    assert re.fullmatch(r"\w+(\.\w+)+", sink.name)
    assert sink.source.isidentifier()


@each_sink
def test_a_parameter_is_named_where_it_decides(sink: Sink):
    assert bool(sink.parameter) is (sink.danger is not Danger.ALWAYS)
    assert sink.position is None or sink.parameter


def test_words_stand_in_every_name():
    """A notebook without them is never looked into."""
    for name in BY_NAME:
        assert {part.lower() for part in (name.partition(".")[0], name.rpartition(".")[2])} <= WORDS, name


@each_name
def test_every_name_is_found(name: str, sink: Sink):
    module, _, function = name.rpartition(".")
    if not module:
        return  # what R calls it that attached the package
    extra = UNSAFE[sink.danger].format(sink.parameter)
    assert _sinks(f"import {module}\nimport yaml\n{name}(given{extra})") == [(sink.name, "unknown")]
    assert _sinks(f"from {module} import {function} as f\nimport yaml", f"f(given{extra})") == [(sink.name, "unknown")]


@each_name
def test_every_name_is_safe_with_its_safe_parameter(name: str, sink: Sink):
    if sink.danger in SAFE:
        module = name.rpartition(".")[0]
        extra = SAFE[sink.danger].format(sink.parameter)
        assert _sinks(f"import {module}\nimport yaml\n{name}(given{extra})") == []


@each_sink
def test_the_source_may_be_given_by_its_keyword(sink: Sink):
    module = sink.name.rpartition(".")[0]
    extra = UNSAFE[sink.danger].format(sink.parameter)
    call = f"{sink.name}({sink.source}='https://example.org/file'{extra})"
    assert _sinks(f"import {module}\nimport yaml\n{call}") == [(sink.name, "network")]


@each_sink
def test_the_parameter_may_be_given_by_its_place(sink: Sink):
    if sink.position is not None:
        module = sink.name.rpartition(".")[0]
        value = "yaml.Loader" if sink.danger is Danger.UNLESS_SAFE_LOADER else "True"
        safe = "yaml.SafeLoader" if sink.danger is Danger.UNLESS_SAFE_LOADER else "False"
        before = ", None" * (sink.position - 1)
        assert len(_sinks(f"import {module}\n{sink.name}(given{before}, {value})")) == 1
        assert _sinks(f"import {module}\n{sink.name}(given{before}, {safe})") == []


@each_sink
def test_an_unrelated_module_of_the_same_method_is_silent(sink: Sink):
    function = sink.name.rpartition(".")[2]
    assert _sinks(f"import own\n\nown.{function}(given)\nstore.{function}('https://example.org/file')") == []
