"""Files that are only files: opening one never waits, and never reads a device; one is saved whole or not at all."""

from __future__ import annotations

import mmap
import os
import stat
from collections.abc import Iterator
from contextlib import contextmanager
from io import FileIO
from pathlib import Path

_LARGEST_MAP = 1 << 36
"""Bytes: as much as an address space surely has room for."""


def bytes_of(path: str, most: int) -> bytes | None:
    """A regular file's content.

    Args:
        path: The file.
        most: How many bytes it may have.

    Returns:
        None where it is larger.

    Raises:
        OSError: It can't be read, or is a FIFO, a socket, a device.
        ValueError: No path can be so.
    """
    with _opened(path) as (file, size):
        return None if size > most else file.readall()


@contextmanager
def mapped(path: Path) -> Iterator[bytes | mmap.mmap]:
    """Map a regular file into memory.

    Args:
        path: The file.

    Yields:
        Its bytes.

    Raises:
        OSError: It can't be read, is no regular file, or is too large.
        ValueError: No path can be so.
    """
    with _opened(path) as (file, size):
        if size > _LARGEST_MAP:
            raise OSError(0, "it is too large")
        if size == 0:
            yield b""
            return
        with mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as data:
            yield data


def save_text(path: Path, text: str) -> None:
    """Write a file, whole or not at all; a link is followed, and the file's mode stays.

    Args:
        path: The file. A pipe or a device has no halves to guard, and gets the text as it is.
        text: What is to stand in it.

    Raises:
        OSError: It can't be written; the old file is untouched.
    """
    if path.exists() and not path.is_file():
        path.write_text(text, encoding="utf-8", errors="replace", newline="\n")
        return
    real = path.resolve()
    part = real.with_name(f".{real.name}.{os.getpid()}.part")
    try:
        part.write_text(text, encoding="utf-8", errors="replace", newline="\n")
        if real.exists():
            part.chmod(stat.S_IMODE(real.stat().st_mode))
        part.replace(real)
    finally:
        part.unlink(missing_ok=True)


@contextmanager
def _opened(path: str | Path) -> Iterator[tuple[FileIO, int]]:
    with open(path, "rb", buffering=0, opener=_without_waiting) as file:
        status = os.fstat(file.fileno())
        if not stat.S_ISREG(status.st_mode):
            raise OSError(0, "it is not a regular file")
        yield file, status.st_size


def _without_waiting(path: str, flags: int) -> int:
    # Opening a FIFO would wait for a writer for ever; a device is told apart once it is open.
    return os.open(path, flags | getattr(os, "O_NONBLOCK", 0))
