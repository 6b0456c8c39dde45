import ast

import pytest

from stsec_magic.app.layout import MARK, rewritten, variables
from tests.app.books import app_of, book, code, last_of, notes_of, text


@pytest.mark.parametrize(
    ("source", "title"),
    [
        ("# Plain", "Plain"),
        ("intro\n\n# *Bold* `code` [link](x) <b>b</b> #", "Bold code link b"),
        ("## Second level only", ""),
        ("```\n# no\n", "no"),
    ],
)
def test_the_first_heading_is_the_title(source, title):
    assert app_of(text(source), "x").title == title


def test_cells_that_are_no_python_are_comments_and_told():
    app = app_of("print 'old'\nx = 1", "y = 2")
    assert app.cells[0].code == "# print 'old'\n# x = 1"
    assert app.cells[1].code == "y = 2"
    assert [(each.cell, "no Python" in each.message) for each in app.notes] == [(1, True)]


@pytest.mark.parametrize(
    "source",
    [
        "(" * 3000 + ")" * 3000,
        "x = " + "-" * 20000 + "1",
        "a" + ".b" * 5000,
        "x = 1\n\x00",
        "\ud800 = 1",
        "if x:\n\ty\n        z",
        "return 3",
        "async for x in y:\n    pass",
        "%%" + "capture\n%%" * 30 + "x",
        "x" + "\n%time " * 600,
        "[" * 90 + "print(1)" + "]" * 90,
    ],
)
def test_odd_cells_break_nothing(source):
    app = app_of(source, "print('after')")
    whole = "\n".join(cell.code for cell in app.cells)
    whole.encode()
    assert whole.endswith("st.text('after')")
    compile(whole, "app", "exec")


def test_cells_know_of_each_other():
    assert (
        last_of("import pandas as p", "def read():\n    return 1\ntable = p.DataFrame()", "table")
        == "st.dataframe(table)"
    )


def test_raw_cells_have_no_code():
    assert last_of({"cell_type": "raw", "metadata": {}, "source": "raw"}) == ""


def test_sources_may_be_lists():
    assert last_of({**code(""), "source": ["x = 1\n", "x"]}) == "x = 1\nst.write(x)"


def test_the_template_is_given_code():
    notebook = book(text("# A"), code("x"), code("y", tags=["stsec-skip"]))
    app = app_of(*notebook["cells"])
    given = variables(app, "eda")
    assert MARK in given["docstring"]
    assert isinstance(ast.literal_eval(given["docstring"]), str)
    assert given["imports"] == "import streamlit as st"
    made = rewritten(notebook, app)
    assert [each["metadata"]["streamlit"]["code"] for each in made["cells"]] == [
        'st.markdown("# A")',
        "st.write(x)",
        "",
    ]
    assert made["cells"][2]["metadata"]["tags"] == ["stsec-skip"]
    assert "streamlit" not in notebook["cells"][0]["metadata"]


def test_a_clean_notebook_needs_no_notes():
    assert notes_of(text("# A"), "import os\nx = os.getcwd()\nprint(x)") == []
