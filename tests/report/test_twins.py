"""A secret in many places is shown once, and the others say where."""

from __future__ import annotations

from pathlib import Path

from stsec_magic.audit.run import audit
from stsec_magic.model.config import Config
from stsec_magic.report import terminal
from tests.credentials import token
from tests.notebooks_in_memory import code, notebook, stream, write

VALUE = token("twins", 32)


def said(folder: Path, *books: list[dict]) -> str:
    for i, cells in enumerate(books):
        write(folder / f"{i}.ipynb", notebook(*cells))
    return terminal.render(audit([str(folder)], Config()).report)


def test_a_secret_alone_says_nothing(tmp_path: Path):
    assert "same secret" not in said(tmp_path, [code(f"api_key = '{VALUE}'"), code(f"token = '{token('other', 32)}'")])


def test_the_first_place_counts_and_the_others_refer_to_it(tmp_path: Path):
    cells = [code(f"api_key = '{VALUE}'", [stream(f"api_key = '{VALUE}'")])]
    text = said(tmp_path, cells, [code(f"token = '{VALUE}'")])
    assert text.count("the same secret stands in 3 places, in 2 notebooks") == 1
    assert text.count("the same secret as in cell 1") == 1
    assert text.count(f"the same secret as in {tmp_path}/0.ipynb, cell 1") == 1
    assert text.count("│") == 2  # one line of code and its mark
