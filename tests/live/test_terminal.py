"""``%stsec`` as a person types it: IPython in a terminal."""

from __future__ import annotations

import os
import re
import sqlite3
import sys
import time
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from tests.credentials import openai_key

pexpect = pytest.importorskip("pexpect")
pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="a terminal of Unix")

KEY = openai_key("terminal")
_ESCAPE = re.compile(r"\x1b\[[0-?]*[ -/]*[@-~]|\x1b[()][A-Z0-9]|\x1b[=>]|\r")


class Terminal:
    """IPython under a pty."""

    def __init__(self, folder: Path) -> None:
        environment = {
            "PATH": os.environ["PATH"],
            "HOME": str(folder),
            "IPYTHONDIR": str(folder / "ipython"),
            "PYTHONPATH": os.pathsep.join(sys.path),
            "TERM": "xterm-256color",
            "PROMPT_TOOLKIT_NO_CPR": "1",
        }
        command = ["-m", "IPython", "--no-banner", "--no-confirm-exit"]
        self._raw = ""
        self._process: Any = pexpect.spawn(
            sys.executable,
            command,
            cwd=str(folder),
            env=environment,
            encoding="utf-8",
            timeout=60,
            dimensions=(60, 200),
        )
        self._number = 1
        self._prompt()

    def _prompt(self) -> str:
        """What is shown until the prompt of the next number; prompts are drawn anew with every key."""
        deadline = time.monotonic() + 60
        shown = ""
        while f"In [{self._number}]:" not in shown:
            assert time.monotonic() < deadline, shown
            self._raw += self._read(shown)
            shown = _ESCAPE.sub("", self._raw)
        before, _, _ = shown.rpartition(f"In [{self._number}]:")
        self._raw = ""
        return before

    def _read(self, shown: str) -> str:
        try:
            return str(self._process.read_nonblocking(65536, timeout=30))
        except (pexpect.TIMEOUT, pexpect.EOF):
            raise AssertionError(shown[-3000:]) from None

    def complete(self, begun: str, whole: str) -> None:
        """Press Tab behind a word.

        Args:
            begun: What is typed before.
            whole: What it must become.
        """
        self._process.send(f"{begun}\t")
        while whole not in _ESCAPE.sub("", self._raw):
            self._raw += self._read(self._raw)

    def type(self, *lines: str) -> str:
        """Type a cell, and what is shown until the next prompt.

        Args:
            lines: More than one are a cell magic's, which empty ones end.
        """
        self._number += 1
        for line in [*lines, *(["", ""] if len(lines) > 1 else [])]:
            self._process.send(f"{line}\r")
        return self._prompt()

    def close(self) -> None:
        """Leave it."""
        if self._process.closed:
            return
        self._process.sendcontrol("d")
        self._process.expect(pexpect.EOF)
        self._process.close()


@pytest.fixture
def terminal(tmp_path: Path) -> Iterator[Terminal]:
    """A terminal with the extension."""
    made = Terminal(tmp_path)
    made.type("%load_ext stsec_magic")
    yield made
    made.close()


def test_the_guard_in_a_terminal(terminal: Terminal, tmp_path: Path) -> None:
    assert "stsec is on" in terminal.type("%stsec on block")
    shown = terminal.type(f"key = '{KEY}'")
    assert "stsec stopped this cell: openai-api-key" in shown
    assert "sk-proj-...(112)" in shown
    assert "Traceback" not in shown
    assert "NameError" in terminal.type("key")
    assert "42" in terminal.type("%%stsec", "await_is_fine = 6", "print(7 * await_is_fine)")
    assert "stopped this cell: untrusted-load" in terminal.type("%%stsec", "import pickle", "pickle.load(open('x'))")
    shown = terminal.type("%stsec cell")
    assert "untrusted-load  In [6] · line 3" in shown
    assert "nothing found" in terminal.type("%stsec")
    terminal.type("%stsec on block mask")
    terminal.type("import os; os.environ['SERVICE_TOKEN'] = os.urandom(16).hex()")
    assert "...(32)" in terminal.type("value = vars(os)['environ']['SERVICE_' + 'TOKEN']; value")
    terminal.close()
    (file,) = tmp_path.rglob("history.sqlite")
    with closing(sqlite3.connect(file)) as history:
        kept = str(history.execute("SELECT source, source_raw FROM history").fetchall())
    assert KEY not in kept
    assert "sk-proj-...(112)" in kept


def test_help_and_tab(terminal: Terminal) -> None:
    assert "%stsec explain RULE" in terminal.type("print(get_ipython().find_line_magic('stsec').__doc__)")
    terminal.complete("%stsec stat", "%stsec status")
    assert "guard      off" in terminal.type("")
