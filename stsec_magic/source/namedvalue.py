"""A value with the name that it was given, in whatever way."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from enum import Enum

_SCHEME = re.compile(r"\s{0,3}(?:Bearer|Basic|Token|Key|ApiKey|Api-Key|Splunk|SSWS)\s{1,3}(?=\S)", re.IGNORECASE)
_ANY_SCHEME = re.compile(r"\s{0,3}[A-Za-z][\w.~\-]{0,24}\s{1,3}(?=\S{8})")


def scheme_length(name: str, value: str) -> int:
    """How many characters of a value say what kind of credential follows: ``Bearer``.

    Args:
        name: The value's name; in an Authorization header any word may stand there.
        value: The value.
    """
    scheme = _SCHEME.match(value)
    if scheme is None and name.lower().endswith("authorization"):
        scheme = _ANY_SCHEME.match(value)
    return scheme.end() if scheme else 0


class Form(Enum):
    """How a value came by its name, from the surest way to the vaguest.

    Attributes:
        LITERAL: A string literal bound to the name by Python's own syntax.
        QUOTED: ``name = "value"`` in any other text.
        BARE: ``name=value`` or ``name: value`` without quotes.
        SPACED: ``name value``, as on a command line or in prose.
    """

    LITERAL = "literal"
    QUOTED = "quoted"
    BARE = "bare"
    SPACED = "spaced"


@dataclass(frozen=True, slots=True)
class NamedValue:
    """A name and the value that stands beside it.

    Attributes:
        name: The name as written: ``aws_secret_access_key``, ``x-api-key``, ``db.password``.
        value: The value's text.
        start: Offset of the value's first character in the text.
        end: Offset just past the value.
        form: How the two are tied.
        name_start: Offset of the name; -1 where it isn't known.
    """

    name: str
    value: str
    start: int
    end: int
    form: Form
    name_start: int = -1

    def moved(self, by: int) -> NamedValue:
        """The same in a text that has so many more characters before it."""
        name_start = self.name_start if self.name_start < 0 else self.name_start + by
        return replace(self, start=self.start + by, end=self.end + by, name_start=name_start)

    def __repr__(self) -> str:
        """The name alone: the value may be a secret."""
        return f"NamedValue({self.name!r}, {self.form.name})"
