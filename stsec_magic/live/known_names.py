"""Which variables of the session may hold a secret: judged by their names once, looked at for their values often.

Only exact ``str`` and ``dict`` objects are looked into, so that none of the user's code runs.
"""

from __future__ import annotations

import time
from collections.abc import Mapping

from stsec_magic.live.known_worth import LONGEST, SHORTEST, may_hold

_LARGEST_DICT = 256
_MOST_DICTS = 100

_ALL_EVERY = 0.1
_SHARE = 50
"""All names are looked at so many seconds, or times as long as that takes, after the last look; new ones each time."""

_Dict = tuple[object, int, list[tuple[str, object]]]
_NOTHING: _Dict = (None, 0, [])


class SessionNames:
    """The names of one namespace."""

    def __init__(self) -> None:
        """Know none yet."""
        self._last: str | None = None
        self._all_due = 0.0
        self._texts: list[str] = []
        self._dicts: dict[str, _Dict] = {}

    def texts(self, namespace: Mapping[str, object]) -> list[tuple[str, str]]:
        """The texts that may be secrets, each with its name.

        Args:
            namespace: The user's variables.
        """
        now = time.monotonic()
        new = None if now >= self._all_due else _new_names(namespace, self._last)
        self._take_in(namespace, list(namespace) if new is None else new, anew=new is None)
        if new is None:
            took = time.monotonic() - now
            self._all_due = now + max(_ALL_EVERY, _SHARE * took)
        found = [(name, namespace.get(name)) for name in self._texts]
        found += [pair for name in self._dicts for pair in self._in_dict(name, namespace.get(name))]
        return [(name, value) for name, value in found if type(value) is str and SHORTEST <= len(value) <= LONGEST]

    def _take_in(self, namespace: Mapping[str, object], names: list[str], *, anew: bool) -> None:
        """Judge names once; the value of one that may be a secret's is looked at each time."""
        if anew:
            self._texts, self._dicts = [], {}
        for name in names:
            if type(name) is not str or name.startswith("_"):
                continue
            if may_hold(name):
                self._texts.append(name)
            if type(namespace.get(name)) is dict and len(self._dicts) < _MOST_DICTS:
                self._dicts[name] = _NOTHING
        if names:
            self._last = names[-1]

    def _in_dict(self, name: str, mapping: object) -> list[tuple[str, object]]:
        """Texts under secret-like keys of a dict of the user's, one level deep; the same ones while it doesn't grow."""
        if type(mapping) is not dict or len(mapping) > _LARGEST_DICT:
            return []
        before, size, found = self._dicts[name]
        if before is not mapping or size != len(mapping):
            # A list first: another thread may add to it meanwhile.
            rows = list(mapping.items())
            found = [(f"{name}['{key}']", value) for key, value in rows if _is_text(key, value) and may_hold(key)]
            self._dicts[name] = mapping, len(mapping), found
        return found


def _new_names(namespace: Mapping[str, object], last: str | None) -> list[str] | None:
    """The names that came after one, in order: those of a dict stand where they were first set.

    Returns:
        None where that can't be told.
    """
    if type(namespace) is not dict or last is None:
        return None
    found: list[str] = []
    try:
        for name in reversed(namespace):
            if name is last:
                return found[::-1]
            found.append(name)
    except RuntimeError:  # another thread sets one
        return None
    return None


def _is_text(key: object, value: object) -> bool:
    return type(value) is str and type(key) is str
