"""The project's own secrets, looked for exactly and in every way they may be written."""

from __future__ import annotations

import base64
import json
import os
from pathlib import Path
from typing import Any

import pytest

from stsec_magic import check
from stsec_magic.project import secret_files as secret_files_module
from tests.credentials import password, token
from tests.notebooks_in_memory import code, markdown, notebook, stream, write

VALUE = "k/" + token("known", 22) + '+"x'
PASSWORD = password("known")


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("HOME", str(tmp_path / "home"))
    secret_files_module._of_home.cache_clear()
    secret_files_module._up_to_root.cache_clear()
    (tmp_path / ".git").mkdir()
    (tmp_path / "notebooks").mkdir()
    (tmp_path / ".streamlit").mkdir()
    (tmp_path / ".streamlit" / "secrets.toml").write_text(
        f"ride_token = {json.dumps(VALUE)}\n[connections.db]\npassword = '{PASSWORD}'\nhost = 'db.rides.test'\n"
    )
    return tmp_path


def findings(project: Path, *cells: dict[str, Any]) -> list[dict[str, Any]]:
    path = project / "notebooks" / "a.ipynb"
    path.write_text(json.dumps(notebook(*cells)))
    report = check(str(path)).to_dict()
    said = json.dumps(report)
    assert VALUE not in said and json.dumps(VALUE)[1:-1] not in said and PASSWORD not in said
    return [f for f in report["findings"] if f["rule"] == "known-secret"]


@pytest.mark.parametrize(
    "written",
    [
        VALUE,
        json.dumps(VALUE),
        VALUE.replace("/", "%2F").replace("+", "%2B").replace('"', "%22"),
        base64.b64encode(VALUE.encode()).decode(),
        base64.b64encode(f"ada:{VALUE}".encode()).decode(),
        base64.b64encode(f"adas:{VALUE}!".encode()).decode(),
    ],
)
def test_every_way_of_writing_is_found(project: Path, written: str):
    found = findings(project, code("show()", [stream(f"it is {written} today")]), markdown(f"x {written}"))
    assert [(f["part"], f["severity"], f["confidence"]) for f in found] == [
        ("output", "high", "high"),
        ("markdown", "high", "high"),
    ]
    assert {f["properties"]["secret_group"] for f in found} == {found[0]["properties"]["secret_group"]}
    assert "ride_token" in found[0]["message"] and "secrets.toml" in found[0]["message"]


def test_a_known_value_goes_before_every_other_rule(project: Path):
    found = findings(project, code(f"password = '{PASSWORD}'"))
    assert [(f["line"], f["column"]) for f in found] == [(1, 13)]


def test_metadata_is_searched_too(project: Path):
    cell = code("x")
    cell["metadata"] = {"deep": [{"note": f"ü {PASSWORD}"}]}
    (found,) = findings(project, cell)
    assert (found["part"], found["column"]) == ("metadata", 3)


def test_what_is_no_secret_is_not_looked_for(project: Path):
    (project / ".env").write_text(
        "REGION=frankfurt\nPORT=54321098\nHOST=db.rides.test\nDB_PASSWORD=changeme\nPIN_TOKEN=a1b2\n"
    )
    assert findings(project, code("frankfurt 54321098 db.rides.test changeme a1b2")) == []


def test_env_files_beside_and_above(project: Path):
    (project / "notebooks" / ".env.local").write_text(f"export RIDES_KEY='{token('e', 30)}'\n")
    (project / ".env.example").write_text(f"OTHER_KEY={token('f', 30)}\n")
    found = findings(project, code(f"{token('e', 30)}\n{token('f', 30)}"))
    assert [f["line"] for f in found] == [1]
    assert ".env.local" in found[0]["message"]


def test_a_changed_file_is_read_again(project: Path):
    assert findings(project, code(f"'{token('g', 30)}'")) == []
    (project / ".env").write_text(f"RIDES_KEY={token('g', 30)}\n")
    assert len(findings(project, code(f"'{token('g', 30)}'"))) == 1


def test_folders_above_the_project_are_not_looked_at(project: Path):
    inner = project / "notebooks"
    (inner / "pyproject.toml").write_text("")
    assert findings(project, code(f"'{PASSWORD}'")) == []


@pytest.mark.parametrize("content", [b"\xff\xfe", b"a = ", b"a = 1\n" * 300_000])
def test_a_file_that_cannot_be_read_is_a_problem(project: Path, content: bytes):
    (project / ".streamlit" / "secrets.toml").write_bytes(content)
    path = project / "notebooks" / "a.ipynb"
    path.write_text(json.dumps(notebook(code("x = 1"))))
    (problem,) = check(str(path)).problems
    assert problem.kind == "unreadable" and problem.path.endswith("secrets.toml")


def test_a_fifo_is_not_waited_for(project: Path):
    os.mkfifo(project / ".env")
    path = project / "notebooks" / "a.ipynb"
    path.write_text(json.dumps(notebook(code("x = 1"))))
    (problem,) = check(str(path)).problems
    assert problem.path.endswith(".env")


def test_a_notebook_in_memory_has_no_project(project: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.chdir(project)
    report = check(notebook(code(f"'{PASSWORD}'"))).to_dict()
    assert [f["rule"] for f in report["findings"]] == []


def test_the_password_of_a_kept_url_is_found_alone(project: Path):
    inside = password("in a url")
    escaped = inside.replace("!", "%21").replace("+", "%2B")
    (project / ".env").write_text(f"DATABASE_URL=postgresql://ada:{escaped}@db.rides.test/rides\n")
    found = findings(project, code("show()", [stream(f"ada {inside}\n")]), code("show()", [stream(f"ada {escaped}\n")]))
    assert [(f["cell"], f["masked"]) for f in found] == [(1, "...(16)"), (2, f"...({len(escaped)})")]
    assert "DATABASE_URL.password" in found[0]["message"]


def test_the_project_is_that_of_the_working_directory_now(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    value = password("elsewhere")
    for folder in ("one", "other"):
        (tmp_path / folder / ".git").mkdir(parents=True)
        write(tmp_path / folder / "nb.ipynb", notebook(code(f"x = f({value!r})")))
    (tmp_path / "one" / ".env").write_text(f"DB_PASSWORD={value}\n")
    found = []
    for folder in ("one", "other"):
        monkeypatch.chdir(tmp_path / folder)
        found.append([each.rule for each in check("nb.ipynb").findings])
    assert found == [["known-secret"], []]
