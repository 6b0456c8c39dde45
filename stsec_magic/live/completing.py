"""Tab behind ``%stsec``: its words, rules' ids, paths."""

from __future__ import annotations

import os
from collections.abc import Iterable
from typing import Protocol

WORDS = {
    "": (),
    "allow": ("once",),
    "artifact": (),
    "audit": (),
    "cell": (),
    "env": (),
    "explain": (),
    "fix": ("--diff", "--style", "--unsafe-fixes"),
    "off": (),
    "on": ("warn", "block", "mask"),
    "rules": (),
    "status": (),
}
"""What may stand behind ``%stsec``, and behind that."""

TAKE_PATHS = frozenset(("artifact", "audit", "fix"))
"""Words behind which paths may stand."""

_MOST = 300


class Event(Protocol):
    """What IPython's completer asks.

    Attributes:
        text_until_cursor: The line up to the cursor.
        symbol: The word that is being written.
    """

    text_until_cursor: str
    symbol: str


def complete(_shell: object, event: Event) -> list[str]:
    """What may come next.

    Args:
        event: What was written so far.
    """
    words = event.text_until_cursor.split()[1:]
    if event.symbol and words:
        words = words[:-1]
    symbol = event.symbol
    if not words:
        return [word for word in WORDS if word and word.startswith(symbol)]
    found: Iterable[str] = (word for word in WORDS.get(words[0], ()) if word not in words)
    if words[0] == "explain":
        from stsec_magic.rules.catalogue import rules  # whoever asks for a thousand ids waits a moment

        found = rules()
    elif words[0] in TAKE_PATHS:
        found = [*found, *_paths(symbol)]
    return sorted(word for word in found if word.startswith(symbol))


def _paths(begun: str) -> list[str]:
    """Files and folders that a path may become, hidden ones only where a dot was written."""
    folder, _, name = begun.rpartition("/")
    where = f"{folder}/" if "/" in begun else ""
    try:
        with os.scandir(os.path.expanduser(where) or ".") as entries:  # noqa: PTH111
            return [
                f"{where}{entry.name}{'/' if entry.is_dir() else ''}"
                for entry in entries
                if entry.name.startswith(name) and (name.startswith(".") or not entry.name.startswith("."))
            ][:_MOST]
    except OSError:
        return []
