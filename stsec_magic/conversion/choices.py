"""The project's choices, and those of a preprocessor, an exporter or a server."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from stsec_magic.audit import baselines, settings
from stsec_magic.model.config import Config


def chosen(start: Path | None, *, select: str, ignore: str, fail_on: str, baseline: str) -> Config:
    """What counts for a notebook.

    Args:
        start: Its file or folder, from which the project's stsec.toml or pyproject.toml is looked for; None for the
            working directory.
        select: Comma-separated rules and groups; "" for the project's choice.
        ignore: Comma-separated rules and groups, added to the project's.
        fail_on: A severity or ``never``; "" for the project's choice.
        baseline: A file; "" for the project's choice.

    Raises:
        ConfigError: One of them can't be taken; one line that names what is right.
    """
    return _over(settings.load(start or Path.cwd()), select, ignore, fail_on, baseline)


def require_right(*, select: str, ignore: str, fail_on: str, baseline: str) -> None:
    """Complain about a wrong choice before there is a notebook.

    Args:
        select: As for ``chosen``.
        ignore: As for ``chosen``.
        fail_on: As for ``chosen``.
        baseline: As for ``chosen``.

    Raises:
        ConfigError: One of them can't be taken.
    """
    baselines.load(_over(Config(), select, ignore, fail_on, baseline))


def _over(config: Config, select: str, ignore: str, fail_on: str, baseline: str) -> Config:
    return settings.override(
        config,
        select=select or None,
        ignore=ignore or None,
        exclude=(),
        fail_on=fail_on or None,
        baseline=baseline or None,
    )


def wrong_mode(mode: object, modes: Sequence[str]) -> str | None:
    """Complain about a mode that isn't one.

    Args:
        mode: As it was chosen.
        modes: The right ones.

    Returns:
        One line; None where nothing is wrong.
    """
    if isinstance(mode, str) and mode in modes:
        return None
    shown = str(mode)
    return f"mode is {', '.join(modes[:-1])} or {modes[-1]}, not {shown!r}{settings.nearest(shown, modes)}"
