"""IPython and the resolver agree on which cells are Python."""

from __future__ import annotations

from pathlib import Path

import pytest

from stsec_magic.model.location import Part
from stsec_magic.notebook.read import read
from stsec_magic.notebook.walk import fragments
from tests.source.oracle import disagreement

NOTEBOOKS = Path(__file__).parents[2] / "notebooks"

TRICKY = [
    "%matplotlib inline\nx = 1",
    "x = !ls\ny = %pwd\nprint(x)",
    "if x:\n    !ls\n    %cd y\nelse:\n    %time f(1)",
    "s = '''\n%not a magic\n!neither\n'''",
    "f(\n    a,\n    %b\n)",
    "x = (1\n!ls\n)",
    "!ls \\\n  -l\nx = 1",
    "%time x = f(\n    1)",
    "x?\n??y\nz.a??",
    "f(1)?",
    "/f x\n,f a b\n;f a b",
    ">>> x = 1\n>>> if x:\n...     y = 2",
    "In [3]: x = 1\nIn [4]: y = 2",
    "    x = 1\n    y = 2",
    "\n\n  %time\n  x = 1",
    "await f()\nasync for x in y:\n    pass",
    "%%time\nx = 1",
    "%%time\n%%capture\nx = 1",
    "%%bash\necho 'x",
    "%%timeit x = 1\nf(x)",
    "%%sql\nselect * from t",
    "%%mystery\nx = 1",
    "print 'x'",
    "x = 1 +",
    "a = %env B\n%env C=d",
    "x != !y",
    "d['a'] = !ls\nx, y = %magic",
    "# %%time\nx = 1",
    "x = 1 % 2\ny = x %z",
    "%%writefile x.py\nx = ",
    "pip install x",
]


@pytest.mark.parametrize("source", TRICKY)
def test_agreement_on_tricky_cells(source: str) -> None:
    assert disagreement(source) is None


@pytest.mark.parametrize("path", sorted(NOTEBOOKS.glob("*.ipynb")), ids=lambda path: path.stem)
def test_agreement_on_the_notebooks_of_the_repository(path: Path) -> None:
    cells = [each for each in fragments(read(str(path))) if each.part is Part.SOURCE and each.language == "python"]
    assert cells
    assert [(cell.cell, disagreement(cell.text)) for cell in cells if disagreement(cell.text) is not None] == []
