"""Streamlit's caches in a program: which functions they keep the results of, under whatever name."""

from __future__ import annotations

import ast
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from stsec_magic.rules.base import Subject
from stsec_magic.rules.functions import Function, Functions
from stsec_magic.source.scopes import Use, may_name

MODULE = "streamlit"
"""Code that doesn't name it has nothing of Streamlit's."""

REMOVED = {"cache": "1.62", "experimental_memo": "1.37", "experimental_singleton": "1.37"}
"""The caches that are gone, and the version since which they are."""

PICKLING = frozenset(("cache_data", "cache", "experimental_memo"))
"""The caches that pickle what they keep."""

ALL = PICKLING | REMOVED.keys() | {"cache_resource"}
"""Every cache that Streamlit has or had."""

_NAMES = {f"{module}.{name}": name for module in (MODULE, "streamlit.runtime.caching") for name in ALL}


@dataclass(frozen=True, slots=True, eq=False)
class Cached:
    """What a cache keeps the results of.

    Attributes:
        name: The cache: ``cache_data``.
        named: The expression that names it: ``st.cache_data``.
        place: The decorator's expression, or the call that is given a function.
        function: The notebook's function; None for one from elsewhere.
        argument: What the call is given; None for a decorator.
    """

    name: str
    named: Use
    place: Use
    function: Function | None
    argument: Use | None = None


class Caches:
    """The caches of one program, and the cells in which they may stand; nothing is parsed where there is none."""

    def __init__(self, subject: Subject, wanted: Iterable[str]) -> None:
        """Take a notebook.

        Args:
            subject: The notebook.
            wanted: The caches' names: ``cache_data``.
        """
        self._wanted = frozenset(wanted)
        self.names = subject.names
        self.functions = Functions(self.names)
        self.numbers: list[int] = []
        self._words: set[str] = set()
        if MODULE in subject.code_words:
            self.numbers, self._words = self.names.cells_naming(self._wanted)
            given = {name for number in self.numbers for name in self._given_names(number)}
            if given:
                self.numbers, self._words = self.names.cells_naming(self._wanted | given)

    def __iter__(self) -> Iterator[Cached]:
        """Every function under one of the wanted caches, cell by cell."""
        for number in self.numbers:
            for function in self.functions.defined(number):
                yield from self._decorated(function)
            for use in self.names.calls(number):
                yield from self._wrapped(use)

    def calls(self) -> Iterator[tuple[str, Use]]:
        """Every call of one of the wanted caches, whatever it is given; also by ``functools.partial``."""
        for number in self.numbers:
            for use in self.names.calls(number):
                if isinstance(use.node, ast.Call):
                    name = self.named(use.node.func, use) or self._partial(use.node, use)
                    if name is not None:
                        yield name, use

    def named(self, node: ast.expr, use: Use) -> str | None:
        """The wanted cache that an expression names."""
        if not may_name(node, self._words):
            return None
        name = self._named(node, use)
        return name if name in self._wanted else None

    def is_cached(self, function: Function) -> bool:
        """Whether a function is under any cache of Streamlit's: what it gives was kept on its own terms."""
        decorators = [] if isinstance(function.node, ast.Lambda) else function.node.decorator_list
        for each in decorators:
            use = self.functions.use_of(each, function.number)
            if use is not None and self._means_cache(use):
                return True
        return False

    def _means_cache(self, use: Use) -> bool:
        """Whether a decorator is any cache: ``st.cache_data``, ``st.cache_data(ttl=60)``, a name of these."""
        if self._named(use.node, use) is not None:
            return True
        made = next(self.functions.values(use), use)
        return isinstance(made.node, ast.Call) and self._named(made.node.func, made) is not None

    def _named(self, node: ast.expr, use: Use) -> str | None:
        qualified = self.names.qualified(node, use.scope, use.order)
        if qualified is None:
            return self._either(node, use)
        return next((_NAMES[name] for name in self.names.candidates(qualified) if name in _NAMES), None)

    def _either(self, node: ast.expr, use: Use) -> str | None:
        """``cache = st.cache_data if hasattr(st, "cache_data") else st.cache``: the one that is still there."""
        binding = self.names.binding(node.id, use.scope, use.order) if isinstance(node, ast.Name) else None
        if binding is None or not isinstance(binding.value, ast.IfExp):
            return None
        branches = (binding.value.body, binding.value.orelse)
        found = [self.names.qualified(branch, use.scope, binding.order) for branch in branches]
        named = [_NAMES[name] for name in found if name in _NAMES]
        return min(named, key=lambda name: name in REMOVED, default=None)

    def _decorated(self, function: Function) -> Iterator[Cached]:
        for decorator in [] if isinstance(function.node, ast.Lambda) else function.node.decorator_list:
            place = self.functions.use_of(decorator, function.number)
            named = None if place is None else self._cache(place)
            if place is not None and named is not None:
                yield Cached(named[0], named[1], place, function)

    def _wrapped(self, use: Use) -> Iterator[Cached]:
        if not isinstance(use.node, ast.Call):
            return
        argument = _function_of(use.node)
        if argument is not None:
            named = self._cache(self.functions.at(use.node.func, use))
            if named is not None:
                given = self.functions.at(argument, use)
                yield Cached(named[0], named[1], use, self.functions.meant(given), given)

    def _cache(self, use: Use) -> tuple[str, Use] | None:
        """The cache that an expression is, and what names it: ``st.cache_data``, ``st.cache_data(ttl=60)``."""
        name = self.named(use.node, use)
        if name is not None:
            return name, use
        if isinstance(use.node, ast.Name):
            if use.node.id not in self._words:
                return None
            binding = self.names.binding(use.node.id, use.scope, use.order)
            if binding is None or binding.value is None or binding.opened:
                return None
            use = self.functions.at(binding.value, Use(binding.value, use.scope, binding.cell, binding.order))
        if isinstance(use.node, ast.Call) and _function_of(use.node) is None:
            name = self.named(use.node.func, use)
            if name is not None:
                return name, self.functions.at(use.node.func, use)
        return None

    def _partial(self, call: ast.Call, use: Use) -> str | None:
        """``functools.partial(st.cache_data, ttl=60)``."""
        is_partial = isinstance(call.func, ast.Name | ast.Attribute) and bool(call.args)
        if not is_partial or not may_name(call.args[0], self._words):
            return None
        if self.names.qualified(call.func, use.scope, use.order) != "functools.partial":
            return None
        return self.named(call.args[0], use)

    def _given_names(self, number: int) -> Iterator[str]:
        """Names of caches that are set up first: ``hourly = st.cache_data(ttl=3600)``."""
        for node in self.names.program.cells[number].nodes_on(None):
            match node:
                case ast.Assign(targets=[ast.Name(id=name)], value=ast.Call(func=func)) if may_name(func, self._words):
                    yield name
                case ast.Assign(targets=[ast.Name(id=name)], value=ast.IfExp(body=body, orelse=orelse)):
                    if may_name(body, self._words) or may_name(orelse, self._words):
                        yield name


def _function_of(call: ast.Call) -> ast.expr | None:
    """What a cache that is called is given to keep the results of."""
    if call.args:
        return call.args[0]
    return next((keyword.value for keyword in call.keywords if keyword.arg == "func"), None)


def spelt(name: str) -> str:
    """A cache as everybody writes it: ``st.cache_data``."""
    return f"st.{name}"
