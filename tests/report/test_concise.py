"""One line a finding, for editors and grep."""

from __future__ import annotations

from typing import Any

import pytest

from stsec_magic import check
from stsec_magic.report import concise
from tests.credentials import openai_key, password
from tests.notebooks_in_memory import code, markdown, notebook, stream

SECRET = password("concise")
KEY = openai_key("concise")


def lines(book: dict[str, Any]) -> list[str]:
    return concise.render(check(book)).splitlines()


def test_a_finding_is_one_line() -> None:
    book = notebook(markdown("x"), code(f"a\npassword = '{SECRET}'"))
    first, closing = lines(book)
    assert first.startswith("<notebook>:cell 2:2:13: high: hardcoded-secret: ")
    assert first.endswith(f" [...({len(SECRET)})]")
    assert closing == "1 notebook, 2 cells: 1 finding (1 high)"


@pytest.mark.parametrize(
    ("book", "start"),
    [
        (notebook(code("x", [stream(f"ab {KEY}")])), "<notebook>:cell 1 output 1:1:4: "),
        (notebook(markdown(KEY)), "<notebook>:cell 1:1:1: "),
        (notebook(metadata={"a": KEY}), "<notebook>:notebook metadata:1:1: "),
        (notebook(code("x", metadata={"a": KEY})), "<notebook>:cell 1 metadata:1:1: "),
    ],
)
def test_the_place_comes_first(book: dict[str, Any], start: str) -> None:
    assert lines(book)[0].startswith(start)


def test_severities_are_counted_from_the_worst() -> None:
    book = notebook(
        code("import pickle, joblib, requests\njoblib.dump(m, 'own.joblib')"),
        code("joblib.load('own.joblib')\npickle.load(open('x', 'rb'))\npickle.loads(requests.get(u).content)"),
    )
    assert lines(book)[-1] == "1 notebook, 2 cells: 3 findings (1 high, 1 medium, 1 low)"


@pytest.mark.parametrize("path", ["a\nb.ipynb", "\x1b[2Ja.ipynb"])
def test_a_line_stays_a_line_whatever_the_path(tmp_path: Any, path: str) -> None:
    from tests.notebooks_in_memory import write

    book = write(tmp_path / path, notebook(code(f"k = '{KEY}'")))
    rows = concise.render(check(book)).split("\n")
    assert len(rows) == 3
    assert all(row.isprintable() for row in rows)
