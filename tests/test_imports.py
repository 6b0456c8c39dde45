"""What is imported when, and what the package promises by name."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

import stsec_magic
from tests.credentials import openai_key
from tests.notebooks_in_memory import code, notebook, write

HEAVY = ("pygments", "IPython", "nbformat", "nbconvert", "traitlets", "rich")
OURS = [
    "Confidence",
    "Config",
    "Finding",
    "Problem",
    "Report",
    "Rule",
    "Severity",
    "StsecPreprocessor",
    "__version__",
    "check",
    "pre_save_hook",
]


def modules_after(statements: str, *arguments: object) -> set[str]:
    """The modules that a fresh interpreter holds after some statements."""
    program = f"{statements}\nimport json, sys\nsys.stderr.write(json.dumps(sorted(sys.modules)))"
    command = [sys.executable, "-c", program, *map(str, arguments)]
    done = subprocess.run(command, capture_output=True, text=True, timeout=60, check=True)
    return set(json.loads(done.stderr))


def test_importing_the_package_is_light() -> None:
    loaded = modules_after("import stsec_magic")
    assert [name for name in HEAVY if name in loaded] == []
    assert {name for name in loaded if name.startswith("stsec_magic.")} <= {"stsec_magic._version"}


@pytest.mark.parametrize("arguments", [["rules"], ["explain", "untrusted-load"]])
def test_the_other_commands_are_light(arguments: list[str]) -> None:
    loaded = modules_after("import sys; from stsec_magic.cli import main; main(sys.argv[1:])", *arguments)
    assert [name for name in (*HEAVY, "pickle") if name in loaded] == []


def test_checking_a_v4_notebook_is_light(tmp_path: Path) -> None:
    book = notebook(code("import pickle\npickle.load(f)\n%time x = 1"), code(f"k = '{openai_key(1)}'\nx = = 1"))
    path = write(tmp_path / "nb.ipynb", book)
    statements = (
        "import sys; from stsec_magic import check; from stsec_magic.report import json as j, concise, terminal\n"
        "r = check(sys.argv[1]); assert len(r.findings) == 2; j.render(r); concise.render(r); terminal.render(r)"
    )
    loaded = modules_after(statements, path)
    assert [name for name in (*HEAVY, "pickle", "multiprocessing", "socket") if name in loaded] == []


def test_an_audit_of_v4_notebooks_loads_no_notebook_library(tmp_path: Path) -> None:
    path = write(tmp_path / "nb.ipynb", notebook(code("x = 1")))
    loaded = modules_after(
        "import sys; from stsec_magic.cli import main; main(['audit', sys.argv[1], '--jobs', '1'])", path
    )
    assert [name for name in HEAVY if name in loaded] == []


def test_only_an_old_notebook_loads_nbformat(tmp_path: Path) -> None:
    book = {"nbformat": 3, "nbformat_minor": 0, "metadata": {}, "worksheets": [{"cells": [], "metadata": {}}]}
    loaded = modules_after(
        "import sys; from stsec_magic import check; check(sys.argv[1])", write(tmp_path / "nb.ipynb", book)
    )
    assert "nbformat" in loaded


def test_the_public_names() -> None:
    assert stsec_magic.__all__ == OURS
    assert dir(stsec_magic) == sorted(OURS)
    assert all(getattr(stsec_magic, name) is not None for name in OURS)


def test_an_unknown_name_is_an_attribute_error() -> None:
    with pytest.raises(AttributeError, match="'nothing'"):
        stsec_magic.nothing  # noqa: B018


def test_a_star_import_brings_the_public_names() -> None:
    names: dict[str, object] = {}
    exec("from stsec_magic import *", names)
    assert set(names) - {"__builtins__"} == set(OURS)


def test_the_package_is_typed() -> None:
    assert (Path(stsec_magic.__file__).parent / "py.typed").is_file()
