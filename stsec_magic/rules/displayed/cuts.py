"""What keeps a few characters of a value alone, and what takes a few away: ``"{:.8}".format(key)``, ``key[3:]``."""

from __future__ import annotations

import ast
import re
from string import Formatter

_CUT = re.compile(r".{0,40}\.\d")
"""A format that keeps a few characters alone: ``{api_key:.4}``."""

_CONVERSION = re.compile(r"%(?:%|(?:\((\w{1,80})\))?([-#0 +]{0,5}[\d*]{0,5}(?:\.\d{1,5})?)[a-zA-Z])")
_FEW = 8
_LONGEST = 2000


def is_cut(spec: ast.expr) -> bool:
    """Whether the format of a value in an f-string keeps a few characters alone.

    Args:
        spec: What stands behind the colon.
    """
    match spec:
        case ast.JoinedStr(values=[ast.Constant(value=str(text)), *_]):
            return _CUT.match(text) is not None
    return False


def formatted(template: ast.expr, call: ast.Call) -> list[ast.expr]:
    """What ``template.format(...)`` is given and shows whole.

    Args:
        template: What the method is called on.
        call: The call.
    """
    specs = _specs(template)
    rows = [(str(i), value) for i, value in enumerate(call.args)]
    rows += [(keyword.arg or "", keyword.value) for keyword in call.keywords]
    return [value for name, value in rows if not _is_all_cut(specs.get(name, []))]


def uncut(template: ast.expr, given: ast.expr) -> list[ast.expr]:
    """What of the right side of ``template % given`` is shown whole.

    Args:
        template: The left side.
        given: The right side.
    """
    if not isinstance(template, ast.Constant) or not isinstance(template.value, str):
        return [given]
    specs = [
        (each[1] or "", each[2]) for each in _CONVERSION.finditer(template.value[:_LONGEST]) if each[2] is not None
    ]
    match given:
        case ast.Tuple(elts=values) if len(values) == len(specs):
            return [value for value, (_, spec) in zip(values, specs, strict=True) if not _CUT.match(spec)]
        case ast.Dict(keys=keys, values=values):
            cut = {name for name, spec in specs if _CUT.match(spec)} - {
                name for name, spec in specs if not _CUT.match(spec)
            }
            rows = zip(keys, values, strict=True)
            return [value for key, value in rows if not (isinstance(key, ast.Constant) and key.value in cut)]
    return [given] if not _is_all_cut([spec for _, spec in specs]) else []


def leaves_most(given: ast.Slice) -> bool:
    """Whether a slice takes away a few characters at most: ``key[3:]``, ``key[:-4]``, but not ``key[:4]``.

    Args:
        given: The slice.
    """
    lower, upper = _number(given.lower, 0), _number(given.upper, -0.5)
    return lower is not None and upper is not None and 0 <= lower <= _FEW and -_FEW <= upper < 0


def takes_little(call: ast.Call) -> bool:
    """Whether ``replace`` takes a few known characters away; others may be all of the secret.

    Args:
        call: Its call.
    """
    match call.args:
        case [ast.Constant(value=str(old)), ast.Constant(), *_]:
            return len(old) <= _FEW
    return False


def _number(node: ast.expr | None, otherwise: float) -> float | None:
    match node:
        case None | ast.Constant(value=None):
            return otherwise
        case ast.Constant(value=int(number)):
            return number
        case ast.UnaryOp(op=ast.USub(), operand=ast.Constant(value=int(number))):
            return -number
    return None


def _is_all_cut(specs: list[str]) -> bool:
    return bool(specs) and all(_CUT.match(spec) for spec in specs)


def _specs(template: ast.expr) -> dict[str, list[str]]:
    """The formats in a template, by the name or the number of what they are for."""
    found: dict[str, list[str]] = {}
    if not isinstance(template, ast.Constant) or not isinstance(template.value, str):
        return found
    try:
        fields = [
            (name, spec or "") for _, name, spec, _ in Formatter().parse(template.value[:_LONGEST]) if name is not None
        ]
    except ValueError:
        return found
    for i, (name, spec) in enumerate(fields):
        found.setdefault(name or str(i), []).append(spec)
    return found
