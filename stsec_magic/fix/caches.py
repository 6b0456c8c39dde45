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
    spans = [(_start(cell, each), cell.span(each.value)[1]) for each in call.keywords]
    starts = [cell.span(each)[0] for each in call.args] + [start for start, _ in spans]
    edits: list[Edit] = []
    last_end = max([cell.span(each)[1] for each in call.args], default=text.index("(", hit.end) + 1)
    for keyword, (start, end) in zip(call.keywords, spans, strict=True):
        if keyword.arg is None or keyword.arg in kept:
            last_end = end
            continue
        following = min((each for each in starts if each > start), default=None)
        is_first = text[:last_end].endswith("(")
        edits.append(Edit(hit.fragment, *((start, following or end) if is_first else (last_end, end)), ""))
        last_end = last_end if is_first else end
    return edits


def _start(cell: CodeCell, keyword: ast.keyword) -> int:
    return cell.offset(keyword.lineno, keyword.col_offset)
