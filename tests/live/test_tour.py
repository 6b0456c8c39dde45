"""The tour, run as nbclient and papermill run notebooks: nobody tells the kernel where it is saved."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import Any

import pytest

from stsec_magic.notebook.ansi import strip
from tests.live.kernel import ROOT

pytest.importorskip("ipykernel")
nbclient = pytest.importorskip("nbclient")


def texts(cell: Any) -> str:
    """All that a cell's outputs show as text."""
    shown = []
    for output in cell.get("outputs", []):
        data = output.get("data", {})
        shown += [output.get("text", ""), data.get("text/plain", ""), "\n".join(output.get("traceback", []))]
    return strip("\n".join("".join(each) for each in shown))[0]


def test_it_runs_and_shows_what_it_promises(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    import nbformat

    shutil.copytree(ROOT / "notebooks", tmp_path / "notebooks")
    monkeypatch.setenv("IPYTHONDIR", str(tmp_path / "ipython"))
    monkeypatch.setenv("TMPDIR", str(tmp_path))
    book = nbformat.read(tmp_path / "notebooks" / "tour.ipynb", as_version=4)
    client = nbclient.NotebookClient(
        book, timeout=120, kernel_name="python3", resources={"metadata": {"path": str(tmp_path / "notebooks")}}
    )
    client.execute()
    shown = "\n".join(texts(cell) for cell in book.cells)
    for words in (
        "findings (26 high",
        "nothing found",
        "stsec stopped this cell: untrusted-load",
        "model.pkl is malicious",
        "stsec stopped this load: it would import os.system",
        "script.py, line 2",
        "'...(32)'",
        "1 stopped",
    ):
        assert words in shown
    assert "this ran on your machine\n" not in shown
    errors = [o for cell in book.cells for o in cell.get("outputs", []) if o["output_type"] == "error"]
    assert [error["ename"] for error in errors] == ["CellStoppedError", "LoadStoppedError"]
    nbformat.validate(book)


def test_what_is_saved_is_what_it_shows() -> None:
    saved = json.loads((ROOT / "notebooks" / "tour.ipynb").read_text(encoding="utf-8"))
    shown = "\n".join(texts(cell) for cell in saved["cells"])
    assert "stsec stopped this load" in shown
    assert "/tmp" not in json.dumps(saved)
