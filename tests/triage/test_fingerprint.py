"""A fingerprint survives what does not change a finding, and changes with what does."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from stsec_magic import check
from tests.credentials import github_token, openai_key, password, token
from tests.notebooks_in_memory import code, markdown, notebook, stream, write
from tests.results import only


def fingerprints(*cells: Any) -> list[str]:
    return [finding.fingerprint for finding in check(notebook(*cells)).findings]


PASSWORD = code(f"password = '{password('a')}'")
LOAD = code("import pickle\nm = pickle.load(open('m.pkl', 'rb'))")
KEY = code(f"k = '{openai_key('a')}'")
BOTH = sorted(fingerprints(PASSWORD, LOAD, KEY))


def test_it_is_64_hex_digits() -> None:
    assert all(len(each) == 64 and int(each, 16) for each in BOTH)
    assert len(set(BOTH)) == 3


@pytest.mark.parametrize(
    "cells",
    [
        [KEY, PASSWORD, LOAD],
        [markdown("new"), PASSWORD, code("x = 1"), LOAD, KEY],
        [code("# new\n\n" + PASSWORD["source"] + "\n# after"), LOAD, KEY],
        [{**PASSWORD, "id": "another", "execution_count": 9}, LOAD, KEY],
        [PASSWORD, {**LOAD, "source": LOAD["source"].splitlines(keepends=True)}, KEY],
        [PASSWORD, {**LOAD, "outputs": [stream("done")]}, KEY],
        [code(PASSWORD["source"] + "   "), LOAD, KEY],
        [code("if 1:\n    " + PASSWORD["source"]), LOAD, KEY],
    ],
    ids=["cells moved", "cells inserted", "lines inserted", "run again", "saved anew", "output", "space", "indented"],
)
def test_it_survives(cells: list[Any]) -> None:
    assert sorted(fingerprints(*cells)) == BOTH


def test_it_is_the_same_in_every_file(tmp_path: Path) -> None:
    files = [write(tmp_path / name, notebook(PASSWORD)) for name in ("a.ipynb", "sub/b.ipynb")]
    assert len({only(file).fingerprint for file in files} | {only(notebook(PASSWORD)).fingerprint}) == 1


@pytest.mark.parametrize("other", [password("b"), password("c") + "longer9", "h\u00e4lf-7 Zz\\\\n"])
def test_a_changed_password_does_not_enter(other: str) -> None:
    assert fingerprints(code(f"password = '{other}'")) == fingerprints(PASSWORD)


def test_a_changed_connection_password_does_not_enter() -> None:
    urls = [f"u = 'postgresql://me:{password(i)}@db.acme.io/x'" for i in range(3)]
    assert len({only(notebook(code(url))).fingerprint for url in urls}) == 1


@pytest.mark.parametrize("make", [openai_key, github_token])
def test_a_random_token_enters(make: Any) -> None:
    assert len({only(notebook(code(f"k = '{make(i)}'"))).fingerprint for i in range(3)}) == 3


def test_a_token_that_only_a_name_makes_secret_does_not_enter() -> None:
    assert len({only(notebook(code(f"token = '{token(i, 40)}'"))).fingerprint for i in range(3)}) == 1


def test_the_same_statement_again_is_another_finding() -> None:
    twice = fingerprints(PASSWORD, PASSWORD)
    assert len(set(twice)) == 2
    assert twice[0] == fingerprints(PASSWORD)[0]


def test_another_secret_on_the_line_does_not_enter_as_text() -> None:
    lines = [f"password = '{password('a')}'; passwd = '{password(i)}'" for i in range(3)]
    assert len({check(notebook(code(line))).findings[0].fingerprint for line in lines}) == 1


@pytest.mark.parametrize(
    "source",
    [
        f"db_password = '{password('a')}'",
        f"password = '{password('a')}'; x = 1",
        f"connect(password='{password('a')}')",
    ],
)
def test_another_statement_is_another_finding(source: str) -> None:
    assert fingerprints(code(source)) != fingerprints(PASSWORD)


def test_a_password_used_in_a_load_does_not_enter_the_loads_fingerprint() -> None:
    def load(secret: str) -> str:
        book = notebook(code(f"import pickle\npassword = '{secret}'\nm = pickle.load(open('{secret}'))"))
        return only(book, "untrusted-load").fingerprint

    assert load(password("a")) == load(password("b"))
