"""Figures of matplotlib: when a notebook would show them, and how an app does."""

from __future__ import annotations

import ast
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from stsec_magic.app.code import Code, Wanted
from stsec_magic.app.inferred import kind_of
from stsec_magic.app.kind import Kind
from stsec_magic.app.streamlit import ST
from stsec_magic.source.names import Names

PYPLOT = "matplotlib.pyplot"
HELPER = "show_figures"

_MAKERS = frozenset((f"{PYPLOT}.figure", f"{PYPLOT}.subplots", f"{PYPLOT}.subplot_mosaic", f"{PYPLOT}.matshow"))
_OWN_FIGURE = frozenset(
    "pairplot relplot catplot jointplot lmplot displot clustermap FacetGrid PairGrid factorplot".split()
)
_QUIET = frozenset(
    """show close savefig style rcParams rc rcdefaults clf cla ion ioff switch_backend get_cmap colormaps
    set_loglevel get_fignums gcf gca cm rc_context draw pause""".split()
)
_DRAWING = ("matplotlib.pyplot.", "pylab.", "seaborn.")
_NO_DRAWING = frozenset(
    """set set_theme set_style set_context set_palette color_palette load_dataset despine reset_defaults reset_orig
    get_dataset_names axes_style plotting_context""".split()
)
_METHODS = frozenset("plot hist boxplot".split())


@dataclass(slots=True)
class _Drawn:
    """What a stretch of code draws.

    Attributes:
        anything: Whether it draws at all.
        makers: How many calls in it begin a figure.
        looped: Whether one of them is run again and again.
        name: The variable that the only figure has; empty where it has none.
    """

    anything: bool = False
    makers: int = 0
    looped: bool = False
    name: str = ""


def is_show(node: ast.stmt, code: Code) -> bool:
    """Whether a statement is ``plt.show()``.

    Args:
        node: The statement.
        code: The cell.
    """
    if not isinstance(node, ast.Expr) or not isinstance(node.value, ast.Call):
        return False
    return code.qualified(node.value.func) in (f"{PYPLOT}.show", "pylab.show")


def shown_in(body: Sequence[ast.stmt], at: int, code: Code) -> str:
    """What shows the figures that are drawn by a place in a block.

    Args:
        body: The block's statements.
        at: The number of the statement before which they are shown.
        code: The cell.

    Returns:
        Statements on one line.
    """
    first = next((i + 1 for i in reversed(range(at)) if is_show(body[i], code)), 0)
    drawn = _drawn(body[first:at], code)
    if drawn.makers > 1 or drawn.looped:
        code.wanted.helpers.add(HELPER)
        return f"{HELPER}()"
    plt = pyplot(code.names, code.wanted)
    if drawn.name:
        return f"{ST}.pyplot({drawn.name}); {plt}.close({drawn.name})"
    return f"{ST}.pyplot({plt}.gcf()); {plt}.close()"


def is_pending(code: Code) -> bool:
    """Whether a notebook would show figures when the cell has ended.

    Args:
        code: The cell.
    """
    body = code.tree.body
    shows = [i for i, each in enumerate(body) if any(is_show(inner, code) for inner in _statements(each))]
    last = shows[-1] + 1 if shows else 0
    if _drawn(body[last:], code).anything:
        # What was drawn and closed again left nothing; other backends than the usual one show no picture.
        return not code.evidence.ran or code.evidence.figures > 0 or bool(code.evidence.displayed)
    return bool(code.evidence.figures) and not shows and not _calls_shower(body, code)


def pyplot(names: Names, wanted: Wanted) -> str:
    """The name that the app knows ``matplotlib.pyplot`` by; it is imported if it isn't yet.

    Args:
        names: What names mean in the notebook.
        wanted: Gets the import.
    """
    for name in ("plt", "pyplot", "mplt", "pl"):
        if any(row.imported == PYPLOT for row in names.rows(names.module, name)):
            return name
    if names.binds("plt"):
        wanted.modules.add(f"import {PYPLOT}")
        return PYPLOT
    wanted.modules.add(f"import {PYPLOT} as plt")
    return "plt"


def _drawn(body: Iterable[ast.stmt], code: Code) -> _Drawn:
    found = _Drawn()
    for statement in body:
        for call, looped in _calls(statement, in_loop=False):
            _add(found, call, looped, code)
        if isinstance(statement, ast.Assign) and isinstance(statement.value, ast.Call):
            name = code.qualified(statement.value.func)
            if name in _MAKERS:
                target = statement.targets[0]
                first = target.elts[0] if isinstance(target, ast.Tuple) and target.elts else target
                found.name = first.id if isinstance(first, ast.Name) else ""
    if found.makers != 1:
        found.name = ""
    return found


def _add(found: _Drawn, call: ast.Call, looped: bool, code: Code) -> None:
    name = code.qualified(call.func)
    last = name.rpartition(".")[2]
    if name in _MAKERS or (name.startswith("seaborn.") and last in _OWN_FIGURE) or _plots_table(call, code):
        found.anything = True
        found.makers += 1
        found.looped |= looped
    elif name.startswith(_DRAWING):
        first = next(name.removeprefix(each) for each in _DRAWING if name.startswith(each)).partition(".")[0]
        found.anything |= first not in _QUIET and first not in _NO_DRAWING
    elif isinstance(call.func, ast.Attribute) and call.func.attr in _METHODS:
        found.anything |= not name.startswith("plotly.")
    elif isinstance(call.func, ast.Name) and name in ("", call.func.id):
        found.anything |= _draws_inside(call.func.id, code)


def _plots_table(call: ast.Call, code: Code) -> bool:
    """Whether it is ``df.plot(...)``, ``df.plot.bar(...)``, ``df.hist()``, which begin a figure of their own."""
    func = call.func
    if not isinstance(func, ast.Attribute) or any(each.arg == "ax" for each in call.keywords):
        return False
    if func.attr in _METHODS:
        return kind_of(func.value, code) is Kind.DATAFRAME
    is_plot = isinstance(func.value, ast.Attribute) and func.value.attr == "plot"
    return is_plot and isinstance(func.value, ast.Attribute) and kind_of(func.value.value, code) is Kind.DATAFRAME


def _draws_inside(name: str, code: Code) -> bool:
    """Whether a function of the notebook draws, and doesn't show it itself."""
    for scope in code.names.functions(name):
        called = {attribute for root, attribute in _methods(scope.definition) if root in _PYPLOTS}
        if called - _QUIET and "show" not in called:
            return True
    return False


def _calls_shower(body: Sequence[ast.stmt], code: Code) -> bool:
    """Whether a function that is called shows its figures itself."""
    called = {each.func.id for each in _all_calls(body) if isinstance(each.func, ast.Name)}
    called |= {each.func.attr for each in _all_calls(body) if isinstance(each.func, ast.Attribute)}
    scopes = (scope for name in called for scope in code.names.functions(name))
    return any(attribute == "show" for scope in scopes for _, attribute in _methods(scope.definition))


_PYPLOTS = frozenset(("plt", "pyplot", "sns", "pylab"))


def _methods(node: ast.AST | None) -> Iterator[tuple[str, str]]:
    """The methods that a function calls: of what, by its name, and which."""
    for call in _all_calls([] if node is None else [node]):
        if isinstance(call.func, ast.Attribute):
            root = call.func.value
            yield (root.id if isinstance(root, ast.Name) else ""), call.func.attr


def _all_calls(nodes: Iterable[ast.AST]) -> list[ast.Call]:
    return [each for node in nodes for each in ast.walk(node) if isinstance(each, ast.Call)]


def _calls(node: ast.AST, *, in_loop: bool) -> Iterator[tuple[ast.Call, bool]]:
    """The calls that run when a statement does, and whether in a loop."""
    if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda | ast.ClassDef):
        return
    if isinstance(node, ast.Call):
        yield node, in_loop
    loops = isinstance(node, ast.For | ast.AsyncFor | ast.While | ast.ListComp | ast.GeneratorExp)
    for child in ast.iter_child_nodes(node):
        yield from _calls(child, in_loop=in_loop or loops)


def _statements(node: ast.stmt) -> Iterator[ast.stmt]:
    if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
        return
    yield node
    for child in ast.iter_child_nodes(node):
        if isinstance(child, ast.stmt):
            yield from _statements(child)
