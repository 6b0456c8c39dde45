"""A load that runs code, called so that it doesn't: by the parameter that decides, or by the safe function's name."""

from __future__ import annotations

import ast

from stsec_magic.fix.edit import Edit, Fix
from stsec_magic.model.hit import Hit
from stsec_magic.model.levels import Confidence, Severity
from stsec_magic.rules.load_calls import Load
from stsec_magic.rules.loads import Danger

_SAFE_NAMES = {"load": "safe_load", "load_all": "safe_load_all"}
_YAML = "yaml"
_ELSE = (None, "pickle_module")
"""Arguments that nobody sees, and torch's own unpickler, beside which it takes no ``weights_only``."""


def mend(hit: Hit, load: Load) -> Fix | None:
    """Mend a load.

    Args:
        hit: What was found.
        load: The call.

    Returns:
        None for a load that no parameter makes safe: the finding itself says what to do instead.
    """
    call = load.use.node
    edits = _edits(hit, load, call) if isinstance(call, ast.Call) else None
    if edits is None:
        return None
    # What the notebook wrote itself may need just what is taken away here; what newer versions do anyway is no change.
    is_sure = hit.confidence is Confidence.HIGH or bool(load.since)
    is_safe = is_sure and hit.severity is not Severity.LOW
    return Fix(hit, tuple(edits), is_safe=is_safe)


def _edits(hit: Hit, load: Load, call: ast.Call) -> list[Edit] | None:
    sink, cell = load.sink, load.use.cell
    if not sink.parameter or any(keyword.arg in _ELSE for keyword in call.keywords):
        return None
    if sink.values:
        return _by_name(hit, load, call) if load.name.partition(".")[0] == _YAML else None
    safe = str(sink.danger is Danger.UNLESS)
    given = _given(load, call)
    if given is not None:
        return [Edit(hit.fragment, *cell.span(given), safe)] if isinstance(given, ast.Constant) else None
    if any(isinstance(each, (ast.Starred, ast.GeneratorExp)) for each in call.args):
        return None
    arguments = [*call.args, *(keyword.value for keyword in call.keywords)]
    if not arguments:
        return None
    end = _past_brackets(cell.fragment.text, max(cell.span(each)[1] for each in arguments), cell.span(call)[1])
    return [Edit(hit.fragment, end, end, f", {sink.parameter}={safe}")]


def _given(load: Load, call: ast.Call) -> ast.expr | None:
    """The parameter that decides, where the call gives it."""
    for keyword in call.keywords:
        if keyword.arg == load.sink.parameter:
            return keyword.value
    position = load.sink.position
    return call.args[position] if position is not None and position < len(call.args) else None


def _past_brackets(text: str, at: int, end: int) -> int:
    """Behind the brackets that an argument stands in: a tree doesn't count them to it."""
    last = at
    while at < end - 1:
        if text[at] == ")":
            last = at + 1
        elif not text[at].isspace():
            break
        at += 1
    return last


def _by_name(hit: Hit, load: Load, call: ast.Call) -> list[Edit] | None:
    """``yaml.load(file, Loader=yaml.Loader)`` to ``yaml.safe_load(file)``."""
    cell, func = load.use.cell, call.func
    if not isinstance(func, ast.Attribute) or func.attr not in _SAFE_NAMES or not call.args:
        return None
    end = cell.span(func)[1]
    edits = [Edit(hit.fragment, end - len(func.attr), end, _SAFE_NAMES[func.attr])]
    given = _given(load, call)
    if given is None:
        return edits
    others = [each for each in [*call.args, *(keyword.value for keyword in call.keywords)] if each is not given]
    if len(others) != 1 or cell.span(others[0])[0] > cell.span(given)[0]:
        return None
    start = _past_brackets(cell.fragment.text, cell.span(others[0])[1], cell.span(call)[1])
    return [
        *edits,
        Edit(hit.fragment, start, _past_brackets(cell.fragment.text, cell.span(given)[1], cell.span(call)[1]), ""),
    ]
