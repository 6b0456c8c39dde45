"""Draws docs/finding.svg: the report of a small notebook with made-up values, as a terminal shows it.

Run in the project's environment with its test extra (rich comes with import-linter): python docs/picture.py
"""

from __future__ import annotations

import io
import random
import re
import string
from pathlib import Path

from rich.console import Console
from rich.text import Text

from stsec_magic.checker import check_raw
from stsec_magic.model.config import Config
from stsec_magic.notebook.read import from_mapping
from stsec_magic.report import terminal
from stsec_magic.triage.assemble import assemble


def main() -> None:
    """Check a notebook made here and save the picture beside this file."""
    chance = random.Random(7)  # noqa: S311 - made-up values, the same in each run
    password = "".join(chance.choices(string.ascii_letters + string.digits, k=14))
    cells = [
        "import pickle as p",
        f'DATABASE_URL = "postgresql://analyst:{password}@db.bikes.org:5432/rides"\nprint(DATABASE_URL)',
        "response = requests.get(MODEL_URL)",
        "model = p.loads(response.content)\nmodel.predict(rides)",
    ]
    notebook = {
        "nbformat": 4,
        "nbformat_minor": 5,
        "metadata": {},
        "cells": [
            {"cell_type": "code", "metadata": {}, "outputs": [], "execution_count": i, "source": source}
            for i, source in enumerate(cells, 1)
        ],
    }
    checked = check_raw(from_mapping(notebook, "prototype.ipynb"), Config(), b"picture")
    report = assemble(checked.findings, checked.problems, 1, checked.cells)
    console = Console(record=True, width=88, file=io.StringIO(), force_terminal=True)
    console.print(Text.from_ansi("$ stsec audit prototype.ipynb\n" + terminal.render(report, colour=True).rstrip()))
    svg = console.export_svg(title="stsec audit")
    # The picture needs nothing from elsewhere: no web fonts.
    svg = re.sub(r"@font-face \{.*?\}\s*", "", svg, flags=re.DOTALL).replace("Fira Code", "monospace")
    Path(__file__).with_name("finding.svg").write_text(svg, encoding="utf-8")


if __name__ == "__main__":
    main()
