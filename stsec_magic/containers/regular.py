"""A file's bytes, mapped into memory, if it is a file: opening one never waits, and never reads a device."""

from __future__ import annotations

import mmap
import os
import stat
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from stsec_magic.pickles.operands import Buffer

_LARGEST = 1 << 36
"""Bytes: as much as an address space surely has room for."""


@contextmanager
def mapped(path: Path) -> Iterator[Buffer]:
    """Map a regular file.

    Args:
        path: The file.

    Yields:
        Its bytes.

    Raises:
        OSError: It can't be read, is no regular file, or is too large.
    """
    with open(path, "rb", buffering=0, opener=_opened) as file:
        status = os.fstat(file.fileno())
        if not stat.S_ISREG(status.st_mode):
            raise OSError(0, "it is not a regular file")
        if status.st_size > _LARGEST:
            raise OSError(0, "it is too large")
        if status.st_size == 0:
            yield b""
            return
        with mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as data:
            yield data


def _opened(path: str, flags: int) -> int:
    # Opening a FIFO would wait for a writer for ever; a device is told apart once it is open.
    return os.open(path, flags | getattr(os, "O_NONBLOCK", 0))
