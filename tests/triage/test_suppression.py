"""What a comment or a tag silences: shown, counted, failing nothing."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from stsec_magic import Finding, check
from stsec_magic.cli import main
from tests.credentials import password
from tests.notebooks_in_memory import code, markdown, notebook, stream, write

SECRET = f"password = '{password('suppression')}'"
LOAD = "m = pickle.load(f)"


def finding(cell: dict[str, Any]) -> Finding:
    (found,) = check(notebook(code("import pickle"), cell)).findings
    return found


@pytest.mark.parametrize("statement", [SECRET, LOAD], ids=["secret", "load"])
@pytest.mark.parametrize(
    ("comment", "reason"),
    [
        ("# stsec: ignore", ""),
        ("#stsec:ignore", ""),
        ("# stsec: ignore[{rule}]", ""),
        ("# stsec: ignore[{group}]", ""),
        ("# stsec: ignore[other, {rule}]", ""),
        ("# stsec: ignore[{rule}] our own file", "our own file"),
        ("# noqa # stsec: ignore[{rule}]  x", "x"),
    ],
)
def test_a_comment_silences(statement: str, comment: str, reason: str) -> None:
    rule, group = ("hardcoded-secret", "credentials") if statement is SECRET else ("untrusted-load", "loads")
    comment = comment.replace("{rule}", rule).replace("{group}", group)
    suppressed = finding(code(f"{statement}  {comment}")).suppressed
    assert suppressed is not None
    assert (suppressed.how, suppressed.reason) == ("comment", reason)


@pytest.mark.parametrize("statement", [SECRET, LOAD], ids=["secret", "load"])
@pytest.mark.parametrize(
    "comment",
    [
        "# stsec: ignore[private-key]",
        "# stsec: ignore[]",
        "# stsec: ignore[artifacts]",
        "# stsec ignore",
        "# noqa",
        "# stsec: ignored by nobody",
        "\n# stsec: ignore",
        "\n\n# stsec: ignore",
        "# stsec: ignore[untrusted, hardcoded]",
    ],
)
def test_another_comment_does_not(statement: str, comment: str) -> None:
    assert finding(code(f"{statement}  {comment}")).suppressed is None


CALL = "m = pickle.load(\n    open(\n        'm.pkl', 'rb'\n    )\n)"


@pytest.mark.parametrize(("line", "silenced"), [(0, True), (1, False), (2, False), (3, False), (4, True)])
def test_the_first_and_the_last_line_of_a_call_count(line: int, silenced: bool) -> None:
    lines = CALL.split("\n")
    lines[line] += "  # stsec: ignore[untrusted-load]"
    assert (finding(code("\n".join(lines))).suppressed is not None) == silenced


@pytest.mark.parametrize(
    ("comment", "text"),
    [
        ("<!-- stsec: ignore[hardcoded-secret] old -->", "{secret} {comment}"),
        ("// stsec: ignore", "{secret} {comment}"),
        ("-- stsec: ignore", "{secret} {comment}"),
    ],
)
def test_comments_of_other_languages_silence_too(comment: str, text: str) -> None:
    suppressed = finding(markdown(text.format(secret=SECRET, comment=comment))).suppressed
    assert suppressed is not None
    assert "-->" not in suppressed.reason


@pytest.mark.parametrize(
    ("tags", "silenced"),
    [
        (["stsec-ignore"], True),
        (["x", "stsec-allow-hardcoded-secret"], True),
        (["stsec-allow-credentials"], True),
        (["stsec-allow-untrusted-load"], False),
        (["stsec-allow-"], False),
        (["stsec-ignore-not"], False),
        (["stsec"], False),
        ([], False),
    ],
)
def test_a_tag_silences_its_cell(tags: list[str], silenced: bool) -> None:
    for cell in (code(SECRET, tags=tags), markdown(SECRET, tags=tags), code("x", [stream(SECRET)], tags=tags)):
        suppressed = finding(cell).suppressed
        assert (suppressed is not None) == silenced
        assert suppressed is None or suppressed.how == "tag"


def test_a_tag_does_not_silence_other_cells() -> None:
    book = notebook(code(SECRET, tags=["stsec-ignore"]), code(SECRET))
    assert [f.suppressed is None for f in check(book).findings] == [False, True]


@pytest.mark.parametrize("tags", ["stsec-ignore", [7, None], {"stsec-ignore": 1}])
def test_malformed_tags_silence_nothing(tags: Any) -> None:
    cell = code(SECRET)
    cell["metadata"]["tags"] = tags
    findings = check(notebook(cell)).findings
    assert [f.suppressed for f in findings if f.location.part == "source"] == [None]


def test_the_suppressed_is_in_the_json_and_fails_nothing(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = write(tmp_path / "nb.ipynb", notebook(code(f"{SECRET}  # stsec: ignore[hardcoded-secret] a demo")))
    assert main(["audit", str(path), "--format", "json"]) == 0
    report = json.loads(capsys.readouterr().out)
    assert report["summary"] == {"notebooks": 1, "cells": 1, "findings": 0, "problems": 0, "suppressed": 1}
    assert [f["suppressed"] for f in report["findings"]] == [{"how": "comment", "reason": "a demo"}]


@pytest.mark.parametrize("style", ["text", "concise"])
def test_the_suppressed_is_only_counted_in_text(tmp_path: Path, capsys: pytest.CaptureFixture[str], style: str) -> None:
    path = write(tmp_path / "nb.ipynb", notebook(code(f"{SECRET}  # stsec: ignore")))
    assert main(["audit", str(path), "--format", style]) == 0
    assert capsys.readouterr().out == "1 notebook, 1 cell: nothing found, 1 suppressed\n"
