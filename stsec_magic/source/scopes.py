"""What a name is bound to, in which scope, and where it is used."""

from __future__ import annotations

import ast
from collections.abc import Container
from dataclasses import dataclass, field

from stsec_magic.source.program import CodeCell

Function = ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda
Definition = Function | ast.ClassDef
Order = tuple[int, int, int]
"""Cell index, line and column: where in the program something stands."""


@dataclass(frozen=True, slots=True)
class Binding:
    """One place that gives a name its meaning.

    Attributes:
        order: Where.
        imported: The dotted name that it stands for, if it was imported.
        value: The expression that it was assigned, if it was.
        cell: The cell it stands in.
        opened: Whether ``value`` is a context manager, an iterable or a tuple rather than the thing itself.
        parameter: Whether it is a function's parameter; ``value`` is its default then.
        branch: Whether it stands in a branch or a loop, so that what was bound before may still hold.
        inner: The scope of the function or class that the name was given to.
    """

    order: Order
    imported: str | None
    value: ast.expr | None
    cell: CodeCell
    opened: bool = False
    parameter: bool = False
    branch: bool = False
    inner: Scope | None = None


@dataclass(slots=True, eq=False)
class Scope:
    """The names of the module (all cells), of a function, a class body or a comprehension.

    Attributes:
        parent: The enclosing scope; None for the module.
        bindings: Each name's bindings, in document order.
        is_class: Whether it is a class's body, which the methods in it don't see.
        definition: The function or class; None for the module and for comprehensions.
        owner: The class whose body a function stands in.
        cell: The cell it is defined in.
        order: Where in the program; the beginning for the module.
        elsewhere: Names that belong to another scope: ``global``, ``nonlocal``.
    """

    parent: Scope | None = None
    bindings: dict[str, list[Binding]] = field(default_factory=dict)
    is_class: bool = False
    definition: Definition | None = None
    owner: Scope | None = None
    cell: CodeCell | None = None
    order: Order = (0, 0, 0)
    elsewhere: dict[str, Scope] = field(default_factory=dict)

    @property
    def function(self) -> Function | None:
        """The function, if it is one's scope."""
        return self.definition if isinstance(self.definition, Function) else None

    def bind(self, name: str, binding: Binding) -> None:
        """Add a binding, where the name belongs."""
        self.elsewhere.get(name, self).bindings.setdefault(name, []).append(binding)


@dataclass(frozen=True, slots=True)
class Use:
    """An expression where it stands.

    Attributes:
        node: The expression.
        scope: The scope it is evaluated in.
        cell: The cell.
        order: Where in the program.
        frame: The call through which a function's body was entered; None where any call of it may be meant.
    """

    node: ast.expr
    scope: Scope
    cell: CodeCell
    order: Order
    frame: Frame | None = None

    def at(self, node: ast.expr) -> Use:
        """Another expression at the same place, a part of this one."""
        return Use(node, self.scope, self.cell, self.order, self.frame)


@dataclass(frozen=True, slots=True)
class Frame:
    """A call that is being followed into a function of the notebook.

    Attributes:
        function: The function's scope.
        call: The call.
    """

    function: Scope
    call: Use

    @property
    def depth(self) -> int:
        """How many calls deep it is."""
        at, depth = self.call.frame, 1
        while at is not None:
            at, depth = at.call.frame, depth + 1
        return depth


def may_name(node: ast.expr, words: Container[str]) -> bool:
    """Whether an expression may name one of some functions, told by its last part alone.

    Args:
        node: What is called or handed on.
        words: The last parts of the functions' names, and the other names that they were given.
    """
    match node:
        case ast.Name(id=word) | ast.Attribute(attr=word):
            return word in words
    return isinstance(node, ast.Call)  # getattr(module, "name"), partial(...)
