"""What a project says in .streamlit/config.toml."""

from __future__ import annotations

import os
import tomllib

from stsec_magic.model.problem import Problem, ProblemKind
from stsec_magic.project.secret_files import shown, up_to_root
from stsec_magic.regular import bytes_of

_LARGEST = 1 << 20


def enforces_serializable_state(notebook: str, problems: list[Problem]) -> bool:
    """Whether ``runner.enforceSerializableSessionState`` is set for the app that a notebook becomes.

    Args:
        notebook: Its path; ``-`` for standard input, which belongs to the working directory.
        problems: Gets what can't be read.

    Returns:
        What the nearest file says that has the setting; False where none has, and
        for a notebook that is no file.
    """
    if notebook != "-" and not os.path.lexists(notebook):
        return False
    for folder in up_to_root(os.path.dirname(notebook)):  # noqa: PTH120  as in secret_files
        runner = _table(f"{folder}/.streamlit/config.toml", problems).get("runner")
        if isinstance(runner, dict) and "enforceSerializableSessionState" in runner:
            return runner["enforceSerializableSessionState"] is True
    return False


def _table(path: str, problems: list[Problem]) -> dict[str, object]:
    """A file's settings."""
    try:
        data = bytes_of(path, _LARGEST)
        if data is not None:
            return tomllib.loads(data.decode("utf-8-sig"))
        why = "too large"
    except (FileNotFoundError, NotADirectoryError):
        return {}
    # A parser's message may quote the file: its kind is all that leaves.
    except (OSError, ValueError, RecursionError) as error:
        why = error.strerror if isinstance(error, OSError) and error.strerror else type(error).__name__
    message = f"cannot be read ({why}); what it says of the session's state is not known"
    problems.append(Problem(shown(path), None, ProblemKind.UNREADABLE, message))
    return {}
