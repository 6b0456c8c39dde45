"""What is said of a notebook that is converted or saved: few lines, masked, harmless in a terminal."""

from __future__ import annotations

import shlex
from collections.abc import Sequence

from stsec_magic.model.finding import Finding
from stsec_magic.model.problem import Problem
from stsec_magic.model.report import Report
from stsec_magic.report import brief
from stsec_magic.report.notes import has_line
from stsec_magic.report.place import place
from stsec_magic.report.visible import visible

_MOST_FINDINGS = 3
_MOST_PROBLEMS = 4


def refused(report: Report, failing: Sequence[Finding], path: str | None, last: str | None = None) -> list[str]:
    """Why a notebook isn't converted, and what to do: three lines.

    Args:
        report: What was found.
        failing: What of it refuses the notebook, one finding at least.
        path: The notebook's file; None where there is none.
        last: The last line; by default how to see more, and how to convert it all the same.
    """
    worst = _worst(failing or report.active)
    head = f"stsec: {_name(worst, path)} is not converted: {said(worst)}"
    return [f"{head}{_and_more(len(failing) - 1)}", f"    {_code(worst)}", f"    {last or advice(failing, path)}"]


def blocked(failing: Sequence[Finding]) -> str:
    """Why a notebook isn't saved, and what to do: one line for a dialog.

    Args:
        failing: What refuses it, one finding at least.
    """
    # The tool that lists all of them reads files, and this one isn't written.
    return f"stsec: not saved: {said(_worst(failing))}{_and_more(len(failing) - 1)}; take it out, then save again"


def warned(failing: Sequence[Finding], path: str | None) -> list[str]:
    """What is wrong with a notebook that is converted or saved all the same: three findings at most, and a count.

    Args:
        failing: What is wrong, one finding at least.
        path: The notebook's file; None where there is none.
    """
    rows = sorted(failing, key=lambda each: -each.severity.rank)
    lines = [f"stsec: {_name(each, path)}: {said(each)}" for each in rows[:_MOST_FINDINGS]]
    more = len(rows) - _MOST_FINDINGS
    return [*lines, f"stsec: and {more:,} more"] if more > 0 else lines


def unchecked(problems: Sequence[Problem]) -> list[str]:
    """What could not be checked: a handful, and a count.

    Args:
        problems: The problems.
    """
    lines = [f"stsec: {_where(each)}: {visible(each.message)}" for each in problems[:_MOST_PROBLEMS]]
    more = len(problems) - _MOST_PROBLEMS
    return [*lines, f"stsec: and {more:,} more problems"] if more > 0 else lines


def at_fault(why: str, *, stops: bool) -> str:
    """What to say where a fault of our own kept a notebook from being checked.

    Args:
        why: Which fault; without anything of the notebook.
        stops: Whether it isn't converted therefore.
    """
    what = "this notebook is not converted, as it could not be checked" if stops else "this notebook was not checked"
    return f"stsec: {what}: {visible(why)}"


def masked(places: int, secrets: int, left: Sequence[Finding]) -> str:
    """What masking did, in one line.

    Args:
        places: How many places show a mask now.
        secrets: How many secrets stood there.
        left: Findings that fail and hold no secret.
    """
    line = f"stsec masked {_plural(places, 'place') if places else 'nothing'}"
    line += f" ({_plural(secrets, 'secret')})" if places and secrets else ""
    if not left:
        return line
    rules = ", ".join(sorted({each.rule for each in left}))
    return f"{line}; left as it is: {_plural(len(left), 'finding')} without a secret ({visible(rules)})"


def said(finding: Finding) -> str:
    """A finding in one line, such as ``untrusted-load in cell 2, line 1, joblib.load reads ...``.

    Args:
        finding: The finding.
    """
    where = place(finding.location)
    line = f", line {finding.location.line}" if has_line(finding.location) else ""
    return f"{finding.rule} in {where}{line}: {brief.message(finding)}"


def advice(failing: Sequence[Finding], path: str | None) -> str:
    """How to see more, and how to convert a notebook that was refused.

    Args:
        failing: What refuses it, one finding at least.
        path: Its file; None where the findings don't stand there.
    """
    more = [] if path is None else [f"stsec audit {shlex.quote(_name(failing[0], path))} shows more"]
    if all(each.masked is not None for each in failing):
        return " · ".join((*more, "--StsecPreprocessor.mode=redact masks secrets"))
    return " · ".join((*more, "--StsecPreprocessor.mode=warn converts it all the same"))


def _worst(findings: Sequence[Finding]) -> Finding:
    return max(findings, key=lambda each: each.severity.rank)


def _and_more(n: int) -> str:
    return f" (and {n:,} more)" if n else ""


def _name(finding: Finding, path: str | None) -> str:
    # The finding's own is masked.
    return "this notebook" if path is None else visible(finding.location.path)


def _code(finding: Finding) -> str:
    return f"{finding.location.line:>4} │ {brief.code_line(finding)}".rstrip()


def _where(problem: Problem) -> str:
    path = visible(problem.path)
    return path if problem.cell is None else f"{path}, cell {problem.cell}"


def _plural(n: int, word: str) -> str:
    return f"{n:,} {word}" if n == 1 else f"{n:,} {word}s"
