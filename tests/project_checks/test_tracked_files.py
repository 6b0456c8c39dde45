"""Checkpoints and pickles that git has."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from stsec_magic.model.config import Config
from tests.credentials import openai_key
from tests.project.repositories import commit, put, repository
from tests.project_checks.trees import book, rows, told

ALL = Config()
LOAD = "import pickle\nmodel = pickle.load(open('model.pkl', 'rb'))"
UNKNOWN = b"\x80\x04\x95\x0f\x00\x00\x00\x00\x00\x00\x00\x8c\x04mine\x8c\x01C\x93\x94."
CLEAN = b"\x80\x04K\x01."


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


def loads(root: Path, *sources: str) -> list[tuple[str, str, str]]:
    book(root / "nb" / "a.ipynb", *sources)
    commit(root)
    return rows(root, config=ALL, rule="tracked-artifact")


def pickled(root: Path, data: bytes) -> Path:
    put(root / "nb" / "model.pkl").write_bytes(data)
    return root


def test_a_pickle_from_elsewhere(tmp_path: Path) -> None:
    root = pickled(repository(tmp_path), UNKNOWN)
    assert loads(root, LOAD, "pickle.load(open('model.pkl', 'rb'))") == [("tracked-artifact", "low", "nb/model.pkl")]
    finding = told(root, config=ALL, rule="tracked-artifact")[0][0]
    assert [(each.cell, each.message) for each in finding.related] == [(1, "loaded here")]


def test_pickles_that_are_no_worry(tmp_path: Path) -> None:
    assert loads(pickled(repository(tmp_path / "a"), CLEAN), LOAD) == []
    assert loads(pickled(repository(tmp_path / "b"), UNKNOWN), f"{LOAD}  # stsec: ignore") == []
    assert loads(pickled(repository(tmp_path / "c"), UNKNOWN), LOAD.replace("model.pkl", "other.pkl")) == []
    own = "import pickle\npickle.dump(1, open('model.pkl', 'wb'))\npickle.load(open('model.pkl', 'rb'))"
    assert loads(pickled(repository(tmp_path / "d"), UNKNOWN), own) == []
    ignored = repository(tmp_path / "e")
    put(ignored / ".gitignore", "*.pkl\n")
    assert loads(pickled(ignored, UNKNOWN), LOAD) == []


def test_what_git_ignores_is_not_tracked(tmp_path: Path) -> None:
    root = repository(tmp_path)
    book(root / "nb" / "a.ipynb", LOAD)
    commit(root)
    pickled(root, UNKNOWN)
    assert rows(root, config=ALL, rule="tracked-artifact") == []


def test_a_pickle_that_the_tree_itself_writes(tmp_path: Path) -> None:
    root = pickled(repository(tmp_path), UNKNOWN)
    book(root / "nb" / "train.ipynb", "import pickle\npickle.dump(1, open('model.pkl', 'wb'))")
    assert loads(root, LOAD) == []


def test_rules_may_be_deselected_for_a_path(tmp_path: Path) -> None:
    root = pickled(repository(tmp_path), UNKNOWN)
    book(root / "nb" / ".ipynb_checkpoints" / "a-checkpoint.ipynb", "x = 1")
    assert loads(root, LOAD) != []
    config = replace(ALL, per_path_ignores={"nb": frozenset(("project",))})
    assert [each for each in rows(root, config=config) if each[0].startswith("tracked")] == []
