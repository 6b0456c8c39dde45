"""What a rule saw, before anything is judged, placed or masked."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from stsec_magic.model.fragment import Fragment
from stsec_magic.model.levels import Confidence, Severity
from stsec_magic.model.rule import Rule
from stsec_magic.model.secret import Secret


@dataclass(frozen=True, slots=True, eq=False)
class Clue:
    """Another place that belongs to a hit: where the bytes came from, where a name was bound.

    Attributes:
        fragment: The text it stands in.
        start: Offset in that text.
        message: A few words: "downloaded here".
    """

    fragment: Fragment
    start: int
    message: str


@dataclass(frozen=True, slots=True)
class Note:
    """Something to tell of a hit that stands in no fragment: what a file would do.

    Attributes:
        path: The file; None where it is the hit's own place.
        message: A few words: "calls os.system('id')". Taken from a stranger's file: it may hold anything.
    """

    path: str | None
    message: str


@dataclass(frozen=True, slots=True, eq=False)
class Hit:
    """One place that a rule found. Lives only while a notebook is checked.

    Attributes:
        rule: The rule that found it.
        fragment: The text it stands in.
        start: Offset of the span's first character in that text.
        end: Offset just past the span.
        severity: How bad.
        confidence: How sure.
        message: One sentence that never holds the secret.
        secret: The value, where the place holds one; its span is the hit's.
        strength: Which of two hits on one span stays; the greater one.
        random: Whether the value's format guarantees 64 random bits, so that it may enter the
            fingerprint.
        properties: Further facts for the JSON report.
        clues: Related places.
        artifact: The file that is loaded, as the code names it, where that is spelt out.
        notes: What that file would do.
        name: What the code calls the secret: a variable, a key; empty where it says nothing.
    """

    rule: Rule
    fragment: Fragment
    start: int
    end: int
    severity: Severity
    confidence: Confidence
    message: str
    secret: Secret | None = None
    strength: int = 0
    random: bool = False
    properties: Mapping[str, str] = field(default_factory=dict)
    clues: tuple[Clue, ...] = ()
    artifact: str | None = None
    notes: tuple[Note, ...] = ()
    name: str = ""
