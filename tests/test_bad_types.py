"""Values of the wrong type anywhere in a notebook: what text they hold is searched, and none stops the audit."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from tests.beside_good import (
    BOOK,
    INVALID_NOTEBOOK,
    LINE,
    SECRET,
    Told,
    is_found,
    put,
    told_of_both,
)
from tests.notebooks_in_memory import Json, code, display, error, markdown, notebook, result

CELL = code(LINE)


def cell(**spoilt: object) -> Json:
    """A good cell with the secret, and some keys of another type."""
    return notebook({**CELL, **spoilt})


def output(**spoilt: object) -> Json:
    return notebook(code("x", [{"output_type": "stream", "name": "stdout", **spoilt}]))


# The secret stands in text of the right type beside the wrong one.
BESIDE: dict[str, Any] = {
    "a cell null": notebook(CELL, None),  # type: ignore[arg-type]
    "cells of all types": notebook(None, 7, "x", True, 1.5, [], [CELL], CELL),  # type: ignore[arg-type]
    "source a number": notebook(CELL, code(7)),
    "source null": notebook(CELL, code(None)),
    "source true": notebook(CELL, code(True)),
    "source an object": notebook(CELL, code({"a": 1})),
    "source a list of numbers": notebook(CELL, code([1, 2])),
    "source a list of lists": notebook(CELL, code([["x"], [[]]])),
    "outputs null": cell(outputs=None),
    "outputs an object": cell(outputs={"a": 1}),
    "outputs a string": cell(outputs="x"),
    "outputs a number": cell(outputs=7),
    "outputs of all types": cell(outputs=[None, 7, "x", [], True, {}]),
    "no cell_type": notebook({"source": LINE}),
    "cell_type a number": cell(cell_type=7),
    "cell_type null": cell(cell_type=None),
    "cell_type an object": cell(cell_type={"a": "code"}),
    "cell_type a list": cell(cell_type=["code"]),
    "execution_count a string": cell(execution_count="7"),
    "execution_count a list": cell(execution_count=[7]),
    "execution_count a float": cell(execution_count=7.5),
    "execution_count true": cell(execution_count=True),
    "execution_count an object": cell(execution_count={"n": 7}),
    "execution_count negative": cell(execution_count=-(2**63)),
    "execution_count too large": cell(execution_count=2**63 - 1),
    "execution_count larger still": cell(execution_count=2**64),
    "id a number": cell(id=7),
    "id null": cell(id=None),
    "id a list": cell(id=["a"]),
    "id an object": cell(id={"a": 1}),
    "a long id": cell(id="i" * 100_000),
    "metadata of a cell a list": cell(metadata=["a"]),
    "metadata of a cell a string": cell(metadata="a"),
    "metadata of a cell null": cell(metadata=None),
    "tags a string": cell(metadata={"tags": "stsec"}),
    "tags an object": cell(metadata={"tags": {"stsec": 1}}),
    "tags of all types": cell(metadata={"tags": [None, 7, ["x"], {}, "x"]}),
    "attachments a list": cell(attachments=["x"]),
    "attachments a string": cell(attachments="x"),
    "attachments of all types": cell(attachments={"a.png": [1], "b": None, "c": {"image/png": [7]}}),
    "metadata a list": {**BOOK, "metadata": ["x"]},
    "metadata null": {**BOOK, "metadata": None},
    "metadata a string": {**BOOK, "metadata": "x"},
    "language_info a list": {**BOOK, "metadata": {"language_info": ["python"]}},
    "language a number": {**BOOK, "metadata": {"language_info": {"name": 7}}},
    "language an object": {**BOOK, "metadata": {"kernelspec": {"language": {"a": 1}, "name": ["x"]}}},
    "a long language": {**BOOK, "metadata": {"language_info": {"name": "p" * 100_000}}},
    "a language with escapes": {**BOOK, "metadata": {"language_info": {"name": "\x1b[31m\n"}}},
    "nbformat_minor a string": {**BOOK, "nbformat_minor": "x"},
    "nbformat_minor missing": {"cells": [CELL], "metadata": {}, "nbformat": 4},
    "no metadata": {"cells": [CELL], "nbformat": 4, "nbformat_minor": 5},
}

# The secret stands in the value of the wrong type.
WITHIN: dict[str, Any] = {
    "source a list of odd things": notebook(code([1, LINE, None])),
    "source an object": notebook(code({"text": LINE})),
    "source lists in lists": notebook(code([[[LINE]]])),
    "a cell a string": notebook(LINE),  # type: ignore[arg-type]
    "a cell a list": notebook([LINE]),  # type: ignore[arg-type]
    "cells an object": {**BOOK, "cells": {"0": CELL}},
    "cells a string": {**BOOK, "cells": LINE},
    "outputs an object": cell(source="x", outputs={"text": LINE}),
    "outputs a string": cell(source="x", outputs=LINE),
    "an output a string": cell(source="x", outputs=[LINE]),
    "an output a list": cell(source="x", outputs=[[LINE]]),
    "text an object": output(text={"a": LINE}),
    "text a list of odd things": output(text=[7, LINE, None]),
    "text lists in lists": output(text=[[LINE]]),
    "data a list": output(data=[LINE]),
    "data a string": output(data=LINE),
    "a MIME type's value an object": notebook(code("x", [display({"text/plain": {"a": LINE}})])),
    "a MIME type's value a list of odd things": notebook(code("x", [display({"text/html": [1, LINE]})])),
    "traceback a string": notebook(code("x", [error("E", "m", LINE)])),
    "traceback of all types": notebook(code("x", [error("E", "m", [1, LINE, None])])),
    "traceback an object": notebook(code("x", [error("E", "m", {"a": LINE})])),
    "evalue a list": notebook(code("x", [error("E", [LINE])])),  # type: ignore[arg-type]
    "evalue an object": notebook(code("x", [error("E", {"a": [LINE]})])),  # type: ignore[arg-type]
    "ename the secret": notebook(code("x", [error(LINE, "m")])),
    "metadata a list": {**BOOK, "cells": [], "metadata": [LINE]},
    "metadata a string": {**BOOK, "cells": [], "metadata": LINE},
    "metadata of a cell a list": cell(source="x", metadata=[LINE]),
    "metadata of an output a string": notebook(code("x", [result({}, metadata=LINE)])),  # type: ignore[arg-type]
    "attachments a list": notebook(markdown("x", attachments=[LINE])),  # type: ignore[arg-type]
    "attachments a text": notebook(markdown("x", attachments={"a.txt": {"text/plain": LINE}})),
    "id an object": cell(source="x", id={"a": LINE}),
    "id the secret": cell(source="x", id=SECRET),
    "tags": cell(source="x", metadata={"tags": [LINE]}),
    "execution_count": cell(source="x", execution_count=LINE),
    "execution_count of an output": output(execution_count=LINE),
    "cell_type": cell(source="x", cell_type=LINE),
    "cell_type a list": cell(source="x", cell_type=[LINE]),
    "output_type": output(output_type=LINE),
    "a stream's name": output(name=LINE, text="x"),
    "nbformat": {**BOOK, "cells": [], "nbformat": LINE},
    "nbformat_minor": {**BOOK, "cells": [], "nbformat_minor": LINE},
    "nbformat an object": {**BOOK, "cells": [], "nbformat": {"a": LINE}},
    "a key of the notebook": {**BOOK, "cells": [], LINE: 1},
    "a key of a cell": cell(source="x", **{LINE: 1}),
    "a key of an output": output(**{LINE: 1}),
    "a language": {**BOOK, "cells": [], "metadata": {"language_info": {"name": LINE}}},
}

_SURELY_ODD = ("source a", "source null", "source true", "a cell null", "cells of all", "outputs of", "outputs a s")


def held(told: Told) -> None:
    assert told.kinds() <= {INVALID_NOTEBOOK, "unparsed-cell"}


@pytest.mark.parametrize("name", BESIDE)
def test_a_wrong_type_keeps_nothing_from_being_searched(tmp_path: Path, name: str) -> None:
    put(tmp_path, BESIDE[name])
    told = told_of_both(tmp_path)
    held(told)
    assert is_found(told)
    if name.startswith(_SURELY_ODD):
        assert INVALID_NOTEBOOK in told.kinds()


@pytest.mark.parametrize("name", WITHIN)
def test_text_in_a_wrong_type_is_searched(tmp_path: Path, name: str) -> None:
    put(tmp_path, WITHIN[name])
    told = told_of_both(tmp_path)
    held(told)
    assert is_found(told)


NUMBERS = [0, 5, 99, -1, 2**53, 2**64, 4.5, "4", "x", None, True, False, [4], {"a": 4}, [], ""]


@pytest.mark.parametrize("number", NUMBERS)
def test_an_unknown_nbformat_is_a_problem_and_read_as_4(tmp_path: Path, number: object) -> None:
    put(tmp_path, {**BOOK, "nbformat": number})
    told = told_of_both(tmp_path)
    assert told.kinds() == {INVALID_NOTEBOOK}
    assert [row["cell"] for row in told.findings()] == [2]


def test_nbformat_missing_is_a_problem_and_read_as_4(tmp_path: Path) -> None:
    put(tmp_path, {"cells": [CELL]})
    told = told_of_both(tmp_path)
    assert told.kinds() == {INVALID_NOTEBOOK}
    assert [row["cell"] for row in told.findings()] == [1]


OLD_CELL = {"cell_type": "code", "language": "python", "input": LINE, "outputs": [], "collapsed": False}
SHEETS: dict[str, Any] = {
    "good": [{"cells": [OLD_CELL], "metadata": {}}],
    "two": [{"cells": []}, {"cells": [OLD_CELL]}],
    "an object": {"cells": [OLD_CELL]},
    "a string": LINE,
    "of strings": [LINE],
    "of lists": [[OLD_CELL]],
    "null in them": [None, {"cells": [OLD_CELL]}],
    "cells an object": [{"cells": {"a": OLD_CELL}}],
    "cells of all types": [{"cells": [None, 7, "x", [], OLD_CELL]}],
    "no cell_type": [{"cells": [{"input": LINE}]}],
    "cell_type a number": [{"cells": [{**OLD_CELL, "cell_type": 7}]}],
    "input a number": [{"cells": [{**OLD_CELL, "input": 7}, OLD_CELL]}],
    "input a list": [{"cells": [{**OLD_CELL, "input": [LINE, 7]}]}],
    "outputs an object": [{"cells": [{**OLD_CELL, "outputs": {"a": 1}}]}],
    "outputs of all types": [{"cells": [{**OLD_CELL, "outputs": [None, 7, "x"]}]}],
    "an output of no type": [{"cells": [{**OLD_CELL, "outputs": [{"text": "x"}]}]}],
    "metadata a list": [{"cells": [{**OLD_CELL, "metadata": ["x"]}]}],
    "level a string": [{"cells": [{"cell_type": "heading", "level": "x", "source": "y"}, OLD_CELL]}],
    "outputs in stderr": [{"cells": [{**OLD_CELL, "outputs": [{"output_type": "stream", "stream": 7, "text": 7}]}]}],
    "pyerr": [{"cells": [{**OLD_CELL, "outputs": [{"output_type": "pyerr", "traceback": 7, "evalue": 7}]}]}],
}


@pytest.mark.parametrize("major", [1, 2, 3, 4])
@pytest.mark.parametrize("name", SHEETS)
def test_malformed_worksheets_are_searched(tmp_path: Path, name: str, major: int) -> None:
    put(tmp_path, {"nbformat": major, "nbformat_minor": 0, "metadata": {"name": ""}, "worksheets": SHEETS[name]})
    told = told_of_both(tmp_path)
    held(told)
    assert is_found(told)


OLD_CELLS: dict[str, Any] = {
    "of version 4": [CELL],
    "of version 1": [{"cell_type": "code", "code": LINE}],
    "of no type": [{"input": LINE}],
    "an object": {"a": LINE},
    "a string": LINE,
}
OLD = {f"{major}, cells {cells}": (major, OLD_CELLS[cells]) for major in (1, 2, 3) for cells in OLD_CELLS}


@pytest.mark.parametrize("name", OLD)
def test_an_old_number_with_cells_is_searched(tmp_path: Path, name: str) -> None:
    major, cells = OLD[name]
    put(tmp_path, {"nbformat": major, "cells": cells})
    told = told_of_both(tmp_path)
    held(told)
    assert is_found(told)


def test_several_processes_tell_the_same_of_all_of_them(tmp_path: Path) -> None:
    for i, book in enumerate([*BESIDE.values(), *WITHIN.values()]):
        put(tmp_path, book, f"{i:03}.ipynb")
    one = told_of_both(tmp_path, "--jobs", "1", formats=("json",)).report
    assert told_of_both(tmp_path, "--jobs", "2", formats=("json",)).report == one
