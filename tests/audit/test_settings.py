"""stsec.toml, ``[tool.stsec]`` and the options: what may be chosen, and what is said of a wrong choice."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from stsec_magic import Config, Severity
from stsec_magic.audit.settings import ConfigError, from_table, load, nearest, override
from stsec_magic.rules.catalogue import rules


def project(folder: Path, text: str) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "pyproject.toml").write_text(text)
    return folder


def changed(config: Config | None = None, **options: Any) -> Config:
    return override(config or Config(), **{"select": None, "ignore": None, "exclude": (), "fail_on": None, **options})


def test_every_key() -> None:
    table = {
        "select": ["credentials", "untrusted-load"],
        "ignore": ["private-key"],
        "exclude": ["old/**"],
        "fail-on": "high",
        "per-path-ignores": {"demo/*": ["loads"]},
        "artifact-roots": ["data"],
        "baseline": "ci/baseline.json",
        "fix-style": "secrets",
        "unsafe-fixes": True,
    }
    assert from_table(table, "sub/x") == Config(
        select=frozenset(("credentials", "untrusted-load")),
        ignore=frozenset(("private-key",)),
        exclude=("old/**",),
        fail_on=Severity.HIGH,
        per_path_ignores={"demo/*": frozenset(("loads",))},
        artifact_roots=("sub/data",),
        baseline="sub/ci/baseline.json",
        fix_style="secrets",
        unsafe_fixes=True,
    )


def test_keys_may_be_written_as_the_traits_are() -> None:
    """``c.StsecMagics.fail_on`` and ``fail_on`` in stsec.toml."""
    traits = {"fail_on": "high", "per_path_ignores": {"a_b": ["loads"]}, "fix_style": "secrets", "unsafe_fixes": True}
    assert from_table(traits, "x") == from_table({name.replace("_", "-"): traits[name] for name in traits}, "x")
    assert from_table(traits, "x").per_path_ignores == {"a_b": frozenset(("loads",))}


def test_patterns_and_roots_start_from_the_file_of_choices(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    choices = 'exclude = ["nb/drafts/**", "/old", "**/tmp/**"]\nartifact-roots = ["data"]\n'
    (tmp_path / "stsec.toml").write_text(choices + '[per-path-ignores]\n"nb/*.ipynb" = ["loads"]\n')
    (tmp_path / "nb").mkdir()
    rule = rules()["untrusted-load"]
    for here, nb in ((tmp_path, "nb/"), (tmp_path / "nb", ""), (tmp_path.parent, f"{tmp_path.name}/nb/")):
        monkeypatch.chdir(here)
        config = load(Path(nb or "."))
        assert not config.selects(rule, f"{nb}a.ipynb")
        assert config.excludes(f"{nb}drafts/a.ipynb")
        assert not config.excludes(f"{nb}old")
    monkeypatch.chdir(tmp_path)
    config = load(Path())
    assert [config.excludes(path) for path in ("old", "old/a.ipynb", "tmp/a.ipynb", "x/tmp/a.ipynb")] == [True] * 4
    assert config.artifact_roots == ("data",)
    monkeypatch.chdir(tmp_path / "nb")
    assert load(Path()).artifact_roots == (str(tmp_path / "data"),)


def test_the_folders_above_the_choices_are_no_part_of_a_path(tmp_path: Path) -> None:
    root = tmp_path / "archive" / "proj"
    root.mkdir(parents=True)
    (root / "stsec.toml").write_text('exclude = ["archive/**"]\n')
    config = load(root)
    assert not config.excludes(str(root / "a.ipynb"))
    assert config.excludes(str(root / "archive" / "a.ipynb"))


def test_nothing_chosen_is_the_default() -> None:
    assert from_table({}, "x") == Config()
    assert Config().fail_on is Severity.MEDIUM


@pytest.mark.parametrize(
    ("table", "words"),
    [
        ({"selct": []}, "unknown key 'selct' in [tool.stsec]; did you mean 'select'?"),
        ({"fail_no": "high"}, "unknown key 'fail_no' in [tool.stsec]; did you mean 'fail-on'?"),
        ({"fail_on": "high", "fail-on": "low"}, "fail-on stands there twice, with a hyphen and with an underscore"),
        ({"qqqqq": 1}, "unknown key 'qqqqq' in [tool.stsec]"),
        ({"select": ["untrusted-laod"]}, "unknown rule 'untrusted-laod'; did you mean 'untrusted-load'?"),
        ({"ignore": ["credential"]}, "unknown rule 'credential'; did you mean 'credentials'?"),
        ({"per-path-ignores": {"x": ["hardcoded_secret"]}}, "did you mean 'hardcoded-secret'?"),
        ({"select": "untrusted-load"}, "select is not a list of strings"),
        ({"exclude": [1]}, "exclude is not a list of strings"),
        ({"per-path-ignores": ["x"]}, "per-path-ignores is not a table"),
        ({"per-path-ignores": {"x": "loads"}}, "per-path-ignores of 'x' is not a list of strings"),
        ({"fail-on": "hihg"}, "fail-on is high, medium, low or never, not 'hihg'"),
        ({"fail-on": 3}, "not 3"),
        ({"fail-on": True}, "not True"),
        ({"baselin": "x"}, "unknown key 'baselin' in [tool.stsec]; did you mean 'baseline'?"),
        ({"unsafe_fix": True}, "did you mean 'unsafe-fixes'?"),
        ({"baseline": 3}, "baseline is not the path of a file"),
        ({"baseline": ""}, "baseline is not the path of a file"),
        ({"fix-style": "st.secrets"}, "fix-style is environ or secrets, not 'st.secrets'"),
        ({"fix-style": ["secrets"]}, "fix-style is environ or secrets, not ['secrets']"),
        ({"unsafe-fixes": "yes"}, "unsafe-fixes is true or false, not 'yes'"),
        ({"unsafe-fixes": 1}, "unsafe-fixes is true or false, not 1"),
    ],
)
def test_a_wrong_choice_is_named(table: dict[str, Any], words: str) -> None:
    with pytest.raises(ConfigError) as caught:
        from_table(table, "pyproject.toml")
    assert words in str(caught.value)
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize("table", [{"selct": []}, {"select": ["x"]}, {"select": "x"}, {"fail-on": "x"}])
def test_a_wrong_choice_in_a_file_names_the_file(tmp_path: Path, table: dict[str, Any]) -> None:
    with pytest.raises(ConfigError) as caught:
        from_table(table, str(tmp_path / "pyproject.toml"))
    assert str(tmp_path / "pyproject.toml") in str(caught.value)


@pytest.mark.parametrize("name", ["untrusted-load", "openai-api-key", "credentials", "loads", "artifacts", "project"])
def test_rules_and_groups_may_be_chosen(name: str) -> None:
    assert changed(select=name).select == {name}


def test_the_nearest_pyproject_with_our_table_wins(tmp_path: Path) -> None:
    project(tmp_path, '[tool.stsec]\nfail-on = "low"\n')
    project(tmp_path / "a", '[tool.stsec]\nfail-on = "high"\n')
    project(tmp_path / "a" / "b", '[project]\nname = "x"\n')
    assert load(tmp_path).fail_on is Severity.LOW
    assert load(tmp_path / "a").fail_on is Severity.HIGH
    assert load(tmp_path / "a" / "b").fail_on is Severity.HIGH
    assert load(tmp_path / "a" / "b" / "nb.ipynb").fail_on is Severity.HIGH


def test_an_empty_table_is_a_choice_too(tmp_path: Path) -> None:
    project(tmp_path, '[tool.stsec]\nfail-on = "low"\n')
    project(tmp_path / "a", "[tool.stsec]\n")
    assert load(tmp_path / "a") == Config()


@pytest.mark.parametrize("text", ["[tool.stsec\n", "[tool]\nstsec = 3\n", "[tool.stsec]\nselect = ['x']\n", "\x00"])
def test_a_broken_file_is_named(tmp_path: Path, text: str) -> None:
    with pytest.raises(ConfigError, match="pyproject"):
        load(project(tmp_path, text))


def test_a_pyproject_that_is_no_utf8_is_named(tmp_path: Path) -> None:
    (tmp_path / "pyproject.toml").write_bytes(b"[tool.stsec]\n# \xff\n")
    with pytest.raises(ConfigError, match="pyproject"):
        load(tmp_path)


def own(folder: Path, text: str) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "stsec.toml").write_text(text)
    return folder


def test_stsec_toml_is_a_file_of_its_own(tmp_path: Path) -> None:
    own(tmp_path, 'fail-on = "high"\nbaseline = "b.json"\n[per-path-ignores]\n"demo/*" = ["loads"]\n')
    config = load(tmp_path / "a" / "nb.ipynb")
    assert (config.fail_on, config.baseline) == (Severity.HIGH, str(tmp_path / "b.json"))
    assert config.per_path_ignores == {"demo/*": {"loads"}}


def test_the_nearest_of_both_files_wins_and_stsec_toml_in_one_folder(tmp_path: Path) -> None:
    own(project(tmp_path, '[tool.stsec]\nfail-on = "low"\n'), 'fail-on = "high"\n')
    project(tmp_path / "a", '[tool.stsec]\nfail-on = "low"\n')
    own(tmp_path / "a" / "b", "")
    project(tmp_path / "c", '[project]\nname = "x"\n')
    assert load(tmp_path).fail_on is Severity.HIGH
    assert load(tmp_path / "a").fail_on is Severity.LOW
    assert load(tmp_path / "a" / "b") == Config()
    assert load(tmp_path / "c").fail_on is Severity.HIGH


def test_a_pyproject_beside_stsec_toml_is_not_read(tmp_path: Path) -> None:
    assert load(own(project(tmp_path, "[tool.stsec\n"), "")) == Config()


@pytest.mark.parametrize("name", [".stsec.toml", "Stsec.toml"])
def test_other_names_are_no_configuration(tmp_path: Path, name: str) -> None:
    (tmp_path / name).write_text('fail-on = "high"\n')
    if not (tmp_path / "stsec.toml").exists():  # some file systems know no case
        assert load(tmp_path) == Config()


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("fail-on\n", ""),
        ('selct = ["x"]\n', "unknown key 'selct'; did you mean 'select'?"),
        ("[stsec]\nselect = []\n", "unknown key 'stsec'; its keys stand in no table"),
        ("[tool.stsec]\nselect = []\n", "unknown key 'tool'; its keys stand in no table"),
        ('fail-on = "x"\n', "fail-on is high, medium, low or never"),
    ],
)
def test_a_wrong_stsec_toml_is_named(tmp_path: Path, text: str, words: str) -> None:
    with pytest.raises(ConfigError) as caught:
        load(own(tmp_path, text))
    assert str(caught.value).startswith(f"{tmp_path / 'stsec.toml'}: ")
    assert words in str(caught.value) and "\n" not in str(caught.value)


def test_the_command_line_has_the_last_word() -> None:
    mine = Config(
        select=frozenset(("loads",)), ignore=frozenset(("private-key",)), exclude=("a",), fail_on=Severity.HIGH
    )
    assert changed(mine) == mine
    new = changed(mine, select="credentials, ", ignore="loads,openai-api-key", exclude=["b"], fail_on="low")
    assert new.select == {"credentials"}
    assert new.ignore == {"private-key", "loads", "openai-api-key"}
    assert new.exclude == ("a", "b")
    assert new.fail_on is Severity.LOW
    assert changed(mine, fail_on="never").fail_on is None
    assert changed(Config(baseline="a")).baseline == "a"
    assert changed(Config(baseline="a"), baseline="b").baseline == "b"


@pytest.mark.parametrize(
    ("options", "rule", "shown"),
    [
        ({}, "untrusted-load", True),
        ({"select": "loads"}, "untrusted-load", True),
        ({"select": "loads"}, "private-key", False),
        ({"select": "private-key,loads"}, "private-key", True),
        ({"ignore": "credentials"}, "private-key", False),
        ({"select": "private-key", "ignore": "credentials"}, "private-key", False),
        ({"ignore": "private-key"}, "untrusted-load", True),
    ],
)
def test_which_rules_are_shown(options: dict[str, str], rule: str, shown: bool) -> None:
    assert changed(**options).selects(rules()[rule], "nb.ipynb") is shown


@pytest.mark.parametrize(("path", "shown"), [("demo/a.ipynb", False), ("x/demo/a.ipynb", False), ("demo.ipynb", True)])
def test_rules_may_be_ignored_for_some_paths(path: str, shown: bool) -> None:
    config = from_table({"per-path-ignores": {"demo/*": ["loads"]}}, "x")
    assert config.selects(rules()["untrusted-load"], path) is shown
    assert config.selects(rules()["private-key"], path) is True


def test_no_near_name_is_no_advice() -> None:
    assert nearest("zzzz", ["select"]) == ""


def test_a_mark_at_the_beginning_is_none_of_the_text(tmp_path: Path) -> None:
    (tmp_path / "stsec.toml").write_bytes(b"\xef\xbb\xbffail-on = 'high'\n")
    assert load(tmp_path).fail_on is Severity.HIGH


@pytest.mark.parametrize("text", ["x = " + "9" * 5000, "x = " + "[" * 3000, "x = 'a", "\udce9"])
def test_what_is_no_toml_is_one_line(tmp_path: Path, text: str) -> None:
    (tmp_path / "stsec.toml").write_bytes(text.encode("utf-8", "surrogateescape"))
    with pytest.raises(ConfigError) as error:
        load(tmp_path)
    assert str(error.value).startswith(f"{tmp_path / 'stsec.toml'}: ") and "\n" not in str(error.value)
