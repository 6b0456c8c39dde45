"""What a notebook shows of a cell by itself: its last expression, and the figures that it drew."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from stsec_magic.app import figures
from stsec_magic.app.calls import shown
from stsec_magic.app.code import Code
from stsec_magic.app.inferred import kind_of
from stsec_magic.app.kind import CALLS, Kind

HELPER = "show"

_NO_VALUE = frozenset("fit set_title set_xlabel set_ylabel set_xlim set_ylim set_xticks set_yticks legend seed".split())
"""Methods whose result nobody wants to see, where no output says otherwise; None is shown nowhere."""


def translate(code: Code) -> None:
    """Show what the notebook would show when the cell has run.

    Args:
        code: The cell; gets the changes.
    """
    body = code.tree.body
    last = body[-1] if body else None
    is_pending = figures.is_pending(code)
    was_shown = False
    if isinstance(last, ast.Expr) and id(last) not in code.gone and _is_as_it_was(last, code):
        if not _is_hushed(last, code):
            was_shown = _last(last, code)
        elif not isinstance(last.value, ast.Call):
            _unseen(last, code)
    for each in _bare(code):
        if each is not last and id(each) not in code.gone:
            _unseen(each, code)
    if is_pending and not was_shown:
        code.edits.insert(len(code.text.rstrip()), "\n" + figures.shown_in(body, len(body), code))


def _is_as_it_was(node: ast.Expr, code: Code) -> bool:
    start, end = code.span(node.value)
    return code.edits.text(start, end) == code.text[start:end] or not isinstance(node.value, ast.Call)


def _is_hushed(node: ast.Expr, code: Code) -> bool:
    """Whether a semicolon keeps the value from being shown."""
    return code.text[code.span(node)[1] :].lstrip(" \t)").startswith(";")


def _last(node: ast.Expr, code: Code) -> bool:
    """Show a last expression; whether that shows a figure, which isn't to be shown again then."""
    value = node.value
    if isinstance(value, ast.Yield | ast.YieldFrom | ast.Await):
        return False
    name = code.qualified(value.func) if isinstance(value, ast.Call) else ""
    if name.startswith(("streamlit.", "st.")) or name == "print":
        return False
    kind = kind_of(value, code)
    ran, result = code.evidence.ran, code.evidence.result
    is_own = "IPython" in name
    nothing = kind in (Kind.ARTISTS, Kind.NOTHING) or (
        ran and result in (Kind.NOTHING, Kind.ARTISTS) and kind is not Kind.FIGURE
    )
    if (nothing or (ran and result is Kind.DRAWN and kind not in CALLS)) and not is_own:
        if not isinstance(value, ast.Call):
            _unseen(node, code)
        return False
    if not ran and kind not in CALLS and isinstance(value, ast.Call) and not is_own:
        if name.rpartition(".")[2] in _NO_VALUE or _method(value) in _NO_VALUE:
            return False
        code.wanted.helpers.add(HELPER)
        code.replace(value, f"{HELPER}({code.written(value)})")
        return False
    code.replace(value, shown(value, code, result if ran else Kind.UNKNOWN))
    return Kind.FIGURE in (kind, result)


def _method(call: ast.Call) -> str:
    return call.func.attr if isinstance(call.func, ast.Attribute) else ""


def _bare(code: Code) -> Iterator[ast.Expr]:
    """Expressions that stand for themselves, where Streamlit would show them and the notebook didn't."""
    for node in ast.walk(code.tree):
        for field in ("body", "orelse", "finalbody"):
            body = getattr(node, field, None)
            if not isinstance(body, list) or isinstance(node, ast.ClassDef):
                continue
            for i, each in enumerate(body):
                if isinstance(each, ast.Expr) and not (i == 0 and _is_docstring(node, each)):
                    yield each


def _is_docstring(node: ast.AST, statement: ast.Expr) -> bool:
    is_function = isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
    return is_function and isinstance(statement.value, ast.Constant) and isinstance(statement.value.value, str)


def _unseen(node: ast.Expr, code: Code) -> None:
    """Keep Streamlit from showing an expression: it shows each that stands for itself, but for calls."""
    if isinstance(node.value, ast.Call | ast.Await | ast.Yield | ast.YieldFrom) or not _is_as_it_was(node, code):
        return
    if isinstance(node.value, ast.Constant) and node.value.value is Ellipsis:
        return
    code.edits.insert(code.span(node)[0], "_ = ")
