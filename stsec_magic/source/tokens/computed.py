"""Whether a literal is a value or stands for one that is computed."""

from __future__ import annotations

import re

from stsec_magic.source.namedvalue import Form, NamedValue, scheme_length
from stsec_magic.source.tokens.stringtokens import StringSpan

_HOLE = re.compile(r"[$#]?\{[^{}]{0,200}\}|\$\([^()]{0,200}\)|\$\w{1,80}|`[^`]{0,200}`")
_TEMPLATE = re.compile(r"(?:[$#%]\{[^{}]{0,200}+\}|\$\([^()]{0,200}+\)|\{\{[^{}]{0,200}+\}\}){1,20}+")


def valued(text: str, literal: StringSpan, name: str, name_start: int, form: Form) -> NamedValue | None:
    """The value that a literal is, without the scheme of a header.

    Args:
        text: The text.
        literal: The literal.
        name: What it is called.
        name_start: Where the name stands.
        form: How the two are tied.

    Returns:
        None where the literal is empty or stands for a value that is computed.
    """
    start, end = literal.content_start, literal.content_end
    start += scheme_length(name, text[start:end])
    value = text[start:end]
    prefix = text[literal.start : literal.content_start].lower()
    computed = literal.interpolated or prefix[:1] == "f" or "$" in prefix
    if not value.strip() or is_computed(value, interpolated=computed):
        return None
    return NamedValue(name, value, start, end, form, name_start)


def is_computed(value: str, *, interpolated: bool) -> bool:
    """Whether a value is nothing but references to others.

    Args:
        value: The value as written.
        interpolated: Whether its language replaces references in it; else only clear templates count.
    """
    if interpolated:
        return not any(map(str.isalnum, _HOLE.sub("", value)))
    return _TEMPLATE.fullmatch(value) is not None
