"""What IPython itself makes of a cell, to compare the resolver with."""

from __future__ import annotations

import ast
import re
import warnings

from IPython.core.inputtransformer2 import TransformerManager

from stsec_magic.model.fragment import Fragment
from stsec_magic.model.location import Part
from stsec_magic.source.program import CodeCell

_HELP = re.compile(r"%%\w+\?")
_TOP_LEVEL_AWAIT = ast.PyCF_ONLY_AST | ast.PyCF_ALLOW_TOP_LEVEL_AWAIT
_OWN_PROCESS = ("%%python", "%%pypy", "%%script", "%%writefile", "%%file", "%%cython")


def disagreement(source: str, language: str = "python") -> str | None:
    """Why IPython and the resolver differ on a cell; None where they agree. Never holds the cell's text."""
    cell = CodeCell(Fragment(text=source, part=Part.SOURCE, path=(), language=language, cell=1))
    with warnings.catch_warnings():
        # IPython's transformer and the compiler warn about the checked code.
        warnings.simplefilter("ignore")
        body, lines = source, _cleaned(source)
        if not cell.is_python:
            sees_magic = _is_cell_magic(lines) or _error(source) is not None
            return None if sees_magic else f"read as {cell.language}, but IPython takes it for Python"
        while _is_cell_magic(lines):
            body = "".join(lines[1:])
            lines = [] if lines[0].startswith(_OWN_PROCESS) else _cleaned(body)
        error = _error(body)
    if (error is None) == (cell.tree is not None):
        return None
    return "parsed by IPython alone" if error is None else f"parsed by the resolver alone; IPython: {error}"


def _cleaned(source: str) -> list[str]:
    lines = (source if source.endswith("\n") else source + "\n").splitlines(keepends=True)
    for transform in TransformerManager().cleanup_transforms:
        lines = transform(lines)
    return lines


def _is_cell_magic(lines: list[str]) -> bool:
    return bool(lines) and lines[0].startswith("%%") and not _HELP.match(lines[0])


def _error(source: str) -> str | None:
    try:
        compile(TransformerManager().transform_cell(source), "<cell>", "exec", _TOP_LEVEL_AWAIT)
    except SyntaxError as error:
        return f"{type(error).__name__} in line {error.lineno}"
    except (ValueError, IndexError, RuntimeError, RecursionError, MemoryError) as error:
        return type(error).__name__
    return None
