"""Nothing that is said of mending holds a secret, whatever the notebook is like; and no notebook comes out worse."""

from __future__ import annotations

import json
import shutil
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stsec_magic.apply.batch import mend_all
from stsec_magic.model.config import Config
from stsec_magic.notebook.read import RawNotebook, parse
from stsec_magic.report.mending import diff, render
from tests import test_never_leaks as harness
from tests.credentials import openai_key


@given(
    book=harness.BOOKS,
    seed=st.integers(0, 50),
    ascii_only=st.booleans(),
    unsafe=st.booleans(),
    style=st.sampled_from(["environ", "secrets"]),
)
def test_mending_a_planted_notebook(
    tmp_path_factory: pytest.TempPathFactory,
    book: dict[str, Any],
    seed: int,
    ascii_only: bool,
    unsafe: bool,
    style: str,
) -> None:
    value = openai_key(seed)
    folder = tmp_path_factory.getbasetemp() / "mended"
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir()
    (folder / "pyproject.toml").write_text("")
    path = folder / "junk.ipynb"
    cells = book.get("cells")
    if isinstance(cells, list):
        sure = {"cell_type": "code", "source": f"k = '{value}'", "metadata": {}, "outputs": []}
        book = {**book, "cells": [*cells, sure]}
    before = json.dumps(harness.planted(book, value), ensure_ascii=ascii_only, indent=1)
    path.write_bytes(before.encode("utf-8", "surrogatepass"))
    config = Config(unsafe_fixes=unsafe, fix_style=style)
    for write in (False, True, True):
        mending = mend_all([str(path)], config, write=write)
        said = repr(mending) + render(mending) + diff(mending)
        assert value not in said
        assert not any(each.error for each in mending.notebooks)
    assert _problems(path.read_bytes()) <= _problems(before.encode("utf-8", "surrogatepass"))
    kept = folder / ".streamlit" / "secrets.toml.example"
    assert not kept.exists() or value not in kept.read_text(encoding="utf-8")


def _problems(data: bytes) -> int:
    raw = RawNotebook("x")
    parse(data, raw)
    return len(raw.problems)
