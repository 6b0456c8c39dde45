"""Code moved into a block, without touching what stands in its strings."""

from __future__ import annotations

import io
import tokenize

_STEP = "    "


def indented(code: str) -> str | None:
    """Code as the body of a block.

    Args:
        code: Whole statements.

    Returns:
        The same, one step deeper; None where it can't be taken apart.
    """
    inside = _lines_in_strings(code)
    if inside is None:
        return None
    lines = code.splitlines(keepends=True)
    return "".join(
        line if number in inside or not line.strip() else _STEP + line for number, line in enumerate(lines, 1)
    )


def _lines_in_strings(code: str) -> set[int] | None:
    """The lines that begin inside of a string, whose indentation is the string's own."""
    inside: set[int] = set()
    opened: list[int] = []
    try:
        for token in tokenize.generate_tokens(io.StringIO(code).readline):
            first, last = token.start[0], token.end[0]
            if token.type == tokenize.STRING:
                inside.update(range(first + 1, last + 1))
            elif tokenize.tok_name[token.type] == "FSTRING_START":
                opened.append(first)
            elif tokenize.tok_name[token.type] == "FSTRING_END" and opened:
                inside.update(range(opened.pop() + 1, last + 1))
    except (tokenize.TokenError, SyntaxError, IndentationError):
        return None
    # A line that a backslash continues may be moved like any other.
    return inside
