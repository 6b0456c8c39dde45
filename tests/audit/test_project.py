"""An audit of a folder looks at its project, one of single notebooks doesn't."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from stsec_magic.audit import project as audit_project
from stsec_magic.audit.discover import discover
from stsec_magic.audit.project import check_project
from stsec_magic.audit.run import audit
from stsec_magic.audit.settings import load
from stsec_magic.model.config import Config
from stsec_magic.model.problem import ProblemKind
from stsec_magic.project import git_process
from tests.credentials import openai_key, private_key
from tests.project.repositories import commit, put, repository
from tests.project_checks.trees import PROJECT, book, project, rows, told

ENV = f"OPENAI_API_KEY={openai_key(1)}\n"


@pytest.fixture(autouse=True)
def own_configuration(monkeypatch: pytest.MonkeyPatch, tmp_path_factory: pytest.TempPathFactory) -> None:
    monkeypatch.setenv("HOME", str(tmp_path_factory.mktemp("home")))
    monkeypatch.setenv("GIT_CONFIG_GLOBAL", os.devnull)
    monkeypatch.setenv("GIT_CONFIG_NOSYSTEM", "1")


def test_single_notebooks_have_no_project(tmp_path: Path) -> None:
    root = project(tmp_path, {".env": ENV}, tracked=True)
    report = audit([str(root / "nb.ipynb")], PROJECT).report
    assert report.findings == () and report.problems == ()


def test_folders_without_notebooks_and_apps_are_left_alone(tmp_path: Path) -> None:
    root = project(tmp_path, {".env": ENV, "server.py": "import flask\n"}, tracked=True)
    assert rows(root) == []
    put(root / "app.py", "import streamlit as st\n")
    assert rows(root) == [("tracked-secret-file", "high", ".env")]


def test_another_project_in_the_tree_is_left_alone(tmp_path: Path) -> None:
    repository(tmp_path)
    put(tmp_path / "site" / "pyproject.toml", "")
    put(tmp_path / "site" / ".env", ENV)
    put(tmp_path / "nb" / "pyproject.toml", "")
    put(tmp_path / "nb" / "deep" / ".env", ENV)
    book(tmp_path / "nb" / "a.ipynb", "x = 1")
    assert rows(tmp_path) == [("unignored-secret-file", "medium", "nb/deep/.env")]


def test_the_files_above_count_up_to_the_root(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    root = repository(tmp_path / "p")
    put(tmp_path / ".env", ENV)
    put(root / ".env", ENV)
    put(root / ".streamlit" / "secrets.toml", f'key = "{openai_key(2)}"\n')
    put(root / "other" / ".env", ENV)
    book(root / "nb" / "a.ipynb", "x = 1")
    commit(root)
    monkeypatch.chdir(root)
    found = [(each.rule, each.location.path) for each in told(Path("nb"))[0]]
    assert found == [("tracked-secret-file", ".env"), ("tracked-secret-file", ".streamlit/secrets.toml")]


def test_paths_are_shown_as_the_folder_was_given(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    root = project(tmp_path, {"sub/.env": ENV, ".env": ENV}, tracked=True)
    monkeypatch.chdir(root)
    assert [each.location.path for each in told(Path())[0]] == [".env", "sub/.env"]
    assert [each.location.path for each in told(root)[0]] == [f"{root.as_posix()}/.env", f"{root.as_posix()}/sub/.env"]


def test_each_file_once(tmp_path: Path) -> None:
    root = project(tmp_path, {"sub/.env": ENV, "sub/app.py": "import streamlit\n"}, tracked=True)
    report = audit([str(root), str(root / "sub"), str(root)], PROJECT).report
    assert [each.rule for each in report.findings if each.rule != "readable-secret-file"] == ["tracked-secret-file"]


def test_what_is_no_part_of_the_project_is_not_walked(tmp_path: Path) -> None:
    files = {f"{folder}/.env": ENV for folder in ("node_modules/x", "venv", "lib/site-packages")}
    root = project(tmp_path, {**files, "venv/pyvenv.cfg": "", "nb.py": "import streamlit"})
    put(root / ".git" / ".env", ENV)
    assert rows(root) == []
    put(root / "old" / ".env", ENV)
    assert rows(root, config=replace(PROJECT, exclude=("old",))) == []


def test_deselected_it_costs_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    root = project(tmp_path, {".env": ENV}, tracked=True)

    def never(*_: object, **__: object) -> None:
        raise AssertionError

    monkeypatch.setattr(audit_project, "files_of", never)
    for config in (replace(PROJECT, select=frozenset(("credentials",))), Config(ignore=frozenset(("project",)))):
        assert check_project([str(root)], discover([str(root)], config), [], config) == ([], [])


def test_a_fault_does_not_take_the_notebooks_with_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    root = project(tmp_path, {})
    book(root / "nb.ipynb", f"k = '{openai_key(1)}'")

    def broken(*_: object, **__: object) -> None:
        raise RuntimeError(openai_key(1))

    monkeypatch.setattr(audit_project, "secrets_in_git", broken)
    report = audit([str(root)], Config()).report
    assert len(report.findings) == 1
    assert [each.kind for each in report.problems] == [ProblemKind.INTERNAL]
    assert openai_key(1) not in report.problems[0].message


def test_one_process_for_each_kind_of_question(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    files = {f"d{i}/.env": ENV for i in range(30)} | {f"d{i}/a.pem": private_key(i) for i in range(30)}
    root = project(tmp_path, files)
    commands: list[Sequence[str]] = []
    run: Any = subprocess.run

    def counted(command: Sequence[str], **options: Any) -> Any:
        commands.append(command)
        return run(command, **options)

    monkeypatch.setattr(git_process.subprocess, "run", counted)
    assert len(told(root)[0]) == 60
    assert len(commands) == 4
    assert not any(openai_key(1) in word for command in commands for word in map(str, command))


@pytest.mark.skipif(sys.platform == "win32", reason="no such names on Windows")
def test_odd_names(tmp_path: Path) -> None:
    names = ["-x", ":(top)", "a\nb", "#", " ", "ü"]
    root = project(tmp_path, {f"{name}/.env": ENV for name in names})
    assert {each[0] for each in rows(root)} == {"unignored-secret-file"} and len(rows(root)) == len(names)
    (root / os.fsdecode(b"\xff")).mkdir()
    put(root / os.fsdecode(b"\xff") / ".env", ENV)
    commit(root)
    found = told(root)[0]
    assert len(found) == len(names) + 1 and {each.rule for each in found} == {"tracked-secret-file"}
    for each in found:
        each.location.path.encode()


@pytest.mark.skipif(sys.platform == "win32", reason="links need rights on Windows")
def test_links_in_circles(tmp_path: Path) -> None:
    root = project(tmp_path, {})
    (root / "loop").symlink_to(root)
    (root / "a.json").symlink_to("a.json")
    (root / "b.pem").symlink_to("nowhere")
    findings, problems = told(root)
    assert findings == [] and [Path(each.path).name for each in problems] == ["a.json"]


def test_a_well_kept_app_is_clean(tmp_path: Path) -> None:
    root = project(
        tmp_path,
        {
            "Home.py": 'import streamlit as st\nconn = st.connection("warehouse", type="sql")\n',
            "pages/1_Chat.py": 'import streamlit as st\nkey = st.secrets["OPENAI_API_KEY"]\nst.secrets.openai.org\n',
            "utils/db.py": 'import os\nfrom dotenv import load_dotenv\nload_dotenv()\nos.environ["DB_PASSWORD"]\n',
            ".streamlit/secrets.toml": f'OPENAI_API_KEY = "{openai_key(1)}"\n[openai]\norg = "x"\n'
            '[connections.warehouse]\ndialect = "postgresql"\n',
            ".streamlit/secrets.toml.example": 'OPENAI_API_KEY = "sk-..."\n',
            ".streamlit/config.toml": '[theme]\nbase = "dark"\n[server]\nheadless = true\n',
            ".env": "DB_PASSWORD=Rz7-kLw!q2\n",
            ".env.example": "DB_PASSWORD=\n",
            ".gitignore": ".env\n.streamlit/secrets.toml\n",
            "requirements.txt": "streamlit\n",
        },
    )
    assert rows(root) == []


def test_a_comment_that_silences_a_finding_of_the_project_is_not_in_vain(tmp_path: Path) -> None:
    put(tmp_path / "requirements.txt")
    lines = ['k = st.secrets["X"]  # stsec: ignore', "x = 1  # stsec: ignore"]
    book(tmp_path / "a.ipynb", "import streamlit as st", "\n".join(lines))
    found = [(each.rule, each.location.line, each.suppressed is None) for each in told(tmp_path, config=Config())[0]]
    assert found == [("unused-suppression", 2, True), ("missing-secret", 1, False)]


def test_single_files_may_be_left_out(tmp_path: Path) -> None:
    root = project(
        tmp_path,
        {
            "stsec.toml": 'exclude = ["config/.env", ".streamlit/config.toml", "app/legacy.py"]\n',
            "config/.env": ENV,
            ".streamlit/config.toml": "[server]\nenableXsrfProtection = false\n",
            ".streamlit/secrets.toml.example": "A = ''\n",
            "app/legacy.py": "import streamlit as st\nst.secrets['GONE']\n",
            "app/main.py": "import streamlit as st\nst.secrets['A']\n",
        },
    )
    config = load(root)
    assert rows(root, config=config) == []
    assert {each[0] for each in rows(root)} == {"unignored-secret-file", "weak-app-config", "missing-secret"}


@pytest.mark.parametrize("spelt", [".", "./", "{root}"])
def test_a_repository_that_cannot_be_asked_is_no_named_file(
    tmp_path: Path, spelt: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    root = project(tmp_path, {".env": ENV})
    put(root / ".git" / "config", "[core\n")
    monkeypatch.chdir(root)
    result = audit([spelt.format(root=root)], Config())
    assert [each.kind.value for each in result.report.problems] == ["unreadable"]
    assert (result.status(Config(), strict=False), result.status(Config(), strict=True)) == (0, 2)
