"""Checkpoints that git has."""

from __future__ import annotations

from pathlib import Path

from stsec_magic.model.config import Config
from tests.credentials import openai_key
from tests.project.repositories import commit, repository
from tests.project_checks.trees import book, rows, told

ALL = Config()


def test_checkpoints(tmp_path: Path) -> None:
    root = repository(tmp_path)
    book(root / "nb" / "a.ipynb", "x = 1")
    copies = root / "nb" / ".ipynb_checkpoints"
    book(copies / "a-checkpoint.ipynb", "x = 1")
    book(copies / "b-checkpoint.ipynb", "x = 1")
    assert rows(root) == []
    commit(root)
    assert rows(root) == [("tracked-checkpoints", "low", "nb/.ipynb_checkpoints")]
    assert "2 copies" in told(root)[0][0].message
    book(copies / "b-checkpoint.ipynb", f"k = '{openai_key(1)}'")
    assert rows(root, config=ALL, rule="tracked-checkpoints")[0][1] == "medium"


def test_a_credential_in_a_copy_that_is_folded_into_its_notebook(tmp_path: Path) -> None:
    root = repository(tmp_path)
    for path in ("a.ipynb", ".ipynb_checkpoints/a-checkpoint.ipynb"):
        book(root / path, f"k = '{openai_key(1)}'")
    commit(root)
    assert [each[1] for each in rows(root, config=ALL, rule="tracked-checkpoints")] == ["medium"]
