"""Checkpoint copies are folded into their notebook; places of one secret share a number."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from stsec_magic.cli import main
from stsec_magic.triage.assemble import original_of
from tests.credentials import openai_key, password
from tests.notebooks_in_memory import code, markdown, notebook, stream, write

SECRET = code(f"password = '{password('assemble')}'")
CHECKPOINT = ".ipynb_checkpoints/nb-checkpoint.ipynb"


def audit(capsys: pytest.CaptureFixture[str], *paths: Path) -> list[dict[str, Any]]:
    main(["audit", *map(str, paths), "--format", "json"])
    return list(json.loads(capsys.readouterr().out)["findings"])


@pytest.mark.parametrize(
    ("path", "original"),
    [
        ("a/.ipynb_checkpoints/x-checkpoint.ipynb", "a/x.ipynb"),
        (".ipynb_checkpoints/x-checkpoint.ipynb", "x.ipynb"),
        ("/a/.ipynb_checkpoints/x-checkpoint.ipynb", "/a/x.ipynb"),
        ("a/x-checkpoint.ipynb", None),
        ("a/.ipynb_checkpoints/x.ipynb", None),
        ("a/x.ipynb", None),
    ],
)
def test_the_notebook_that_a_checkpoint_is_a_copy_of(path: str, original: str | None) -> None:
    assert original_of(path) == original


def test_a_copy_is_folded(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    write(tmp_path / "nb.ipynb", notebook(markdown("x"), SECRET))
    copy = write(tmp_path / CHECKPOINT, notebook(SECRET))
    (finding,) = audit(capsys, tmp_path)
    assert (finding["path"], finding["cell"]) == (str(tmp_path / "nb.ipynb"), 2)
    assert finding["copies"] == [{"path": str(copy), "cell": 1, "line": 1}]


def test_a_copy_is_folded_where_the_path_is_left_out(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    write(tmp_path / "nb.ipynb", notebook(SECRET))
    write(tmp_path / CHECKPOINT, notebook(SECRET))
    monkeypatch.chdir(tmp_path)
    for paths in ([], [Path()], [Path("nb.ipynb"), Path(CHECKPOINT)]):
        (finding,) = audit(capsys, *paths)
        assert (finding["path"], [copy["path"] for copy in finding["copies"]]) == ("nb.ipynb", [CHECKPOINT])


def test_an_output_in_a_copy_is_folded_too(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    cell = code("x", [stream("a\n"), stream(f"\n{SECRET['source']}\n")])
    write(tmp_path / "nb.ipynb", notebook(cell))
    write(tmp_path / CHECKPOINT, notebook(cell))
    (finding,) = audit(capsys, tmp_path)
    assert [copy["line"] for copy in finding["copies"]] == [2]


@pytest.mark.parametrize(
    "other",
    [
        code(SECRET["source"] + "\n"),
        code("# old\n" + SECRET["source"]),
        markdown(SECRET["source"] + " "),
        code("pwd='x'"),
    ],
)
def test_what_differs_is_not_folded(tmp_path: Path, capsys: pytest.CaptureFixture[str], other: dict[str, Any]) -> None:
    write(tmp_path / "nb.ipynb", notebook(other))
    write(tmp_path / CHECKPOINT, notebook(SECRET))
    findings = audit(capsys, tmp_path)
    assert {str(tmp_path / CHECKPOINT)} <= {finding["path"] for finding in findings}
    assert [finding["copies"] for finding in findings] == [[]] * len(findings)


def test_a_checkpoint_alone_is_reported(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    copy = write(tmp_path / CHECKPOINT, notebook(SECRET))
    write(tmp_path / "other.ipynb", notebook(SECRET))
    for paths in ([tmp_path], [copy]):
        findings = [f for f in audit(capsys, *paths) if f["path"] == str(copy)]
        assert [finding["copies"] for finding in findings] == [[]]


def test_a_checkpoint_whose_notebook_is_not_audited_is_reported(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    write(tmp_path / "nb.ipynb", notebook(SECRET))
    copy = write(tmp_path / CHECKPOINT, notebook(SECRET))
    assert [f["path"] for f in audit(capsys, copy)] == [str(copy)]


def test_the_same_cell_in_another_notebook_is_a_finding_of_its_own(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    for name in ("a.ipynb", "b.ipynb"):
        write(tmp_path / name, notebook(SECRET))
    assert [Path(f["path"]).name for f in audit(capsys, tmp_path)] == ["a.ipynb", "b.ipynb"]


def test_twin_cells_are_each_folded_into_one_of_the_notebooks(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    write(tmp_path / "nb.ipynb", notebook(SECRET, SECRET))
    write(tmp_path / CHECKPOINT, notebook(SECRET, SECRET))
    findings = audit(capsys, tmp_path)
    assert [finding["cell"] for finding in findings] == [1, 2]
    assert sorted(copy["cell"] for finding in findings for copy in finding["copies"]) == [1, 2]


def test_a_folded_finding_is_counted_once(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    write(tmp_path / "nb.ipynb", notebook(SECRET))
    write(tmp_path / CHECKPOINT, notebook(SECRET))
    main(["audit", str(tmp_path)])
    out = capsys.readouterr().out
    assert "2 notebooks, 2 cells: 1 finding (1 high)" in out
    assert f"also in {tmp_path / CHECKPOINT}, cell 1" in out


def test_places_of_one_secret_share_a_number(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    a, b = openai_key("a"), openai_key("b")
    write(tmp_path / "1.ipynb", notebook(code(f"k = '{a}'"), code(f"k = '{b}'\nprint('{a}')")))
    write(tmp_path / "2.ipynb", notebook(code("x", [stream(b)]), code("import pickle\npickle.load(f)")))
    findings = audit(capsys, tmp_path)
    assert [f["properties"].get("secret_group") for f in findings] == [1, 2, 1, 2, None]
