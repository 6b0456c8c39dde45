"""``st.cache`` and the experimental caches, by the name of what came after them."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from stsec_magic.fix.edit import Edit, Fix, Refusal
from stsec_magic.model.hit import Hit
from stsec_magic.source.program import CodeCell

_KEPT = {
    "cache_data": frozenset(("func", "ttl", "max_entries", "show_spinner", "persist", "hash_funcs")),
    "cache_resource": frozenset(("func", "ttl", "max_entries", "show_spinner", "validate", "hash_funcs")),
}
"""The parameters that each successor has: https://docs.streamlit.io/develop/api-reference/caching-and-state"""


def mend(hit: Hit, cell: CodeCell) -> Fix | Refusal:
    """Mend a removed cache.

    Args:
        hit: What was found.
        cell: The cell, which parses.
    """
    successor = hit.properties.get("successor")
    if successor is None:
        return Refusal(hit, "which successor fits is for you to say")
    text = hit.fragment.text
    name = text[hit.start : hit.end].rpartition(".")[2]
    if hit.end - hit.start == len(name):
        return Refusal(hit, f"import {successor} in its place")
    edits = [Edit(hit.fragment, hit.end - len(name), hit.end, successor)]
    call = next((each for each in _calls(cell) if cell.span(each.func) == (hit.start, hit.end)), None)
    if call is not None:
        edits += _without_gone(hit, call, cell, _KEPT[successor])
    return Fix(hit, tuple(edits))


def _calls(cell: CodeCell) -> Iterator[ast.Call]:
    return (node for node in cell.nodes_on(None) if isinstance(node, ast.Call))


def _without_gone(hit: Hit, call: ast.Call, cell: CodeCell, kept: frozenset[str]) -> list[Edit]:
    """Take out the parameters that the successor doesn't have, each with one comma."""
    text = hit.fragment.text
    last = cell.span(call)[1] - 1
    gone = {id(each) for each in call.keywords if each.arg is not None and each.arg not in kept}
    if not gone:
        return []
    rows: list[ast.expr | ast.keyword] = [*call.args, *call.keywords]
    starts = {id(each): _start(cell, each) for each in rows}
    rows.sort(key=lambda each: starts[id(each)])
    # Each argument goes on to where the next one begins, so that brackets and commas belong to it.
    nexts = [starts[id(each)] for each in rows[1:]]
    edits = [
        Edit(hit.fragment, starts[id(each)], following, "")
        for each, following in zip(rows, nexts, strict=False)
        if id(each) in gone
    ]
    if id(rows[-1]) not in gone:
        return edits
    if len(gone) == len(rows):
        return [Edit(hit.fragment, text.index("(", hit.end) + 1, last, "")]
    # The last ones go with the comma before them; one behind them stays.
    behind = max(i for i, each in enumerate(rows) if id(each) not in gone)
    first = len(text[: nexts[behind]].rstrip().removesuffix(",").rstrip())
    value = rows[-1]
    end = cell.span(value.value if isinstance(value, ast.keyword) else value)[1]
    end += text[end:last].rfind(")") + 1
    return [*(each for each in edits if each.end <= first), Edit(hit.fragment, first, end, "")]


def _start(cell: CodeCell, argument: ast.expr | ast.keyword) -> int:
    return cell.offset(argument.lineno, argument.col_offset)
