"""A finding's place is exact, in its part and in the .ipynb file, however the file is written."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stsec_magic import check
from stsec_magic.notebook.position import Lines
from tests.credentials import openai_key
from tests.notebooks_in_memory import code, display, error, markdown, notebook, raw, result, stream
from tests.results import file_place, only, place, place_of

KEY = openai_key("position")

# Everything that is hard to count: line ends of all kinds, what JSON escapes, wide and combining characters.
HARD = "\r\n\t\"\\/\u2028\u2029\x85\x0b\x0c\x7f\xa0\u00e9e\u0301\u4e2d\U0001f600\U0001f469\u200d\ufeff\u0130 a='#<&>%{}"
ANY = st.text(st.one_of(st.sampled_from(HARD), st.characters(exclude_categories=["Cs"], exclude_characters="\x1b")))


def lines(text: str, as_list: bool) -> str | list[str]:
    """A multi-line string as nbformat writes it."""
    return text.splitlines(keepends=True) if as_list else text


def in_outputs(output: dict[str, Any]) -> dict[str, Any]:
    return notebook(markdown("first"), code("x", [stream("before"), output]))


PLACES = {
    "code": lambda t, ls: notebook(code("1"), code(lines(t, ls))),
    "markdown": lambda t, ls: notebook(markdown(lines(t, ls))),
    "raw": lambda t, ls: notebook(raw(lines(t, ls))),
    "stream": lambda t, ls: in_outputs(stream(lines(t, ls))),
    "text/plain": lambda t, ls: in_outputs(result({"text/plain": lines(t, ls)})),
    "text/html": lambda t, ls: in_outputs(display({"text/plain": "x", "text/html": lines(t, ls)})),
    "svg": lambda t, ls: in_outputs(display({"image/svg+xml": lines(t, ls)})),
    "json": lambda t, _: in_outputs(display({"application/json": {"a": [1, {'b\u00e9"': t}]}})),
    "evalue": lambda t, _: in_outputs(error("E", t, ["x"])),
    "notebook metadata": lambda t, _: notebook(metadata={"a": {"b": ["", t]}}),
    "cell metadata": lambda t, _: notebook(code("x", metadata={"a": t})),
    "attachment": lambda t, ls: notebook(markdown("x", attachments={"a.txt": {"text/plain": lines(t, ls)}})),
}


@pytest.mark.parametrize("make", PLACES.values(), ids=list(PLACES))
@given(
    before=ANY,
    after=ANY,
    indent=st.sampled_from([None, 0, 1, 4, "\t"]),
    ascii_only=st.booleans(),
    as_list=st.booleans(),
    crlf=st.booleans(),
)
def test_places_are_exact(
    make: Any,
    tmp_path_factory: pytest.TempPathFactory,
    before: str,
    after: str,
    indent: int | str | None,
    ascii_only: bool,
    as_list: bool,
    crlf: bool,
) -> None:
    text = f"{before} {KEY} {after}"
    book = make(text, as_list)
    written = json.dumps(book, indent=indent, ensure_ascii=ascii_only)
    written = written.replace("\n", "\r\n") if crlf else written
    path = tmp_path_factory.getbasetemp() / "position.ipynb"
    path.write_bytes(written.encode())
    finding = only(path, "openai-api-key")
    whole = text
    if as_list and finding.location.part == "attachment":
        # Lists in an attachment are walked item by item, as all unknown JSON is.
        whole = next(line for line in lines(text, True) if KEY in line)
    assert place(finding) == place_of(whole, KEY)
    assert (finding.location.end_line, finding.location.end_column - finding.location.column) == (
        finding.location.line,
        len(KEY),
    )
    assert file_place(finding) == place_of(written, KEY)


@given(before=ANY, after=ANY, ascii_only=st.booleans(), as_list=st.booleans(), prefix=st.sampled_from(["", "x = 1\n"]))
def test_places_in_upgraded_files_are_exact(
    tmp_path_factory: pytest.TempPathFactory, before: str, after: str, ascii_only: bool, as_list: bool, prefix: str
) -> None:
    text = f"{prefix}{before} {KEY} {after}"
    cell = {"cell_type": "code", "language": "python", "outputs": [], "input": lines(text, as_list), "metadata": {}}
    book = {"nbformat": 3, "nbformat_minor": 0, "metadata": {}, "worksheets": [{"cells": [cell], "metadata": {}}]}
    written = json.dumps(book, indent=1, ensure_ascii=ascii_only)
    path = tmp_path_factory.getbasetemp() / "upgraded.ipynb"
    path.write_bytes(written.encode())
    finding = only(path, "openai-api-key")
    assert place(finding) == place_of(text, KEY)
    assert file_place(finding) == place_of(written, KEY)


def test_a_line_that_stands_twice_in_an_upgraded_file_has_two_places(tmp_path: Path) -> None:
    cell = {"cell_type": "code", "language": "python", "outputs": [], "input": f'k = "{KEY}"', "metadata": {}}
    book = {"nbformat": 3, "nbformat_minor": 0, "metadata": {}, "worksheets": [{"cells": [cell, cell], "metadata": {}}]}
    written = json.dumps(book, indent=1)
    path = tmp_path / "nb.ipynb"
    path.write_text(written)
    rows = [i for i, line in enumerate(written.split("\n"), 1) if KEY in line]
    assert [finding.location.file_line for finding in check(path).findings] == rows


def test_places_in_an_upgraded_files_outputs_are_exact(tmp_path: Path) -> None:
    outputs = [{"output_type": "pyout", "text": ["a\n", f"b {KEY}"], "prompt_number": 1}]
    cell = {"cell_type": "code", "language": "python", "outputs": outputs, "input": "x", "metadata": {}}
    book = {"nbformat": 3, "nbformat_minor": 0, "metadata": {}, "worksheets": [{"cells": [cell], "metadata": {}}]}
    path = tmp_path / "nb.ipynb"
    path.write_text(json.dumps(book, indent=1))
    finding = only(path)
    assert (finding.location.part, place(finding)) == ("output", (2, 3))
    assert file_place(finding) == place_of(path.read_text(), KEY)


@pytest.mark.parametrize("colour", ["", "\x1b[31m", "\x1b[0;38;5;196m"])
@pytest.mark.parametrize("ascii_only", [False, True])
def test_places_behind_colours_are_exact(tmp_path: Path, colour: str, ascii_only: bool) -> None:
    traceback = ["\u00e9" * 3, f"{colour}File{colour} \U0001f600\n{colour}in x {colour}{KEY}\x1b[0m", "end"]
    path = tmp_path / "nb.ipynb"
    path.write_text(json.dumps(notebook(code("x", [error("E", "v", traceback)])), ensure_ascii=ascii_only))
    finding = only(path)
    assert place(finding) == (3, 6)
    assert file_place(finding) == place_of(path.read_text(), KEY)


@pytest.mark.parametrize(
    "markup", ["<p>&lt;b&gt; \u00e9 <code>{}</code></p>", "<td>a</td>\n<td>{}</td>", "<!-- {} -->"]
)
def test_places_in_markup_are_those_of_the_markup(tmp_path: Path, markup: str) -> None:
    text = markup.format(KEY)
    for book in (notebook(markdown(text)), notebook(code("x", [display({"text/html": text})]))):
        path = tmp_path / "nb.ipynb"
        path.write_text(json.dumps(book))
        finding = only(path)
        assert place(finding) == place_of(text, KEY)
        assert file_place(finding) == place_of(path.read_text(), KEY)


def test_a_lone_surrogate_beside_a_value_moves_nothing(tmp_path: Path) -> None:
    text = f"\ud83d x \ude00 {KEY} \ud83d"
    path = tmp_path / "nb.ipynb"
    path.write_text(json.dumps(notebook(code(text))))
    finding = only(path, "openai-api-key")
    assert place(finding) == (1, 7)
    assert file_place(finding) == place_of(path.read_text(), KEY)


@pytest.mark.parametrize(
    ("text", "offset", "expected"),
    [("", 0, (1, 1)), ("a\nb", 1, (1, 2)), ("a\nb", 2, (2, 1)), ("a\r\nb", 3, (2, 1)), ("a\rb\u2028c", 4, (1, 5))],
)
def test_lines_split_on_newlines_alone(text: str, offset: int, expected: tuple[int, int]) -> None:
    assert Lines(text).place(offset) == expected
