"""Bytes to a notebook's JSON; every failure becomes a problem and the text is kept."""

from __future__ import annotations

import errno
import json
import re
import sys
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import orjson

from stsec_magic.model.problem import Problem, ProblemKind
from stsec_magic.notebook.leaves import string_leaves
from stsec_magic.notebook.repeated import hidden_values
from stsec_magic.regular import bytes_of

MAX_BYTES = 1 << 30
"""A larger file is not read: its parsed form would need many times that much memory."""

STDIN = "-"
"""The path that stands for standard input."""

_OURS = re.compile(r"^<<<<<<< ", re.MULTILINE)
_THEIRS = re.compile(r"^=======\r?$", re.MULTILINE)
_CURRENT = 4
_MANY_DIGITS = 10**9


@dataclass(slots=True)
class RawNotebook:
    """A notebook as it was read, before it is walked.

    Attributes:
        path: As given or found, for the report.
        data: The JSON object, nbformat 4 after an upgrade; None where there is none.
        content: The file's bytes, UTF-8 JSON; None where there is no file, or its text had to be decoded otherwise.
        original: The JSON before an upgrade, whose paths are the file's; None where there was none.
        hidden: What stood under keys that are repeated later: parsers keep the last of them alone.
        problems: What went wrong so far.
    """

    path: str
    # Neither is shown by repr: both may hold secrets.
    data: Mapping[str, Any] | None = field(default=None, repr=False)
    content: bytes | None = field(default=None, repr=False)
    original: Mapping[str, Any] | None = field(default=None, repr=False)
    hidden: list[Any] = field(default_factory=list, repr=False)
    problems: list[Problem] = field(default_factory=list)
    decoded: str | None = field(default=None, repr=False)

    @property
    def text(self) -> str | None:
        """The file's text, decoded when first asked for; None for a notebook that did not come from a file."""
        if self.decoded is None and self.content is not None:
            self.decoded = self.content.decode()
        return self.decoded

    def problem(self, kind: ProblemKind, message: str, cell: int | None = None) -> None:
        """Add a problem with this notebook."""
        self.problems.append(Problem(self.path, cell, kind, message))


def read(path: str) -> RawNotebook:
    """Read a notebook file, or standard input where the path is ``-``.

    Args:
        path: The file.

    Returns:
        What could be read; never raises for a bad file.
    """
    raw = RawNotebook(path)
    try:
        data = sys.stdin.buffer.read(MAX_BYTES + 1) if path == STDIN else bytes_of(path, MAX_BYTES)
    except (OSError, ValueError) as error:  # ValueError: a NUL in the path
        why = _why_not_read(path, error) if isinstance(error, OSError) else "no path can be so"
        raw.problem(ProblemKind.UNREADABLE, f"cannot be read: {why}")
        return raw
    if data is None or len(data) > MAX_BYTES:
        raw.problem(ProblemKind.TOO_LARGE, f"is larger than {MAX_BYTES >> 20} MiB and was not checked")
        return raw
    parse(data, raw)
    return raw


def _why_not_read(path: str, error: OSError) -> str:
    if isinstance(error, IsADirectoryError):
        return "it is a folder"
    if isinstance(error, FileNotFoundError):
        return "it is a link to a file that doesn't exist" if Path(path).is_symlink() else "no such file"
    if error.errno == errno.ENXIO:
        return "it is not a regular file"  # a socket, or a FIFO without a writer
    return error.strerror or type(error).__name__


def from_mapping(notebook: Mapping[str, Any], path: str) -> RawNotebook:
    """Take a notebook that is already in memory, a plain dict or a NotebookNode."""
    raw = RawNotebook(path)
    _settle(notebook, raw)
    return raw


def parse(data: bytes, raw: RawNotebook) -> None:
    """Parse a notebook file's bytes into ``raw``.

    Args:
        data: The file's content.
        raw: Gets data, text and problems.
    """
    if not data:
        return
    try:
        parsed = orjson.loads(data)
        raw.content = data
        raw.hidden = hidden_values(data, parsed)
    except orjson.JSONDecodeError:
        text = raw.decoded = _decode(data, raw)
        try:
            # Lone surrogates, NaN, BOM, UTF-16, control characters: json takes them.
            parsed = json.loads(text, strict=False)
            raw.hidden = hidden_values(text.encode("utf-8", "surrogatepass"), parsed)
        except (ValueError, RecursionError) as error:
            raw.problem(ProblemKind.INVALID_JSON, _why_not_json(error, text))
            return
    if raw.hidden:
        raw.problem(
            ProblemKind.INVALID_NOTEBOOK,
            "repeats a key in one object, so that Jupyter shows the last value alone; the others were searched as text",
        )
    _settle(parsed, raw)


def _decode(data: bytes, raw: RawNotebook) -> str:
    encoding = json.detect_encoding(data)
    if encoding not in ("utf-8", "utf-8-sig") and not _begins_as_json(data, encoding):
        encoding = "utf-8"  # a stray NUL among the first bytes looks like a wider encoding
    try:
        return data.decode(encoding)
    except UnicodeDecodeError as error:
        raw.problem(
            ProblemKind.INVALID_JSON,
            f"is not valid {error.encoding.upper()} at byte {error.start}; read with replacement characters",
        )
        return data.decode(encoding, errors="replace")


def _begins_as_json(data: bytes, encoding: str) -> bool:
    """Whether a file's first characters are JSON's in some encoding: a bracket, and ASCII without a NUL."""
    begin = data[:64].decode(encoding, "ignore").lstrip("\ufeff \t\r\n")[:6]
    return begin.startswith(("{", "[")) and begin.isascii() and "\0" not in begin


def _why_not_json(error: Exception, text: str) -> str:
    ours = _OURS.search(text)
    if ours is not None and _THEIRS.search(text, ours.end()) is not None:
        return "holds merge-conflict markers, so it is not JSON; its text was searched for credentials all the same"
    if isinstance(error, json.JSONDecodeError):
        where = f" (line {error.lineno}, column {error.colno}: {error.msg})"
    else:
        where = f" ({'nested too deep' if isinstance(error, RecursionError) else 'a number is too long'})"
    return f"is not JSON{where}; its text was searched for credentials all the same"


def _settle(parsed: object, raw: RawNotebook) -> None:
    """Decide which nbformat it is, upgrade an old one, refuse what is no notebook."""
    if not isinstance(parsed, Mapping):
        what = "an array" if isinstance(parsed, list) else "a string" if isinstance(parsed, str) else "a bare value"
        raw.problem(
            ProblemKind.INVALID_NOTEBOOK,
            f"holds {what} where a notebook holds an object; its text was searched for credentials all the same",
        )
        return
    major = parsed.get("nbformat")
    if isinstance(major, bool):
        major = None  # True is no 1
    if (major in (1, 2, 3) and not _is_version_4(parsed)) or ("worksheets" in parsed and "cells" not in parsed):
        _upgrade(parsed, raw)
        return
    raw.data = parsed
    if isinstance(parsed.get("cells"), list):
        if major != _CURRENT:
            raw.problem(ProblemKind.INVALID_NOTEBOOK, f"says nbformat {_short(major)}; it was read as version 4")
    else:
        raw.data = None
        raw.problem(
            ProblemKind.INVALID_NOTEBOOK,
            "has no list of cells; its text was searched for credentials all the same",
        )
        if raw.text is None:
            raw.decoded = _as_text(parsed)


def _upgrade(parsed: Mapping[str, Any], raw: RawNotebook) -> None:
    from stsec_magic.notebook.upgrade import UpgradeError, upgrade  # nbformat is slow to import

    try:
        raw.data = upgrade(parsed)
        raw.original = parsed
    except UpgradeError as error:
        raw.problem(
            ProblemKind.INVALID_NOTEBOOK,
            f"is an old notebook that nbformat can't upgrade ({error}); its text was searched for credentials",
        )
        if raw.text is None:
            raw.decoded = _as_text(parsed)


def _is_version_4(parsed: Mapping[str, Any]) -> bool:
    """Whether a notebook that names an older version has cells as version 4 has them, with a ``source`` each."""
    cells = parsed.get("cells")
    if "worksheets" in parsed or not isinstance(cells, list):
        return False
    return any(isinstance(cell, Mapping) and "source" in cell and "cell_type" in cell for cell in cells)


def _short(value: object) -> str:
    if isinstance(value, int) and abs(value) > _MANY_DIGITS:
        return "a very large number"
    return "nothing" if value is None else repr(value) if isinstance(value, int) else f"a {type(value).__name__}"


def _as_text(parsed: Mapping[str, Any]) -> str:
    """What text there is in a notebook that has no file and no cells, one leaf with its key a line."""
    return "\n".join(f'"{name}": {json.dumps(text)}' for _, name, text in string_leaves(parsed, ()))
