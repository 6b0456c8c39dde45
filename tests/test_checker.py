"""check(): one notebook, one report, no exception."""

from __future__ import annotations

import copy
import json
from pathlib import Path
from typing import Any

import nbformat
import pytest

from stsec_magic import Config, Severity, check
from stsec_magic.checker import check_raw
from stsec_magic.model.problem import ProblemKind
from stsec_magic.notebook.read import from_mapping
from stsec_magic.rules import untrusted_load
from tests.credentials import openai_key, password
from tests.notebooks_in_memory import code, markdown, notebook, write
from tests.results import everything_said, rules_of

KEY = openai_key("checker")
LOAD = "import pickle\nm = pickle.load(f)"


def test_a_report_counts_what_was_looked_at() -> None:
    report = check(notebook(code("x"), markdown("y"), code(f"k = '{KEY}'  # stsec: ignore")))
    assert (report.notebooks, report.cells, len(report.findings), len(report.active)) == (1, 3, 1, 0)


@pytest.mark.parametrize("book", [{}, {"cells": None}, {1: 2}, {"cells": [], "nbformat": "4"}, nbformat.NotebookNode()])
def test_a_dict_that_is_no_notebook_is_a_problem(book: Any) -> None:
    report = check(book)
    assert [problem.kind for problem in report.problems] == [ProblemKind.INVALID_NOTEBOOK]


@pytest.mark.parametrize("key", [("a", "b"), None, 1.5, frozenset(), b"x"], ids=repr)
@pytest.mark.parametrize("cells", [[], None])
def test_keys_that_json_does_not_know_raise_nothing(key: Any, cells: Any) -> None:
    assert check({"cells": cells, "nbformat": 4, key: {key: KEY}}).notebooks == 1


def test_a_dict_nested_deep_raises_nothing() -> None:
    deep: Any = KEY
    for _ in range(10_000):
        deep = [deep]
    for book in (
        notebook(metadata={"x": deep}),
        {"x": deep},
        {"worksheets": deep, "nbformat": 3},
        notebook(code(deep)),
    ):
        assert check(book).notebooks == 1


@pytest.mark.parametrize(
    "value", [b"bytes", {1, 2}, (1, 2), object(), 1j, float("nan"), lambda: 0], ids=lambda v: type(v).__name__
)
def test_values_that_json_does_not_know_raise_nothing(value: Any) -> None:
    for book in (
        notebook(code(value)),
        notebook(code("x", [value])),
        notebook(value),
        notebook(metadata={"x": value}),
        {"cells": value},
        {"worksheets": value, "nbformat": 3},
        {"cells": [], "nbformat": value},
    ):
        assert all(problem.kind is not ProblemKind.INTERNAL for problem in check(book).problems)


def test_a_dict_is_not_changed() -> None:
    book = notebook(code([LOAD]), metadata={"a": {"b": [KEY]}})
    before = copy.deepcopy(book)
    check(book)
    assert book == before


@pytest.mark.parametrize(
    ("config", "shown"),
    [
        (Config(), ["openai-api-key", "untrusted-load"]),
        (Config(select=frozenset(("loads",))), ["untrusted-load"]),
        (Config(ignore=frozenset(("loads",))), ["openai-api-key"]),
        (Config(per_path_ignores={"*": frozenset(("credentials",))}), ["untrusted-load"]),
        (Config(fail_on=None), ["openai-api-key", "untrusted-load"]),
    ],
)
def test_the_config_selects(config: Config, shown: list[str]) -> None:
    assert [f.rule for f in check(notebook(code(f"k = '{KEY}'"), code(LOAD)), config).findings] == shown


def test_pyproject_is_the_command_lines_business(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "pyproject.toml").write_text('[tool.stsec]\nignore = ["loads"]\n')
    path = write(tmp_path / "nb.ipynb", notebook(code(LOAD)))
    monkeypatch.chdir(tmp_path)
    assert rules_of(path) == ["untrusted-load"]


def test_what_fails_is_what_is_sure_and_bad_enough() -> None:
    report = check(notebook(code(f"k = '{KEY}'"), code(LOAD), code(f"password = '{password(1)}'  # stsec: ignore")))
    assert [f.rule for f in report.failing(Severity.HIGH)] == ["openai-api-key"]
    assert [f.rule for f in report.failing(Severity.LOW)] == ["openai-api-key", "untrusted-load"]
    assert report.failing(None) == ()


def test_a_fault_in_one_rule_is_a_problem_and_the_others_still_run(monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_: object) -> Any:
        raise ValueError(KEY)

    monkeypatch.setattr(untrusted_load.UntrustedLoad, "hits", broken)
    report = check(notebook(code(f"k = '{KEY}'"), code(LOAD)))
    assert [f.rule for f in report.findings] == ["openai-api-key"]
    (problem,) = report.problems
    assert problem.kind is ProblemKind.INTERNAL
    assert "ValueError" in problem.message
    assert KEY not in everything_said(report)


def test_nothing_of_the_notebook_is_run(tmp_path: Path) -> None:
    marker = tmp_path / "ran"
    source = f"open({str(marker)!r}, 'w')\n%run x\n!touch {marker}\nimport pickle\npickle.loads(b'')"
    check(notebook(code(source), code(f"%%bash\ntouch {marker}")))
    assert not marker.exists()


def test_the_same_notebook_gives_the_same_report_whatever_was_checked_before() -> None:
    book = notebook(code(f"k = '{KEY}'"), code(LOAD))
    first = json.dumps(check(book).to_dict())
    check(notebook(code(f"password = '{password(3)}'")))
    assert json.dumps(check(book).to_dict()) == first


def test_findings_come_in_document_order() -> None:
    book = notebook(
        code(f"b = '{openai_key(1)}'\n{LOAD}\na = '{openai_key(2)}'"),
        markdown(openai_key(3)),
        metadata={"x": openai_key(4)},
    )
    places = [(f.location.cell, f.location.line) for f in check(book).findings]
    assert places == [(1, 1), (1, 3), (1, 4), (2, 1), (None, 1)]


def test_a_notebook_of_many_cells_takes_no_more_than_its_share_of_time() -> None:
    import time

    cells = [
        code(f"import pickle\nx{i} = pickle.load(open('m{i}.pkl', 'rb'))\npassword = '{password(i)}'")
        for i in range(400)
    ]
    began = time.process_time()
    report = check_raw(from_mapping(notebook(*cells), "nb.ipynb"), Config(), b"")
    assert len(report.findings) == 800
    assert time.process_time() - began < 8


def test_a_fault_in_reading_is_a_problem_too() -> None:
    class Sly(dict[str, object]):
        def get(self, *_: object) -> object:
            raise LookupError("a secret")

    report = check(Sly(cells=[]))
    assert [problem.kind for problem in report.problems] == [ProblemKind.INTERNAL]
    assert "a secret" not in report.problems[0].message and "LookupError" in report.problems[0].message


def test_a_fingerprint_does_not_depend_on_what_is_selected() -> None:
    book = notebook(code(f"import pickle\npassword = '{password(1)}'\nm = pickle.load(f)"), code("m = pickle.load(f)"))
    all_of_them = {finding.fingerprint for finding in check(book).findings}
    chosen = [finding.fingerprint for finding in check(book, Config(select=frozenset(("loads",)))).findings]
    assert len(all_of_them) == 3
    assert len(chosen) == 2 and set(chosen) < all_of_them


@pytest.mark.parametrize(
    ("text", "language"),
    [('password <- "x1y2z3w4"\n' + "a <- 1\n" * 20_000, "r"), ("%%R\n" + 'token = "x"\n' * 20_000, "python")],
)
def test_a_cell_too_long_for_its_lexer_is_a_problem(text: str, language: str):
    report = check(notebook(code(text), metadata={"language_info": {"name": language}}))
    (problem,) = report.problems
    assert (problem.kind, problem.cell) == (ProblemKind.UNPARSED_CELL, 1)
    assert "searched by its text alone" in problem.message
