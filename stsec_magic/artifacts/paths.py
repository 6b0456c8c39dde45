"""A path to a verdict: a file, a folder in which a model is saved, or the files of a shelf."""

from __future__ import annotations

import time
from functools import lru_cache
from pathlib import Path

from stsec_magic.artifacts.inspection import inspect, inspect_members
from stsec_magic.containers.members import folder_members, shelf_files
from stsec_magic.model.inspection import Closed, Inspection
from stsec_magic.regular import mapped

_FOLDER_SECONDS = 60.0


def inspect_path(path: Path) -> Inspection:
    """Inspect what stands at a path.

    Args:
        path: A file or a folder.

    Returns:
        The verdict; one that can't be read has the verdict "unreadable".
    """
    try:
        if path.is_dir():
            until = time.monotonic() + _FOLDER_SECONDS
            return inspect_members(folder_members(path, until), until)
        status = path.stat()
        return _inspected(str(path), status.st_size, status.st_mtime_ns)
    except (OSError, ValueError) as error:
        why = error.strerror if isinstance(error, OSError) and error.strerror else type(error).__name__
        return inspect_members([Closed("", f"it can't be read: {why}")])


def candidates(path: Path) -> list[Path]:
    """What a load of a path may read: itself, or the files of the shelf of that name.

    Args:
        path: The path.

    Returns:
        Nothing where nothing is there.
    """
    try:
        return [path] if path.exists() else shelf_files(path)
    except (OSError, ValueError):
        return []


@lru_cache(maxsize=256)
def _inspected(path: str, size: int, _modified: int) -> Inspection:
    """Many notebooks load the same model: it is inspected once."""
    if size == 0:
        return inspect_members([Closed("", "it is empty")])
    with mapped(Path(path)) as data:
        return inspect(data)
