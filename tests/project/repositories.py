"""Real git repositories for tests, whatever the machine's own git is set to."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path

_WHO = ("-c", "user.name=A", "-c", "user.email=a@example.org", "-c", "commit.gpgsign=false")
_WITHOUT = {"GIT_CONFIG_GLOBAL": os.devnull, "GIT_CONFIG_NOSYSTEM": "1"}


def run(folder: Path, *arguments: str) -> str:
    """Git's own answer."""
    command = ["git", *_WHO, "-c", "protocol.file.allow=always", "-c", "init.defaultBranch=main", *arguments]
    environment = {name: value for name, value in os.environ.items() if not name.startswith("GIT_")}
    done = subprocess.run(
        command, cwd=folder, env=environment | _WITHOUT, capture_output=True, text=True, errors="replace", check=False
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


def repository(folder: Path) -> Path:
    """A new repository, resolved."""
    folder.mkdir(parents=True, exist_ok=True)
    run(folder, "init", "-q")
    return folder.resolve()


def put(path: Path, text: str = "x\n") -> Path:
    """A file with a content."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")
    return path


def commit(root: Path, *, force: bool = False) -> None:
    """All that stands there as a commit."""
    run(root, "add", "-A", *(["--force"] if force else []))
    run(root, "commit", "-q", "--allow-empty", "-m", "a commit")
