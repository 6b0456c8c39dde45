"""Killed at any moment, or two at a time: files are whole, and no change is lost."""

from __future__ import annotations

import json
import os
import random
import signal
import sys
import time
import tomllib
from pathlib import Path
from typing import Any

import pytest

from stsec_magic.apply import notebook
from tests.apply.project import KEY, git, leaky, mend

pytestmark = pytest.mark.skipif(not hasattr(os, "fork"), reason="needs fork")

_MOMENTS = 200


def _in_child(*paths: Path, began: int | None = None) -> int:
    """Mend notebooks in another process, which tells through a pipe when it begins to write."""
    child = os.fork()
    if child == 0:
        try:
            write = notebook._write
            if began is not None:
                notebook._write = lambda *arguments: (os.write(began, b"!"), write(*arguments))[1]
            mend(*paths)
        finally:
            os._exit(0)
    return child


def _killed(path: Path, delay: float) -> None:
    """Mend a notebook in a process that is killed so many seconds after it began to write."""
    reads, writes = os.pipe()
    child = _in_child(path, began=writes)
    os.close(writes)
    os.read(reads, 1)
    os.close(reads)
    time.sleep(delay)
    os.kill(child, signal.SIGKILL)
    os.waitpid(child, 0)


@pytest.mark.filterwarnings("ignore:.*fork.*:DeprecationWarning")
def test_a_kill_at_any_moment_leaves_the_old_or_the_new_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    git(tmp_path, "init", "-q")
    path = leaky(tmp_path / "nb" / "eda.ipynb", cells=4)
    old = path.read_bytes()
    took: list[float] = []
    write = notebook._write

    def timed(*arguments: Any) -> Any:
        started = time.monotonic()
        try:
            return write(*arguments)
        finally:
            took.append(time.monotonic() - started)

    monkeypatch.setattr(notebook, "_write", timed)
    mend(path)
    monkeypatch.undo()
    new = path.read_bytes()
    assert new != old
    rng = random.Random(7)
    outcomes = {"old": 0, "new": 0}
    reach = took[0] * 1.3
    for _ in range(_MOMENTS):
        # As if for the first time, or with all or some of it done before.
        for file in rng.choice([[], ["secrets.toml"], ["secrets.toml", "../.gitignore"]]):
            (tmp_path / ".streamlit" / file).unlink(missing_ok=True)
        path.write_bytes(old)
        _killed(path, rng.random() * reach)
        now = path.read_bytes()
        assert now in (old, new), "a half-written notebook"
        # A machine is now slower, now quicker: the moments follow it, and are spread over all of the work.
        reach *= 1.05 if now == old else 0.95
        outcomes["old" if now == old else "new"] += 1
        _is_whole(tmp_path, has_moved=now == new)
    assert min(outcomes.values()) > 5, f"the moments were not spread: {outcomes}"
    path.write_bytes(old)
    mend(path)
    assert not list(tmp_path.rglob("*.stsec-tmp")), "what the killed ones left behind"


def _is_whole(root: Path, *, has_moved: bool) -> None:
    secrets, ignore = root / ".streamlit" / "secrets.toml", root / ".gitignore"
    kept = tomllib.loads(secrets.read_text(encoding="utf-8")) if secrets.exists() else {}
    assert kept in ({}, {"OPENAI_API_KEY": KEY})
    if kept:
        assert ignore.read_text() == "/.streamlit/secrets.toml\n", "a secret before its ignore line"
    if has_moved:
        assert kept, "a secret that is nowhere any more"
    git(root, "add", ".")
    staged = git(root, "ls-files").split("\n")
    assert not [name for name in staged if name.endswith("secrets.toml")]


@pytest.mark.filterwarnings("ignore:.*fork.*:DeprecationWarning")
def test_two_at_a_time_lose_nothing(tmp_path: Path) -> None:
    (tmp_path / "pyproject.toml").write_text("")
    keys = [KEY[:-3] + f"{n:03}" for n in range(12)]
    paths = [leaky(tmp_path / f"{n}.ipynb", key) for n, key in enumerate(keys)]
    shared = leaky(tmp_path / "shared.ipynb")
    children = [_in_child(shared, *paths[n::3], shared) for n in range(3)]
    for child in children:
        os.waitpid(child, 0)
    kept = tomllib.loads((tmp_path / ".streamlit" / "secrets.toml").read_text(encoding="utf-8"))
    assert sorted(map(str, kept.values())) == sorted([KEY, *keys])
    for key, path in [*zip(keys, paths, strict=True), (KEY, shared)]:
        text = path.read_text(encoding="utf-8")
        assert key not in text
        name = next(name for name, value in kept.items() if value == key)
        assert f'os.environ[\\"{name}\\"]' in text
        json.loads(text)


@pytest.mark.filterwarnings("ignore:.*fork.*:DeprecationWarning")
def test_projects_of_one_repository_write_one_gitignore(tmp_path: Path) -> None:
    git(tmp_path, "init", "-q")
    paths = [leaky(tmp_path / f"p{n}" / "eda.ipynb") for n in range(4)]
    for path in paths[1:]:
        (path.parent / "pyproject.toml").write_text("")
    for child in [_in_child(path) for path in paths]:
        os.waitpid(child, 0)
    lines = (tmp_path / ".gitignore").read_text().splitlines()
    assert sorted(lines) == ["/.streamlit/secrets.toml", *(f"/p{n}/.streamlit/secrets.toml" for n in (1, 2, 3))]
    assert not [path for path in paths if KEY in path.read_text(encoding="utf-8")]


def test_a_lock_that_is_held_is_told(tmp_path: Path) -> None:
    from stsec_magic.apply.lock import LockError, locked

    if sys.platform == "win32":
        pytest.skip("another lock")
    with locked(tmp_path), pytest.raises(LockError, match="another stsec"), locked(tmp_path, patience=0.1):
        pass
