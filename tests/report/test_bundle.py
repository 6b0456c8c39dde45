"""A report as a cell's value: which forms IPython is given, and what becomes of them when they are saved."""

from __future__ import annotations

import json
import random
import re
import subprocess
import sys
from dataclasses import fields, replace
from typing import Any

import nbformat
import pytest

from stsec_magic import Report, check
from stsec_magic.model.problem import Problem, ProblemKind
from stsec_magic.report import terminal
from stsec_magic.report.bundle import JSON_TYPE, ShownReport
from stsec_magic.rules.formats import load
from tests.credentials import fill, github_token, openai_key, password, private_key, token
from tests.notebooks_in_memory import code, markdown, notebook, result, stream

LEAKY = notebook(
    code("import pandas as pd, pickle, requests\nfrom openai import OpenAI"),
    code(f"client = OpenAI(api_key='{openai_key(1)}')\ndf = pd.read_pickle('https://a.org/m.pkl')", count=2),
    code(f"url = 'postgresql://me:{password(1)}@db.acme.io/x'", [stream(f"password: {password(2)}\n")]),
    code(f"!curl -H 'Authorization: Bearer {github_token(3)}' https://api.github.com/user"),
    code("pickle.loads(requests.get(u).content)\nif x\n  y"),
    markdown(f"```\napi_token = '{token(4, 32)}'\n{private_key(5)}\n```"),
)


def shown(report: Report, **how: Any) -> dict[str, Any]:
    return ShownReport.of(report)._repr_mimebundle_(**how)


def again(report: Report) -> Report:
    """What is found in a notebook that holds the report as an output."""
    return check(notebook(code("%stsec", [result(shown(report), count=None)])))


def test_check_gives_a_report_that_shows_itself() -> None:
    report = check(LEAKY)
    assert isinstance(report, Report)
    assert set(report._repr_mimebundle_()) == {"text/plain", "text/html", JSON_TYPE}  # type: ignore[attr-defined]


def test_of_keeps_everything() -> None:
    plain = Report(check(LEAKY).findings, (Problem("a", 1, ProblemKind.INTERNAL, "x"),), 3, 41)
    same = ShownReport.of(plain)
    assert [getattr(same, each.name) for each in fields(Report)] == [
        getattr(plain, each.name) for each in fields(Report)
    ]


def test_the_forms() -> None:
    report = check(LEAKY)
    bundle = shown(report)
    assert bundle[JSON_TYPE] == json.loads(json.dumps(report.to_dict()))
    assert bundle["text/html"].startswith("<div")
    assert bundle["text/plain"].endswith(terminal.render(report).rstrip("\n"))
    assert "application/json" not in bundle  # JupyterLab would show that and not the HTML


def test_problems_are_part_of_the_text() -> None:
    report = check(LEAKY)
    assert len(report.problems) == 1
    assert shown(report)["text/plain"].startswith("problem <notebook>, cell 5: ")
    assert shown(replace(report, problems=()))["text/plain"].startswith("<notebook>\n")


def test_ipython_may_choose() -> None:
    report = check(LEAKY)
    assert set(shown(report, include={"text/html"})) == {"text/html"}
    assert set(shown(report, exclude={"text/html"})) == {"text/plain", JSON_TYPE}
    assert shown(report, include={"image/png"}) == {}


@pytest.mark.parametrize(("tty", "no_colour", "coloured"), [(True, "", True), (True, "1", False), (False, "", False)])
def test_colours_are_for_terminals(tty: bool, no_colour: str, coloured: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys.stdout, "isatty", lambda: tty, raising=False)
    monkeypatch.setenv("NO_COLOR", no_colour)
    assert ("\x1b[" in shown(check(LEAKY))["text/plain"]) == coloured


def test_the_repr_is_short() -> None:
    assert repr(check(LEAKY)) == "<Report: 1 notebook, 6 cells: 8 findings (7 high, 1 medium), 1 problem>"
    assert repr(check(notebook())) == "<Report: 1 notebook, 0 cells: nothing found>"


def test_ipython_takes_all_three() -> None:
    from IPython.core.formatters import DisplayFormatter

    data, _ = DisplayFormatter().format(check(LEAKY))
    assert set(data) == {"text/plain", "text/html", JSON_TYPE}
    assert data["text/plain"].startswith("problem ")


def test_a_notebook_may_hold_it() -> None:
    book = notebook(code("%stsec", [result(shown(check(LEAKY)))], id="a"))
    nbformat.validate(nbformat.from_dict(book))


def test_a_kernel_can_send_it() -> None:
    report = check(notebook(code(f"k = '{openai_key(1)}'")))
    broken = "\ud83d\x00\u202e"
    finding = replace(
        report.findings[0], message=broken, location=replace(report.findings[0].location, path=broken, mime=broken)
    )
    bundle = shown(replace(report, findings=(finding,), problems=(Problem(broken, 1, ProblemKind.INTERNAL, broken),)))
    sent = json.loads(json.dumps(bundle, ensure_ascii=False).encode("utf-8"))
    assert sent[JSON_TYPE]["findings"][0]["message"] == "\\ud83d\x00\u202e"


def test_importing_the_checker_imports_no_lexer() -> None:
    program = (
        "import sys, stsec_magic, stsec_magic.checker\n"
        "r = stsec_magic.check({'cells': [], 'nbformat': 4, 'nbformat_minor': 5, 'metadata': {}})\n"
        "repr(r); r._repr_mimebundle_()\n"
        "sys.exit('pygments' in sys.modules)"
    )
    assert subprocess.run([sys.executable, "-c", program], timeout=60, check=False).returncode == 0


def test_no_secret_is_shown() -> None:
    said = json.dumps(shown(check(LEAKY)))
    secrets = [openai_key(1), password(1), password(2), github_token(3), token(4, 32)]
    assert [secret for secret in secrets if secret in said or secret[-9:] in said] == []


def test_a_saved_report_raises_nothing() -> None:
    report = check(LEAKY)
    assert len(report.findings) == 8
    assert again(report).findings == ()
    assert again(report).problems == ()


@pytest.mark.parametrize("mime", ["text/plain", "text/html", JSON_TYPE])
def test_a_saved_leak_is_found_in_each_form(mime: str) -> None:
    """The test above would be worth nothing if nobody looked there."""
    report = check(notebook(code(f"k = '{openai_key(1)}'")))
    careless = replace(report.findings[0], message=f"k = '{openai_key(2)}'")
    bundle = shown(replace(report, findings=(careless,)), include={mime})
    found = check(notebook(code("%stsec", [result(bundle)]))).findings
    assert {finding.rule for finding in found} == {"openai-api-key"}


def test_a_saved_report_on_any_format_raises_nothing() -> None:
    formats = random.Random(11).sample(load(), 150)
    cells = [code(fill(example, 5)) for each in formats for example in each.examples[:2]]
    report = check(notebook(*cells))
    assert len(report.findings) > 150
    for i in range(0, len(report.findings), 30):
        some = replace(report, findings=report.findings[i : i + 30])
        assert [(found.rule, found.location.mime, found.excerpt) for found in again(some).findings] == []


def test_numbers_have_no_colour_of_their_own() -> None:
    """A tag behind a word that names a scheme makes a secret of that word."""
    report = check(notebook(markdown(f"Authorization: Zoho-oauthtoken {fill('1000.{hex:32}.{hex:32}', 1)}")))
    assert report.findings
    assert again(report).findings == ()
    assert not re.search(r">1000\.<", shown(report)["text/html"])
