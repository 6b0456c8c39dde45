"""What a name really names: imports and aliases followed across cells and into functions."""

from __future__ import annotations

import ast
from bisect import bisect_right
from collections.abc import Iterator
from operator import attrgetter

from stsec_magic.source.bindings import Bindings
from stsec_magic.source.scopes import Binding, Order, Scope

_MAX_HOPS = 8
_MAX_BRANCHES = 8
_ORDER = attrgetter("order")


class Names(Bindings):
    """Answers what the expressions of a program name.

    Attributes:
        first: The index of the first cell that rules look at; those before only tell what names mean.
    """

    first: int = 0

    def binding(self, name: str, scope: Scope, order: Order) -> Binding | None:
        """The binding that a name has at a place.

        Args:
            name: The name.
            scope: Where it is used.
            order: The place.

        Returns:
            In the nearest scope that binds it: the latest one before the place, else the first
            after it (cells are run out of order). None where nothing binds it.
        """
        at: Scope | None = scope
        while at is not None:
            rows = self.rows(at, name)
            if rows:
                return rows[max(0, bisect_right(rows, order, key=_ORDER) - 1)]
            at = at.parent
        return None

    def reaching(self, name: str, scope: Scope, order: Order) -> tuple[list[Binding], Scope | None]:
        """All bindings that a name may have at a place, where branches and loops leave it open.

        Args:
            name: The name.
            scope: Where it is used.
            order: The place.

        Returns:
            The latest bindings before the place, back to one that holds in any case, or the first
            after it; and the scope that they stand in.
        """
        at: Scope | None = scope
        while at is not None:
            rows = self.rows(at, name)
            if rows:
                last = max(0, bisect_right(rows, order, key=_ORDER) - 1)
                first = last
                while first and rows[first].branch:
                    first -= 1
                return rows[max(first, last - _MAX_BRANCHES) : last + 1], at
            at = at.parent
        return [], None

    def qualified(self, node: ast.expr, scope: Scope, order: Order, hops: int = _MAX_HOPS) -> str | None:
        """The dotted name that an expression stands for.

        Args:
            node: A name, an attribute, ``getattr`` with a literal, or an import call.
            scope: Where it stands.
            order: The place.
            hops: How many aliases may still be followed.

        Returns:
            Such as ``pickle.load``; a name that nothing binds stands for itself. None for what
            is local or unknown.
        """
        attributes: list[str] = []
        while isinstance(node, ast.Attribute):
            attributes.append(node.attr)
            node = node.value
        root: str | None = None
        if isinstance(node, ast.Name):
            root = self._root(node.id, scope, order, hops)
        elif isinstance(node, ast.Call):
            root = self._called(node, scope, order, hops)
        if root is None:
            return None
        return ".".join([root, *reversed(attributes)])

    def _root(self, name: str, scope: Scope, order: Order, hops: int) -> str | None:
        binding = self.binding(name, scope, order)
        if binding is None:
            return name
        if binding.imported is not None:
            return binding.imported
        if binding.value is None or binding.opened or hops == 0:
            return None
        if isinstance(binding.value, (ast.Name, ast.Attribute, ast.Call)):
            return self.qualified(binding.value, scope, binding.order, hops - 1)
        return None

    def made_by(self, name: str, scope: Scope, order: Order) -> str | None:
        """The dotted name of the class of what a name is bound to, where more than the text is known; None here."""
        return None

    def _called(self, node: ast.Call, scope: Scope, order: Order, hops: int) -> str | None:
        if hops == 0 or not node.args:
            return None
        callee = self.qualified(node.func, scope, order, hops - 1)
        first, second = node.args[0], node.args[1] if len(node.args) > 1 else None
        if callee == "getattr" and isinstance(second, ast.Constant) and isinstance(second.value, str):
            base = self.qualified(first, scope, order, hops - 1)
            return base and f"{base}.{second.value}"
        if callee in ("__import__", "importlib.import_module") and isinstance(first, ast.Constant):
            return first.value if isinstance(first.value, str) else None
        if callee == "functools.partial":
            return self.qualified(first, scope, order, hops - 1)
        return None

    def partial(self, node: ast.expr, scope: Scope, order: Order) -> ast.Call | None:
        """The ``functools.partial(...)`` that a callee is, directly or by its name."""
        if isinstance(node, ast.Name):
            binding = self.binding(node.id, scope, order)
            node = binding.value if binding is not None and binding.value is not None else node
        if isinstance(node, ast.Call) and self.qualified(node.func, scope, order) == "functools.partial":
            return node
        return None

    def qualified_text(self, dotted: str, order: Order) -> str | None:
        """The same for a dotted name that stands in code which doesn't parse."""
        head, _, rest = dotted.partition(".")
        root = self._root(head, self.module, order, _MAX_HOPS)
        if root is None:
            return None
        return f"{root}.{rest}" if rest else root

    def candidates(self, qualified: str) -> Iterator[str]:
        """A dotted name, and what it may be through the star imports."""
        yield qualified
        if "." not in qualified:
            for module in self.stars:
                yield f"{module}.{qualified}"
