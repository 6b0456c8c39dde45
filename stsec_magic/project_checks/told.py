"""From what a check saw to a finding: masked, fingerprinted by the name of the thing."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from stsec_magic.hits import masker_of
from stsec_magic.model.finding import Finding, Related
from stsec_magic.model.levels import Confidence, Severity
from stsec_magic.model.location import Location, Part
from stsec_magic.model.problem import Problem
from stsec_magic.model.rule import Rule
from stsec_magic.project_checks.tree import File

_SHORTEST = 8


@dataclass(frozen=True, slots=True)
class Place:
    """A span on a line of a file; without a better one, its beginning.

    Attributes:
        line: From 1.
        column: From 1.
        end: The column just past it.
    """

    line: int = 1
    column: int = 1
    end: int = 1


WHOLE = Place()


def told(
    rule: Rule,
    file: File,
    thing: str,
    message: str,
    *,
    severity: Severity | None = None,
    confidence: Confidence | None = None,
    place: Place = WHOLE,
    masked: str | None = None,
    related: Sequence[Related] = (),
) -> Finding:
    """A finding about a file; not masked yet.

    Args:
        rule: The rule.
        file: The file.
        thing: The name of what was found, for the fingerprint: never a path or a value.
        message: What is wrong.
        severity: The rule's where none is given.
        confidence: The rule's where none is given.
        place: Where in the file.
        masked: The secret that stands there, as it may be shown.
        related: Places that explain it.
    """
    return Finding(
        rule=rule.id,
        severity=severity or rule.severity,
        confidence=confidence or rule.confidence,
        location=_location(file, place),
        message=message,
        masked=masked,
        fingerprint=fingerprint(rule.id, thing),
        related=tuple(related),
        file=str(file.path),
    )


def _location(file: File, place: Place) -> Location:
    span = (place.line, place.column, place.line, place.end)
    return Location(file.shown, None, None, None, Part.PROJECT, None, None, None, *span)


def fingerprint(rule: str, thing: str) -> str:
    """A name for a finding that is the same on every machine.

    Args:
        rule: The rule's id.
        thing: The name of what was found.
    """
    return hashlib.sha256(f"{rule}\0{thing}".encode("utf-8", "replace")).hexdigest()


class Masks:
    """Takes all secrets out of what leaves: names of files and keys may hold some."""

    def __init__(self, findings: Sequence[Finding], problems: Sequence[Problem], values: Iterable[str]) -> None:
        """Look for secrets in all that is to leave.

        Args:
            findings: Findings about files.
            problems: What can't be read.
            values: The values of the project's secrets.
        """
        texts = [text for row in findings for text in (row.message, row.location.path)]
        texts += [text for row in findings for each in row.related for text in (each.message, each.path)]
        texts += [text for row in problems for text in (row.message, row.path)]
        self._masker = masker_of([*dict.fromkeys(map(_writable, texts))])
        self._known = [*dict.fromkeys(value for value in values if len(value) >= _SHORTEST and not _is_word(value))]

    def finding(self, row: Finding) -> Finding:
        """A finding that may leave.

        Args:
            row: The finding.
        """
        related = tuple(
            replace(each, path=self._path(each.path), message=self._text(each.message)) for each in row.related
        )
        where = replace(row.location, path=self._path(row.location.path))
        return replace(row, location=where, message=self._text(row.message), related=related)

    def problem(self, row: Problem) -> Problem:
        """A problem that may leave.

        Args:
            row: The problem.
        """
        return replace(row, path=self._path(row.path), message=self._text(row.message))

    def _path(self, text: str) -> str:
        return self._masker.mask_path(self._unknown(text))

    def _text(self, text: str) -> str:
        return self._masker.mask_made(self._unknown(text))

    def _unknown(self, text: str) -> str:
        text = _writable(text)
        for value in self._known:
            text = text.replace(value, f"...({len(value)})")
        return text


def _is_word(value: str) -> bool:
    """Whether a value is a plain word, which names of files and keys are made of."""
    return value.isalpha() and value.islower()


def _writable(text: str) -> str:
    return text.encode("utf-8", "surrogateescape").decode("utf-8", "replace")
