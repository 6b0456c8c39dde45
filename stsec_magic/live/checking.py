"""``%stsec``, ``%stsec cell``, ``%stsec audit``: what is checked, and that it is said."""

from __future__ import annotations

import gc
import os
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

from stsec_magic.audit import baselines
from stsec_magic.audit.run import Audit
from stsec_magic.audit.run import audit as run
from stsec_magic.checker import Checked, examine
from stsec_magic.live.guard import Guard
from stsec_magic.live.said import say
from stsec_magic.live.session import Ran, as_notebook, own_path, renumbered, sources
from stsec_magic.model.config import Config
from stsec_magic.notebook.read import RawNotebook, read
from stsec_magic.report.bundle import ShownReport
from stsec_magic.rules.live import Live
from stsec_magic.triage.assemble import assemble


class NoCellError(LookupError):
    """There is no such cell; one line for the user."""


def session(guard: Guard, variables: dict[str, object], config: Config) -> ShownReport:
    """Check the notebook as it is saved, and what ran in this session and doesn't stand in it.

    Args:
        guard: Knows what ran.
        variables: The user's namespace.
        config: Choices.

    Raises:
        ConfigError: The baseline that they name can't be read.
    """
    path, key = own_path(variables), os.urandom(16)
    guard.learn()
    with _uncollected():
        raw = None if path is None else read(path)
        saved = None if raw is None else _checked(guard, raw, config, key)
        cells = _ran(guard)
        ran = _checked(guard, as_notebook(cells), config, key)
    known = set() if raw is None else sources(raw)
    new = [cell.number for cell in cells if cell.source.strip() not in known]
    say(_which(path, len(new)))
    found = [each for each in renumbered(ran.findings, cells) if each.location.cell in new]
    numbered = [each if each.cell is None else replace(each, cell=cells[each.cell - 1].number) for each in ran.problems]
    problems = [each for each in numbered if each.cell is None or each.cell in new]
    file = Checked((), (), 0) if saved is None else saved
    report = assemble([*file.findings, *found], [*file.problems, *problems], 1, file.cells + len(new))
    files = () if path is None else (path,)
    return ShownReport.of(baselines.known(Audit(report, (), frozenset(), files=files), config).report)


def cell(guard: Guard, number: int | None, config: Config) -> ShownReport:
    """Check one cell of the session again, or show why it was stopped.

    Args:
        guard: Knows what ran.
        number: That of its prompt; None for the last one.
        config: Choices.

    Raises:
        NoCellError: No such cell ran.
    """
    rows = _ran(guard)
    newest = rows[-1].number if rows else 0
    newest = max([newest, *guard.reports])
    wanted = newest if number is None else number
    if wanted in guard.reports:
        return ShownReport.of(guard.reports[wanted])
    at = next((i for i, row in enumerate(rows) if row.number == wanted), None)
    if at is None:
        raise NoCellError(f"In [{wanted}] isn't there" + (f"; the last is In [{newest}]" if rows else ""))
    return ShownReport.of(guard.check.of(rows[at], rows[:at], config).report)


def audit(paths: Sequence[str], config: Config) -> ShownReport:
    """Audit files and folders.

    Args:
        paths: As on the command line.
        config: Choices.

    Raises:
        ConfigError: The baseline that they name can't be read.
    """
    result = baselines.known(run(paths, config, 1), config)  # no processes beside a kernel
    for path in result.missing:
        say(f"%stsec: {path}: no such file or folder")
    return ShownReport.of(result.report)


def _ran(guard: Guard) -> list[Ran]:
    """The cells that ran, without the one that asks."""
    return [cell for cell in guard.history.cells() if cell.source != guard.running]


def _checked(guard: Guard, raw: RawNotebook, config: Config, key: bytes) -> Checked:
    return examine(raw, config, key, Live(guard.namespace, 0, guard.known.kept)).checked


def _which(path: str | None, more: int) -> str:
    cells = f"{more} cell{'' if more == 1 else 's'}"
    if path is None:
        return f"checked: {cells} of this session (where the notebook is saved isn't known here)"
    ran = f", and {cells} of this session that {'is' if more == 1 else 'are'} not in it" if more else ""
    try:
        when = time.strftime(" at %H:%M:%S", time.localtime(Path(path).stat().st_mtime))
    except OSError:  # it is gone by now
        when = ""
    return f"checked: {path} as saved{when}{ran}"


@contextmanager
def _uncollected() -> Iterator[None]:
    """Without Python's search for circles, which takes half of the time where many syntax trees are made."""
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()
