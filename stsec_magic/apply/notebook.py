"""One notebook mended: planned, written in memory, checked again, and only then put in its place."""

from __future__ import annotations

import os
from bisect import bisect_left
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

from stsec_magic.apply import atomic
from stsec_magic.apply.history import commits_holding
from stsec_magic.apply.home import Home, HomeError, kernel_folder_is_root
from stsec_magic.apply.lock import LockError
from stsec_magic.apply.masked_diff import masked_diff
from stsec_magic.apply.proof import Culprit, why_unsound
from stsec_magic.apply.secrets_file import SecretsError
from stsec_magic.checker import Examined, examine
from stsec_magic.fix.context import Context
from stsec_magic.fix.edit import Fix, Refusal, Style
from stsec_magic.fix.naming import Names, revoke_page
from stsec_magic.fix.plan import Plan, needed, plan
from stsec_magic.model.config import Config
from stsec_magic.model.fragment import JsonPath
from stsec_magic.model.hit import Hit
from stsec_magic.model.mending import Left, Mended, Rotation
from stsec_magic.notebook.read import RawNotebook, parse
from stsec_magic.notebook.splice import Splice, SpliceError, spliced
from stsec_magic.project.secret_files import secret_files
from stsec_magic.regular import bytes_of
from stsec_magic.rules.base import Subject
from stsec_magic.rules.known_secret import copies
from stsec_magic.triage.overlap import grounded

_MOST_BYTES = 1 << 30


@dataclass(frozen=True, slots=True)
class _Draft:
    """A notebook's new text, not written yet."""

    raw: RawNotebook
    old: bytes = field(repr=False)
    new: bytes = field(repr=False)
    examined: Examined
    plan: Plan


def mend(path: str, home: Home, config: Config, *, write: bool) -> Mended:
    """Mend a notebook.

    Args:
        path: The notebook.
        home: The project that its secrets move into; its lock is held.
        config: The user's choices.
        write: Whether to write; else it is only told what would change.

    Returns:
        What became of it. Nothing is raised for a notebook or a project that can't be mended.
    """
    real = Path(path)
    data = bytes_of(path, _MOST_BYTES) or b""
    atomic.sweep(real)
    raw = RawNotebook(path)
    parse(data, raw)
    examined = examine(raw, config, os.urandom(16))
    mask = examined.masker.mask
    shown = examined.masker.mask_path(path)
    subject = examined.subject
    why = _why_not(raw, subject)
    if why or subject is None:
        return Mended(shown, left=_all_left(examined, why))
    context = Context(subject, Style(config.fix_style), _names(path, home), config.unsafe_fixes)
    if context.style is Style.SECRETS and not kernel_folder_is_root(real, home):
        why = f"its kernel looks for st.secrets beside the notebook, not in {home.root}; --style environ works there"
        return Mended(shown, left=_all_left(examined, mask(why)))
    draft, left = _draft(examined, raw, data, context)
    if draft is None:
        return Mended(shown, left=left)
    ignored = ""
    if write:
        try:
            ignored = _write(draft, real, home)
        except (HomeError, SecretsError, LockError, OSError, atomic.ChangedError) as error:
            return Mended(shown, left=left, error=mask(_told(error)))
    return _result(draft, real, home, left, ignored, write=write)


def _all_left(examined: Examined, why: str) -> tuple[Left, ...]:
    """What was found, none of which can be mended."""
    return tuple(
        Left(each.location.cell, each.rule, why, is_choice=False)
        for each in examined.checked.findings
        if each.suppressed is None and each.masked is not None
    )


def _why_not(raw: RawNotebook, subject: Subject | None) -> str:
    """Why a notebook can't be mended in its file's text; empty where it can."""
    if raw.data is None or subject is None:
        return "it can't be read as a notebook"
    if raw.hidden:
        return "it repeats a key; mend that first"
    if raw.text is None:
        return "it has no text"
    return ""


def _names(path: str, home: Home) -> Names:
    elsewhere = {each.name: each.value for each in secret_files(path).kept if "." not in each.name}
    kept, taken = home.kept()
    return Names({**elsewhere, **kept}, taken)


def _draft(
    examined: Examined, raw: RawNotebook, data: bytes, context: Context
) -> tuple[_Draft | None, tuple[Left, ...]]:
    """Plan, write in memory, and prove it; a cell that would come out unsound is left as it is."""
    hits = [*_wanted(examined)]
    refused: list[Refusal] = []
    hits += _others(examined, plan(hits, context))
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
                return None, (*left, *(Left(f.hit.fragment.cell, f.hit.rule.id, str(error), False) for f in made.fixes))
        if culprit is None:
            return _Draft(raw, data, new, examined, made), left
        # Whatever was to happen in that cell is given up, and the rest is planned anew.
        gone = [hit for hit in hits if hit.fragment.cell == culprit.cell]
        refused += [Refusal(hit, culprit.why) for hit in gone]
        hits = [hit for hit in hits if hit.fragment.cell != culprit.cell]
    return None, ()


def _culprit(error: SpliceError, made: Plan) -> Culprit | None:
    """The cell in which something can't be changed; None where it is the whole file."""
    hits = (fix.hit for fix in made.fixes)
    cells = [hit.fragment.cell for hit in hits if error.path and hit.fragment.path[: len(error.path)] == error.path]
    return Culprit(cells[0], str(error)) if cells else None


def _wanted(examined: Examined) -> Iterator[Hit]:
    """What nobody silenced."""
    for finding, hit in zip(examined.checked.findings, examined.hits, strict=True):
        if finding.suppressed is None:
            yield hit


def _others(examined: Examined, first: Plan) -> Iterator[Hit]:
    """Where the secrets that are to be mended stand once more, and no rule saw them."""
    subject = examined.subject
    values = {fix.hit.secret.value: fix.name for fix in first.fixes if fix.hit.secret is not None}
    values |= {fix.value: fix.name for fix in first.fixes if fix.value}
    if subject is None or not values:
        return
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


def _write(draft: _Draft, path: Path, home: Home) -> str:
    """In the order in which nothing can be lost, whenever it ends."""
    values = needed(draft.plan.fixes)
    ignored = ""
    if values:
        ignored = home.guard()
        home.keep(values)
    atomic.replace(path, draft.new, draft.old)
    return ignored


def _told(error: Exception) -> str:
    if isinstance(error, OSError):
        return f"cannot be written: {error.strerror or error}"
    return str(error)


def _result(draft: _Draft, path: Path, home: Home, left: tuple[Left, ...], ignored: str, *, write: bool) -> Mended:
    made, masker = draft.plan, draft.examined.masker
    shown = masker.mask_path(draft.raw.path)
    return Mended(
        path=shown,
        fixes=len(made.fixes),
        cleared=len(made.removed),
        rotations=tuple(_rotations(made, path if write else None)),
        kept=masker.mask_path(_from_here(home.secrets)) if needed(made.fixes) else "",
        left=left,
        diff=masked_diff(shown, made, masker),
        ignored=ignored,
    )


def _from_here(path: Path) -> str:
    here = Path.cwd()
    return (path.relative_to(here) if path.is_relative_to(here) else path).as_posix()


def _rotations(made: Plan, path: Path | None) -> Iterator[Rotation]:
    """Each secret that was taken out, by its value."""
    by_value: dict[str, list[Fix]] = {}
    for fix in made.fixes:
        if fix.hit.secret is not None:
            by_value.setdefault(fix.hit.secret.value, []).append(fix)
    for value, fixes in by_value.items():
        secret = fixes[0].hit.secret
        name = next((fix.name for fix in fixes if fix.name), "")
        page = next((page for page in (revoke_page(fix.hit) for fix in fixes) if page), "")
        commits = None if path is None else commits_holding(path, value)
        yield Rotation(name, "" if secret is None else secret.masked, page, commits)
