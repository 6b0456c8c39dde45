"""One notebook to findings and problems: the core that every door stands on."""

from __future__ import annotations

import os
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from typing import Any

from stsec_magic.hits import IN_MEMORY, hits_of, internal, nested_hits, scanner, secrets_in
from stsec_magic.model.config import Config
from stsec_magic.model.finding import Finding
from stsec_magic.model.hit import Hit
from stsec_magic.model.problem import Problem, ProblemKind
from stsec_magic.model.report import Report
from stsec_magic.notebook.read import RawNotebook, from_mapping, read
from stsec_magic.notebook.walk import Walk, cells_of
from stsec_magic.rules.artifacts import Artifacts
from stsec_magic.rules.base import Subject
from stsec_magic.rules.live import Live, enliven
from stsec_magic.rules.randomness import is_random
from stsec_magic.rules.search import search
from stsec_magic.rules.unused_suppression import Quotes, meant, written
from stsec_magic.source.statements import Statements
from stsec_magic.triage.assemble import assemble
from stsec_magic.triage.masking import Masker
from stsec_magic.triage.settle import settle
from stsec_magic.triage.suppression import Silencers
from stsec_magic.unparsed import name_unparsed

_UNBROKEN = re.compile(r"[\w\-]{20}")
_TOKEN = re.compile(r"(?:[A-Za-z]{1,10}_(?:[A-Za-z]{1,8}_)?)?[A-Za-z0-9]{20,255}")


@dataclass(frozen=True, slots=True)
class Checked:
    """What one notebook gave.

    Attributes:
        findings: In document order.
        problems: What could not be checked.
        cells: How many cells the notebook has.
    """

    findings: tuple[Finding, ...]
    problems: tuple[Problem, ...]
    cells: int


def check(notebook: str | os.PathLike[str] | Mapping[str, Any], config: Config | None = None) -> Report:
    """Check one notebook.

    Args:
        notebook: A path (``-`` for standard input), a NotebookNode or a plain dict of nbformat's JSON.
        config: Choices; by default all rules. A pyproject.toml is the command line's business.

    Returns:
        The report. A notebook that can't be read gives problems, not an exception.
    """
    from stsec_magic.report.bundle import ShownReport  # an audit of many notebooks needs none

    checked = check_one(notebook, config or Config(), os.urandom(16))
    return ShownReport.of(assemble(checked.findings, checked.problems, 1, checked.cells))


def check_one(notebook: str | os.PathLike[str] | Mapping[str, Any], config: Config, key: bytes) -> Checked:
    """Read a notebook and check it.

    Args:
        notebook: As for ``check``.
        config: Choices.
        key: Secret of this run (see ``triage.settle``).

    Returns:
        Its findings and problems; an internal fault in reading becomes a problem too.
    """
    path = IN_MEMORY if isinstance(notebook, Mapping) else os.fspath(notebook)
    try:
        raw = from_mapping(notebook, path) if isinstance(notebook, Mapping) else read(path)
    # As in check_raw: the other notebooks' results must not be lost.
    except Exception as error:
        raw = RawNotebook(path)
        internal(raw, "the reader", error)
    return check_raw(raw, config, key)


def check_raw(raw: RawNotebook, config: Config, key: bytes) -> Checked:
    """Check a notebook that was read.

    Args:
        raw: The notebook.
        config: Choices.
        key: Secret of this run (see ``triage.settle``).

    Returns:
        Its findings and problems; an internal fault becomes a problem too.
    """
    return examine(raw, config, key).checked


@dataclass(frozen=True, slots=True)
class Examined:
    """A notebook that was checked, with what the findings were made from.

    Attributes:
        checked: Its findings and problems.
        hits: The hit of each finding, in the same order. They hold the secrets: nothing of them may leave.
        subject: The notebook as the rules saw it; None where it couldn't be taken apart.
        masker: Masks whatever else leaves.
    """

    checked: Checked
    hits: tuple[Hit, ...]
    subject: Subject | None
    masker: Masker


def examine(raw: RawNotebook, config: Config, key: bytes, live: Live | None = None) -> Examined:
    """Check a notebook that was read, for those who mean to mend it.

    Args:
        raw: The notebook.
        config: Choices.
        key: Secret of this run (see ``triage.settle``).
        live: The running session that the notebook belongs to; None where there is none.

    Returns:
        Its findings, and the hits behind them.
    """
    masker = Masker(())
    settled: list[tuple[Finding, Hit]] = []
    subject = None
    try:
        subject = search(Walk(raw), scanner(), 1 if live is None else live.since + 1)
        if live is not None:
            enliven(subject, live)
        subject.artifacts = Artifacts(None if raw.path == IN_MEMORY else raw.path, config.artifact_roots)
        hits = [*hits_of(subject, raw), *nested_hits(subject, raw)]
        if live is None or not live.since:  # what doesn't parse doesn't run
            name_unparsed(subject, raw)
        raw.problems.extend(dict.fromkeys(subject.problems))
        told = [*_told(hits, subject.problems), *_named(raw.path)]
        quotes = Quotes()
        silencers = Silencers(raw, partial(_statement, subject, Statements()), partial(meant, quotes), quotes.hold)
        in_words = written(subject, raw, config, quotes)
        settled, masker = settle(raw, hits, config, key, is_random, told, in_words, silencers)
        settled = [*_fixable(settled, subject)]
    # One notebook's fault must not take the others' results with it.
    except Exception as error:
        internal(raw, "the checker", error)
    problems = tuple(replace(p, path=masker.mask_path(p.path), message=masker.mask(p.message)) for p in raw.problems)
    checked = Checked(tuple(finding for finding, _ in settled), problems, cells_of(raw))
    return Examined(checked, tuple(hit for _, hit in settled), subject, masker)


def _statement(subject: Subject, statements: Statements, hit: Hit) -> tuple[int, int] | None:
    cell = subject.program.cell_of(hit.fragment)
    return None if cell is None or not cell.is_python else statements.around(cell, hit.start, hit.end)


def _fixable(settled: Sequence[tuple[Finding, Hit]], subject: Subject) -> Iterator[tuple[Finding, Hit]]:
    """Say of each finding whether it can be mended."""
    wanted = [hit for finding, hit in settled if finding.suppressed is None]
    if not wanted:
        return iter(settled)
    # Most notebooks have nothing to mend.
    from stsec_magic.fix.context import Context
    from stsec_magic.fix.edit import Style
    from stsec_magic.fix.naming import Names
    from stsec_magic.fix.plan import plan

    made = plan(wanted, Context(subject, Style.ENVIRON, Names({}))).fixes
    mended = {id(fix.hit) for fix in made}
    return ((replace(finding, fixable=True) if id(hit) in mended else finding, hit) for finding, hit in settled)


def _told(hits: Iterable[Hit], problems: Iterable[Problem]) -> list[Hit]:
    """The secrets in what is told of the files that are loaded."""
    texts = [hit.message for hit in hits if "verdict" in hit.properties]
    texts += [note.message for hit in hits for note in hit.notes]
    texts += [each.message for each in problems if each.kind is ProblemKind.ARTIFACT_UNREADABLE]
    return secrets_in(texts)


def _named(path: str) -> list[Hit]:
    """The credentials in a notebook's path, which every finding would show. Only those that no word is mistaken for."""
    # Behind a token a name may go on: "ghp_..._old.ipynb".
    found = secrets_in([path, *_TOKEN.findall(path)]) if _UNBROKEN.search(path) else []
    return [hit for hit in found if hit.rule.provider is not None]
