"""All code cells as one program, each parsed alone."""

from __future__ import annotations

import ast
import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator, Sequence
from functools import cached_property
from typing import TYPE_CHECKING

from stsec_magic.model.fragment import Fragment
from stsec_magic.model.location import Part
from stsec_magic.source.ipython import Resolved, blank_magics, resolve
from stsec_magic.source.syntax import parse

if TYPE_CHECKING:
    from stsec_magic.source.mend import Mended
    from stsec_magic.source.regions import Region

# Python's tokenizer knows these line ends; str.splitlines knows more.
_LINE_END = re.compile(r"\r\n|\r|\n")


class CodeCell:
    """A code cell: its fragment, what it is written in, and its syntax tree on demand."""

    def __init__(self, fragment: Fragment) -> None:
        """Take a cell's source fragment."""
        self.fragment = fragment

    @cached_property
    def resolved(self) -> Resolved:
        """The cell with IPython's syntax resolved."""
        return resolve(self.fragment.text, self.fragment.language)

    @property
    def language(self) -> str:
        """What the cell's body is written in."""
        return self.resolved.language

    @property
    def is_python(self) -> bool:
        """Whether the cell's body is Python, parseable or not."""
        return self.resolved.python is not None

    @cached_property
    def tree(self) -> ast.Module | None:
        """The syntax tree; None where the cell isn't Python or doesn't parse."""
        text = self.resolved.python
        if text is None:
            return None
        tree = parse(text)
        if tree is None:
            # Most cells parse as they are; only the others are looked at line by line.
            blanked = blank_magics(text)
            tree = None if blanked is None else parse(blanked)
        return tree

    @property
    def mended(self) -> ast.Module | None:
        """The tree of what is sound in a cell that doesn't parse; None where it parses, or nothing can be saved."""
        return None if self._mended is None else self._mended.tree

    @property
    def left_out(self) -> str:
        """The lines that are not in that tree."""
        return "" if self._mended is None else self._mended.left_out

    @cached_property
    def _mended(self) -> Mended | None:
        text = self.resolved.python
        if text is None or self.tree is not None:
            return None
        # Most notebooks never ask.
        from stsec_magic.source.mend import mend

        return mend(blank_magics(text) or text)

    @property
    def was_parsed(self) -> bool:
        """Whether somebody asked for the tree."""
        return "tree" in vars(self)

    @cached_property
    def regions(self) -> Sequence[Region]:
        """What no syntax tree speaks for: all of a cell that has none, and the stretches."""
        # Most notebooks never ask.
        from stsec_magic.source.regions import whole

        return self.stretches if self.tree is not None else [*whole(self.resolved), *self.stretches]

    @cached_property
    def stretches(self) -> Sequence[Region]:
        """The parts in another language than the cell; inner ones come last."""
        resolved = self.resolved
        if not resolved.stretches and resolved.language != "shell":
            return ()
        from stsec_magic.source.regions import stretches

        return [*stretches(resolved)]

    def region_at(self, offset: int) -> Region | None:
        """The innermost region that the character at an offset stands in."""
        return next((region for region in reversed(self.regions) if region.holds(offset)), None)

    @property
    def was_given_up(self) -> bool:
        """Whether somebody asked for the tokens of a part in vain."""
        asked: Sequence[Region] = [*vars(self).get("regions", ()), *vars(self).get("stretches", ())]
        return any(region.lexed.gave_up for region in asked)

    def nodes_on(self, lines: Sequence[int] | None) -> Iterator[ast.AST]:
        """The nodes of the statements that some lines belong to, parents before children.

        Args:
            lines: Line numbers from 1, in order; None for all.
        """
        stack: list[ast.AST] = list(reversed(self._statements_near(lines)))
        while stack:
            node = stack.pop()
            if lines is not None and isinstance(node, ast.stmt):
                decorators = getattr(node, "decorator_list", ())
                first = min((each.lineno for each in decorators), default=node.lineno)
                i = bisect_left(lines, first)
                if i == len(lines) or lines[i] > (node.end_lineno or node.lineno):
                    continue
            yield node
            stack.extend(reversed(children(node)))

    def _statements_near(self, lines: Sequence[int] | None) -> list[ast.stmt]:
        """The cell's own statements that may hold some lines; not all of them, where only one line is meant."""
        body = [] if self.tree is None else self.tree.body
        if lines is None or len(lines) != 1:
            return body
        last = bisect_right(self._first_lines, lines[0])
        first = max(0, last - 1)
        while first and (body[first - 1].end_lineno or 0) >= lines[0]:
            first -= 1
        return body[first:last]

    @cached_property
    def _first_lines(self) -> list[int]:
        """Where the cell's own statements begin, their decorators with them."""
        body = [] if self.tree is None else self.tree.body
        return [min([node.lineno, *(each.lineno for each in getattr(node, "decorator_list", ()))]) for node in body]

    def line_of(self, offset: int) -> int:
        """The line, from 1 and as the tree counts them, of an offset."""
        return bisect_right(self._line_starts, offset)

    @cached_property
    def _line_starts(self) -> list[int]:
        return [0, *(match.end() for match in _LINE_END.finditer(self.fragment.text))]

    def offset(self, line: int, byte_column: int) -> int:
        """The code point offset of a place in the tree (line from 1, column in UTF-8 bytes)."""
        text = self.fragment.text
        if line > len(self._line_starts):
            return len(text)
        start = self._line_starts[line - 1]
        end = self._line_starts[line] if line < len(self._line_starts) else len(text)
        row = text[start:end]
        if not row.isascii():
            encoded = row.encode("utf-8", "surrogatepass")[:byte_column]
            # Every byte that begins a character; what was mended may be shorter than what stands here.
            byte_column = sum(byte & 0xC0 != 0x80 for byte in encoded)
        return start + byte_column

    def span(self, node: ast.expr | ast.stmt) -> tuple[int, int]:
        """Offsets of a node's first character and just past its last."""
        start = self.offset(node.lineno, node.col_offset)
        if node.end_lineno is None or node.end_col_offset is None:
            return start, start
        return start, self.offset(node.end_lineno, node.end_col_offset)

    def string_around(self, offset: int) -> tuple[int, int] | None:
        """The string literal that the character at an offset stands in."""
        line = self.line_of(offset)
        spans = self._strings.get(line)
        if spans is None:
            found = [
                self.span(node) for node in self.nodes_on((line,)) if _is_string(node) and isinstance(node, ast.expr)
            ]
            spans = self._strings[line] = _outermost(found)
        return next((span for span in spans if span[0] <= offset < span[1]), None)

    @cached_property
    def _strings(self) -> dict[int, list[tuple[int, int]]]:
        return {}


def _is_string(node: ast.AST) -> bool:
    return isinstance(node, ast.JoinedStr) or (isinstance(node, ast.Constant) and isinstance(node.value, (str, bytes)))


def children(node: ast.AST) -> list[ast.AST]:
    """The nodes right below one, in order; faster than ``ast.iter_child_nodes``, and without contexts."""
    found: list[ast.AST] = []
    for name in node._fields:
        value = getattr(node, name, None)
        if value.__class__ is list:
            found += [each for each in value if isinstance(each, ast.AST)]
        elif isinstance(value, ast.AST) and value._fields:
            found.append(value)
    return found


def _outermost(spans: Iterable[tuple[int, int]]) -> list[tuple[int, int]]:
    kept: list[tuple[int, int]] = []
    for span in sorted(spans, key=lambda s: (s[0], -s[1])):
        if not kept or span[0] >= kept[-1][1]:
            kept.append(span)
    return kept


class Program:
    """All code cells of a notebook; most notebooks ask for a few of them only."""

    def __init__(self, fragments: Iterable[Fragment]) -> None:
        """Take the source fragments of the code cells, in document order; they are asked for when all are needed."""
        self._fragments = fragments
        self._made: dict[Fragment, CodeCell] = {}

    @cached_property
    def cells(self) -> list[CodeCell]:
        """All of them, in document order."""
        return [self._cell(fragment) for fragment in self._fragments]

    @property
    def asked_for(self) -> list[CodeCell]:
        """Those that somebody asked for, in document order."""
        return sorted(self._made.values(), key=lambda cell: cell.fragment.cell or 0)

    def cell_of(self, fragment: Fragment) -> CodeCell | None:
        """The code cell that a fragment is the source of."""
        is_code = fragment.part is Part.SOURCE and fragment.language != "text" and fragment.base is None
        return self._cell(fragment) if is_code else None

    def _cell(self, fragment: Fragment) -> CodeCell:
        if fragment not in self._made:
            self._made[fragment] = CodeCell(fragment)
        return self._made[fragment]
