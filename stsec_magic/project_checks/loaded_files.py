"""Files that a notebook unpickles: whoever may change them decides what it runs."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from stsec_magic.model.finding import Finding, Related
from stsec_magic.model.inspection import Verdict
from stsec_magic.project_checks.modes import Right, others_with
from stsec_magic.project_checks.repositories import Repositories
from stsec_magic.project_checks.told import told
from stsec_magic.project_checks.tree import File, Tree
from stsec_magic.rules import untrusted_load
from stsec_magic.rules.project_rules import TRACKED_ARTIFACT, UNIGNORED_ARTIFACT, WRITABLE_ARTIFACT
from stsec_magic.source.provenance import Origin


def check(tree: Tree, repositories: Repositories) -> Iterator[Finding]:
    """Tell which of them git has, or would take in, and which others on this machine may write.

    Args:
        tree: The tree.
        repositories: Asks git.

    Yields:
        At most one finding of each rule for a file.
    """
    loads: dict[File, list[Finding]] = {}
    for each in tree.findings:
        if each.rule == untrusted_load.RULE.id and _is_local(each):
            loads.setdefault(_loaded(each), []).append(each)
    there = {file: several for file, several in loads.items() if file.path.is_file()}
    yield from _in_git(there, tree, repositories)
    for file, several in there.items():
        who = others_with(Right.WRITE, file)
        if who is not None and tree.selects(WRITABLE_ARTIFACT, file):
            message = f"{_name(several[0])} unpickles this file, which {who} may change; chmod go-w it"
            yield told(WRITABLE_ARTIFACT, file, file.path.name, message, related=_here(several))


def _in_git(loads: Mapping[File, Sequence[Finding]], tree: Tree, repositories: Repositories) -> Iterator[Finding]:
    strange = {file: several for file, several in loads.items() if any(map(_is_from_elsewhere, several))}
    tracked = repositories.tracked(strange)
    # Of what is clean and nobody else's yet there is nothing to say.
    exposed = repositories.exposed(file for file in strange if file not in tracked and not _is_clean(strange[file]))
    for file, several in strange.items():
        name = _name(several[0])
        if file in tracked and tree.selects(TRACKED_ARTIFACT, file):
            now = "; now it only holds what is harmless" if _is_clean(several) else ""
            message = f"{name} unpickles this file, and whoever may push decides what is in it{now}"
            yield told(TRACKED_ARTIFACT, file, file.path.name, message, related=_here(several))
        elif file in exposed and tree.selects(UNIGNORED_ARTIFACT, file):
            message = f"{name} unpickles this file, which came from elsewhere; the next `git add .` hands it on"
            yield told(UNIGNORED_ARTIFACT, file, file.path.name, message, related=_here(several))


def _is_local(finding: Finding) -> bool:
    return finding.artifact is not None and "://" not in finding.artifact and finding.suppressed is None


def _is_from_elsewhere(finding: Finding) -> bool:
    """Whether the tree itself doesn't write the file: then another notebook or a script would be named."""
    is_written = any(each.path != finding.location.path for each in finding.related)
    return finding.properties.get("origin") == Origin.FILE and not is_written


def _is_clean(loads: Sequence[Finding]) -> bool:
    return all(each.properties.get("verdict") == Verdict.CLEAN for each in loads)


def _name(load: Finding) -> str:
    return Path(load.location.path).name


def _here(loads: Sequence[Finding]) -> list[Related]:
    first = loads[0].location
    return [Related(first.path, first.cell, first.line, "loaded here")]


def _loaded(finding: Finding) -> File:
    folder = os.path.dirname(finding.location.path)  # noqa: PTH120  as audit.writers puts them together
    shown = os.path.normpath(os.path.join(folder, finding.artifact or ""))  # noqa: PTH118
    return File(Path(os.path.abspath(shown)), shown.replace(os.sep, "/"))  # noqa: PTH100
