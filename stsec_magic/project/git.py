"""What git says of files, asked of git itself.

Paths reach it as bytes between NULs, or behind ``--`` and as they are spelt.
"""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from stsec_magic.project.git_process import GitError, git

__all__ = ["GitError", "Repository", "holder_of", "repository_of"]

_COMMAND_BYTES = 8000
"""So long may the paths on a command line be together: Windows takes 32 KB at most."""

_LARGEST = 1 << 26
_ENOUGH = 1 << 25
"""Bytes of old versions that are held at a time."""

_BLOB = re.compile(rb"([0-9a-f]{40,64}) blob (\d{1,15})")


@dataclass(frozen=True, slots=True)
class Repository:
    """The work tree of a git repository.

    Attributes:
        root: The top of the work tree, resolved.
        git_dir: The git folder of this work tree.
    """

    root: Path
    git_dir: Path

    def is_tracked(self, path: Path) -> bool:
        """Whether git tracks a file.

        Args:
            path: The file.

        Raises:
            GitError: Git can't answer.
        """
        return bool(self.tracked([path]))

    def tracked(self, paths: Sequence[Path]) -> set[Path]:
        """The files that git tracks.

        Args:
            paths: Files; those of another repository (a submodule) are not tracked in this one.

        Returns:
            Those of the given paths that are in the index.

        Raises:
            GitError: Git can't answer.
        """
        inside = self._inside(paths)
        if not inside:
            return set()
        names = [*dict.fromkeys(inside.values())]
        if sum(map(len, names)) + len(names) > _COMMAND_BYTES:
            names = []  # the whole index, then
        listed = set(git(self.root, "--literal-pathspecs", "ls-files", "-z", "--cached", "--", *names).split(b"\0"))
        return {path for path, name in inside.items() if name in listed}

    def is_ignored(self, path: Path) -> bool:
        """Whether git would leave a file alone if it weren't tracked.

        Args:
            path: The file; it need not exist.

        Raises:
            GitError: Git can't answer.
        """
        return bool(self.ignored([path]))

    def ignored(self, paths: Sequence[Path]) -> set[Path]:
        """The files that git would ignore if they weren't tracked.

        Args:
            paths: Files; they need not exist.

        Returns:
            Those of the given paths that a pattern tells git to ignore.

        Raises:
            GitError: Git can't answer.
        """
        return set(self._patterns(paths))

    def filters(self, paths: Sequence[Path]) -> dict[Path, str]:
        """The filters that files pass on their way into the repository.

        Args:
            paths: Files.

        Returns:
            By path the ``filter`` of its ``.gitattributes``, where it has one.

        Raises:
            GitError: Git can't answer.
        """
        inside = self._inside(paths)
        if not inside:
            return {}
        asked = b"".join(name + b"\0" for name in dict.fromkeys(inside.values()))
        fields = git(self.root, "check-attr", "-z", "--stdin", "filter", given=asked).split(b"\0")
        values = {name: os.fsdecode(value) for name, value in zip(fields[::3], fields[2::3], strict=False)}
        return {path: values[name] for path, name in inside.items() if values.get(name, "unspecified") != "unspecified"}

    def commits(self, path: Path) -> list[str]:
        """The commits of all branches and tags that touch a file.

        Args:
            path: The file.

        Returns:
            Their hashes, the newest first.

        Raises:
            GitError: Git can't answer.
        """
        name = self._inside([path]).get(path)
        if name is None:
            return []
        # Without --full-history a branch that took the file in and threw it out again would not be shown.
        found = git(self.root, "--literal-pathspecs", "rev-list", "--all", "--full-history", "--", name)
        return found.decode("ascii", "replace").split()

    def commits_with(self, path: Path, commits: Iterable[str], is_meant: Callable[[bytes], bool]) -> int:
        """How many commits hold a version of a file that is meant.

        Args:
            path: The file.
            commits: Their hashes.
            is_meant: Asked once for each version, in the order of the commits; not for one beyond 64 MB.

        Raises:
            GitError: Git can't answer.
        """
        versions = self._versions(path, commits)
        blobs = {each[0]: each[1] for each in versions if each is not None}
        meant = {
            blob for several in _portions(blobs.items()) for blob, content in self._read(several) if is_meant(content)
        }
        return sum(1 for each in versions if each is not None and each[0] in meant)

    def _versions(self, path: Path, commits: Iterable[str]) -> list[tuple[bytes, int] | None]:
        """For each commit the blob of a file and its size; None where it has none."""
        name = self._inside([path]).get(path)
        asked = [] if name is None else [each.encode("ascii") + b":" + name for each in commits]
        if name is None or not asked:
            return []
        # Only since version 2.38 does git know -z here: asked for where a name can't do without it.
        end, option = (b"\0", ["-z"]) if b"\n" in name else (b"\n", [])
        told = git(self.root, "cat-file", "--batch-check", *option, given=end.join([*asked, b""]))
        rows = map(_BLOB.fullmatch, told.split(b"\n"))
        return [None if match is None else (match[1], int(match[2])) for match in rows]

    def _read(self, blobs: Sequence[tuple[bytes, int]]) -> Iterator[tuple[bytes, bytes]]:
        told = git(self.root, "cat-file", "--batch", given=b"".join(blob + b"\n" for blob, _ in blobs))
        at = 0
        for blob, size in blobs:
            at = told.find(b"\n", at) + 1
            if not at or not told.startswith(blob, at - len(blob) - len(b" blob %d\n" % size)):
                raise GitError("git could not read an old version of a file")
            yield blob, told[at : at + size]
            at += size + 1

    def _patterns(self, paths: Sequence[Path]) -> dict[Path, str]:
        """The patterns by which paths are ignored."""
        inside = self._inside(paths)
        if not inside:
            return {}
        # Here git knows no --literal-pathspecs; behind "./" a colon is nothing but a colon.
        asked = b"".join(b"./" + name + b"\0" for name in dict.fromkeys(inside.values()))
        fields = git(self.root, "check-ignore", "-v", "-z", "--no-index", "--stdin", given=asked, good=(0, 1))
        rows = fields.split(b"\0")
        found: dict[bytes, str] = {}
        for source, line, pattern, name in zip(rows[::4], rows[1::4], rows[2::4], rows[3::4], strict=False):
            if not pattern.startswith(b"!"):
                found[name.removeprefix(b"./")] = os.fsdecode(b":".join((source, line, pattern)))
        return {path: found[name] for path, name in inside.items() if name in found}

    def _inside(self, paths: Iterable[Path]) -> dict[Path, bytes]:
        """Paths of this work tree and not of one inside it, as git names them; the others are left out."""
        found: dict[Path, bytes] = {}
        for path in paths:
            try:
                # A link is a file of its own: only what leads to it is resolved.
                real = path.parent.resolve() / path.name if path.name not in ("", "..") else path.resolve()
                parts = real.relative_to(self.root).parts
            except (OSError, RuntimeError, ValueError):
                continue
            above = [self.root.joinpath(*parts[:i]) for i in range(1, len(parts))]
            if parts and ".git" not in parts and not any(os.path.lexists(each / ".git") for each in above):
                found[path] = os.fsencode("/".join(parts))
        return found


def repository_of(folder: Path) -> Repository | None:
    """The repository that a folder's files belong to.

    Args:
        folder: A folder; where it doesn't exist yet, the one above it counts.

    Returns:
        None where there is none, where it has no work tree, and inside of ``.git`` itself.

    Raises:
        GitError: There is one, and git can't be asked, or refuses.
    """
    try:
        real = folder.resolve()
        while not real.is_dir():
            real = real.parent
    except (OSError, RuntimeError, ValueError):
        return None
    if holder_of(real) is None:
        return None  # without a process, and where there is no git
    answer = git(real, "rev-parse", "--is-inside-work-tree", "--show-cdup", "--absolute-git-dir", found_none=True)
    inside, up, git_dir = answer.removesuffix(b"\n").split(b"\n", 2) if answer.count(b"\n") > 2 else (b"", b"", b"")
    if inside != b"true":
        return None
    return Repository((real / os.fsdecode(up)).resolve(), Path(os.fsdecode(git_dir)))


def holder_of(folder: Path) -> Path | None:
    """The nearest folder, from one on upward, that holds a ``.git``: files of one such folder are of one repository.

    Args:
        folder: Where to begin, resolved.
    """
    return next((each for each in (folder, *folder.parents) if os.path.lexists(each / ".git")), None)


def _portions(blobs: Iterable[tuple[bytes, int]]) -> Iterator[list[tuple[bytes, int]]]:
    """Blobs in lots that fit into memory."""
    several: list[tuple[bytes, int]] = []
    for blob, size in blobs:
        if size > _LARGEST:
            continue
        if several and sum(each for _, each in several) + size > _ENOUGH:
            yield several
            several = []
        several.append((blob, size))
    if several:
        yield several
