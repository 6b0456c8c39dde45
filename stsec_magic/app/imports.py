"""The imports of all cells gathered on top, where that doesn't change what they import."""

from __future__ import annotations

import ast
import sys
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field

from stsec_magic.source.syntax import parse

_SUCCESSORS = {"tqdm.notebook": "tqdm", "tqdm.autonotebook": "tqdm"}
"""Modules for notebooks, and what takes their place elsewhere."""

_RENAMED = {("tqdm", "tqdm_notebook"): "tqdm", ("tqdm", "tnrange"): "trange"}

_NOTEBOOK_ONLY = ("IPython", "google.colab", "kaggle_secrets", "ipykernel")
_ABSENT = ("google.colab", "kaggle_secrets")
"""Modules that no app can import."""

_TRANSLATED = frozenset("getpass pprint plotly.offline".split())
"""Modules whose functions were translated: imported only where something of them is still used."""

_SETTERS = (
    "sys.path", "os.environ", "os.putenv", "os.chdir", "matplotlib.use", "importlib.reload", "mpl.use", "site.",
    "multiprocessing.set_start_method",
)  # fmt: skip
"""What may change what a later import does."""


@dataclass(slots=True)
class Gathered:
    """What became of the imports.

    Attributes:
        cells: The cells' texts without the imports that were moved.
        lines: The imports for the top: Python's own future, its library, and the others.
        modules: All modules that the app imports, dotted.
    """

    cells: list[str]
    lines: tuple[list[str], list[str], list[str]] = field(default_factory=lambda: ([], [], []))
    modules: list[str] = field(default_factory=list)


def gather(cells: Sequence[str], needed: Iterable[str]) -> Gathered:
    """Move imports to the top.

    Args:
        cells: The cells' texts in order, all of which parse.
        needed: Import lines that the app needs besides.
    """
    trees = [parse(cell) or ast.Module([], []) for cell in cells]
    bound = _bound(trees)
    used = {node.id for tree in trees for node in ast.walk(tree) if isinstance(node, ast.Name)}
    made = Gathered([])
    for line in sorted(needed):
        _add(line, made)
    is_set = is_starred = False
    for text, tree in zip(cells, trees, strict=True):
        cuts: list[tuple[ast.stmt, str]] = []
        for statement in tree.body:
            if isinstance(statement, ast.Import | ast.ImportFrom):
                kept = _kept(statement, used)
                moved = [each for each in kept if not is_starred and _may_move(statement, each, bound, is_set=is_set)]
                # What is imported behind "from x import *" may be meant to take the place of what that brought.
                is_starred = is_starred or any(each.name == "*" for each in kept)
                stay = [each for each in kept if each not in moved]
                for each in moved:
                    _add(_line(statement, [each]), made)
                if moved or stay != statement.names:
                    cuts.append((statement, _line(statement, stay) if stay else ""))
            else:
                is_set = is_set or _sets(statement)
        made.cells.append(_cut(text, cuts))
    made.modules = sorted({name for tree in map(parse, (*made.cells, *_all(made))) if tree for name in _modules(tree)})
    return made


def _all(made: Gathered) -> list[str]:
    return [line for group in made.lines for line in group]


def _bound(trees: Iterable[ast.Module]) -> dict[str, set[str]]:
    """By name, everything that it is bound to anywhere; "" for what is no import."""
    found: dict[str, set[str]] = {}
    for tree in trees:
        for node in ast.walk(tree):
            match node:
                case ast.Import() | ast.ImportFrom():
                    for each in node.names:
                        found.setdefault(_name(each), set()).add(_line(node, [each]))
                case ast.Name(id=name, ctx=ast.Store() | ast.Del()) | ast.arg(arg=name):
                    found.setdefault(name, set()).add("")
                case ast.FunctionDef(name=name) | ast.AsyncFunctionDef(name=name) | ast.ClassDef(name=name):
                    found.setdefault(name, set()).add("")
                case ast.ExceptHandler(name=str(name)):
                    found.setdefault(name, set()).add("")
    return found


def _name(alias: ast.alias) -> str:
    return alias.asname or alias.name.partition(".")[0]


def _kept(statement: ast.Import | ast.ImportFrom, used: set[str]) -> list[ast.alias]:
    """What an import is still needed for."""
    module = (statement.module or "") if isinstance(statement, ast.ImportFrom) else ""
    kept: list[ast.alias] = []
    for each in statement.names:
        whole = f"{module}.{each.name}" if module else each.name
        if _is_of(whole, _ABSENT):
            continue
        is_spare = _is_of(whole, _NOTEBOOK_ONLY) or module in _TRANSLATED or each.name in _TRANSLATED
        if not is_spare or _name(each) in used or each.name == "*":
            kept.append(each)
    return kept


def _is_of(module: str, several: Iterable[str]) -> bool:
    return any(module == each or module.startswith(f"{each}.") for each in several)


def _may_move(
    statement: ast.Import | ast.ImportFrom, alias: ast.alias, bound: dict[str, set[str]], *, is_set: bool
) -> bool:
    if alias.name == "*" or (isinstance(statement, ast.ImportFrom) and statement.level):
        return False
    if isinstance(statement, ast.ImportFrom) and statement.module == "__future__":
        return True
    module = (statement.module or "") if isinstance(statement, ast.ImportFrom) else alias.name
    is_own = module.partition(".")[0] in sys.stdlib_module_names
    # "import a.b" and "import a.c" bind one name, and both are wanted.
    others = {each for each in bound.get(_name(alias), set()) if each != _line(statement, [alias])}
    is_same = all(each.startswith("import ") and " as " not in each for each in others) and not alias.asname
    return (not others or (is_same and isinstance(statement, ast.Import))) and (is_own or not is_set)


def _line(statement: ast.Import | ast.ImportFrom, names: Sequence[ast.alias]) -> str:
    if isinstance(statement, ast.Import):
        renamed = [ast.alias(_SUCCESSORS.get(each.name, each.name), each.asname) for each in names]
        return ast.unparse(ast.Import(renamed))
    module = statement.module or ""
    renamed = [_renamed(module, each) for each in names]
    return ast.unparse(ast.ImportFrom(_SUCCESSORS.get(module, module) or None, renamed, statement.level))


def _renamed(module: str, alias: ast.alias) -> ast.alias:
    name = _RENAMED.get((module, alias.name))
    return alias if name is None else ast.alias(name, alias.asname or alias.name)


def _add(line: str, made: Gathered) -> None:
    words = line.split()
    top = words[1].partition(".")[0]
    group = made.lines[0 if top == "__future__" else 1 if top in sys.stdlib_module_names else 2]
    if line not in group:
        group.append(line)


def _sets(statement: ast.stmt) -> bool:
    if isinstance(statement, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
        return False
    nodes = (node for node in ast.walk(statement) if isinstance(node, ast.Attribute))
    return any(_dotted(node).startswith(_SETTERS) for node in nodes)


def _dotted(node: ast.expr) -> str:
    """An attribute as it is written, as far as it is names alone."""
    parts: list[str] = []
    while isinstance(node, ast.Attribute):
        parts.append(node.attr)
        node = node.value
    return ".".join([node.id, *reversed(parts)]) if isinstance(node, ast.Name) else ""


def _cut(text: str, cuts: Sequence[tuple[ast.stmt, str]]) -> str:
    """A text without some statements, or with others in their place."""
    lines = text.splitlines(keepends=True)
    for statement, instead in reversed(cuts):
        first, last = statement.lineno - 1, (statement.end_lineno or statement.lineno) - 1
        before = lines[first].encode()[: statement.col_offset].decode()
        after = lines[last].encode()[statement.end_col_offset or 0 :].decode()
        is_alone = not before.strip() and (not after.strip() or after.lstrip().startswith("#"))
        if instead or not is_alone:
            lines[first : last + 1] = [before + (instead or "pass") + after]
        else:
            del lines[first : last + 1]
    return "".join(lines)


def _modules(tree: ast.Module) -> Iterator[str]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (each.name for each in node.names)
        elif isinstance(node, ast.ImportFrom) and not node.level and node.module:
            yield node.module
