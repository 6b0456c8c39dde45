"""The report for people."""

from __future__ import annotations

import re
from typing import Any

import pytest

from stsec_magic import check
from stsec_magic.model.problem import Problem, ProblemKind
from stsec_magic.report import terminal
from tests.credentials import openai_key, password
from tests.notebooks_in_memory import code, display, markdown, notebook, stream

SECRET = password("terminal")


def text(*cells: Any, **how: Any) -> str:
    return terminal.render(check(notebook(*cells)), **how)


def test_a_finding_is_shown_with_its_lines_and_a_mark() -> None:
    shown = text(code(f"import os\npassword = '{SECRET}'\nx = 1", count=7))
    assert shown.splitlines()[0] == "<notebook>"
    assert "high" in shown
    assert "hardcoded-secret" in shown
    assert "cell 1 · In [7] · line 2, column 13" in shown
    rows = [line.strip() for line in shown.splitlines() if "│" in line]
    mark = f"...({len(SECRET)})"
    assert rows == [
        "1 │ import os",
        f"2 │ password = '{mark}'",
        f"│ {' ' * 12}{'^' * len(mark)}",
        "3 │ x = 1",
    ]
    assert shown.endswith("1 notebook, 1 cell: 1 finding (1 high)\n")


def test_nothing_found_is_one_line() -> None:
    assert text(code("x = 1"), markdown("y")) == "1 notebook, 2 cells: nothing found\n"


@pytest.mark.parametrize(
    ("cell", "words"),
    [
        (markdown(f"k {openai_key(1)}"), "cell 1 · markdown"),
        (code("x", [stream("a"), stream(openai_key(1))]), "cell 1 · output 2"),
        (code("x", [display({"text/html": openai_key(1)})]), "cell 1 · output 1 (text/html)"),
        (code("x", metadata={"a": {"b": openai_key(1)}}), "cell 1 · metadata /a/b"),
        (markdown("x", attachments={"a.txt": {"text/plain": openai_key(1)}}), "cell 1 · attachment /a.txt/text~1plain"),
    ],
)
def test_the_place_is_said_in_words(cell: dict[str, Any], words: str) -> None:
    assert words in text(cell)


def test_the_notebooks_own_metadata_is_said_so() -> None:
    assert "notebook · metadata /a" in terminal.render(check(notebook(metadata={"a": openai_key(1)})))


def test_related_places_are_shown() -> None:
    shown = text(code("import pickle, requests\nr = requests.get(u)"), code("pickle.loads(r.content)"))
    assert "downloaded here: cell 1, line 2" in shown


def test_an_unsure_finding_says_so() -> None:
    unsure = code("import numpy as np\nx = np.load(requests.get(u), allow_pickle=flag)")
    assert "(low confidence)" in text(unsure)
    assert "confidence" not in text(code(f"password = '{SECRET}'"))


def test_colours_change_nothing_but_colours() -> None:
    cells = [
        code(f"password = '{SECRET}'\nx = '''a\nb'''"),
        code("import pickle\npickle.load(f)"),
        markdown(openai_key(1)),
    ]
    coloured = text(*cells, colour=True)
    assert "\x1b[" in coloured
    assert re.sub(r"\x1b\[[\d;]*m", "", coloured) == text(*cells)


@pytest.mark.parametrize("colour", [False, True])
def test_no_control_character_of_a_notebook_reaches_the_terminal(colour: bool) -> None:
    evil = "\x1b]0;title\x07\x1b[2J\x08\x9b31m\u202e\r"
    book = notebook(
        code(f"{evil}\nk = '{openai_key(1)}' # {evil}"), code("x", [stream(f"{evil} {openai_key(2)} {evil}")])
    )
    shown = re.sub(r"\x1b\[[\d;]*m", "", terminal.render(check(book), colour=colour))
    assert [c for c in shown if c != "\n" and not c.isprintable()] == []


@pytest.mark.parametrize("path", ["\x1b[2Jnb.ipynb", "a\nb.ipynb", "\u202enb.ipynb"])
def test_no_control_character_of_a_path_reaches_the_terminal(path: str) -> None:
    problem = Problem(path, None, ProblemKind.INVALID_JSON, "is not JSON")
    shown = terminal.problems([problem])
    assert shown.count("\n") == 1
    assert shown.rstrip("\n").isprintable()


def test_a_problem_is_one_line_that_names_its_place() -> None:
    rows = [
        Problem("a.ipynb", None, ProblemKind.INVALID_JSON, "is not JSON"),
        Problem("b.ipynb", 3, ProblemKind.UNPARSED_CELL, "the cell is not valid Python"),
    ]
    assert terminal.problems(rows) == (
        "problem a.ipynb: is not JSON\nproblem b.ipynb, cell 3: the cell is not valid Python\n"
    )
    assert terminal.problems([]) == ""


def test_a_very_long_line_is_shortened_around_the_finding() -> None:
    shown = text(code(f"x = '{'a' * 5000}'; password = '{SECRET}'; y = '{'b' * 5000}'"))
    (row,) = (line for line in shown.splitlines() if "password = " in line)
    assert len(row) < 220
    mark = shown.splitlines()[shown.splitlines().index(row) + 1]
    assert row[mark.index("^") : mark.rindex("^") + 1] == f"...({len(SECRET)})"


def test_wide_letters_do_not_move_the_mark() -> None:
    shown = text(code(f"\u4f60\u597d = 1; password = '{SECRET}'"))
    lines = shown.splitlines()
    (i,) = (i for i, line in enumerate(lines) if "password = " in line)
    # Each of the two letters is two columns wide in a terminal.
    assert lines[i + 1].index("^") == lines[i].index("...(") + 2
