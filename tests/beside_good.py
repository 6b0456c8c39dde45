"""A folder with a good notebook and a bad file, and what an audit of both must tell."""

from __future__ import annotations

import io
import json
import signal
import sys
from collections.abc import Iterator
from contextlib import contextmanager, redirect_stderr, redirect_stdout
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from stsec_magic.cli import main
from tests.credentials import github_token, openai_key
from tests.notebooks_in_memory import code, notebook, write

GOOD = "good.ipynb"
BAD = "bad.ipynb"
GOOD_VALUE = github_token("beside")
SECRET = openai_key("bad input")
LINE = f'key = "{SECRET}"'
BOOK = notebook(code("import os\n"), code(LINE))
LIMIT = 60
FORMATS = ("json", "text", "concise")

INVALID_JSON = "invalid-json"
INVALID_NOTEBOOK = "invalid-notebook"
UNREADABLE = "unreadable"


@dataclass
class Told:
    """What an audit said, in every format."""

    status: int
    report: dict[str, Any]
    everything: str = field(repr=False, default="")
    for_people: str = field(repr=False, default="")

    def findings(self, path: str = BAD) -> list[dict[str, Any]]:
        return [row for row in self.report["findings"] if row["path"].endswith(path)]

    def problems(self, path: str = BAD) -> list[dict[str, Any]]:
        return [row for row in self.report["problems"] if row["path"].endswith(path)]

    def kinds(self, path: str = BAD) -> set[str]:
        return {row["kind"] for row in self.problems(path)}


@contextmanager
def bounded(seconds: int = LIMIT) -> Iterator[None]:
    """Fail where a piece of work takes longer, rather than wait for it."""

    def late(*_: object) -> None:
        pytest.fail(f"no answer within {seconds} s")

    before = signal.signal(signal.SIGALRM, late)
    signal.alarm(seconds)
    try:
        yield
    finally:
        signal.alarm(0)
        signal.signal(signal.SIGALRM, before)


def put(folder: Path, content: bytes | object, name: str = BAD) -> Path:
    """Write a file: bytes as they are, anything else as JSON in ASCII."""
    path = folder / name
    path.write_bytes(content if isinstance(content, bytes) else dumps(content))
    return path


def dumps(book: object, **how: Any) -> bytes:
    return json.dumps(book, **{"indent": 1, **how}).encode()


def put_good(folder: Path) -> Path:
    return write(folder / GOOD, notebook(code(f"token = '{GOOD_VALUE}'")))


def audited(folder: Path, *arguments: str, formats: tuple[str, ...] = FORMATS) -> Told:
    """Audit a folder in this process, once in each format."""
    said, shown, status, report = "", "", -1, {}
    for name in formats:
        with bounded():
            status, out, err = _run(["audit", str(folder), "--format", name, "--jobs", "1", *arguments])
        report = json.loads(out) if name == "json" else report
        said += f"{out}\n{err}\n"
        shown += f"{'' if name == 'json' else out}\n{err}\n"
    return Told(status, report, said, shown)


def told_of_both(folder: Path, *arguments: str, formats: tuple[str, ...] = FORMATS) -> Told:
    """Audit a folder that gets a good notebook too, and hold the answer to what every answer must be."""
    put_good(folder)
    told = audited(folder, *arguments, formats=formats)
    assert [row["rule"] for row in told.findings(GOOD)] == ["github-token"]
    assert told.problems(GOOD) == []
    assert "internal" not in {row["kind"] for row in told.report["problems"]}, told.report["problems"]
    assert told.status == 1
    assert SECRET not in told.everything
    assert "Traceback" not in told.everything
    return told


def is_found(told: Told, path: str = BAD) -> bool:
    """Whether the planted secret was."""
    return any(row["rule"] == "openai-api-key" and row["masked"] for row in told.findings(path))


def _run(arguments: list[str]) -> tuple[int, str, str]:
    out = io.TextIOWrapper(io.BytesIO(), encoding="utf-8")
    err = io.TextIOWrapper(io.BytesIO(), encoding="utf-8", errors=sys.stderr.errors or "backslashreplace")
    with redirect_stdout(out), redirect_stderr(err):
        status = main(arguments)
        out.flush()
        err.flush()
    return status, _bytes(out).decode(), _bytes(err).decode()


def _bytes(stream: io.TextIOWrapper) -> bytes:
    buffer = stream.buffer
    assert isinstance(buffer, io.BytesIO)
    return buffer.getvalue()
