"""What is saved, and what is said of it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from stsec_magic.conversion.saving import SaveMode, Saves, local_file
from tests.conversion.books import LOAD, book, key, leaky
from tests.notebooks_in_memory import code

CHOICES = {"select": "", "ignore": "", "fail_on": "", "baseline": ""}


def _model(content: Any, kind: str = "notebook") -> dict[str, Any]:
    return {"type": kind, "content": content}


def test_what_is_found_is_said_once_until_something_else_is_found() -> None:
    saves = Saves()

    def said(content: Any, path: str = "nb.ipynb") -> str:
        why, lines = saves.look(_model(content), path, None, SaveMode.WARN, CHOICES)
        assert why is None
        return "\n".join(lines)

    assert said(leaky()).count("stsec: nb.ipynb: openai-api-key") == 2
    assert said(leaky()) == ""
    assert said(leaky(), "other.ipynb") != ""
    assert "untrusted-load" in said(book(*leaky().cells, code(LOAD)))
    assert said(book(code("1"))) == ""
    assert said(leaky()) != ""


def test_a_save_is_blocked_each_time_in_one_line_without_the_secret() -> None:
    saves = Saves()
    for _ in range(2):
        why, lines = saves.look(_model(leaky()), "nb.ipynb", None, SaveMode.BLOCK, CHOICES)
        assert why == (
            "stsec: not saved: openai-api-key in cell 1, line 1: an OpenAI API key (and 1 more); "
            "take it out, then save again"
        )
        assert lines == ()
        assert key("leaky") not in why


@pytest.mark.parametrize(
    ("model", "path", "mode"),
    [
        (_model(leaky()), "nb.ipynb", SaveMode.OFF),
        (_model("text", "file"), "nb.txt", SaveMode.BLOCK),
        (_model({"nbformat": 3, "worksheets": []}), "nb.ipynb", SaveMode.BLOCK),
        (_model(None), "nb.ipynb", SaveMode.BLOCK),
        (_model(leaky()), "a/.ipynb_checkpoints/nb-checkpoint.ipynb", SaveMode.BLOCK),
    ],
    ids=["off", "a file", "nbformat 3", "no content", "a checkpoint"],
)
def test_what_is_not_looked_at(model: dict[str, Any], path: str, mode: SaveMode) -> None:
    assert Saves().look(model, path, None, mode, CHOICES) == (None, ())


def test_the_project_s_choices_and_the_server_s_count(tmp_path: Path) -> None:
    (tmp_path / "stsec.toml").write_text('ignore = ["credentials"]\n', encoding="utf-8")
    file = str(tmp_path / "nb.ipynb")
    assert Saves().look(_model(leaky()), "nb.ipynb", file, SaveMode.BLOCK, CHOICES)[0] is None
    chosen = {**CHOICES, "select": "loads"}
    assert Saves().look(_model(leaky()), "nb.ipynb", None, SaveMode.BLOCK, chosen)[0] is None


def test_where_a_notebook_is_written() -> None:
    assert local_file("a/nb.ipynb", lambda path: f"/root/{path}", "/other") == "/root/a/nb.ipynb"
    assert local_file("/a/nb.ipynb", None, "/other") == str(Path("/other/a/nb.ipynb"))
    assert local_file("a/nb.ipynb", None, None) is None
