"""Changes are made in the file's text: what comes out parses to what was meant, and nothing else moved."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stsec_magic.notebook.splice import Splice, SpliceError, spliced

_TEXT = st.text(st.sampled_from('ab"\\\n\té\U0001f600 \u2028{}'), max_size=30)


def _document(source: object, outputs: int = 0, **dump: Any) -> str:
    cell = {"cell_type": "code", "source": source, "outputs": [{"n": n} for n in range(outputs)], "id": "ab"}
    return json.dumps({"metadata": {}, "cells": [cell]}, **dump)


PATH = ("cells", 0, "source")


@given(
    text=_TEXT.filter(bool),
    new=_TEXT,
    span=st.tuples(st.integers(0, 30), st.integers(0, 30)),
    lines=st.booleans(),
    dump=st.sampled_from([{}, {"indent": 1}, {"ensure_ascii": False}, {"indent": "\t", "ensure_ascii": False}]),
)
def test_the_value_is_what_was_meant_and_the_rest_is_untouched(
    text: str, new: str, span: tuple[int, int], lines: bool, dump: dict[str, Any]
) -> None:
    start, end = sorted(min(each, len(text)) for each in span)
    before = _document(text.splitlines(keepends=True) if lines else text, 2, **dump)
    after = spliced(before, [Splice(PATH, start, end, new)])
    value = json.loads(after)["cells"][0].pop("source")
    assert "".join(value) == text[:start] + new + text[end:]
    head = before.index('"source"')
    assert after.startswith(before[:head])
    tail = before[before.index('"outputs"') :]
    assert after.endswith(tail)


def test_a_new_line_becomes_an_item_of_its_own_as_the_file_writes_items() -> None:
    before = _document(["a = 1\n", "b"], indent=1)
    after = spliced(before, [Splice(PATH, 0, 0, "import os\n")])
    assert after == _document(["import os\n", "a = 1\n", "b"], indent=1)
    one = spliced(_document(["b"], indent=1), [Splice(PATH, 0, 0, "import os\n")])
    assert one == _document(["import os\n", "b"], indent=1)


def test_several_changes_of_one_value_count_from_the_same_text() -> None:
    after = spliced(_document("x = 'a'; y = 'b'"), [Splice(PATH, 4, 7, "one"), Splice(PATH, 13, 16, "another")])
    assert json.loads(after)["cells"][0]["source"] == "x = one; y = another"


@pytest.mark.parametrize("gone", [(0,), (1,), (2,), (0, 1), (1, 2), (0, 2), (0, 1, 2)])
@pytest.mark.parametrize("indent", [None, 1])
def test_items_are_taken_out_with_one_comma_each(gone: tuple[int, ...], indent: int | None) -> None:
    after = spliced(_document("x", 3, indent=indent), [], [("cells", 0, "outputs", n) for n in gone])
    expected = json.loads(_document("x", 3))
    expected["cells"][0]["outputs"] = [each for each in ({"n": 0}, {"n": 1}, {"n": 2}) if each["n"] not in gone]
    assert after == json.dumps(expected, indent=indent)


def test_what_is_not_there_is_refused() -> None:
    with pytest.raises(SpliceError):
        spliced(_document("x"), [Splice(("cells", 1, "source"), 0, 1, "y")])
    with pytest.raises(SpliceError):
        spliced(_document("x"), [], [("cells", 0, "outputs", 4)])
    with pytest.raises(SpliceError):
        spliced(_document("abc"), [Splice(PATH, 0, 2, "y"), Splice(PATH, 1, 3, "z")])
