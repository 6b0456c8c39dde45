"""The command line: what it takes, where it writes, with which status it ends."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from stsec_magic import __version__
from stsec_magic.cli import main
from stsec_magic.rules.catalogue import rules
from tests.credentials import openai_key, password
from tests.notebooks_in_memory import code, notebook, write

HIGH = code(f"k = '{openai_key('cli')}'")
MEDIUM = code("import pickle\nm = pickle.load(open('m.pkl', 'rb'))")
OWN = code("import joblib\njoblib.dump(m, 'm.joblib')\nm = joblib.load('m.joblib')")
UNSURE = code("import numpy as np\nx = np.load(requests.get(u), allow_pickle=flag)")
CLEAN = code("x = 1")


def run(*arguments: object, **how: Any) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "stsec_magic", *map(str, arguments)]
    environment = {**os.environ, "NO_COLOR": "1", **how.pop("env", {})}
    return subprocess.run(command, capture_output=True, text=True, timeout=60, check=False, env=environment, **how)


def findings(capsys: pytest.CaptureFixture[str]) -> list[dict[str, Any]]:
    return list(json.loads(capsys.readouterr().out)["findings"])


# -- exit status -----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("cell", "options", "status"),
    [
        (CLEAN, [], 0),
        (HIGH, [], 1),
        (MEDIUM, [], 1),
        (OWN, [], 0),
        (OWN, ["--fail-on", "low"], 1),
        (MEDIUM, ["--fail-on", "high"], 0),
        (HIGH, ["--fail-on", "high"], 1),
        (HIGH, ["--fail-on", "never"], 0),
        (UNSURE, ["--fail-on", "low"], 0),
        (HIGH, ["--ignore", "credentials"], 0),
        (HIGH, ["--select", "loads"], 0),
        (HIGH, ["--select", "loads,openai-api-key"], 1),
        (HIGH, ["--select", "credentials", "--ignore", "openai-api-key"], 0),
    ],
)
def test_the_status_tells_of_findings_that_fail(
    tmp_path: Path, cell: dict[str, Any], options: list[str], status: int
) -> None:
    path = write(tmp_path / "nb.ipynb", notebook(cell))
    assert main(["audit", str(path), *options]) == status


@pytest.mark.parametrize("cell", [MEDIUM, OWN, UNSURE])
def test_findings_that_do_not_fail_are_shown(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], cell: dict[str, Any]
) -> None:
    path = write(tmp_path / "nb.ipynb", notebook(cell))
    assert main(["audit", str(path), "--fail-on", "high"]) == 0
    assert "untrusted-load" in capsys.readouterr().out


def test_a_path_that_does_not_exist_is_an_error_and_the_rest_is_shown(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = write(tmp_path / "nb.ipynb", notebook(HIGH))
    gone = tmp_path / "gone.ipynb"
    assert main(["audit", str(gone), str(path), "--format", "concise"]) == 2
    out, err = capsys.readouterr()
    assert "openai-api-key" in out
    assert err == f"stsec: {gone}: no such file or folder\n"


@pytest.mark.parametrize(
    "arguments",
    [
        [],
        ["nonsense"],
        ["audit", "--format", "xml"],
        ["audit", "--jobs", "0"],
        ["audit", "--jobs", "-1"],
        ["audit", "--jobs", "many"],
        ["audit", "--no-such-option"],
        ["explain"],
    ],
)
def test_wrong_usage_ends_with_2(arguments: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        main(arguments)
    assert ended.value.code == 2
    assert "Traceback" not in capsys.readouterr().err


@pytest.mark.parametrize(
    ("options", "words"),
    [
        (["--select", "untrusted-laod"], "did you mean 'untrusted-load'?"),
        (["--ignore", "loads,openai"], "unknown rule 'openai'"),
        (["--fail-on", "sometimes"], "fail-on is high, medium, low or never, not 'sometimes'"),
    ],
)
def test_a_wrong_choice_ends_with_2_and_one_line(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], options: list[str], words: str
) -> None:
    path = write(tmp_path / "nb.ipynb", notebook(HIGH))
    assert main(["audit", str(path), *options]) == 2
    out, err = capsys.readouterr()
    assert (out, err.count("\n")) == ("", 1)
    assert words in err


@pytest.mark.parametrize("name", ["sarif", "github", "gitlab", "junit", "html"])
def test_a_format_is_built_or_says_in_one_line_that_it_is_not(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], name: str
) -> None:
    path = write(tmp_path / "nb.ipynb", notebook(HIGH))
    status = main(["audit", str(path), "--format", name])
    out, err = capsys.readouterr()
    if status == 2:
        assert (out, err) == ("", f"stsec: --format {name} isn't built yet\n")
    else:
        assert (status, err) == (1, "")
        assert "openai-api-key" in out


def test_a_wrong_pyproject_ends_with_2_and_one_line(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    write(tmp_path / "nb.ipynb", notebook(HIGH))
    (tmp_path / "pyproject.toml").write_text("[tool.stsec]\nselct = []\n")
    assert main(["audit", str(tmp_path)]) == 2
    out, err = capsys.readouterr()
    assert out == ""
    assert err == f"stsec: {tmp_path / 'pyproject.toml'}: unknown key 'selct' in [tool.stsec]; did you mean 'select'?\n"


def test_the_projects_choices_are_taken(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    write(tmp_path / "sub" / "nb.ipynb", notebook(HIGH, MEDIUM))
    write(tmp_path / "demo" / "nb.ipynb", notebook(MEDIUM))
    write(tmp_path / "old" / "nb.ipynb", notebook(HIGH))
    (tmp_path / "pyproject.toml").write_text(
        '[tool.stsec]\nignore = ["openai-api-key"]\nexclude = ["old"]\nfail-on = "high"\n'
        '[tool.stsec.per-path-ignores]\n"demo/*" = ["loads"]\n'
    )
    assert main(["audit", str(tmp_path), "--format", "json"]) == 0
    assert [(Path(f["path"]).parent.name, f["rule"]) for f in findings(capsys)] == [("sub", "untrusted-load")]
    assert main(["audit", str(tmp_path / "sub"), "--fail-on", "medium"]) == 1


def test_stsec_toml_is_taken_too(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    write(tmp_path / "sub" / "nb.ipynb", notebook(HIGH, MEDIUM))
    (tmp_path / "stsec.toml").write_text('ignore = ["openai-api-key"]\nfail-on = "high"\n')
    (tmp_path / "pyproject.toml").write_text('[tool.stsec]\nignore = ["loads"]\n')
    assert main(["audit", str(tmp_path / "sub"), "--format", "json"]) == 0
    assert [f["rule"] for f in findings(capsys)] == ["untrusted-load"]
    (tmp_path / "stsec.toml").write_text("fail_no = 1\n")
    assert main(["audit", str(tmp_path)]) == 2
    message = f"stsec: {tmp_path / 'stsec.toml'}: unknown key 'fail_no'; did you mean 'fail-on'?\n"
    assert capsys.readouterr() == ("", message)


# -- baselines (tests/audit/test_baselines.py has the rest) -----------------------------------


def test_a_baseline_is_written_and_taken(tmp_path: Path) -> None:
    write(tmp_path / "nb.ipynb", notebook(HIGH, MEDIUM))
    done = run("audit", "--write-baseline", "baseline.json", cwd=tmp_path)
    assert (done.returncode, done.stderr) == (0, "stsec: 2 findings and 0 problems written to baseline.json\n")
    assert done.stdout.endswith("2 findings (1 high, 1 medium)\n")
    done = run("audit", "--baseline", "baseline.json", cwd=tmp_path)
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout == "1 notebook, 2 cells: nothing found, 2 suppressed\n"
    write(tmp_path / "nb.ipynb", notebook(MEDIUM, HIGH, MEDIUM))
    done = run("audit", "--baseline", "baseline.json", "--format", "concise", cwd=tmp_path)
    assert (done.returncode, done.stderr) == (1, "")
    assert done.stdout.startswith("nb.ipynb:cell 3:2:5: medium: untrusted-load: ")


def test_an_interrupted_audit_writes_no_baseline(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from stsec_magic.audit import run as batch

    def interrupted(*_: object) -> Any:
        raise KeyboardInterrupt

    write(tmp_path / "nb.ipynb", notebook(HIGH))
    monkeypatch.setattr(batch, "check_one", interrupted)
    assert main(["audit", str(tmp_path), "--write-baseline", str(tmp_path / "b.json")]) == 2
    assert not (tmp_path / "b.json").exists()


def test_help_tells_of_baselines(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        main(["audit", "--help"])
    out = capsys.readouterr().out
    assert "--baseline FILE" in out and "--write-baseline FILE" in out


# -- where the report goes -------------------------------------------------------------------


def test_the_report_may_go_to_a_file(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = write(tmp_path / "nb.ipynb", notebook(HIGH, code("x = '\u00e9\U0001f600'")))
    output = tmp_path / "report.json"
    assert main(["audit", str(path), "--format", "json", "--output", str(output)]) == 1
    assert capsys.readouterr() == ("", "")
    written = json.loads(output.read_text(encoding="utf-8"))
    assert main(["audit", str(path), "--format", "json"]) == 1
    assert json.loads(capsys.readouterr().out) == written


@pytest.mark.parametrize("name", ["no/such/folder/x.json", "."])
def test_a_report_that_cannot_be_written_is_an_error(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], name: str
) -> None:
    path = write(tmp_path / "nb.ipynb", notebook(CLEAN))
    assert main(["audit", str(path), "--output", str(tmp_path / name)]) == 2
    assert str(tmp_path / name) in capsys.readouterr().err


def test_problems_go_to_standard_error(tmp_path: Path) -> None:
    (tmp_path / "broken.ipynb").write_text("{")
    done = run("audit", tmp_path, "--format", "json")
    assert done.returncode == 0
    assert [p["kind"] for p in json.loads(done.stdout)["problems"]] == ["invalid-json"]
    assert done.stderr.startswith(f"problem {tmp_path / 'broken.ipynb'}: is not JSON")


@pytest.mark.parametrize("locale", ["C", "C.UTF-8", "POSIX"])
def test_the_report_is_utf8_in_every_locale(tmp_path: Path, locale: str) -> None:
    path = write(
        tmp_path / "\u00e9.ipynb", notebook(code(f"x = '\u4f60\U0001f600'\npassword = '{password('locale')}'"))
    )
    environment = {**os.environ, "LC_ALL": locale, "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0"}
    command = [sys.executable, "-m", "stsec_magic", "audit", str(path)]
    done = subprocess.run(command, capture_output=True, timeout=60, check=False, env=environment)
    assert done.returncode == 1
    assert "\u4f60\U0001f600" in done.stdout.decode()
    assert done.stderr == b""


@pytest.mark.parametrize("style", ["text", "concise", "json"])
def test_a_file_whose_name_is_no_text_is_audited(tmp_path: Path, style: str) -> None:
    os.mkdir(os.fsencode(tmp_path) + b"/\xff.ipynb")
    book = json.dumps(notebook(HIGH)).encode()
    for name in (b"/\xfe.ipynb", b"/\xff.ipynb/\xfd.ipynb"):
        with open(os.fsencode(tmp_path) + name, "wb") as file:
            file.write(book)
    done = run("audit", tmp_path, "--format", style, errors="replace")
    assert (done.returncode, done.stdout.count("openai-api-key")) == (1, 2)
    assert "Traceback" not in done.stderr


def test_a_reader_that_goes_away_ends_it_quietly(tmp_path: Path) -> None:
    write(tmp_path / "nb.ipynb", notebook(*[HIGH] * 300))
    audit = f'"{sys.executable}" -m stsec_magic audit "{tmp_path}" | head -1'
    done = subprocess.run(audit, shell=True, capture_output=True, text=True, timeout=60, check=False)
    assert (done.stdout, done.stderr) == (f"{tmp_path / 'nb.ipynb'}\n", "")


def test_colours_only_where_they_are_wanted(tmp_path: Path) -> None:
    path = write(tmp_path / "nb.ipynb", notebook(HIGH))
    assert "\x1b[" not in run("audit", path, env={"NO_COLOR": ""}).stdout
    assert "\x1b[" in run("audit", path, env={"NO_COLOR": "", "FORCE_COLOR": "1"}).stdout
    assert "\x1b[" not in run("audit", path, env={"NO_COLOR": "1", "FORCE_COLOR": "1"}).stdout
    output = path.with_suffix(".txt")
    run("audit", path, "--output", output, env={"NO_COLOR": "", "FORCE_COLOR": "1"})
    assert "\x1b[" not in output.read_text()


def test_the_folder_is_the_default_path(tmp_path: Path) -> None:
    write(tmp_path / "nb.ipynb", notebook(HIGH))
    done = run("audit", "--format", "concise", cwd=tmp_path)
    assert done.stdout.startswith("nb.ipynb:cell 1:1:6: high: openai-api-key: ")


# -- many files ------------------------------------------------------------------------------


def test_several_processes_give_the_same_report_as_one(tmp_path: Path) -> None:
    for i in range(40):
        cells = [HIGH, MEDIUM, code(f"password = '{password(i % 7)}'")][: i % 4]
        write(tmp_path / f"{i % 3}" / f"nb-{i}.ipynb", notebook(*cells))
    (tmp_path / "1" / "broken.ipynb").write_text("{")
    one, two = (run("audit", tmp_path, "--format", "json", "--jobs", jobs) for jobs in (1, 2))
    assert one.returncode == two.returncode == 1
    assert json.loads(one.stdout)["summary"]["notebooks"] == 41
    assert one.stdout == two.stdout
    assert one.stderr == two.stderr


def test_files_are_reported_in_the_order_of_the_walk(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    for name in ("b.ipynb", "a/x.ipynb", "a.ipynb"):
        write(tmp_path / name, notebook(HIGH))
    main(["audit", str(tmp_path), "--format", "json"])
    paths = [Path(finding["path"]).relative_to(tmp_path).as_posix() for finding in findings(capsys)]
    assert paths == ["a.ipynb", "b.ipynb", "a/x.ipynb"]


def test_an_empty_folder_is_clean(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["audit", str(tmp_path)]) == 0
    assert capsys.readouterr().out == "0 notebooks, 0 cells: nothing found\n"


def test_exclude_leaves_out_what_is_walked_but_not_what_is_named(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = write(tmp_path / "old" / "nb.ipynb", notebook(HIGH))
    assert main(["audit", str(tmp_path), "--exclude", "old", "--exclude", "x"]) == 0
    assert main(["audit", str(path), "--exclude", "old"]) == 1


# -- the other commands ----------------------------------------------------------------------


def test_rules_lists_every_rule_once(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["rules"]) == 0
    lines = capsys.readouterr().out.splitlines()
    listed = [line.split()[0] for line in lines]
    assert sorted(listed) == sorted(rules())
    by_code = [id for id in listed if rules()[id].provider is None]
    assert listed[: len(by_code)] == by_code
    (load,) = (line for line in lines if line.startswith("untrusted-load "))
    assert load.split()[1:3] == ["medium", "loads"]


@pytest.mark.parametrize("rule", ["untrusted-load", "hardcoded-secret", "openai-api-key", "private-key"])
def test_explain_says_why_and_what_instead(rule: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["explain", rule]) == 0
    out = capsys.readouterr().out
    assert out.startswith(f"{rule}: ")
    assert "Why is this bad" in out
    assert "Use instead" in out


def test_every_rule_can_be_explained(capsys: pytest.CaptureFixture[str]) -> None:
    for rule in rules():
        assert main(["explain", rule]) == 0
        assert rule in capsys.readouterr().out


def test_an_unknown_rule_is_not_explained(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["explain", "untrusted_load"]) == 2
    assert capsys.readouterr() == ("", "stsec: unknown rule 'untrusted_load'; did you mean 'untrusted-load'?\n")


def test_the_version(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        main(["--version"])
    assert (ended.value.code, capsys.readouterr().out) == (0, f"stsec-magic {__version__}\n")


@pytest.mark.parametrize("script", ["stsec", "jupyter-stsec"])
def test_the_scripts_are_installed(script: str) -> None:
    path = Path(sys.executable).with_name(script)
    done = subprocess.run([str(path), "--version"], capture_output=True, text=True, timeout=60, check=False)
    assert done.stdout == f"stsec-magic {__version__}\n"


def test_an_output_file_is_whole_or_not_there(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    write(tmp_path / "nb.ipynb", notebook(code("x = 1")))
    report = tmp_path / "report.json"
    report.write_text("old", encoding="utf-8")
    assert main(["audit", str(tmp_path), "--format", "json", "--output", str(report)]) == 0
    assert json.loads(report.read_text(encoding="utf-8"))["summary"]["notebooks"] == 1
    assert sorted(path.name for path in tmp_path.iterdir()) == ["nb.ipynb", "report.json"]
    assert main(["audit", str(tmp_path), "--output", str(tmp_path / "no" / "report.txt")]) == 2
    assert capsys.readouterr().err.count("\n") == 1
