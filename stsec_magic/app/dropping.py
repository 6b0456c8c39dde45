"""What an app can't do."""

from __future__ import annotations

import ast

from stsec_magic.app.code import Code
from stsec_magic.app.commented import standing_in


class DroppedError(Exception):
    """A cell that can't become part of the app; its text says why, without anything of the cell."""


def drop(statement: ast.stmt, code: Code) -> None:
    """Make a statement a comment; what it would have bound is None.

    Args:
        statement: The statement.
        code: The cell.
    """
    names = [each.id for target in _targets(statement) for each in ast.walk(target) if isinstance(each, ast.Name)]
    instead = " = ".join([*names, "None"]) if names else ""
    text = code.text[slice(*code.span(statement))]
    indent = code.indent(statement)
    shares_line = _shares_line(statement, code)
    if shares_line:
        code.replace(statement, instead or "pass")
    else:
        code.replace(statement, standing_in(text, indent, instead))


def _targets(statement: ast.stmt) -> list[ast.expr]:
    match statement:
        case ast.Assign(targets=targets):
            return targets
        case ast.AnnAssign(target=target):
            return [target]
        case ast.With(items=items):
            return [each.optional_vars for each in items if each.optional_vars is not None]
    return []


def _shares_line(statement: ast.stmt, code: Code) -> bool:
    """Whether other code stands in the statement's first or last line."""
    start, end = code.span(statement)
    before = code.text[code.text.rfind("\n", 0, start) + 1 : start]
    stop = code.text.find("\n", end)
    after = code.text[end : stop if stop >= 0 else len(code.text)]
    return bool(before.strip()) or bool(after.strip() and not after.lstrip().startswith("#"))
