"""The preprocessor in real programs: ``jupyter nbconvert``, a kernel."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from traitlets import TraitError
from traitlets.config import Config

import stsec_magic
from stsec_magic import StsecPreprocessor
from tests.conversion.books import LOAD, PREPROCESSOR, book, key, leaky
from tests.notebooks_in_memory import code, markdown, write

ROOT = Path(stsec_magic.__file__).parents[1]


def nbconvert(folder: Path, *arguments: str, stdin: str | None = None) -> subprocess.CompletedProcess[str]:
    """``jupyter nbconvert`` with the preprocessor, in a folder, with no configuration of the machine's."""
    env = {name: os.environ[name] for name in ("PATH", "SYSTEMROOT", "TEMP") if name in os.environ}
    places = {"HOME": str(folder), "JUPYTER_CONFIG_DIR": str(folder / "config"), "IPYTHONDIR": str(folder / "ipython")}
    settings = {"PYTHONPATH": str(ROOT), "PYDEVD_DISABLE_FILE_VALIDATION": "1", "JUPYTER_PLATFORM_DIRS": "1"}
    command = [sys.executable, "-W", "ignore", "-m", "nbconvert", f"--Exporter.preprocessors={PREPROCESSOR}"]
    return subprocess.run(
        [*command, *arguments],
        cwd=folder,
        env={**env, **places, **settings},
        input=stdin,
        capture_output=True,
        text=True,
        encoding="utf-8",
        timeout=120,
        check=False,
    )


def said(done: subprocess.CompletedProcess[str]) -> str:
    """What was said, without nbconvert's own line on what it begins, and what the kernel says of itself."""
    lines = done.stderr.splitlines()
    return "\n".join(each for each in lines if "Converting notebook" not in each and "[IPKernelApp]" not in each)


def refused(done: subprocess.CompletedProcess[str]) -> list[str]:
    """The lines of a conversion that was refused."""
    assert done.returncode == 1
    assert "Traceback" not in done.stderr
    return said(done).splitlines()


def test_a_leak_is_three_lines_and_an_exit_status_and_nothing_is_written(tmp_path: Path) -> None:
    write(tmp_path / "good.ipynb", book(code("1")))
    write(tmp_path / "leaky.ipynb", leaky())
    write(tmp_path / "more.ipynb", book(code("1")))
    done = nbconvert(tmp_path, "--to", "html", "good.ipynb", "leaky.ipynb", "more.ipynb")
    lines = [each for each in refused(done) if "Writing" not in each]
    assert lines == [
        "[NbConvertApp] ERROR | stsec: leaky.ipynb is not converted: openai-api-key in cell 1, line 1: "
        "an OpenAI API key (and 1 more)",
        f'       1 │ api = "sk-proj-...({len(key("leaky"))})"',
        "    stsec audit leaky.ipynb shows more · --StsecPreprocessor.mode=redact masks secrets",
    ]
    assert sorted(each.name for each in tmp_path.glob("*.html")) == ["good.html"]
    assert key("leaky") not in done.stderr


def test_nothing_goes_to_standard_output(tmp_path: Path) -> None:
    done = nbconvert(tmp_path, "--to", "script", "--stdin", "--stdout", stdin=json.dumps(leaky()))
    assert len(refused(done)) == 3
    assert done.stdout == ""


def test_no_cell_runs_where_one_is_refused(tmp_path: Path) -> None:
    pytest.importorskip("ipykernel")
    write(tmp_path / "nb.ipynb", book(code("open('first', 'w')"), code(LOAD), code("open('last', 'w')")))
    lines = refused(nbconvert(tmp_path, "--to", "html", "--execute", "nb.ipynb"))
    assert "untrusted-load in cell 2, line 2" in lines[0]
    assert not {"first", "last", "nb.html"} & set(os.listdir(tmp_path))


def test_a_secret_that_only_execution_prints_is_caught_or_masked(tmp_path: Path) -> None:
    pytest.importorskip("ipykernel")
    secret = key("printed")
    pieces = [secret[at : at + 7] for at in range(0, len(secret), 7)]
    write(tmp_path / "nb.ipynb", book(code(f"open('ran', 'w')\nprint(''.join({pieces}))")))
    done = nbconvert(tmp_path, "--to", "html", "--execute", "nb.ipynb")
    assert "openai-api-key in cell 1 · output 1" in refused(done)[0]
    assert {"ran"} == {"ran", "nb.html"} & set(os.listdir(tmp_path))
    done = nbconvert(tmp_path, "--to", "html", "--execute", "--StsecPreprocessor.mode=redact", "nb.ipynb")
    assert done.returncode == 0
    assert "stsec masked 1 place (1 secret)" in done.stderr
    html = (tmp_path / "nb.html").read_text(encoding="utf-8")
    assert secret not in html
    assert f"sk-proj-...({len(secret)})" in html


def test_a_cell_that_fails_shows_no_secret(tmp_path: Path) -> None:
    pytest.importorskip("ipykernel")
    secret = key("fails")
    write(tmp_path / "nb.ipynb", book(code(f'k = "{secret}"; 1 / 0')))
    done = nbconvert(tmp_path, "--to", "html", "--execute", "--StsecPreprocessor.mode=redact", "nb.ipynb")
    assert done.returncode == 1
    assert "ZeroDivisionError" in done.stderr
    assert secret not in done.stderr + done.stdout
    assert f"sk-proj-...({len(secret)})" in done.stderr


def test_html_is_readable_and_holds_masks(tmp_path: Path) -> None:
    secret = key("html")
    metadata = {"note": f"uses {secret}"}
    cells = [markdown(f"# The key\n\n`{secret}` is it"), *leaky("html").cells]
    write(tmp_path / "nb.ipynb", book(*cells, metadata=metadata))
    done = nbconvert(tmp_path, "--to", "html", "--StsecPreprocessor.mode=redact", "nb.ipynb")
    assert done.returncode == 0
    html = (tmp_path / "nb.html").read_text(encoding="utf-8")
    assert secret not in html
    assert "The key" in html
    assert html.count("sk-proj-...(") >= 3


@pytest.mark.parametrize(
    ("arguments", "line"),
    [
        (["--StsecPreprocessor.mode=fial"], "mode is fail, warn, redact or report, not 'fial'; did you mean 'fail'?"),
        (["--StsecPreprocessor.select=untrusted-lod"], "unknown rule 'untrusted-lod'; did you mean 'untrusted-load'?"),
        (
            ["--output", "missing/dir/x"],
            "there is no folder 'missing/dir': make it first, or name it with --output-dir",
        ),
    ],
    ids=["mode", "select", "folder"],
)
def test_a_wrong_choice_is_one_line(arguments: list[str], line: str, tmp_path: Path) -> None:
    write(tmp_path / "nb.ipynb", book(code("1")))
    lines = refused(nbconvert(tmp_path, "--to", "html", *arguments, "nb.ipynb"))
    assert len(lines) == 1
    assert lines[0].startswith(f"[NbConvertApp] ERROR | stsec: {line}")
    assert sorted(each.name for each in tmp_path.glob("*.*")) == ["nb.ipynb"]


@pytest.mark.parametrize(
    ("content", "words"),
    [
        ('{"cells": [', "is not JSON"),
        (
            '{"cells": [{"cell_type": "code", "source": "%s", "metadata": {}}], "metadata": {}, '
            '"nbformat": 4, "nbformat_minor": 5}',
            "is not what a notebook should be (at cell 1)",
        ),
    ],
    ids=["truncated", "invalid"],
)
def test_a_file_that_is_no_notebook_is_one_line(content: str, words: str, tmp_path: Path) -> None:
    secret = key("invalid")
    (tmp_path / "nb.ipynb").write_text(content.replace("%s", secret), encoding="utf-8")
    done = nbconvert(tmp_path, "--to", "html", "nb.ipynb")
    lines = refused(done)
    assert len(lines) == 1
    assert f"stsec: nb.ipynb {words}" in lines[0]
    assert secret not in done.stderr


@pytest.mark.parametrize(
    ("traits", "words"),
    [
        ({"mode": "fial"}, "did you mean 'fail'"),
        ({"config": Config({"StsecPreprocessor": {"mode": "fial"}})}, "did you mean 'fail'"),
        ({"fail_on": "hihg"}, "high, medium, low or never"),
        ({"baseline": "none.json"}, "no such baseline"),
        ({"select": 3}, "select"),
    ],
    ids=["mode", "config", "fail_on", "baseline", "select"],
)
def test_in_python_a_wrong_choice_is_a_trait_error(traits: dict[str, Any], words: str) -> None:
    with pytest.raises(TraitError, match=words) as caught:
        StsecPreprocessor(**traits)
    assert "\n" not in str(caught.value)


def test_a_kernel_lives_on(tmp_path: Path) -> None:
    from tests.live.kernel import running

    write(tmp_path / "nb.ipynb", leaky())
    program = (
        "import warnings; warnings.simplefilter('ignore')\n"
        "from nbconvert import HTMLExporter\nfrom traitlets.config import Config\n"
        f"def convert(mode): return HTMLExporter(preprocessors=['{PREPROCESSOR}'], "
        "config=Config({'StsecPreprocessor': {'mode': mode}})).from_filename('nb.ipynb')\n"
    )
    with running(tmp_path) as kernel:
        assert kernel.run(program).status == "ok"
        reply = kernel.run("convert('fail')")
        assert reply.status == "error"
        assert reply.reply["ename"] == "ConversionException"
        assert "openai-api-key in cell 1" in reply.reply["evalue"]
        reply = kernel.run("print(convert('warn')[1]['stsec']['failing'])")
        assert reply.stream("stdout") == "2\n"
        assert "stsec: nb.ipynb: openai-api-key in cell 1" in reply.stream("stderr")
        assert key("leaky") not in kernel.wire()
