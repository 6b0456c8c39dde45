"""What IPython makes of a line for a shell: ``$name`` and ``{expression}`` filled in, ``$$name`` to ``$name``.

If anything in the line can't be filled in, all of it stays as it is (``InteractiveShell.var_expand``,
``IPython.utils.text.DollarFormatter``; tests/source/test_dollars.py asks IPython itself).
"""

from __future__ import annotations

import ast
import builtins
import re
import string
from collections.abc import Callable

FILLED = "\0"
"""Stands for whatever the notebook has under a name."""

_DOLLAR = re.compile(r"\$(\$?[\w.]{1,200})")


Known = Callable[[str], bool | None]
"""Whether the notebook has something under a name; None where nobody can tell."""


def filled_in(line: str, is_known: Known) -> str | None:
    """The line as the shell gets it.

    Args:
        line: What stands behind the ``!``.
        is_known: Tells of a name.

    Returns:
        None where nobody can tell.
    """
    out: list[str] = []
    is_sure = True
    try:
        for literal, field, spec, _ in string.Formatter().parse(line):
            at = 0
            for match in _DOLLAR.finditer(literal):
                # A quote that is closed only behind it keeps IPython from filling it in.
                if literal.count("'", match.end()) % 2:
                    continue
                name = match[1]
                found = True if name.startswith("$") else _can_be_told(name, is_known)
                if found is False:
                    return line
                is_sure = is_sure and found is True
                out += [literal[at : match.start()], name if name.startswith("$") else FILLED]
                at = match.end()
            out.append(literal[at:])
            if field is not None:
                found = _can_be_told(f"{field}:{spec}" if spec else field, is_known)
                if found is False:
                    return line
                is_sure = is_sure and found is True
                out.append(FILLED)
    except ValueError:  # a brace without its other
        return line
    return "".join(out) if is_sure else None


def _can_be_told(expression: str, is_known: Known) -> bool | None:
    try:
        tree = ast.parse(expression.strip(), mode="eval")
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return False
    names = {node.id for node in ast.walk(tree) if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Load)}
    own = {node.id for node in ast.walk(tree) if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store)}
    told = [hasattr(builtins, name) or is_known(name) for name in names - own]
    return False if False in told else None if None in told else True
