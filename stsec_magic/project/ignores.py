"""Lines for a .gitignore: what has to be added so that git leaves secrets alone."""

from __future__ import annotations

import codecs
import os
import re
from collections.abc import Sequence
from pathlib import Path

from stsec_magic.project.git import Repository
from stsec_magic.regular import bytes_of

_CHECKPOINTS = ".ipynb_checkpoints"
_LARGEST = 1 << 22
_UTF16 = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)
_SPECIAL = re.compile(r"[\\*?\[\]#!]| (?=\Z)| (?= )")
_LINE_END = re.compile(r"[\r\n]")


def missing_lines(repository: Repository, files: Sequence[Path]) -> list[str]:
    """The lines that make git ignore some files.

    Args:
        repository: The repository.
        files: Files of its work tree; they need not exist.

    Returns:
        For each that isn't ignored yet a line for the .gitignore at its top. A .gitignore further down that takes a
        file back (``!.env``) has the last word: ask ``is_ignored`` once the line is written.

    Raises:
        GitError: Git can't answer.
    """
    ignored = repository.ignored(files)
    lines = [_line(repository.root, path) for path in files if path not in ignored]
    return [*dict.fromkeys(line for line in lines if line is not None)]


def add_lines(gitignore: Path, lines: Sequence[str]) -> bytes:
    """What a .gitignore holds once lines were added.

    Args:
        gitignore: The file; it need not exist, and is not changed.
        lines: What to add.

    Returns:
        All that it holds now, its line ends kept, and the lines.

    Raises:
        OSError: It can't be read.
        ValueError: It is too large, a link, or written in UTF-16: git reads none of the latter two.
    """
    if gitignore.is_symlink():
        raise ValueError("it is a link, which git does not follow")
    try:
        held = bytes_of(str(gitignore), _LARGEST)
    except FileNotFoundError:
        held = b""
    if held is None:
        raise ValueError("it is too large")
    if held.startswith(_UTF16):
        raise ValueError("it is written in UTF-16, which git does not read")
    first = held.find(b"\n")
    end = b"\r\n" if first > 0 and held[first - 1] == ord("\r") else b"\n"
    is_open = held not in (b"", codecs.BOM_UTF8) and not held.endswith(b"\n")
    return held + (end if is_open and lines else b"") + b"".join(os.fsencode(line) + end for line in lines)


def _line(root: Path, path: Path) -> str | None:
    """A pattern that means this one file, of checkpoints all of them; None for a file of another work tree."""
    if path.name == _CHECKPOINTS:
        return f"{_CHECKPOINTS}/"
    try:
        inside = (path.parent.resolve() / path.name).relative_to(root).as_posix()
    except (OSError, RuntimeError, ValueError):
        return None
    # A pattern ends with its line: any character has to stand for what would end it.
    return "/" + _LINE_END.sub("?", _SPECIAL.sub(lambda match: f"\\{match[0]}", inside))
