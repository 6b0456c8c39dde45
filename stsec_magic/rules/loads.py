"""The catalogue of calls that run code from the bytes they read: loads/*.toml, one file per library."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import cached_property, lru_cache
from importlib.resources import files
from typing import Any

import tomli

from stsec_magic.model.levels import Confidence

_SHARED = frozenset(("instead", "page", "reads"))
"""What a library's file may say once for all its calls."""

_REQUIRED = frozenset(("name", "instead", "page"))
_OPTIONAL = frozenset(
    "aliases source place danger parameter position values unset harmless_endings vendor_files remote_only since "
    "as_value reads".split()
)


class Reads(StrEnum):
    """What a call reads, and so how far the file itself can be inspected.

    Attributes:
        PICKLE: A pickle, bare or wrapped.
        YAML: YAML, whose tags may name Python objects.
        CODE: Anything else that makes it run code.
    """

    PICKLE = "pickle"
    YAML = "yaml"
    CODE = "code"


class CatalogueError(Exception):
    """A file of calls that does not follow its own schema."""


class Danger(StrEnum):
    """When a call is dangerous.

    Attributes:
        ALWAYS: Whatever its arguments.
        UNLESS: Unless the parameter is true, or one of the values that the entry lists.
        IF: Only if the parameter is true, or one of the values.
    """

    ALWAYS = "always"
    UNLESS = "unless"
    IF = "if"


@dataclass(frozen=True)
class Sink:
    """A call that unpickles or otherwise runs what it reads.

    Attributes:
        name: Its public dotted name, as reports show it. ``Class().method`` is a method of what the
            class gives, ``*`` stands for any modules between.
        aliases: Other dotted names of the same thing.
        instead: What to do instead.
        page: The page that says so.
        danger: When it is dangerous.
        parameter: The keyword that decides, where one does.
        position: That parameter's place among the positional arguments; None where it has none.
        values: Literals, or last parts of names, that the parameter is compared with; none: is it true?
        unset: How sure the call is dangerous where the parameter isn't given; None: it isn't.
        source: The keyword of the argument with the bytes, the path or the URL.
        place: That argument's place; -1 where the call takes none: what it reads comes to it otherwise.
        harmless_endings: Endings of files that hold no code.
        vendor_files: Pattern of the names of files that the library fetches from its own vendor.
        since: Which version of the library takes the safe value by itself, or refuses the call.
        remote_only: Whether it is worth a finding only where a URL stands in the call itself.
        as_value: Whether handing it on as a value (``map(pickle.loads, rows)``) is as dangerous.
        reads: What it reads.
    """

    name: str
    instead: str
    page: str
    aliases: tuple[str, ...] = ()
    danger: Danger = Danger.ALWAYS
    parameter: str = ""
    position: int | None = None
    values: tuple[str, ...] = ()
    unset: Confidence | None = None
    source: str = "file"
    place: int = 0
    harmless_endings: tuple[str, ...] = ()
    vendor_files: str = ""
    since: str = ""
    remote_only: bool = False
    as_value: bool = True
    reads: Reads = Reads.PICKLE

    @property
    def needed(self) -> str:
        """The parameter without which no call is dangerous; empty where there is none."""
        return self.parameter if self.danger is Danger.IF and self.unset is None else ""

    def shown(self, dotted: str) -> str:
        """The name under which reports know a call.

        Args:
            dotted: The name that it was met by.
        """
        return dotted if "*" in self.name else self.name

    def is_harmless(self, path: ast.expr | None) -> bool:
        """Whether a load's argument is the literal name of a file of a kind that holds no code.

        Args:
            path: The argument.
        """
        text = _text(path).lower()
        return bool(self.harmless_endings) and text.endswith(self.harmless_endings)

    def is_vendors(self, path: ast.expr | None) -> bool:
        """Whether it is the literal name of a file that the library gets from its own vendor.

        Args:
            path: The argument.
        """
        return bool(self.vendor_files) and re.fullmatch(self.vendor_files, _text(path)) is not None

    def decides(self, known: object) -> bool:
        """Whether the parameter has one of the values that make the difference.

        Args:
            known: Its value: a literal's, or the last part of a dotted name as a text.
        """
        return str(known) in self.values if self.values else bool(known)


class Sinks:
    """Looks sinks up by their dotted names."""

    def __init__(self, sinks: tuple[Sink, ...]) -> None:
        """Take a catalogue."""
        self.all = sinks
        self._exact: dict[str, Sink] = {}
        self._wild: dict[tuple[str, str], list[tuple[re.Pattern[str], Sink]]] = {}
        for name, sink in self.names():
            if "*" in name:
                pattern = re.compile(re.escape(name).replace(r"\*", r"[\w.]+"))
                self._wild.setdefault((_module(name), _last(name)), []).append((pattern, sink))
            else:
                self._exact[name] = sink

    def names(self) -> Iterator[tuple[str, Sink]]:
        """Every name of every sink."""
        for sink in self.all:
            for name in (sink.name, *sink.aliases):
                yield name, sink

    def named(self, dotted: str) -> Sink | None:
        """The sink of a dotted name; None for anything else."""
        sink = self._exact.get(dotted)
        if sink is None:
            rows = self._wild.get((_module(dotted), _last(dotted)), ())
            sink = next((sink for pattern, sink in rows if pattern.fullmatch(dotted)), None)
        return sink

    @cached_property
    def functions(self) -> Mapping[tuple[str, str], frozenset[str]]:
        """The last parts of the names of a module's sinks.

        By the module in lower case, and the parameter without which no call is dangerous, where
        there is one.
        """
        asked: dict[tuple[str, str], set[str]] = {}
        for name, sink in self.names():
            asked.setdefault((_module(name).lower(), sink.needed), set()).add(_last(name))
        return {needed: frozenset(words) for needed, words in asked.items()}

    @cached_property
    def positions(self) -> Mapping[str, int]:
        """By the last part of a name: so many arguments stand before the parameter without which it is harmless."""
        found: dict[str, int] = {}
        for name, sink in self.names():
            if sink.needed and sink.position is not None:
                found[_last(name)] = min(sink.position, found.get(_last(name), sink.position))
        return found

    @cached_property
    def methods(self) -> frozenset[str]:
        """Methods of objects: ``recv``."""
        return frozenset(_last(name) for name, _ in self.names() if "()." in name)

    @cached_property
    def words(self) -> frozenset[str]:
        """All identifiers in lower case that code with a sink in it holds: without them it needs no syntax tree."""
        return frozenset(
            word.lower()
            for (module, parameter), words in self.functions.items()
            for word in (module, parameter, *words)
            if word
        )


def _text(node: ast.expr | None) -> str:
    return node.value if isinstance(node, ast.Constant) and isinstance(node.value, str) else ""


def _module(dotted: str) -> str:
    return dotted.partition(".")[0].removesuffix("()")


def _last(dotted: str) -> str:
    return dotted.rpartition(".")[2]


@lru_cache(maxsize=1)
def sinks() -> Sinks:
    """The catalogue that ships with the package.

    Raises:
        CatalogueError: A file breaks the schema.
    """
    folder = files("stsec_magic.rules") / "loads"
    found: list[Sink] = []
    for entry in sorted(folder.iterdir(), key=lambda e: e.name):
        if entry.name.endswith(".toml"):
            found += parse(entry.name, tomli.loads(entry.read_text(encoding="utf-8")))
    return Sinks(tuple(found))


def parse(file: str, data: Mapping[str, Any]) -> list[Sink]:
    """Turn one library's TOML into sinks.

    Args:
        file: The file's name.
        data: The parsed file.

    Returns:
        Its sinks.

    Raises:
        CatalogueError: A key is missing or unknown.
    """
    unknown = data.keys() - _SHARED - {"library", "sink"}
    if unknown or "library" not in data:
        raise CatalogueError(f"{file}: unknown {sorted(unknown)}, or no library")
    shared = {name: data[name] for name in _SHARED & data.keys()}
    return [_sink(file, {**shared, **entry}) for entry in data.get("sink", ())]


def _sink(file: str, entry: Mapping[str, Any]) -> Sink:
    missing, unknown = _REQUIRED - entry.keys(), entry.keys() - _REQUIRED - _OPTIONAL
    if missing or unknown:
        raise CatalogueError(f"{file}: {entry.get('name')}: missing {sorted(missing)}, unknown {sorted(unknown)}")
    danger = Danger(entry.get("danger", "always"))
    if (danger is Danger.ALWAYS) is bool(entry.get("parameter")):
        raise CatalogueError(f"{file}: {entry['name']}: a parameter belongs to a danger that it decides")
    # A loader without its safe parameter may be safe in one version of the library and not in another.
    unset = entry.get("unset", "medium" if danger is Danger.UNLESS else "none")
    return Sink(
        name=entry["name"],
        instead=entry["instead"],
        page=entry["page"],
        aliases=tuple(entry.get("aliases", ())),
        danger=danger,
        parameter=entry.get("parameter", ""),
        position=entry.get("position"),
        values=tuple(entry.get("values", ())),
        unset=None if unset == "none" else Confidence(unset),
        source=entry.get("source", "file"),
        place=entry.get("place", 0),
        harmless_endings=tuple(entry.get("harmless_endings", ())),
        vendor_files=entry.get("vendor_files", ""),
        since=entry.get("since", ""),
        remote_only=entry.get("remote_only", False),
        as_value=entry.get("as_value", True),
        reads=Reads(entry.get("reads", "pickle")),
    )
