"""The cells that ran, as a notebook, and the notebook's own file."""

from __future__ import annotations

from pathlib import Path

import pytest

from stsec_magic.live.session import History, Ran, as_notebook, own_path, renumbered, saved_metadata, sources
from stsec_magic.model.finding import Finding, Related
from stsec_magic.model.levels import Confidence, Severity
from stsec_magic.model.location import SESSION, Location, Part
from stsec_magic.notebook.read import read
from tests.notebooks_in_memory import code, markdown, notebook, write


def test_the_history_leaves_out_what_never_ran_and_keeps_the_last_of_equal_cells() -> None:
    history = History(lambda: ["", "a", "stopped", "b", "a", "  ", "c"])
    history.left_out.add(2)
    assert history.cells() == [Ran(3, "b"), Ran(4, "a"), Ran(6, "c")]
    assert history.cells(before=4) == [Ran(1, "a"), Ran(3, "b")]


def test_a_notebook_of_them() -> None:
    raw = as_notebook([Ran(3, "b"), Ran(7, "c", {"tags": ["stsec-ignore"]})])
    assert raw.path == SESSION
    assert raw.data is not None
    assert [cell["execution_count"] for cell in raw.data["cells"]] == [3, 7]
    assert raw.data["cells"][1]["metadata"] == {"tags": ["stsec-ignore"]}
    assert raw.problems == []


def test_findings_get_the_numbers_of_prompts() -> None:
    where = Location(SESSION, 2, None, None, Part.SOURCE, None, None, None, 1, 1, 1, 2)
    related = (Related(SESSION, 1, 1, "made here"), Related("a.ipynb", 1, 1, "or here"))
    finding = Finding("jwt", Severity.HIGH, Confidence.HIGH, where, "", None, "", related=related)
    (found,) = renumbered([finding], [Ran(3, "b"), Ran(7, "c")])
    assert found.location.cell == 7
    assert [each.cell for each in found.related] == [3, 1]


def test_its_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = str(write(tmp_path / "nb.ipynb", notebook(code("x"))))
    monkeypatch.delenv("JPY_SESSION_NAME", raising=False)
    assert own_path({}) is None
    assert own_path({"__vsc_ipynb_file__": path}) == path
    assert own_path({"__vsc_ipynb_file__": 1}) is None
    for told, expected in ((path, path), (str(tmp_path / "none.ipynb"), None), ("5f3-a-uuid", None)):
        monkeypatch.setenv("JPY_SESSION_NAME", told)
        assert own_path({}) == expected
    monkeypatch.chdir(tmp_path)
    assert own_path({"__vsc_ipynb_file__": path}) == "nb.ipynb"


def test_a_cells_metadata_in_the_file(tmp_path: Path) -> None:
    tagged = {**code("x = 1"), "metadata": {"tags": ["stsec-ignore"]}}
    path = str(write(tmp_path / "nb.ipynb", notebook(tagged, code("y"), code("y"), markdown("x"))))
    assert saved_metadata(path, "x = 1") == {"tags": ["stsec-ignore"]}
    assert saved_metadata(path, "y") == {}  # which of the two?
    assert saved_metadata(path, "z") == {}
    assert saved_metadata(None, "x = 1") == {}
    (tmp_path / "nb.ipynb").write_text("{")
    assert saved_metadata(path, "x = 1") == {}


def test_the_texts_of_its_cells(tmp_path: Path) -> None:
    path = str(write(tmp_path / "nb.ipynb", notebook(code(" x = 1\n"), markdown("y"))))
    assert sources(read(path)) == {"x = 1", "y"}
