import pytest

from stsec_magic.app.imports import gather


def gathered(*cells):
    made = gather(cells, ())
    return [line for group in made.lines for line in group], [cell.strip("\n") for cell in made.cells]


def test_imports_come_to_the_top_once():
    top, cells = gathered("import b\nimport os\nx = 1", "import b\nfrom c import d as e, f\ny = f")
    assert top == ["import os", "import b", "from c import d as e", "from c import f"]
    assert cells == ["x = 1", "y = f"]


@pytest.mark.parametrize(
    "cells",
    [
        ("time = 3", "import time\ntime.sleep(time)"),
        ("from a import load", "from b import load"),
        ("try:\n    import a\nexcept ImportError:\n    a = None",),
        ("if x:\n    import a",),
        ("from a import *",),
        ("from . import a",),
        ("from a import *", "from b import c"),
        ("import sys\nsys.path.append('x')\nimport helpers",),
        ("import os\nos.environ['CUDA'] = '0'", "import torch"),
    ],
)
def test_imports_stay_where_moving_may_change_them(cells):
    top, left = gathered(*cells)
    assert [line for line in top if line not in ("import sys", "import os")] == []
    assert all("import" in cell or "=" in cell for cell in left)


def test_submodules_of_one_name_both_move():
    assert gathered("import a.b", "import a.c")[0] == ["import a.b", "import a.c"]


def test_the_future_is_first():
    made = gather(["import os", "from __future__ import annotations"], ["import streamlit as st"])
    assert made.lines == (["from __future__ import annotations"], ["import os"], ["import streamlit as st"])


def test_modules_of_notebooks_go_where_nothing_of_them_is_used():
    assert gathered("from IPython.display import HTML, Javascript\nx = Javascript('')")[0] == [
        "from IPython.display import Javascript"
    ]
    assert gathered("from google.colab import files\nfiles")[0] == []


def test_modules_for_notebooks_have_successors():
    assert gathered("from tqdm.notebook import tqdm\ntqdm")[0] == ["from tqdm import tqdm"]
    assert gathered("from tqdm import tqdm_notebook\ntqdm_notebook")[0] == ["from tqdm import tqdm as tqdm_notebook"]


def test_a_line_with_more_in_it_keeps_the_rest():
    assert gathered("import a; x = 1")[1] == ["pass; x = 1"]
    assert gathered("é = 'ü'; import a; y = 'ß'")[1] == ["é = 'ü'; pass; y = 'ß'"]


def test_all_modules_are_known():
    made = gather(["def f():\n    import c.d", "import a.b as x"], ["import streamlit as st"])
    assert made.modules == ["a.b", "c.d", "streamlit"]
