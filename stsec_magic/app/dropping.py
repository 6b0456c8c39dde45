"""What an app can't do."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from stsec_magic.app.code import Code
from stsec_magic.app.commented import commented, standing_in
from stsec_magic.app.streamlit import ST


def drop(statement: ast.stmt, code: Code) -> None:
    """Make a statement a comment; what it would have bound is None.

    Args:
        statement: The statement.
        code: The cell.
    """
    names = dict.fromkeys(each.id for each in _bound(statement) if each.id != "_")
    instead = " = ".join([*names, "None"]) if names else ""
    if isinstance(statement, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
        told = f'{ST}.warning("{statement.name}() was left out of the app")'
        # Whoever calls it is told, and the rest of the app goes on.
        start, end = code.span(statement)
        whole = code.text[code.text.rfind("\n", 0, start) + 1 : end]
        stub = f"def {statement.name}(*args, **kwargs):\n    {told}"
        code.replace(statement, f"{stub}\n{commented(whole)}")
        return
    text = code.text[slice(*code.span(statement))]
    indent = code.indent(statement)
    if shares_line(statement, code):
        code.replace(statement, instead or "pass")
    else:
        code.replace(statement, standing_in(text, indent, instead))


def _bound(statement: ast.stmt) -> Iterator[ast.Name]:
    """The names that a statement gives a meaning."""
    return (each for each in ast.walk(statement) if isinstance(each, ast.Name) and isinstance(each.ctx, ast.Store))


def shares_line(statement: ast.stmt, code: Code) -> bool:
    """Whether other code stands in a statement's first or last line.

    Args:
        statement: The statement.
        code: The cell.
    """
    start, end = code.span(statement)
    before = code.text[code.text.rfind("\n", 0, start) + 1 : start]
    stop = code.text.find("\n", end)
    after = code.text[end : stop if stop >= 0 else len(code.text)]
    return bool(before.strip()) or bool(after.strip() and not after.lstrip().startswith("#"))
