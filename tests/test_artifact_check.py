"""Artifacts inspected for their own sake: ``stsec artifact FILE`` and ``stsec audit --artifacts PATH``."""

from __future__ import annotations

import json
import os
import pickle
import zipfile
from pathlib import Path
from typing import Any

import pytest

from stsec_magic.artifact_check import check_artifact
from stsec_magic.cli import main
from stsec_magic.model.config import Config
from tests.credentials import fill
from tests.notebooks_in_memory import code, notebook, write


class Runs:
    """What an attacker's class does; never loaded here."""

    def __init__(self, command: str = "id") -> None:
        self.command = command

    def __reduce__(self) -> tuple[Any, ...]:
        return os.system, (self.command,)


FILES = {
    "evil.pkl": pickle.dumps(Runs()),
    "good.pkl": pickle.dumps([1, 2]),
    "own.pkl": b"c__main__\nModel\n)R.",
    "turn.pkl": b"cbuiltins\ngetattr\n(S'a'\nS'b'\ntR.",
    "cut.pkl": pickle.dumps([1, 2])[:-2],
    "readme.txt": b"(a text that begins like a pickle of old)\n",
    "table.csv": b"a,b\n1,2\n",
    "code.py": b"import os\n",
}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    for name, data in FILES.items():
        (tmp_path / name).write_bytes(data)
    with zipfile.ZipFile(tmp_path / "wrapped.zip", "w") as archive:
        archive.writestr("inner/evil.pkl", FILES["evil.pkl"])
    (tmp_path / ".git").mkdir()
    (tmp_path / ".git" / "evil.pkl").write_bytes(FILES["evil.pkl"])
    return tmp_path


def audited(capsys: pytest.CaptureFixture[str], *arguments: object) -> tuple[int, dict[str, Any]]:
    status = main(["audit", "--format", "json", *map(str, arguments)])
    return status, json.loads(capsys.readouterr().out)


def test_all_artifacts_of_a_folder_are_inspected(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    status, report = audited(capsys, folder, "--artifacts", folder)
    rows = {(Path(each["path"]).name, each["rule"], each["severity"]) for each in report["findings"]}
    assert rows == {
        ("evil.pkl", "malicious-artifact", "high"),
        ("wrapped.zip", "malicious-artifact", "high"),
        ("own.pkl", "suspicious-artifact", "low"),
        ("turn.pkl", "suspicious-artifact", "medium"),
    }
    assert status == 1
    assert [(Path(each["path"]).name, each["kind"]) for each in report["problems"]] == [
        ("cut.pkl", "artifact-unreadable")
    ]
    for each in report["findings"]:
        assert (each["part"], each["cell"], each["line"], each["column"]) == ("project", None, 1, 1)
        assert each["properties"]["verdict"]


def test_without_the_option_no_artifact_is_looked_at(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert audited(capsys, folder)[1]["findings"] == []


def test_rules_and_folders_are_chosen_as_ever(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    _, report = audited(capsys, folder, "--artifacts", folder, "--ignore", "malicious-artifact")
    assert {each["rule"] for each in report["findings"]} == {"suspicious-artifact"}
    _, report = audited(capsys, folder, "--artifacts", folder, "--select", "credentials")
    assert report["findings"] == []
    _, report = audited(capsys, folder, "--artifacts", folder / "own.pkl", "--artifacts", folder / "good.pkl")
    assert [Path(each["path"]).name for each in report["findings"]] == ["own.pkl"]
    assert main(["audit", str(folder), "--artifacts", str(folder / "none")]) == 2
    assert "no such file" in capsys.readouterr().err


def test_a_folder_for_the_paths_of_loads(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (folder / "nb").mkdir()
    write(folder / "nb" / "x.ipynb", notebook(code("import joblib\njoblib.load('evil.pkl')")))
    assert [each["rule"] for each in audited(capsys, folder / "nb")[1]["findings"]] == ["untrusted-load"]
    _, report = audited(capsys, folder / "nb", "--artifact-root", folder)
    assert [each["rule"] for each in report["findings"]] == ["malicious-artifact"]
    (folder / "nb" / "pyproject.toml").write_text(f"[tool.stsec]\nartifact-roots = [{str(folder)!r}]\n")
    assert [each["rule"] for each in audited(capsys, folder / "nb")[1]["findings"]] == ["malicious-artifact"]


@pytest.mark.parametrize(
    ("name", "status", "words"),
    [
        ("evil.pkl", 1, ["is malicious", "os.system('id')", "starts a process"]),
        ("wrapped.zip", 1, ["is malicious", "os.system('id')", "inner/evil.pkl"]),
        ("good.pkl", 0, ["is clean: it only holds plain data"]),
        ("own.pkl", 0, ["is unknown", "__main__.Model"]),
        ("turn.pkl", 1, ["is suspicious", "builtins.getattr('a', 'b')"]),
        ("cut.pkl", 2, ["is unreadable: it is cut off"]),
        ("code.py", 2, ["is unreadable: it is no pickle"]),
        ("none", 2, ["no such file or folder"]),
        (".", 1, ["is malicious"]),
    ],
)
def test_one_file_is_shown(
    folder: Path, name: str, status: int, words: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["artifact", str(folder / name)]) == status
    shown = "".join(capsys.readouterr())
    for each in words:
        assert each in shown


def test_several_files_are_shown_and_the_worst_status_counts(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["artifact", str(folder / "good.pkl"), str(folder / "evil.pkl")]) == 1
    assert main(["artifact", "--format", "json", str(folder / "good.pkl"), str(folder / "evil.pkl")]) == 1
    rows = json.loads(capsys.readouterr().out.partition("\n[")[2].join(("[", "")))
    assert [each["verdict"] for each in rows] == ["clean", "malicious"]
    (remark,) = rows[1]["remarks"]
    assert (remark["name"], remark["call"]) == ("os.system", "os.system('id')")


def test_colours_are_those_of_the_verdict(
    folder: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.delenv("NO_COLOR", raising=False)
    monkeypatch.setenv("FORCE_COLOR", "1")
    main(["artifact", str(folder / "evil.pkl")])
    assert "\x1b[1;31mmalicious" in capsys.readouterr().out


def test_no_secret_of_a_file_is_shown(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    key = fill("sk-proj-{alnum:74}T3BlbkFJ{alnum:74}")
    word = fill("{alnum:20}")
    file = tmp_path / "m.pkl"
    file.write_bytes(pickle.dumps(Runs(f"mysql --password={word}; curl -H 'Authorization: Bearer {key}' x")))
    main(["artifact", str(file)])
    main(["artifact", "--format", "json", str(file)])
    main(["audit", str(tmp_path), "--artifacts", str(file)])
    shown = "".join(capsys.readouterr())
    found, _ = check_artifact(str(file), Config())
    assert "mysql" in shown
    for secret in (word, key, key[10:50]):
        assert secret not in shown + repr(found)


def test_the_fingerprint_is_of_what_it_asks_for(tmp_path: Path) -> None:
    def fingerprint(data: bytes) -> str:
        (tmp_path / "m.pkl").write_bytes(data)
        ((finding,), _) = check_artifact(str(tmp_path / "m.pkl"), Config())
        return finding.fingerprint

    assert fingerprint(pickle.dumps(Runs("a"))) == fingerprint(pickle.dumps(["x" * 100, Runs("b")], 2))
    assert fingerprint(pickle.dumps(Runs("a"))) != fingerprint(b"c__main__\nModel\n)R.")
