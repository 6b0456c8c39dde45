"""Files that a notebook unpickles: those that git has, or will have, and those that others may change."""

from __future__ import annotations

import os
from dataclasses import replace
from pathlib import Path

import pytest

from stsec_magic.model.config import Config
from tests.project.repositories import commit, put, repository
from tests.project_checks.trees import book, open_above, rows, told

ALL = Config()
LOAD = "import pickle\nmodel = pickle.load(open('model.pkl', 'rb'))"
UNKNOWN = b"\x80\x04\x95\x0f\x00\x00\x00\x00\x00\x00\x00\x8c\x04mine\x8c\x01C\x93\x94."
CLEAN = b"\x80\x04K\x01."


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
    assert loads(pickled(repository(tmp_path / "b"), UNKNOWN), f"{LOAD}  # stsec: ignore") == []
    assert loads(pickled(repository(tmp_path / "c"), UNKNOWN), LOAD.replace("model.pkl", "other.pkl")) == []
    own = "import pickle\npickle.dump(1, open('model.pkl', 'wb'))\npickle.load(open('model.pkl', 'rb'))"
    assert loads(pickled(repository(tmp_path / "d"), UNKNOWN), own) == []
    ignored = repository(tmp_path / "e")
    put(ignored / ".gitignore", "*.pkl\n")
    assert loads(pickled(ignored, UNKNOWN), LOAD) == []


def test_a_clean_one_is_told_to_be_clean_now(tmp_path: Path) -> None:
    root = pickled(repository(tmp_path), CLEAN)
    assert loads(root, LOAD) == [("tracked-artifact", "low", "nb/model.pkl")]
    assert told(root, config=ALL, rule="tracked-artifact")[0][0].message.endswith("now it only holds what is harmless")


def test_what_git_would_take_in(tmp_path: Path) -> None:
    root = repository(tmp_path)
    book(root / "nb" / "a.ipynb", LOAD)
    commit(root)
    pickled(root, UNKNOWN)
    found = [each for each in rows(root, config=ALL) if each[0].endswith("-artifact")]
    assert found == [("unignored-artifact", "low", "nb/model.pkl")]
    pickled(root, CLEAN)
    assert rows(root, config=ALL, rule="unignored-artifact") == []
    pickled(root, UNKNOWN)
    put(root / ".gitignore", "*.pkl\n")
    assert rows(root, config=ALL, rule="unignored-artifact") == []


@pytest.mark.parametrize("data", [UNKNOWN, CLEAN])
def test_a_pickle_that_the_tree_itself_writes(tmp_path: Path, data: bytes) -> None:
    root = pickled(repository(tmp_path), data)
    book(root / "nb" / "train.ipynb", "import pickle\npickle.dump(1, open('model.pkl', 'wb'))")
    assert loads(root, LOAD) == []
    (load,) = told(root, config=ALL, rule="untrusted-load")[0]
    assert load.severity.value == "low" and "a file that train.ipynb writes" in load.message


@pytest.mark.skipif(os.name == "nt", reason="no modes")
@pytest.mark.parametrize("source", [LOAD, f"import pickle\npickle.dump(1, open('model.pkl', 'wb'))\n{LOAD}"])
def test_others_may_change_it(tmp_path: Path, source: str, monkeypatch: pytest.MonkeyPatch) -> None:
    root = pickled(tmp_path, CLEAN)
    book(root / "nb" / "a.ipynb", source)
    file = root / "nb" / "model.pkl"
    open_above(monkeypatch, file)
    file.chmod(0o664)
    assert rows(root, config=ALL, rule="writable-artifact") == []
    file.chmod(0o666)
    assert rows(root, config=ALL, rule="writable-artifact") == [("writable-artifact", "medium", "nb/model.pkl")]
    assert "everybody on this machine" in told(root, config=ALL, rule="writable-artifact")[0][0].message
    file.chmod(0o644)
    assert rows(root, config=ALL, rule="writable-artifact") == []


def test_rules_may_be_deselected_for_a_path(tmp_path: Path) -> None:
    root = pickled(repository(tmp_path), UNKNOWN)
    book(root / "nb" / ".ipynb_checkpoints" / "a-checkpoint.ipynb", "x = 1")
    assert loads(root, LOAD) != []
    config = replace(ALL, per_path_ignores={"nb": frozenset(("project",))})
    assert [each for each in rows(root, config=config) if each[0].startswith("tracked")] == []
