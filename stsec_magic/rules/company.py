"""Formats that need company: forty hex digits are a key only where their issuer's name stands with them.

Between the name and the value nothing may stand but words that say "credential" and the signs that
tie a name to a value in some language: ``clockify_api_key = "..."``, ``"clockify": {"token": "..."``,
``Clockify("...")``, ``clockify access token ...``.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

_WORDS = (
    "access account admin api app application auth authentication authorization bearer bot client code consumer "
    "credential credentials dev developer env is jwt key legacy license live login management master my oauth oauth2 "
    "org pass password passwd pat personal prod production private read refresh rest sandbox sdk secret server service "
    "session setup signing sk staging static subscription team test the token user v1 v2 v3 val value var web webhook "
    "write"
).split()
# What a name or an assignment may be followed by in any language; a line may end where a value follows.
_SIGNS = r"[ \t\r\n_.\-:=<>\"'`(){}\[\],|\\/?$%!@]"
_NO_VALUE_BEFORE = r"(?<![A-Za-z0-9])"
_LONGEST_SIGNS, _MOST_WORDS = 10, 6

_BETWEEN = (
    rf"(?:{_SIGNS}{{0,{_LONGEST_SIGNS}}}+(?:{'|'.join(sorted(_WORDS, key=len, reverse=True))})s?){{0,{_MOST_WORDS}}}"
    rf"{_SIGNS}{{1,{_LONGEST_SIGNS}}}"
)
# A new word, or a hump: myClockifyKey, but not "undaily" for "daily".
_LEFT = r"(?:(?<![A-Za-z])|(?<=[a-z])(?=[A-Z]))"
# Nothing that a longer value would go on with.
_RIGHT = r"(?![\w+/=]|-[A-Za-z0-9])"

FOLLOWING = rf"{_BETWEEN}[^\s\"']{{8}}"
"""What must follow an issuer's name for a value to be worth a look."""

_TIE = re.compile(r"[=:(\[>,]|key|token|secret|pass|pwd|auth|access|private|credential|bearer", re.IGNORECASE)


def pattern(near: Iterable[str], value: str) -> str:
    """A regular expression for an issuer's name and a value that is tied to it.

    Args:
        near: The issuer's names, literally; any case matches.
        value: Regular expression of the value, without boundaries.

    Returns:
        The expression; its groups are ``between`` and ``secret``.
    """
    names = "|".join(re.escape(name) for name in near)
    return rf"{_LEFT}(?i:{names})(?P<between>(?i:{_BETWEEN})){_NO_VALUE_BEFORE}(?P<secret>{value}){_RIGHT}"


def is_tied(between: str) -> bool:
    """Whether what stands between a name and a value says that the one is the other's.

    Args:
        between: The text of the group of that name.
    """
    return _TIE.search(between) is not None
