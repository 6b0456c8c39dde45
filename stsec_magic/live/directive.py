"""``%%stsec`` at the head of a cell: read by the guard, taken out of the way of what runs the cell.

IPython would hand the cell's body to a magic, which could only run it by ``run_cell``: the reply would say "ok" where
the body failed, and ``await`` would not work. So the line becomes a comment, and the guard sees it in the raw cell.
"""

from __future__ import annotations

import shlex
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from stsec_magic.live.words import Parser, UsageError
from stsec_magic.model.config import Config

NAME = "%%stsec"
_MOST_ABOVE = 8
"""So many other cell magics may stand above it."""


class DirectiveError(Exception):
    """An option that isn't one; one line for the user."""


@dataclass(frozen=True, slots=True)
class Directive:
    """What ``%%stsec`` asks for.

    Attributes:
        warns: Whether the cell runs whatever is found.
        select: Rules or groups, comma-separated, instead of the project's choice.
        ignore: Rules or groups besides the project's.
        fail_on: The least severity that stops the cell, instead of the project's.
    """

    warns: bool = False
    select: str | None = None
    ignore: str | None = None
    fail_on: str | None = None

    def applied(self, config: Config) -> Config:
        """The project's choices with these.

        Args:
            config: The project's.

        Raises:
            DirectiveError: A rule or a level isn't one.
        """
        if not (self.select or self.ignore or self.fail_on):
            return config
        from stsec_magic.audit import settings

        try:
            return settings.override(config, select=self.select, ignore=self.ignore, fail_on=self.fail_on, exclude=())
        except settings.ConfigError as error:
            raise DirectiveError(str(error)) from None


def line_of(lines: Sequence[str]) -> int | None:
    """Which line is ``%%stsec``: the first one, or one below other cell magics.

    Args:
        lines: A cell's.
    """
    for i, line in enumerate(lines[: _MOST_ABOVE + 1]):
        if line.startswith(NAME) and not line[len(NAME) :].strip("\r\n")[:1].strip():
            return i
        if not line.startswith("%%"):
            return None
    return None


def directive(cell: str) -> Directive | None:
    """What a cell's ``%%stsec`` asks for.

    Args:
        cell: The cell, as the user wrote it.

    Returns:
        None where there is no such line.

    Raises:
        DirectiveError: It has an option that isn't one.
    """
    if NAME not in cell:
        return None
    lines = cell.lstrip("\n").splitlines()[: _MOST_ABOVE + 1]
    i = line_of(lines)
    return None if i is None else _parsed(lines[i][len(NAME) :])


def _parsed(line: str) -> Directive:
    parser = Parser(prog=NAME, add_help=False)
    parser.add_argument("mode", nargs="?", choices=("warn", "block"), default="block")
    parser.add_argument("--select")
    parser.add_argument("--ignore")
    parser.add_argument("--fail-on", dest="fail_on")
    try:
        options = parser.parse_args(shlex.split(line))
    except (ValueError, UsageError) as error:
        raise DirectiveError(str(error)) from None
    return replace(
        Directive(), warns=options.mode == "warn", select=options.select, ignore=options.ignore, fail_on=options.fail_on
    )


class Transformer:
    """Takes the line out of a cell, as one of IPython's input transformers.

    Attributes:
        has_side_effects: IPython leaves those that have some out where it only asks whether a cell is complete:
            there the line must stand, as a cell magic goes on to the next empty line.
    """

    has_side_effects = True

    def __init__(self, met: Callable[[], object]) -> None:
        """Take whom to tell.

        Args:
            met: Called where such a line is met, before the cell runs.
        """
        self._met = met

    def __call__(self, lines: list[str]) -> list[str]:
        """Make a comment of the line, so that the others keep their numbers; another cell magic must come first.

        Args:
            lines: The cell's.
        """
        i = line_of(lines)
        if i is None:
            return lines
        self._met()
        below = lines[i + 1] if i + 1 < len(lines) else ""
        instead = [] if i or below.startswith("%%") else [f"# {lines[i]}"]
        return [*lines[:i], *instead, *lines[i + 1 :]]
