"""Python's parser, kept from raising, warning and taking too much."""

from __future__ import annotations

import ast
import warnings

LONGEST = 1 << 20
"""A longer cell is data pasted into code: its tree would cost hundreds of megabytes."""


def parse(text: str) -> ast.Module | None:
    """Parse Python without letting its warnings about the checked code out.

    Top-level ``await`` needs no flag: only Python's compiler refuses it.

    Args:
        text: Source of one cell.

    Returns:
        The tree; None where it is not Python that this interpreter understands.
    """
    if len(text) > LONGEST:
        return None
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            return ast.parse(text)
        except (SyntaxError, ValueError, RecursionError, MemoryError):
            return None


def is_code(text: str, as_value: bool = False) -> bool:
    """Whether a text is Python that is more than a comment.

    Args:
        text: What may be code.
        as_value: Whether it has to be one expression.

    Returns:
        Whether it parses as that.
    """
    tree = parse(text)
    if tree is None or not tree.body:
        return False
    return not as_value or (len(tree.body) == 1 and isinstance(tree.body[0], ast.Expr))
