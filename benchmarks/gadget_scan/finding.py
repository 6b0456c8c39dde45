"""The gadgets of one wheel, under every path that a pickle may spell."""

from __future__ import annotations

import sys
from collections import Counter, defaultdict
from collections.abc import Iterator
from pathlib import Path

from gadget_scan.linking import DEEP, Function, Links, families
from gadget_scan.primitives import BY_NAME, FAMILIES, PRIMITIVES, STRONG
from gadget_scan.reading import Module, read
from gadget_scan.table import is_denied
from gadget_scan.wheels import sources

Found = dict[str, dict[str, list[str]]]
"""By family and module, the names."""

_MAKERS = ("__init__", "__new__", "__post_init__")
_STATES = ("__setstate__", "__setitem__", "append", "extend", "add", "__del__")
"""What loading a pickle runs on an object, beside calling its class."""

_NEAR = 2
"""Calls between a class's maker and the harm: what a constructor leads to farther away is mostly its settings."""

_SHALLOW = {"sympy": 2}
"""Libraries in which nearly everything leads to the harm in the end, as sympy makes terms of all texts by eval."""

_MANY = 40
"""Classes; a method that more of them inherit is known by its name alone."""


class Gadgets:
    """What a wheel holds.

    Attributes:
        functions: Functions that do harm with what they are called with.
        classes: Classes that do so when they are called.
        states: Classes that do so when an object of theirs is given its state or its items, or thrown away.
        methods: ``Class.method``; ``*.method`` where very many classes have it. All under the module ``*``.
        own: Classes of the library that are called like a module of Python's own library, or like another library.
        aliases: What names of modules stand for in it, where they are not the modules' own.
        unread: Modules that don't parse.
    """

    def __init__(self) -> None:
        """Begin with nothing."""
        self.functions: Found = {}
        self.classes: Found = {}
        self.states: Found = {}
        self.methods: Found = {}
        self.own: list[str] = []
        self.aliases: dict[str, str] = {}
        self.unread: list[str] = []

    def to_dict(self) -> dict[str, object]:
        """All of it as JSON's own types."""
        return dict(vars(self))


def gadgets(wheel: Path, primitives: dict[str, str], tops: frozenset[str]) -> Gadgets:
    """Read a wheel.

    Args:
        wheel: The file.
        primitives: By dotted name, the family of further functions that do harm, for those that are only handed on.
        tops: Names of the modules of Python's own library, and of other libraries.
    """
    found = Gadgets()
    modules: dict[str, Module] = {}
    for name, is_package, text in sources(wheel):
        module = read(name, is_package, text)
        if module is None:
            found.unread.append(name)
        else:
            modules[name] = module
    links = Links(modules)
    links.run(_SHALLOW.get(wheel.name.partition("-")[0], DEEP))
    handed_on = {name: family for name, (family, _) in PRIMITIVES.items()} | primitives
    # So many modules have it that it is told by its name alone.
    handed_on.pop("dataclasses.dataclass", None)
    for function in links.functions.values():
        family = _worst(function, True) if "." not in function.name else None
        if family is not None:
            _add(found.functions, family, function.module, function.name)
    for module in modules.values():
        for name in module.classes:
            _class(found, links, f"{module.name}.{name}", module.name, name)
    for name, target in _exports(links):
        _hand_on(found, links, name, target, handed_on)
    _methods(found, links)
    found.own = [*_own(modules, tops)]
    found.aliases = _aliases(modules)
    return found


def _worst(function: Function, fields: bool, deepest: int = 99) -> str | None:
    """The family of the nearest harm, so many calls away at most; of equally near ones the worst."""
    kept = set(families(function, fields))
    ranked = sorted(
        (depth, FAMILIES.index(family))
        for (family, _), depth in function.effects.items()
        if family in kept and depth <= deepest
    )
    return FAMILIES[ranked[0][1]] if ranked else None


def _add(found: Found, family: str, module: str, name: str) -> None:
    names = found.setdefault(family, {}).setdefault(module, [])
    if name not in names:
        names.append(name)


def _class(found: Gadgets, links: Links, target: str, module: str, name: str) -> None:
    """A class, if calling it or giving an object of its kind a state does harm of the worse families."""
    for maker in (*_MAKERS, *_STATES):
        place = links.method(target, maker)
        family = None if place is None else _worst(links.functions[place], maker in ("__post_init__", *_STATES), _NEAR)
        if family in STRONG:
            _add(found.states if maker in _STATES else found.classes, str(family), module, name)


def _exports(links: Links) -> Iterator[tuple[str, str]]:
    """Every name that a module takes from elsewhere, and what it resolves to."""
    for module in links.modules.values():
        for name in [*module.names, *_starred(links, module, 0)]:
            full = f"{module.name}.{name}"
            target = links.resolved(full)
            if target is not None and target != full:
                yield full, target


def _starred(links: Links, module: Module, depth: int) -> set[str]:
    found: set[str] = set()
    for star in module.stars:
        other = links.modules.get(star)
        if other is not None and depth < 4:
            found |= {name for name in (*other.names, *other.flows, *other.classes) if "." not in name}
            found |= _starred(links, other, depth + 1)
    return {name for name in found if not name.startswith("_")}


def _hand_on(found: Gadgets, links: Links, name: str, target: str, primitives: dict[str, str]) -> None:
    """A gadget under another module's name."""
    module, _, last = name.rpartition(".")
    function = links.functions.get(target)
    if function is not None and "." not in function.name:
        family = _worst(function, True)
        if family is not None:
            _add(found.functions, family, module, last)
    elif target in primitives:
        _add(found.functions, primitives[target], module, last)
    elif links.is_class(target):
        _class(found, links, target, module, last)


def _methods(found: Gadgets, links: Links) -> None:
    """Methods, under each class that has or inherits them."""
    names = {
        function.name.rpartition(".")[2]: family
        for function in links.functions.values()
        if "." in function.name and not function.name.endswith("__")
        if (family := _worst(function, True)) not in (None, BY_NAME)
    }
    owners: Counter[str] = Counter()
    pairs: list[tuple[str, str, str]] = []
    for module in links.modules.values():
        for owner in [] if is_denied(module.name) else module.classes:
            for name in names:
                place = links.method(f"{module.name}.{owner}", name)
                family = None if place is None else _worst(links.functions[place], True)
                if family is not None and family != BY_NAME:
                    owners[name] += 1
                    pairs.append((family, owner.rpartition(".")[2], name))
    for family, owner, name in pairs:
        _add(found.methods, family, "*", f"{'*' if owners[name] > _MANY else owner}.{name}")


def _own(modules: dict[str, Module], tops: frozenset[str]) -> Iterator[str]:
    """Classes of a library that are called like a module of Python's own library, or another library."""
    for module in modules.values():
        for name in module.classes:
            if name.rpartition(".")[2].lstrip("_") in tops:
                yield f"{module.name}.{name}"


def _aliases(modules: dict[str, Module]) -> dict[str, str]:
    """Names under which modules from elsewhere are known all over a library: ``mp``, ``_os``."""
    meant: dict[str, set[str]] = defaultdict(set)
    defined: set[str] = set()
    for module in modules.values():
        defined |= {*module.flows, *module.classes, *module.assigned, module.name.rpartition(".")[2]}
        for name, target in module.names.items():
            meant[name].add(target)
    single = {name: next(iter(targets)) for name, targets in meant.items() if len(targets) == 1 and name not in defined}
    return {name: target for name, target in single.items() if name.lstrip("_") != target and _is_module(target)}


def _is_module(target: str) -> bool:
    head, _, rest = target.partition(".")
    return head in sys.stdlib_module_names and (not rest or target in ("os.path", "concurrent.futures"))
