"""Files that are only files: opening one never waits, and never reads a device."""

from __future__ import annotations

import os
import stat


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
    with open(path, "rb", buffering=0, opener=_opened) as file:
        status = os.fstat(file.fileno())
        if not stat.S_ISREG(status.st_mode):
            raise OSError(0, "it is not a regular file")
        if status.st_size > most:
            return None
        return file.readall()


def _opened(path: str, flags: int) -> int:
    # Opening a FIFO would wait for a writer for ever; a device is told apart once it is open.
    return os.open(path, flags | getattr(os, "O_NONBLOCK", 0))
