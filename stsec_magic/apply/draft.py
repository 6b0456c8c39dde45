"""A notebook's new text: planned, written in memory, and proved before anybody sees it."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

from stsec_magic.apply.proof import Culprit, why_unsound
from stsec_magic.checker import Examined
from stsec_magic.fix.context import Context
from stsec_magic.fix.edit import Refusal
from stsec_magic.fix.plan import Plan, plan
from stsec_magic.model.fragment import JsonPath
from stsec_magic.model.hit import Hit
from stsec_magic.model.mending import Left
from stsec_magic.notebook.read import RawNotebook
from stsec_magic.notebook.splice import Splice, SpliceError, spliced
from stsec_magic.rules.known_secret import copies
from stsec_magic.triage.overlap import grounded


@dataclass(frozen=True, slots=True)
class Draft:
    """A notebook's new text, not written yet.

    Attributes:
        raw: The notebook.
        old: Its text as it was read.
        new: Its text as it is to be.
        examined: What was found in it.
        plan: What was changed.
    """

    raw: RawNotebook
    old: bytes = field(repr=False)
    new: bytes = field(repr=False)
    examined: Examined
    plan: Plan


def draft(
    examined: Examined, raw: RawNotebook, data: bytes, context: Context, known: frozenset[str] = frozenset()
) -> tuple[Draft | None, tuple[Left, ...]]:
    """Plan, write in memory, and prove it; a cell that would come out unsound is left as it is.

    Args:
        examined: What was found in the notebook.
        raw: The notebook.
        data: Its file's bytes.
        context: What mending knows of it, and the user's choices.
        known: Fingerprints of what is left as it is.

    Returns:
        The new text, None where nothing can be mended; and what is left as it is.
    """
    hits = [*_wanted(examined, known)]
    refused: list[Refusal] = []
    hits += _others(examined, plan(hits, context), known)
    mask = examined.masker.mask
    for _ in range(len(hits) + 1):
        made = plan(hits, context)
        left = tuple(_left(each, mask) for each in (*made.refusals, *refused))
        if not made.fixes:
            return None, left
        try:
            new = _spliced(raw, data, made)
            culprit = why_unsound(raw, new, made, context)
        except SpliceError as error:
            culprit = _culprit(error, made)
            if culprit is None:
                return None, (*left, *_given_up(made, str(error)))
        if culprit is None:
            return Draft(raw, data, new, examined, made), left
        if not culprit.hits:  # a cell with nothing but lines that others need
            return None, (*left, *_given_up(made, culprit.why))
        # What came out unsound is given up, and the rest is planned anew.
        refused += [Refusal(hit, culprit.why) for hit in hits if hit in culprit.hits]
        hits = [hit for hit in hits if hit not in culprit.hits]
    return None, ()


def _given_up(made: Plan, why: str) -> Iterator[Left]:
    return (Left(fix.hit.fragment.cell, fix.hit.rule.id, why, is_choice=False) for fix in made.fixes)


def _culprit(error: SpliceError, made: Plan) -> Culprit | None:
    """The places in a value that can't be changed, or in what holds it; None where it is the whole file."""
    hits = [fix.hit for fix in made.fixes if error.path and fix.hit.fragment.path[: len(error.path)] == error.path]
    return Culprit(frozenset(hits), str(error)) if hits else None


def _wanted(examined: Examined, known: frozenset[str]) -> Iterator[Hit]:
    """What nobody silenced."""
    for finding, hit in zip(examined.checked.findings, examined.hits, strict=True):
        if finding.suppressed is None and finding.fingerprint not in known:
            yield hit


def _others(examined: Examined, first: Plan, left: frozenset[str]) -> Iterator[Hit]:
    """Where the same secrets stand once more: no rule saw them, or they were to be left as they are."""
    subject = examined.subject
    values = {fix.hit.secret.value: fix.name for fix in first.fixes if fix.hit.secret is not None}
    values |= {fix.value: fix.name for fix in first.fixes if fix.value}
    if subject is None or not values:
        return
    # Kept in the project from now on, they would be found there as known secrets.
    for finding, hit in zip(examined.checked.findings, examined.hits, strict=True):
        if finding.fingerprint in left and hit.secret is not None and hit.secret.value in values:
            yield hit
    known: dict[JsonPath, list[tuple[int, int]]] = {}
    for hit in examined.hits:
        known.setdefault(hit.fragment.path, []).append((hit.start, hit.end))
    for rows in known.values():
        rows.sort()
    for hit in map(grounded, copies(subject, values)):
        rows = known.get(hit.fragment.path, [])
        i = bisect_left(rows, (hit.end,))
        if i == 0 or rows[i - 1][1] <= hit.start:
            yield hit


def _spliced(raw: RawNotebook, data: bytes, made: Plan) -> bytes:
    text = raw.text or ""
    encoding = "utf-8-sig" if data.startswith(b"\xef\xbb\xbf") else "utf-8"
    if text.encode(encoding, "surrogatepass") != data and text.encode("utf-8", "surrogatepass") != data:
        raise SpliceError("the file is not written in UTF-8")
    splices = [Splice(edit.fragment.path, edit.start, edit.end, edit.text) for edit in made.edits]
    new = spliced(text, splices, made.removed, raw.original)
    return new.encode(encoding if text.encode(encoding, "surrogatepass") == data else "utf-8", "surrogatepass")


def _left(refusal: Refusal, mask: Callable[[str], str]) -> Left:
    return Left(refusal.hit.fragment.cell, refusal.hit.rule.id, mask(refusal.why), refusal.is_choice)
