"""What a comment, a tag or the metadata silences: shown, counted, failing nothing."""

from __future__ import annotations

import json
import os
import pickle
from pathlib import Path
from typing import Any

import pytest

from stsec_magic import Finding, check
from stsec_magic.cli import main
from stsec_magic.model.problem import ProblemKind
from tests.credentials import openai_key, password
from tests.notebooks_in_memory import code, markdown, notebook, stream, write
from tests.results import everything_said

SECRET = f"password = '{password('suppression')}'"
LOAD = "m = pickle.load(f)"


def finding(cell: dict[str, Any], metadata: dict[str, Any] | None = None) -> Finding:
    """The one finding but for suppressions in vain, of which test_unused.py tells."""
    book = notebook(code("import pickle"), cell, metadata=metadata)
    (found,) = (each for each in check(book).findings if each.rule != "unused-suppression")
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


def test_a_line_may_have_several_comments() -> None:
    comments = "# stsec: ignore[jwt] first  # stsec: ignore[hardcoded-secret] second"
    for cell in (
        code(f"{SECRET}  {comments}"),
        markdown(f"<!-- stsec: ignore[jwt] first --> {SECRET} <!-- stsec: ignore[credentials] second -->"),
    ):
        suppressed = finding(cell).suppressed
        assert suppressed is not None and suppressed.reason == "second"


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


IGNORE = "  # stsec: ignore[hardcoded-secret]"


@pytest.mark.parametrize(
    "source",
    [
        f"connect(\n    {SECRET},\n){IGNORE}",
        f"connect({IGNORE}\n    {SECRET},\n)",
        f"x = 1\nif connect(\n    {SECRET},\n):{IGNORE}\n    pass",
        f"def f(\n    {SECRET},\n) -> None:{IGNORE}\n    pass",
        f'text = """\n{SECRET}\n"""{IGNORE}',
        f"connect({SECRET})  # stsec: ignore [hardcoded-secret] with a space",
    ],
)
def test_a_comment_counts_for_its_statement(source: str) -> None:
    assert finding(code(source)).suppressed is not None


@pytest.mark.parametrize(
    "source",
    [
        f"connect(\n    user,{IGNORE}\n    {SECRET},\n    host,\n)",
        f"def f(\n    {SECRET},\n):\n    pass{IGNORE}",
        f"if x:{IGNORE}\n    {SECRET}",
        f"for x in y:\n    {SECRET}\nelse:{IGNORE}\n    pass",
        f"match login({SECRET}):\n    case 1:\n        a(){IGNORE}",
        f"match x:\n    case 1 if login({SECRET}):\n        a(){IGNORE}",
        f"{SECRET}\nx = 1{IGNORE}",
        f'{SECRET}; x = "# stsec: ignore"',
        f"{SECRET}; x = QQQ\n# stsec: ignoreQQQ",
    ],
)
def test_it_counts_for_no_other(source: str) -> None:
    assert finding(code(source.replace("QQQ", "'" * 3))).suppressed is None


@pytest.mark.parametrize(
    "form",
    [
        *["ignore: hardcoded-secret", "ignore(hardcoded-secret)", "ignore=all", "ignore ["],
        *["ignore {hardcoded-secret}", "ignore <hardcoded-secret>", "ignore;hardcoded-secret", "ignore/jwt"],
    ],
)
def test_what_only_looks_like_a_rule_silences_nothing(form: str) -> None:
    found = check(notebook(code(f"{SECRET}  # stsec: {form}"))).findings
    assert [(each.rule, each.suppressed) for each in found] == [
        ("hardcoded-secret", None),
        ("unused-suppression", None),
    ]


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


def test_a_comment_in_an_output_silences_nothing() -> None:
    assert finding(code("x", [stream(f"{SECRET}  # stsec: ignore")])).suppressed is None


# -- Markdown --------------------------------------------------------------------------------

COMMENT = "<!-- stsec: ignore[hardcoded-secret] a demo -->"


@pytest.mark.parametrize(
    "text",
    [
        f"{COMMENT}\n{SECRET}",
        f"  {COMMENT} \r\n{SECRET}",
        f"text\n\n{COMMENT}\nthe first one: {SECRET}\nmore",
        f"{COMMENT}\n<!-- stsec: ignore[jwt] -->\n{SECRET}",
        f"<!-- stsec: ignore[jwt] -->\n{COMMENT}\n{SECRET}",
        f"{COMMENT}\n```python\nx = 1\n{SECRET}\n```",
        f"```\nx\n```\n{COMMENT}\n~~~\n{SECRET}\n~~~",
    ],
    ids=[
        "above",
        "with spaces",
        "before a paragraph",
        "the first of two",
        "the second of two",
        "a block",
        "a later one",
    ],
)
def test_a_comment_alone_on_its_line_counts_for_the_next_one(text: str) -> None:
    suppressed = finding(markdown(text)).suppressed
    assert suppressed is not None
    assert (suppressed.how, suppressed.reason) == ("comment", "a demo")


@pytest.mark.parametrize(
    "text",
    [
        f"{COMMENT}\n\n{SECRET}",
        f"{COMMENT}\nfirst\n{SECRET}",
        f"{SECRET}\n{COMMENT}",
        f"text {COMMENT}\n{SECRET}",
        f"{COMMENT} text\n{SECRET}",
        f"{COMMENT} <!-- x -->\n{SECRET}",
        f"{COMMENT.removesuffix('-->')}\n{SECRET} -->",
        f"# stsec: ignore\n{SECRET}",
        f"{COMMENT}\n```\nx\n```\n{SECRET}",
        f"{COMMENT}\n\n```\n{SECRET}\n```",
        f"{COMMENT}\n```x = 1```\n\n{SECRET}",
    ],
    ids=[
        *["far above", "two above", "below", "text before", "text behind", "two", "not closed", "a heading"],
        *["behind a block", "far above a block", "code in a sentence"],
    ],
)
def test_others_do_not_count_for_another_line(text: str) -> None:
    assert finding(markdown(text)).suppressed is None


def test_in_code_a_comment_above_does_not_count() -> None:
    assert finding(code(f"# {COMMENT}\n{SECRET}")).suppressed is None


# -- tags ------------------------------------------------------------------------------------


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


# -- metadata --------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("ignore", "reason"),
    [
        (["hardcoded-secret"], ""),
        (["jwt", "hardcoded-secret"], ""),
        (["credentials"], ""),
        ([" hardcoded-secret "], ""),
        ({"hardcoded-secret": "a demo"}, "a demo"),
        ({"jwt": "", "credentials": " a demo "}, "a demo"),
    ],
)
def test_the_metadata_silences(ignore: Any, reason: str) -> None:
    metadata = {"stsec": {"ignore": ignore}}
    for found in (
        finding(code(SECRET, metadata=metadata)),
        finding(markdown(SECRET, metadata=metadata)),
        finding(code("x", [stream(SECRET)], metadata=metadata)),
        finding(code(SECRET), metadata),
    ):
        assert found.suppressed is not None
        assert (found.suppressed.how, found.suppressed.reason) == ("metadata", reason)


@pytest.mark.parametrize("ignore", [[], {}, ["jwt"], ["untrusted-load", "loads"], {"loads": ""}, [""], ["hardcoded"]])
def test_other_entries_do_not(ignore: Any) -> None:
    metadata = {"stsec": {"ignore": ignore}}
    assert finding(code(SECRET, metadata=metadata)).suppressed is None
    assert finding(code(SECRET), metadata).suppressed is None


def test_a_cells_metadata_does_not_silence_other_cells() -> None:
    book = notebook(code(SECRET, metadata={"stsec": {"ignore": ["credentials"]}}), code(SECRET))
    assert [f.suppressed is None for f in check(book).findings] == [False, True]


@pytest.mark.parametrize(
    ("stsec", "words"),
    [
        ("hardcoded-secret", "metadata.stsec is a text"),
        (["hardcoded-secret"], "metadata.stsec is a list"),
        (None, "metadata.stsec is null"),
        (True, "metadata.stsec is true or false"),
        ({"ignore": "hardcoded-secret"}, "metadata.stsec.ignore is a text"),
        ({"ignore": True}, "metadata.stsec.ignore is true or false"),
        ({"ignore": None}, "metadata.stsec.ignore is null"),
        ({"ignore": ["hardcoded-secret", 1]}, "metadata.stsec.ignore holds something that is not text"),
        ({"ignore": [["hardcoded-secret"]]}, "metadata.stsec.ignore holds something that is not text"),
        ({"ignore": {"hardcoded-secret": True}}, "metadata.stsec.ignore gives a reason that is not text"),
    ],
)
def test_what_is_of_a_wrong_type_is_a_problem_and_silences_nothing(stsec: Any, words: str) -> None:
    for book, cell in (
        (notebook(code(SECRET, metadata={"stsec": stsec})), 1),
        (notebook(code(SECRET), metadata={"stsec": stsec}), None),
        (notebook(code("x = 1", metadata={"stsec": stsec})), 1),
    ):
        report = check(book)
        (problem,) = report.problems
        assert (problem.kind, problem.cell) == (ProblemKind.INVALID_NOTEBOOK, cell)
        assert problem.message.startswith(words)
        assert all(each.suppressed is None for each in report.findings)


@pytest.mark.parametrize("metadata", [{}, {"stsec": {}}, {"stsec": {"ignore": []}}, {"stsec": {"other": 1}}])
def test_nothing_said_is_no_problem(metadata: dict[str, Any]) -> None:
    report = check(notebook(code("x = 1", metadata=metadata), metadata=metadata))
    assert (report.findings, report.problems) == ((), ())


class Runs:
    def __reduce__(self) -> tuple[Any, ...]:
        return os.system, ("id",)


@pytest.mark.parametrize(
    ("names", "silenced"),
    [
        (["untrusted-load", "loads", "credentials"], False),
        (["malicious-artifact"], True),
        (["artifacts"], True),
    ],
)
def test_a_malicious_file_is_silenced_by_its_own_name_alone(tmp_path: Path, names: list[str], silenced: bool) -> None:
    (tmp_path / "m.pkl").write_bytes(pickle.dumps(Runs()))
    load = "import joblib\njoblib.load('m.pkl')"
    for book in (
        notebook(code(load), metadata={"stsec": {"ignore": names}}),
        notebook(code(load, metadata={"stsec": {"ignore": dict.fromkeys(names, "why")}})),
        notebook(code(f"{load}  # stsec: ignore[{', '.join(names)}]")),
    ):
        found = [f for f in check(write(tmp_path / "nb.ipynb", book)).findings if f.rule == "malicious-artifact"]
        assert [each.suppressed is not None for each in found] == [silenced]


def test_the_first_of_several_is_shown() -> None:
    metadata = {"stsec": {"ignore": {"credentials": "the notebook"}}}
    mine = {"stsec": {"ignore": {"hardcoded-secret": "the cell"}}}
    said = [
        finding(code(f"{SECRET}  # stsec: ignore the line", tags=["stsec-ignore"], metadata=mine), metadata),
        finding(code(f"{SECRET}  # nosec", tags=["stsec-ignore"], metadata=mine), metadata),
        finding(code(f"{SECRET}  # nosec", metadata=mine), metadata),
        finding(code(f"{SECRET}  # nosec"), metadata),
        finding(code(f"{SECRET}  # nosec")),
    ]
    assert [each.suppressed and each.suppressed.reason for each in said] == [
        "the line",
        "stsec-ignore",
        "the cell",
        "the notebook",
        "# nosec",
    ]


def test_a_secret_in_a_reason_is_masked() -> None:
    key = openai_key("reason")
    metadata = {"stsec": {"ignore": {"credentials": f"it is {key}"}}}
    assert key not in everything_said(check(notebook(code(f"k = '{key}'"), metadata=metadata)))


# -- reports ---------------------------------------------------------------------------------


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
