"""The JSON report is as the contract lists it, key for key."""

from __future__ import annotations

import json
from typing import Any

import pytest

from stsec_magic import __version__, check
from stsec_magic.report import json as json_report
from tests.credentials import openai_key, password
from tests.notebooks_in_memory import code, display, error, markdown, notebook, stream

FINDING = (
    "rule severity confidence path cell cell_id execution_count part output mime pointer line column end_line "
    "end_column file_line file_column message masked fingerprint copies related properties fixable suppressed"
).split()
KEY = openai_key("json")
BOOK = notebook(
    code(f"password = '{password('json')}'  # stsec: ignore why", id="ab", count=7),
    code("import pickle, requests\nr = requests.get(u)\npickle.loads(r.content)"),
    code("x", [stream(KEY), display({"text/html": f"<b>{KEY}</b>"}), error("E", KEY)], metadata={"a": KEY}),
    markdown(KEY, attachments={"a": {"text/plain": KEY}}),
    code(7),
    metadata={"a": KEY},
)


def report(book: dict[str, Any]) -> dict[str, Any]:
    return dict(json.loads(json_report.render(check(book))))


def test_the_keys_of_a_report() -> None:
    given = report(BOOK)
    assert sorted(given) == ["findings", "problems", "schema", "summary", "tool"]
    assert given["schema"] == "stsec-report/1"
    assert given["tool"] == {"name": "stsec-magic", "version": __version__}
    assert given["summary"] == {"notebooks": 1, "cells": 5, "findings": 8, "problems": 1, "suppressed": 1}
    assert [sorted(problem) for problem in given["problems"]] == [["cell", "kind", "message", "path"]]


def test_the_keys_of_every_finding() -> None:
    findings = report(BOOK)["findings"]
    assert len(findings) == 9
    assert {tuple(sorted(finding)) for finding in findings} == {tuple(sorted(FINDING))}


def test_the_values_of_every_finding_have_their_types() -> None:
    for finding in report(BOOK)["findings"]:
        assert finding["severity"] in ("high", "medium", "low")
        assert finding["confidence"] in ("high", "medium", "low")
        assert finding["part"] in ("source", "output", "markdown", "metadata", "attachment", "project")
        assert all(isinstance(finding[key], int) for key in ("line", "column", "end_line", "end_column"))
        assert (finding["pointer"] is not None) == (finding["part"] in ("metadata", "attachment"))
        assert (finding["output"] is not None) == (finding["part"] == "output")
        assert (finding["masked"] is None) == ("sink" in finding["properties"])
        assert isinstance(finding["fixable"], bool)


def test_a_suppressed_finding() -> None:
    first = report(BOOK)["findings"][0]
    assert first["suppressed"] == {"how": "comment", "reason": "why"}
    assert (first["cell_id"], first["execution_count"]) == ("ab", 7)


def test_a_load_says_what_loads_and_where_from() -> None:
    (load,) = (finding for finding in report(BOOK)["findings"] if finding["rule"] == "untrusted-load")
    assert load["properties"] == {"sink": "pickle.loads", "origin": "network"}
    assert load["related"] == [{"path": "<notebook>", "cell": 2, "line": 2, "message": "downloaded here"}]
    assert load["masked"] is None


def test_a_providers_secret_says_whose() -> None:
    keys = [finding for finding in report(BOOK)["findings"] if finding["rule"] == "openai-api-key"]
    assert {(key["properties"]["provider"], key["masked"]) for key in keys} == {("openai", f"sk-proj-...({len(KEY)})")}
    assert len({key["properties"]["secret_group"] for key in keys}) == 1


def test_to_dict_is_the_json() -> None:
    checked = check(BOOK)
    assert json.loads(json_report.render(checked)) == json.loads(json.dumps(checked.to_dict()))


def test_two_runs_give_the_same() -> None:
    assert json_report.render(check(BOOK)) == json_report.render(check(BOOK))


@pytest.mark.parametrize(
    "odd",
    [
        {"execution_count": 2**70},
        {"execution_count": -1},
        {"execution_count": True},
        {"execution_count": 1.5},
        {"execution_count": "7"},
        {"id": 7},
        {"id": "\ud800"},
        {"id": None},
        {"metadata": {"tags": ["\ud800", 3]}},
        {"metadata": []},
        {"metadata": None},
        {"metadata": {"\ud800": KEY}},
    ],
    ids=repr,
)
def test_odd_addresses_can_be_written(odd: dict[str, Any]) -> None:
    findings = report(notebook({**code(f"k = '{KEY}'"), **odd}))["findings"]
    source = [finding for finding in findings if finding["part"] == "source"]
    assert [finding["rule"] for finding in source] == ["openai-api-key"]
