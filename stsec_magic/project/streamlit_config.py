"""What a project says in .streamlit/config.toml."""

from __future__ import annotations

import os
import tomllib

from stsec_magic.notebook.regular import bytes_of
from stsec_magic.project.secret_files import up_to_root

_LARGEST = 1 << 20


def enforces_serializable_state(notebook: str) -> bool:
    """Whether ``runner.enforceSerializableSessionState`` is set for the app that a notebook becomes.

    Args:
        notebook: Its path; ``-`` for standard input, which belongs to the working directory.

    Returns:
        What the nearest file says that has the setting; False where none has, none can be read, and
        for a notebook that is no file.
    """
    if notebook != "-" and not os.path.lexists(notebook):
        return False
    for folder in up_to_root(os.path.dirname(notebook)):  # noqa: PTH120  as in secret_files
        runner = _table(f"{folder}/.streamlit/config.toml").get("runner")
        if isinstance(runner, dict) and "enforceSerializableSessionState" in runner:
            return runner["enforceSerializableSessionState"] is True
    return False


def _table(path: str) -> dict[str, object]:
    """A file's settings; none where it can't be read, as Streamlit itself will say so."""
    try:
        data = bytes_of(path, _LARGEST)
        return {} if data is None else tomllib.loads(data.decode("utf-8-sig"))
    except (OSError, ValueError, RecursionError):
        return {}
