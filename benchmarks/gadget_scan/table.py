"""The gadgets of all versions of a library as the tables that are shipped."""

from __future__ import annotations

import json
import textwrap
import tomllib
from collections import Counter, defaultdict
from collections.abc import Iterator
from functools import cache, lru_cache
from pathlib import Path

from gadget_scan.primitives import FAMILIES

TABLES = Path(__file__).parents[2] / "stsec_magic" / "pickles" / "tables"
_KINDS = ("functions", "classes", "states")
_NO_LIBRARY = frozenset(
    "tests test testing docs doc examples example benchmarks benchmark tools scripts src bin setup cython "
    "_hypothesis_ftz_detector _hypothesis_pytestplugin".split()
)
"""What wheels leave beside their own packages, under names that are anybody's."""

_WIDTH = 116

Merged = dict[str, dict[str, dict[str, set[str]]]]
"""By kind, family and module, the names."""


def table(library: str, versions: list[dict[str, object]]) -> Iterator[tuple[str, str]]:
    """Put the versions of a library together.

    Args:
        library: Its name on PyPI.
        versions: What was found in each wheel.

    Yields:
        Each package that it installs, and the text of its table.
    """
    merged: Merged = defaultdict(lambda: defaultdict(lambda: defaultdict(set)))
    taken: dict[tuple[str, str, str], str] = {}
    own: set[str] = set()
    aliases: dict[str, str] = {}
    for version in versions:
        for kind in (*_KINDS, "methods"):
            _merge(merged, taken, kind, version[kind])  # type: ignore[arg-type]
        own |= {*version["own"]}  # type: ignore[misc]
        aliases |= version["aliases"]  # type: ignore[operator]
    names = [str(version["version"]) for version in versions]
    tops = Counter(module.partition(".")[0] for kind in _KINDS for each in merged[kind].values() for module in each)
    for top in sorted({*tops} - _NO_LIBRARY):
        if top not in _whole():
            own_of_top = {name for name in own if name.partition(".")[0] == top}
            # Methods are told by their class alone, and the main package has nearly all of them.
            kinds = {*_KINDS, "methods"} if top == tops.most_common(1)[0][0] else {*_KINDS}
            yield top, _text(library, names, top, {kind: merged[kind] for kind in kinds}, own_of_top, aliases)


def _merge(
    merged: Merged, taken: dict[tuple[str, str, str], str], kind: str, found: dict[str, dict[str, list[str]]]
) -> None:
    """Adds one version; a name stays in the family in which it was first found."""
    for family, modules in found.items():
        for module, names in modules.items():
            if not is_denied(module):
                for name in names:
                    first = taken.setdefault((kind, module, name), family)
                    merged[kind][first][module].add(name)


@lru_cache(maxsize=1)
def _whole() -> frozenset[str]:
    """The modules that are denied as a whole."""
    deny = tomllib.loads((TABLES / "deny.toml").read_text("utf-8"))
    return frozenset(name for family in deny["family"] for name in family.get("modules", "").split())


@cache
def is_denied(module: str) -> bool:
    """Whether a module is denied as a whole, so that nothing in it need be told.

    Args:
        module: Its dotted name.
    """
    parts = module.split(".")
    return any(".".join(parts[:i]) in _whole() for i in range(1, len(parts) + 1))


def _text(library: str, versions: list[str], top: str, merged: Merged, own: set[str], aliases: dict[str, str]) -> str:
    lines = ["# Read from the library's own source by benchmarks/gadgets.py.", ""]
    lines += [f"library = {json.dumps(library)}", f"versions = {json.dumps(sorted(versions))}"]
    lines += [f"own = {_words(own)}", f"aliases = {_inline(aliases)}"]
    for family in FAMILIES:
        rows = [*_rows(merged, family, top)]
        if rows:
            lines += ["", "[[family]]", f"says = {json.dumps(family)}", *rows]
    return "\n".join(lines) + "\n"


def _rows(merged: Merged, family: str, top: str) -> Iterator[str]:
    methods = merged.get("methods", {}).get(family, {}).get("*", set())
    if methods:
        yield f"methods = {_words(methods)}"
    for kind in _KINDS:
        modules = {module: each for module, each in merged[kind][family].items() if module.partition(".")[0] == top}
        if modules:
            lines = [line for module, names in sorted(modules.items()) for line in _of_module(module, names)]
            yield "\n".join((f'{kind} = """', *lines, '"""'))


def _of_module(module: str, names: set[str]) -> list[str]:
    """A module and its names, on as many lines as it takes; TOML's own tables of so many would be slow to read."""
    return [f"{module}: {line}" for line in _wrapped(" ".join(sorted(names)), max(20, _WIDTH - len(module) - 2))]


def _wrapped(text: str, width: int) -> list[str]:
    return textwrap.wrap(text, width, break_long_words=False, break_on_hyphens=False)


def _words(names: set[str]) -> str:
    text = " ".join(sorted(names))
    if len(text) <= _WIDTH - 20:
        return f'"{text}"'
    return '"""\n' + "\n".join(_wrapped(text, _WIDTH)) + '\n"""'


def _inline(aliases: dict[str, str]) -> str:
    return "{ " + ", ".join(f"{name} = {json.dumps(target)}" for name, target in sorted(aliases.items())) + " }"
