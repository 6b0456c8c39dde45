"""What git's history still holds."""

from __future__ import annotations

import json
from pathlib import Path

from stsec_magic.project.git import GitError, repository_of

_MOST = 2000


def versions_holding(path: Path, value: str) -> int | None:
    """How many versions of a file in git's history hold a value.

    The value goes to no process: git gives the versions, and they are searched here.

    Args:
        path: The file.
        value: The value; it is looked for as it stands, and as JSON writes it.

    Returns:
        The number, of the newest 2,000; 0 without a repository, None where git can't be asked.
    """
    written = {value.encode("utf-8", "surrogatepass"), json.dumps(value)[1:-1].encode()}
    written.add(json.dumps(value, ensure_ascii=False)[1:-1].encode("utf-8", "surrogatepass"))
    try:
        repository = repository_of(path.resolve().parent)
        if repository is None:
            return 0
        versions = repository.contents(path, repository.commits(path)[:_MOST])
        return sum(any(each in content for each in written) for content in versions)
    except GitError:
        return None
