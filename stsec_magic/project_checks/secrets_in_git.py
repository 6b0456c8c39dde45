"""Files of secrets that git has, that it will have next, and that other people may read."""

from __future__ import annotations

import os
import stat
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from pathlib import Path

from stsec_magic.model.finding import Finding
from stsec_magic.model.levels import Confidence, Severity
from stsec_magic.model.rule import Rule
from stsec_magic.project.git import Repository
from stsec_magic.project_checks.holding import Holds, SecretFile
from stsec_magic.project_checks.kept_values import has_format
from stsec_magic.project_checks.modes import Right, others_with
from stsec_magic.project_checks.repositories import Repositories
from stsec_magic.project_checks.secret_kinds import is_for_tests, is_streamlit
from stsec_magic.project_checks.told import told
from stsec_magic.project_checks.tree import File, Tree
from stsec_magic.rules.project_rules import READABLE_SECRET_FILE, TRACKED_SECRET_FILE, UNIGNORED_SECRET_FILE


def check(files: Iterable[SecretFile], tree: Tree, repositories: Repositories) -> Iterator[Finding]:
    """Tell which files of secrets are not kept as they should be.

    Args:
        files: The files of secrets.
        tree: The tree.
        repositories: Asks git.

    Yields:
        One finding for a file: the worst.
    """
    held = [each for each in files if each.holds is not Holds.NOTHING and not _is_dull(each)]
    asked = {each.file: meant for each in held if (meant := _meant(each.file)) is not None}
    tracked = repositories.tracked(asked.values())
    exposed = repositories.exposed(each for each in asked.values() if each not in tracked)
    encrypted = repositories.encrypted((*tracked, *exposed))
    for each in held:
        meant = asked.get(each.file)
        if meant in encrypted:
            continue
        if meant in tracked:
            yield from _if_selected(_tracked(replace(each, file=meant)), tree)
        elif meant in exposed:
            yield from _if_selected(_exposed(replace(each, file=meant), exposed[meant]), tree)
        elif each.holds is Holds.SECRETS:
            yield from _if_selected(_readable(each), tree)


def _meant(file: File) -> File | None:
    """The file that git would have to keep: where a link leads to; None for a pipe, which git takes for nothing."""
    try:
        if not stat.S_ISREG(file.path.stat().st_mode):
            return None
        return replace(file, path=file.path.resolve()) if file.path.is_symlink() else file
    except (OSError, RuntimeError):
        return file


def _is_dull(secret: SecretFile) -> bool:
    """Settings alone, which many projects share on purpose."""
    return secret.holds is Holds.PLAIN and not is_streamlit(secret.file)


def _if_selected(finding: Finding | None, tree: Tree) -> Sequence[Finding]:
    if finding is None:
        return ()
    rules = {rule.id: rule for rule in (TRACKED_SECRET_FILE, UNIGNORED_SECRET_FILE, READABLE_SECRET_FILE)}
    return [finding] if tree.config.selects(rules[finding.rule], finding.location.path) else ()


def _tracked(secret: SecretFile) -> Finding:
    after = "git rm --cached it, ignore it, and rotate what it holds: the history keeps it"
    if secret.is_example:
        after = "put a placeholder there, and rotate it: the history keeps it"
    message = f"{secret.kind}, tracked by git; {after}"
    if secret.holds is Holds.PLAIN:
        message = f"{secret.kind}, tracked by git; it holds no secret yet: git rm --cached it, and ignore it"
    elif secret.holds is Holds.UNKNOWN:
        message = f"{secret.kind}, tracked by git; if it holds secrets: {after}"
    return _told(TRACKED_SECRET_FILE, secret, message, _severity(secret, Severity.HIGH, Severity.MEDIUM))


def _exposed(secret: SecretFile, repository: Repository) -> Finding:
    message = f"{secret.kind}, which git does not ignore: the next `git add .` takes it; "
    if secret.is_example:
        message += "put a placeholder there"
    else:
        is_there = os.path.lexists(repository.root / ".gitignore")
        message += f"add it to .gitignore{'' if is_there else ', which is not there yet'}"
    finding = _told(UNIGNORED_SECRET_FILE, secret, message, _severity(secret, Severity.MEDIUM, Severity.LOW))
    # A key that is made up for tests, and an example, belong into git.
    is_sure = secret.holds is not Holds.UNKNOWN or is_streamlit(secret.file)
    return replace(finding, fixable=is_sure and not (secret.is_example or _is_for_tests(secret)))


def _told(rule: Rule, secret: SecretFile, message: str, severity: Severity) -> Finding:
    name = Path(secret.file.shown).name
    return told(rule, secret.file, name, message, severity=severity, confidence=_confidence(secret))


def _severity(secret: SecretFile, sure: Severity, locked: Severity) -> Severity:
    if secret.holds is Holds.PLAIN or _is_for_tests(secret):
        return Severity.LOW
    return locked if secret.holds is Holds.LOCKED else sure


def _confidence(secret: SecretFile) -> Confidence:
    if secret.is_example:  # many show values that open nothing; where the vendor's format is known it is said for sure
        return Confidence.HIGH if any(map(has_format, secret.values)) else Confidence.LOW
    if secret.holds is Holds.SECRETS and not _is_for_tests(secret):
        return Confidence.HIGH
    return Confidence.MEDIUM


def _is_for_tests(secret: SecretFile) -> bool:
    """A key that lies among tests opens a test's server, as a rule."""
    return secret.kind in ("a private key", "a store of keys") and is_for_tests(secret.file)


def _readable(secret: SecretFile) -> Finding | None:
    who = others_with(Right.READ, secret.file)
    if who is None:
        return None
    message = f"{secret.kind}, which {who} may read; chmod 600 it"
    return told(READABLE_SECRET_FILE, secret.file, secret.file.path.name, message)
