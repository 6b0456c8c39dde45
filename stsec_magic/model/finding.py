"""A finding: masked, placed, ready to be shown."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from stsec_magic.model.levels import Confidence, Severity
from stsec_magic.model.location import Location


@dataclass(frozen=True, slots=True)
class Copy:
    """The same cell in a checkpoint copy of the notebook.

    Attributes:
        path: The copy's path.
        cell: The cell's number there.
        line: The line in that cell's text.
    """

    path: str
    cell: int | None
    line: int


@dataclass(frozen=True, slots=True)
class Related:
    """A place that explains a finding.

    Attributes:
        path: The notebook's path.
        cell: The cell's number.
        line: The line in that cell's text.
        message: A few words: "downloaded here".
    """

    path: str
    cell: int | None
    line: int
    message: str


@dataclass(frozen=True, slots=True)
class Suppression:
    """Who decided that a finding does not count.

    Attributes:
        how: ``comment``, ``tag``, ``metadata``, ``baseline`` or ``foreign``.
        reason: The words that were given, "" where none were.
    """

    how: str
    reason: str


@dataclass(frozen=True, slots=True)
class Excerpt:
    """The masked lines around a finding, for reports that show code.

    Attributes:
        first: The number of the first line.
        lines: The lines, secrets masked, long ones shortened.
        line: Which line the mark goes under.
        start: Column from 1 of the mark in that line as shown.
        end: Column just past the mark.
        language: What the lines are written in.
    """

    first: int
    lines: tuple[str, ...]
    line: int
    start: int
    end: int
    language: str


@dataclass(frozen=True, slots=True)
class Finding:
    """One place where something is wrong. Holds masked text only.

    Attributes:
        rule: The rule's id.
        severity: How bad.
        confidence: How sure.
        location: Where.
        message: What is wrong, in one sentence.
        masked: The secret as it may be shown; None where no secret stands.
        fingerprint: Hex SHA-256 that survives moved cells (docs/architecture.md).
        properties: Sink, origin, provider, verdict and the like.
        related: Places that explain it.
        copies: The same cell in a checkpoint copy.
        fixable: Whether ``--fix`` can mend it.
        suppressed: Who silenced it; None where nobody did.
        excerpt: The lines around it, masked.
        tag: Keyed digest that is equal for places of the same secret within one run.
        cell_tag: Keyed digest that is equal for byte-identical texts within one run.
        artifact: The file that is loaded, as the code names it; None where that holds a secret or isn't spelt out.
        file: Of a finding about a file beside the notebooks its real path, which reports show shortened and masked.
    """

    rule: str
    severity: Severity
    confidence: Confidence
    location: Location
    message: str
    masked: str | None
    fingerprint: str
    properties: Mapping[str, str | int] = field(default_factory=dict)
    related: tuple[Related, ...] = ()
    copies: tuple[Copy, ...] = ()
    fixable: bool = False
    suppressed: Suppression | None = None
    excerpt: Excerpt | None = None
    tag: str | None = None
    cell_tag: str | None = None
    artifact: str | None = None
    file: str | None = field(default=None, repr=False)
