"""One notebook in memory, checked."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from stsec_magic import Config, Severity
from stsec_magic.audit.settings import ConfigError
from stsec_magic.cli import main
from stsec_magic.conversion.checked import checked
from stsec_magic.hits import IN_MEMORY
from tests.conversion.books import LOAD, key, leaky
from tests.credentials import password
from tests.notebooks_in_memory import code, notebook, write


def test_what_is_found_fails_from_the_threshold_on() -> None:
    found = checked(notebook(code(LOAD)), None, Config())
    assert [each.rule for each in found.failing] == ["untrusted-load"]
    assert found.report.findings[0].location.path == IN_MEMORY
    assert checked(notebook(code(LOAD)), None, Config(fail_on=None)).failing == ()
    assert checked(notebook(code("import joblib\njoblib.load('m')")), None, Config(fail_on=Severity.HIGH)).failing == ()


def test_nothing_of_the_notebook_is_shown_by_repr() -> None:
    found = checked(leaky(), None, Config())
    assert len(found.failing) == 2
    assert key("leaky") not in repr(found)


def test_a_path_brings_the_project_s_secrets(tmp_path: Path) -> None:
    secret = password("known")
    (tmp_path / ".env").write_text(f"SOMETHING={secret}\n", encoding="utf-8")
    book = notebook(code(f"f({secret!r})"))
    path = write(tmp_path / "nb.ipynb", book)
    assert [each.rule for each in checked(book, str(path), Config()).failing] == ["known-secret"]
    assert checked(book, None, Config()).failing == ()


def test_what_the_baseline_knows_fails_no_more(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path, baseline = write(tmp_path / "nb.ipynb", leaky()), str(tmp_path / "baseline.json")
    main(["audit", str(path), "--write-baseline", baseline])
    capsys.readouterr()
    found = checked(leaky(), str(path), Config(baseline=baseline))
    assert found.failing == ()
    assert [each.suppressed.how for each in found.report.findings if each.suppressed] == ["baseline"] * 2
    new = json.loads(json.dumps(leaky()))
    new["cells"].append(code(LOAD, id="new"))
    assert [each.rule for each in checked(new, str(path), Config(baseline=baseline)).failing] == ["untrusted-load"]


def test_a_missing_baseline_is_said(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="no such baseline"):
        checked(leaky(), None, Config(baseline=str(tmp_path / "none.json")))
