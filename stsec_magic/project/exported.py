"""What Streamlit puts into the environment from .streamlit/secrets.toml: its root-level strings and numbers.

https://docs.streamlit.io/develop/api-reference/connections/st.secrets
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from pathlib import Path

from stsec_magic.project.secret_files import up_to_root
from stsec_magic.regular import bytes_of

_FILE = Path(".streamlit", "secrets.toml")
_LARGEST = 1 << 20


class ExportError(Exception):
    """The file can't be read; one line for the user, without any value."""


def secrets_file(folder: Path) -> Path | None:
    """The nearest ``.streamlit/secrets.toml``, from a folder up to the project's root.

    Args:
        folder: Where to begin.
    """
    files = (Path(above) / _FILE for above in up_to_root(str(folder)))
    return next((file for file in files if file.exists()), None)


def exported(file: Path) -> dict[str, str]:
    """The environment variables that a secrets file stands for.

    Args:
        file: The file.

    Returns:
        Their values by name, as Streamlit writes them.

    Raises:
        ExportError: It can't be read, or is no TOML.
    """
    try:
        data = bytes_of(str(file), _LARGEST)
        if data is None:
            raise ExportError(f"{file} is too large for a file of secrets")
        table = tomllib.loads(data.decode("utf-8-sig"))
    except OSError as error:
        raise ExportError(f"{file} cannot be read: {error.strerror or type(error).__name__}") from None
    # The parser's message may quote the file.
    except (ValueError, RecursionError):
        raise ExportError(f"{file} is no TOML") from None
    return variables(table)


def variables(table: Mapping[str, object]) -> dict[str, str]:
    """The root-level keys that Streamlit puts into the environment: texts and numbers, no truth values.

    Args:
        table: A secrets file, parsed.
    """
    return {name: str(value) for name, value in table.items() if type(value) in (str, int, float)}
