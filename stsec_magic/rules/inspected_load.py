"""A load whose file lies there: what the verdict on the file makes of it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

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


@dataclass(frozen=True, slots=True)
class Read:
    """What a load reads, as far as it is here.

    Attributes:
        artifacts: The files and bytes, inspected.
        is_all: Whether there is nothing else that it may read.
    """

    artifacts: Sequence[Artifact]
    is_all: bool


def read_by(load: Load, subject: Subject) -> Read:
    """The files and bytes that a load reads. What couldn't be inspected becomes a problem of the notebook.

    Args:
        load: The load.
        subject: The notebook.
    """
    if load.argument is None or load.sink.reads is Reads.CODE:
        return Read((), is_all=False)
    literal = subject.origins.literal(load.argument, load.use)
    if literal is not None:
        return Read((subject.artifacts.literal(literal, load.sink.reads),), is_all=True)
    sources = subject.origins.sources(load.argument, load.use)
    paths = [*dict.fromkeys(each.path for each in sources if each.path)]
    found = {path: [*subject.artifacts.of(path, load.sink.reads)] for path in paths[:_MOST]}
    artifacts = {each.path: each for several in found.values() for each in several}
    for artifact in artifacts.values():
        _tell_closed(artifact, load, subject)
    # Bytes that come from elsewhere, or a file that isn't there, nobody has looked at.
    is_all = all(each.origin is Origin.OWN if each.path is None else bool(found.get(each.path)) for each in sources)
    return Read([*artifacts.values()], is_all)


def _tell_closed(artifact: Artifact, load: Load, subject: Subject) -> None:
    cell = load.use.cell.fragment.cell
    for closed in artifact.inspection.closed:
        message = f"{artifact.path}: {closed_words(closed)}"
        subject.problems.append(Problem(subject.path, cell, ProblemKind.ARTIFACT_UNREADABLE, message))


def inspected(load: Hit, instead: str, read: Read) -> Hit:
    """The hit of a load, with what its files tell.

    Args:
        load: The hit.
        instead: The end of its message, which says what to do.
        read: What it reads.

    Returns:
        The same where nothing is there, or where what is clean isn't all that it may read. All clean: of low
        severity. A literal is as bad as its verdict.
    """
    if not read.artifacts:
        return load
    worst = max(read.artifacts, key=lambda each: each.inspection.verdict.rank)
    verdict = worst.inspection.verdict
    severity = load.severity
    if verdict is Verdict.CLEAN:
        if not read.is_all:
            return load
        severity = Severity.LOW
    elif verdict is Verdict.MALICIOUS:
        severity = Severity.HIGH
    elif load.properties.get("origin") == Origin.LITERAL:
        severity = Severity.MEDIUM
    message = f"{load.message.removesuffix(instead)}{_told(worst)}; {instead}"
    return replace(load, severity=severity, message=message, properties={**load.properties, "verdict": verdict.value})


def _told(artifact: Artifact) -> str:
    """What the file tells: "model.pkl is clean: it only builds objects of numpy"."""
    name = "it" if artifact.path is None else artifact.path.rpartition("/")[2]
    verdict, why = artifact.inspection.verdict, artifact.inspection.reason
    if verdict is Verdict.UNREADABLE:
        return f"{name} couldn't be inspected: {why}"
    return f"{name} is clean: it {why}" if verdict is Verdict.CLEAN else f"{name} {why}"
