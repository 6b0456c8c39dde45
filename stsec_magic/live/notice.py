"""What the guard says of a cell: three lines, masked."""

from __future__ import annotations

from collections.abc import Sequence

from stsec_magic.live.cell_check import Outcome
from stsec_magic.live.displays import Seen
from stsec_magic.model.finding import Finding
from stsec_magic.report import brief
from stsec_magic.report.visible import visible

_RESET, _BOLD, _DIM = "\x1b[0m", "\x1b[1m", "\x1b[2m"


def stopped(outcome: Outcome) -> list[str]:
    """Why a cell doesn't run, and what to do.

    Args:
        outcome: What was found in it, one finding at least.
    """
    worst = _worst(outcome.failing)
    return [
        _line("stsec stopped this cell", worst, outcome.failing),
        _code(worst),
        _dim("%stsec cell shows more · %stsec allow once lets it run as it is, once"),
    ]


def warned(outcome: Outcome) -> list[str]:
    """What is wrong with a cell that runs all the same.

    Args:
        outcome: What was found in it, one finding at least.
    """
    worst = _worst(outcome.failing)
    return [_line("stsec", worst, outcome.failing), _code(worst), _dim("%stsec cell shows more")]


def at_fault(why: str, *, stops: bool) -> list[str]:
    """What to say where a fault of our own kept a cell from being checked.

    Args:
        why: Which fault; without anything of the cell.
        stops: Whether the cell is stopped.
    """
    if stops:
        return [
            f"{_BOLD}stsec stopped this cell: it could not be checked{_RESET}",
            f"    {visible(why)}",
            _dim("%stsec allow once lets it run unchecked, once · %stsec off"),
        ]
    return [f"{_BOLD}stsec could not check this cell{_RESET}, and lets it run: {visible(why)}"]


def displayed(seen: Sequence[Seen], *, masked: bool) -> str:
    """One line on secrets that a cell displayed.

    Args:
        seen: What was seen, once at least.
        masked: Whether masks were displayed in their place.
    """
    names: dict[str, list[str]] = {}
    for each in seen:
        names.setdefault(f"{visible(each.name)} ({visible(each.file)})", []).append(each.where)
    told = ", ".join(f"{name} in {' and '.join(where)}" for name, where in names.items())
    if masked:
        return f"{_BOLD}stsec masked{_RESET} {told}"
    return (
        f"{_BOLD}stsec: this cell's output shows{_RESET} {told} {_dim('· clear it before you save · %stsec on mask')}"
    )


def _worst(findings: Sequence[Finding]) -> Finding:
    return max(findings, key=lambda finding: (finding.severity.rank, -finding.location.line))


def _line(head: str, finding: Finding, findings: Sequence[Finding]) -> str:
    more = f" (and {len(findings) - 1} more)" if len(findings) > 1 else ""
    # No colour: front ends have red backgrounds of their own for what fails.
    return f"{_BOLD}{head}: {finding.rule}{_RESET}, {brief.message(finding)}{more}"


def _code(finding: Finding) -> str:
    return f"{_DIM}{finding.location.line:>4} │{_RESET} {brief.code_line(finding)}"


def _dim(text: str) -> str:
    return f"{_DIM}{text}{_RESET}"
