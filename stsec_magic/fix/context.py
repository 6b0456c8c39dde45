"""What mending knows of the notebook: its code, the style, what is imported where."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field

from stsec_magic.fix.edit import Need, Style
from stsec_magic.fix.environment import Environment
from stsec_magic.fix.literal import Literals
from stsec_magic.fix.naming import Names
from stsec_magic.model.fragment import Fragment
from stsec_magic.rules.base import Subject
from stsec_magic.source.program import CodeCell
from stsec_magic.source.scopes import Order

_MAGIC = re.compile(r"\s*%%([\w.]+)[^\n]*(?:\n|\Z)")
_SAME_PROGRAM = frozenset("time timeit capture prun memit mprun lprun snakeviz pyinstrument scalene heat stsec".split())
"""Cell magics whose body runs in the kernel's own namespace."""

_FILES = frozenset(("writefile", "file"))
_LOCAL = frozenset(("timeit", "memit", "mprun"))
_FUNCTIONS = (ast.FunctionDef, ast.AsyncFunctionDef)
_SCOPES = (
    *(*_FUNCTIONS, ast.Lambda, ast.ClassDef),
    *(ast.ListComp, ast.SetComp, ast.DictComp, ast.GeneratorExp),
)
_ALWAYS = 1 << 62
_BINDING_ANY = re.compile(r"import[ \t]{1,20}\*|\bexec\(|\bglobals\(|^[ \t]{0,40}%(?:run|load|pylab)\b", re.MULTILINE)
_MODULES = {Need.OS: ("os", "os"), Need.STREAMLIT: ("st", "streamlit")}


@dataclass(slots=True)
class Context:
    """What is asked again and again while one notebook is mended.

    Attributes:
        subject: The notebook.
        style: Where secrets are to be read from.
        names: What secrets are called.
        unsafe: Whether places are mended, too, where the code may mean something else afterwards.
        numbers: The place in the program of each code cell.
    """

    subject: Subject
    style: Style
    names: Names
    unsafe: bool = False
    numbers: Mapping[Fragment, int] = field(default_factory=dict)
    _literals: dict[CodeCell, Literals] = field(default_factory=dict)
    _environment: Environment | None = None
    _rebound: dict[int, tuple[int, ...]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        """Number the cells."""
        self.numbers = {cell.fragment: i for i, cell in enumerate(self.subject.program.cells)}

    def literals(self, cell: CodeCell) -> Literals:
        """Finds a cell's literals."""
        if cell not in self._literals:
            self._literals[cell] = Literals(cell)
        return self._literals[cell]

    @property
    def environment(self) -> Environment:
        """What the notebook's own code does to variables."""
        if self._environment is None:
            cells = (cell for cell in self.subject.program.cells if not is_apart(cell))
            self._environment = Environment(cells, self.qualified)
        return self._environment

    def name(self, value: str, suggestion: str) -> str:
        """What a secret is called from now on: under another name if the notebook does something else to that variable.

        Args:
            value: The secret.
            suggestion: The name that fits it best.
        """
        is_free = self.style is Style.SECRETS or self.environment.is_free(suggestion, value)
        return self.names.of(value, suggestion if is_free else f"{suggestion}_VALUE")

    def has(self, name: str, cell: CodeCell, offset: int) -> bool | None:
        """Whether the kernel has something under a name when a line runs.

        Args:
            name: The name.
            cell: The line's cell.
            offset: Where in it.

        Returns:
            None where nobody can tell: it is bound later, in a branch, or by what no tree shows.
        """
        names, line = self.subject.names, cell.line_of(offset)
        here = (self.numbers[cell.fragment], line, 0)
        if name in _locals(cell, line):
            return True
        rows = names.rows(names.module, name)
        if any(row.order < here and not row.branch for row in rows):
            return True
        texts = [each.fragment.text for each in self.subject.program.cells]
        word = re.compile(rf"(?<![\w$])(?<!\$\{{){re.escape(name)}\b")
        is_mentioned = bool(rows) or name.startswith("_") or any(word.search(text) for text in texts)
        return None if is_mentioned or any(_BINDING_ANY.search(text) for text in texts) else False

    def host(self, cell: CodeCell) -> CodeCell | None:
        """The cell that lines can be put into so that they have run when a cell runs: itself, or one before it.

        Args:
            cell: The cell.

        Returns:
            None where no cell before one of another language is Python that runs in the kernel.
        """
        cells = self.subject.program.cells
        for each in reversed(cells[: self.numbers[cell.fragment] + 1]):
            if each.is_python and each.tree is not None and not is_apart(each) and not is_local(each):
                return each
        return cell if cell.is_python and not is_apart(cell) else None

    def is_rebound(self, need: Need, above: Iterable[ast.AST], line: int) -> bool:
        """Whether a module's name means something else in a function, a class or a comprehension.

        Args:
            need: The module.
            above: The nodes that a place stands in.
            line: The place's line in the tree.
        """
        name, module = _MODULES[need]
        for node in above:
            if isinstance(node, _SCOPES):
                if id(node) not in self._rebound:
                    self._rebound[id(node)] = tuple(_bindings(node, name, module))
                if any(line <= at for at in self._rebound[id(node)]):
                    return True
        return False

    @property
    def need(self) -> Need:
        """The import that the style asks for."""
        return Need.OS if self.style is Style.ENVIRON else Need.STREAMLIT

    @property
    def needs(self) -> frozenset[Need]:
        """All that mended Python asks for."""
        return frozenset((Need.OS, Need.LOADER) if self.style is Style.ENVIRON else (Need.STREAMLIT,))

    def reading(self, name: str) -> str:
        """The expression that gives a secret."""
        return f'os.environ["{name}"]' if self.style is Style.ENVIRON else f'st.secrets["{name}"]'

    def order(self, cell: CodeCell, node: ast.expr | ast.stmt) -> Order:
        """Where in the program a node stands."""
        return self.numbers[cell.fragment], node.lineno, node.col_offset

    def qualified(self, node: ast.expr, cell: CodeCell) -> str | None:
        """The dotted name that an expression stands for."""
        return self.subject.names.qualified(node, self.subject.names.module, self.order(cell, node))

    def is_usable(self, need: Need, cell: CodeCell) -> bool:
        """Whether the name by which mended code knows a module means nothing else anywhere."""
        name, module = _MODULES[need]
        if is_apart(cell):
            return True
        names = self.subject.names
        return all(row.imported == module for row in names.rows(names.module, name))

    def is_imported(self, need: Need, cell: CodeCell, before: int) -> bool:
        """Whether a module is imported, in any case, before a line of a cell.

        Args:
            need: The module.
            cell: The cell.
            before: The line, from 1.
        """
        name, module = _MODULES[need]
        if is_apart(cell):
            return re.search(rf"^import {module}\b", cell.fragment.text, re.MULTILINE) is not None
        names = self.subject.names
        here = (self.numbers[cell.fragment], before, 0)
        rows = [row for row in names.rows(names.module, name) if row.order < here and not row.branch]
        orders = [
            row.order for row in rows if row.imported == module and not is_apart(row.cell) and not is_local(row.cell)
        ]
        forgets = re.compile(rf"^[ \t]{{0,40}}(?:%reset|del\b[^\n]{{0,200}}\b{name}\b)", re.MULTILINE)
        cells = self.subject.program.cells[min(orders)[0] : here[0] + 1] if orders else ()
        return bool(orders) and not any(forgets.search(each.fragment.text) for each in cells)


def _magics(text: str) -> Iterator[re.Match[str]]:
    """The ``%%`` lines at the head of a cell: several may stand above each other."""
    at = 0
    while (magic := _MAGIC.match(text, at)) is not None:
        yield magic
        at = magic.end()


def body_start(text: str) -> int:
    """Where a cell's body begins: behind its ``%%`` lines."""
    return max((magic.end() for magic in _magics(text)), default=0)


def is_apart(cell: CodeCell) -> bool:
    """Whether a cell's code runs elsewhere than in the kernel: it is written to a file, or run by another Python."""
    return any(magic[1] not in _SAME_PROGRAM for magic in _magics(cell.fragment.text))


def _locals(cell: CodeCell, line: int) -> set[str]:
    """The names of the functions around a line."""
    found: set[str] = set()
    for node in cell.nodes_on([line]):
        if isinstance(node, _FUNCTIONS) and node.lineno < line <= (node.end_lineno or 0):
            found |= {each.arg for each in ast.walk(node.args) if isinstance(each, ast.arg)}
            found |= {
                each.id for each in ast.walk(node) if isinstance(each, ast.Name) and isinstance(each.ctx, ast.Store)
            }
    return found


def is_local(cell: CodeCell) -> bool:
    """Whether a cell's names are those of a function: nothing that it binds is there afterwards."""
    return any(magic[1] in _LOCAL for magic in _magics(cell.fragment.text))


def is_written(cell: CodeCell) -> bool:
    """Whether a cell is written to a file instead of being run."""
    is_file = any(magic[1] in _FILES for magic in _magics(cell.fragment.text))
    return is_file or any(each.kind == "write" for each in cell.resolved.references)


def _bindings(node: ast.AST, name: str, module: str) -> Iterator[int]:
    """Up to which lines a name means something else than the module in a scope."""
    own = {id(each) for each in getattr(node, "body", ())} if isinstance(node, _FUNCTIONS) else set()
    for each in ast.walk(node):
        match each:
            case ast.Import(names=aliases):
                bound = [row for row in aliases if (row.asname or row.name.partition(".")[0]) == name]
                # An import in a branch makes the name a local one that may not be there.
                is_sure = id(each) in own and all(row.name.partition(".")[0] == module for row in bound)
                yield from [each.lineno if is_sure else _ALWAYS] * bool(bound)
            case ast.ImportFrom(names=aliases) if any((row.asname or row.name) == name for row in aliases):
                yield _ALWAYS
            case (
                ast.Name(id=found, ctx=ast.Store() | ast.Del())
                | ast.arg(arg=found)
                | ast.ExceptHandler(name=found)
                | ast.MatchAs(name=found)
                | ast.MatchStar(name=found)
                | ast.MatchMapping(rest=found)
                | ast.FunctionDef(name=found)
                | ast.AsyncFunctionDef(name=found)
                | ast.ClassDef(name=found)
            ) if found == name and each is not node:
                yield _ALWAYS
