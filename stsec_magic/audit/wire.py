"""Results on their way from a worker process: JSON bytes, never a pickle of ours."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

import orjson

from stsec_magic.checker import Checked
from stsec_magic.model.finding import Copy, Excerpt, Finding, Related, Suppression
from stsec_magic.model.levels import Confidence, Severity
from stsec_magic.model.location import Location, Part
from stsec_magic.model.problem import Problem, ProblemKind


def pack(results: Sequence[tuple[int, Checked]]) -> bytes:
    """Some notebooks' results as JSON.

    Args:
        results: Each file's number and what it gave.
    """
    return orjson.dumps(results)


def unpack(data: bytes) -> Iterator[tuple[int, Checked]]:
    """The results again."""
    for number, row in orjson.loads(data):
        yield (
            number,
            Checked(
                tuple(_finding(finding) for finding in row["findings"]),
                tuple(Problem(p["path"], p["cell"], ProblemKind(p["kind"]), p["message"]) for p in row["problems"]),
                row["cells"],
            ),
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
