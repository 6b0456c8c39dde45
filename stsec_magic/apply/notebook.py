"""One notebook mended: planned, written in memory, checked again, and only then put in its place."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from dataclasses import replace
from pathlib import Path

from stsec_magic.apply import atomic
from stsec_magic.apply.draft import Draft, draft
from stsec_magic.apply.history import commits_holding
from stsec_magic.apply.home import Home, HomeError, kernel_folder_is_root
from stsec_magic.apply.lock import LockError
from stsec_magic.apply.masked_diff import masked_diff
from stsec_magic.apply.secrets_file import SecretsError
from stsec_magic.checker import Examined, examine
from stsec_magic.fix.context import Context
from stsec_magic.fix.edit import Fix, Style
from stsec_magic.fix.naming import Names, revoke_page
from stsec_magic.fix.plan import Plan, needed
from stsec_magic.model.config import Config
from stsec_magic.model.mending import Left, Mended, Rotation
from stsec_magic.notebook.read import RawNotebook, parse
from stsec_magic.project.secret_files import secret_files
from stsec_magic.regular import bytes_of
from stsec_magic.rules.base import Subject

_MOST_BYTES = 1 << 30


def mend(
    path: str, home: Home, config: Config, known: frozenset[str], promised: dict[str, str], *, write: bool
) -> Mended:
    """Mend a notebook.

    Args:
        path: The notebook.
        home: The project that its secrets move into; its lock is held.
        config: The user's choices.
        known: Fingerprints of what is left as it is.
        promised: What would be kept in the project by now, by name; more is added.
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
        return Mended(shown, left=_all_left(examined, known, why))
    context = Context(subject, Style(config.fix_style), _names(path, home, promised), config.unsafe_fixes)
    if context.style is Style.SECRETS and not kernel_folder_is_root(real, home):
        why = f"its kernel looks for st.secrets beside the notebook, not in {home.root}; --style environ works there"
        return Mended(shown, left=_all_left(examined, known, mask(why)))
    made, left = draft(examined, raw, data, context, known)
    if made is None:
        return Mended(shown, left=left)
    promised |= {} if write else needed(made.plan.fixes)
    ignored, links = "", _other_names(real)
    if write:
        try:
            ignored = _write(made, real, home)
        except (HomeError, SecretsError, LockError, OSError, atomic.ChangedError) as error:
            return Mended(shown, left=left, error=mask(_told(error)))
    return replace(_result(made, real, home, left, ignored, write=write), links=links)


def _other_names(path: Path) -> int:
    """Hard links: they stay with the old content when the file is put in its place."""
    try:
        return path.stat().st_nlink - 1
    except OSError:
        return 0


def _all_left(examined: Examined, known: frozenset[str], why: str) -> tuple[Left, ...]:
    """What was found, none of which can be mended."""
    return tuple(
        Left(each.location.cell, each.rule, why, is_choice=False)
        for each in examined.checked.findings
        if each.suppressed is None and each.masked is not None and each.fingerprint not in known
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


def _names(path: str, home: Home, promised: Mapping[str, str]) -> Names:
    elsewhere = {each.name: each.value for each in secret_files(path).kept if "." not in each.name}
    kept, taken = home.kept()
    return Names({**elsewhere, **kept, **promised}, taken)


def _write(made: Draft, path: Path, home: Home) -> str:
    """In the order in which nothing can be lost, whenever it ends."""
    values = needed(made.plan.fixes)
    ignored = ""
    if values:
        ignored = home.guard()
        home.keep(values)
    atomic.replace(path, made.new, made.old)
    return ignored


def _told(error: Exception) -> str:
    if isinstance(error, OSError):
        return f"cannot be written: {error.strerror or error}"
    return str(error)


def _result(drafted: Draft, path: Path, home: Home, left: tuple[Left, ...], ignored: str, *, write: bool) -> Mended:
    made, masker = drafted.plan, drafted.examined.masker
    shown = masker.mask_path(drafted.raw.path)
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
        page = next((page for page in (revoke_page(fix.hit, fix.name) for fix in fixes) if page), "")
        commits = None if path is None else commits_holding(path, value)
        yield Rotation(name, "" if secret is None else secret.masked, page, commits)
