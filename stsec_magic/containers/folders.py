"""The files of a folder in which a model is saved; links lead nowhere but into it."""

from __future__ import annotations

import os
import stat
from collections.abc import Iterator
from pathlib import Path

from stsec_magic.model.inspection import Closed

_MOST_FILES = 2_000
_DEEPEST = 12


def files_in(path: Path) -> Iterator[tuple[str, Path | Closed]]:
    """All regular files of a folder.

    Args:
        path: The folder.

    Yields:
        Name and path of each, sorted within its folder; or what isn't looked at.
    """
    allowed = [path.resolve()]
    if path.parent.name == "snapshots":
        # The cache of Hugging Face's hub keeps the files themselves beside the folders of their names.
        allowed.append((path.parent.parent / "blobs").resolve())
    count = 0
    for folder, folders, names in os.walk(path):
        inner = Path(folder)
        folders.sort()
        if len(inner.relative_to(path).parts) >= _DEEPEST:
            folders.clear()
            yield "", Closed(inner.relative_to(path).as_posix(), "too many folders stand one inside the other")
        for each in sorted((*names, *(name for name in folders if (inner / name).is_symlink()))):
            count += 1
            if count > _MOST_FILES:
                yield "", Closed("", "it has too many files")
                return
            yield from _file(inner / each, (inner / each).relative_to(path).as_posix(), allowed)


def _file(file: Path, name: str, allowed: list[Path]) -> Iterator[tuple[str, Path | Closed]]:
    try:
        if file.is_symlink():
            target = file.resolve(strict=True)
            if not any(target.is_relative_to(each) for each in allowed):
                yield name, Closed(name, "it is a link that leads out of the folder")
                return
            if target.is_relative_to(allowed[0]):
                # It is met under its own name.
                return
        mode = file.stat().st_mode
    except (OSError, RuntimeError):
        yield name, Closed(name, "it is a link to nothing")
        return
    if stat.S_ISREG(mode):
        yield name, file
