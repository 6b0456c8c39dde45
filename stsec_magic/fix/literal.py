"""The string literal that a place in a cell stands in, and what stands around that."""

from __future__ import annotations

import ast
from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass

from stsec_magic.fix.strings import Piece, pieces
from stsec_magic.source.program import CodeCell, children

Literal = ast.Constant | ast.JoinedStr

_NEAR = 8


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


class Literals:
    """Finds the literals of one cell; what was looked at once is not looked at again."""

    def __init__(self, cell: CodeCell) -> None:
        """Take a cell of Python; of one that doesn't parse what is sound in it."""
        self._cell = cell
        self._below: dict[int, list[tuple[int, int, ast.AST]]] = {}
        self._pieces: dict[int, list[Piece]] = {}

    def at(self, start: int, end: int) -> Place | None:
        """The literal that a span stands in.

        Args:
            start: Offset of the span's first character.
            end: Offset just past its last.

        Returns:
            The outermost such literal; None where there is none.
        """
        above: list[ast.AST] = []
        node: ast.AST | None = self._cell.tree or self._cell.mended
        while node is not None:
            inner = self._holding(node, start, end)
            if isinstance(inner, ast.JoinedStr) or (
                isinstance(inner, ast.Constant) and isinstance(inner.value, (str, bytes))
            ):
                return Place(self._cell, inner, tuple(reversed([*above, node])))
            above.append(node)
            node = inner
        return None

    def piece(self, place: Place, offset: int) -> Piece | None:
        """The string token that a character of a literal stands in.

        Args:
            place: The literal.
            offset: Offset of the character in the cell.
        """
        if id(place.node) not in self._pieces:
            self._pieces[id(place.node)] = [*pieces(self._cell.fragment.text, *place.span)]
        found = self._pieces[id(place.node)]
        i = bisect_right(found, offset, key=lambda piece: piece.body) - 1
        return found[i] if i >= 0 and offset < found[i].body_end else None

    def _holding(self, node: ast.AST, start: int, end: int) -> ast.AST | None:
        """The node right below one that holds a span."""
        if id(node) not in self._below:
            rows = [(*self._span(each), each) for each in _located(node)]
            self._below[id(node)] = sorted(rows, key=lambda row: row[:2])
        rows = self._below[id(node)]
        i = bisect_right(rows, start, key=lambda row: row[0]) - 1
        # Few nodes begin at the same place, or hold each other's.
        for first, last, each in reversed(rows[max(0, i - _NEAR) : i + 1]):
            if first <= start and end <= last:
                return each
        return None

    def _span(self, node: ast.AST) -> tuple[int, int]:
        if isinstance(node, (ast.expr, ast.stmt)):
            first, last = self._cell.span(node)
            decorators = getattr(node, "decorator_list", ())
            return min([first, *(self._cell.span(each)[0] for each in decorators)]), last
        # Keywords, handlers, patterns, aliases.
        offset = self._cell.offset
        return (
            offset(getattr(node, "lineno", 1), getattr(node, "col_offset", 0)),
            offset(getattr(node, "end_lineno", None) or 1, getattr(node, "end_col_offset", None) or 0),
        )


def _located(node: ast.AST) -> Iterator[ast.AST]:
    """The nodes below one that have a place of their own; ``ast.arguments`` and the like have none."""
    for each in children(node):
        if hasattr(each, "lineno"):
            yield each
        else:
            yield from _located(each)
