"""A load whose file lies there: what the verdict on the file makes of it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

from stsec_magic.artifacts.reason import closed_words
from stsec_magic.model.hit import Hit
from stsec_magic.model.inspection import Verdict
from stsec_magic.model.levels import Severity
from stsec_magic.model.problem import Problem, ProblemKind
from stsec_magic.rules.artifacts import Artifact
from stsec_magic.rules.base import Subject
from stsec_magic.rules.load_calls import Load
from stsec_magic.rules.loads import Reads
from stsec_magic.source.provenance import Origin

_MOST = 20
"""Files of one load."""


def artifacts_of(load: Load, subject: Subject) -> Iterator[Artifact]:
    """The files and bytes that a load reads, as far as they are here.

    What couldn't be inspected becomes a problem of the notebook.

    Args:
        load: The load.
        subject: The notebook.
    """
    if load.argument is None or load.sink.reads is Reads.CODE:
        return
    literal = subject.origins.literal(load.argument, load.use)
    if literal is not None:
        yield subject.artifacts.literal(literal, load.sink.reads)
        return
    paths = dict.fromkeys(each.path for each in subject.origins.sources(load.argument, load.use) if each.path)
    found = {each.path: each for path in [*paths][:_MOST] for each in subject.artifacts.of(path, load.sink.reads)}
    for artifact in found.values():
        for closed in artifact.inspection.closed:
            message = f"{artifact.path}: {closed_words(closed)}"
            subject.problems.append(
                Problem(subject.path, load.use.cell.fragment.cell, ProblemKind.ARTIFACT_UNREADABLE, message)
            )
        yield artifact


def inspected(load: Hit, instead: str, found: Sequence[Artifact]) -> Hit:
    """The hit of a load, with what its files tell.

    Args:
        load: The hit.
        instead: The end of its message, which says what to do.
        found: What it reads.

    Returns:
        The same where nothing is there. All clean: of low severity. A literal is as bad as its verdict.
    """
    if not found:
        return load
    worst = max(found, key=lambda each: each.inspection.verdict.rank)
    verdict = worst.inspection.verdict
    severity = load.severity
    if verdict is Verdict.CLEAN:
        severity = Severity.LOW
    elif verdict is Verdict.MALICIOUS:
        severity = Severity.HIGH
    elif load.properties.get("origin") == Origin.LITERAL:
        severity = Severity.MEDIUM
    head = load.message.removesuffix(instead)
    message = f"{head}{_told(worst)}; {load.message[len(head) :] or instead}"
    return replace(load, severity=severity, message=message, properties={**load.properties, "verdict": verdict.value})


def _told(artifact: Artifact) -> str:
    """What the file tells: "model.pkl is clean: it only builds objects of numpy"."""
    name = "it" if artifact.path is None else artifact.path.rpartition("/")[2]
    verdict, why = artifact.inspection.verdict, artifact.inspection.reason
    if verdict is Verdict.UNREADABLE:
        return f"{name} couldn't be inspected: {why}"
    return f"{name} is clean: it {why}" if verdict is Verdict.CLEAN else f"{name} {why}"
