"""--fix and --diff on the command line: what is written, what is said, with which status it ends."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from stsec_magic.cli import main
from tests.apply.project import KEY, git, leaky
from tests.credentials import fill, private_key
from tests.notebooks_in_memory import code, notebook, write


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    git(tmp_path, "init", "-q")
    monkeypatch.chdir(tmp_path)
    return tmp_path


def test_fix_mends_and_then_shows_what_is_left(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    leaky(project / "a.ipynb")
    write(project / "b.ipynb", notebook(code("import pickle\nm = pickle.load(open('m.pkl', 'rb'))")))
    assert main(["audit", "--fix", "--format", "json"]) == 1
    told = capsys.readouterr()
    left = json.loads(told.out)["findings"]
    assert {each["rule"] for each in left} == {"untrusted-load", "displayed-secret"}
    assert "4 places in 1 notebook mended, 2 outputs taken out\n" in told.err
    assert ".streamlit/secrets.toml: OPENAI_API_KEY; /.streamlit/secrets.toml added to .gitignore\n" in told.err
    assert "Rotate now, which nothing here can do:\n  OPENAI_API_KEY: https://" in told.err
    assert KEY not in told.out + told.err


def test_what_is_fixable_is_said_before(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    leaky(project / "a.ipynb", cells=1)
    main(["audit", "--format", "json", "--select", "credentials"])
    found = json.loads(capsys.readouterr().out)["findings"]
    assert [(each["rule"], each["part"], each["fixable"]) for each in found] == [
        ("openai-api-key", "source", True),
        ("displayed-secret", "source", False),
        ("openai-api-key", "output", True),
    ]


def test_diff_shows_the_lines_and_writes_nothing(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = leaky(project / "nb" / "a.ipynb")
    before = path.read_bytes()
    assert main(["audit", "--diff"]) == 1
    told = capsys.readouterr()
    assert told.out.startswith(
        "--- nb/a.ipynb:cell 1\n+++ nb/a.ipynb:cell 1\n@@ -1,2 +1,5 @@\n-key = 'sk-proj-...(112)'\n"
    )
    assert "4 places in 1 notebook would be mended (--fix), 2 outputs taken out\n" in told.err
    assert ".streamlit/secrets.toml would hold: OPENAI_API_KEY\n" in told.err
    assert "Rotate" not in told.err
    assert KEY not in told.out + told.err
    assert path.read_bytes() == before
    assert sorted(each.name for each in project.iterdir()) == [".git", "nb"]


def test_a_diff_beside_another_format_leaves_standard_output_to_that(
    project: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    leaky(project / "a.ipynb")
    main(["audit", "--diff", "--format", "json"])
    told = capsys.readouterr()
    assert json.loads(told.out)["findings"]
    assert "+import os\n" in told.err


def test_nothing_to_mend_says_nothing(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    write(project / "b.ipynb", notebook(code("x = 1")))
    assert main(["audit", "--fix"]) == 0
    assert capsys.readouterr().err == ""


def test_what_could_not_be_mended_ends_with_two(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    leaky(project / "a.ipynb")
    (project / ".streamlit").mkdir()
    (project / ".streamlit" / "secrets.toml").write_text("broken")
    assert main(["audit", "--fix"]) == 2
    assert "is no TOML; mend it first; nothing was changed" in capsys.readouterr().err


def test_unsafe_fixes_are_told_and_made_on_demand(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = write(project / "b.ipynb", notebook(code(f"%%writefile app.py\nkey = '{KEY}'\n")))
    main(["audit", "--fix"])
    assert "left alone: 1 place that --unsafe-fixes would mend: b.ipynb\n" in capsys.readouterr().err
    assert KEY in Path(path).read_text(encoding="utf-8")
    assert main(["audit", "--fix", "--unsafe-fixes"]) == 0
    assert KEY not in Path(path).read_text(encoding="utf-8")


def test_what_may_be_asked_for_is_one_line(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    for n in range(5):
        write(project / f"{n}.ipynb", notebook(code(f"%%writefile app.py\nkey = '{KEY}'\n")))
    main(["audit", "--diff"])
    told = "left alone: 5 places that --unsafe-fixes would mend: 0.ipynb, 1.ipynb, 2.ipynb and 2 more\n"
    assert told in capsys.readouterr().err


def test_a_vendor_is_known_by_the_name_too(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    write(project / "a.ipynb", notebook(code(f"import openai\nopenai.api_key = '{fill('{alnum:40}')}'")))
    assert main(["audit", "--fix"]) == 0
    assert "  OPENAI_API_KEY: https://platform.openai.com/api-keys\n" in capsys.readouterr().err


def test_what_a_baseline_knows_is_left_as_it_is(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    other = KEY[:-2] + "zz"
    path = leaky(project / "a.ipynb", cells=1)
    leaky(project / ".ipynb_checkpoints" / "a-checkpoint.ipynb", cells=1)
    main(["audit", "--write-baseline", "known.json", "a.ipynb"])
    before = path.read_bytes()
    assert main(["audit", "--fix", "--baseline", "known.json"]) == 0
    assert path.read_bytes() == before
    assert "mended" not in capsys.readouterr().err
    known = json.loads(before)["cells"]
    write(path, notebook(*known, code(f"other = '{other}'")))
    main(["audit", "--fix", "--baseline", "known.json"])
    assert "1 place in 1 notebook mended\n" in capsys.readouterr().err
    assert json.loads(path.read_bytes())["cells"][0] == known[0]
    # Once it is kept as a secret it would be found as one: then all places are mended.
    write(path, notebook(*known, code(f"again = '{KEY}'")))
    main(["audit", "--fix", "--baseline", "known.json"])
    assert KEY not in path.read_text(encoding="utf-8")


def test_the_style_comes_from_the_project_or_the_command_line(project: Path) -> None:
    path = leaky(project / "a.ipynb", cells=1)
    before = path.read_bytes()
    (project / "stsec.toml").write_text('fix-style = "secrets"\n')
    main(["audit", "--fix"])
    assert b'st.secrets[\\"OPENAI_API_KEY\\"]' in path.read_bytes()
    path.write_bytes(before)
    main(["audit", "--fix", "--style", "environ"])
    assert b'os.environ[\\"OPENAI_API_KEY\\"]' in path.read_bytes()


def test_a_file_of_secrets_that_git_would_take_gets_its_line(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    write(project / "b.ipynb", notebook(code("x = 1")))
    (project / ".env").write_text(f"OPENAI_API_KEY={KEY}\n")
    assert main(["audit", "--fix"]) == 0
    assert (project / ".gitignore").read_text() == "/.env\n"
    assert ".env: ignored by git now" in capsys.readouterr().err


def test_what_git_has_already_gets_its_line_too(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    write(project / "nb" / "b.ipynb", notebook(code("x = 1")))
    write(project / "nb" / ".ipynb_checkpoints" / "b-checkpoint.ipynb", notebook(code("x = 1")))
    for name, text in {
        ".env": f"OPENAI_API_KEY={KEY}\n",
        "tests/server.key": private_key(1),
        "my.pem": private_key(2),
    }.items():
        (project / name).parent.mkdir(exist_ok=True)
        (project / name).write_text(text)
    git(project, "add", "-f", ".")
    (project / "tests" / "other.key").write_text(private_key(3))
    lines = "/.env\n/my.pem\n.ipynb_checkpoints/\n"
    assert main(["audit", "--diff"]) == 1
    assert not (project / ".gitignore").exists()
    assert "my.pem: ignored by git then (.gitignore), once `git rm" in capsys.readouterr().err
    assert main(["audit", "--fix"]) == 1
    told = capsys.readouterr().err
    assert (project / ".gitignore").read_text() == lines
    assert (
        "nb/.ipynb_checkpoints: ignored by git now (.gitignore), once `git rm -r --cached` has taken it out\n" in told
    )
    git(project, "rm", "-rq", "--cached", ".env", "my.pem", "nb/.ipynb_checkpoints")
    git(project, "add", ".")
    assert git(project, "ls-files").split() == [".gitignore", "nb/b.ipynb", "tests/other.key", "tests/server.key"]
    main(["audit", "--fix"])
    assert (project / ".gitignore").read_text() == lines
    assert "ignored by git" not in capsys.readouterr().err


def test_the_real_path_is_ignored_whatever_is_shown_of_it(
    project: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Above the working directory paths are shown from the home on, and a path that holds a secret is masked."""
    write(project / "nb" / "b.ipynb", notebook(code("x = 1")))
    token = fill("ghp_{alnum:36}")
    for folder in (project, project / token):
        folder.mkdir(exist_ok=True)
        (folder / ".env").write_text(f"OPENAI_API_KEY={KEY}\n")
    monkeypatch.setenv("HOME", str(project.parent))
    monkeypatch.chdir(project / "nb")
    assert main(["audit", "--fix"]) == 0
    assert (project / ".gitignore").read_text() == "/.env\n"
    assert f"~/{project.name}/.env: ignored by git now" in capsys.readouterr().err
    monkeypatch.chdir(project)
    assert main(["audit", "--fix"]) == 0
    assert (project / ".gitignore").read_text() == f"/.env\n/{token}/.env\n"
    assert token not in "".join(capsys.readouterr())


def test_standard_input_is_no_file(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["audit", "--fix", "-"]) == 2
    assert capsys.readouterr().err == "stsec: --fix and --diff mend files, not standard input\n"
