"""All modules together: which functions lead to what does harm, however many calls away."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass

from gadget_scan.primitives import BY_NAME, FAMILIES, FILES, IMPORTS, METHODS, NETWORK, PRIMITIVES
from gadget_scan.reading import Module
from gadget_scan.taint import Called, Flow

_DEEPEST = {FILES: 4, NETWORK: 4, BY_NAME: 1}
DEEP = 6
_HOPS = 12
_MAKERS = ("__init__", "__new__", "__post_init__")

Effect = tuple[str, str]
"""A family and the parameter that leads there."""


@dataclass(slots=True)
class Function:
    """A function and what is found of it.

    Attributes:
        module: Where it is defined.
        name: Its name there, with its class.
        flow: What it does with its parameters.
        effects: What each parameter leads to, and how many calls away.
    """

    module: str
    name: str
    flow: Flow
    effects: dict[Effect, int]


class Links:
    """What every dotted name means, over all modules that were read.

    Attributes:
        modules: By their dotted names.
        functions: By their dotted names.
    """

    def __init__(self, modules: dict[str, Module]) -> None:
        """Take the modules and resolve what their functions call."""
        self.modules = modules
        self.functions = {
            f"{module.name}.{name}": Function(module.name, name, flow, {})
            for module in modules.values()
            for name, flow in module.flows.items()
        }
        self._cache: dict[str, str | None] = {}
        self._callers: dict[str, list[tuple[Function, Called]]] = defaultdict(list)
        self._bound: dict[int, str] = {}

    def run(self, deepest: int = DEEP) -> None:
        """Spread the effects from the primitives to their callers.

        Args:
            deepest: Over how many calls at most.
        """
        fresh: set[str] = set()
        for name, function in self.functions.items():
            for call in function.flow.calls:
                for callee in self._callees(function, call):
                    self._callers[callee].append((function, call))
                if self._direct(function, call):
                    fresh.add(name)
        for depth in range(1, deepest):
            fresh = {caller for name in fresh for caller in self._spread(name, depth)}

    def _direct(self, function: Function, call: Called) -> bool:
        """A call of a primitive."""
        before = len(function.effects)
        name = self.resolved(call.name) if call.name else None
        primitive = PRIMITIVES.get(name or "") or PRIMITIVES.get(call.name or "")
        if primitive is not None:
            family, places = primitive
            if not (family == IMPORTS and call.prefixed):
                for place, params in call.arguments.items():
                    if place in places or place == "*":
                        self._note(function, family, params)
        elif call.method in METHODS and (call.on or call.arguments):
            self._note(function, METHODS[call.method], call.on)
        if call.named:
            self._note(function, BY_NAME, call.named)
        return len(function.effects) > before

    def _note(self, function: Function, family: str, params: frozenset[str], depth: int = 0) -> None:
        for param in params:
            function.effects.setdefault((family, param), depth)

    def _callees(self, function: Function, call: Called) -> Iterator[str]:
        """The dotted names of the functions that a call may run."""
        if call.name is None:
            return
        if call.name.startswith("super."):
            owner = f"{function.module}.{function.name.rpartition('.')[0]}"
            found = self.method(owner, call.name[6:], above=True)
            if found is not None:
                yield found
            return
        name = self.resolved(call.name)
        if name in self.functions:
            yield str(name)
        elif name is not None and self.is_class(name):
            yield from (made for maker in _MAKERS if (made := self.method(name, maker)) is not None)

    def _spread(self, name: str, depth: int) -> Iterator[str]:
        callee = self.functions[name]
        for caller, call in self._callers.get(name, ()):
            before = len(caller.effects)
            for (family, param), away in [*callee.effects.items()]:
                if away == depth - 1 and depth < _DEEPEST.get(family, DEEP):
                    self._note(caller, family, self._given(callee, caller, call, param), depth)
            if len(caller.effects) > before:
                yield f"{caller.module}.{caller.name}"

    def _given(self, callee: Function, caller: Function, call: Called, param: str) -> frozenset[str]:
        """Which parameters of the caller stand in one of the callee."""
        params = callee.flow.params
        if param.startswith("self."):
            if call.on == frozenset(("self",)) or (call.name or "").startswith("super."):
                return caller.flow.own.get(param[5:], frozenset((param,)))
            made = self._of_fields(callee, call, param)
            return call.on if made is None else made
        bound = bool(params) and params[0] in ("self", "cls")
        if param == params[0] and bound:
            return call.on - {"self", "cls"} or (frozenset(("self",)) & call.on)
        spread = call.arguments.get("*", frozenset())
        given = call.arguments.get(param.lstrip("*"), frozenset()) | spread
        plain = [each for each in params if not each.startswith("*")][bound:]
        if param in plain:
            return given | call.arguments.get(plain.index(param), frozenset())
        if param.startswith("**"):
            return given.union(*(v for k, v in call.arguments.items() if isinstance(k, str) and k not in plain))
        return given.union(*(v for k, v in call.arguments.items() if isinstance(k, int) and k >= len(plain)))

    def _of_fields(self, callee: Function, call: Called, param: str) -> frozenset[str] | None:
        """What a dataclass was given for a field that its ``__post_init__`` uses."""
        if not callee.name.endswith(".__post_init__"):
            return None
        fields = self.modules[callee.module].fields.get(callee.name.rpartition(".")[0], [])
        place = fields.index(param[5:]) if param[5:] in fields else -1
        return call.arguments.get(param[5:], frozenset()) | call.arguments.get(place, frozenset())

    # -- names --------------------------------------------------------------------------------------

    def resolved(self, name: str) -> str | None:
        """The dotted name under which something is defined, through re-exports.

        Args:
            name: As some module spells it.
        """
        if name not in self._cache:
            self._cache[name] = None
            self._cache[name] = self._resolve(name)
        return self._cache[name]

    def _resolve(self, name: str) -> str | None:
        for _ in range(_HOPS):
            module, rest = self._split(name)
            if module is None:
                return name
            first, _, more = rest.partition(".")
            if not rest or first in module.flows or first in module.classes:
                return self._below(f"{module.name}.{first}", more) if more else name
            target = module.names.get(first)
            if target is None:
                target = next((f"{star}.{first}" for star in module.stars if self._has(star, first)), None)
            if target is None or target == f"{module.name}.{first}":
                return name
            name = f"{target}.{more}" if more else target
        return name

    def _below(self, owner: str, more: str) -> str | None:
        """A method, inherited ones under their own class."""
        if "." in more:
            return f"{owner}.{more}"
        return self.method(owner, more) or f"{owner}.{more}"

    def _split(self, name: str) -> tuple[Module | None, str]:
        """The longest module that a dotted name begins with, and what follows."""
        head, rest = name, ""
        while head:
            if head in self.modules:
                return self.modules[head], rest
            head, _, last = head.rpartition(".")
            rest = f"{last}.{rest}" if rest else last
        return None, ""

    def _has(self, star: str, first: str, depth: int = 0) -> bool:
        module = self.modules.get(star)
        if module is None or depth > 4:
            return False
        if first in module.flows or first in module.classes or first in module.names:
            return not first.startswith("_")
        return any(self._has(each, first, depth + 1) for each in module.stars)

    def is_class(self, name: str) -> bool:
        """Whether a dotted name is a class's own."""
        module, rest = self._split(name)
        return module is not None and rest in module.classes

    def method(self, owner: str, name: str, above: bool = False, depth: int = 0) -> str | None:
        """Where a class's method is defined: in it or in what it inherits from.

        Args:
            owner: The class's dotted name.
            name: The method's.
            above: Whether to look only in its bases.
            depth: How many classes below the one that was asked for.
        """
        module, rest = self._split(owner)
        if module is None or rest not in module.classes or depth > 8:
            return None
        if not above and f"{rest}.{name}" in module.flows:
            return f"{module.name}.{rest}.{name}"
        for base in module.classes[rest]:
            base_name = self.resolved(base)
            found = None if base_name is None else self.method(base_name, name, depth=depth + 1)
            if found is not None:
                return found
        return None


def families(function: Function, fields: bool = True) -> list[str]:
    """What a function leads to.

    Args:
        function: The function.
        fields: Whether what its object holds counts as given by a stranger.
    """
    found = {family for family, param in function.effects if fields or param.partition(".")[0] not in ("self", "cls")}
    return [family for family in FAMILIES if family in found]
