"""Where the bytes of a load come from: followed back through names, calls, files and the commands that made them.

Bounded in steps; what it can't follow has the origin "unknown", which is never the same as safe.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace

from stsec_magic.source import parts
from stsec_magic.source.file_origins import FileOrigins
from stsec_magic.source.guards import Guards
from stsec_magic.source.literal_bytes import LiteralBytes
from stsec_magic.source.names import Names
from stsec_magic.source.origin_calls import DECODERS, FETCHING, is_own_choice, outside
from stsec_magic.source.paths import HOLE, Paths
from stsec_magic.source.program import CodeCell
from stsec_magic.source.provenance import OUTSIDE, RANK, UNKNOWN, Origin, Source, worst
from stsec_magic.source.reach import Reach
from stsec_magic.source.same_file import is_spelled
from stsec_magic.source.scopes import Order, Use
from stsec_magic.source.write_calls import WriteCalls, is_dump
from stsec_magic.source.writes import Writes

_MAX_STEPS = 160
_BUDGET = 20_000
"""Steps for all loads of one notebook."""

_LISTING = frozenset(("os.listdir", "os.scandir", "os.walk", "glob.glob", "glob.iglob"))
_DATABASES = frozenset(("sqlite3.connect", "sqlite3.dbapi2.connect", "apsw.Connection"))
_MAX_ASIDE = 8
"""Arguments of a call that are looked at beside the first."""

_FEWEST = 3
"""Characters of a text that may name a file."""


@dataclass(frozen=True, slots=True)
class _Step:
    """One step back.

    Attributes:
        found: What an expression tells of itself.
        behind: What it is made from.
        aside: What it is put together with, a folder, a field: that matters only if a stranger chooses it.
    """

    found: list[Source] = field(default_factory=list)
    behind: list[Use] = field(default_factory=list)
    aside: list[Use] = field(default_factory=list)


class Origins:
    """Asks where expressions come from, in one notebook."""

    def __init__(self, names: Names) -> None:
        """Take the program's names; what it writes is collected when first needed."""
        self._names = names
        self._reach = Reach(names)
        self._paths = Paths(names, self._reach)
        self._guards = Guards(names, self._reach, self._paths, self._is_overwritten)
        self._literals = LiteralBytes(names, self._reach)
        self._writes: Writes | None = None
        self._traced: dict[int, list[Source]] = {}
        self._decoded: dict[int, bytes | None] = {}
        self._spent = 0

    def of(self, node: ast.expr | None, use: Use) -> Source:
        """The origin of an expression's value.

        Args:
            node: The argument of a load; None where it has none.
            use: The load.

        Returns:
            Its origin, the most dangerous one where several meet.
        """
        if node is None:
            return UNKNOWN
        if self.literal(node, use) is not None:
            return Source(Origin.LITERAL, use.cell, use.cell.span(node)[0], "written here")
        return worst(self.sources(node, use))

    def sources(self, node: ast.expr, use: Use) -> list[Source]:
        """All the origins that the bytes of a load may have.

        Args:
            node: Its argument.
            use: The load.
        """
        if id(node) not in self._traced:
            when: Sequence[Order] = (use.order, *self._reach.entered(use.scope))
            self._traced[id(node)] = [*self._trace(use.at(node), FileOrigins(self._all_writes(), when))]
        return self._traced[id(node)]

    def literal(self, node: ast.expr | None, use: Use) -> bytes | None:
        """The bytes of a load that stand in the notebook itself.

        Args:
            node: The argument of a load; None where it has none.
            use: The load.
        """
        if node is None:
            return None
        if id(node) not in self._decoded:
            self._decoded[id(node)] = self._literals.of(use.at(node))
        return self._decoded[id(node)]

    def is_checked(self, node: ast.expr | None, use: Use) -> bool:
        """Whether the bytes of a load were compared with a digest before.

        Args:
            node: The argument of a load; None where it has none.
            use: The load.
        """
        return self._guards.hold(node, use)

    def written(self) -> list[tuple[str, CodeCell, int]]:
        """The files that the program writes itself and whose paths are spelt out: path, cell and offset."""
        return [
            (row.path, row.cell, row.offset)
            for row in self._all_writes().rows
            if row.origin is Origin.OWN and not row.is_folder and HOLE not in row.path
        ]

    def _is_overwritten(self, paths: set[str], since: Order, until: Order) -> bool:
        """Whether one of some files gets bytes from elsewhere between two places of the program."""
        rows = (row for path in paths for row in self._all_writes().of(path) if row.origin is not Origin.OWN)
        return any(since < order < until for row in rows for order in row.orders)

    def _all_writes(self) -> Writes:
        if self._writes is None:
            self._writes = Writes(WriteCalls(self._names, self._reach, self._paths, self._from_outside))
        return self._writes

    def _from_outside(self, use: Use) -> Origin | None:
        """The origin of an expression that doesn't come from this notebook's own work."""
        found = [source for source in self._trace(use, FileOrigins(None, ())) if source.origin in OUTSIDE]
        foreign = [source.origin for source in found if _matters_aside(source)]
        # What somebody types in who runs the notebook, and the notebook writes, is its own work.
        return min(foreign, key=RANK.index) if foreign else Origin.OWN if found else None

    def _trace(self, start: Use, files: FileOrigins) -> Iterator[Source]:
        """Walk from an expression to whatever its value is made from; what leads nowhere is unknown."""
        stack = [(start, False)]
        seen: dict[tuple[int, int], Use] = {}
        while stack and len(seen) < _MAX_STEPS and self._spent < _BUDGET:
            self._spent += 1
            use, aside = stack.pop()
            if seen.setdefault((id(use.node), id(use.frame)), use) is not use:
                continue
            step = self._step(use, files)
            yield from (source for source in step.found if not aside or _matters_aside(source))
            if not (step.found or step.behind or aside or isinstance(use.node, ast.Constant)):
                yield UNKNOWN
            stack += [(each, True) for each in step.aside]
            stack += [(each, aside) for each in step.behind]
        if stack:
            yield UNKNOWN

    def _step(self, use: Use, files: FileOrigins) -> _Step:
        direct = self._direct(use)
        if direct is not None:
            return _Step([direct])
        if isinstance(use.node, ast.Constant):
            return _Step(_of_constant(use.node, use, files))
        values = self._reach.values(use)
        if not values:
            found = self._of_paths(use, files)
            if found:
                return _Step(found, aside=[use.at(each) for each in parts.every_part(use.node)])
        returned = self._reach.returned(use)
        if returned is not None:
            return _Step(behind=returned)
        if values:
            return _Step(files.of_same_name(self._paths.of(use), use), values)
        folders, name = parts.joined(use.node)
        if name is not None:
            return _Step(behind=[use.at(name)], aside=[use.at(each) for each in folders])
        behind = self._made_of(use)
        nodes = {id(each.node) for each in behind}
        rest = use.node.args[:_MAX_ASIDE] if isinstance(use.node, ast.Call) else []
        return _Step(behind=behind, aside=[use.at(each) for each in rest if id(each) not in nodes])

    def _made_of(self, use: Use) -> list[Use]:
        """The parts of an expression, without the module that a function is taken from."""
        func = use.node.func if isinstance(use.node, ast.Call) else None
        receiver = func.value if isinstance(func, ast.Attribute) else None
        found = [use.at(part) for part in parts.parts(use.node)]
        return [part for part in found if part.node is not receiver or not self._reach.is_module(part)]

    def _of_paths(self, use: Use, files: FileOrigins) -> list[Source]:
        """The origins of the files that an expression names or opens."""
        texts = self._paths.of(use)
        spelled = [text for text in texts if is_spelled(text) and len(text) >= _FEWEST]
        here = (use.cell, use.cell.span(use.node)[0])
        if not spelled:
            return [Source(Origin.FILE, *here, "listed here")] if self._lists(use) else []
        opened = here if parts.opens(use.node) else None
        found = [
            replace(files.of(text, use), path=text if HOLE not in text else None, opened=opened) for text in spelled
        ]
        return found if len(spelled) == len(texts) else [*found, UNKNOWN]

    def _lists(self, use: Use) -> bool:
        """Whether an expression gives whatever files stand in a folder."""
        match use.node:
            case ast.Call(func=ast.Attribute(attr="glob" | "rglob" | "iterdir")):
                return True
            case ast.Call(func=func):
                return self._names.qualified(func, use.scope, use.order) in _LISTING
        return False

    def _direct(self, use: Use) -> Source | None:
        """An expression that is an origin by itself: a download, what the notebook dumps, a literal decoded."""
        node = use.node
        if not isinstance(node, (ast.Call, ast.Attribute, ast.Name)):
            return None
        here = (use.cell, use.cell.span(node)[0])
        if is_dump(node):
            return Source(Origin.OWN, *here, "made here")
        target = node.func if isinstance(node, ast.Call) else node
        name = self._names.qualified(target, use.scope, use.order)
        known = None if name is None else outside(name)
        if known is not None:
            return Source(known[0], *here, known[1], self._database(name, use))
        if isinstance(node, ast.Call):
            if name in DECODERS and isinstance(next(iter(node.args), None), ast.Constant):
                return Source(Origin.LITERAL, *here, "written here")
            if isinstance(node.func, ast.Attribute) and FETCHING.fullmatch(node.func.attr):
                return Source(Origin.NETWORK, *here, "downloaded here")
        return None

    def _database(self, name: str | None, use: Use) -> str | None:
        """The file of a database that is opened here, where that is spelt out."""
        if name not in _DATABASES or not isinstance(use.node, ast.Call) or not use.node.args:
            return None
        found = [text for text in self._paths.of(use.at(use.node.args[0])) if HOLE not in text]
        return found[0] if len(found) == 1 else None


def _of_constant(node: ast.Constant, use: Use, files: FileOrigins) -> list[Source]:
    if isinstance(node.value, bytes):
        return [Source(Origin.LITERAL, use.cell, use.cell.span(node)[0], "written here")]
    if not isinstance(node.value, str) or len(node.value) < _FEWEST:
        return []
    return [replace(files.of(node.value, use), path=node.value)]


def _matters_aside(source: Source) -> bool:
    return source.origin in OUTSIDE and not is_own_choice(source.origin, source.how)
