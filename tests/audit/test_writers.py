"""Files that another notebook or script of the audited tree writes."""

from __future__ import annotations

from pathlib import Path

import pytest

from stsec_magic import check
from stsec_magic.audit.writers import name_writers
from stsec_magic.model.finding import Finding
from tests.notebooks_in_memory import code, notebook, write

LOAD = "import joblib\nm = joblib.load('out/m.joblib')"
DUMP = "import joblib\njoblib.dump(m, 'out/m.joblib')"


def told(folder: Path, load: str = LOAD, name: str = "app.ipynb", **others: str) -> Finding:
    """The finding of a notebook beside other files."""
    app = write(folder / name, notebook(code(load)))
    files = [str(app)]
    for stem, source in others.items():
        if stem.startswith("script"):
            file = folder / f"{stem}.py"
            file.write_text(source)
        else:
            file = write(folder / f"{stem}.ipynb", notebook(code("x = 1"), code(source)))
        files.append(str(file))
    (finding,) = name_writers(check(str(app)).findings, files)
    return finding


def test_another_notebook_writes_it(tmp_path: Path) -> None:
    finding = told(tmp_path, train=DUMP)
    (related,) = finding.related
    assert finding.severity.value == "low" and "train.ipynb" in finding.message
    assert (related.path, related.cell, related.line, related.message) == (
        str(tmp_path / "train.ipynb"),
        2,
        2,
        "written here",
    )


def test_a_script_writes_it(tmp_path: Path) -> None:
    finding = told(tmp_path, script=f"# train\n{DUMP}\n")
    assert finding.severity.value == "low"
    assert [(each.path, each.cell, each.line) for each in finding.related] == [(str(tmp_path / "script.py"), None, 3)]


def test_paths_are_those_of_each_kernel(tmp_path: Path) -> None:
    finding = told(tmp_path, "import joblib\njoblib.load('../out/m.joblib')", "apps/app.ipynb", train=DUMP)
    assert finding.severity.value == "low"


@pytest.mark.parametrize(
    "source",
    [
        "import joblib\njoblib.dump(m, 'other/m.joblib')",
        "import joblib\njoblib.dump(m, f'{x}/m.joblib')",
        "import joblib\njoblib.load('out/m.joblib')",
        "# joblib.dump(m, 'out/m.joblib')",
        "import urllib.request\nurllib.request.urlretrieve(u, 'out/m.joblib')  # save",
        "x = = 1",
    ],
)
def test_nobody_writes_it(tmp_path: Path, source: str) -> None:
    finding = told(tmp_path, other=source)
    assert finding.severity.value == "medium" and finding.related == ()


def test_the_notebook_itself_is_no_other(tmp_path: Path) -> None:
    finding = told(tmp_path, f"{LOAD}\njoblib.dump(m, 'out/m.joblib')")
    assert finding.severity.value == "medium"


@pytest.mark.parametrize("load", ["joblib.load('/tmp/m.joblib')", "joblib.load('https://e.org/m.joblib')"])
def test_what_comes_from_elsewhere_stays(tmp_path: Path, load: str) -> None:
    finding = told(tmp_path, f"import joblib\n{load}", train=DUMP)
    assert finding.severity.value != "low" and finding.related == ()


def test_files_that_cannot_be_read_are_passed_over(tmp_path: Path) -> None:
    app = write(tmp_path / "app.ipynb", notebook(code(LOAD)))
    (tmp_path / "bad.ipynb").write_bytes(b"{ dump m.joblib")
    findings = check(str(app)).findings
    assert name_writers(findings, ["-", str(tmp_path / "none.ipynb"), str(tmp_path / "bad.ipynb")]) == list(findings)
    assert name_writers([], [str(app)]) == []
