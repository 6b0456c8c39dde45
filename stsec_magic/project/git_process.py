"""One run of git.

The repository is a stranger's, and so is its configuration: nothing that it names may run, nothing may go over a
network, and no word of git's own leaves.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
from collections.abc import Sequence
from pathlib import Path

_SECONDS = 30

_SAFE = (
    "--no-pager", "--no-optional-locks",
    "-c", "core.fsmonitor=false", "-c", f"core.hooksPath={os.devnull}", "-c", "core.untrackedCache=false",
    "-c", "core.alternateRefsCommand=", "-c", "protocol.allow=never", "-c", "log.showSignature=false",
)  # fmt: skip
_OVERRIDES = {
    "LC_ALL": "C",
    "GIT_OPTIONAL_LOCKS": "0",
    "GIT_TERMINAL_PROMPT": "0",
    "GIT_NO_LAZY_FETCH": "1",
    # Unlike protocol.allow no configuration goes before it.
    "GIT_ALLOW_PROTOCOL": "none",
}
# What a user says of git in general; the other variables name a repository, or were meant for another command.
_KEPT = re.compile(
    r"GIT_(?:CONFIG_(?:GLOBAL|SYSTEM|NOSYSTEM|COUNT|KEY_\d{1,4}|VALUE_\d{1,4})"
    r"|CEILING_DIRECTORIES|DISCOVERY_ACROSS_FILESYSTEM|EXEC_PATH)"
)
_WHY = (
    (b"dubious ownership", "it belongs to somebody else (see git config safe.directory)"),
    (b"unsafe repository", "it belongs to somebody else (see git config safe.directory)"),
    (b"bad config", "its configuration cannot be read"),
    (b"index file", "its index is broken"),
    (b"not a git repository", "what .git points to is no repository"),
)


class GitError(Exception):
    """Git can't answer; its text is one line for the user."""


def git(
    folder: Path, *arguments: str | bytes, given: bytes = b"", good: Sequence[int] = (0,), found_none: bool = False
) -> bytes:
    """Run git.

    Args:
        folder: Where.
        arguments: The command and its arguments.
        given: What it reads from standard input.
        good: The exit statuses of an answer.
        found_none: Whether "there is no repository" is an answer, too.

    Returns:
        What it says; nothing where there is no repository.

    Raises:
        GitError: Git isn't installed, refuses, fails, or takes too long.
    """
    program = _program()
    try:
        done = subprocess.run(  # noqa: S603  no shell, and nothing that the repository's files could choose
            [program, *_SAFE, *arguments],
            input=given,
            cwd=folder,
            env=_environment(),
            capture_output=True,
            timeout=_SECONDS,
            check=False,
        )
    except subprocess.TimeoutExpired:
        raise GitError(f"git gave no answer within {_SECONDS} seconds") from None
    except (OSError, ValueError) as error:
        raise GitError(f"git cannot be run ({type(error).__name__})") from None
    if done.returncode in good:
        return done.stdout
    if found_none and b"not a git repository (or any" in done.stderr:
        return b""
    # Git's own words may hold names and values.
    why = next((words for mark, words in _WHY if mark in done.stderr), f"it failed with status {done.returncode}")
    raise GitError(f"git cannot read the repository: {why}")


def _program() -> str:
    program = shutil.which("git")
    if program is None or not Path(program).is_absolute():  # never one that lies in the folder being checked
        raise GitError("git is not installed, so nobody can say what it tracks")
    return program


def _environment() -> dict[str, str]:
    kept = {name: value for name, value in os.environ.items() if not name.startswith("GIT_") or _KEPT.fullmatch(name)}
    return kept | _OVERRIDES
