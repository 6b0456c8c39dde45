"""``%stsec env``: the project's secrets in the kernel's environment, as Streamlit puts them into the app's."""

from __future__ import annotations

import os
from collections.abc import Sequence
from pathlib import Path

from stsec_magic.live.said import say


class MissingSecretError(LookupError):
    """A secret that the notebook needs isn't kept in the project."""


def load(names: Sequence[str]) -> None:
    """Put them into the environment, and show their names.

    Args:
        names: Those that the notebook needs; none for whatever there is.

    Raises:
        MissingSecretError: One of them is kept nowhere: the cells below would fail anyway.
    """
    from stsec_magic.project.exported import ExportError, exported, secrets_file  # loading the extension stays light

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
    say(f"{where}: {', '.join(names or found) or 'nothing at its root level'}")
