"""Which folders a notebook's project spans."""

from __future__ import annotations

from pathlib import Path

from stsec_magic.project.secret_files import secret_files, up_to_root
from tests.credentials import token


def test_up_to_the_root(tmp_path: Path) -> None:
    (tmp_path / "pyproject.toml").touch()
    inner = tmp_path / "nb" / "deep"
    inner.mkdir(parents=True)
    assert up_to_root(str(inner)) == [str(inner), str(inner.parent), str(tmp_path)]


def test_the_folder_alone_where_no_root_is_seen(tmp_path: Path) -> None:
    (tmp_path / "nb").mkdir()
    assert up_to_root(str(tmp_path / "nb"))[0] == str(tmp_path / "nb")


def test_a_checkpoints_project_is_that_of_its_original(tmp_path: Path) -> None:
    copies = tmp_path / "nb" / ".ipynb_checkpoints"
    copies.mkdir(parents=True)
    (tmp_path / "nb" / ".env").write_text(f"API_KEY={token('checkpoint', 40)}\n")
    (copies / "eda-checkpoint.ipynb").touch()
    assert up_to_root(str(copies)) == up_to_root(str(copies.parent))
    assert [each.name for each in secret_files(str(copies / "eda-checkpoint.ipynb")).kept] == ["API_KEY"]


def test_a_virtual_environment_may_be_called_so(tmp_path: Path) -> None:
    (tmp_path / ".env").mkdir()
    (tmp_path / "a.ipynb").write_text("{}")
    assert secret_files(str(tmp_path / "a.ipynb")).problems == ()
