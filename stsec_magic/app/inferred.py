"""What kind of thing an expression gives, told by the code alone."""

from __future__ import annotations

import ast

from stsec_magic.app.code import Code
from stsec_magic.app.kind import Kind

_DEEPEST = 6

_MODULES = (
    ("plotly.express.data.", Kind.DATAFRAME),
    ("plotly.express.", Kind.PLOTLY),
    ("plotly.figure_factory.create_", Kind.PLOTLY),
    ("plotly.subplots.make_subplots", Kind.PLOTLY),
    ("plotly.tools.make_subplots", Kind.PLOTLY),
    ("plotly.graph_objects.Figure", Kind.PLOTLY),
    ("plotly.graph_objs.Figure", Kind.PLOTLY),
    ("matplotlib.pyplot.figure", Kind.FIGURE),
    ("matplotlib.pyplot.gcf", Kind.FIGURE),
    ("matplotlib.figure.Figure", Kind.FIGURE),
    ("matplotlib.pyplot.", Kind.ARTISTS),
    ("pylab.", Kind.ARTISTS),
    ("seaborn.load_dataset", Kind.DATAFRAME),
    ("seaborn.", Kind.ARTISTS),
    ("PIL.Image.", Kind.IMAGE),
    *((f"altair.{name}", Kind.ALTAIR) for name in ("Chart", "layer", "hconcat", "vconcat", "concat", "repeat")),
    *((f"pandas.{name}", Kind.DATAFRAME) for name in ("DataFrame", "Series", "read_", "concat", "merge", "crosstab",
                                                     "pivot", "get_dummies", "cut", "qcut", "json_normalize", "melt")),
    *((f"polars.{name}", Kind.DATAFRAME) for name in ("DataFrame", "Series", "read_", "concat")),
)  # fmt: skip
"""Beginnings of dotted names; the first that fits counts."""

_NO_ARTISTS = frozenset("style rcParams colormaps get_cmap".split())

_FRAMES = frozenset(
    """abs add agg aggregate apply applymap assign astype bfill clip combine_first copy corr count cov cummax cummin
    cumprod cumsum describe diff drop drop_duplicates dropna duplicated eq explode ffill fillna filter first groupby
    head idxmax idxmin interpolate isin isna isnull join last map max mean median melt merge min mode mul ne nlargest
    notna notnull nsmallest nunique pct_change pivot pivot_table quantile query rank reindex rename replace reset_index
    resample rolling round sample select_dtypes set_axis set_index shift size sort_index sort_values stack std sum tail
    transpose unstack value_counts var where xs collect limit with_columns unique_values to_frame""".split()
)
"""Methods of a table that give a table, a column, or what one is made of by the next method."""

_SCALARS = frozenset("shape size ndim empty columns index dtypes values dtype name".split())
_CHANGING = ("update", "add_", "for_each_", "set_subplots")
"""What a figure of plotly is changed by, and gives itself."""

_UNDONE = frozenset("groupby resample rolling".split())
_TEXTS = frozenset("format join strip upper lower title capitalize replace".split())


def kind_of(node: ast.expr, code: Code, depth: int = _DEEPEST) -> Kind:
    """What an expression gives.

    Args:
        node: The expression.
        code: The cell it stands in.
        depth: How many steps may still be taken.
    """
    if depth == 0:
        return Kind.UNKNOWN
    match node:
        case ast.Constant(value=str()) | ast.JoinedStr():
            return Kind.TEXT
        case ast.Constant(value=None):
            return Kind.NOTHING
        case ast.Name():
            return _of_name(node, code, depth)
        case ast.Call():
            return _of_call(node, code, depth)
        case ast.Attribute():
            return _of_attribute(node, code, depth)
        case ast.Subscript():
            return _of_subscript(node, code, depth)
        case ast.BinOp():
            return _of_sum(node, code, depth)
    return Kind.UNKNOWN


def _of_name(node: ast.Name, code: Code, depth: int) -> Kind:
    binding = code.binding(node)
    if binding is None or binding.value is None or binding.parameter:
        return Kind.UNKNOWN
    if binding.opened:
        made = code.qualified(binding.value.func) if isinstance(binding.value, ast.Call) else ""
        # fig, ax = plt.subplots()
        is_first = made == "matplotlib.pyplot.subplots" and node.id.startswith("f")
        return Kind.FIGURE if is_first else Kind.UNKNOWN
    if isinstance(binding.value, ast.Name) and binding.value.id == node.id:
        return Kind.UNKNOWN
    return kind_of(binding.value, code, depth - 1)


def _of_call(node: ast.Call, code: Code, depth: int) -> Kind:
    name = code.qualified(node.func)
    known = next((kind for start, kind in _MODULES if name.startswith(start)), None)
    if known is not None and name.rpartition(".")[2] not in _NO_ARTISTS:
        return known
    if name in ("str", "repr", "format"):
        return Kind.TEXT
    if not isinstance(node.func, ast.Attribute):
        return Kind.UNKNOWN
    method = node.func.attr
    if _is_grouped(node.func.value, code, depth):
        return _drawn(method) if method in ("plot", "hist", "boxplot") else Kind.DATAFRAME
    base = kind_of(node.func.value, code, depth - 1)
    if base is Kind.DATAFRAME:
        is_table = method in _FRAMES and method not in _UNDONE | _REDUCING and not _is_inplace(node)
        is_table = is_table and not (method == "corr" and node.args)  # of two columns: a number
        return Kind.DATAFRAME if is_table else _drawn(method)
    if base in (Kind.ALTAIR, Kind.IMAGE) or (base is Kind.PLOTLY and method.startswith(_CHANGING)):
        return base
    if base is Kind.TEXT and method in _TEXTS:
        return Kind.TEXT
    return _drawn(method)


def _is_grouped(node: ast.expr, code: Code, depth: int) -> bool:
    """Whether it is ``df.groupby(...)``, or columns of it: whatever is asked of that next is a table."""
    node = node.value if isinstance(node, ast.Subscript) else node
    return (
        isinstance(node, ast.Call)
        and isinstance(node.func, ast.Attribute)
        and node.func.attr in _UNDONE
        and kind_of(node.func.value, code, depth - 1) is Kind.DATAFRAME
    )


_REDUCING = frozenset(
    "count idxmax idxmin max mean median min nunique quantile std sum var first last mode size cov agg apply".split()
)
"""What gives a column for a table and one value for a column: nobody can tell which it is."""


def _drawn(method: str) -> Kind:
    return Kind.ARTISTS if method in ("plot", "hist", "boxplot") else Kind.UNKNOWN


def _is_inplace(node: ast.Call) -> bool:
    return any(
        each.arg == "inplace" and not (isinstance(each.value, ast.Constant) and each.value.value is False)
        for each in node.keywords
    )


def _of_attribute(node: ast.Attribute, code: Code, depth: int) -> Kind:
    base = kind_of(node.value, code, depth - 1)
    if base is Kind.DATAFRAME and node.attr in ("T", "loc", "iloc", "str", "dt", "plot", "style"):
        return Kind.DATAFRAME
    if base in (Kind.FIGURE, Kind.DATAFRAME, Kind.IMAGE):
        return Kind.UNKNOWN
    return Kind.ARTISTS if base is Kind.ARTISTS else Kind.UNKNOWN


def _of_subscript(node: ast.Subscript, code: Code, depth: int) -> Kind:
    """A table's column or rows are shown like a table; one cell of it isn't."""
    if isinstance(node.value, ast.Attribute) and node.value.attr in ("loc", "iloc", "at", "iat"):
        is_rows = isinstance(node.slice, ast.Slice | ast.Compare | ast.List | ast.BinOp)
        return kind_of(node.value.value, code, depth - 1) if is_rows else Kind.UNKNOWN
    base = kind_of(node.value, code, depth - 1)
    if base is not Kind.DATAFRAME:
        return Kind.UNKNOWN
    is_cell = isinstance(node.value, ast.Subscript) and isinstance(node.slice, ast.Constant)
    return Kind.UNKNOWN if is_cell else Kind.DATAFRAME


def _of_sum(node: ast.BinOp, code: Code, depth: int) -> Kind:
    """Charts side by side, and texts put together."""
    left = kind_of(node.left, code, depth - 1)
    if left is Kind.ALTAIR and isinstance(node.op, ast.Add | ast.BitOr | ast.BitAnd):
        return left
    if left is Kind.TEXT and isinstance(node.op, ast.Add | ast.Mod):
        return left
    return Kind.UNKNOWN
