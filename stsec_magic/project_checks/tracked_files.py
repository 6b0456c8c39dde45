"""Checkpoints and pickles that git has."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

from stsec_magic.model.finding import Finding, Related
from stsec_magic.model.inspection import Verdict
from stsec_magic.model.levels import Severity
from stsec_magic.model.rule import Group
from stsec_magic.project_checks.repositories import Repositories
from stsec_magic.project_checks.told import told
from stsec_magic.project_checks.tree import File, Tree
from stsec_magic.rules import untrusted_load
from stsec_magic.rules.catalogue import rules
from stsec_magic.rules.project_rules import TRACKED_ARTIFACT, TRACKED_CHECKPOINTS
from stsec_magic.source.provenance import Origin

_CHECKPOINTS = ".ipynb_checkpoints"


def checkpoints(tree: Tree, repositories: Repositories) -> Iterator[Finding]:
    """Tell which folders of checkpoints git has.

    Args:
        tree: The tree.
        repositories: Asks git.

    Yields:
        One finding for a folder.
    """
    files = [each for each in tree.files if each.path.parent.name == _CHECKPOINTS]
    folders: dict[str, list[File]] = {}
    for each in sorted(repositories.tracked(files), key=lambda file: file.shown):
        folders.setdefault(each.shown.rpartition("/")[0], []).append(each)
    leaky = _places_of_credentials(tree) if folders else set()
    for folder, several in folders.items():
        first = several[0]
        leaks = any(each.shown in leaky for each in several)
        number = f"{len(several)} copies of notebooks" if len(several) > 1 else "a copy of a notebook"
        message = f"{number}, tracked by git{', with a credential in it' if leaks else ''}; "
        message += "git rm -r --cached the folder, and ignore .ipynb_checkpoints/"
        if tree.selects(TRACKED_CHECKPOINTS, first):
            severity = Severity.MEDIUM if leaks else Severity.LOW
            where = File(first.path.parent, folder)
            yield told(TRACKED_CHECKPOINTS, where, _CHECKPOINTS, message, severity=severity)


def _places_of_credentials(tree: Tree) -> set[str]:
    """The files in which a credential was found, copies of notebooks too."""
    known = rules()
    credentials = [each for each in tree.findings if known[each.rule].group is Group.CREDENTIALS]
    return {each.location.path for each in credentials} | {copy.path for each in credentials for copy in each.copies}


def artifacts(tree: Tree, repositories: Repositories) -> Iterator[Finding]:
    """Tell which files that a notebook unpickles, and that came from elsewhere, git has.

    Args:
        tree: The tree.
        repositories: Asks git.

    Yields:
        One finding for a file.
    """
    loads: dict[File, list[Finding]] = {}
    for each in tree.findings:
        if _is_open(each):
            loads.setdefault(_loaded(each), []).append(each)
    tracked = repositories.tracked(file for file in loads if file.path.is_file())
    for file in loads:
        if file in tracked and tree.selects(TRACKED_ARTIFACT, file):
            first = loads[file][0].location
            message = f"{Path(first.path).name} unpickles this file, and whoever may push decides what is in it"
            related = [Related(first.path, first.cell, first.line, "loaded here")]
            yield told(TRACKED_ARTIFACT, file, file.path.name, message, related=related)


def _is_open(finding: Finding) -> bool:
    """Whether a load reads a file that the tree itself doesn't write, and that isn't known to be harmless."""
    facts = finding.properties
    return (
        finding.rule == untrusted_load.RULE.id
        and finding.artifact is not None
        and "://" not in finding.artifact
        and facts.get("origin") == Origin.FILE
        and facts.get("verdict") != Verdict.CLEAN
        and finding.severity is not Severity.LOW
        and finding.suppressed is None
    )


def _loaded(finding: Finding) -> File:
    folder = os.path.dirname(finding.location.path)  # noqa: PTH120  as audit.writers puts them together
    shown = os.path.normpath(os.path.join(folder, finding.artifact or ""))  # noqa: PTH118
    return File(Path(os.path.abspath(shown)), shown.replace(os.sep, "/"))  # noqa: PTH100
