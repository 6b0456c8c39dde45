"""The project's choices and those of a trait."""

from __future__ import annotations

from pathlib import Path

import pytest

from stsec_magic import Severity
from stsec_magic.audit.settings import ConfigError
from stsec_magic.conversion.choices import chosen, require_right, wrong_mode

NOTHING = {"select": "", "ignore": "", "fail_on": "", "baseline": ""}


def test_the_project_s_choices_count_where_no_trait_says_otherwise(tmp_path: Path) -> None:
    (tmp_path / "stsec.toml").write_text('fail-on = "high"\nignore = ["jwt"]\nselect = ["loads"]\n', encoding="utf-8")
    config = chosen(tmp_path / "nb.ipynb", **NOTHING)
    assert (config.fail_on, config.ignore, config.select) == (Severity.HIGH, {"jwt"}, {"loads"})
    config = chosen(tmp_path, select="credentials", ignore="private-key", fail_on="never", baseline="b.json")
    assert (config.fail_on, config.ignore, config.select) == (None, {"jwt", "private-key"}, {"credentials"})
    assert config.baseline == "b.json"


def test_without_a_notebook_s_file_the_working_directory_counts(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "stsec.toml").write_text('fail-on = "low"\n', encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    assert chosen(None, **NOTHING).fail_on is Severity.LOW


@pytest.mark.parametrize(
    ("trait", "value", "line"),
    [
        ("select", "untrusted-lod", "did you mean 'untrusted-load'"),
        ("ignore", "credential", "did you mean 'credentials'"),
        ("fail_on", "hihg", "high, medium, low or never"),
        ("baseline", "not/there.json", "no such baseline"),
    ],
)
def test_a_wrong_choice_is_named_before_there_is_a_notebook(trait: str, value: str, line: str) -> None:
    with pytest.raises(ConfigError, match=line):
        require_right(**{**NOTHING, trait: value})
    require_right(**NOTHING)


def test_a_wrong_mode() -> None:
    assert wrong_mode("fail", ["fail", "warn"]) is None
    assert wrong_mode("fial", ["fail", "warn"]) == "mode is fail or warn, not 'fial'; did you mean 'fail'?"
    assert wrong_mode(3, ["fail", "warn"]) == "mode is fail or warn, not '3'"
