"""``%stsec`` in a real IPython, in a process of its own."""

from __future__ import annotations

import os
import pickle
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest


class Runs:
    """What an attacker's class does; never loaded here."""

    def __reduce__(self) -> tuple[Any, ...]:
        return os.system, ("id",)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "evil.pkl").write_bytes(pickle.dumps(Runs()))
    (tmp_path / "my model.pkl").write_bytes(pickle.dumps([1]))
    return tmp_path


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


def test_a_wrong_word_gets_one_line(folder: Path) -> None:
    shown = run(folder, "%stsec", "%stsec artefact x", "%stsec artifact", "%stsec artifact 'x")
    assert shown.count("%stsec artifact FILE ...") == 3
    assert "No closing quotation" in shown
    assert "Traceback" not in shown


def test_it_goes_when_it_is_unloaded(folder: Path) -> None:
    shown = run(folder, "%reload_ext stsec_magic", "%unload_ext stsec_magic", "%stsec artifact evil.pkl")
    assert "not found" in shown
    assert "malicious" not in shown
