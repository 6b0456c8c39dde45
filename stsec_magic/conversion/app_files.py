"""The files of an app: what they are called, what stands beside it, and that nobody's own file is overwritten."""

from __future__ import annotations

import shlex
from collections.abc import Iterable, Mapping, MutableMapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from stsec_magic.app import requirements
from stsec_magic.app.layout import MARK
from stsec_magic.app.notebook import App
from stsec_magic.app.pages import page_name
from stsec_magic.apply.secrets_file import EXAMPLE, FOLDER, SecretsError, example
from stsec_magic.model.finding import Finding
from stsec_magic.model.levels import Severity
from stsec_magic.report.visible import visible

REQUIREMENTS = "requirements.txt"

ANY = "{notebook_name}"
"""nbconvert's pattern for the name of the result, where the user didn't say another one."""

_DEPENDENCIES = (
    REQUIREMENTS,
    "pyproject.toml",
    "environment.yml",
    "environment.yaml",
    "Pipfile",
    "uv.lock",
    "setup.py",
)
_MOST = 12
_HEAD = 2000


@dataclass(slots=True)
class Beside:
    """What stands beside an app.

    Attributes:
        files: The files' contents, by path.
        notes: What kept one from being written.
    """

    files: dict[str, bytes] = field(default_factory=dict, repr=False)
    notes: list[str] = field(default_factory=list)


def place(notebooks: Sequence[str], name: str, stem: str, base: str, app_name: str) -> str:
    """What an app's file is called.

    Args:
        notebooks: All that are converted, in order.
        name: The notebook's file.
        stem: What nbconvert would call it.
        base: The pattern behind that, ``{notebook_name}`` where the user didn't say.
        app_name: What it is called by default.

    Returns:
        Its path without the ending, seen from the app's folder.
    """
    first = app_name if base == ANY else stem
    number = notebooks.index(name) if name in notebooks else 0
    if ANY in base and base != ANY:
        return stem  # each has a name of its own
    return page_name(number, Path(name).stem, first)


def is_foreign(file: Path) -> bool:
    """Whether a file stands where an app goes that no exporter wrote.

    Args:
        file: Its path.
    """
    try:
        with file.open(encoding="utf-8", errors="replace") as opened:
            return MARK not in opened.read(_HEAD)
    except FileNotFoundError:
        return False
    except OSError:
        return True


def beside(app: App, names: Iterable[str], folder: Path | None) -> Beside:
    """The files that belong to an app.

    Args:
        app: The app.
        names: What its secrets are called.
        folder: Where it goes; what stands there is kept and added to.
    """
    made = Beside(dict(app.files))
    old = _old(folder, REQUIREMENTS, made)
    has_other = folder is not None and any((folder / each).is_file() for each in _DEPENDENCIES)
    if old is not None and (app.installs or not has_other):
        new = requirements.merged(old, requirements.lines(app.installs, app.modules, app.versions))
        if new != old:
            made.files[REQUIREMENTS] = new.encode()
    if names:
        path = f"{FOLDER}/{EXAMPLE}"
        old = _old(folder, path, made)
        try:
            if old is not None:
                made.files[path] = example(old, dict.fromkeys(names, "")).encode()
        except SecretsError as error:
            made.notes.append(f"{path} {error}, and doesn't get the new names")
    return made


def _old(folder: Path | None, path: str, made: Beside) -> str | None:
    """A file as it stands there, empty for none; None where it can't be read, and so must stay as it is."""
    try:
        return "" if folder is None else (folder / path).read_text(encoding="utf-8")
    except FileNotFoundError:
        return ""
    except (OSError, UnicodeDecodeError):
        made.notes.append(f"{path} can't be read, and stays as it is")
        return None


def advice(failing: Sequence[Finding], path: str | None) -> str:
    """What to do about a notebook that can't become an app.

    Args:
        failing: Why it can't.
        path: Its file; None for none.
    """
    name = "" if path is None else shlex.quote(visible(failing[0].location.path))
    if name and all(each.masked is not None for each in failing):
        return f"stsec audit {name} shows more · stsec audit --fix {name} mends what can be mended"
    more = f"stsec audit {name} shows more · " if name else ""
    least = "high" if all(each.severity is not Severity.HIGH for each in failing) else "never"
    return f"{more}--StreamlitExporter.fail_on={least} exports it all the same"


def few(lines: Sequence[str]) -> list[str]:
    """The first of many lines, and how many more there are.

    Args:
        lines: Of what could not be translated.
    """
    more = len(lines) - _MOST
    return [*lines[:_MOST], f"stsec: and {more} more"] if more > 0 else list(lines)


def put(resources: MutableMapping[str, Any], files: Mapping[str, bytes]) -> None:
    """Hand files to nbconvert's writer.

    Args:
        resources: nbconvert's.
        files: By path, seen from the app's folder.
    """
    outputs = resources.get("outputs")
    resources["outputs"] = {**(outputs if isinstance(outputs, Mapping) else {}), **files}
