"""A secret between quotes in code that doesn't parse."""

from __future__ import annotations

from stsec_magic.fix import in_text
from stsec_magic.fix.context import Context
from stsec_magic.fix.edit import Edit, Fix
from stsec_magic.fix.naming import suggested
from stsec_magic.model.hit import Hit
from stsec_magic.notebook.lines import line_start

_QUOTES = frozenset("'\"")
_REACH = 4000
_BEFORE = frozenset("=(,:[{ \t\n+")


def mend_quoted(hit: Hit, context: Context) -> Fix:
    """Put reading the secret in the place of the literal, as far as quotes show one; else the secret's name.

    Args:
        hit: What was found.
        context: The notebook.
    """
    text = hit.fragment.text
    before, after = text[hit.start - 1 : hit.start], text[hit.end : hit.end + 1]
    line = text[line_start(text, hit.start, _REACH) : hit.start - 1]
    is_outermost = all(line.count(quote) % 2 == 0 for quote in _QUOTES)
    is_literal = (
        is_outermost and before == after and before in _QUOTES and text[hit.start - 2 : hit.start - 1] in _BEFORE
    )
    if not is_literal or hit.secret is None:
        return in_text.blanked(hit, context, is_safe=False)
    name = context.name(hit.secret.value, suggested(hit))
    edit = Edit(hit.fragment, hit.start - 1, hit.end + 1, context.reading(name))
    return Fix(hit, (edit,), needs=context.needs, name=name, value=hit.secret.value)
