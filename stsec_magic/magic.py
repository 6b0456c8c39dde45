"""Door: the ``%stsec`` line magic: what a file would do, the project's secrets, mending."""

from __future__ import annotations

import os
import shlex
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Protocol


class Manager(Protocol):
    """Keeps IPython's magics.

    Attributes:
        magics: By kind and name.
    """

    magics: dict[str, dict[str, Callable[[str], None]]]


class Shell(Protocol):
    """As much of an IPython shell as an extension needs.

    Attributes:
        magics_manager: Keeps its magics.
    """

    magics_manager: Manager

    def register_magic_function(self, func: Callable[[str], None], magic_kind: str, magic_name: str) -> None:
        """Add a magic."""


_USAGE = """\
%stsec artifact FILE ...          what would these files do if they were loaded?
%stsec env [NAME ...]             put the project's secrets into os.environ, and show their names
%stsec fix [--diff] [NOTEBOOK]    mend this notebook as it is saved, or another one"""


class MissingSecretError(LookupError):
    """A secret that the notebook needs isn't kept in the project."""


def stsec(line: str) -> None:
    """Tell what pickles would do, load the project's secrets, mend a notebook.

    Args:
        line: What stands behind ``%stsec``.

    Raises:
        MissingSecretError: A name behind ``env`` is in no secrets file: the cells below would fail anyway.
    """
    try:
        command, *words = shlex.split(line) or [""]
    except ValueError as error:
        _say(f"%stsec: {error}")
        return
    if command == "artifact" and words:
        _artifact(words)
    elif command == "env":
        _env(words)
    elif command == "fix":
        _fix(words)
    else:
        _say(_USAGE)


def _artifact(files: Sequence[str]) -> None:
    from stsec_magic.artifact_check import shown  # loading the extension stays light
    from stsec_magic.report.artifact import render

    rows, missing = shown(files)
    _say("\n".join(render(row, colour=sys.stdout.isatty()) for row in rows).rstrip("\n"))
    for path in missing:
        _say(f"%stsec: {path}: no such file or folder")


def _env(names: Sequence[str]) -> None:
    """As Streamlit does for the app, so that notebook and app read the same secrets."""
    from stsec_magic.project.exported import ExportError, exported, secrets_file

    file = secrets_file(Path.cwd())
    try:
        found = {} if file is None else exported(file)
    except ExportError as error:
        raise MissingSecretError(str(error)) from None
    os.environ.update(found)
    missing = [name for name in names if name not in os.environ]
    where = "no .streamlit/secrets.toml here or above" if file is None else os.path.relpath(file)
    if missing:
        raise MissingSecretError(f"{', '.join(missing)}: not set ({where})")
    _say(f"{where}: {', '.join(names or found) or 'nothing at its root level'}")


def _fix(words: Sequence[str]) -> None:
    paths = [word for word in words if word != "--diff"] or _own_path()
    if not paths:
        _say("%stsec: where this notebook is saved isn't known here; give its path: %stsec fix NOTEBOOK")
        return
    from stsec_magic.apply.batch import mend_all
    from stsec_magic.audit import settings
    from stsec_magic.report.mending import diff, render

    try:
        config = settings.load(Path(paths[0]).parent)
    except settings.ConfigError as error:
        _say(f"%stsec: {error}")
        return
    mending = mend_all(paths, config, write="--diff" not in words)
    if not mending.is_written:
        _say(diff(mending, colour=sys.stdout.isatty()).rstrip("\n"))
    _say(render(mending).rstrip("\n") or "nothing to mend")
    if mending.has_changed:
        _say("the file has changed: reload the notebook from disk")


def _own_path() -> list[str]:
    """The notebook's file, where the server or the editor tells the kernel."""
    told = os.environ.get("JPY_SESSION_NAME", "")
    main = sys.modules.get("__main__")
    by_editor = getattr(main, "__vsc_ipynb_file__", None)
    candidates = (by_editor if isinstance(by_editor, str) else "", told)
    return [path for path in candidates if path.endswith(".ipynb") and Path(path).is_file()][:1]


def _say(text: str) -> None:
    if text:
        sys.stdout.write(f"{text}\n")
