"""Bytes that are no plain UTF-8 JSON: what can be read of them is searched, and what can't be is a problem."""

from __future__ import annotations

import codecs
import json
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
from tests.notebooks_in_memory import code, display, error, markdown, notebook, stream

HALF = "\ud800"
TEXT = json.dumps(BOOK)


def digits(count: int, book: object) -> bytes:
    return dumps(book).replace(b'"DIGITS"', b"7" * count)


def raw_half(book: object) -> bytes:
    """Half a surrogate pair as bytes, which no encoder of UTF-8 writes."""
    return json.dumps(book, ensure_ascii=False).encode("utf-8", "surrogatepass")


# What can be read whole, however odd it is.
WHOLE: dict[str, bytes] = {
    "half a pair beside the secret": dumps(notebook(code(f'x = "{HALF}"; {LINE}'))),
    "half a pair in the secret's string": dumps(notebook(code(f'x = "{HALF} {SECRET}"'))),
    "half a pair in Markdown": dumps(notebook(markdown(f"smile {HALF}"), code(LINE))),
    "half a pair in an output": dumps(notebook(code("x", [stream(f"{HALF}\n{LINE}")]))),
    "half a pair in a traceback": dumps(notebook(code("x", [error("E", HALF, (HALF, LINE))]))),
    "half a pair in a MIME type": dumps(notebook(code("x", [display({f"text/{HALF}": LINE})]))),
    "half a pair in a key": dumps(notebook(code("x"), metadata={HALF: {HALF: LINE}})),
    "half a pair in an id and a tag": dumps(notebook(code(LINE, id=f"a{HALF}", tags=[HALF]))),
    "half a pair in the language": dumps(notebook(code(LINE), metadata={"language_info": {"name": HALF}})),
    "half a pair in a comment that ignores": dumps(
        notebook(code(f"{LINE}\nimport pickle\npickle.load(f)  # stsec: ignore[untrusted-load] {HALF}"))
    ),
    "a pair the wrong way round": dumps(notebook(code(f'x = "\udc00\ud800"\n{LINE}'))),
    "NUL in a string": dumps(notebook(code(f"x = '\0'\n{LINE}"))),
    "NUL beside the secret": dumps(notebook(code(f'key = "\0{SECRET}\0"'))),
    "NUL in an output": dumps(notebook(code("x", [stream(f"a\0b\n{LINE}\0")]))),
    "NUL in an id and a key": dumps(notebook(code(LINE, id="a\0b"), metadata={"a\0b": "\0"})),
    "raw NUL in a string": dumps(notebook(code(f"x = '\0'\n{LINE}"))).replace(b"\\u0000", b"\0"),
    "raw control characters": dumps(notebook(code(f"x = '\1\x1b[31m'\n{LINE}")), ensure_ascii=False)
    .replace(b"\\u0001", b"\1")
    .replace(b"\\u001b", b"\x1b"),
    "UTF-8 with BOM": codecs.BOM_UTF8 + dumps(BOOK),
    "UTF-16 LE with BOM": codecs.BOM_UTF16_LE + TEXT.encode("utf-16-le"),
    "UTF-16 BE with BOM": codecs.BOM_UTF16_BE + TEXT.encode("utf-16-be"),
    "UTF-16 LE": TEXT.encode("utf-16-le"),
    "UTF-16 BE": TEXT.encode("utf-16-be"),
    "UTF-32 LE with BOM": codecs.BOM_UTF32_LE + TEXT.encode("utf-32-le"),
    "UTF-32 BE with BOM": codecs.BOM_UTF32_BE + TEXT.encode("utf-32-be"),
    "UTF-32 LE": TEXT.encode("utf-32-le"),
    "UTF-32 BE": TEXT.encode("utf-32-be"),
    "NaN": dumps(notebook(code(LINE, [display({"application/json": {"loss": float("nan")}})]))),
    "Infinity": dumps(notebook(code(LINE), metadata={"best": float("inf"), "worst": float("-inf")})),
    "execution count NaN": dumps(notebook({**code(LINE), "execution_count": float("nan")})),
    "execution count Infinity": dumps(notebook({**code(LINE), "execution_count": float("inf")})),
    "a float too large": dumps(notebook(code(LINE), metadata={"x": "F"})).replace(b'"F"', b"1e99999"),
    "4,300 digits": digits(4_300, notebook(code(LINE), metadata={"n": "DIGITS"})),
    "4,300 digits as execution count": digits(4_300, notebook({**code(LINE), "execution_count": "DIGITS"})),
    "30 digits as execution count": digits(30, notebook({**code(LINE), "execution_count": "DIGITS"})),
    "30 digits and NaN": digits(
        30, notebook({**code(LINE), "execution_count": "DIGITS"}, metadata={"x": float("nan")})
    ),
    "4,300 digits in an output": digits(4_300, notebook(code(LINE, [display({"application/json": {"n": "DIGITS"}})]))),
}

_LATIN = json.dumps(notebook(markdown("caf\u00e9"), code(LINE)), ensure_ascii=False).encode("latin-1")
# What can be read in part: the kind of problem.
PARTLY: dict[str, tuple[bytes, str]] = {
    "raw half of a pair": (raw_half(notebook(code(f'x = "{HALF}"; {LINE}'))), INVALID_JSON),
    "raw half in a key": (raw_half(notebook(code(LINE), metadata={HALF: HALF})), INVALID_JSON),
    "Latin-1": (_LATIN, INVALID_JSON),
    "a byte that UTF-8 never uses": (dumps(BOOK).replace(b"import os", b"import \xff os"), INVALID_JSON),
    "an overlong slash": (dumps(BOOK).replace(b"import os", b"import \xc0\xaf os"), INVALID_JSON),
    "bad bytes between the tokens": (dumps(BOOK).replace(b"{", b"\xfe{", 1), INVALID_JSON),
    "two BOMs": (codecs.BOM_UTF8 * 2 + dumps(BOOK), INVALID_JSON),
    "UTF-16 with an odd byte": (TEXT.encode("utf-16") + b"\n", INVALID_JSON),
    "UTF-16 cut off": (TEXT.encode("utf-16")[:-21], INVALID_JSON),
    "UTF-16 with half a pair": (TEXT.replace("import", "\ud800").encode("utf-16", "surrogatepass"), INVALID_JSON),
    "NULs at the end": (dumps(BOOK) + b"\0" * 512, INVALID_JSON),
    "NULs at the beginning": (b"\0" * 512 + dumps(BOOK), INVALID_JSON),
    "one NUL at the beginning": (b"\0" + dumps(BOOK), INVALID_JSON),
    "NUL between the tokens": (dumps(BOOK).replace(b"{", b"{\0", 1), INVALID_JSON),
    "4,301 digits": (digits(4_301, notebook(code(LINE), metadata={"n": "DIGITS"})), INVALID_JSON),
    "5,000 digits": (digits(5_000, notebook(code(LINE), metadata={"n": "DIGITS"})), INVALID_JSON),
    "5,000 digits as nbformat": (digits(5_000, {**BOOK, "nbformat": "DIGITS"}), INVALID_JSON),
    "source NaN": (dumps(notebook(code(LINE), code(float("nan")))), INVALID_NOTEBOOK),
    "nbformat NaN": (dumps({**BOOK, "nbformat": float("nan")}), INVALID_NOTEBOOK),
    "nbformat Infinity": (dumps({**BOOK, "nbformat": float("inf")}), INVALID_NOTEBOOK),
    "nbformat of 4,300 digits": (digits(4_300, {**BOOK, "nbformat": "DIGITS"}), INVALID_NOTEBOOK),
}


@pytest.mark.parametrize("name", WHOLE)
def test_what_can_be_read_whole_has_no_problem(tmp_path: Path, name: str) -> None:
    put(tmp_path, WHOLE[name])
    told = told_of_both(tmp_path)
    assert told.kinds() <= {"unparsed-cell"}
    assert is_found(told)


@pytest.mark.parametrize("name", PARTLY)
def test_what_can_be_read_in_part_is_searched_and_a_problem(tmp_path: Path, name: str) -> None:
    content, kind = PARTLY[name]
    put(tmp_path, content)
    told = told_of_both(tmp_path)
    assert told.kinds() - {"unparsed-cell"} == {kind}
    assert all(len(row["message"]) < 1_000 for row in told.problems())
    assert is_found(told)


@pytest.mark.parametrize(
    "content", [b"\0", b"\0" * 4096, b"\xff\xfe", b"\xff\xfe\0\0", codecs.BOM_UTF8, b"\xef\xbb", b"\xff" * 999]
)
def test_bytes_without_any_text_are_a_problem(tmp_path: Path, content: bytes) -> None:
    put(tmp_path, content)
    told = told_of_both(tmp_path)
    assert told.kinds() == {INVALID_JSON}
    assert told.findings() == []


def report_of(folder: Path, jobs: int) -> dict[str, Any]:
    told = told_of_both(folder, "--jobs", str(jobs), formats=("json",))
    return told.report


def test_several_processes_tell_the_same_of_all_of_them(tmp_path: Path) -> None:
    contents = [*WHOLE.values(), *(content for content, _ in PARTLY.values())]
    for i, content in enumerate(contents):
        put(tmp_path, content, f"{i:03}.ipynb")
    one, two = report_of(tmp_path, 1), report_of(tmp_path, 2)
    assert one == two
    assert one["summary"]["notebooks"] == len(contents) + 1
