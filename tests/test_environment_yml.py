"""environment.yml and pyproject.toml ask for the same."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path
from typing import Any

import yaml

ROOT = Path(__file__).parent.parent


def environment() -> list[Any]:
    return list(yaml.safe_load((ROOT / "environment.yml").read_text(encoding="utf-8"))["dependencies"])


def project() -> dict[str, Any]:
    return dict(tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"])


def floor(requirement: str) -> tuple[str, str]:
    """A requirement's name and the rest, without spaces: ``nbformat >= 5.7`` is nbformat and >=5.7."""
    match = re.fullmatch(r"([A-Za-z0-9_.\-]+)(.*)", requirement.replace(" ", ""))
    assert match is not None, requirement
    return match[1].lower().replace("_", "-"), match[2]


def split() -> tuple[list[tuple[str, str]], list[tuple[str, str]]]:
    """What conda installs, and what pip does."""
    rows = environment()
    conda = [floor(row) for row in rows if isinstance(row, str)]
    pip = [floor(row) for table in rows if isinstance(table, dict) for row in table["pip"] if not row.startswith("-e")]
    return conda, pip


def test_names_and_floors_are_those_of_the_project() -> None:
    conda, pip = split()
    ours = [row for row in conda + pip if row[0] not in ("python", "pip", "stsec-magic")]
    assert sorted(ours) == sorted(map(floor, project()["dependencies"]))


def test_pythons_floor_is_that_of_the_project() -> None:
    assert dict(split()[0])["python"] == project()["requires-python"].replace(" ", "")


def test_pip_is_asked_for_where_it_is_used() -> None:
    conda, pip = split()
    assert "pip" in dict(conda) or not pip
