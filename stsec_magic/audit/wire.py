"""Findings on their way from a worker process: JSON bytes, never a pickle of ours."""

from __future__ import annotations

from typing import Any

import orjson

from stsec_magic.checker import Checked
from stsec_magic.model.finding import Copy, Excerpt, Finding, Related, Suppression
from stsec_magic.model.levels import Confidence, Severity
from stsec_magic.model.location import Location, Part
from stsec_magic.model.problem import Problem, ProblemKind


def pack(checked: Checked) -> bytes:
    """One notebook's result as JSON."""
    return orjson.dumps(checked)


def unpack(data: bytes) -> Checked:
    """The result again."""
    row = orjson.loads(data)
    return Checked(
        tuple(_finding(finding) for finding in row["findings"]),
        tuple(Problem(p["path"], p["cell"], ProblemKind(p["kind"]), p["message"]) for p in row["problems"]),
        row["cells"],
    )


def _finding(row: dict[str, Any]) -> Finding:
    location = {**row["location"], "part": Part(row["location"]["part"])}
    excerpt = row["excerpt"]
    return Finding(
        **{
            **row,
            "severity": Severity(row["severity"]),
            "confidence": Confidence(row["confidence"]),
            "location": Location(**location),
            "related": tuple(Related(**each) for each in row["related"]),
            "copies": tuple(Copy(**each) for each in row["copies"]),
            "suppressed": None if row["suppressed"] is None else Suppression(**row["suppressed"]),
            "excerpt": None if excerpt is None else Excerpt(**{**excerpt, "lines": tuple(excerpt["lines"])}),
        }
    )
