"""Ctrl-C and dying workers: what was found is told, what wasn't checked is named, nothing is left running."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.beside_good import GOOD, SECRET, put, put_good
from tests.credentials import password
from tests.notebooks_in_memory import code, notebook, stream

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="looks into /proc")

COPIES = 400
PATIENCE = 20


def slow_copies(folder: Path, count: int = COPIES, findings: int = 300) -> None:
    """So many links to one notebook of 750 kB, which takes about 100 ms, and a good one."""
    noise = "epoch 17 loss=0.1234 val_loss=0.2345 [=====>....] ETA 0:00:12\n" * 40
    copies(folder, count, "".join(f"password='{password(i % 9)}'\n{noise}" for i in range(findings)))


def copies(folder: Path, count: int, text: str = "") -> None:
    put_good(folder)
    first = put(folder, notebook(code(f"k = '{SECRET}'", [stream(text)])), "0000.ipynb")
    for i in range(1, count):
        os.link(first, folder / f"{i:04}.ipynb")


def started(folder: Path, *arguments: str) -> subprocess.Popen[str]:
    command = [sys.executable, "-m", "stsec_magic", "audit", str(folder), "--format", "json", *arguments]
    return subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, start_new_session=True)


def children(pid: int) -> list[int]:
    try:
        return [int(word) for word in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]
    except FileNotFoundError:
        return []


def lives(pid: int) -> bool:
    """Whether a process runs; one that nobody has waited for does not."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except (FileNotFoundError, ProcessLookupError):
        return False


def until(condition: Callable[[], object]) -> bool:
    ends = time.monotonic() + PATIENCE
    while time.monotonic() < ends:
        if condition():
            return True
        time.sleep(0.02)
    return False


def cpu(pid: int) -> float:
    """Seconds that a process has worked."""
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


@pytest.mark.parametrize("whole_group", [True, False], ids=["as a terminal does", "the parent alone"])
@pytest.mark.parametrize("jobs", [1, 2])
def test_an_interruption_tells_what_was_found_until_then(tmp_path: Path, jobs: int, whole_group: bool) -> None:
    if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
        pytest.skip("these tests run in a shell's background, which Ctrl-C doesn't reach")
    slow_copies(tmp_path)
    with started(tmp_path, "--jobs", str(jobs)) as process:
        working = children if jobs > 1 else lambda pid: [pid]
        assert until(lambda: [pid for pid in working(process.pid) if cpu(pid) > 1.5])
        workers = children(process.pid)
        began = time.monotonic()
        (os.killpg if whole_group else os.kill)(process.pid, signal.SIGINT)
        out, err = process.communicate(timeout=PATIENCE)
    assert time.monotonic() - began < 10
    assert process.returncode in (2, 130)
    assert "Traceback" not in err
    assert "interrupted" in err
    assert "not checked" in err
    report = json.loads(out)
    assert 0 < report["summary"]["notebooks"] < COPIES + 1
    assert report["findings"]
    assert SECRET not in out + err
    assert until(lambda: not any(map(lives, workers)))


@pytest.mark.parametrize("how", [signal.SIGTERM, signal.SIGKILL, signal.SIGHUP])
def test_no_worker_outlives_its_parent(tmp_path: Path, how: signal.Signals) -> None:
    if signal.getsignal(how) is signal.SIG_IGN:
        pytest.skip("these tests run under nohup")
    slow_copies(tmp_path)
    with started(tmp_path, "--jobs", "2") as process:
        assert until(lambda: len(children(process.pid)) == 2)
        workers = children(process.pid)
        process.send_signal(how)
        _, err = process.communicate(timeout=PATIENCE)
    assert process.returncode != 0
    assert "Traceback" not in err
    assert until(lambda: not any(map(lives, workers)))


def test_a_killed_worker_takes_no_other_files_with_it(tmp_path: Path) -> None:
    slow_copies(tmp_path, 33, 60)
    with started(tmp_path, "--jobs", "2") as process:
        assert until(lambda: len(children(process.pid)) == 2)
        os.kill(children(process.pid)[0], signal.SIGKILL)
        out, err = process.communicate(timeout=60)
    report = json.loads(out)
    found = {row["path"] for row in report["findings"]}
    lost = {row["path"] for row in report["problems"] if row["kind"] == "internal"}
    assert found | lost == {str(path) for path in tmp_path.iterdir()}
    assert len(lost) <= 1
    assert process.returncode == (2 if lost else 1), err


DEADLY = """
import os, signal, sys
from stsec_magic import checker
from stsec_magic.audit import pool
from stsec_magic.cli import main

real = checker.check_one

def check_one(path, *rest):
    if str(path).endswith("deadly.ipynb"):
        os.kill(os.getpid(), signal.SIGKILL)
    return real(path, *rest)

pool.check_one = checker.check_one = check_one
sys.exit(main())
"""


def test_a_file_that_kills_its_worker_is_named(tmp_path: Path) -> None:
    copies(tmp_path, 40)
    for i in range(3):
        put(tmp_path, notebook(code("x")), f"{i}.deadly.ipynb")
    command = [sys.executable, "-c", DEADLY, "audit", str(tmp_path), "--format", "json", "--jobs", "2"]
    done = subprocess.run(command, capture_output=True, text=True, timeout=60, check=False)
    assert done.returncode == 2, done.stderr
    report = json.loads(done.stdout)
    problems = [(Path(row["path"]).name, row["kind"]) for row in report["problems"]]
    assert problems == [(f"{i}.deadly.ipynb", "internal") for i in range(3)]
    assert len({row["path"] for row in report["findings"]}) == 41
    assert str(tmp_path / GOOD) in {row["path"] for row in report["findings"]}
