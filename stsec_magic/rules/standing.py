"""Whether a value that was read by its characters stands where no syntax speaks for it."""

from __future__ import annotations

import builtins
import re
from collections.abc import Callable
from typing import TYPE_CHECKING

from stsec_magic.notebook.lines import line_start
from stsec_magic.rules.base import Subject
from stsec_magic.rules.randomness import alternates, is_random
from stsec_magic.source.namedvalue import Form, NamedValue
from stsec_magic.source.program import CodeCell

if TYPE_CHECKING:
    from stsec_magic.source.regions import Region

_LINE = 4000
"""So far back a line's beginning is looked for."""
_LEAST = 8
"""Characters."""

_BUILTIN = frozenset(dir(builtins))
_IDENTIFIER = re.compile(r"[A-Za-z_]\w*")


def stands_as_text(subject: Subject, cell: CodeCell, value: NamedValue) -> bool:
    """Whether in code a value stands where no syntax speaks for it.

    That is: name and value in one string literal, in a comment, on a line that was a magic, or an
    unquoted value that no name of the program explains.

    Args:
        subject: The notebook.
        cell: The code cell.
        value: What stands beside a name there, read without regard to any syntax.
    """
    if cell.tree is None:
        region = cell.region_at(value.start)
        return region is None or _stands_in(region, value)
    outer = cell.string_around(value.start)
    if outer is not None:
        return outer == cell.string_around(value.name_start)
    if _is_comment_or_magic(cell, value.start):
        return True
    # DB_PASSWORD=s3cur3P@ssw0rd parses as an operation on names that nothing binds.
    return _is_no_expression(value, subject.names.binds, sure=not subject.names.stars)


def _stands_in(region: Region, value: NamedValue) -> bool:
    """The same where only tokens are known."""
    lexed = region.lexed
    if lexed.is_shell or not lexed.is_known:
        return True
    start, name_start = value.start - region.start, value.name_start - region.start
    outer, named = lexed.around(start), lexed.around(name_start)
    if outer is not None and named is not None:
        return outer == named
    if value.start < value.name_start:
        return True  # "..." == password, in whatever language
    # What is no Python may be text that somebody pasted.
    if region.is_python:
        return True
    return outer is None and (lexed.in_comment(start) or _is_no_expression(value, lambda _: False, sure=False))


def _is_no_expression(value: NamedValue, binds: Callable[[str], bool], *, sure: bool) -> bool:
    """Whether an unquoted value can't be code: nothing gives its names a meaning.

    Args:
        value: The value.
        binds: Whether anything in the program gives a name a meaning.
        sure: Whether nothing else can.
    """
    text = value.value
    if value.form is not Form.BARE or len(text) < _LEAST or text.isalpha() or text.isdigit():
        return False
    if not sure and not is_random(text, _LEAST, margin=0) and not alternates(text):
        return False
    return all(name not in _BUILTIN and not binds(name) for name in _IDENTIFIER.findall(text))


def _is_comment_or_magic(cell: CodeCell, offset: int) -> bool:
    text = cell.fragment.text
    start = line_start(text, offset, _LINE)
    if text[start:offset].lstrip()[:1] in ("%", "!", "#"):
        return True
    at = text.find("#", start, offset)
    while at >= 0:
        if cell.string_around(at) is None:
            return True
        at = text.find("#", at + 1, offset)
    return False
