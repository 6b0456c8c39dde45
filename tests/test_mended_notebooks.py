"""The demo notebooks, mended, still run with the secrets file in place."""

from __future__ import annotations

import os
import shutil
from pathlib import Path
from typing import Any

import nbformat
import pytest

from stsec_magic import check
from stsec_magic.apply.batch import mend_all
from stsec_magic.model.config import Config

NOTEBOOKS = Path(__file__).parent.parent / "notebooks"


@pytest.mark.parametrize("name", sorted(path.name for path in NOTEBOOKS.glob("*.ipynb")))
@pytest.mark.parametrize("unsafe", [False, True])
def test_it_runs(tmp_path: Path, name: str, unsafe: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    for needed in ("ipykernel", "pandas", "sklearn"):
        pytest.importorskip(needed)
    nbclient = pytest.importorskip("nbclient")
    shutil.copytree(NOTEBOOKS, tmp_path / "notebooks")
    (tmp_path / "pyproject.toml").write_text("")
    path = tmp_path / "notebooks" / name
    before = nbformat.read(path, 4)
    (mended,) = mend_all([str(path)], Config(unsafe_fixes=unsafe), write=True).notebooks or (None,)
    after = nbformat.read(path, 4)
    nbformat.validate(after)
    assert [cell.get("id") for cell in after.cells] == [cell.get("id") for cell in before.cells]
    if mended is None:
        assert after == before
    elif unsafe:
        assert not [each for each in check(path).active if each.masked and each.location.part.value == "source"]
    monkeypatch.setenv("PYTHONPATH", str(NOTEBOOKS.parent) + os.pathsep + os.environ.get("PYTHONPATH", ""))
    run: Any = nbclient.NotebookClient(after, timeout=120, resources={"metadata": {"path": str(path.parent)}})
    run.execute()  # a cell that raises where it isn't meant to raises here
