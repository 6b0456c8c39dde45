"""The words of ``%stsec`` that tell something: what rules there are, what the guard does, what a file would do."""

from __future__ import annotations

from collections.abc import Sequence

from stsec_magic.live import unpickling
from stsec_magic.live.guard import Guard
from stsec_magic.live.said import has_colours, say
from stsec_magic.live.session import own_path

_CANT_SEE = (
    "what %run and exec() run (their unpickling is),",
    "processes that are started, unpicklers that look names up by themselves",
)
_MOST_NAMES = 8
_COST = "0.3 µs for each event that Python audits"
"""Measured by benchmarks/unpickling.py."""


def rules() -> None:
    """All rules, those that are told by code first."""
    from stsec_magic.report.rules import table
    from stsec_magic.rules.catalogue import rules as catalogue

    say(table(catalogue().values()).rstrip("\n"))


def explain(rule: str) -> None:
    """What a rule is about.

    Args:
        rule: Its id.
    """
    from stsec_magic.audit.settings import nearest
    from stsec_magic.rules.catalogue import rules as catalogue

    found = catalogue().get(rule)
    say(f"%stsec: unknown rule {rule!r}{nearest(rule, catalogue())}" if found is None else found.help.strip())


def status(guard: Guard, variables: dict[str, object]) -> None:
    """What is on, what is known, and what can't be seen.

    Args:
        guard: This session's.
        variables: The user's namespace.
    """
    guard.learn()
    path = own_path(variables)
    names = sorted({each.name for each in guard.known.kept})
    more = f" and {len(names) - _MOST_NAMES} more" if len(names) > _MOST_NAMES else ""
    mode = "off" if guard.mode is None else guard.mode.value
    lines = [
        f"guard      {mode}{', masking outputs' if guard.masks else ''}; {guard.checked} cells checked, "
        f"{guard.stopped} stopped",
        f"pickles    {_unpickling(guard)}",
        f"secrets    {len(names)} known{': ' if names else ''}{', '.join(names[:_MOST_NAMES])}{more}",
        f"notebook   {'where it is saved is not known here' if path is None else path}",
        f"not seen   {_CANT_SEE[0]}",
        f"           {_CANT_SEE[1]}",
    ]
    say("\n".join(lines))


def _unpickling(guard: Guard) -> str:
    if guard.mode is None:
        return "not watched" + (" (the audit hook of before is switched off)" if unpickling.installed() else "")
    loads = unpickling.stopped()
    return (
        f"every name that an unpickler asks for is judged; {loads} load{'' if loads == 1 else 's'} stopped; "
        f"costs {_COST}"
    )


def artifact(files: Sequence[str]) -> None:
    """What files would do if they were loaded.

    Args:
        files: Their paths.
    """
    from stsec_magic.artifact_check import shown
    from stsec_magic.report.artifact import render

    rows, missing = shown(files)
    text = "\n".join(render(row, colour=has_colours()) for row in rows).rstrip("\n")
    if text:
        say(text)
    for path in missing:
        say(f"%stsec: {path}: no such file or folder")
