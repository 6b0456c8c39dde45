"""What a rule says of itself: its id, its help, and what it gives by default."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from stsec_magic.model.levels import Confidence, Severity


class Group(StrEnum):
    """The families that ``--select`` and ``--ignore`` also accept."""

    CREDENTIALS = "credentials"
    LOADS = "loads"
    ARTIFACTS = "artifacts"
    PROJECT = "project"


@dataclass(frozen=True, slots=True)
class Rule:
    """One thing that is looked for, as a user sees it.

    Attributes:
        id: Kebab-case name, used in reports, suppressions and the docs.
        title: A noun phrase for what is found.
        group: The family that selects it together with others.
        severity: The severity it gives unless the place says otherwise.
        confidence: The confidence it gives unless the place says otherwise.
        help: A page in Markdown: what it does, why it is bad, what to do instead.
        provider: The issuer's slug, for a provider's credential format.
    """

    id: str
    title: str
    group: Group
    severity: Severity
    confidence: Confidence
    help: str
    provider: str | None = None
