"""Files that one notebook loads and another notebook or script of the audited tree writes: train.ipynb, app.ipynb."""

from __future__ import annotations

import os
from collections.abc import Iterable, Sequence
from dataclasses import replace
from pathlib import Path

from stsec_magic.files_written import Written, writes_of
from stsec_magic.model.finding import Finding, Related
from stsec_magic.model.levels import Severity
from stsec_magic.notebook.read import STDIN
from stsec_magic.regular import bytes_of
from stsec_magic.rules.origin_severity import described
from stsec_magic.source.provenance import Origin

_LARGEST = 1 << 26
_SAVING = (b"dump", b"save", b"to_pickle", b"write", b"to_hdf")
"""One of these stands wherever something is written."""


def name_writers(findings: Sequence[Finding], files: Sequence[str]) -> list[Finding]:
    """Tell loads of files that the audited tree itself writes from those of files that came from elsewhere.

    Args:
        findings: Of all notebooks.
        files: The notebooks and scripts of the tree.

    Returns:
        The same, the severity of such loads lowered, with the place that writes the file.
    """
    wanted = {_place(each): each for each in findings if _is_open(each)}
    if not wanted:
        return list(findings)
    written = _writers(set(wanted), files)
    return [_told(each, written.get(_place(each), [])) if _is_open(each) else each for each in findings]


def _is_open(finding: Finding) -> bool:
    """Whether a load reads a file of which the notebook itself says nothing more."""
    path = finding.artifact
    return finding.properties.get("origin") == Origin.FILE and path is not None and "://" not in path


def _place(finding: Finding) -> str:
    """The file that a notebook means: its kernel runs in its own folder."""
    return _joined(finding.location.path, finding.artifact or "")


def _joined(notebook: str, path: str) -> str:
    return os.path.normpath(os.path.join(os.path.dirname(os.path.abspath(notebook)), path))  # noqa: PTH100, PTH118, PTH120


def _writers(wanted: set[str], files: Iterable[str]) -> dict[str, list[Written]]:
    names = {name.encode("utf-8", "surrogateescape") for name in (Path(path).name for path in wanted) if name}
    found: dict[str, list[Written]] = {}
    for file in files:
        if file == STDIN or not _may_write(file, names):
            continue
        for written in writes_of(file):
            # A script may be run from its own folder or from the project's.
            folders = (file,) if file.endswith(".ipynb") else (file, str(Path.cwd() / "."))
            for place in {_joined(folder, written.file) for folder in folders} & wanted:
                found.setdefault(place, []).append(written)
    return found


def _may_write(file: str, names: set[bytes]) -> bool:
    try:
        data = bytes_of(file, _LARGEST) or b""
    except (OSError, ValueError):
        return False  # it has its problem already, or is no notebook
    return any(word in data for word in _SAVING) and any(name in data for name in names)


def _told(finding: Finding, writers: Sequence[Written]) -> Finding:
    others = [each for each in writers if each.path != finding.location.path]
    if not others or finding.severity is Severity.HIGH:
        return finding
    first = others[0]
    related = (Related(first.path, first.cell, first.line, "written here"), *finding.related)
    message = finding.message.replace(described(Origin.FILE), f"a file that {Path(first.path).name} writes", 1)
    # To this notebook it is still a file from elsewhere: the origin stays, the tree vouches for it.
    return replace(finding, severity=Severity.LOW, message=message, related=related)
