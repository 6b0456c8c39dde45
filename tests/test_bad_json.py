"""JSON that is cut off, mended by hand, nested without end or says a thing twice: nothing in it is hidden."""

from __future__ import annotations

import gzip
import io
import json
import zipfile
from pathlib import Path
from typing import Any

import pytest

from tests.beside_good import (
    BOOK,
    INVALID_JSON,
    INVALID_NOTEBOOK,
    LINE,
    SECRET,
    dumps,
    is_found,
    put,
    told_of_both,
)
from tests.credentials import openai_key
from tests.notebooks_in_memory import code, notebook, stream

JSON_LINE = json.dumps(LINE)


def conflicted(ours: str, theirs: str) -> bytes:
    return dumps(BOOK).replace(
        b'"metadata"', f"<<<<<<< HEAD\n{ours},\n=======\n{theirs},\n>>>>>>> main\n".encode() + b'"metadata"', 1
    )


def zipped() -> bytes:
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("nb.ipynb", dumps(BOOK))
    return content.getvalue()


# What is no notebook: its kind of problem.
NO_NOTEBOOK: dict[str, tuple[bytes, str]] = {
    "gzip": (gzip.compress(dumps(BOOK)), INVALID_JSON),
    "zip": (zipped(), INVALID_JSON),
    "PNG": (
        b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\0\1\0\0\0\1\x08\6\0\0\0\x1f\x15\xc4\x89" + bytes(range(256)),
        INVALID_JSON,
    ),
    "git-lfs pointer": (
        b"version https://git-lfs.github.com/spec/v1\noid sha256:" + b"4d7a2146" * 8 + b"\nsize 12345\n",
        INVALID_JSON,
    ),
    "git-annex pointer": (b"/annex/objects/SHA256E-s12345--" + b"4d7a2146" * 8 + b".ipynb\n", INVALID_JSON),
    "an HTML page without a secret": (b"<!DOCTYPE html><html><body><h1>404</h1></body></html>\n", INVALID_JSON),
    "whitespace": (b" \n\t\r\n", INVALID_JSON),
    "one newline": (b"\n", INVALID_JSON),
    "an empty array": (b"[]", INVALID_NOTEBOOK),
    "an empty object": (b"{}", INVALID_NOTEBOOK),
    "a number": (b"7", INVALID_NOTEBOOK),
    "null": (b"null", INVALID_NOTEBOOK),
    "true": (b"true", INVALID_NOTEBOOK),
    "NaN": (b"NaN", INVALID_NOTEBOOK),
}

# What holds the secret in text that can be read.
READABLE: dict[str, tuple[bytes, str]] = {
    "an HTML page": (f"<html><body>Sign in<pre>{LINE}</pre></body></html>".encode(), INVALID_JSON),
    "merge markers around the secret": (conflicted('"a": 1', f'"b": {JSON_LINE}'), INVALID_JSON),
    "merge markers elsewhere": (conflicted('"a": 1', '"a": 2'), INVALID_JSON),
    "three-way merge markers": (
        dumps(BOOK).replace(b"{", b"<<<<<<< a\n{\n||||||| base\n{\n=======\n{\n>>>>>>> b\n", 1),
        INVALID_JSON,
    ),
    "a brace too many": (dumps(BOOK) + b"}", INVALID_JSON),
    "words after the end": (dumps(BOOK) + b"\nnot JSON\n", INVALID_JSON),
    "the secret after the end": (dumps(notebook(code("x"))) + f"\n{LINE}\n".encode(), INVALID_JSON),
    "two objects": (dumps(notebook(code("x"))) + b"\n" + dumps(BOOK), INVALID_JSON),
    "two objects, the first with the secret": (dumps(BOOK) + dumps(notebook(code("x"))), INVALID_JSON),
    "a comma too many": (dumps(BOOK).replace(b"]", b",]"), INVALID_JSON),
    "comments": (b"// a comment\n" + dumps(BOOK), INVALID_JSON),
    "single quotes": (repr(BOOK).encode(), INVALID_JSON),
    "an array of notebooks": (dumps([BOOK]), INVALID_NOTEBOOK),
    "a string": (JSON_LINE.encode(), INVALID_NOTEBOOK),
    "a notebook in a string": (json.dumps(json.dumps(BOOK)).encode(), INVALID_NOTEBOOK),
    "plain Python": (f"import os\n{LINE}\n".encode(), INVALID_JSON),
}


@pytest.mark.parametrize("name", NO_NOTEBOOK)
def test_what_is_no_notebook_is_a_problem(tmp_path: Path, name: str) -> None:
    content, kind = NO_NOTEBOOK[name]
    put(tmp_path, content)
    told = told_of_both(tmp_path)
    assert told.kinds() == {kind}
    assert told.findings() == []


def test_an_empty_file_is_no_problem(tmp_path: Path) -> None:
    put(tmp_path, b"")
    told = told_of_both(tmp_path, "--strict")
    assert told.report["problems"] == []


@pytest.mark.parametrize("name", READABLE)
def test_text_of_what_is_no_notebook_is_searched(tmp_path: Path, name: str) -> None:
    content, kind = READABLE[name]
    put(tmp_path, content)
    told = told_of_both(tmp_path)
    assert told.kinds() == {kind}
    assert is_found(told)


def test_json_cut_off_anywhere_is_searched_as_far_as_it_goes(tmp_path: Path) -> None:
    content = dumps(BOOK)
    whole = content.index(SECRET.encode()) + len(SECRET) + 1
    cuts = [*range(1, len(content) - 1, 7), whole]
    for cut in cuts:
        put(tmp_path, content[:cut], f"{cut}.ipynb")
    told = told_of_both(tmp_path, formats=("json",))
    for cut in cuts:
        name = f"/{cut}.ipynb"
        assert told.kinds(name) == {INVALID_JSON}
        # A piece of a key may be found too, and is masked as what it is.
        assert is_found(told, name) or cut < whole, name


# -- depth -----------------------------------------------------------------------------------

PLACES: dict[str, Any] = {
    "metadata": notebook(code(LINE), metadata={"x": "DEEP"}),
    "an output": notebook(code(LINE, [{"output_type": "display_data", "data": {"application/json": "DEEP"}}])),
    "source": notebook(code(LINE), code("DEEP")),
    "a source's list": notebook(code(LINE), code(["x", "DEEP"])),
    "the cells": notebook(code(LINE), "DEEP"),  # type: ignore[arg-type]
    "nothing else": "DEEP",
}


def nested(depth: int, book: object, inner: str = JSON_LINE, opening: str = "[", closing: str = "]") -> bytes:
    return dumps(book).replace(b'"DEEP"', f"{opening * depth}{inner}{closing * depth}".encode())


@pytest.mark.parametrize("depth", [10_000, 100_000])
@pytest.mark.parametrize("place", PLACES)
def test_json_nested_too_deep_is_searched_as_text(tmp_path: Path, place: str, depth: int) -> None:
    put(tmp_path, nested(depth, PLACES[place]))
    told = told_of_both(tmp_path)
    assert told.kinds() == {INVALID_JSON}
    assert is_found(told)


@pytest.mark.parametrize("depth", [50, 200, 500, 900, 990, 1000, 1015, 1024, 1100, 3000])
def test_json_nested_as_deep_as_can_be_read_is_searched(tmp_path: Path, depth: int) -> None:
    clean = json.loads(json.dumps(PLACES).replace(json.dumps(JSON_LINE)[1:-1], '\\"\\"'))
    for i, book in enumerate(clean.values()):
        put(tmp_path, nested(depth, book), f"{i}.ipynb")
        put(tmp_path, nested(depth, book, opening='{"a": ', closing="}"), f"{i}d.ipynb")
        # Not read by orjson.
        put(tmp_path, nested(depth, book, f"[NaN, {JSON_LINE}]"), f"{i}n.ipynb")
    told = told_of_both(tmp_path, formats=("json",))
    names = [f"/{i}{style}.ipynb" for i in range(len(clean)) for style in ("", "d", "n")]
    assert [name for name in names if not is_found(told, name)] == []


def test_brackets_without_end_are_searched(tmp_path: Path) -> None:
    put(tmp_path, b"[" * 100_000 + JSON_LINE.encode())
    put(tmp_path, b'{"a":' * 100_000 + JSON_LINE.encode(), "more.ipynb")
    told = told_of_both(tmp_path)
    for name in ("bad.ipynb", "more.ipynb"):
        assert told.kinds(name) == {INVALID_JSON}
        assert is_found(told, name)


# -- the same key twice ----------------------------------------------------------------------

CELL = '{"cell_type": "code", "metadata": {}, "execution_count": null, "outputs": [], "source": "x = 1"}'
CLEAN_CELLS = f'"cells": [{CELL}], "metadata": {{}}, "nbformat": 4, "nbformat_minor": 5'
OUTPUT = json.dumps(stream(LINE))
SECRET_CELL = json.dumps(code(LINE))
TWICE = {
    "source": CLEAN_CELLS.replace('"source"', f'"source": {JSON_LINE}, "source"'),
    "source, three times": CLEAN_CELLS.replace('"source"', f'"source": {JSON_LINE}, "source": "y", "source"'),
    "source, a list first": CLEAN_CELLS.replace('"source"', f'"source": [{JSON_LINE}], "source"'),
    "source, nothing last": CLEAN_CELLS.replace('"source": "x = 1"', f'"source": {JSON_LINE}, "source": null'),
    "source, an escape in the key": CLEAN_CELLS.replace('"source"', f'"\\u0073ource": {JSON_LINE}, "source"'),
    "cells": f'"cells": [{SECRET_CELL}], {CLEAN_CELLS}',
    "cells, an empty list last": f'"cells": [{SECRET_CELL}], {CLEAN_CELLS}'.replace(CELL, ""),
    "cells, no list last": f'"cells": [{SECRET_CELL}], "nbformat": 4, "cells": 7',
    "outputs": CLEAN_CELLS.replace('"outputs"', f'"outputs": [{OUTPUT}], "outputs"'),
    "an output's text": CLEAN_CELLS.replace(
        '"outputs": []', f'"outputs": [{{"output_type": "stream", "text": {JSON_LINE}, "text": "x"}}]'
    ),
    "an output's data": CLEAN_CELLS.replace(
        '"outputs": []', f'"outputs": [{{"data": {{"text/plain": {JSON_LINE}}}, "data": {{"text/plain": "x"}}}}]'
    ),
    "a MIME type": CLEAN_CELLS.replace(
        '"outputs": []', f'"outputs": [{{"data": {{"text/plain": {JSON_LINE}, "text/plain": "x"}}}}]'
    ),
    "metadata": f'"metadata": {{"x": {JSON_LINE}}}, {CLEAN_CELLS}',
    "a key in metadata": CLEAN_CELLS.replace('{}, "nbformat"', f'{{"x": {JSON_LINE}, "x": 1}}, "nbformat"'),
    "with NaN": CLEAN_CELLS.replace('"source"', f'"source": {JSON_LINE}, "y": NaN, "source"'),
    "nbformat": f'"nbformat": {JSON_LINE}, {CLEAN_CELLS}',
}


@pytest.mark.parametrize("name", TWICE)
def test_the_first_of_two_equal_keys_is_not_hidden(tmp_path: Path, name: str) -> None:
    put(tmp_path, f"{{{TWICE[name]}}}".encode())
    assert is_found(told_of_both(tmp_path))


def test_both_of_two_equal_keys_are_found(tmp_path: Path) -> None:
    last = openai_key("the last")
    text = TWICE["source"].replace('"x = 1"', json.dumps(f'k = "{last}"'))
    put(tmp_path, f"{{{text}}}".encode())
    told = told_of_both(tmp_path)
    assert [row["rule"] for row in told.findings()] == ["openai-api-key"] * 2
    assert last not in told.everything
