"""What git's history still holds."""

from __future__ import annotations

import json
from pathlib import Path

from stsec_magic.project.git import GitError, repository_of

_MOST = 2000


def commits_holding(path: Path, value: str) -> int | None:
    """How many commits of git's history hold a value in a file.

    The value goes to no process: git gives the versions, and they are searched here.

    Args:
        path: The file.
        value: The value; it is looked for as it stands, and as JSON writes it.

    Returns:
        The number, of the newest 2,000 that changed the file; 0 without a repository, None where git can't be asked.
    """
    written = {value.encode("utf-8", "surrogatepass"), json.dumps(value)[1:-1].encode()}
    written.add(json.dumps(value, ensure_ascii=False)[1:-1].encode("utf-8", "surrogatepass"))
    try:
        repository = repository_of(path.resolve().parent)
        if repository is None:
            return 0
        commits = repository.commits(path)[:_MOST]
        return repository.commits_with(path, commits, lambda content: any(each in content for each in written))
    except GitError:
        return None
