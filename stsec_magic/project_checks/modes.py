"""Who else on this machine may read or change a file, as its mode says."""

from __future__ import annotations

import os
import stat
import sys
from enum import Enum

from stsec_magic.project_checks.tree import File, resolved


class Right(Enum):
    """What others may do, by the bits of a mode for everybody and for the file's group.

    Attributes:
        READ: Read it.
        WRITE: Change it.
    """

    READ = (0o004, 0o040)
    WRITE = (0o002, 0o020)


def others_with(right: Right, file: File) -> str | None:
    """Who else may do something with a file: its mode says so, and every folder on the way lets them in.

    Args:
        right: What.
        file: The file.

    Returns:
        A few words; None for nobody, and on Windows, whose files have no such modes.
    """
    if sys.platform == "win32":
        return None
    folder = resolved(str(file.path.parent))
    try:
        status = (folder / file.path.name).stat()
        modes = [(each.stat().st_mode, each.stat().st_gid) for each in (folder, *folder.parents)]
    except OSError:
        return None
    if not stat.S_ISREG(status.st_mode):
        return None
    everybody, group = right.value
    if status.st_mode & everybody and all(mode & 0o001 for mode, _ in modes):
        return "everybody on this machine"
    # Most people are alone in the group that bears their name.
    is_shared = status.st_gid != os.getgid()
    if is_shared and status.st_mode & group and all(_lets_in(mode, gid, status.st_gid) for mode, gid in modes):
        return "the file's group"
    return None


def _lets_in(mode: int, owner: int, group: int) -> bool:
    return bool(mode & (0o010 if owner == group else 0o001))
