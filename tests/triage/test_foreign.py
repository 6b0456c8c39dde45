"""Comments for other checkers are heard, and shown as theirs."""

from __future__ import annotations

import os
import pickle
from pathlib import Path
from typing import Any

import pytest

from stsec_magic import check
from stsec_magic.model.rule import Group
from stsec_magic.triage.foreign import foreign
from tests.credentials import password
from tests.notebooks_in_memory import code, markdown, notebook, stream, write

SECRET = f"password = '{password('foreign')}'"
LOAD = "m = pickle.load(f)"


def suppressed(cell: dict[str, Any]) -> list[tuple[str, str] | None]:
    found = check(notebook(code("import pickle"), cell)).findings
    return [each.suppressed and (each.suppressed.how, each.suppressed.reason) for each in found]


@pytest.mark.parametrize(
    ("comment", "of_load", "of_secret"),
    [
        ("# noqa: S301", "# noqa: S301", None),
        ("# noqa: E501, S301", "# noqa: E501, S301", None),
        ("# NOQA:S105", None, "# NOQA:S105"),
        ("# noqa: S105  # a test", None, "# noqa: S105"),
        ("# nosec", "# nosec", "# nosec"),
        ("# nosec B301", "# nosec B301", None),
        ("# nosec: B105, B106", None, "# nosec: B105, B106"),
        ("# nosec B301 our own file", "# nosec B301", None),
        ("# pragma: allowlist secret", None, "pragma: allowlist secret"),
        ("# pragma: whitelist secret", None, "pragma: whitelist secret"),
        ("# gitleaks:allow", None, "gitleaks:allow"),
        ("# trufflehog:ignore", None, "trufflehog:ignore"),
        ("# nosec blacklist", "# nosec blacklist", None),
        ("# nosec hardcoded_password_string", None, "# nosec hardcoded_password_string"),
        ("# nosec assert_used", None, None),
        ("# nosec as it is ours", "# nosec", "# nosec"),
        ("# nosec, B311", None, None),
        ("# nosec [B301]", "# nosec", None),
        ("# nosec(B105)", None, "# nosec"),
        ("# noqa", None, None),
        ("# noqa: E501", None, None),
        ("# noqa: S608", None, None),
        ("# nosecrets here", None, None),
        ("# pragma: no cover", None, None),
        ("# B301", None, None),
    ],
)
def test_a_comment_counts_for_what_it_is_about(comment: str, of_load: str | None, of_secret: str | None) -> None:
    assert foreign(f"{LOAD}  {comment}", Group.LOADS) == of_load
    assert foreign(f"{SECRET}  {comment}", Group.CREDENTIALS) == of_secret
    assert suppressed(code(f"{LOAD}  {comment}")) == [of_load and ("foreign", of_load)]
    assert suppressed(code(f"{SECRET}  {comment}")) == [of_secret and ("foreign", of_secret)]


def test_our_own_comment_comes_first() -> None:
    assert suppressed(code(f"{LOAD}  # nosec  # stsec: ignore[untrusted-load] ours")) == [("comment", "ours")]


def test_it_counts_on_its_own_line_alone() -> None:
    assert suppressed(code(f"{LOAD}\n# nosec")) == [None]
    assert suppressed(code("m = pickle.load(\n    f\n)  # nosec")) == [("foreign", "# nosec")]


def test_a_comment_for_the_next_line() -> None:
    comment = "pragma: allowlist nextline secret"
    assert suppressed(code(f"# {comment}\n{SECRET}")) == [("foreign", comment)]
    assert suppressed(code(f"{SECRET}  # {comment}")) == [None]
    assert suppressed(code(f"# {comment}\nx = 1\n{SECRET}")) == [None]
    assert suppressed(code(f"# {comment}\n{LOAD}")) == [None]
    assert suppressed(code("x", [stream(f"{comment}\n{SECRET}")])) == [None]


def test_markdown_is_written_and_an_output_is_not() -> None:
    key = f"password: {password('foreign')}  gitleaks:allow"
    assert suppressed(markdown(key)) == [("foreign", "gitleaks:allow")]
    assert suppressed(code("x", [stream(key)])) == [None]


def test_no_such_comment_silences_a_malicious_file(tmp_path: Path) -> None:
    class Runs:
        def __reduce__(self) -> tuple[Any, ...]:
            return os.system, ("id",)

    (tmp_path / "m.pkl").write_bytes(pickle.dumps(Runs()))
    book = notebook(code("import joblib\njoblib.load('m.pkl')  # nosec  # noqa: S301"))
    (found,) = check(write(tmp_path / "nb.ipynb", book)).findings
    assert (found.rule, found.suppressed) == ("malicious-artifact", None)


def test_none_stands_in_a_string_literal() -> None:
    assert suppressed(code(f"x = 'write # nosec there'; {SECRET}")) == [None]
    assert suppressed(code(f"x = 'write # nosec there'; {SECRET}  # nosec")) == [("foreign", "# nosec")]
