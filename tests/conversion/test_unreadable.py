"""Files that are no notebooks."""

from __future__ import annotations

from pathlib import Path

import pytest

from stsec_magic.conversion import unreadable
from tests.conversion.books import key
from tests.notebooks_in_memory import code, notebook, write


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"", "is empty: save"),
        ("{}".encode("utf-16"), "is not UTF-8 (byte 0): save it as UTF-8"),
    ],
)
def test_a_file_that_is_no_text(data: bytes, words: str, tmp_path: Path) -> None:
    file = tmp_path / "nb.ipynb"
    file.write_bytes(data)
    line = unreadable.file(str(file))
    assert line is not None
    assert words in line
    assert "\n" not in line


def test_a_folder_and_a_missing_file(tmp_path: Path) -> None:
    assert "it is a folder" in str(unreadable.file(str(tmp_path)))
    assert "no such file" in str(unreadable.file(str(tmp_path / "none.ipynb")))
    assert unreadable.file(str(write(tmp_path / "nb.ipynb", notebook(code("1"))))) is None


@pytest.mark.parametrize(
    ("content", "words"),
    [
        ('{"cells": [', "is not JSON (line 1"),
        ("<<<<<<< a\n{}\n=======\n{}\n>>>>>>> b\n", "merge-conflict markers"),
        ("[1]", "an array where a notebook holds an object"),
        ("{}", "has no list of cells"),
    ],
)
def test_a_text_that_is_no_notebook(content: str, words: str) -> None:
    line = unreadable.text(content, "a.ipynb")
    assert line is not None
    assert line.startswith("stsec: a.ipynb ")
    assert words in line
    assert line.endswith("restore it from a checkpoint or from git, or save it in Jupyter again")
    assert "searched" not in line


def test_what_is_wrong_in_a_notebook_is_named_by_its_place() -> None:
    line = unreadable.invalid(["cells", 3, "outputs", 0, "text"], None)
    assert (
        line
        == "stsec: this is not what a notebook should be (at cell 4/outputs/0/text): open it in Jupyter and save it"
    )
    assert "(at" not in unreadable.invalid([], None)


def test_a_missing_folder(tmp_path: Path) -> None:
    assert unreadable.no_folder(tmp_path / "x") is None
    assert unreadable.no_folder(None) is None
    assert "make it first" in str(unreadable.no_folder(tmp_path / "missing" / "x"))


def test_no_secret_of_a_path_is_shown() -> None:
    secret = key("path")
    lines = (unreadable.text("{}", f"{secret}.ipynb"), unreadable.no_folder(Path(f"missing/{secret}/x")))
    assert secret not in str(lines)
    assert str(lines).count("sk-proj-...(") == 2
