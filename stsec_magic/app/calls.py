"""Calls that mean something in a notebook alone, and what does the same in an app."""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterator

from stsec_magic.app import asking, display_objects, figures, printing
from stsec_magic.app.code import Code
from stsec_magic.app.dropping import drop
from stsec_magic.app.inferred import kind_of
from stsec_magic.app.kind import CALLS, Kind
from stsec_magic.app.streamlit import ST

_DISPLAY = frozenset(("display", "IPython.display.display", "IPython.core.display.display"))
_PLOTLY_SHOW = frozenset(
    "plotly.offline.iplot plotly.offline.plot plotly.io.show plotly.plotly.iplot chart_studio.plotly.iplot".split()
)
_STOPS = frozenset(("exit", "quit", "sys.exit"))
_RENAMED = {"help": f"{ST}.help", "pprint.pprint": f"{ST}.write", "pprint.pp": f"{ST}.write"}
_UNNEEDED = frozenset(
    """IPython.display.clear_output IPython.display.set_matplotlib_formats plotly.offline.init_notebook_mode
    IPython.core.display.clear_output matplotlib_inline.backend_inline.set_matplotlib_formats
    altair.renderers.enable bokeh.io.output_notebook bokeh.plotting.output_notebook hvplot.extension""".split()
)
_KERNEL_ONLY = (
    "google.colab",
    "get_ipython",
    "IPython.get_ipython",
    "IPython.core.getipython",
    "dbutils.",
    "kaggle_secrets",
)
INFO = "show_info"
"""The helper that shows what a table says of itself."""

_AS_VALUES = {"print": f"{ST}.text", "display": f"{ST}.write", "IPython.display.display": f"{ST}.write"}


def translate(code: Code) -> None:
    """Translate the calls of a cell.

    Args:
        code: The cell; gets the changes.
    """
    nodes = list(_inner_first(code.tree))
    for node in nodes:
        if isinstance(node, ast.Call) and id(node) not in code.gone:
            _leave_out(node, code)
    for node in nodes:
        if id(node) in code.gone:
            continue
        if isinstance(node, ast.Call):
            _call(node, code)
        elif isinstance(node, ast.Name) and isinstance(node.ctx, ast.Load):
            _name(node, code)
        elif isinstance(node, ast.Await) and not code.is_in_function(node):
            code.wanted.modules.add("import asyncio")
            code.replace(node, f"asyncio.run({code.written(node.value)})")


def _inner_first(node: ast.AST) -> Iterator[ast.AST]:
    stack = [(node, False)]
    while stack:
        at, is_done = stack.pop()
        if is_done:
            yield at
        else:
            stack.append((at, True))
            stack += [(child, False) for child in reversed(list(ast.iter_child_nodes(at)))]


def _call(call: ast.Call, code: Code) -> None:
    name = code.qualified(call.func)
    handler = _HANDLERS.get(name)
    if handler is not None:
        handler(call, code)
    elif name in _RENAMED:
        code.replace(call.func, _RENAMED[name])
    elif name in _STOPS:
        code.replace(call, f"{ST}.stop()")
    elif isinstance(call.func, ast.Attribute) and call.func.attr == "info":
        _info(call, call.func, code)
    elif isinstance(call.func, ast.Attribute) and call.func.attr in ("show", "display"):
        _shown_by_itself(call, call.func, code)


def _leave_out(call: ast.Call, code: Code) -> None:
    """Leave out the statement that a call stands in, where no app can run it."""
    name = code.qualified(call.func)
    statement = asking.asking_again(call, code)
    if name not in _HANDLERS and (name in _UNNEEDED or name.startswith(_KERNEL_ONLY)):
        statement = code.statement_of(call)
        if name not in _UNNEEDED:
            what = name if name.startswith("google.colab") else "get_ipython()"
            code.note(f"a statement with {what} was left out: there is no notebook around an app")
    if statement is not None:
        drop(statement, code)
        code.gone.update(id(each) for each in ast.walk(statement))


def _display(call: ast.Call, code: Code) -> None:
    kinds = code.evidence.displayed
    known = kinds[0] if len(kinds) == 1 and len(call.args) == 1 else Kind.UNKNOWN
    is_statement = isinstance(code.parents.get(id(call)), ast.Expr)
    if any(isinstance(each, ast.Starred) for each in call.args) or not is_statement:
        code.replace(call, f"{ST}.write({', '.join(code.written(each) for each in call.args)})")
        return
    code.replace(call, "; ".join(shown(each, code, known) for each in call.args) or "pass")


def shown(node: ast.expr, code: Code, known: Kind = Kind.UNKNOWN) -> str:
    """The call that shows a value.

    Args:
        node: An expression.
        code: The cell.
        known: What the saved outputs say of it, where the code doesn't.
    """
    own = display_objects.shown(node, code)
    if own is not None:
        return own
    kind = kind_of(node, code)
    if kind not in CALLS:
        kind = known
    if kind is Kind.WIDGET:
        code.note("a widget of ipywidgets doesn't work in an app; Streamlit has its own: st.slider, st.selectbox ...")
    return call_for(kind, code.written(node), code)


def call_for(kind: Kind, argument: str, code: Code) -> str:
    """The call that shows a value of some kind.

    Args:
        kind: What the value is.
        argument: The value, as code.
        code: The cell.
    """
    key = ""
    if kind is Kind.PLOTLY:
        # Streamlit tells charts of plotly apart by what is in them: the same one twice needs a name of its own.
        seen = sum(each.startswith(f"chart {argument} ") for each in code.wanted.keys)
        code.wanted.keys.add(f"chart {argument} {seen}")
        key = f', key="cell {code.number}, {seen + 1}"' if seen else ""
    return f"{CALLS.get(kind, f'{ST}.write')}({argument}{key})"


def _shown_by_itself(call: ast.Call, func: ast.Attribute, code: Code) -> None:
    """``fig.show()``."""
    if not isinstance(code.parents.get(id(call)), ast.Expr):
        return
    kind = kind_of(func.value, code)
    if kind is Kind.UNKNOWN and Kind.PLOTLY in code.evidence.displayed:
        kind = Kind.PLOTLY
    if kind in (Kind.PLOTLY, Kind.FIGURE, Kind.ALTAIR, Kind.IMAGE):
        code.replace(call, call_for(kind, code.written(func.value), code))


def _info(call: ast.Call, func: ast.Attribute, code: Code) -> None:
    """``df.info()``, which prints."""
    is_statement = isinstance(code.parents.get(id(call)), ast.Expr)
    if is_statement and not call.args and kind_of(func.value, code) is Kind.DATAFRAME:
        code.wanted.helpers.add(INFO)
        code.wanted.modules.add("import io")
        options = "".join(f", {each.arg}={code.written(each.value)}" for each in call.keywords if each.arg)
        code.replace(call, f"{INFO}({code.written(func.value)}{options})")


def _show(call: ast.Call, code: Code) -> None:
    """``plt.show()``."""
    statement = code.parents.get(id(call))
    if not isinstance(statement, ast.Expr):
        return
    outer = code.parents.get(id(statement))
    for _, body in ast.iter_fields(outer) if outer is not None else ():
        if isinstance(body, list) and statement in body:
            code.replace(call, figures.shown_in(body, body.index(statement), code))


def _plotly(call: ast.Call, code: Code) -> None:
    if call.args:
        code.replace(call, call_for(Kind.PLOTLY, code.written(call.args[0]), code))


def _secret(call: ast.Call, code: Code) -> None:
    if len(call.args) == 1:
        code.replace(call, f"{ST}.secrets[{code.written(call.args[0])}]")


def _upload(call: ast.Call, code: Code) -> None:
    uploader = f'{ST}.file_uploader("Files", accept_multiple_files=True)'
    code.replace(call, f"{{each.name: each.getvalue() for each in {uploader}}}")


def _cv2(call: ast.Call, code: Code) -> None:
    if call.args:
        code.replace(call, f'{ST}.image({code.written(call.args[0])}, channels="BGR")')


def _name(node: ast.Name, code: Code) -> None:
    """``print`` and ``display`` that are handed on."""
    if node.id not in ("print", "display"):
        return
    outer = code.parents.get(id(node))
    name = code.qualified(node)
    if name in _AS_VALUES and not (isinstance(outer, ast.Call) and outer.func is node):
        code.replace(node, _AS_VALUES[name])


def _password(call: ast.Call, code: Code) -> None:
    asking.translate(call, code, is_password=True)


_HANDLERS: dict[str, Callable[[ast.Call, Code], None]] = {
    "print": printing.translate,
    "input": asking.translate,
    "getpass.getpass": _password,
    "google.colab.userdata.get": _secret,
    "google.colab.files.upload": _upload,
    "google.colab.patches.cv2_imshow": _cv2,
    **dict.fromkeys(_DISPLAY, _display),
    **dict.fromkeys(_PLOTLY_SHOW, _plotly),
    **dict.fromkeys((f"{figures.PYPLOT}.show", "pylab.show"), _show),
}
