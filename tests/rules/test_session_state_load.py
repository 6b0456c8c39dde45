"""What a project's .streamlit/config.toml changes for the values in the session's state."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from stsec_magic import check
from stsec_magic.model.problem import Problem
from stsec_magic.project import secret_files
from stsec_magic.project.streamlit_config import enforces_serializable_state
from tests.notebooks_in_memory import code, notebook

SETTING = "[runner]\nenforceSerializableSessionState = true\n"


@pytest.fixture
def project(tmp_path: Path) -> Path:
    secret_files._up_to_root.cache_clear()
    (tmp_path / ".git").mkdir()
    (tmp_path / "notebooks").mkdir()
    return tmp_path


def configure(folder: Path, text: str) -> None:
    (folder / ".streamlit").mkdir(exist_ok=True)
    (folder / ".streamlit" / "config.toml").write_text(text)


def findings(project: Path, source: str) -> list[dict[str, Any]]:
    path = project / "notebooks" / "a.ipynb"
    path.write_text(json.dumps(notebook(code(source))))
    report = check(str(path)).to_dict()
    assert [p for p in report["problems"] if p["kind"] == "internal"] == []
    return [f for f in report["findings"] if f["rule"] == "session-state-load"]


@pytest.mark.parametrize(
    ("text", "is_set"),
    [
        (SETTING, True),
        ("runner.enforceSerializableSessionState = true", True),
        ("[runner]\nenforceSerializableSessionState = false", False),
        ('[runner]\nenforceSerializableSessionState = "true"', False),
        ("[runner]\nfastReruns = true", False),
        ("runner = 3", False),
        ("not toml at all", False),
        ("", False),
    ],
)
def test_the_setting_is_read(project: Path, text: str, is_set: bool):
    configure(project, text)
    path = project / "notebooks" / "a.ipynb"
    path.write_text("{}")
    assert enforces_serializable_state(str(path), []) is is_set


def test_the_nearest_file_decides(project: Path):
    configure(project, SETTING)
    configure(project / "notebooks", "[runner]\nenforceSerializableSessionState = false")
    path = project / "notebooks" / "a.ipynb"
    path.write_text("{}")
    assert not enforces_serializable_state(str(path), [])


def test_a_file_without_the_setting_leaves_it_to_the_one_above(project: Path):
    configure(project, SETTING)
    configure(project / "notebooks", "[theme]\nbase = 'dark'")
    path = project / "notebooks" / "a.ipynb"
    path.write_text("{}")
    assert enforces_serializable_state(str(path), [])


def test_a_notebook_that_is_no_file_has_no_project():
    assert not enforces_serializable_state("<notebook>", [])


@pytest.mark.parametrize(
    ("value", "what"),
    [
        ("lambda row: row.day", "a lambda"),
        ("(row for row in rows)", "a generator"),
        ("open('rides.csv')", "an open file"),
        ("threading.Lock()", "a lock"),
        ("sqlite3.connect('rides.db')", "a database connection"),
        ("sqlalchemy.create_engine(url)", "a database connection"),
        ("{'key': [lambda row: row.day]}", "a lambda"),
        ("rows()", "a generator"),
        ("key", "a lambda"),
    ],
)
def test_what_cannot_be_pickled(project: Path, value: str, what: str):
    source = (
        "import sqlalchemy, sqlite3, threading\nimport streamlit as st\n"
        f"key = lambda row: 1\ndef rows():\n    yield 1\nst.session_state.x = {value}"
    )
    assert findings(project, source) == []
    configure(project, SETTING)
    (found,) = findings(project, source)
    assert found["message"].startswith(f"{what} can't be pickled")
    assert (found["severity"], found["confidence"], found["line"], found["column"]) == ("low", "high", 6, 22)


@pytest.mark.parametrize("value", ["1", "name", "load()", "[1, 2]", "pd.DataFrame()", "print", "rows"])
def test_what_can_be_pickled_or_is_not_known(project: Path, value: str):
    configure(project, SETTING)
    source = f"import streamlit as st\nimport pandas as pd\ndef rows():\n    yield 1\nst.session_state.x = {value}"
    assert findings(project, source) == []


def test_a_load_counts_by_its_origin(project: Path):
    source = (
        "import pickle, requests\nimport streamlit as st\n"
        "st.session_state.a = pickle.loads(requests.get(url).content)\n"
        "st.session_state.b = pickle.load(open('b.pkl', 'rb'))"
    )
    assert [f["severity"] for f in findings(project, source)] == ["low", "low"]
    configure(project, SETTING)
    assert [f["severity"] for f in findings(project, source)] == ["high", "medium"]


@pytest.mark.parametrize("text", ["[runner\nsecret = 'never shown'", "\udcff"], ids=["no TOML", "no UTF-8"])
def test_a_file_that_cannot_be_read_is_a_problem(project: Path, text: str):
    path = project / ".streamlit" / "config.toml"
    path.parent.mkdir(exist_ok=True)
    path.write_bytes(text.encode("utf-8", "surrogateescape"))
    notebook = project / "notebooks" / "a.ipynb"
    notebook.write_text("{}")
    problems: list[Problem] = []
    assert not enforces_serializable_state(str(notebook), problems)
    (problem,) = problems
    assert problem.path.endswith(".streamlit/config.toml")
    assert "cannot be read" in problem.message
    assert "never shown" not in problem.message
