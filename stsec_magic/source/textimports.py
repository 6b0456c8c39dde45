"""Imports in Python that doesn't parse, by their lines."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

_IMPORT = re.compile(r"(?:^|;)[ \t]*import[ \t]+([^\n#;]{1,400})", re.MULTILINE)
_FROM = re.compile(r"(?:^|;)[ \t]*from[ \t]+([\w.]+)[ \t]+import[ \t]+\(?([^\n#;()]{1,400})", re.MULTILINE)


class TextImport(NamedTuple):
    """A name that an import gives to a module or to something in it.

    Attributes:
        alias: The name; ``*`` where all that the module holds is imported.
        target: The dotted name of what it stands for.
        start: Offset of the import.
    """

    alias: str
    target: str
    start: int


def python_imports(text: str) -> Iterator[TextImport]:
    """Find Python's import statements.

    Args:
        text: Python, parseable or not.

    Yields:
        Each name that one gives: ``import`` statements first.
    """
    for match in _IMPORT.finditer(text):
        for item in match[1].split(","):
            words = item.split()
            if words[1:2] == ["as"] and len(words) > 2:
                yield TextImport(words[2], words[0], match.start())
            elif words:
                name = words[0].partition(".")[0]
                yield TextImport(name, name, match.start())
    for match in _FROM.finditer(text):
        for item in match[2].split(","):
            words = item.split()
            if words == ["*"]:
                yield TextImport("*", match[1], match.start())
            elif words:
                yield TextImport(words[-1], f"{match[1]}.{words[0]}", match.start())
