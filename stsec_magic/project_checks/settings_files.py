"""Files that set or hand on variables: of containers, workflows, builds."""

from __future__ import annotations

import re

from stsec_magic.project_checks.named import is_env, is_toml
from stsec_magic.project_checks.tree import File, Tree

_ENDINGS = (".toml", ".yaml", ".yml", ".sh", ".cfg", ".ini", ".r", ".sql", ".js", ".ts", "Dockerfile", "Makefile")
_MOST = 200


def settings_of(tree: Tree) -> list[File]:
    """The files of a tree that may set variables, and are no files of secrets.

    Args:
        tree: The tree.
    """
    found = (each for each in tree.files if each.path.name.endswith(_ENDINGS) and not (is_toml(each) or is_env(each)))
    return [each for each, _ in zip(found, range(_MOST), strict=False)]


def mention_of(name: str) -> re.Pattern[bytes]:
    """A pattern for a name as a word, in a text in lower case.

    Args:
        name: A key, or a variable.
    """
    return re.compile(rb"(?<![a-z0-9_])" + re.escape(name.lower().encode("utf-8", "replace")) + rb"(?![a-z0-9_])")
