"""One artifact to findings and problems: a file that is inspected for its own sake, whoever loads it."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path

from stsec_magic.artifacts.paths import candidates, inspect_path
from stsec_magic.artifacts.reason import closed_words, said
from stsec_magic.hits import masker_of
from stsec_magic.model.config import Config
from stsec_magic.model.finding import Finding, Related
from stsec_magic.model.inspection import Inspection, Remark, Verdict
from stsec_magic.model.levels import Severity
from stsec_magic.model.location import Location, Part
from stsec_magic.model.problem import Problem, ProblemKind
from stsec_magic.model.rule import Rule
from stsec_magic.report.artifact import Inspected
from stsec_magic.rules import malicious_artifact, suspicious_artifact

_MOST = 10
"""Calls that are told."""

_RULES = {
    Verdict.MALICIOUS: (malicious_artifact.RULE, Severity.HIGH),
    Verdict.SUSPICIOUS: (suspicious_artifact.RULE, Severity.MEDIUM),
    Verdict.UNKNOWN: (suspicious_artifact.RULE, Severity.LOW),
}


def check_artifact(path: str, config: Config) -> tuple[list[Finding], list[Problem]]:
    """Inspect a file or a folder.

    Args:
        path: Its path.
        config: Choices.

    Returns:
        A finding, if it isn't clean, and what couldn't be looked into.
    """
    inspection = inspect_path(Path(path))
    mask = mask_of(inspection, path)
    name = mask(path.encode("utf-8", "surrogateescape").decode("utf-8", "replace"))
    problems = [
        Problem(name, None, ProblemKind.ARTIFACT_UNREADABLE, mask(closed_words(each))) for each in inspection.closed
    ]
    # A file with a malicious part may have others that can't be read; of one without, what could be read counts.
    worst = max((each.verdict for each in inspection.remarks), key=lambda each: each.rank, default=Verdict.CLEAN)
    rule, severity = _RULES.get(worst, (None, Severity.LOW))
    if rule is None or not config.selects(rule, path):
        return [], problems
    return [_finding(rule, severity, name, worst, inspection, mask)], problems


def shown(paths: Iterable[str]) -> tuple[list[Inspected], list[str]]:
    """Inspect files for a person to read.

    Args:
        paths: Files, folders in which a model is saved, names of shelves.

    Returns:
        What was found in each, and the paths at which nothing is.
    """
    rows: list[Inspected] = []
    missing: list[str] = []
    for path in paths:
        found = candidates(Path(path))
        if not found:
            missing.append(path)
        for each in found:
            inspection = inspect_path(each)
            rows.append(Inspected(str(each), inspection, mask_of(inspection, str(each))))
    return rows, missing


def mask_of(inspection: Inspection, path: str = "") -> Callable[[str], str]:
    """What takes secrets out of all that is told of a file: it is a stranger's, and may hold any.

    Args:
        inspection: What was found in it.
        path: Its path.
    """
    texts = [path, inspection.reason, *map(said, inspection.remarks), *map(closed_words, inspection.closed)]
    return masker_of(texts).mask_made


def _finding(
    rule: Rule, severity: Severity, path: str, verdict: Verdict, inspection: Inspection, mask: Callable[[str], str]
) -> Finding:
    worst = [each for each in inspection.remarks if each.verdict is verdict]
    is_told = verdict is not Verdict.UNKNOWN  # of what nobody knows the names are enough
    return Finding(
        rule=rule.id,
        severity=severity,
        confidence=rule.confidence,
        location=_whole(path),
        message=mask(f"{verdict.value}: it {said(worst[0]) if is_told else inspection.reason}"),
        masked=None,
        fingerprint=_fingerprint(rule, worst),
        properties={"verdict": verdict.value},
        related=tuple(Related(path, None, 1, mask(said(each))) for each in (worst[:_MOST] if is_told else ())),
    )


def _fingerprint(rule: Rule, worst: Sequence[Remark]) -> str:
    """Of names alone: they are nobody's secret."""
    names = sorted({each.name for each in worst})
    return hashlib.sha256("\0".join([rule.id, *names]).encode("utf-8", "replace")).hexdigest()


def _whole(path: str) -> Location:
    return Location(path, None, None, None, Part.PROJECT, None, None, None, 1, 1, 1, 1)
