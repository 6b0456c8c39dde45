"""A file replaced whole or not at all, and only if nobody else changed it meanwhile."""

from __future__ import annotations

import errno
import os
import tempfile
from contextlib import suppress
from pathlib import Path

_SUFFIX = ".stsec-tmp"


class ChangedError(Exception):
    """Somebody else changed the file meanwhile; it was left as it is."""


def replace(
    path: Path, data: bytes, expected: bytes | None, *, mode: int | None = None, scratch: Path | None = None
) -> None:
    """Write a file beside another and put it in its place.

    Args:
        path: The file; a link is followed, and stays.
        data: What is to stand in it.
        expected: What stands in it now; None for a file that doesn't exist yet.
        mode: Its permissions; by default those that it has.
        scratch: Where to write at first, on the same file system; by default beside the file.

    Raises:
        ChangedError: Something else stands there than expected.
        OSError: It can't be written; the old file is untouched.
    """
    real = path.resolve()
    before = None if expected is None else real.stat()
    if before is not None and not os.access(real, os.W_OK):
        raise PermissionError(errno.EACCES, "it is read-only")  # a rename would not ask
    descriptor, name = tempfile.mkstemp(_SUFFIX, _prefix(real), scratch or real.parent)
    temporary = Path(name)
    try:
        with os.fdopen(descriptor, "wb") as file:
            file.write(data)
            file.flush()
            if mode is None and before is not None:
                mode = before.st_mode & 0o7777
            if mode is not None:
                temporary.chmod(mode)
            os.fsync(file.fileno())
        if temporary.read_bytes() != data:
            raise OSError(0, "what was written reads otherwise")
        _put(temporary, real, expected)
    finally:
        with suppress(FileNotFoundError):
            temporary.unlink()
    _sync(real.parent)


def sweep(path: Path, scratch: Path | None = None) -> None:
    """Take away what a run that was killed left behind.

    Args:
        path: A file that such a run may have been about to write; nobody else does now.
        scratch: Where it may have written at first.
    """
    real = path.resolve()
    folder = scratch or real.parent
    with suppress(OSError):
        for entry in os.scandir(folder):
            if entry.name.startswith(_prefix(real)) and entry.name.endswith(_SUFFIX):
                Path(entry.path).unlink()


def _put(temporary: Path, real: Path, expected: bytes | None) -> None:
    if expected is None:
        try:
            os.link(temporary, real)  # unlike a rename it never takes another file's place
        except FileExistsError:
            raise ChangedError(f"{real.name} was made by somebody else meanwhile") from None
        except OSError:
            if real.exists():
                raise ChangedError(f"{real.name} was made by somebody else meanwhile") from None
            temporary.replace(real)
        return
    try:
        now = real.read_bytes()
    except FileNotFoundError:
        now = None
    if now != expected:
        raise ChangedError("it was changed by somebody else meanwhile, and left as it is now")
    temporary.replace(real)


def _prefix(real: Path) -> str:
    # Names may be as long as the file system allows already.
    return f".{real.name.encode()[:100].decode(errors='ignore')}."


def _sync(folder: Path) -> None:
    """Make the new entry last; not every system lets a folder be opened."""
    with suppress(OSError):
        descriptor = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)
