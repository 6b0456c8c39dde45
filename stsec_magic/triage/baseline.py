"""A baseline: what was known when it was written, matched with what is found now. No file is touched here."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Sequence
from dataclasses import dataclass, replace
from typing import NamedTuple

from stsec_magic.model.finding import Finding, Suppression
from stsec_magic.model.problem import Problem
from stsec_magic.triage.assemble import original_of

BASELINE = "baseline"


class KnownFinding(NamedTuple):
    """A finding as a baseline knows it.

    Attributes:
        path: The file it was found in, as the baseline writes paths.
        rule: The rule's id.
        fingerprint: The finding's.
    """

    path: str
    rule: str
    fingerprint: str


class KnownProblem(NamedTuple):
    """A problem as a baseline knows it.

    Attributes:
        path: The file that could not be checked in full, as the baseline writes paths.
        kind: Why.
        cell: The cell's number; None where it concerns the whole file.
    """

    path: str
    kind: str
    cell: int | None


@dataclass(frozen=True, slots=True)
class Baseline:
    """What was known.

    Attributes:
        findings: One for each finding.
        problems: One for each problem.
    """

    findings: tuple[KnownFinding, ...] = ()
    problems: tuple[KnownProblem, ...] = ()

    def __len__(self) -> int:
        """How many entries it has."""
        return len(self.findings) + len(self.problems)


@dataclass(frozen=True, slots=True)
class Matched:
    """What a baseline made of a report.

    Attributes:
        findings: All of them, the known ones suppressed.
        problems: The known ones.
        left: What of the baseline matched nothing.
    """

    findings: tuple[Finding, ...]
    problems: frozenset[Problem]
    left: Baseline


Where = Callable[[str], str]
"""From a path in a report to the same in the baseline."""


def record(findings: Iterable[Finding], problems: Iterable[Problem], where: Where) -> Baseline:
    """What a baseline has to remember.

    Args:
        findings: Of a report. Those that somebody else silenced are not taken in.
        problems: Of a report.
        where: How the baseline writes a path.
    """
    return Baseline(
        tuple(
            KnownFinding(where(each.location.path), each.rule, each.fingerprint)
            for each in findings
            if each.suppressed is None or each.suppressed.how == BASELINE
        ),
        tuple(KnownProblem(where(each.path), each.kind.value, each.cell) for each in problems),
    )


def match(
    baseline: Baseline,
    findings: Sequence[Finding],
    problems: Iterable[Problem],
    where: Where,
    may_have_moved: Callable[[str], bool] = lambda _: True,
) -> Matched:
    """Suppress what a baseline knows.

    An entry silences one finding: the one at its path, else one with its fingerprint elsewhere. So a second copy of
    a line is new, in its notebook (where its fingerprint differs) as in another one (where the entry is spent).

    Args:
        baseline: The baseline.
        findings: Of a report.
        problems: Of the same report.
        where: How the baseline writes a path.
        may_have_moved: Whether a problem of the file at such a path may be another file's now: a problem has no
            fingerprint, so not if the file is still there and was only not looked at.
    """
    places = [(where(each.location.path), each.fingerprint) for each in findings]
    entries = [(each.path, each.fingerprint) for each in baseline.findings]
    pairing = _Pairing(entries)
    known = pairing.match(entries, places)
    known |= _in_checkpoints(set(entries), places)
    # What somebody silenced by other means needs no entry, unless it is its own.
    prints = [None if i in known or findings[i].suppressed else each[1] for i, each in enumerate(places)]
    known |= pairing.match([each[1] for each in entries], prints)
    recorded, left = _problems(baseline.problems, problems, where, may_have_moved)
    return Matched(
        tuple(
            replace(each, suppressed=Suppression(BASELINE, "")) if i in known and each.suppressed is None else each
            for i, each in enumerate(findings)
        ),
        recorded,
        Baseline(tuple(baseline.findings[i] for i in pairing.left), left),
    )


def _in_checkpoints(entries: set[tuple[str, str]], places: Sequence[tuple[str, str]]) -> set[int]:
    """A checkpoint is what its notebook was: what is known there is not new here."""
    originals = [(original_of(path), fingerprint) for path, fingerprint in places]
    return {i for i, place in enumerate(originals) if place in entries}


def _problems(
    entries: Sequence[KnownProblem], problems: Iterable[Problem], where: Where, may_have_moved: Callable[[str], bool]
) -> tuple[frozenset[Problem], tuple[KnownProblem, ...]]:
    """Problems have no fingerprint: the same cell first, then the same kind in the same file, then in a moved one."""
    found = list(problems)
    rows = [KnownProblem(where(each.path), each.kind.value, each.cell) for each in found]
    pairing = _Pairing(entries)
    known = pairing.match(entries, rows)
    known |= pairing.match([each[:2] for each in entries], [None if i in known else r[:2] for i, r in enumerate(rows)])
    moved = [each[1:] if may_have_moved(each.path) else None for each in entries]
    known |= pairing.match(moved, [None if i in known else r[1:] for i, r in enumerate(rows)])
    return frozenset(found[i] for i in known), tuple(entries[i] for i in pairing.left)


class _Pairing:
    """Entries that each go with one thing that was found."""

    def __init__(self, entries: Sequence[object]) -> None:
        self.left = dict.fromkeys(range(len(entries)))

    def match(self, entries: Sequence[Hashable], found: Sequence[Hashable]) -> set[int]:
        """Spend entries.

        Args:
            entries: By what each of the entries is known this time; None for one that isn't.
            found: The same for each thing that was found.

        Returns:
            Which of the things that were found have an entry now.
        """
        spare: dict[Hashable, list[int]] = {}
        for i in reversed(self.left):
            if entries[i] is not None:
                spare.setdefault(entries[i], []).append(i)
        matched = set()
        for i, key in enumerate(found):
            if key is not None and spare.get(key):
                del self.left[spare[key].pop()]
                matched.add(i)
        return matched
