"""A mended notebook: only the lines that had to change, the file's own ways kept, nothing lost."""

from __future__ import annotations

import difflib
import json
import os
import stat
import tomllib
from pathlib import Path
from typing import Any

import nbformat
import pytest

from stsec_magic import check
from stsec_magic.apply import atomic
from stsec_magic.apply import draft as drafts
from stsec_magic.apply.batch import mend_all
from stsec_magic.fix import prelude
from stsec_magic.model.config import Config
from stsec_magic.notebook.splice import SpliceError
from tests.apply.project import KEY, leaky, mend
from tests.credentials import password
from tests.notebooks_in_memory import code, write
from tests.notebooks_in_memory import notebook as a_notebook


@pytest.fixture
def project(tmp_path: Path) -> Path:
    (tmp_path / "pyproject.toml").write_text("")
    return tmp_path


def _secrets(project: Path) -> dict[str, object]:
    return tomllib.loads((project / ".streamlit" / "secrets.toml").read_text(encoding="utf-8"))


def test_the_secret_moves_into_the_project(project: Path) -> None:
    path = leaky(project / "nb" / "eda.ipynb")
    done = mend(path)
    assert [each.error for each in done.notebooks] == [""]
    assert _secrets(project) == {"OPENAI_API_KEY": KEY}
    assert KEY.encode() not in path.read_bytes()
    assert [each for each in check(path).active if each.masked] == []
    nbformat.validate(nbformat.read(path, 4))
    assert KEY not in repr(done)


def test_files_are_for_their_owner_alone(project: Path) -> None:
    mend(leaky(project / "eda.ipynb"))
    folder = project / ".streamlit"
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    assert stat.S_IMODE((folder / "secrets.toml").stat().st_mode) == 0o600
    example = (folder / "secrets.toml.example").read_text(encoding="utf-8")
    assert tomllib.loads(example) == {"OPENAI_API_KEY": ""}


@pytest.mark.parametrize("dump", [{"indent": 1, "ensure_ascii": False}, {"indent": 2}, {}, {"indent": "\t"}])
@pytest.mark.parametrize("ending", ["\n", ""])
@pytest.mark.parametrize("line_end", ["\n", "\r\n"])
@pytest.mark.parametrize("mark", [b"", b"\xef\xbb\xbf"])
def test_only_the_lines_that_had_to_change_do(
    project: Path, dump: dict[str, object], ending: str, line_end: str, mark: bytes
) -> None:
    path = leaky(project / "eda.ipynb", cells=3)
    text = json.dumps(json.loads(path.read_text(encoding="utf-8")), **dump) + ending  # type: ignore[arg-type]
    before = mark + text.replace("\n", line_end).encode()
    path.write_bytes(before)
    mend(path)
    after = path.read_bytes()
    assert KEY.encode() not in after
    changed = [
        line
        for line in difflib.ndiff(before.decode().splitlines(keepends=True), after.decode().splitlines(keepends=True))
        if line.startswith("+ ")
    ]
    if dump.get("indent"):
        # Three lines that load what is kept, three that read it, and a comma's line less for each output.
        assert len(changed) <= 3 + 3 + 3
    assert after.startswith(before[:20])
    assert after.endswith(before[-60:])
    assert (b"\r\n" in after) == (b"\r\n" in before)


def test_the_mode_stays_and_a_link_stays_a_link(project: Path) -> None:
    real = leaky(project / "real.ipynb")
    real.chmod(0o640)
    link = project / "link.ipynb"
    link.symlink_to(real)
    mend(link)
    assert link.is_symlink()
    assert stat.S_IMODE(real.stat().st_mode) == 0o640
    assert KEY.encode() not in real.read_bytes()


@pytest.mark.parametrize("is_written", [True, False])
def test_other_names_of_the_file_are_told(project: Path, is_written: bool) -> None:
    path, other = leaky(project / "a.ipynb"), project / "b.ipynb"
    other.hardlink_to(path)
    done = mend_all([str(path)], Config(), write=is_written)
    assert [each.links for each in done.notebooks] == [1]
    assert KEY.encode() in other.read_bytes()
    assert mend(other).notebooks[0].links == (0 if is_written else 1)


def test_the_checkpoint_copy_is_mended_after_its_notebook(project: Path) -> None:
    path = leaky(project / "eda.ipynb")
    copy = leaky(project / ".ipynb_checkpoints" / "eda-checkpoint.ipynb")
    mend(path)
    assert KEY.encode() not in copy.read_bytes()
    assert _secrets(project) == {"OPENAI_API_KEY": KEY}


def test_the_same_secret_in_two_notebooks_has_one_name_and_another_has_its_own(project: Path) -> None:
    other = KEY[:-3] + "zzz"
    mend(leaky(project / "a.ipynb"), leaky(project / "b.ipynb"), leaky(project / "c.ipynb", other))
    assert _secrets(project) == {"OPENAI_API_KEY": KEY, "OPENAI_API_KEY_2": other}


def test_a_notebook_that_changed_meanwhile_is_not_overwritten(project: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = leaky(project / "eda.ipynb")
    put = atomic._put

    def slow(temporary: Path, real: Path, expected: bytes | None) -> None:
        if real.name == "eda.ipynb":
            real.write_text("saved by Jupyter meanwhile")
        put(temporary, real, expected)

    monkeypatch.setattr(atomic, "_put", slow)
    done = mend(path)
    assert "changed by somebody else" in done.notebooks[0].error
    assert path.read_text() == "saved by Jupyter meanwhile"
    # What was taken out is kept all the same: nothing is lost.
    assert _secrets(project) == {"OPENAI_API_KEY": KEY}
    assert sorted(each.name for each in project.iterdir()) == [".streamlit", "eda.ipynb", "pyproject.toml"]


def test_an_unsound_result_is_never_written(project: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = leaky(project / "eda.ipynb")
    before = path.read_bytes()
    monkeypatch.setattr(drafts, "spliced", lambda text, *_: text.replace('"id": "c1"', '"id": "d1"'))
    done = mend(path)
    assert path.read_bytes() == before
    assert done.notebooks[0].left


def test_a_file_that_cannot_be_written_is_told(project: Path) -> None:
    if os.geteuid() == 0:
        pytest.skip("root may write everywhere")
    path = leaky(project / "nb" / "eda.ipynb")
    path.parent.chmod(0o500)
    try:
        assert "cannot be written" in mend(path).notebooks[0].error
    finally:
        path.parent.chmod(0o700)


def test_broken_secrets_stop_it_before_anything_changes(project: Path) -> None:
    path = leaky(project / "eda.ipynb")
    (project / ".streamlit").mkdir()
    (project / ".streamlit" / "secrets.toml").write_text("PASSWORD = 'of-mine")
    before = path.read_bytes()
    error = mend(path).notebooks[0].error
    assert "is no TOML" in error
    assert "of-mine" not in error
    assert path.read_bytes() == before


def test_what_is_not_written_in_utf8_is_left_alone(project: Path) -> None:
    path = leaky(project / "eda.ipynb")
    path.write_bytes(path.read_text(encoding="utf-8").encode("utf-16"))
    before = path.read_bytes()
    done = mend(path)
    assert path.read_bytes() == before
    assert "not written in UTF-8" in done.notebooks[0].left[0].why


def test_old_formats_are_changed_in_their_own_words(project: Path) -> None:
    path = project / "old.ipynb"
    cell = {"cell_type": "code", "input": [f"key = '{KEY}'\n", "key"], "language": "python", "metadata": {},
            "outputs": [{"output_type": "stream", "stream": "stdout", "text": [KEY]}]}  # fmt: skip
    old = {"metadata": {"name": ""}, "nbformat": 3, "nbformat_minor": 0, "worksheets": [{"cells": [cell]}]}
    path.write_text(json.dumps(old, indent=1))
    mend(path)
    new = json.loads(path.read_text())
    assert new["nbformat"] == 3
    assert new["worksheets"][0]["cells"][0]["outputs"] == []
    assert new["worksheets"][0]["cells"][0]["input"][-2:] == ['key = os.environ["OPENAI_API_KEY"]\n', "key"]


def test_st_secrets_only_where_the_kernel_finds_it(project: Path) -> None:
    below, beside = leaky(project / "nb" / "eda.ipynb"), leaky(project / "eda.ipynb")
    done = mend(below, beside, fix_style="secrets")
    assert "looks for st.secrets beside the notebook" in done.notebooks[0].left[0].why
    assert KEY.encode() in below.read_bytes()
    assert b'st.secrets[\\"OPENAI_API_KEY\\"]' in beside.read_bytes()


def test_a_diff_writes_nothing_and_shows_no_secret(project: Path) -> None:
    path = leaky(project / "eda.ipynb")
    before = path.read_bytes()
    done = mend_all([str(path)], Config(), write=False)
    assert path.read_bytes() == before
    assert not (project / ".streamlit").exists()
    assert KEY not in done.notebooks[0].diff
    assert "+key = os.environ" in done.notebooks[0].diff
    assert "-[output 2, which shows a secret]" in done.notebooks[0].diff


def test_it_is_taken_out_of_metadata_too(project: Path) -> None:
    other = password("metadata")
    shown = {"output_type": "display_data", "data": {"text/plain": "x"}, "metadata": {"auth_token": KEY, "k": KEY}}
    cell = code(f"key = '{KEY}'", [shown], metadata={"auth_token": KEY, "again": f"it is {KEY}", "db_password": other})
    path = write(project / "eda.ipynb", a_notebook(cell, metadata={"papermill": {"parameters": {"api_token": KEY}}}))
    assert mend(path).notebooks[0].error == ""
    made = json.loads(path.read_text(encoding="utf-8"))
    assert made["cells"][0]["metadata"] == {
        "auth_token": "<OPENAI_API_KEY>",
        "again": "it is <OPENAI_API_KEY>",
        "db_password": other,
    }
    assert made["cells"][0]["outputs"] == []
    assert made["metadata"]["papermill"]["parameters"]["api_token"] == "<OPENAI_API_KEY>"


def test_what_cannot_be_mended_keeps_nothing_else_from_it(project: Path) -> None:
    """A key that is a secret, beside a value; a place that would not parse, beside others."""
    other = KEY[:-2] + "zz"
    path = project / "eda.ipynb"
    metadata = {KEY: 1, "papermill": {"parameters": {"token": KEY}}}
    source = f"match x:\n    case '{KEY}':\n        pass\na = '{other}'"
    path.write_text(json.dumps(a_notebook(code(source, metadata={KEY: 1}), metadata=metadata), indent=1))
    (done,) = mend(path).notebooks
    after = json.loads(path.read_bytes())
    assert after["metadata"]["papermill"]["parameters"]["token"] == "<OPENAI_API_KEY_2>"
    assert "".join(after["cells"][0]["source"]).endswith('a = os.environ["OPENAI_API_KEY"]')
    assert {each.why for each in done.left} == {
        "a pattern of match can hold literals only",
        "it stands in a name, not in a value",
    }


def test_lines_that_spoil_a_cell_of_nobodys_are_told(project: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = project / "eda.ipynb"
    path.write_text(json.dumps(a_notebook(code("x = 1"), code(f"%%bash\ncurl {KEY}")), indent=1))
    before = path.read_bytes()
    monkeypatch.setattr(prelude, "_LOADER", "%stsec env\n)")
    (done,) = mend(path).notebooks
    assert [(each.cell, each.why) for each in done.left] == [(2, "the cell would no longer parse")]
    assert path.read_bytes() == before


def test_a_diff_gives_the_names_that_a_fix_gives(project: Path) -> None:
    paths = [str(leaky(project / "a.ipynb")), str(leaky(project / "b.ipynb", KEY[:-2] + "zz"))]
    shown = mend_all(paths, Config(), write=False)
    written = mend_all(paths, Config(), write=True)
    names = [[each.name for each in row.rotations] for row in shown.notebooks]
    assert names == [[each.name for each in row.rotations] for row in written.notebooks]
    assert names == [["OPENAI_API_KEY"], ["OPENAI_API_KEY_2"]]


def test_what_cannot_be_mended_in_one_cell_does_not_keep_the_others_from_it(
    project: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = leaky(project / "eda.ipynb", cells=3)
    splice = drafts.spliced

    def picky(text: str, splices: Any, *rest: Any) -> str:
        for each in splices:
            if each.path[:2] == ("cells", 1):
                raise SpliceError("no reason", each.path)
        return splice(text, splices, *rest)

    monkeypatch.setattr(drafts, "spliced", picky)
    (done,) = mend(path).notebooks
    assert {(each.cell, each.why) for each in done.left} == {(2, "no reason")}
    cells = json.loads(path.read_text(encoding="utf-8"))["cells"]
    assert [KEY in "".join(cell["source"]) for cell in cells] == [False, True, False]
    assert [len(cell["outputs"]) for cell in cells] == [1, 1, 1]


def test_what_is_no_notebook_is_told_and_left_alone(project: Path) -> None:
    path = project / "eda.ipynb"
    path.write_text(f'{{"cells": [{{"source": "key = {KEY}"')
    (done,) = mend(path).notebooks
    assert (done.error, {each.why for each in done.left}) == ("", {"it can't be read as a notebook"})
    assert KEY in path.read_text()


def test_a_fault_of_our_own_takes_no_other_notebook_with_it(project: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    one, other = leaky(project / "a.ipynb"), leaky(project / "b.ipynb")
    prove = drafts.why_unsound

    def faulty(raw: Any, *rest: Any) -> Any:
        if raw.path.endswith("a.ipynb"):
            raise KeyError(KEY)
        return prove(raw, *rest)

    monkeypatch.setattr(drafts, "why_unsound", faulty)
    done = mend(one, other)
    assert done.notebooks[0].error == "an internal fault in mending it (KeyError); please report it"
    assert KEY not in repr(done)
    assert (KEY in one.read_text(), KEY in other.read_text()) == (True, False)


def test_a_name_that_a_table_has_already_is_not_given_again(project: Path) -> None:
    (project / ".streamlit").mkdir()
    (project / ".streamlit" / "secrets.toml").write_text('[OPENAI_API_KEY]\nkey = "x"\n')
    (done,) = mend(leaky(project / "eda.ipynb")).notebooks
    assert done.error == ""
    assert _secrets(project) == {"OPENAI_API_KEY_2": KEY, "OPENAI_API_KEY": {"key": "x"}}
