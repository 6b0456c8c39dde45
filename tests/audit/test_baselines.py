"""Baseline files: what they hold, where they count, and what is said of them."""

from __future__ import annotations

import json
import os
import pickle
import shutil
from pathlib import Path
from typing import Any

import pytest

from stsec_magic.cli import main
from tests.credentials import openai_key, password
from tests.notebooks_in_memory import code, markdown, notebook, stream, write

KEY = openai_key("baselines")
HIGH = code(f"k = '{KEY}'")
SECRET = code(f"password = '{password('baselines')}'")
LOAD = code("import pickle\nm = pickle.load(open('m.pkl', 'rb'))")
BROKEN = code(f"def (:\n    password = '{password('broken')}'")


class Folder:
    """A project, and the audits that run in it."""

    def __init__(self, root: Path, capsys: pytest.CaptureFixture[str]) -> None:
        self.root, self._capsys = root, capsys
        self.file = root / "baseline.json"

    def write(self, name: str, *cells: dict[str, Any]) -> Path:
        return write(self.root / name, notebook(*cells))

    def audit(self, *arguments: object) -> tuple[int, dict[str, Any], str]:
        """Status, JSON report and standard error."""
        paths = [] if any(isinstance(each, Path) and each.suffix != ".json" for each in arguments) else [self.root]
        self._capsys.readouterr()
        status = main(["audit", *map(str, (*paths, *arguments)), "--format", "json"])
        out, err = self._capsys.readouterr()
        return status, json.loads(out) if out else {}, err

    def record(self, *arguments: object) -> dict[str, Any]:
        status, _, err = self.audit("--write-baseline", self.file, *arguments)
        assert status == 0, err
        return self.entries()

    def entries(self) -> dict[str, Any]:
        return dict(json.loads(self.file.read_text(encoding="utf-8")))

    def new(self, *arguments: object) -> list[tuple[str, int]]:
        """Name and cell of each finding that the baseline doesn't know."""
        _, report, _ = self.audit("--baseline", self.file, *arguments)
        return [(Path(f["path"]).name, f["cell"]) for f in report["findings"] if f["suppressed"] is None]


@pytest.fixture
def folder(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Folder:
    return Folder(tmp_path, capsys)


# -- the file --------------------------------------------------------------------------------


def test_it_holds_what_was_found_and_nothing_of_it(folder: Folder) -> None:
    folder.write("sub/b.ipynb", LOAD, HIGH, BROKEN)
    folder.write("a.ipynb", SECRET)
    status, report, err = folder.audit("--write-baseline", folder.file)
    assert status == 0
    assert err.endswith(f"stsec: 4 findings and 1 problem written to {folder.file}\n")
    text = folder.file.read_text(encoding="utf-8")
    data = json.loads(text)
    assert list(data) == ["schema", "findings", "problems"]
    assert data["schema"] == "stsec-baseline/1"
    assert [(row["path"], row["rule"]) for row in data["findings"]] == [
        ("a.ipynb", "hardcoded-secret"),
        ("sub/b.ipynb", "hardcoded-secret"),
        ("sub/b.ipynb", "openai-api-key"),
        ("sub/b.ipynb", "untrusted-load"),
    ]
    assert {row["fingerprint"] for row in data["findings"]} == {row["fingerprint"] for row in report["findings"]}
    assert data["problems"] == [{"path": "sub/b.ipynb", "kind": "unparsed-cell", "cell": 3}]
    assert all(set(row) == {"path", "rule", "fingerprint"} for row in data["findings"])
    assert text.count("\n") == 12 and text.endswith("}\n")
    for finding in report["findings"]:
        assert finding["message"] not in text
        assert finding["masked"] is None or finding["masked"] not in text


def test_what_is_silenced_otherwise_is_not_in_it(folder: Folder) -> None:
    folder.write("a.ipynb", code(f"{SECRET['source']}  # stsec: ignore"), LOAD)
    assert [row["rule"] for row in folder.record()["findings"]] == ["untrusted-load"]


def test_an_empty_one_is_one_too(folder: Folder) -> None:
    status, _, err = folder.audit("--write-baseline", folder.file)
    assert (status, err) == (0, f"stsec: 0 findings and 0 problems written to {folder.file}\n")
    assert folder.entries() == {"schema": "stsec-baseline/1", "findings": [], "problems": []}
    assert folder.audit("--baseline", folder.file)[0] == 0


def test_it_is_the_same_wherever_and_however_often_it_is_written(
    folder: Folder, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder.write("sub/b.ipynb", LOAD, HIGH)
    folder.write("a.ipynb", SECRET)
    folder.record()
    text = folder.file.read_bytes()
    monkeypatch.chdir(folder.root / "sub")
    for arguments in (["..", "--write-baseline", "../baseline.json"], [folder.root, "--write-baseline", folder.file]):
        assert main(["audit", *map(str, arguments)]) == 0
        assert folder.file.read_bytes() == text
    monkeypatch.chdir(folder.root)
    assert main(["audit", "--write-baseline", "baseline.json", "--jobs", "2"]) == 0
    assert folder.file.read_bytes() == text


def test_a_link_to_it_and_folders_that_are_links(folder: Folder) -> None:
    folder.write("real/a.ipynb", HIGH)
    (folder.root / "link").symlink_to("real")
    (folder.root / "real" / "baseline.json").symlink_to("../baseline.json")
    assert main(["audit", str(folder.root / "link"), "--write-baseline", str(folder.root / "real/baseline.json")]) == 0
    assert (folder.root / "real" / "baseline.json").is_symlink()
    assert folder.new(folder.root / "real") == folder.new(folder.root / "link") == []


def test_it_is_written_whole_or_not_at_all(folder: Folder, monkeypatch: pytest.MonkeyPatch) -> None:
    folder.write("a.ipynb", HIGH)
    folder.record()
    before = folder.file.read_bytes()

    def fails(*_: object) -> None:
        raise OSError(28, "No space left on device")

    folder.write("b.ipynb", LOAD)
    with monkeypatch.context() as patch:
        patch.setattr(Path, "replace", fails)
        status, report, err = folder.audit("--write-baseline", folder.file)
    assert (status, err) == (2, f"stsec: {folder.file}: No space left on device\n")
    assert report["findings"]
    assert folder.file.read_bytes() == before
    assert sorted(os.listdir(folder.root)) == ["a.ipynb", "b.ipynb", "baseline.json"]


def test_a_folder_that_is_not_there(folder: Folder) -> None:
    folder.write("a.ipynb", HIGH)
    status, report, err = folder.audit("--write-baseline", folder.root / "no" / "b.json")
    assert (status, err.count("\n")) == (2, 1)
    assert report["findings"]


def test_errors_stay_errors(folder: Folder) -> None:
    path = folder.write("a.ipynb", HIGH)
    gone = folder.root / "gone.ipynb"
    status, _, err = folder.audit(path, gone, "--write-baseline", folder.file)
    assert status == 2
    assert "gone.ipynb: no such file" in err and "1 finding and 0 problems written" in err


# -- what it silences ------------------------------------------------------------------------


def test_what_it_knows_is_suppressed_and_fails_nothing(folder: Folder) -> None:
    folder.write("a.ipynb", HIGH, LOAD)
    folder.record()
    status, report, err = folder.audit("--baseline", folder.file)
    assert (status, err) == (0, "")
    assert report["summary"]["findings"] == 0 and report["summary"]["suppressed"] == 2
    assert [f["suppressed"] for f in report["findings"]] == [{"how": "baseline", "reason": ""}] * 2
    folder.write("a.ipynb", HIGH, SECRET, LOAD)
    status, report, err = folder.audit("--baseline", folder.file)
    assert (status, report["summary"]["findings"], err) == (1, 1, "")


def test_it_counts_from_wherever_the_audit_starts(folder: Folder, monkeypatch: pytest.MonkeyPatch) -> None:
    folder.write("sub/a.ipynb", HIGH)
    folder.write("b.ipynb", HIGH)
    folder.record()
    monkeypatch.chdir(folder.root / "sub")
    for arguments in ([], ["a.ipynb"], ["..", "--baseline", "../baseline.json"], [str(folder.root / "b.ipynb")]):
        options = [] if "--baseline" in arguments else ["--baseline", str(folder.file)]
        assert main(["audit", *arguments, *options]) == 0
    shutil.move(folder.root / "sub", folder.root / "other")
    assert folder.new() == []


def test_a_notebook_may_be_saved_and_run_anew(folder: Folder) -> None:
    folder.write("a.ipynb", HIGH, LOAD, BROKEN)
    folder.record()
    cells = [
        markdown("new", id="n1"),
        {**BROKEN, "id": "x9"},
        code("x = 1", [stream("hi")], count=4),
        {**LOAD, "execution_count": 12, "id": "x1", "source": LOAD["source"].splitlines(keepends=True)},
        {**HIGH, "execution_count": 13, "id": "x2", "outputs": [stream("done")]},
    ]
    book = notebook(*cells, metadata={"language_info": {"name": "python", "version": "3.14"}})
    write(folder.root / "a.ipynb", book, indent=2, ensure_ascii=True)
    status, _, err = folder.audit("--baseline", folder.file, "--strict")
    assert status == 0
    assert "baseline" not in err


@pytest.mark.parametrize("name", ["renamed.ipynb", "deeper/down/a.ipynb"])
def test_a_notebook_may_be_moved(folder: Folder, name: str) -> None:
    folder.write("a.ipynb", HIGH, LOAD, SECRET, SECRET)
    folder.write("b.ipynb", SECRET)
    folder.record()
    (folder.root / name).parent.mkdir(parents=True, exist_ok=True)
    (folder.root / "a.ipynb").rename(folder.root / name)
    assert folder.new() == []
    assert folder.new(folder.root / name) == []


def test_a_copy_is_new(folder: Folder) -> None:
    path = folder.write("b.ipynb", SECRET)
    folder.record()
    shutil.copy(path, folder.root / "a.ipynb")
    assert folder.new() == [("a.ipynb", 1)]
    assert folder.new(folder.root / "a.ipynb") == []  # alone it may be the first one, moved
    folder.write("b.ipynb", SECRET, SECRET)
    assert folder.new(path) == [("b.ipynb", 2)]


def test_a_checkpoint_that_stayed_behind_is_not_new(folder: Folder) -> None:
    folder.write("a.ipynb", HIGH)
    folder.write(".ipynb_checkpoints/a-checkpoint.ipynb", HIGH)
    assert len(folder.record()["findings"]) == 1
    folder.write("a.ipynb", code(f"{HIGH['source']}\n# changed"))
    assert folder.new() == []


def test_problems_that_it_knows_do_not_count(folder: Folder) -> None:
    folder.write("a.ipynb", BROKEN)
    (folder.root / "bad.ipynb").write_text("{")
    folder.record()
    assert folder.audit("--baseline", folder.file)[0] == 0
    assert folder.audit("--baseline", folder.file, "--strict")[0] == 0
    assert folder.audit("--strict")[0] == 2
    (folder.root / "worse.ipynb").write_text("{")
    assert folder.audit("--baseline", folder.file, "--strict")[0] == 2


def test_a_named_file_that_cannot_be_read_stays_an_error(folder: Folder) -> None:
    path = folder.root / "a.ipynb"
    path.symlink_to("gone.ipynb")
    folder.record()
    assert folder.audit("--baseline", folder.file, "--strict")[0] == 0
    assert folder.audit(path, "--baseline", folder.file)[0] == 2


def test_standard_input_has_a_name_too(folder: Folder, monkeypatch: pytest.MonkeyPatch) -> None:
    import io

    def audit(*arguments: object) -> int:
        monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(json.dumps(notebook(HIGH)).encode())))
        return main(["audit", "-", *map(str, arguments)])

    assert audit("--write-baseline", folder.file) == 0
    assert [row["path"] for row in folder.entries()["findings"]] == ["-"]
    assert audit("--baseline", folder.file) == 0


# -- what matches nothing any more -----------------------------------------------------------


def test_what_matches_nothing_any_more_is_counted(folder: Folder) -> None:
    folder.write("a.ipynb", HIGH, LOAD, BROKEN)
    folder.record()
    folder.write("a.ipynb", LOAD)
    status, _, err = folder.audit("--baseline", folder.file)
    assert (status, err) == (
        0,
        "stsec: 3 entries of the baseline match nothing any more; --write-baseline refreshes it\n",
    )
    folder.write("a.ipynb", HIGH, code(BROKEN["source"]))
    _, _, err = folder.audit("--baseline", folder.file)
    assert "stsec: 1 entry of the baseline matches nothing any more; --write-baseline refreshes it\n" in err
    (folder.root / "a.ipynb").unlink()
    assert "4 entries" in folder.audit("--baseline", folder.file)[2]


def test_of_what_was_not_looked_at_nothing_is_said(folder: Folder) -> None:
    folder.write("sub/a.ipynb", HIGH)
    folder.write("b.ipynb", LOAD, BROKEN)
    folder.record()
    gone = (folder.root / "b.ipynb", "--baseline", folder.file)
    folder.write("b.ipynb", code("x = 1"))
    for arguments in (
        (folder.root / "sub",),
        ("--exclude", "b.ipynb"),
        ("--select", "credentials", folder.root / "sub" / "a.ipynb"),
    ):
        assert "entr" not in folder.audit("--baseline", folder.file, *arguments)[2]
    assert "2 entries" in folder.audit(*gone, "--ignore", "credentials")[2]
    assert "1 entry" in folder.audit(*gone, "--ignore", "loads,credentials")[2]


def test_what_artifacts_are_known_for_counts_where_they_are_inspected(folder: Folder) -> None:
    class Own:
        def __reduce__(self) -> tuple[Any, ...]:
            return os.system, ("id",)

    (folder.root / "m.pkl").write_bytes(pickle.dumps(Own()))
    folder.record("--artifacts", folder.root / "m.pkl", folder.root)
    assert [row["path"] for row in folder.entries()["findings"]] == ["m.pkl"]
    for artifacts in (("--artifacts", folder.root), ()):
        status, _, err = folder.audit("--baseline", folder.file, folder.root, *artifacts)
        assert (status, err) == (0, "")
    (folder.root / "m.pkl").write_bytes(pickle.dumps([1]))
    assert "1 entry" in folder.audit("--baseline", folder.file, folder.root, "--artifacts", folder.root)[2]


def test_files_of_the_project_are_known_too(folder: Folder) -> None:
    folder.write("a.ipynb", code("import streamlit as st\nst.write(1)"))
    (folder.root / ".streamlit").mkdir()
    (folder.root / ".streamlit" / "config.toml").write_text("[server]\nenableXsrfProtection = false\n")
    before = folder.record()
    assert [row["path"] for row in before["findings"]] == [".streamlit/config.toml"]
    assert folder.new() == []
    again = ("--baseline", folder.file, "--write-baseline", folder.file)
    folder.audit(*again, folder.root / "a.ipynb")
    assert folder.entries() == before
    (folder.root / ".streamlit" / "config.toml").write_text("")
    folder.audit(*again)
    assert folder.entries()["findings"] == []


def test_a_file_that_cannot_be_read_now_keeps_its_entries(folder: Folder) -> None:
    folder.write("a.ipynb", HIGH)
    folder.record()
    (folder.root / "a.ipynb").write_text("{")
    assert "entr" not in folder.audit("--baseline", folder.file)[2].replace("entry point", "")
    _, _, err = folder.audit("--baseline", folder.file, "--write-baseline", folder.file)
    assert "1 finding and 1 problem written" in err


# -- written anew ----------------------------------------------------------------------------


def test_it_is_refreshed(folder: Folder) -> None:
    folder.write("a.ipynb", HIGH, LOAD)
    folder.record()
    folder.write("a.ipynb", HIGH, SECRET)
    status, report, err = folder.audit("--baseline", folder.file, "--write-baseline", folder.file)
    assert (status, err) == (0, f"stsec: 2 findings and 0 problems written to {folder.file}\n")
    assert report["summary"]["findings"] == 1
    assert [row["rule"] for row in folder.entries()["findings"]] == ["hardcoded-secret", "openai-api-key"]
    assert folder.new() == []


@pytest.mark.skipif(os.name == "nt", reason="no pipes, no modes")
def test_a_pipe_stays_one_and_a_file_keeps_its_mode(folder: Folder) -> None:
    import threading

    folder.write("nb.ipynb", HIGH)
    pipe, told = folder.root / "pipe", list[str]()
    os.mkfifo(pipe)
    reader = threading.Thread(target=lambda: told.append(pipe.read_text()))
    reader.start()
    assert main(["audit", "--write-baseline", str(pipe), str(folder.root / "nb.ipynb")]) == 0
    reader.join(30)
    assert pipe.is_fifo() and json.loads(told[0])["findings"]
    file = folder.root / "known.json"
    file.write_text("")
    file.chmod(0o600)
    assert main(["audit", "--write-baseline", str(file), str(folder.root / "nb.ipynb")]) == 0
    assert file.stat().st_mode & 0o777 == 0o600


def test_files_above_have_paths_of_their_own(folder: Folder, monkeypatch: pytest.MonkeyPatch) -> None:
    """They are shown from the home on."""
    (folder.root / "pyproject.toml").write_text("")
    (folder.root / ".streamlit").mkdir()
    (folder.root / ".streamlit" / "config.toml").write_text("[server]\nenableXsrfProtection = false\n")
    folder.write("nb/a.ipynb", code("x = 1"))
    monkeypatch.setenv("HOME", str(folder.root.parent))
    monkeypatch.chdir(folder.root / "nb")
    folder.audit("--write-baseline", folder.file, Path())
    assert [row["path"] for row in folder.entries()["findings"]] == [".streamlit/config.toml"]
    monkeypatch.chdir(folder.root)
    assert folder.audit("--baseline", folder.file, Path())[0] == 0


def test_a_refresh_in_part_keeps_the_rest(folder: Folder) -> None:
    folder.write("sub/a.ipynb", HIGH)
    folder.write("b.ipynb", LOAD, HIGH, BROKEN)
    before = folder.record()
    again = ("--baseline", folder.file, "--write-baseline", folder.file)
    folder.audit(*again, folder.root / "sub")
    assert folder.entries() == before
    folder.audit(*again, "--select", "loads")
    assert folder.entries() == before
    (folder.root / "b.ipynb").unlink()
    folder.audit(*again)
    assert [row["path"] for row in folder.entries()["findings"]] == ["sub/a.ipynb"]


def test_another_file_takes_the_place_of_the_first(folder: Folder) -> None:
    folder.write("a.ipynb", HIGH)
    first = folder.record()
    second = folder.root / "second.json"
    folder.audit("--baseline", folder.file, "--write-baseline", second)
    assert json.loads(second.read_text()) == first


def test_the_first_time_it_need_not_be_there(folder: Folder) -> None:
    folder.write("a.ipynb", HIGH)
    status, _, err = folder.audit("--baseline", folder.file, "--write-baseline", folder.file)
    assert (status, err) == (0, f"stsec: 1 finding and 0 problems written to {folder.file}\n")


# -- a wrong one -----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "words"),
    [
        (None, "no such baseline; --write-baseline makes it"),
        ("", "is no baseline: it is not JSON"),
        ("{", "is no baseline: it is not JSON"),
        ("\udcff", "is no baseline: it is not JSON"),
        ("[" * 100_000, "is no baseline: it is not JSON"),
        ("[]", "is no baseline, not stsec-baseline/1"),
        ("{}", "is no baseline, not stsec-baseline/1"),
        ('{"schema": "stsec-report/1"}', "is no baseline, not stsec-baseline/1"),
        ('{"schema": "stsec-baseline/2"}', "is of the schema stsec-baseline/2, not stsec-baseline/1"),
        ('{"schema": "stsec-baseline/1"}', "its entries can't be read"),
        ('{"schema": "stsec-baseline/1", "findings": [1], "problems": []}', "its entries can't be read"),
        ('{"schema": "stsec-baseline/1", "findings": {"a": 1}, "problems": []}', "its entries can't be read"),
        ('{"schema": "stsec-baseline/1", "findings": [], "problems": 3}', "its entries can't be read"),
        (
            '{"schema": "stsec-baseline/1", "findings": [{"path": 1, "rule": "", "fingerprint": ""}], "problems": []}',
            "its entries can't be read",
        ),
        (
            '{"schema": "stsec-baseline/1", "findings": [], "problems": [{"path": "", "kind": "", "cell": "1"}]}',
            "its entries can't be read",
        ),
    ],
)
def test_what_is_no_baseline_ends_with_2_and_one_line(folder: Folder, text: str | None, words: str) -> None:
    folder.write("a.ipynb", HIGH)
    if text is not None:
        folder.file.write_text(text, encoding="utf-8", errors="surrogateescape")
    status, report, err = folder.audit("--baseline", folder.file)
    assert (status, report, err.count("\n")) == (2, {}, 1)
    assert err.startswith(f"stsec: {folder.file}: ") and words in err


def test_a_folder_is_no_baseline(folder: Folder) -> None:
    status, _, err = folder.audit("--baseline", folder.root)
    assert (status, err) == (2, f"stsec: {folder.root}: Is a directory\n")


# -- the configuration -----------------------------------------------------------------------


def test_the_configuration_may_name_it(folder: Folder, monkeypatch: pytest.MonkeyPatch) -> None:
    folder.write("sub/a.ipynb", HIGH)
    (folder.root / "pyproject.toml").write_text('[tool.stsec]\nbaseline = "baseline.json"\n')
    status, _, err = folder.audit()
    assert (status, err) == (2, f"stsec: {folder.file}: no such baseline; --write-baseline makes it\n")
    monkeypatch.chdir(folder.root / "sub")
    assert main(["audit", "--write-baseline", "../baseline.json"]) == 0
    assert main(["audit"]) == 0
    folder.write("sub/a.ipynb", HIGH, LOAD)
    assert main(["audit"]) == 1
    assert main(["audit", "--write-baseline", "../baseline.json"]) == 0
    assert len(folder.entries()["findings"]) == 2
    (folder.root / "empty.json").write_text('{"schema": "stsec-baseline/1", "findings": [], "problems": []}')
    assert main(["audit", "--baseline", "../empty.json"]) == 1


def test_a_finding_in_a_path_with_a_secret_is_known_again(folder: Folder) -> None:
    folder.write(f"{KEY}.ipynb", HIGH)
    folder.record()
    assert KEY not in folder.file.read_text(encoding="utf-8")
    assert folder.new() == []
