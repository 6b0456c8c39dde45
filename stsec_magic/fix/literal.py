"""The string literal that a place in a cell stands in, and what stands around that."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from dataclasses import dataclass

from stsec_magic.source.program import CodeCell, children

Literal = ast.Constant | ast.JoinedStr


@dataclass(frozen=True, slots=True)
class Place:
    """A literal in its tree.

    Attributes:
        cell: The cell.
        node: The literal; an f-string is one as a whole.
        above: The nodes that it stands in, the nearest first.
    """

    cell: CodeCell
    node: Literal
    above: tuple[ast.AST, ...]

    @property
    def span(self) -> tuple[int, int]:
        """Offsets of the literal's first character and just past its last."""
        return self.cell.span(self.node)

    @property
    def parent(self) -> ast.AST:
        """The node right above."""
        return self.above[0]

    @property
    def text(self) -> str | None:
        """What the literal gives; None where it isn't one text."""
        node = self.node
        if isinstance(node, ast.JoinedStr):
            parts = [each.value for each in node.values if isinstance(each, ast.Constant)]
            return "".join(map(str, parts)) if len(parts) == len(node.values) else None
        if isinstance(node.value, bytes):
            try:
                return node.value.decode()
            except UnicodeDecodeError:
                return None
        return node.value if isinstance(node.value, str) else None


def literal_at(cell: CodeCell, start: int, end: int) -> Place | None:
    """The literal that a span stands in.

    Args:
        cell: A cell of Python; of one that does not parse what is sound in it.
        start: Offset of the span's first character.
        end: Offset just past its last.

    Returns:
        The outermost such literal; None where there is none.
    """
    above: list[ast.AST] = []
    node: ast.AST | None = cell.tree or cell.mended
    while node is not None:
        inner = next((each for each in _located(node) if _holds(cell, each, start, end)), None)
        if isinstance(inner, ast.JoinedStr) or (
            isinstance(inner, ast.Constant) and isinstance(inner.value, (str, bytes))
        ):
            return Place(cell, inner, tuple(reversed([*above, node])))
        above.append(node)
        node = inner
    return None


def _located(node: ast.AST) -> Iterator[ast.AST]:
    """The nodes below one that have a place of their own; ``ast.arguments`` and the like have none."""
    for each in children(node):
        if hasattr(each, "lineno"):
            yield each
        else:
            yield from _located(each)


def _holds(cell: CodeCell, node: ast.AST, start: int, end: int) -> bool:
    if not isinstance(node, (ast.expr, ast.stmt)):
        return _around(cell, node, start, end)
    first, last = cell.span(node)
    decorators = getattr(node, "decorator_list", ())
    return min([first, *(cell.span(each)[0] for each in decorators)]) <= start and end <= last


def _around(cell: CodeCell, node: ast.AST, start: int, end: int) -> bool:
    """The same for keywords, handlers, patterns, aliases: nodes that are neither expression nor statement."""
    first = cell.offset(getattr(node, "lineno", 1), getattr(node, "col_offset", 0))
    last = cell.offset(getattr(node, "end_lineno", None) or 1, getattr(node, "end_col_offset", None) or 0)
    return first <= start and end <= last
