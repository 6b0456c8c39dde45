"""One code cell on its way into the app: its tree, what its names mean, and the changes to it."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cached_property

from stsec_magic.app.edits import Edits
from stsec_magic.app.outputs import Evidence
from stsec_magic.source.names import Names
from stsec_magic.source.program import CodeCell
from stsec_magic.source.scopes import Binding, Order, Scope

_LOOPS = (ast.For, ast.AsyncFor, ast.While)
_FUNCTIONS = (ast.FunctionDef, ast.AsyncFunctionDef, ast.Lambda)


@dataclass(slots=True)
class Wanted:
    """What the app as a whole needs, collected over its cells.

    Attributes:
        modules: ``import`` lines that must be there.
        helpers: The helper functions that must be there.
        keys: The keys that widgets have.
    """

    modules: set[str] = field(default_factory=set)
    helpers: set[str] = field(default_factory=set)
    keys: set[str] = field(default_factory=set)


class Code:
    """A cell that parses.

    Attributes:
        cell: The cell.
        tree: Its tree.
        number: Its number among all cells, from 1.
        names: What names mean in the notebook.
        evidence: What it showed when it last ran.
        wanted: What the app needs.
        edits: The changes to its text.
        notes: What could not be translated.
        gone: The nodes, by id, of the statements that were left out.
    """

    def __init__(self, index: int, number: int, names: Names, evidence: Evidence, wanted: Wanted) -> None:
        """Take a cell.

        Args:
            index: Its number among the code cells, from 0.
            number: Its number among all cells, from 1.
            names: What names mean in the notebook.
            evidence: What it showed when it last ran.
            wanted: Gets what the app needs.
        """
        self.cell: CodeCell = names.program.cells[index]
        self.tree: ast.Module = self.cell.tree or ast.Module([], [])
        self.number = number
        self.names = names
        self.evidence = evidence
        self.wanted = wanted
        self.text = self.cell.fragment.text
        self.edits = Edits(self.text)
        self.notes: list[str] = []
        self.gone: set[int] = set()
        self._index = index

    def note(self, message: str) -> None:
        """Say what could not be translated, once."""
        if message not in self.notes:
            self.notes.append(message)

    def qualified(self, node: ast.expr) -> str:
        """The dotted name that an expression stands for; "" where nobody knows."""
        scope, order = self._place(node)
        return self.names.qualified(node, scope, order) or ""

    def binding(self, node: ast.Name) -> Binding | None:
        """What gave a name its meaning."""
        scope, order = self._place(node)
        return self.names.binding(node.id, scope, order)

    def _place(self, node: ast.expr) -> tuple[Scope, Order]:
        found = self._scopes.get(id(node))
        return found or (self.names.module, (self._index, node.lineno, node.col_offset))

    @cached_property
    def _scopes(self) -> dict[int, tuple[Scope, Order]]:
        """Where each expression of a function stands."""
        found: dict[int, tuple[Scope, Order]] = {}
        for use in (*self.names.calls(self._index), *self.names.references(self._index)):
            found[id(use.node)] = (use.scope, use.order)
            if isinstance(use.node, ast.Call):
                found[id(use.node.func)] = (use.scope, use.order)
        return found

    @cached_property
    def parents(self) -> dict[int, ast.AST]:
        """The node above each node."""
        return {id(child): node for node in ast.walk(self.tree) for child in ast.iter_child_nodes(node)}

    def above(self, node: ast.AST) -> Iterator[ast.AST]:
        """The nodes above one, the nearest first."""
        at = self.parents.get(id(node))
        while at is not None:
            yield at
            at = self.parents.get(id(at))

    def is_in_loop(self, node: ast.AST) -> bool:
        """Whether a node is run again and again."""
        return any(isinstance(each, (*_LOOPS, ast.comprehension, ast.ListComp)) for each in self.above(node))

    def is_in_function(self, node: ast.AST) -> bool:
        """Whether a node is run when a function is called."""
        return any(isinstance(each, _FUNCTIONS) for each in self.above(node))

    def span(self, node: ast.expr | ast.stmt) -> tuple[int, int]:
        """Where a node stands in the text as it was."""
        return self.cell.span(node)

    def written(self, node: ast.expr | ast.stmt) -> str:
        """A node's text as it is now."""
        return self.edits.text(*self.span(node))

    def replace(self, node: ast.expr | ast.stmt, text: str) -> None:
        """Put something in a node's place."""
        self.edits.replace(*self.span(node), text)

    def indent(self, node: ast.stmt) -> str:
        """What stands before a statement in its line; "" where another statement does."""
        start, _ = self.span(node)
        line = self.text[self.text.rfind("\n", 0, start) + 1 : start]
        return line if not line.strip() else ""

    def statement_of(self, node: ast.AST) -> ast.stmt | None:
        """The statement that an expression stands in."""
        return next((each for each in self.above(node) if isinstance(each, ast.stmt)), None)
