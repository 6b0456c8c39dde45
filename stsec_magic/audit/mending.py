"""What an audit found, mended: which notebooks, and which files git is to ignore."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path

from stsec_magic.apply.batch import mend_all
from stsec_magic.apply.ignoring import ignore_all
from stsec_magic.audit.discover import discover
from stsec_magic.audit.run import Audit
from stsec_magic.model.config import Config
from stsec_magic.model.finding import Finding
from stsec_magic.model.levels import Severity
from stsec_magic.model.location import Part
from stsec_magic.model.mending import Ignored, Mending
from stsec_magic.notebook.read import STDIN
from stsec_magic.project_checks.secret_kinds import is_example
from stsec_magic.rules.project_rules import TRACKED_CHECKPOINTS, TRACKED_SECRET_FILE, UNIGNORED_SECRET_FILE
from stsec_magic.triage.baseline import BASELINE


def mend_found(result: Audit, paths: Sequence[str], config: Config, *, write: bool) -> Mending:
    """Mend the notebooks in which an audit found something, and have git ignore the project's files of secrets.

    Args:
        result: The audit; what a baseline silenced in it is left as it is.
        paths: What it was given.
        config: The user's choices.
        write: Whether to write; else it is only told what would change.

    Returns:
        What became of them.
    """
    found = {each.location.path for each in result.report.active if each.location.part is not Part.PROJECT}
    files = [path for path in discover(paths, config).files if path != STDIN]
    # A path that holds a secret is masked in the report: then any file may be meant.
    some_are_masked = bool(found - set(files))
    wanted = (path for path in files if path in found or some_are_masked)
    mended = mend_all(wanted, config, write=write, known=_known(result))
    return replace(mended, ignored=tuple(_ignored(result, write=write)))


def _ignored(result: Audit, *, write: bool) -> Iterator[Ignored]:
    """What git is to ignore: of what it has already, the line keeps it from coming back."""
    found = [each for each in result.report.active if each.file is not None]
    exposed = {
        str(each.file): each.location.path for each in found if each.rule == UNIGNORED_SECRET_FILE.id and each.fixable
    }
    yield from ignore_all(exposed, write=write)
    tracked = {str(each.file): each.location.path for each in found if _may_come_back(each)}
    for row in ignore_all(tracked, write=write):
        if row.line or row.error:
            yield replace(row, is_tracked=True)


def _may_come_back(finding: Finding) -> bool:
    """Whether git has what it should never have."""
    if finding.rule == TRACKED_CHECKPOINTS.id:
        return True
    is_secret = finding.rule == TRACKED_SECRET_FILE.id and finding.severity is not Severity.LOW
    return is_secret and not is_example(Path(finding.file or "").name)


def _known(result: Audit) -> dict[str, frozenset[str]]:
    """The fingerprints that the baseline knows, by path: what is let stand for now."""
    found: dict[str, set[str]] = {}
    for each in result.report.findings:
        if each.suppressed is not None and each.suppressed.how == BASELINE:
            found.setdefault(each.location.path, set()).add(each.fingerprint)
    return {path: frozenset(prints) for path, prints in found.items()}
