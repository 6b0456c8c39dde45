"""Which notebooks are found under a path, and in which order."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from stsec_magic import Config
from stsec_magic.audit.discover import discover
from stsec_magic.model.config import matches
from stsec_magic.model.problem import ProblemKind


def tree(root: Path, *files: str) -> None:
    for file in files:
        path = root / file
        path.parent.mkdir(parents=True, exist_ok=True)
        path.touch()


def found(root: Path, *exclude: str) -> list[str]:
    files = discover([str(root)], Config(exclude=exclude)).files
    return [os.path.relpath(file, root) for file in files]


def test_a_folder_is_walked_in_order_checkpoints_included(tmp_path: Path) -> None:
    tree(
        tmp_path, "b.ipynb", "a.ipynb", "z/a.ipynb", "d/e/f.ipynb", "d/x.ipynb", ".ipynb_checkpoints/b-checkpoint.ipynb"
    )
    tree(tmp_path, ".hidden/h.ipynb", "notes.txt", "a.py", "upper.IPYNB.bak")
    assert found(tmp_path) == [
        "a.ipynb",
        "b.ipynb",
        ".hidden/h.ipynb",
        ".ipynb_checkpoints/b-checkpoint.ipynb",
        "d/x.ipynb",
        "d/e/f.ipynb",
        "z/a.ipynb",
    ]


@pytest.mark.parametrize(
    ("inside", "marker"),
    [
        (".git/x.ipynb", None),
        (".hg/x.ipynb", None),
        ("a/node_modules/x.ipynb", None),
        (".venv/lib/x.ipynb", ".venv/pyvenv.cfg"),
        ("env with any name/x.ipynb", "env with any name/pyvenv.cfg"),
        ("miniconda/x.ipynb", "miniconda/conda-meta/history"),
        ("lib/python3.12/site-packages/p/x.ipynb", None),
    ],
)
def test_what_is_not_the_users_is_left_out(tmp_path: Path, inside: str, marker: str | None) -> None:
    tree(tmp_path, inside, "mine.ipynb", *([marker] if marker else []))
    assert found(tmp_path) == ["mine.ipynb"]


@pytest.mark.parametrize("name", ["venv", "env", "build", "dist", "data", "__pycache__", "gits", "my_node_modules"])
def test_a_name_alone_leaves_nothing_out(tmp_path: Path, name: str) -> None:
    tree(tmp_path, f"{name}/x.ipynb")
    assert found(tmp_path) == [f"{name}/x.ipynb"]


def test_a_folder_that_is_named_outright_is_walked_whatever_it_is(tmp_path: Path) -> None:
    tree(tmp_path, "node_modules/x.ipynb", "venv/pyvenv.cfg", "venv/x.ipynb")
    assert found(tmp_path / "node_modules") == ["x.ipynb"]
    assert found(tmp_path / "venv") == ["x.ipynb"]


def test_a_loop_of_links_ends_and_no_notebook_is_met_twice(tmp_path: Path) -> None:
    tree(tmp_path, "a/x.ipynb")
    (tmp_path / "a" / "up").symlink_to(tmp_path, target_is_directory=True)
    (tmp_path / "self").symlink_to(tmp_path / "self")
    assert found(tmp_path) == ["a/x.ipynb"]


def test_a_folder_with_a_notebooks_name_is_a_problem_and_is_walked(tmp_path: Path) -> None:
    tree(tmp_path, "x.ipynb/y.ipynb")
    result = discover([str(tmp_path)], Config())
    assert result.files == [str(tmp_path / "x.ipynb" / "y.ipynb")]
    assert [(p.path, p.kind) for p in result.problems] == [(str(tmp_path / "x.ipynb"), ProblemKind.UNREADABLE)]


def test_a_left_out_folder_with_a_notebooks_name_is_no_problem(tmp_path: Path) -> None:
    tree(tmp_path, "x.ipynb/y.ipynb")
    assert discover([str(tmp_path)], Config(exclude=("x.ipynb",))).problems == []


def test_a_path_that_does_not_exist_is_missing_and_a_dangling_link_is_not(tmp_path: Path) -> None:
    (tmp_path / "link.ipynb").symlink_to(tmp_path / "gone")
    result = discover([str(tmp_path / "no.ipynb"), str(tmp_path / "link.ipynb")], Config())
    assert result.missing == [str(tmp_path / "no.ipynb")]
    assert result.files == [str(tmp_path / "link.ipynb")]


def test_each_file_comes_once_in_the_order_of_the_arguments(tmp_path: Path) -> None:
    tree(tmp_path, "a.ipynb", "b.ipynb", "c.ipynb")
    b = str(tmp_path / "b.ipynb")
    names = [Path(file).name for file in discover([b, str(tmp_path), b], Config()).files]
    assert names == ["b.ipynb", "a.ipynb", "c.ipynb"]


@pytest.mark.parametrize("spelling", ["{root}/", "{root}/.", "{root}//", "{root}/../{name}"])
def test_a_file_is_the_same_however_its_path_is_spelt(tmp_path: Path, spelling: str) -> None:
    tree(tmp_path, "a.ipynb")
    paths = [str(tmp_path / "a.ipynb"), spelling.format(root=tmp_path, name=tmp_path.name)]
    assert len(discover(paths, Config()).files) == 1


def test_a_named_file_may_have_any_ending(tmp_path: Path) -> None:
    tree(tmp_path, "nb.json")
    assert discover([str(tmp_path / "nb.json")], Config(exclude=("*.json",))).files == [str(tmp_path / "nb.json")]


def test_paths_are_shown_as_found(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    tree(tmp_path, "a.ipynb", "d/b.ipynb")
    monkeypatch.chdir(tmp_path)
    assert discover(["."], Config()).files == ["a.ipynb", "d/b.ipynb"]
    assert discover(["d"], Config()).files == ["d/b.ipynb"]


def test_standard_input_is_no_path(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    assert (discover(["-"], Config()).files, discover(["-"], Config()).missing) == (["-"], [])


@pytest.mark.parametrize(
    ("pattern", "kept"),
    [
        ("old", ["a/b.ipynb", "a/demo.ipynb", "c.ipynb"]),
        ("old/", ["a/b.ipynb", "a/demo.ipynb", "c.ipynb"]),
        ("a/old/**", ["a/b.ipynb", "a/demo.ipynb", "c.ipynb"]),
        ("**/old/**", ["a/b.ipynb", "a/demo.ipynb", "c.ipynb"]),
        ("demo.ipynb", ["a/b.ipynb", "a/old/x.ipynb", "c.ipynb"]),
        ("a/*.ipynb", ["c.ipynb"]),
        ("**/demo.ipynb", ["a/b.ipynb", "a/old/x.ipynb", "c.ipynb"]),
        ("./a", ["c.ipynb"]),
        ("*", []),
        ("b", ["a/b.ipynb", "a/demo.ipynb", "a/old/x.ipynb", "c.ipynb"]),
    ],
)
def test_patterns_leave_paths_out(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, pattern: str, kept: list[str]
) -> None:
    tree(tmp_path, "a/b.ipynb", "a/demo.ipynb", "a/old/x.ipynb", "c.ipynb")
    monkeypatch.chdir(tmp_path)
    assert sorted(discover(["."], Config(exclude=(pattern,))).files) == kept


@pytest.mark.parametrize(
    ("path", "pattern", "expected"),
    [
        ("nb/eda.ipynb", "eda.ipynb", True),
        ("nb/eda.ipynb", "nb", True),
        ("./nb/eda.ipynb", "nb/*", True),
        ("/home/me/nb/eda.ipynb", "nb/**", True),
        ("nb/eda.ipynb", "da.ipynb", False),
        ("nb2/eda.ipynb", "nb", False),
        ("nb/[x].ipynb", "nb/[[]x].ipynb", True),
        ("NB/eda.ipynb", "nb", False),
    ],
)
def test_what_a_pattern_matches(path: str, pattern: str, expected: bool) -> None:
    assert matches(path, pattern) is expected
