"""Calls of sinks where only tokens are known: code that doesn't parse, Python that a shell runs, other languages."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator
from typing import TYPE_CHECKING, NamedTuple

from stsec_magic.rules.loads import Danger, Sink, sinks
from stsec_magic.source.names import Names
from stsec_magic.source.program import CodeCell
from stsec_magic.source.provenance import Origin
from stsec_magic.source.textimports import python_imports

if TYPE_CHECKING:
    from stsec_magic.source.regions import Region
    from stsec_magic.source.tokens.textcalls import TextCall

_URL = re.compile(r"https?://")
_IMPORTS = re.compile(r"import|require")
# Functions of these languages themselves, and of reticulate, that nothing imports.
_KNOWN = {
    "r": frozenset(("reticulate.py_load_object", "py_load_object", "readRDS")),
    "julia": frozenset(("Serialization.deserialize", "deserialize")),
}
_FALSE = frozenset(("false", "f", "none", "null", "0"))
_Aliases = dict[tuple[str, str], str]
"""By language and name: the Python module that the name was given to."""


class TextLoad(NamedTuple):
    """A dangerous load that was found by tokens.

    Attributes:
        sink: What is called.
        name: Its dotted name, as reports show it.
        cell: Where.
        start: Offset of the call in the cell.
        end: Offset just past it.
        origin: Where the bytes come from, as far as the call itself tells.
    """

    sink: Sink
    name: str
    cell: CodeCell
    start: int
    end: int
    origin: Origin


def loads_in_text(names: Names, numbers: Iterable[int], words: Collection[str]) -> Iterator[TextLoad]:
    """Find dangerous loads outside of syntax trees.

    Args:
        names: The program's names.
        numbers: The cells in which the name of a sink stands.
        words: The last parts of the sinks' names, and the other names that they were given.

    Yields:
        Each load, in order of the cells.
    """
    aliases: _Aliases | None = None
    for number in numbers:
        cell = names.program.cells[number]
        # Of a cell that doesn't parse, what could be saved has a tree, which knows better.
        is_mended = cell.mended is not None
        known = {cell.span(use.node)[0] for use in names.calls(number)} if is_mended else set[int]()
        is_told = is_mended and not any(word in cell.left_out for word in words)
        for region in cell.regions:
            if is_told and region.is_python and not region.is_apart:
                continue
            if not region.is_python and aliases is None:
                aliases = _aliases(names.program.cells)
            for call in region.lexed.calls():
                meant = _meant(call, region, cell, number, names, aliases or {})
                found = next(((sink, name) for name in meant if (sink := sinks().named(name)) is not None), None)
                load = None if found is None else _load(*found, call, region, cell)
                if load is not None and load.start not in known:
                    yield load


def _aliases(cells: Iterable[CodeCell]) -> _Aliases:
    """The Python modules that cells in other languages import; the languages share no names."""
    found: _Aliases = {}
    for cell in cells:
        if not cell.is_python and _IMPORTS.search(cell.fragment.text):
            for region in cell.regions:
                for alias, target, _ in region.lexed.imports():
                    found[region.lexed.language, alias] = target
    return found


def _meant(
    call: TextCall, region: Region, cell: CodeCell, number: int, names: Names, aliases: _Aliases
) -> Iterator[str]:
    """What a call may be of."""
    head, dot, rest = call.name.partition(".")
    if not region.is_python:
        target = aliases.get((region.lexed.language, head))
        # pyimport("pickle").load names the module on the spot.
        if target is not None or call.is_imported or call.name in _KNOWN.get(region.lexed.language, ()):
            yield f"{target or head}{dot}{rest}"
    elif region.is_apart:
        text = cell.fragment.text[region.start : region.end]
        imported = {alias: target for alias, target, _ in python_imports(text) if alias != "*"}
        yield f"{imported.get(head, head)}{dot}{rest}"
        if not dot:
            yield from (f"{target}.{head}" for alias, target, _ in python_imports(text) if alias == "*")
    else:
        start = region.start + call.start
        line_start = cell.fragment.text.rfind("\n", 0, start) + 1
        order = (number, cell.fragment.text.count("\n", 0, start) + 1, start - line_start)
        qualified = names.qualified_text(call.name, order)
        if qualified is not None:
            yield from names.candidates(qualified)


def _load(sink: Sink, name: str, call: TextCall, region: Region, cell: CodeCell) -> TextLoad | None:
    text = cell.fragment.text
    start, end = region.start + call.start, region.start + call.end
    arguments = text[region.start + call.open : end]
    if not _is_dangerous(sink, arguments):
        return None
    origin = Origin.NETWORK if _URL.search(arguments) else Origin.UNKNOWN
    if sink.remote_only and origin is not Origin.NETWORK:
        return None
    return TextLoad(sink, sink.shown(name), cell, start, end + text.startswith(")", end), origin)


def _is_dangerous(sink: Sink, arguments: str) -> bool:
    if sink.danger is Danger.ALWAYS:
        return True
    given = re.search(rf"\b{sink.parameter}\s{{0,5}}=\s{{0,5}}+([^\s,()]{{1,80}})", arguments)
    if given is not None:
        return sink.decides(_value(given[1])) is (sink.danger is Danger.IF)
    # By its place the parameter isn't told from the others: one of the values anywhere is enough.
    if sink.danger is Danger.UNLESS and any(value in arguments for value in sink.values):
        return False
    return sink.unset is not None


def _value(text: str) -> object:
    """A parameter as it stands in the text: a literal, or the last part of a name."""
    bare = text.strip("\"'")
    if bare.lower() in _FALSE:
        return bare if bare != text else ""
    return bare.rpartition(".")[2] if bare == text else bare
