"""Names that lead to no readable file: a problem each, without waiting, and the others are checked."""

from __future__ import annotations

import json
import os
import shutil
import socket
import subprocess
import sys
import tempfile
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from stsec_magic.audit import run
from stsec_magic.audit.discover import discover
from tests.beside_good import (
    BAD,
    BOOK,
    FORMATS,
    GOOD,
    INVALID_JSON,
    SECRET,
    UNREADABLE,
    audited,
    dumps,
    is_found,
    put,
    put_good,
    told_of_both,
)

MAKERS: dict[str, Callable[[Path], Any]] = {
    "a link to nothing": lambda folder: (folder / BAD).symlink_to("gone.ipynb"),
    "a link to itself": lambda folder: (folder / BAD).symlink_to(BAD),
    "a link to the null device": lambda folder: (folder / BAD).symlink_to(os.devnull),
    "a link to endless zeros": lambda folder: (folder / BAD).symlink_to("/dev/zero"),
    "a link to the terminal": lambda folder: (folder / BAD).symlink_to("/dev/tty"),
    "a FIFO": lambda folder: os.mkfifo(folder / BAD),
    "a link to a FIFO": lambda folder: [os.mkfifo(folder / "pipe"), (folder / BAD).symlink_to("pipe")],
    "a folder": lambda folder: (folder / BAD).mkdir(),
    "a link to a folder": lambda folder: (folder / BAD).symlink_to("."),
    "a link through a file": lambda folder: (folder / BAD).symlink_to(f"{GOOD}/x.ipynb"),
    "a link to a name that is too long": lambda folder: (folder / BAD).symlink_to("n" * 300),
}


@pytest.mark.parametrize("jobs", ["1", "2"])
@pytest.mark.parametrize("name", MAKERS)
def test_what_is_no_file_is_a_problem_and_not_waited_for(tmp_path: Path, name: str, jobs: str) -> None:
    MAKERS[name](tmp_path)
    if jobs == "2":
        for i in range(40):
            put(tmp_path, BOOK, f"{i}.ipynb")
    told = told_of_both(tmp_path, "--jobs", jobs, formats=("json",) if jobs == "2" else FORMATS)
    assert told.kinds() == {UNREADABLE}
    assert told.findings() == []


def test_a_socket_is_a_problem(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)  # the path of a socket must be short
    with socket.socket(socket.AF_UNIX) as listening:
        listening.bind(BAD)
        assert told_of_both(tmp_path).kinds() == {UNREADABLE}


def test_links_in_circles_end(tmp_path: Path) -> None:
    (tmp_path / "a").mkdir()
    (tmp_path / "b").mkdir()
    (tmp_path / "a" / "up").symlink_to("..")
    (tmp_path / "a" / "self").symlink_to("self")
    (tmp_path / "a" / "other").symlink_to("../b")
    (tmp_path / "b" / "other").symlink_to("../a")
    (tmp_path / "one.ipynb").symlink_to("two.ipynb")
    (tmp_path / "two.ipynb").symlink_to("one.ipynb")
    put(tmp_path / "a", BOOK)
    told = told_of_both(tmp_path)
    assert told.kinds("one.ipynb") == told.kinds("two.ipynb") == {UNREADABLE}
    assert len(told.report["problems"]) == 2
    assert [row["path"] for row in told.findings()] == [str(tmp_path / "a" / BAD)]


def test_a_link_to_a_file_outside_is_read(tmp_path: Path) -> None:
    outside = tmp_path / "outside"
    inside = tmp_path / "inside"
    outside.mkdir()
    inside.mkdir()
    put(outside, BOOK, "x.ipynb")
    (inside / BAD).symlink_to("../outside/x.ipynb")
    told = told_of_both(inside)
    assert is_found(told)
    assert told.kinds() == set()


def test_notebooks_in_a_folder_that_is_named_so_are_checked(tmp_path: Path) -> None:
    (tmp_path / BAD).mkdir()
    put(tmp_path / BAD, BOOK, "in.ipynb")
    told = told_of_both(tmp_path)
    assert is_found(told, f"{BAD}/in.ipynb")


# -- no permission, or no longer there ---------------------------------------------------------


@pytest.mark.parametrize("error", [PermissionError(13, "Permission denied"), OSError(5, "Input/output error")])
def test_a_file_that_cannot_be_opened_is_a_problem(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, error: OSError
) -> None:
    put(tmp_path, BOOK)
    real = os.open

    def opened(path: Any, *rest: Any, **more: Any) -> int:
        if str(path).endswith(BAD):
            raise error
        return real(path, *rest, **more)

    monkeypatch.setattr(os, "open", opened)
    told = told_of_both(tmp_path)
    assert told.kinds() == {UNREADABLE}


@pytest.fixture
def anybodys() -> Iterator[Path]:
    """A folder that another user may enter; pytest's own are closed to others."""
    folder = Path(tempfile.mkdtemp())
    folder.chmod(0o755)
    yield folder
    for path in (folder, *folder.rglob("*")):
        if not path.is_symlink():
            path.chmod(0o755)
    shutil.rmtree(folder)


def test_closed_files_and_folders_are_problems(anybodys: Path) -> None:
    put_good(anybodys)
    (anybodys / "closed").mkdir()
    put(anybodys, BOOK).chmod(0)
    put(anybodys / "closed", BOOK)
    (anybodys / "closed").chmod(0)
    command = [sys.executable, "-m", "stsec_magic", "audit", str(anybodys), "--format", "json"]
    who: dict[str, Any] = {"user": 65534} if os.geteuid() == 0 else {}
    try:
        done = subprocess.run(command, capture_output=True, timeout=60, check=False, **who)
    except PermissionError:
        pytest.skip("another user may not run this Python")
    if b"Permission denied" in done.stderr and not done.stdout:
        pytest.skip("another user may not run this Python")
    assert done.returncode == 1, done.stderr
    report = json.loads(done.stdout)
    problems = {(row["path"].rpartition("/")[2], row["kind"]) for row in report["problems"]}
    assert problems == {(BAD, UNREADABLE), ("closed", UNREADABLE)}
    assert [row["path"] for row in report["findings"]] == [str(anybodys / GOOD)]


def test_a_file_that_vanishes_before_it_is_read_is_a_problem(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def found(*arguments: Any) -> Any:
        files = discover(*arguments)
        (tmp_path / BAD).unlink()
        return files

    put(tmp_path, BOOK)
    monkeypatch.setattr(run, "discover", found)
    put_good(tmp_path)
    told = audited(tmp_path, formats=("json",))
    assert (told.status, told.kinds(), len(told.findings(GOOD))) == (1, {UNREADABLE}, 1)


def test_a_file_that_changes_while_it_is_read_does_no_harm(tmp_path: Path) -> None:
    path = put(tmp_path, BOOK)
    whole = dumps({**BOOK, "metadata": {"x": "y" * 3_000_000}})
    ended = threading.Event()

    def rewrite() -> None:
        while not ended.is_set():
            path.write_bytes(whole)
            os.truncate(path, 100)

    writer = threading.Thread(target=rewrite)
    writer.start()
    try:
        for _ in range(10):
            told = told_of_both(tmp_path, formats=("json",))
            assert told.kinds() <= {INVALID_JSON}
            assert told.kinds() or is_found(told) or told.report["summary"]["cells"] == 1
    finally:
        ended.set()
        writer.join()


# -- names ---------------------------------------------------------------------------------------

NAMES = {
    "no UTF-8": b"bad\xff\xc3.ipynb",
    "a newline": b"a\ngood.ipynb: nothing found\n.ipynb",
    "a carriage return": b"a\rb.ipynb",
    "escapes": b"\x1b[31mred\x1b]0;title\x07.ipynb",
    "turned round": "\u202egnp.ipynb".encode(),
    "a line separator": "a\u2028b.ipynb".encode(),
    "C1 controls": b"a\xc2\x9b31mb.ipynb",
    "very long": b"n" * 249 + b".ipynb",
    "spaces and quotes": b" ' \" \\ $(x) `y` ; .ipynb",
    "only the ending": b".ipynb",
    "a dash": b"--strict.ipynb",
    "percents and braces": b"%s{0}%n.ipynb",
    "the secret": f"{SECRET}.ipynb".encode(),
    "the secret and no UTF-8": SECRET.encode() + b"\xff.ipynb",
}


@pytest.mark.parametrize("spoilt", [False, True], ids=["finding", "problem"])
@pytest.mark.parametrize("name", NAMES)
def test_a_name_may_be_anything(tmp_path: Path, name: str, spoilt: bool) -> None:
    content = dumps(BOOK)[:-9] if spoilt else dumps(BOOK)
    (tmp_path / os.fsdecode(NAMES[name])).write_bytes(content)
    told = told_of_both(tmp_path)
    others = [row for row in told.report["findings"] if not row["path"].endswith(f"/{GOOD}")]
    assert [row["rule"] for row in others] == ["openai-api-key"]
    assert [row["kind"] for row in told.report["problems"]] == [INVALID_JSON] * spoilt
    assert not set(told.everything) & set("\x1b\x07\r")
    assert not set(told.for_people) & set("\x9b\u202e\u2028")
    assert not any(line.startswith("good.ipynb") for line in told.everything.splitlines())


def test_several_processes_take_any_name(tmp_path: Path) -> None:
    for name in NAMES.values():
        for i in range(3):
            (tmp_path / os.fsdecode(b"%d%s" % (i, name[-240:]))).write_bytes(dumps(BOOK))
    one = told_of_both(tmp_path, "--jobs", "1", formats=("json",)).report
    assert one["summary"]["findings"] == 3 * len(NAMES) + 1
    assert told_of_both(tmp_path, "--jobs", "2", formats=("json",)).report == one


def test_a_folder_too_deep_for_the_system_is_a_problem(tmp_path: Path) -> None:
    here = os.open(tmp_path, os.O_RDONLY)
    for _ in range(22):
        os.mkdir("d" * 200, dir_fd=here)
        inner = os.open("d" * 200, os.O_RDONLY, dir_fd=here)
        os.close(here)
        here = inner
    os.close(here)
    told = told_of_both(tmp_path, formats=("json",))
    assert {row["kind"] for row in told.report["problems"]} == {UNREADABLE}
