"""Checkpoints that git has."""

from __future__ import annotations

from collections.abc import Iterator

from stsec_magic.model.finding import Finding
from stsec_magic.model.levels import Severity
from stsec_magic.model.rule import Group
from stsec_magic.project_checks.repositories import Repositories
from stsec_magic.project_checks.told import told
from stsec_magic.project_checks.tree import File, Tree
from stsec_magic.rules.catalogue import rules
from stsec_magic.rules.project_rules import TRACKED_CHECKPOINTS

_CHECKPOINTS = ".ipynb_checkpoints"


def check(tree: Tree, repositories: Repositories) -> Iterator[Finding]:
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
