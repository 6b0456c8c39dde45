"""What a secret is called from now on: by its vendor's convention, else by the name that the code gave it."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping
from functools import lru_cache

from stsec_magic.model.hit import Hit
from stsec_magic.rules import formats
from stsec_magic.rules.randomness import is_random

_WORDS = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+|[0-9]+|[A-Z]")
_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_]{0,99}")
_NUMBER = re.compile(r"_\d{1,6}\Z")
_LONGEST = 60
_SHORTEST_RANDOM = 16
_SYSTEM = frozenset(
    "PATH HOME USER SHELL LANG TERM PWD OLDPWD TMPDIR TEMP TMP HOSTNAME LOGNAME EDITOR PAGER DISPLAY PYTHONPATH "
    "PYTHONHOME VIRTUAL_ENV LD_LIBRARY_PATH LD_PRELOAD IFS ENV BASH_ENV PS1 KEY NAME VALUE".split()
)
"""Names that mean something else to the system, or nothing to anybody."""


def suggested(hit: Hit, said: str = "") -> str:
    """A name for a secret.

    Args:
        hit: Where it was found.
        said: The environment variable's name, where the code itself says it.

    Returns:
        Upper-case letters, digits and underscores, as environment variables are named.
    """
    # People also write a secret where its name belongs.
    if _NAME.fullmatch(said) and not is_random(said, _SHORTEST_RANDOM):
        return said
    by_vendor = vendors_name(hit)
    if by_vendor:
        return by_vendor
    called = "" if is_random(hit.name, _SHORTEST_RANDOM) else hit.name
    words = _WORDS.findall(called.encode("ascii", "ignore").decode())
    name = "_".join(words).upper()[:_LONGEST].strip("_")
    value = "" if hit.secret is None else hit.secret.value
    if not name or not name[0].isalpha() or name in _SYSTEM or (value and value.upper() in name):
        return _by_rule(hit)
    return name


def vendors_name(hit: Hit) -> str:
    """The environment variable that the vendor's own SDK reads; empty for a secret of no known vendor."""
    return _said_by_vendors().get(hit.rule.id, ("", ""))[0]


def revoke_page(hit: Hit, name: str) -> str:
    """Where the vendor lets a secret be revoked.

    Args:
        hit: Where it was found.
        name: What it is called from now on.

    Returns:
        The page of the format's vendor, else of the one whose SDK reads a variable of that name; empty for no vendor.
    """
    vendors = _said_by_vendors()
    if hit.rule.id in vendors:
        return vendors[hit.rule.id][1]
    # Anybody's key may be called PRIVATE_KEY.
    return "" if hit.rule.id == "private-key" else _pages().get(_NUMBER.sub("", name), "")


@lru_cache(maxsize=1)
def _said_by_vendors() -> dict[str, tuple[str, str]]:
    """For each format the variable and the page."""
    return {each.rule.id: (each.env, each.revoke) for each in formats.load()}


@lru_cache(maxsize=1)
def _pages() -> dict[str, str]:
    """For each variable that a vendor's SDK reads the page."""
    return {env: page for env, page in reversed(_said_by_vendors().values()) if env and page}


def _by_rule(hit: Hit) -> str:
    return {"private-key": "PRIVATE_KEY", "connection-string": "DATABASE_PASSWORD"}.get(hit.rule.id, "SECRET_KEY")


class Names:
    """The names given so far, each to one value."""

    def __init__(self, kept: Mapping[str, str], taken: Iterable[str] = ()) -> None:
        """Begin.

        Args:
            kept: The root-level keys of the project's secrets file, and their values.
            taken: Further names that mean something already.
        """
        self._taken = {*taken, *kept}
        self._last: Counter[str] = Counter()
        self._names: dict[str, str] = {}
        self._new: set[str] = set()
        for name, value in kept.items():
            if _NAME.fullmatch(name):
                self._names.setdefault(value, name)

    def of(self, value: str, suggestion: str) -> str:
        """The name of a value: the one that it has already, else the suggestion, with a number if that is taken."""
        if value in self._names:
            return self._names[value]
        name = suggestion
        while name in self._taken:
            # From where the last one stopped: there may be thousands of one name.
            self._last[suggestion] += 1
            name = f"{suggestion}_{self._last[suggestion] + 1}"
        self._taken.add(name)
        self._new.add(name)
        self._names[value] = name
        return name

    def is_new(self, name: str) -> bool:
        """Whether a name was given to a value just now, and meant nothing before."""
        return name in self._new
