"""``%stsec`` in a real IPython, in a process of its own."""

from __future__ import annotations

import os
import pickle
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from stsec_magic.cli import main
from tests.apply.project import KEY, leaky
from tests.live.kernel import running
from tests.notebooks_in_memory import code, notebook, write


class Runs:
    """What an attacker's class does; never loaded here."""

    def __reduce__(self) -> tuple[Any, ...]:
        return os.system, ("id",)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "evil.pkl").write_bytes(pickle.dumps(Runs()))
    (tmp_path / "my model.pkl").write_bytes(pickle.dumps([1]))
    return tmp_path


@pytest.fixture(scope="module")
def magic(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Callable[[str], str]]:
    """What ``%stsec`` shows in a kernel."""
    with running(tmp_path_factory.mktemp("kernel")) as kernel:
        kernel.run(f"%load_ext stsec_magic\napi_key = '{KEY}'")

        def magic(line: str) -> str:
            reply = kernel.run(f"%stsec {line}")
            assert reply.errors == []
            assert KEY not in kernel.wire(inputs=False)
            return reply.text

        yield magic


def run(folder: Path, *lines: str) -> str:
    """What an IPython prints that runs these lines."""
    program = "\n".join(["%load_ext stsec_magic", *lines])
    command = [sys.executable, "-m", "IPython", "--no-banner", "--colors=NoColor", "-c", program]
    environment = {**os.environ, "IPYTHONDIR": str(folder / "ipython"), "PYTHONPATH": os.pathsep.join(sys.path)}
    done = subprocess.run(
        command, capture_output=True, text=True, timeout=120, check=False, cwd=folder, env=environment
    )
    return done.stdout + done.stderr


def test_it_tells_what_files_would_do(folder: Path) -> None:
    shown = run(folder, "path = 'evil.pkl'", "%stsec artifact {path} 'my model.pkl' none.pkl")
    assert "evil.pkl is malicious" in shown
    assert "os.system('id')" in shown
    assert "my model.pkl is clean: it only holds plain data" in shown
    assert "%stsec: none.pkl: no such file or folder" in shown
    assert "Traceback" not in shown


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("artefact x", "there is no 'artefact'; did you mean 'artifact'?"),
        ("zzz", "there is no 'zzz'; %stsec? shows what there is"),
        ("artifact", "%stsec artifact FILE ..."),
        ("explain", "%stsec explain RULE"),
        ("explain jwtt", "unknown rule 'jwtt'; did you mean 'jwt'?"),
        ("artifact 'x", "No closing quotation"),
        ("on blck", "on takes warn or block, and mask, not 'blck'"),
        ("on warn block", "on takes warn or block, and mask, not 'warn block'"),
        ("allow", "allow once lets the cell that was stopped last run once, as it is"),
        ("allow once", "no cell was stopped"),
        ("cell x", "%stsec cell [N], the number of a prompt"),
        ("cell 77", "In [77] isn't there"),
        ("audit nowhere", "nowhere: no such file or folder"),
        ("fix", "give its path: %stsec fix NOTEBOOK"),
        ("fix nowhere.ipynb", "nowhere.ipynb: no such file or folder"),
        ("fix --unsafe x.ipynb", "unrecognized arguments: --unsafe"),
        ("fix --style vault x.ipynb", "argument --style: invalid choice: 'vault'"),
    ],
)
def test_a_wrong_word_gets_one_line(magic: Callable[[str], str], line: str, said: str) -> None:
    shown = magic(line)
    assert said in shown
    assert "Traceback" not in shown
    if not line.startswith("audit"):  # an audit of nothing is an audit
        assert len(shown.splitlines()) == 1


def test_what_takes_no_value_of_the_session(magic: Callable[[str], str]) -> None:
    """``$name`` in a magic's line would put a secret into the history."""
    assert "unknown rule '$api_key'" in magic("explain $api_key")
    assert "there is no '{api_key}'" in magic("{api_key}")


def test_what_there_is(magic: Callable[[str], str]) -> None:
    assert "untrusted-load" in magic("rules")
    assert "What it does" in magic("explain untrusted-load")
    assert magic("status").startswith("guard      off; 0 cells checked")


def test_it_goes_when_it_is_unloaded(folder: Path) -> None:
    shown = run(folder, "%reload_ext stsec_magic", "%unload_ext stsec_magic", "%stsec artifact evil.pkl")
    assert "not found" in shown
    assert "malicious" not in shown


def test_env_loads_the_projects_secrets_and_shows_their_names(folder: Path) -> None:
    (folder / "pyproject.toml").write_text("")
    (folder / ".streamlit").mkdir()
    (folder / ".streamlit" / "secrets.toml").write_text(f'OPENAI_API_KEY = "{KEY}"\nPORT = 5432\n[db]\nuser = "me"\n')
    (folder / "nb").mkdir()
    shown = run(
        folder,
        "%cd -q nb",
        "%stsec env",
        "import os; print(len(os.environ['OPENAI_API_KEY']), os.environ['PORT'], 'user' in os.environ)",
        "%stsec env OPENAI_API_KEY",
    )
    assert "../.streamlit/secrets.toml: OPENAI_API_KEY, PORT\n" in shown
    assert f"{len(KEY)} 5432 False" in shown
    assert KEY not in shown


def test_env_stops_a_cell_that_needs_what_is_not_there(folder: Path) -> None:
    shown = run(folder, "%stsec env NO_SUCH_KEY", "print('went', 'on')")
    assert "NO_SUCH_KEY: not set (no .streamlit/secrets.toml here or above)" in shown
    (folder / ".streamlit").mkdir()
    (folder / ".streamlit" / "secrets.toml").write_text(f"KEY = '{KEY}' oops")
    shown = run(folder, "%stsec env")
    assert "is no TOML" in shown
    assert KEY not in shown


def test_fix_mends_a_notebook_and_says_so(folder: Path) -> None:
    path = leaky(folder / "eda.ipynb")
    shown = run(folder, "%stsec fix --diff eda.ipynb", "%stsec fix eda.ipynb", "%stsec fix eda.ipynb")
    assert "+key = os.environ" in shown
    assert "4 places in 1 notebook mended, 2 outputs taken out" in shown
    assert "Reload Notebook from Disk" in shown
    assert shown.rstrip().endswith("nothing to mend")
    assert KEY not in shown
    assert KEY not in path.read_text(encoding="utf-8")


def test_fix_knows_its_own_notebook_where_the_server_says_so(folder: Path) -> None:
    path = leaky(folder / "eda.ipynb")
    assert "give its path" in run(folder, "%stsec fix")
    shown = run(folder, f"import os; os.environ['JPY_SESSION_NAME'] = {str(path)!r}", "%stsec fix --diff")
    assert "+key = os.environ" in shown


def test_fix_takes_the_options_of_the_command_line(folder: Path) -> None:
    (folder / "pyproject.toml").write_text("")
    path = leaky(folder / "eda.ipynb")
    shown = run(folder, "%stsec fix --diff --style secrets", f"%stsec fix --diff --style secrets {path.name}")
    assert '+key = st.secrets["OPENAI_API_KEY"]' in shown
    write(folder / "w.ipynb", notebook(code(f"%%writefile app.py\nkey = '{KEY}'\n")))
    shown = run(folder, "%stsec fix w.ipynb", "%config StsecMagics.unsafe_fixes = True", "%stsec fix .")
    assert "1 place that --unsafe-fixes would mend" in shown
    assert KEY not in (folder / "w.ipynb").read_text(encoding="utf-8")
    assert KEY not in path.read_text(encoding="utf-8")


def test_what_the_baseline_knows_is_not_told_again(folder: Path) -> None:
    leaky(folder / "eda.ipynb")
    main(["audit", "--write-baseline", str(folder / "known.json"), str(folder / "eda.ipynb")])
    audited = ["report = %stsec audit eda.ipynb", "print({each.suppressed.how for each in report.findings})"]
    shown = run(folder, "%config StsecMagics.baseline = 'known.json'", *audited, "%stsec fix eda.ipynb")
    assert "{'baseline'}" in shown
    assert "nothing to mend" in shown
    shown = run(folder, "%config StsecMagics.baseline = 'none.json'", "%stsec audit eda.ipynb", "%stsec fix eda.ipynb")
    assert shown.count("%stsec: none.json: no such baseline") == 2
