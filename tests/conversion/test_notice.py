"""What is said of a notebook."""

from __future__ import annotations

import pytest

from stsec_magic import Config, Problem
from stsec_magic.conversion import notice
from stsec_magic.conversion.checked import checked
from stsec_magic.model.problem import ProblemKind
from tests.conversion.books import LOAD, key
from tests.notebooks_in_memory import code, notebook


def test_three_lines_say_why_a_notebook_is_refused() -> None:
    secret = key("refused")
    found = checked(
        notebook(code("x = 1"), code(f'\napi = "{secret}"'), code(f'b = "{secret}"')), "a b.ipynb", Config()
    )
    lines = notice.refused(found.report, found.failing, "a b.ipynb")
    assert lines == [
        "stsec: a b.ipynb is not converted: openai-api-key in cell 2, line 2: an OpenAI API key (and 1 more)",
        f'       2 │ api = "sk-proj-...({len(secret)})"',
        "    stsec audit 'a b.ipynb' shows more · --StsecPreprocessor.mode=redact masks secrets",
    ]
    assert notice.refused(found.report, found.failing, None, "do that")[2] == "    do that"
    assert notice.refused(found.report, found.failing, None)[0].startswith("stsec: this notebook is not converted")


def test_masking_is_no_advice_against_a_load() -> None:
    found = checked(notebook(code(LOAD)), None, Config())
    assert notice.refused(found.report, found.failing, None)[2].strip() == (
        "--StsecPreprocessor.mode=warn converts it all the same"
    )


def test_a_warning_names_three_findings_the_worst_first() -> None:
    cells = [code("import joblib\njoblib.load('m')"), *(code(f'k = "{key(n)}"') for n in range(4))]
    found = checked(notebook(*cells), "nb.ipynb", Config())
    lines = notice.warned(found.failing, "nb.ipynb")
    assert len(lines) == 4
    assert all("openai-api-key" in line for line in lines[:3])
    assert lines[3] == "stsec: and 2 more"


def test_problems_are_a_handful_and_a_count() -> None:
    rows = [Problem("nb.ipynb", n, ProblemKind.UNPARSED_CELL, "does not parse") for n in range(1, 8)]
    lines = notice.unchecked(rows)
    assert lines[0] == "stsec: nb.ipynb, cell 1: does not parse"
    assert lines[4:] == ["stsec: and 3 more problems"]


@pytest.mark.parametrize("stops", [True, False])
def test_a_fault_says_whether_the_notebook_is_converted(stops: bool) -> None:
    assert ("is not converted" in notice.at_fault("an internal fault", stops=stops)) is stops


def test_what_masking_did() -> None:
    assert notice.masked(3, 2, ()) == "stsec masked 3 places (2 secrets)"
    assert notice.masked(1, 0, ()) == "stsec masked 1 place"
    load = checked(notebook(code(LOAD)), None, Config()).failing
    assert notice.masked(0, 0, load) == (
        "stsec masked nothing; left as it is: 1 finding without a secret (untrusted-load)"
    )


def test_control_characters_are_made_visible() -> None:
    found = checked(notebook(code(f'k = "{key(1)}" # \x1b[2J')), "\x1b[2J.ipynb", Config())
    text = "\n".join((*notice.refused(found.report, found.failing, "x"), *notice.warned(found.failing, "x")))
    assert "\x1b" not in text
    assert "\\x1b[2J" in text
