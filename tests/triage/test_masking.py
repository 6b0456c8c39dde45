"""No secret of a notebook is in anything that leaves, in whatever spelling."""

from __future__ import annotations

import html
import json
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest

from stsec_magic import Config, check
from stsec_magic.model.secret import Secret
from tests.credentials import github_token, openai_key, password, private_key, token
from tests.notebooks_in_memory import code, display, error, markdown, notebook, result, stream, write
from tests.results import everything_said, only

LOAD = "import pickle\nm = pickle.load(open('m.pkl', 'rb'))"
PASSWORD = password("masking")
KEY = openai_key("masking")


def said(book: Any, config: Config | None = None) -> str:
    report = check(book, config)
    assert report.findings
    return everything_said(report)


BESIDE = {
    "on the same line": code(f"m = pickle.load(f, '{PASSWORD}')"),
    "on the line before": code(f"print('{PASSWORD}')\nm = pickle.load(f)"),
    "on the line after": code(f"m = pickle.load(f)\nprint('{PASSWORD}')"),
    "as a path": code(f"m = pickle.load(open('{PASSWORD}'))"),
    "as a name": code(f"x_{PASSWORD.translate(str.maketrans('!+-', '___'))} = pickle.load(f)\n# {PASSWORD}"),
    "in a comment": code(f"m = pickle.load(f)  # {PASSWORD}"),
    "glued to other text": code(f"m = pickle.load(f)  # x{PASSWORD}y"),
    "as a cell's id": code("m = pickle.load(f)", id=PASSWORD),
    "in a suppression's reason": code(f"m = pickle.load(f)  # stsec: ignore[untrusted-load] {PASSWORD}"),
    "in a tag": code("m = pickle.load(f)", tags=[f"stsec-allow-untrusted-load-{PASSWORD}"]),
    "as a MIME type": code("", [display({f"text/{PASSWORD}": f"k = '{KEY}'"})]),
    "in a pointer": code("", metadata={PASSWORD: f"k = '{KEY}'"}),
    "in a pointer, escaped": code("", metadata={f"~/{PASSWORD}/": f"k = '{KEY}'"}),
    "as the name of another secret": code(f"d['token{PASSWORD}'] = '{KEY}'"),
    "in an output": code("", [stream(f"{PASSWORD} {KEY}")]),
}


@pytest.mark.parametrize("cell", BESIDE.values(), ids=list(BESIDE))
@pytest.mark.parametrize("select", [(), ("untrusted-load",), ("openai-api-key",)], ids=["all", "loads", "keys"])
def test_a_password_is_in_nothing_that_leaves(cell: dict[str, Any], select: tuple[str, ...]) -> None:
    book = notebook(code(f"password = '{PASSWORD}'"), code(LOAD), code(f"k = '{openai_key(2)}'"), cell)
    assert PASSWORD not in said(book, Config(select=frozenset(select)))


def test_a_suppressed_secret_is_masked_too() -> None:
    book = notebook(
        code(f"password = '{PASSWORD}'  # stsec: ignore"), code(f"x = pickle.load(f, '{PASSWORD}')"), code(LOAD)
    )
    assert PASSWORD not in said(book)


def test_the_path_is_masked(tmp_path: Path) -> None:
    path = write(
        tmp_path / f"nb-{PASSWORD}.ipynb", notebook(code(f"password = '{PASSWORD}'\nx = = 1"), code(LOAD), code(7))
    )
    report = check(path)
    assert report.problems
    assert PASSWORD not in everything_said(report)
    assert f"nb-...({len(PASSWORD)}).ipynb" in everything_said(report)


ODD = "pä55\\q\"ö&'rd/9X+~7z"

SPELLINGS = {
    "as it is": ODD,
    "in a Python literal": repr(ODD)[1:-1],
    "in an ASCII literal": ascii(ODD)[1:-1],
    "in JSON": json.dumps(ODD, ensure_ascii=False)[1:-1],
    "in ASCII JSON": json.dumps(ODD)[1:-1],
    "in HTML": html.escape(ODD),
    "in a URL": quote(ODD, safe=""),
}


@pytest.mark.parametrize("spelling", SPELLINGS.values(), ids=list(SPELLINGS))
def test_another_spelling_of_the_value_is_masked_too(spelling: str) -> None:
    literal = json.dumps(ODD, ensure_ascii=False)
    book = notebook(code(f"password = {literal}"), code("x", [stream(f"before {spelling} after {KEY}")]))
    report = check(book)
    assert [f.rule for f in report.findings] == ["hardcoded-secret", "openai-api-key"]
    text = everything_said(report)
    assert "before" in text
    assert spelling not in text
    assert json.dumps(spelling)[1:-1] not in text


@pytest.mark.parametrize("in_code", ["k = '''{}'''", "# {}", "%env KEY={}"])
def test_no_line_of_a_private_key_leaves(in_code: str) -> None:
    key = private_key(in_code)
    body = key.split("\n")[1:-1]
    book = notebook(
        code(in_code.format(key)),
        code(f"x = '{body[2]}'\n{LOAD}\ny = '{body[1]}'"),
        markdown(f"{KEY} {body[3]}"),
        code("x", [error("E", f"bad key {body[0]}", [KEY, body[4]]), result({"text/plain": repr(key) + KEY})]),
    )
    text = said(book)
    assert [line for line in body if line in text] == []


@pytest.mark.parametrize("line_end", ["\\n", "\\r\\n", "\\\\n"])
def test_a_private_key_on_one_line_does_not_leave(line_end: str) -> None:
    key = private_key(line_end)
    body = key.split("\n")[1:-1]
    one_line = key.replace("\n", line_end)
    text = said(notebook(code(f'k = {{"private_key": "{one_line}"}}\n{LOAD}  # {body[3]}')))
    assert [line for line in body if line in text] == []


def test_a_private_key_that_was_cut_off_does_not_leave() -> None:
    key = private_key("cut").rpartition("\n")[0]
    text = said(notebook(code(f"{LOAD}\nk = '''{key}")))
    assert [line for line in key.split("\n")[1:] if line in text] == []


def test_a_short_password_is_masked_where_it_stands() -> None:
    book = notebook(code("password = 'q7!Z'"), code("x = pickle.load(f, 'q7!Z')\nimport pickle"))
    assert "q7!Z" not in said(book)


def test_masking_a_word_does_not_ruin_what_is_said() -> None:
    finding = only(notebook(code(f"password = '{PASSWORD}'")))
    assert finding.excerpt is not None
    (line,) = finding.excerpt.lines
    assert line == f"password = '...({len(PASSWORD)})'"
    assert line[finding.excerpt.start - 1 : finding.excerpt.end - 1] == f"...({len(PASSWORD)})"


def test_each_secret_on_a_line_has_its_own_mask() -> None:
    other = github_token("masking")
    report = check(notebook(code(f"k = ('{KEY}', '{other}')")))
    shown = {finding.excerpt.lines for finding in report.findings if finding.excerpt is not None}
    assert shown == {(f"k = ('sk-proj-...({len(KEY)})', 'ghp_...({len(other)})')",)}
    assert [f.masked for f in report.findings] == [f"sk-proj-...({len(KEY)})", f"ghp_...({len(other)})"]


def test_the_mark_is_under_the_mask_behind_other_masks() -> None:
    report = check(notebook(code(f"a = '{KEY}'; password = '{PASSWORD}'")))
    excerpt = report.findings[1].excerpt
    assert excerpt is not None
    assert excerpt.lines[0][excerpt.start - 1 : excerpt.end - 1] == f"...({len(PASSWORD)})"


def test_a_value_that_holds_another_is_masked_whole() -> None:
    inner = password("inner")
    outer = f"{inner}{token('outer', 8)}"
    book = notebook(code(f"password = '{inner}'\nsecret = '{outer}'\n{LOAD} # {outer}"))
    text = said(book)
    assert outer[len(inner) :] not in text
    assert inner not in text


def test_a_secret_in_a_very_long_line_does_not_leave_in_part() -> None:
    filler = "x" * 150
    for width in range(0, 60, 7):
        book = notebook(
            code(f"{' ' * width}# {filler} {KEY} {filler}\nm = pickle.load(f) # {KEY} {filler}\nimport pickle")
        )
        text = said(book)
        assert KEY[10:22] not in text
        assert KEY[-12:] not in text


@pytest.mark.parametrize("value", ["abcdef12", "x" * 40])
@pytest.mark.parametrize("prefix", ["", "ab", "x" * 30, "nowhere"])
def test_a_secret_does_not_show_itself(value: str, prefix: str) -> None:
    secret = Secret(value, prefix)
    for shown in (repr(secret), str(secret), f"{secret}", secret.masked):
        assert value not in shown
        assert f"({len(value)})" in shown


def test_a_secret_is_not_serialised() -> None:
    import copy
    import pickle

    for serialise in (pickle.dumps, copy.copy, copy.deepcopy):
        with pytest.raises(TypeError, match="never serialised"):
            serialise(Secret("abcdef12"))


def test_a_plain_word_does_not_hide_the_path(tmp_path: Path) -> None:
    folder = tmp_path / "horses"
    folder.mkdir()
    path = write(folder / "nb.ipynb", notebook(code("password = 'horses'")))
    report = check(path)
    assert report.findings[0].location.path == str(path)


def test_a_cell_id_and_a_long_key_are_texts_too() -> None:
    key = openai_key(3)
    cell = {**code("import pickle\npickle.load(f)"), "id": key}
    assert key not in everything_said(check(notebook(cell)))
    assert key not in everything_said(check(notebook(code("x"), metadata={key: {"api_token": openai_key(4)}})))


def test_what_only_looks_like_a_secret_is_shown_in_no_excerpt() -> None:
    unnamed = token("unnamed", 40)
    found = only(notebook(code(f"m = pickle.load(f)\nshow('{unnamed}', some_very_long_function_name)")))
    excerpt = found.excerpt
    assert excerpt is not None
    assert excerpt.lines == ("m = pickle.load(f)", "show('...(40)', some_very_long_function_name)")
