"""The statements that places in cells belong to."""

from __future__ import annotations

import ast
from bisect import bisect_right
from collections.abc import Iterator

from stsec_magic.source.program import CodeCell, children


class Statements:
    """Finds statements; a cell is walked once, when one in it is asked for."""

    def __init__(self) -> None:
        """Begin with none."""
        self._known: dict[CodeCell, list[tuple[int, int]]] = {}

    def around(self, cell: CodeCell, start: int, end: int) -> tuple[int, int] | None:
        """The innermost statement that a span stands in; of one with a body its head, decorators included.

        Args:
            cell: A cell of Python.
            start: Offset of the span's first character.
            end: Offset just past its last.

        Returns:
            Offsets of its first character and just past its last; None where there is none, or the cell doesn't parse.
        """
        if cell not in self._known:
            self._known[cell] = sorted(_heads(cell))
        rows = self._known[cell]
        # As heads end before their bodies begin, no two of them overlap.
        i = bisect_right(rows, start, key=lambda row: row[0]) - 1
        return rows[i] if i >= 0 and end <= rows[i][1] else None


def _heads(cell: CodeCell) -> Iterator[tuple[int, int]]:
    for node in cell.nodes_on(None):
        if isinstance(node, ast.stmt):
            first, last = cell.span(node)
            decorators: list[ast.expr] = getattr(node, "decorator_list", [])
            first = min([first, *(cell.span(each)[0] for each in decorators)])
            yield first, _end_of_head(cell, node, first) if _body(node) else last


def _end_of_head(cell: CodeCell, node: ast.stmt, first: int) -> int:
    """Just past the colon behind all that stands before the body."""
    body = {id(each) for each in _body(node)}
    inside: list[ast.AST] = []
    for child in children(node):
        if id(child) in body:
            break
        inside += [child] if hasattr(child, "end_lineno") else children(child)
    ends = [cell.span(each)[1] for each in inside if isinstance(each, ast.expr)]
    return cell.fragment.text.find(":", max([first, *ends])) + 1


def _body(node: ast.stmt) -> list[ast.AST]:
    body = node.cases if isinstance(node, ast.Match) else getattr(node, "body", None)
    return [*body] if isinstance(body, list) else []
