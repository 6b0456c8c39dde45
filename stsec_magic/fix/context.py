"""What mending knows of the notebook: its code, the style, what is imported where."""

from __future__ import annotations

import ast
import re
from collections.abc import Mapping
from dataclasses import dataclass, field

from stsec_magic.fix.cell_head import is_apart, is_local
from stsec_magic.fix.edit import Need, Style
from stsec_magic.fix.environment import Environment
from stsec_magic.fix.literal import Literals
from stsec_magic.fix.modules import Modules
from stsec_magic.fix.naming import Names
from stsec_magic.fix.rebound import FUNCTIONS
from stsec_magic.fix.shell_text import ShellText
from stsec_magic.model.fragment import Fragment, JsonPath
from stsec_magic.rules.base import Subject
from stsec_magic.source.program import CodeCell
from stsec_magic.source.regions import Region
from stsec_magic.source.scopes import Order

_BINDING_ANY = re.compile(r"import[ \t]{1,20}\*|\bexec\(|\bglobals\(|^[ \t]{0,40}%(?:run|load|pylab)\b", re.MULTILINE)
_WORD = re.compile(r"(?<![\w$])(?<!\$\{)[A-Za-z_]\w{0,100}")


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
    _modules: Modules | None = None
    _shells: dict[tuple[JsonPath, int, int], ShellText] = field(default_factory=dict)
    _words: set[str] | None = None
    _binds_any: bool = False

    def __post_init__(self) -> None:
        """Number the cells."""
        self.numbers = {cell.fragment: i for i, cell in enumerate(self.subject.program.cells)}

    def literals(self, cell: CodeCell) -> Literals:
        """Finds a cell's literals."""
        if cell not in self._literals:
            self._literals[cell] = Literals(cell)
        return self._literals[cell]

    @property
    def modules(self) -> Modules:
        """Whether the names of modules mean them."""
        if self._modules is None:
            self._modules = Modules(self.subject, self.numbers)
        return self._modules

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
        return None if rows or name.startswith("_") or self._is_mentioned(name) else False

    def _is_mentioned(self, name: str) -> bool:
        """Whether a name stands anywhere but behind a ``$``, or anything may bind any name."""
        if self._words is None:
            texts = [cell.fragment.text for cell in self.subject.program.cells]
            self._words = {word for text in texts for word in _WORD.findall(text)}
            self._binds_any = any(_BINDING_ANY.search(text) for text in texts)
        return self._binds_any or name in self._words

    def shell(self, fragment: Fragment, region: Region) -> ShellText:
        """A stretch of shell in a cell.

        Args:
            fragment: The cell's text.
            region: The stretch.
        """
        key = fragment.path, region.start, region.end
        if key not in self._shells:
            self._shells[key] = ShellText(fragment.text, region.start, region.end)
        return self._shells[key]

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


def _locals(cell: CodeCell, line: int) -> set[str]:
    """The names of the functions around a line."""
    found: set[str] = set()
    for node in cell.nodes_on([line]):
        if isinstance(node, FUNCTIONS) and node.lineno < line <= (node.end_lineno or 0):
            found |= {each.arg for each in ast.walk(node.args) if isinstance(each, ast.arg)}
            found |= {
                each.id for each in ast.walk(node) if isinstance(each, ast.Name) and isinstance(each.ctx, ast.Store)
            }
    return found
