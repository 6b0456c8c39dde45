"""Every file is read as far as it can be, and what can't be is a problem that a person understands."""

from __future__ import annotations

import codecs
import gzip
import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import nbformat
import pytest

from stsec_magic import check
from stsec_magic.cli import main
from stsec_magic.model.location import Part
from stsec_magic.model.problem import ProblemKind
from stsec_magic.notebook import read
from tests.credentials import openai_key, password
from tests.notebooks_in_memory import code, markdown, notebook, stream, write
from tests.results import file_place, only, place, place_of

KEY = openai_key("read")
LINE = f'key = "{KEY}"'
BOOK = notebook(code(LINE))
CLEAN = notebook(code("x = 1"))


def dumps(book: object, **how: Any) -> bytes:
    return json.dumps(book, **{"indent": 1, **how}).encode()


def file(folder: Path, content: bytes, name: str = "nb.ipynb") -> Path:
    path = folder / name
    path.write_bytes(content)
    return path


def old(major: int) -> dict[str, Any]:
    cell = {"cell_type": "code", "language": "python", "input": LINE, "outputs": [], "collapsed": False}
    if major == 1:
        return {"nbformat": 1, "cells": [{"cell_type": "code", "code": LINE, "prompt_number": 1}]}
    sheet = {"cells": [{"cell_type": "markdown", "source": "# Title"}, cell], "metadata": {}}
    return {"nbformat": major, "nbformat_minor": 0, "metadata": {"name": ""}, "worksheets": [sheet]}


# -- what can be read whole ------------------------------------------------------------------


def test_a_dict_a_notebooknode_and_a_file_give_the_same(tmp_path: Path) -> None:
    node = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(LINE)])
    given = [check(json.loads(json.dumps(node))), check(node), check(write(tmp_path / "nb.ipynb", node))]
    fingerprints = {report.findings[0].fingerprint for report in given}
    assert len(fingerprints) == 1
    assert [report.problems for report in given] == [(), (), ()]


@pytest.mark.parametrize("as_type", [str, Path], ids=["str", "Path"])
def test_a_path_may_be_text_or_pathlike(tmp_path: Path, as_type: Callable[[Path], Any]) -> None:
    assert only(as_type(write(tmp_path / "nb.ipynb", BOOK))).location.path == str(tmp_path / "nb.ipynb")


@pytest.mark.parametrize("major", [2, 3])
def test_old_notebooks_are_upgraded(tmp_path: Path, major: int) -> None:
    path = write(tmp_path / "nb.ipynb", old(major))
    report = check(path)
    assert report.problems == ()
    (finding,) = report.findings
    assert (finding.rule, finding.location.cell) == ("openai-api-key", 2)
    assert place(finding) == place_of(LINE, KEY)
    assert file_place(finding) == place_of(path.read_text(), KEY)


def test_nbformat_1_is_searched_whether_it_can_be_upgraded_or_not(tmp_path: Path) -> None:
    path = write(tmp_path / "nb.ipynb", old(1))
    finding = only(path)
    assert finding.rule == "openai-api-key"
    assert file_place(finding) == place_of(path.read_text(), KEY)


@pytest.mark.parametrize("major", [1, 2, 3])
def test_an_old_dict_is_not_changed_by_its_upgrade(major: int) -> None:
    book = old(major)
    before = json.dumps(book)
    assert check(book).findings
    assert json.dumps(book) == before


@pytest.mark.parametrize("major", [1, 2, 3])
def test_an_old_notebooks_cells_get_no_ids_that_the_file_does_not_hold(major: int) -> None:
    assert only(old(major)).location.cell_id is None


@pytest.mark.parametrize("spoilt", [{"nbformat_minor": "x"}, {"metadata": None}, {"worksheets": [{"cells": [{}]}]}])
def test_nbformats_own_complaints_do_not_reach_the_user(tmp_path: Path, spoilt: dict[str, Any]) -> None:
    path = write(tmp_path / "nb.ipynb", {**old(3), **spoilt})
    command = [sys.executable, "-m", "stsec_magic", "audit", str(path)]
    done = subprocess.run(command, capture_output=True, text=True, timeout=60, check=False)
    assert [line for line in done.stderr.splitlines() if not line.startswith("problem ")] == []


def test_an_old_notebook_that_cannot_be_upgraded_is_searched_as_text(tmp_path: Path) -> None:
    book = {"nbformat": 3, "worksheets": [{"cells": [7, {"input": LINE}]}]}
    path = write(tmp_path / "nb.ipynb", book)
    report = check(path)
    assert [(p.kind, p.cell) for p in report.problems] == [(ProblemKind.INVALID_NOTEBOOK, None)]
    assert file_place(report.findings[0]) == place_of(path.read_text(), KEY)


WHOLE = {
    "utf-8 with bom": codecs.BOM_UTF8 + dumps(BOOK),
    "utf-16": json.dumps(BOOK).encode("utf-16"),
    "utf-16-le": json.dumps(BOOK).encode("utf-16-le"),
    "utf-16-be with bom": codecs.BOM_UTF16_BE + json.dumps(BOOK).encode("utf-16-be"),
    "utf-32": json.dumps(BOOK).encode("utf-32"),
    "nan": dumps(notebook(code(LINE), metadata={"loss": float("nan"), "best": float("-inf")})),
    "lone surrogate": dumps(notebook(code(LINE), markdown("half a smile \ud83d"))),
    "crlf": dumps(BOOK).replace(b"\n", b"\r\n"),
    "one line": dumps(BOOK, indent=None),
    "control characters in a string": dumps(notebook(code(LINE), markdown("a\x01b"))).replace(b"\\u0001", b"\x01"),
    "a long integer": dumps(notebook(code(LINE), metadata={"n": 10**300})),
}


@pytest.mark.parametrize("content", WHOLE.values(), ids=list(WHOLE))
def test_odd_but_readable_files_have_no_problem(tmp_path: Path, content: bytes) -> None:
    path = file(tmp_path, content)
    report = check(path)
    assert report.problems == ()
    (finding,) = report.findings
    assert (finding.location.cell, *place(finding)) == (1, *place_of(LINE, KEY))
    text = content.decode(json.detect_encoding(content))
    assert file_place(finding) == place_of(text, KEY)


def test_the_last_of_repeated_keys_counts(tmp_path: Path) -> None:
    first, last = openai_key("first"), openai_key("last")
    cell = '{"cell_type": "code", "metadata": {}, "outputs": [], "source": "k = 1", "source": %s}'
    other = cell % json.dumps([f'a = "{first}"\n', "b"])
    books = '{"nbformat": 4, "nbformat_minor": 5, "metadata": {}, "cells": [%s, %s], "cells": [%s]}'
    text = books % (other, other, cell % json.dumps(f'b = "{last}"'))
    report = check(file(tmp_path, text.encode()))
    shown, *hidden = report.findings
    assert file_place(shown) == place_of(text, last)
    # What Jupyter doesn't show is in the file all the same.
    assert {finding.location.part for finding in hidden} == {Part.METADATA}
    assert ["repeats a key" in problem.message for problem in report.problems] == [True]


def test_an_empty_file_is_no_problem(tmp_path: Path) -> None:
    report = check(file(tmp_path, b""))
    assert (report.findings, report.problems, report.cells) == ((), (), 0)


# -- what can't ------------------------------------------------------------------------------

DEEP = b"[" * 10_000 + b"]" * 10_000
CONFLICT = b'{\n "cells": [\n<<<<<<< HEAD\n  {"source": "x"}\n=======\n  {"source": "y"}\n>>>>>>> other\n ]\n}\n'

BROKEN = {
    "truncated": (dumps(CLEAN)[:-20], ProblemKind.INVALID_JSON, None, "not JSON"),
    "merge conflict": (CONFLICT, ProblemKind.INVALID_JSON, None, "merge-conflict markers"),
    "merge conflict, crlf": (
        CONFLICT.replace(b"\n", b"\r\n"),
        ProblemKind.INVALID_JSON,
        None,
        "merge-conflict markers",
    ),
    "whitespace": (b" \n\n", ProblemKind.INVALID_JSON, None, "not JSON"),
    "plain text": (b"<html>Not found</html>", ProblemKind.INVALID_JSON, None, "line 1, column 1"),
    "binary garbage": (bytes(range(255, 0, -1)) * 4, ProblemKind.INVALID_JSON, None, "not"),
    "gzip": (gzip.compress(dumps(CLEAN)), ProblemKind.INVALID_JSON, None, "not"),
    "nested 10,000 deep": (DEEP, ProblemKind.INVALID_JSON, None, "nested too deep"),
    "nested deep in metadata": (
        dumps(notebook(metadata={"x": 0})).replace(b"0", DEEP, 1),
        ProblemKind.INVALID_JSON,
        None,
        "nested too deep",
    ),
    "5,000 digits": (
        dumps(notebook(metadata={"x": "D"})).replace(b'"D"', b"9" * 5000),
        ProblemKind.INVALID_JSON,
        None,
        "a number is too long",
    ),
    "an array": (b"[]", ProblemKind.INVALID_NOTEBOOK, None, "an array"),
    "a string": (b'"cells"', ProblemKind.INVALID_NOTEBOOK, None, "a string"),
    "null": (b"null", ProblemKind.INVALID_NOTEBOOK, None, "an object"),
    "no cells": (b'{"nbformat": 4, "metadata": {}}', ProblemKind.INVALID_NOTEBOOK, None, "no list of cells"),
    "cells an object": (b'{"nbformat": 4, "cells": {}}', ProblemKind.INVALID_NOTEBOOK, None, "no list of cells"),
    "cells null": (b'{"nbformat": 3, "worksheets": null}', ProblemKind.INVALID_NOTEBOOK, None, "old notebook"),
    "nbformat 9": (b'{"nbformat": 9, "cells": []}', ProblemKind.INVALID_NOTEBOOK, None, "nbformat 9"),
    "no nbformat": (b'{"cells": []}', ProblemKind.INVALID_NOTEBOOK, None, "nbformat nothing"),
    "no source": (
        dumps(notebook({"cell_type": "code", "metadata": {}, "outputs": []})),
        ProblemKind.INVALID_NOTEBOOK,
        1,
        "has no source",
    ),
    "source a number": (dumps(notebook(code(7))), ProblemKind.INVALID_NOTEBOOK, 1, "source is a"),
    "source null": (dumps(notebook(code(None))), ProblemKind.INVALID_NOTEBOOK, 1, "source is"),
    "source an object": (dumps(notebook(code({"a": "b"}))), ProblemKind.INVALID_NOTEBOOK, 1, "source is a"),
    "outputs a string": (
        dumps(notebook(code("x"), {**code("y"), "outputs": "z"})),
        ProblemKind.INVALID_NOTEBOOK,
        2,
        "outputs are not a list",
    ),
    "output a string": (dumps(notebook(code("x", ["y"]))), ProblemKind.INVALID_NOTEBOOK, 1, "output 1 is not"),
    "cell a string": (dumps(notebook(code("x"), "y")), ProblemKind.INVALID_NOTEBOOK, 2, "cell is not an object"),
    "cell null": (dumps(notebook(None)), ProblemKind.INVALID_NOTEBOOK, 1, "cell is not an object"),
}


@pytest.mark.parametrize(("content", "kind", "cell", "words"), BROKEN.values(), ids=list(BROKEN))
def test_what_cannot_be_read_is_a_problem(
    tmp_path: Path, content: bytes, kind: ProblemKind, cell: int | None, words: str
) -> None:
    report = check(file(tmp_path, content))
    assert report.findings == ()
    assert {problem.kind for problem in report.problems} == {kind}
    assert {problem.path for problem in report.problems} == {str(tmp_path / "nb.ipynb")}
    assert report.problems[0].cell == cell
    assert any(words in problem.message for problem in report.problems), report.problems


@pytest.mark.parametrize("content", [row[0] for row in BROKEN.values()], ids=list(BROKEN))
def test_a_broken_file_does_not_keep_the_others_from_being_checked(
    tmp_path: Path, content: bytes, capsys: pytest.CaptureFixture[str]
) -> None:
    file(tmp_path, content, "broken.ipynb")
    write(tmp_path / "clean.ipynb", CLEAN)
    assert main(["audit", str(tmp_path), "--jobs", "1"]) == 0
    write(tmp_path / "z.ipynb", BOOK)
    assert main(["audit", str(tmp_path), "--jobs", "1", "--format", "concise"]) == 1
    out, _ = capsys.readouterr()
    assert "z.ipynb:cell 1:1:8: high: openai-api-key" in out


def test_strict_makes_a_problem_an_error(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file(tmp_path, b"[]")
    assert main(["audit", str(tmp_path)]) == 0
    assert main(["audit", str(tmp_path), "--strict"]) == 2
    out, err = capsys.readouterr()
    assert "1 problem" in out
    assert err.count("nb.ipynb: holds an array where a notebook holds an object") == 2


@pytest.mark.parametrize("cut", [1, 30, 90])
def test_a_credential_in_truncated_json_is_found_at_its_place(tmp_path: Path, cut: int) -> None:
    secret = password("truncated")
    book = notebook(markdown("Gr\u00fc\u00dfe \U0001f600 \\ tab\t"), code(f'import os\nDB_PASSWORD = "{secret}"\n'))
    content = json.dumps(book, indent=1).encode()[:-cut]
    path = file(tmp_path, content)
    report = check(path)
    assert [p.kind for p in report.problems] == [ProblemKind.INVALID_JSON]
    (finding,) = report.findings
    assert finding.rule == "hardcoded-secret"
    assert finding.masked == f"...({len(secret)})"
    assert file_place(finding) == place(finding) == place_of(content.decode(), secret)
    assert (finding.location.cell, finding.location.part) == (None, "source")


def test_a_password_in_a_conflicted_file_is_found_on_both_sides(tmp_path: Path) -> None:
    ours, theirs = password("ours"), password("theirs")
    line = '   "source": "password = \\"%s\\""\n'
    text = f"{{\n<<<<<<< HEAD\n{line % ours}=======\n{line % theirs}>>>>>>> branch\n}}\n"
    report = check(file(tmp_path, text.encode()))
    assert [file_place(f) for f in report.findings] == [place_of(text, ours), place_of(text, theirs)]


def test_bytes_that_are_no_utf8_cost_only_themselves(tmp_path: Path) -> None:
    content = json.dumps(notebook(markdown("caf\u00e9"), code(LINE)), ensure_ascii=False, indent=1).encode("latin-1")
    report = check(file(tmp_path, content))
    assert [p.kind for p in report.problems] == [ProblemKind.INVALID_JSON]
    assert "replacement characters" in report.problems[0].message
    (finding,) = report.findings
    assert finding.location.cell == 2
    assert file_place(finding) == place_of(content.decode("latin-1"), KEY)


@pytest.mark.parametrize(
    "book",
    [
        {"cells": "none", "metadata": {"note": LINE}},
        {"worksheets": [LINE], "nbformat": 3},
        {"nbformat": 4, "cells": {"0": code(LINE)}},
    ],
)
def test_a_dict_that_is_no_notebook_is_searched_too(book: dict[str, Any]) -> None:
    report = check(book)
    assert [f.rule for f in report.findings] == ["openai-api-key"]
    assert [p.kind for p in report.problems] == [ProblemKind.INVALID_NOTEBOOK]


@pytest.mark.parametrize(
    "source",
    [[LINE, 7], [7, LINE], [None, LINE, {"a": 1}], {"text": LINE}],
    ids=["then a number", "a number first", "among others", "object"],
)
def test_text_in_a_malformed_source_is_found_at_its_place(tmp_path: Path, source: object) -> None:
    path = write(tmp_path / "nb.ipynb", notebook(code(source)))
    finding = only(path)
    assert finding.location.cell == 1
    assert file_place(finding) == place_of(path.read_text(), KEY)


@pytest.mark.parametrize("source", [[[LINE]], ["x = 1\n", {"text": LINE}]], ids=["list in list", "object in list"])
def test_no_text_in_a_source_list_is_passed_over_in_silence(source: object) -> None:
    report = check(notebook(code(source)))
    assert report.findings or report.problems


def test_text_in_outputs_that_are_no_list_is_not_passed_over_in_silence() -> None:
    report = check(notebook({**code("x"), "outputs": {"text": LINE}}))
    assert report.findings or report.problems


# -- paths that are no readable file -----------------------------------------------------------


def folder_path(folder: Path) -> Path:
    (folder / "nb.ipynb").mkdir()
    return folder / "nb.ipynb"


def dangling_link(folder: Path) -> Path:
    (folder / "nb.ipynb").symlink_to(folder / "gone.ipynb")
    return folder / "nb.ipynb"


def fifo(folder: Path) -> Path:
    os.mkfifo(folder / "nb.ipynb")
    return folder / "nb.ipynb"


def missing(folder: Path) -> Path:
    return folder / "nb.ipynb"


def looping_link(folder: Path) -> Path:
    (folder / "nb.ipynb").symlink_to(folder / "nb.ipynb")
    return folder / "nb.ipynb"


def device(_: Path) -> Path:
    return Path(os.devnull)


UNREADABLE = [
    (folder_path, "it is a folder"),
    (dangling_link, "a link to a file that doesn't exist"),
    (fifo, "not a regular file"),
    (missing, "no such file"),
    (looping_link, "cannot be read"),
    (device, "not a regular file"),
]


@pytest.mark.parametrize(("make", "words"), UNREADABLE, ids=[make.__name__ for make, _ in UNREADABLE])
def test_an_unreadable_path_is_a_problem(tmp_path: Path, make: Callable[[Path], Path], words: str) -> None:
    path = make(tmp_path)
    (problem,) = check(path).problems
    assert (problem.kind, problem.cell, problem.path) == (ProblemKind.UNREADABLE, None, str(path))
    assert words in problem.message


@pytest.mark.parametrize("make", [dangling_link, fifo, looping_link])
def test_an_unreadable_file_fails_where_it_was_named(
    tmp_path: Path, make: Callable[[Path], Path], capsys: pytest.CaptureFixture[str]
) -> None:
    path = make(tmp_path)
    write(tmp_path / "z.ipynb", BOOK)
    assert main(["audit", str(tmp_path), "--format", "concise"]) == 1
    assert main(["audit", str(path), str(tmp_path), "--format", "concise"]) == 2
    out, err = capsys.readouterr()
    assert out.count("z.ipynb:cell 1") == 2
    assert err.count(f"{path}: cannot be read") == 2


def test_a_file_that_is_too_large_is_not_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(read, "MAX_BYTES", 1 << 20)
    path = tmp_path / "nb.ipynb"
    with path.open("wb") as large:
        large.truncate((1 << 20) + 1)
    (problem,) = check(path).problems
    assert problem.kind is ProblemKind.TOO_LARGE
    assert "larger than 1 MiB" in problem.message
    assert main(["audit", str(path)]) == 2
    assert main(["audit", str(tmp_path)]) == 0


# -- standard input --------------------------------------------------------------------------


def stdin(content: bytes, *arguments: str) -> subprocess.CompletedProcess[bytes]:
    command = [sys.executable, "-m", "stsec_magic", "audit", "-", *arguments]
    return subprocess.run(command, input=content, capture_output=True, timeout=60, check=False)


def test_a_dash_reads_standard_input() -> None:
    content = dumps(notebook(code(f"# caf\u00e9\n{LINE}", [stream("h\u00e9\n")])))
    done = stdin(content, "--format", "json")
    assert (done.returncode, done.stderr) == (1, b"")
    (finding,) = json.loads(done.stdout)["findings"]
    assert (finding["path"], finding["line"], finding["column"]) == ("-", 2, 8)
    assert (finding["file_line"], finding["file_column"]) == place_of(content.decode(), KEY)


def test_standard_input_that_is_no_notebook_is_a_problem() -> None:
    done = stdin(codecs.BOM_UTF16_LE + b"\0\xd8", "--format", "json")
    assert done.returncode == 0
    report = json.loads(done.stdout)
    assert {(p["path"], p["kind"]) for p in report["problems"]} == {("-", "invalid-json")}
    assert b"Traceback" not in done.stderr
