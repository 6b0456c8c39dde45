"""Colours of the report in a notebook, where nobody knows whether the page is light or dark.

Each has a relative luminance near 0.2, halfway between white and a dark theme's background: contrast with either is
about 4. What must be read without effort has no colour of its own and takes the theme's.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from stsec_magic.model.levels import Severity

RED = "#e03f4a"
AMBER = "#b16b09"
BLUE = "#1f7dda"
GREEN = "#238e50"
VIOLET = "#af54cd"
TEAL = "#188a8a"
GREY = "#7b7b7b"

QUIET = "opacity:0.7"
"""The theme's colour, further back: more contrast on either page than a grey could have."""

TINT = "rgba(128,128,128,0.08)"
"""Behind code: seen on both, and hardly in the way of the colours."""
LINE = "rgba(128,128,128,0.3)"
"""Between findings."""

SEVERITIES: Mapping[Severity, str] = {Severity.HIGH: RED, Severity.MEDIUM: AMBER, Severity.LOW: BLUE}

TOKENS: Mapping[tuple[str, ...], str] = {
    ("Comment",): GREY,
    ("Comment", "Preproc"): TEAL,
    ("Keyword",): VIOLET,
    ("Literal", "String"): GREEN,
    ("Name", "Attribute"): TEAL,
    ("Name", "Builtin"): TEAL,
    ("Name", "Class"): BLUE,
    ("Name", "Decorator"): TEAL,
    ("Name", "Function"): BLUE,
    ("Name", "Tag"): BLUE,
    ("Name", "Variable"): BLUE,
    ("Operator", "Word"): VIOLET,
}
"""Pygments' token types, as the tuples they are, so that nothing here imports Pygments.

Numbers have none: a tag in the middle of ``Authorization: Token 1000.…`` makes a secret of the word before it, when a
notebook is checked that holds this report as an output.
"""


def of_token(kind: Sequence[str]) -> str | None:
    """The colour of a kind of token, or of the kind that it is a kind of; None for the theme's own.

    Args:
        kind: A token type of Pygments.
    """
    return next((TOKENS[key] for n in range(len(kind), 0, -1) if (key := tuple(kind[:n])) in TOKENS), None)
