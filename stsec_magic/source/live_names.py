"""Names in a running session: what they are bound to there counts more than what an earlier cell says."""

from __future__ import annotations

import ast
from collections.abc import Iterable, Sequence
from typing import NamedTuple, Protocol

from stsec_magic.source.names import Names
from stsec_magic.source.program import Program
from stsec_magic.source.scopes import Order, Scope

_MAX_HOPS = 8


class Meaning(NamedTuple):
    """What a name stands for in a session.

    Attributes:
        name: The dotted name of the thing itself; None for what the user made.
    """

    name: str | None


class Session(Protocol):
    """The namespace of a running kernel."""

    @property
    def aliases(self) -> dict[str, str]:
        """Other names that functions go by there, each with the last part of the function's own."""

    def meaning(self, root: str, attributes: Sequence[str]) -> Meaning | None:
        """What a name, or an attribute of it, stands for.

        Args:
            root: The name.
            attributes: Those behind it.

        Returns:
            Its meaning; None where the session knows nothing that the text doesn't.
        """

    def made_by(self, name: str) -> str | None:
        """The dotted name of the class of what a name is bound to; None where that isn't known."""


class LiveNames(Names):
    """The names of a program whose cells ran in a session, all but the last ones, which are to be checked."""

    def __init__(self, program: Program, session: Session, since: int) -> None:
        """Take a program and the session.

        Args:
            program: The cells that ran, and those that are to be checked.
            session: Knows what names are bound to now.
            since: The index of the first cell that didn't run yet; 0 where the session only knows better
                of names that no cell gives a meaning to.
        """
        super().__init__(program)
        self._session = session
        self.first = since

    def qualified(self, node: ast.expr, scope: Scope, order: Order, hops: int = _MAX_HOPS) -> str | None:
        """The dotted name that an expression stands for: the session's answer, else the text's."""
        attributes: list[str] = []
        root = node
        while isinstance(root, ast.Attribute):
            attributes.append(root.attr)
            root = root.value
        if isinstance(root, ast.Name) and self._is_live(root.id, scope, order):
            told = self._session.meaning(root.id, attributes[::-1])
            if told is not None:
                return told.name
        return super().qualified(node, scope, order, hops)

    def made_by(self, name: str, scope: Scope, order: Order) -> str | None:
        """The class of what a name is bound to, where the session knows it."""
        return self._session.made_by(name) if self._is_live(name, scope, order) else None

    def cells_naming(self, words: Iterable[str]) -> tuple[list[int], set[str]]:
        """The cells that hold any of some identifiers, or another name that a cell or the session gave to one."""
        wanted = set(words)
        aliases = {alias for alias, meant in self._session.aliases.items() if meant in wanted}
        return super().cells_naming(wanted | aliases)

    def _is_live(self, name: str, scope: Scope, order: Order) -> bool:
        """Whether what a name means at a place was settled by what ran before."""
        at: Scope | None = scope
        while at is not None and at is not self.module:
            if self.rows(at, name):
                return False
            at = at.parent
        binding = self.binding(name, self.module, order)
        return binding is None or binding.order[0] < self.first
