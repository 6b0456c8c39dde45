"""A notebook inside a notebook is walked one level deep."""

from __future__ import annotations

import json
import time
from typing import Any

import pytest

from stsec_magic import check
from tests.credentials import fill
from tests.notebooks_in_memory import code, markdown, notebook, stream

TOKEN = fill("{alnum:32}", "nested")
LOAD = 'pickle.load(open("a"))'
INNER = notebook(code(f'import pickle\nx = {LOAD}\napi_key = "{TOKEN}"  # end\n'))
JSON = json.dumps(INNER)
PRETTY = json.dumps(INNER, indent=1)


def _printed(text: str) -> dict[str, Any]:
    cell = code("show()")
    cell["outputs"] = [stream(text)]
    return cell


def _found(cell: dict[str, Any]) -> list[tuple[str, str]]:
    """Rule and text of each finding."""
    report = check(notebook(cell)).to_dict()
    assert [p for p in report["problems"] if p["kind"] == "internal"] == []
    text = cell["source"] if not cell.get("outputs") else cell["outputs"][0]["text"]
    lines = ("".join(text) if isinstance(text, list) else text).split("\n")
    found = []
    for finding in report["findings"]:
        assert finding["line"] == finding["end_line"]
        found.append((finding["rule"], lines[finding["line"] - 1][finding["column"] - 1 : finding["end_column"] - 1]))
    return found


@pytest.mark.parametrize(
    ("source", "call"),
    [
        (f"%%writefile a.ipynb\n{PRETTY}", LOAD.replace('"', r"\"")),
        (f"%%writefile a.ipynb\n{JSON}", LOAD.replace('"', r"\"")),
        (f"text = {JSON!r}", LOAD.replace('"', r"\\" + '"')),
        (f"text = {json.dumps(JSON)}", LOAD.replace('"', r"\\\"")),
        (f"text = r'''{PRETTY}'''", LOAD.replace('"', r"\"")),
        (f"one = {{}}\ntext = r'''{JSON}'''", LOAD.replace('"', r"\"")),
    ],
    ids=["written", "written on one line", "literal", "escaped literal", "raw literal", "other braces before"],
)
def test_in_a_code_cell(source: str, call: str):
    assert _found(code(source)) == [("untrusted-load", call), ("hardcoded-secret", TOKEN)]


@pytest.mark.parametrize("old", [False, True])
def test_in_markdown(old: bool):
    inner = {"worksheets": [{"cells": _old(INNER)}], "nbformat": 3, "metadata": {}} if old else INNER
    (load, secret) = _found(markdown(f"As it was:\n\n```json\n{json.dumps(inner)}\n```\n"))
    assert load == ("untrusted-load", LOAD.replace('"', r"\""))
    assert secret == ("hardcoded-secret", TOKEN)


def _old(inner: dict[str, Any]) -> list[dict[str, Any]]:
    return [
        {"cell_type": "code", "language": "python", "input": cell["source"], "outputs": [], "metadata": {}}
        for cell in inner["cells"]
    ]


def test_what_was_printed_is_not_run():
    assert _found(_printed(f"x {{y}}\n{PRETTY}\n")) == [("hardcoded-secret", TOKEN)]
    assert _found(_printed(f"{json.dumps({'notebook': JSON})}\n")) == [("hardcoded-secret", TOKEN)]


def test_its_own_outputs_are_searched():
    inner = notebook(_printed(f"token: {TOKEN}\n"))
    ((rule, text),) = _found(code(f"%%writefile a.ipynb\n{json.dumps(inner)}"))
    assert (rule, text) == ("hardcoded-secret", TOKEN)


def test_the_place_inside_is_told():
    inner = notebook(markdown("Hello"), *INNER["cells"])
    report = check(notebook(code(f"%%writefile a.ipynb\n{json.dumps(inner)}"))).to_dict()
    assert [finding["properties"]["nested_cell"] for finding in report["findings"]] == ["2", "2"]
    assert all(finding["message"].endswith("(in cell 2 of the notebook inside)") for finding in report["findings"])


@pytest.mark.parametrize(
    "text",
    [
        '{"cell_type": "code"}',
        '{"cells": [{"cell_type": ',
        '{"cells": [{"cell_type": "code", "source": 5}, 7], "nbformat": "x"}',
        '{"cells": "cell_type"}',
        '{"cells": [null, {"cell_type": []}]}',
        "{" * 3000 + "cell_type",
        '{"a":' * 3000 + '"cell_type"' + "}" * 3000,
        "[{}] cell_type \\",
    ],
)
def test_what_is_no_notebook(text: str):
    assert _found(code(f"%%writefile a.ipynb\n{text}")) == []
    assert _found(markdown(text)) == []


@pytest.mark.parametrize("unit", ['{"a": ["x", ', '{"cells": [', '{"metadata": {}\n', '{"cells": "cell_type", '])
def test_many_beginnings_cost_little_time(unit: str):
    began = time.process_time()
    _found(markdown(unit * (2_000_000 // len(unit)) + '"cell_type"'))
    assert time.process_time() - began < 5
