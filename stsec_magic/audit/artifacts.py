"""Artifacts that are audited for their own sake: paths to the files that may hold a pickle."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path

from stsec_magic.audit.discover import Found, files_of
from stsec_magic.audit.likely import is_artifact
from stsec_magic.model.config import Config


def find_artifacts(paths: Iterable[str], config: Config, found: Found) -> Iterator[str]:
    """Find files that may hold a pickle, by how they begin.

    Args:
        paths: Files, which are taken whatever they are, and folders, which are walked.
        config: ``exclude`` leaves files out of a walk.
        found: Where missing paths and unreadable folders are told.

    Yields:
        Each file once.
    """
    seen: set[str] = set()
    for path in paths:
        here = Path(path)
        if not here.exists():
            found.missing.append(path)
            continue
        is_folder = here.is_dir()
        for file in files_of(path, config, found) if is_folder else (path,):
            same = str(Path(file).absolute())
            if same not in seen and (not is_folder or is_artifact(Path(file))):
                seen.add(same)
                yield file
