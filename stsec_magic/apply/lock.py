"""One process at a time mends a project."""

from __future__ import annotations

import os
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

_PATIENCE = 60.0
_PAUSE = 0.05
_NAME = ".stsec-lock"


class LockError(Exception):
    """Another process holds the lock; one line for the user."""


@contextmanager
def locked(folder: Path, patience: float = _PATIENCE) -> Iterator[None]:
    """Hold the lock of a project.

    Where the system can, the folder itself is locked: the lock goes with the process, however it ends.

    Args:
        folder: The project's root.
        patience: Seconds to wait for another process.

    Raises:
        LockError: It took too long.
        OSError: The folder can't be opened.
    """
    try:
        import fcntl
    except ImportError:  # Windows
        with _by_file(folder, patience):
            yield
        return
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        until = time.monotonic() + patience
        while True:
            try:
                fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
                break
            except OSError:
                _wait(until, folder)
        yield
    finally:
        os.close(descriptor)


@contextmanager
def _by_file(folder: Path, patience: float) -> Iterator[None]:
    """A file that only one can make; a process that is killed leaves it behind."""
    file = folder / _NAME
    until = time.monotonic() + patience
    while True:
        try:
            os.close(os.open(file, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600))
            break
        except FileExistsError:
            _wait(until, file)
    try:
        yield
    finally:
        with suppress(OSError):
            file.unlink()


def _wait(until: float, what: Path) -> None:
    if time.monotonic() > until:
        raise LockError(f"another stsec is mending this project ({what} is locked); try again when it is done")
    time.sleep(_PAUSE)
