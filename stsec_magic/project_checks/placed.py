"""Findings at places in a notebook or a script: masked and suppressed as those of any other rule."""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from stsec_magic.hits import scanner
from stsec_magic.keys_read.asked import KeyRead, KeysRead
from stsec_magic.model.config import Config
from stsec_magic.model.finding import Finding
from stsec_magic.model.hit import Hit
from stsec_magic.model.levels import Confidence, Severity
from stsec_magic.model.rule import Rule
from stsec_magic.notebook.walk import Walk
from stsec_magic.project_checks.told import fingerprint
from stsec_magic.rules.base import Subject
from stsec_magic.rules.catalogue import checks
from stsec_magic.rules.randomness import is_random
from stsec_magic.rules.search import search
from stsec_magic.triage.overlap import grounded
from stsec_magic.triage.settle import settle


@dataclass(frozen=True, slots=True)
class Said:
    """What is to be said of a place.

    Attributes:
        read: The place.
        thing: The name of what was found, for the fingerprint.
        message: What is wrong.
        severity: How bad.
        confidence: How sure.
    """

    read: KeyRead
    thing: str
    message: str
    severity: Severity
    confidence: Confidence


def placed(rule: Rule, keys: KeysRead, rows: Sequence[Said], config: Config) -> Iterator[Finding]:
    """Make findings.

    Args:
        rule: The rule.
        keys: The file.
        rows: What is to be said of it.
        config: The user's choices.

    Yields:
        The findings that are selected, in the order of the file.
    """
    subject = search(Walk(keys.raw), scanner())
    own = {cell.fragment.cell: cell.fragment for cell in subject.program.cells}
    things: dict[tuple[int | None, int], str] = {}
    hits = []
    for row in rows:
        fragment = own.get(row.read.fragment.cell, row.read.fragment)
        things[fragment.cell, row.read.start] = row.thing
        hits.append(Hit(rule, fragment, row.read.start, row.read.end, row.severity, row.confidence, row.message))
    settled, _ = settle(keys.raw, hits, config, os.urandom(16), is_random, _secrets(subject))
    is_script = not keys.raw.path.endswith(".ipynb")
    for finding, hit in settled:
        name = fingerprint(rule.id, things[hit.fragment.cell, hit.start])
        where = replace(finding.location, cell=None, cell_id=None) if is_script else finding.location
        yield replace(finding, location=where, fingerprint=name)


def _secrets(subject: Subject) -> list[Hit]:
    """All secrets of the file: none of them may leave with a message or an excerpt."""
    found: list[Hit] = []
    for check in checks():
        try:
            found += [grounded(hit) for hit in check.hits(subject) if hit.secret is not None]
        # A fault in one rule is told where the file itself is checked.
        except Exception:  # noqa: S112
            continue
    return found
