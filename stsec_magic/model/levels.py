"""How bad a finding is, and how sure we are of it: two scales, kept apart."""

from __future__ import annotations

from enum import StrEnum


class _Level(StrEnum):
    """A three-step scale whose members compare by rank."""

    @property
    def rank(self) -> int:
        """0 for low, 1 for medium, 2 for high."""
        return ("low", "medium", "high").index(self.value)


class Severity(_Level):
    """What happens if the finding is true and nobody mends it."""

    LOW = "low"
    MEDIUM = "medium"
    HIGH = "high"


class Confidence(_Level):
    """How sure the rule is that the finding is true."""

    LOW = "low"
    MEDIUM = "medium"
    HIGH = "high"
