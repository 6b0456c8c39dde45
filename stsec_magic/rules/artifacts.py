"""The files that loads read, where they lie beside the notebook: found by the paths that the code spells, inspected.

What inspects them is imported where there is one: most notebooks have none, and it would be a fifth of the start.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from stsec_magic.model.inspection import Inspection
from stsec_magic.model.percent import decode
from stsec_magic.rules.loads import Reads

_ELSEWHERE = re.compile(r"(?i)[a-z][\w+.-]{1,20}:|//|\\\\")
"""Beginnings of URLs and of paths on other machines, which are not looked at."""

_DRIVE = re.compile(r"[A-Za-z]:[\\/]")
_LONGEST = 4_000


@dataclass(frozen=True, slots=True)
class Artifact:
    """Something that a load reads.

    Attributes:
        path: As reports show it; None for bytes that stand in the notebook itself.
        inspection: What was found in it.
    """

    path: str | None
    inspection: Inspection


class Artifacts:
    """Finds and inspects the files of one notebook's loads."""

    def __init__(self, notebook: str | None, roots: Sequence[str] = ()) -> None:
        """Take where to look.

        Args:
            notebook: The notebook's path; None where it has none.
            roots: Further folders in which the code may run.
        """
        beside = [] if notebook is None else [str(PurePosixPath(notebook).parent)]
        self._folders = [*beside, *roots]
        self._roots = roots

    def of(self, path: str, reads: Reads) -> Iterator[Artifact]:
        """What stands at a path.

        Args:
            path: As the code spells it.
            reads: What the load takes it for.

        Yields:
            The files, inspected; nothing where there are none, or they are not on this machine.
        """
        if not self._folders or len(path) > _LONGEST or "\0" in path:
            return
        path = decode(path.removeprefix("file://")) if path.startswith("file://") else path
        if _ELSEWHERE.match(path) and not _DRIVE.match(path):
            return
        from stsec_magic.artifacts.paths import candidates

        for place in self._places(path):
            found = candidates(Path(place).expanduser() if place.startswith("~") else Path(place))
            if found:
                yield from (Artifact(_shown(each), _inspected(each, reads)) for each in found)
                return

    @staticmethod
    def literal(data: bytes, reads: Reads) -> Artifact:
        """Bytes that stand in the notebook."""
        from stsec_magic.artifacts.inspection import inspect
        from stsec_magic.artifacts.yaml_tags import inspect_yaml

        return Artifact(None, inspect_yaml(data) if reads is Reads.YAML else inspect(data))

    def _places(self, path: str) -> Iterator[str]:
        """Where a path may lead: from the notebook's folder, from the roots; there also by its end alone."""
        if path.startswith(("/", "~")) or _DRIVE.match(path):
            yield path
            # A path of another machine, /content/model.pkl: under a root it may have kept its folders or lost them.
            parts = PurePosixPath(path.replace("\\", "/")).parts[1:]
            for root in self._roots:
                yield from (str(PurePosixPath(root, *parts[i:])) for i in range(len(parts)))
            return
        for folder in self._folders:
            yield str(PurePosixPath(folder, path)) if folder != "." else path


def _inspected(path: Path, reads: Reads) -> Inspection:
    from stsec_magic.artifacts.paths import inspect_path
    from stsec_magic.artifacts.yaml_tags import inspect_yaml_path

    return inspect_yaml_path(path) if reads is Reads.YAML else inspect_path(path)


def _shown(path: Path) -> str:
    return path.as_posix().encode("utf-8", "surrogateescape").decode("utf-8", "replace")
