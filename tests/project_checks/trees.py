"""Made-up projects, and what an audit says of them."""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest

from stsec_magic.audit.run import audit
from stsec_magic.model.config import Config
from stsec_magic.model.finding import Finding
from stsec_magic.model.problem import Problem
from tests.notebooks_in_memory import code, notebook, write
from tests.project.repositories import commit, put, repository

PROJECT = Config(select=frozenset(("project",)))


def book(path: Path, *sources: str) -> Path:
    """A notebook of code cells."""
    path.parent.mkdir(parents=True, exist_ok=True)
    return Path(write(path, notebook(*map(code, sources))))


def project(folder: Path, files: dict[str, str], *, tracked: bool = False, git: bool = True) -> Path:
    """A project with a notebook in it."""
    root = repository(folder) if git else folder
    for name, text in files.items():
        put(root / name, text)
    if not any(name.endswith((".py", ".ipynb")) for name in files):
        book(root / "nb.ipynb", "x = 1")
    if tracked:
        commit(root, force=True)
    return root


def told(*folders: Path, config: Config = PROJECT, rule: str | None = None) -> tuple[list[Finding], list[Problem]]:
    """What an audit says of the project; the mode of files left out unless it is asked for."""
    report = audit([str(each) for each in folders], config).report
    findings = [each for each in report.findings if each.rule != "readable-secret-file" or rule == each.rule]
    if rule is not None:
        findings = [each for each in findings if each.rule == rule]
    return findings, list(report.problems)


def rows(*folders: Path, config: Config = PROJECT, rule: str | None = None) -> list[tuple[str, str, str]]:
    """Rule, severity and file of each finding, where nothing is a problem."""
    findings, problems = told(*folders, config=config, rule=rule)
    assert problems == []
    base = folders[0].resolve()
    return [(each.rule, each.severity.value, _short(each.location.path, base, folders[0])) for each in findings]


def _short(path: str, base: Path, given: Path) -> str:
    for folder in (given, base):
        if path.startswith(f"{folder.as_posix()}/"):
            return path.removeprefix(f"{folder.as_posix()}/")
    return path


def everything(findings: list[Finding], problems: list[Problem]) -> str:
    """All text that leaves."""
    return json.dumps([repr(each) for each in (*findings, *problems)])


def open_above(monkeypatch: pytest.MonkeyPatch, file: Path) -> set[Path]:
    """Pretend that the folders above a file let everybody in, but for those that are put into the set."""
    real, closed = Path.stat, set[Path]()

    def stat(path: Path, **options: bool) -> os.stat_result:
        status = real(path, **options)
        if path == file:
            return status
        mode = status.st_mode & ~0o077 if path in closed else status.st_mode | 0o055
        return os.stat_result((mode, *status[1:]))

    monkeypatch.setattr(Path, "stat", stat)
    return closed
