"""Where the bytes of a load come from: followed back through names, calls, files and the commands that made them.

Bounded in steps; what it can't follow has the origin "unknown", which is never the same as safe.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace

from stsec_magic.source.guards import Guards
from stsec_magic.source.names import Names
from stsec_magic.source.origin_calls import DECODERS, FETCHING, OUTSIDE, RANK, Origin, is_own_choice, outside
from stsec_magic.source.paths import ANY, HOLE, Paths
from stsec_magic.source.program import CodeCell
from stsec_magic.source.reach import Reach
from stsec_magic.source.same_file import is_spelled
from stsec_magic.source.scopes import Order, Use
from stsec_magic.source.writes import Write, Writes, is_dump

__all__ = ["Origin", "Origins", "Source"]

_MAX_STEPS = 160
_BUDGET = 20_000
"""Steps for all loads of one notebook."""
_MAX_PARTS = 24
_COPIES = 4
"""Files that are followed from copy to copy."""

_URL = re.compile(r"(?:https?|ftp|s3a?|gs|gcs|abfss?|wasbs?|hf|az|hdfs)://", re.IGNORECASE)
_SHARED = re.compile(
    r"(?:/tmp/|/var/tmp/|/dev/shm/|/mnt/|/media/|/Volumes/|/content/drive/|/content/gdrive/|/gdrive/|/kaggle/input/"
    r"|/dbfs/|\\\\)"
)
_LISTING = frozenset(("os.listdir", "os.scandir", "os.walk", "glob.glob", "glob.iglob"))
_FEWEST = 3
"""Characters of a text that may name a file."""


@dataclass(frozen=True, slots=True)
class Source:
    """An origin and the place that shows it.

    Attributes:
        origin: Who could have written the bytes.
        cell: The cell where that is seen; None where it is the load itself.
        offset: Where in that cell.
        how: A few words for the reader: "downloaded here".
        path: The file that the bytes stand in, where its path is spelt out.
        opened: The cell and the offset where that file is opened.
    """

    origin: Origin
    cell: CodeCell | None = None
    offset: int = 0
    how: str = ""
    path: str | None = None
    opened: tuple[CodeCell, int] | None = None


_UNKNOWN = Source(Origin.UNKNOWN)


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
        self._guards = Guards(names, self._reach, self._paths)
        self._writes: Writes | None = None
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
            return _UNKNOWN
        when = (use.order, *self._reach.entered(use.scope))
        return _worst(self._trace(use.at(node), self._all_writes(), when))

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

    def _all_writes(self) -> Writes:
        if self._writes is None:
            self._writes = Writes(self._names, self._reach, self._paths, self._from_outside)
        return self._writes

    def _from_outside(self, use: Use) -> Origin | None:
        """The origin of an expression that doesn't come from this notebook's own work."""
        found = [source for source in self._trace(use, None, ()) if source.origin in OUTSIDE]
        foreign = [source.origin for source in found if _matters_aside(source)]
        # What somebody types in who runs the notebook, and the notebook writes, is its own work.
        return min(foreign, key=RANK.index) if foreign else Origin.OWN if found else None

    def _trace(self, start: Use, writes: Writes | None, when: tuple[Order, ...]) -> Iterator[Source]:
        """Walk from an expression to whatever its value is made from; what leads nowhere is unknown."""
        stack = [(start, False)]
        seen: set[tuple[int, int]] = set()
        while stack and len(seen) < _MAX_STEPS and self._spent < _BUDGET:
            self._spent += 1
            use, aside = stack.pop()
            key = id(use.node), id(use.frame)
            if key in seen:
                continue
            seen.add(key)
            step = self._step(use, writes, when)
            yield from (source for source in step.found if not aside or _matters_aside(source))
            if not (step.found or step.behind or aside or isinstance(use.node, ast.Constant)):
                yield _UNKNOWN
            stack += [(each, True) for each in step.aside]
            stack += [(each, aside) for each in step.behind]
        if stack:
            yield _UNKNOWN

    def _step(self, use: Use, writes: Writes | None, when: tuple[Order, ...]) -> _Step:
        direct = self._direct(use)
        if direct is not None:
            return _Step([direct])
        if isinstance(use.node, ast.Constant):
            return _Step(self._of_constant(use, writes, when))
        values = self._reach.values(use)
        if not values:
            files = self._of_paths(use, writes, when)
            if files:
                return _Step(files, aside=[use.at(each) for each in _every_part(use.node)])
        returned = self._reach.returned(use)
        if returned is not None:
            return _Step(behind=returned)
        if values:
            return _Step(self._of_same_name(use, writes, when), values)
        folders, name = _joined(use.node)
        if name is not None:
            return _Step(behind=[use.at(name)], aside=[use.at(each) for each in folders])
        func = use.node.func if isinstance(use.node, ast.Call) else None
        receiver = func.value if isinstance(func, ast.Attribute) else None
        parts = [use.at(part) for part in _parts(use.node)]
        return _Step(behind=[part for part in parts if part.node is not receiver or not self._reach.is_module(part)])

    def _of_paths(self, use: Use, writes: Writes | None, when: tuple[Order, ...]) -> list[Source]:
        """The origins of the files that an expression names or opens."""
        texts = self._paths.of(use)
        spelled = [text for text in texts if is_spelled(text) and len(text) >= _FEWEST]
        if not spelled:
            return (
                [Source(Origin.FILE, use.cell, use.cell.span(use.node)[0], "listed here")] if self._lists(use) else []
            )
        opened = (use.cell, use.cell.span(use.node)[0]) if _opens(use.node) else None
        found = [
            replace(self._of_file(text, use, writes, when), path=text if HOLE not in text else None, opened=opened)
            for text in spelled
        ]
        return found if len(spelled) == len(texts) else [*found, _UNKNOWN]

    def _lists(self, use: Use) -> bool:
        """Whether an expression gives whatever files stand in a folder."""
        match use.node:
            case ast.Call(func=ast.Attribute(attr="glob" | "rglob" | "iterdir")):
                return True
            case ast.Call(func=func):
                return self._names.qualified(func, use.scope, use.order) in _LISTING
        return False

    def _of_constant(self, use: Use, writes: Writes | None, when: tuple[Order, ...]) -> list[Source]:
        value = use.node.value if isinstance(use.node, ast.Constant) else None
        if isinstance(value, bytes):
            return [Source(Origin.LITERAL, use.cell, use.cell.span(use.node)[0], "written here")]
        if not isinstance(value, str) or len(value) < _FEWEST:
            return []
        return [replace(self._of_file(value, use, writes, when), path=value)]

    def _of_same_name(self, use: Use, writes: Writes | None, when: tuple[Order, ...]) -> list[Source]:
        """A file whose path nobody can spell, written under the same name as it is read."""
        if writes is None:
            return []
        found: list[Source] = []
        for text in self._paths.of(use):
            if text != ANY and not is_spelled(text):
                same = (row for row in writes.of(text) if row.path == text and row.origin is not None)
                found += [_written(row, use, when) for row in same][:1]
        return found

    def _of_file(
        self, path: str, use: Use, writes: Writes | None, when: tuple[Order, ...], copies: int = _COPIES
    ) -> Source:
        here = use.cell.span(use.node)[0]
        if _URL.match(path):
            # Where it is put together tells less than where its beginning is written.
            where = use.cell if isinstance(use.node, ast.Constant) else None
            return Source(Origin.NETWORK, where, here, "fetched from this URL")
        rows = [] if writes is None else writes.of(path)
        sources: list[Source] = []
        for row in rows:
            if row.origin is not None:
                sources.append(_written(row, use, when))
            elif row.source is not None and row.source != path and copies:
                source = self._of_file(row.source, use, writes, when, copies - 1)
                if source.origin not in (Origin.FILE, Origin.SHARED):
                    sources.append(Source(source.origin, row.cell, row.offset, f"{row.how}, {source.how}"))
        # A file that the notebook writes itself is its own even in a folder in which others may write.
        known = [source for source in sources if source.origin is not Origin.FILE]
        if known:
            return _worst(known)
        if _SHARED.match(path):
            return Source(Origin.SHARED, use.cell, here, "named here")
        return next(iter(sources), Source(Origin.FILE, use.cell, here, "named here"))

    def _direct(self, use: Use) -> Source | None:
        """An expression that is an origin by itself: a download, what the notebook dumps, a literal decoded."""
        node = use.node
        if not isinstance(node, (ast.Call, ast.Attribute, ast.Name)):
            return None
        here = use.cell.span(node)[0]
        if is_dump(node):
            return Source(Origin.OWN, use.cell, here, "made here")
        target = node.func if isinstance(node, ast.Call) else node
        name = (
            self._names.qualified(target, use.scope, use.order)
            if isinstance(target, (ast.Name, ast.Attribute))
            else None
        )
        if name is not None:
            known = outside(name)
            if known is not None:
                return Source(known[0], use.cell, here, known[1])
            if (
                name in DECODERS
                and isinstance(node, ast.Call)
                and isinstance(next(iter(node.args), None), ast.Constant)
            ):
                return Source(Origin.LITERAL, use.cell, here, "written here")
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and FETCHING.fullmatch(node.func.attr):
            return Source(Origin.NETWORK, use.cell, here, "downloaded here")
        return None


def _worst(sources: Iterable[Source]) -> Source:
    return min(sources, key=lambda source: (RANK.index(source.origin), source.cell is None), default=_UNKNOWN)


def _matters_aside(source: Source) -> bool:
    return source.origin in OUTSIDE and not is_own_choice(source.origin, source.how)


def _written(row: Write, use: Use, when: tuple[Order, ...]) -> Source:
    """A write as the origin of a load; the notebook's own only if it happens before.

    In one branch or loop the order of the lines tells nothing: load it if it is there, else make it.
    """
    if row.origin is not Origin.OWN:
        return Source(row.origin or Origin.UNKNOWN, row.cell, row.offset, row.how)
    together = row.cell is use.cell and any(row.block[0] <= order[1] <= row.block[1] for order in when[:1])
    ran_before = _ran_before(row.cell, use.cell)
    if not when or min(row.orders) <= max(when) or together:
        # A cell may have run again since: the order on the page counts, and the other one is told.
        late = ", in a cell that last ran later" if ran_before is False and row.cell is not use.cell else ""
        return Source(Origin.OWN, row.cell, row.offset, row.how + late)
    how = "written here, further down, in a cell that ran before" if ran_before else "written here, after the load"
    return Source(Origin.FILE, row.cell, row.offset, how)


def _ran_before(one: CodeCell, other: CodeCell) -> bool | None:
    """Whether a cell ran before another, as their counts tell; None where they don't."""
    first, second = one.fragment.execution_count, other.fragment.execution_count
    return None if first is None or second is None else first < second


def _opens(node: ast.expr) -> bool:
    """Whether an expression opens or reads the file that it names."""
    match node:
        case ast.Call(func=ast.Name(id="open") | ast.Attribute(attr="open" | "read_bytes")):
            return True
    return False


def _joined(node: ast.expr) -> tuple[list[ast.expr], ast.expr | None]:
    """The folders and the name of a path that is put together."""
    match node:
        case ast.Call(func=ast.Attribute(attr="join", value=ast.Attribute(attr="path")), args=[*folders, name]):
            return folders, name
        case ast.BinOp(op=ast.Div(), left=folder, right=name):
            return [folder], name
    return [], None


def _parts(node: ast.expr) -> list[ast.expr]:
    """The expressions that the value of an expression is made from."""
    match node:
        case ast.Attribute(value=value) | ast.Subscript(value=value) | ast.Await(value=value):
            return [value]
        case ast.NamedExpr(value=value) | ast.Starred(value=value):
            return [value]
        case ast.Call(func=func, args=args, keywords=keywords):
            # open(path).read(), Path(folder) / name, io.BytesIO(response.content), open(file=path)
            receiver = [func.value] if isinstance(func, ast.Attribute) else []
            given = args[:1] or [keyword.value for keyword in keywords[:1]]
            return [*given, *receiver]
        case ast.BinOp(left=left, right=right):
            return [left, right]
        case ast.IfExp(body=body, orelse=orelse):
            return [body, orelse]
        case ast.BoolOp(values=values) | ast.List(elts=values) | ast.Tuple(elts=values):
            return values[:_MAX_PARTS]
        case ast.Dict(values=values):
            return values[:_MAX_PARTS]
        case ast.ListComp(elt=elt) | ast.GeneratorExp(elt=elt) | ast.SetComp(elt=elt):
            return [elt]
        case ast.JoinedStr(values=values):
            return [v.value if isinstance(v, ast.FormattedValue) else v for v in values]
        case _:
            return []


def _every_part(node: ast.expr) -> list[ast.expr]:
    """The same with all arguments: what a path is put together from."""
    if isinstance(node, ast.Call):
        receiver = [node.func.value] if isinstance(node.func, ast.Attribute) else []
        return [*receiver, *node.args[:_MAX_PARTS], *(keyword.value for keyword in node.keywords[:_MAX_PARTS])]
    return _parts(node)
