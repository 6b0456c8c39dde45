"""Notebooks of unusual size: an answer in time, and nothing left out. STSEC_LONG=1 for ten times as much."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.beside_good import LIMIT, LINE, SECRET, dumps, put, put_good
from tests.notebooks_in_memory import code, display, notebook, stream

LONG = bool(os.environ.get("STSEC_LONG"))
MB = 10_000_000 if LONG else 1_000_000
ROW = "epoch 17 loss=0.1234 val_loss=0.2345 token_count=99 [=====>....] ETA 0:00:12\n"
MEMORY = 20
"""So many times a file's size may its audit need, and 300 MB."""

MEASURED = """
import sys
from stsec_magic.cli import main
status = main()
if sys.platform == "linux":  # getrusage would tell the test's own peak, which a child inherits
    with open("/proc/self/status") as file:
        peak = next(line.split()[1] for line in file if line.startswith("VmHWM"))
    sys.stderr.write(f"memory {peak}")
sys.exit(status)
"""


def large_output() -> bytes:
    text = ROW * (30 * MB // len(ROW))
    return dumps(notebook(code("x", [stream(text + LINE)])))


def many_cells() -> bytes:
    cells = [code(f"x{i} = {i}\nprint(x{i})", [stream(f"{i}\n")]) for i in range(20 * MB // 1000)]
    return dumps(notebook(*cells, code(LINE)))


def one_line() -> bytes:
    return dumps(notebook(code(f"x = [{'0.25, ' * (5 * MB // 6)}]; {LINE}")), indent=None)


def one_line_of_html() -> bytes:
    rows = "<tr><td>a&amp;b</td><td>token</td></tr>" * (2 * MB // 39)  # the slowest kind of text, by far
    return dumps(notebook(code("x", [display({"text/html": f"<table>{rows}</table><p>{LINE}</p>"})])), indent=None)


def one_line_that_is_no_json() -> bytes:
    return b'{"cells": [' + json.dumps("x" * 99 + " ").encode() * (10 * MB // 102) + json.dumps(LINE).encode()


def one_token() -> bytes:
    return dumps(notebook(code("x", [stream("A1b" * (10 * MB // 3)), stream(LINE)])))


def an_image() -> bytes:
    return dumps(notebook(code(LINE, [display({"image/png": "iVBORw0KGgo" * (MB)})])))


def many_outputs() -> bytes:
    return dumps(notebook(code("x", [stream(f"{i}\n") for i in range(MB // 20)] + [stream(LINE)])))


def large_metadata() -> bytes:
    widgets = {f"{i:032x}": {"model_name": "HTMLModel", "state": {"value": f"<b>{i}</b>"}} for i in range(MB // 50)}
    return dumps(notebook(code(LINE), metadata={"widgets": widgets}))


LARGE: list[Callable[[], bytes]] = [
    large_output,
    many_cells,
    one_line,
    one_line_of_html,
    one_line_that_is_no_json,
    one_token,
    an_image,
    many_outputs,
    large_metadata,
]


@pytest.mark.parametrize("make", LARGE, ids=[make.__name__ for make in LARGE])
def test_a_large_notebook_is_searched_to_its_end(tmp_path: Path, make: Callable[[], bytes]) -> None:
    size = put(tmp_path, make()).stat().st_size
    put_good(tmp_path)
    command = [sys.executable, "-c", MEASURED, "audit", str(tmp_path), "--format", "json"]
    done = subprocess.run(
        command, capture_output=True, text=True, timeout=LIMIT * (10 if LONG else 1), check=False, env=_environment()
    )
    assert done.returncode == 1, done.stderr
    report = json.loads(done.stdout)
    assert sorted(row["rule"] for row in report["findings"]) == ["github-token", "openai-api-key"]
    assert {row["kind"] for row in report["problems"]} <= {"invalid-json", "unparsed-cell"}
    assert SECRET not in done.stdout + done.stderr
    if sys.platform == "linux":
        assert int(done.stderr.rpartition("memory ")[2]) * 1024 < MEMORY * size + 300_000_000


def _environment() -> dict[str, str]:
    return {**os.environ, "NO_COLOR": "1"}
