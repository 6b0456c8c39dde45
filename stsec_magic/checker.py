"""One notebook to findings and problems: the core that every door stands on."""

from __future__ import annotations

import os
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache, partial
from typing import Any

from stsec_magic.model.config import Config
from stsec_magic.model.finding import Finding
from stsec_magic.model.fragment import Fragment
from stsec_magic.model.hit import Hit
from stsec_magic.model.location import Part
from stsec_magic.model.problem import Problem, ProblemKind, fault
from stsec_magic.model.report import Report
from stsec_magic.notebook import nested
from stsec_magic.notebook.read import RawNotebook, from_mapping, read
from stsec_magic.notebook.script import as_notebook
from stsec_magic.notebook.walk import Walk, cells_of
from stsec_magic.rules.artifacts import Artifacts
from stsec_magic.rules.base import Subject
from stsec_magic.rules.catalogue import checks
from stsec_magic.rules.live import Live, enliven
from stsec_magic.rules.randomness import is_random
from stsec_magic.rules.scan import KeywordScanner
from stsec_magic.rules.search import search
from stsec_magic.rules.unused_suppression import meant, written
from stsec_magic.source.statements import Statements
from stsec_magic.triage.assemble import assemble
from stsec_magic.triage.masking import Masker
from stsec_magic.triage.overlap import grounded
from stsec_magic.triage.settle import settle
from stsec_magic.triage.suppression import Silencers
from stsec_magic.unparsed import name_unparsed

IN_MEMORY = "<notebook>"
"""The path in reports about a notebook that did not come from a file."""

_UNBROKEN = re.compile(r"[\w\-]{20}")


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
        _internal(raw, "the reader", error)
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
        hits = [*_hits(subject, raw), *_nested_hits(subject, raw)]
        if live is None or not live.since:  # what doesn't parse doesn't run
            name_unparsed(subject, raw)
        raw.problems.extend(dict.fromkeys(subject.problems))
        told = [*_told(hits, subject.problems), *_named(raw.path)]
        silencers = Silencers(raw, partial(_statement, subject, Statements()), meant)
        settled, masker = settle(raw, hits, config, key, is_random, told, written(subject, raw, config), silencers)
        settled = [*_fixable(settled, subject)]
    # One notebook's fault must not take the others' results with it.
    except Exception as error:
        _internal(raw, "the checker", error)
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


@lru_cache(maxsize=1)
def scanner() -> KeywordScanner:
    """The scanner for the words of all rules."""
    anywhere: set[str] = {nested.KEYWORD}
    conditions: dict[str, re.Pattern[bytes]] = {}
    alone: set[str] = {nested.KEYWORD}
    for each in checks():
        anywhere.update(each.keywords)
        conditions.update(each.followed_by)
        # What one rule wants wherever it stands, another's condition must not take from it.
        alone.update(word for word in (*each.keywords, *each.code_words) if word not in each.followed_by)
    return KeywordScanner(
        anywhere,
        (word for each in checks() for word in each.code_words),
        {keyword: pattern for keyword, pattern in conditions.items() if keyword not in alone},
    )


def _hits(subject: Subject, raw: RawNotebook) -> list[Hit]:
    found: list[Hit] = []
    for each in checks():
        try:
            found.extend(each.hits(subject))
        # A fault in one rule: the others still run.
        except Exception as error:
            _internal(raw, type(each).__name__, error)
    return found


def _told(hits: Iterable[Hit], problems: Iterable[Problem]) -> list[Hit]:
    """The secrets in what is told of the files that are loaded."""
    texts = [hit.message for hit in hits if "verdict" in hit.properties]
    texts += [note.message for hit in hits for note in hit.notes]
    texts += [each.message for each in problems if each.kind is ProblemKind.ARTIFACT_UNREADABLE]
    return _secrets_in(texts)


def _named(path: str) -> list[Hit]:
    """The credentials in a notebook's path, which every finding would show. Only those that no word is mistaken for."""
    found = _secrets_in([path]) if _UNBROKEN.search(path) else []
    return [hit for hit in found if hit.rule.provider is not None]


def _secrets_in(texts: Sequence[str]) -> list[Hit]:
    """The secrets in texts out of a stranger's file, which no rule has seen yet."""
    if not texts:
        return []
    raw = from_mapping(as_notebook("\n".join(texts)), IN_MEMORY)
    return [grounded(hit) for hit in _hits(search(Walk(raw), scanner()), raw)]


def masker_of(texts: Sequence[str]) -> Masker:
    """What masks the secrets that stand in some texts.

    Args:
        texts: All that is to leave.
    """
    return Masker(_secrets_in(texts), is_random)


def _nested_hits(subject: Subject, raw: RawNotebook) -> Iterator[Hit]:
    """What stands in the notebooks inside the notebook, as hits in the texts that hold them."""
    for fragment in subject.words.get(nested.KEYWORD, ()):
        for inner in nested.nested_notebooks(fragment, raw.path):
            hits = [grounded(hit) for hit in _hits(search(Walk(inner.raw), scanner()), raw)]
            if fragment.part is Part.OUTPUT:
                hits = [hit for hit in hits if hit.secret is not None]  # nobody runs what was printed
            place = inner.places(hit.fragment for hit in hits)
            for hit in hits:
                start, last = place(hit.fragment, hit.start), place(hit.fragment, max(hit.start, hit.end - 1))
                if start is not None and last is not None:
                    yield grounded(_hosted(hit, inner.host, start, last + 1))


def _hosted(hit: Hit, host: Fragment, start: int, end: int) -> Hit:
    cell = hit.fragment.cell
    where = "of the notebook inside" if cell is None else f"in cell {cell} of the notebook inside"
    facts = {**hit.properties, **({} if cell is None else {"nested_cell": str(cell)})}
    message = f"{hit.message} ({where})"
    return replace(hit, fragment=host, start=start, end=end, message=message, properties=facts, clues=())


def _internal(raw: RawNotebook, where: str, error: Exception) -> None:
    raw.problem(ProblemKind.INTERNAL, fault(error, where))
