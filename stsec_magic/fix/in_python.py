"""A secret in Python code: the literal becomes an expression that reads the secret from where it is kept."""

from __future__ import annotations

import ast
from dataclasses import replace
from typing import NamedTuple

from stsec_magic.fix import in_text, strings
from stsec_magic.fix.cell_head import body_start, is_apart, is_local, is_written
from stsec_magic.fix.context import Context
from stsec_magic.fix.edit import Edit, Fix, Need, Refusal, Style
from stsec_magic.fix.literal import Place
from stsec_magic.fix.naming import suggested
from stsec_magic.model.hit import Hit
from stsec_magic.source.program import CodeCell

_GETTERS = frozenset(("os.getenv", "os.environ.get", "os.environ.setdefault"))


class _Said(NamedTuple):
    """Code that itself says which environment variable the literal is for.

    Attributes:
        name: The variable.
        node: The whole that gives way to reading it.
        is_set: Whether the code sets the variable, as a statement of its own.
    """

    name: str
    node: ast.expr | ast.stmt
    is_set: bool = False


def mend(hit: Hit, cell: CodeCell, context: Context) -> Fix | Refusal:
    """Mend a place in a cell that parses.

    Args:
        hit: What was found there.
        cell: The cell.
        context: The notebook.
    """
    if hit.start < body_start(cell.fragment.text):
        return Refusal(hit, "it stands in the line of a cell magic")
    place = context.literals(cell).at(hit.start, hit.end)
    if place is None:
        return in_text.mend(hit, cell, context)
    if isinstance(place.parent, ast.Expr):
        # A docstring, or a string in the place of a comment: nobody reads its value.
        return in_text.blanked(hit, context)
    if any(isinstance(each, ast.pattern) for each in place.above):
        return Refusal(hit, "a pattern of match can hold literals only")
    if not context.modules.is_meant(context.need, cell, place.above, place.node.lineno):
        return Refusal(hit, f"{context.reading('X').partition('.')[0]!r} means something else in this notebook")
    said = _said(place, context)
    if said is not None:
        return _instead(hit, place, said, context)
    piece = context.literals(cell).piece(place, hit.start)
    if piece is None or "b" in piece.prefix:
        return _whole(hit, place, context)
    is_all = (hit.start, hit.end) == (piece.body, piece.body_end) and (piece.start, piece.end) == place.span
    if is_all or hit.end > piece.body_end:
        return _whole(hit, place, context)
    return _part(hit, place, piece, context)


def _whole(hit: Hit, place: Place, context: Context) -> Fix | Refusal:
    """The whole literal is the secret."""
    value = place.text
    if value is None or hit.secret is None or value.strip() != hit.secret.value.strip():
        return Refusal(hit, "the secret is a part of a literal that can't be taken apart")
    name = context.name(value, suggested(hit, _key_of_environ(place, context)))
    reading = context.reading(name)
    is_bytes = isinstance(place.node, ast.Constant) and isinstance(place.node.value, bytes)
    gap = strings.gap(hit.fragment.text, place.span[0])
    edit = Edit(hit.fragment, *place.span, f"{gap}{reading}.encode()" if is_bytes else gap + reading)
    return _fix(hit, place, context, edit, name=name, value=value)


def _part(hit: Hit, place: Place, piece: strings.Piece, context: Context) -> Fix | Refusal:
    """The secret is a part of the literal, which becomes an f-string."""
    text = hit.fragment.text
    if "f" in piece.prefix and _is_in_expression(text[piece.body : hit.start]):
        return Refusal(hit, "it stands in an expression inside an f-string")
    value = _meant(text[hit.start : hit.end], piece)
    if value is None:
        return Refusal(hit, "the secret is written with escapes that can't be read apart")
    if _is_formatted(place) and any(each in value for each in "{}%"):
        return Refusal(hit, "the text is formatted, and the secret holds signs that formatting changes")
    name = context.name(value, suggested(hit))
    expression = strings.embedded(piece, context.reading(name))
    if expression is None:
        return Refusal(hit, "the secret is a part of a bytes literal")
    edit = Edit(hit.fragment, hit.start, hit.end, expression)
    return replace(_fix(hit, place, context, edit, name=name, value=value), opened=piece)


def _instead(hit: Hit, place: Place, said: _Said, context: Context) -> Fix | Refusal:
    """The code names the variable itself: ``os.getenv("K", "...")``, ``os.environ["K"] = "..."``."""
    value = place.text
    if value is None:
        return Refusal(hit, "the value is put together from several parts")
    name = context.name(value, suggested(hit, said.name))
    if said.is_set and context.style is Style.ENVIRON and name == said.name:
        if not context.environment.is_free(name, value):
            return Refusal(hit, f"{name} is set to something else, or taken away, elsewhere in the notebook")
        # What sets it from now on is the secrets file; the line still says that it has to be set.
        edit = Edit(hit.fragment, *place.cell.span(said.node), f'assert os.environ.get("{name}"), "{name} is not set"')
    elif said.is_set or (name != said.name and not context.names.is_new(said.name)):
        # Whatever the variable holds by then still comes first, unless it holds what stood elsewhere in the notebook.
        gap = strings.gap(hit.fragment.text, place.span[0])
        edit = Edit(hit.fragment, *place.span, gap + context.reading(name))
    else:
        edit = Edit(hit.fragment, *place.cell.span(said.node), context.reading(name))
    return _fix(hit, place, context, edit, name=name, value=value)


def _fix(hit: Hit, place: Place, context: Context, edit: Edit, *, name: str, value: str) -> Fix:
    apart = is_apart(place.cell)
    # A cell that doesn't parse may be of Python 2, which has no f-strings.
    is_readable = place.cell.tree is not None or not edit.text.startswith("{")
    needs = context.needs - ({Need.LOADER} if is_written(place.cell) else set())
    is_kept = context.style is Style.SECRETS or not context.environment.takes_any
    # Where the cell is measured and nothing stands before it, the lines that load would be measured as well.
    is_apart_or_timed = apart or (is_local(place.cell) and context.host(place.cell) is place.cell)
    is_safe = is_readable and is_kept and not is_apart_or_timed
    return Fix(hit, (edit,), needs=needs, name=name, value=value, is_safe=is_safe)


def _said(place: Place, context: Context) -> _Said | None:
    parent, node, cell = place.parent, place.node, place.cell
    if isinstance(parent, ast.Assign) and parent.value is node and len(parent.targets) == 1:
        name = _subscript(parent.targets[0], cell, context)
        return None if name is None else _Said(name, parent, is_set=True)
    if isinstance(parent, ast.BoolOp) and len(parent.values) == 2 and parent.values[1] is node:
        name = _got(parent.values[0], cell, context)
        return None if name is None else _Said(name, parent)
    call = next((each for each in place.above[:2] if isinstance(each, ast.Call)), None)
    if call is None or node not in [*call.args[1:2], *(each.value for each in call.keywords)]:
        return None
    name = _got(call, cell, context)
    if name is None:
        return None
    statement = place.above[place.above.index(call) + 1]
    return _Said(name, statement, is_set=True) if isinstance(statement, ast.Expr) else _Said(name, call)


def _got(node: ast.expr, cell: CodeCell, context: Context) -> str | None:
    """The variable that ``os.getenv("K")`` and its like read."""
    if not isinstance(node, ast.Call) or not node.args or context.qualified(node.func, cell) not in _GETTERS:
        return _subscript(node, cell, context)
    first = node.args[0]
    return first.value if isinstance(first, ast.Constant) and isinstance(first.value, str) else None


def _subscript(node: ast.expr, cell: CodeCell, context: Context) -> str | None:
    match node:
        case ast.Subscript(value=value, slice=ast.Constant(value=str(name))):
            return name if context.qualified(value, cell) == "os.environ" else None
    return None


def _key_of_environ(place: Place, context: Context) -> str:
    """The variable's name in ``os.environ.update({"K": "..."})`` and ``os.environ |= {"K": "..."}``."""
    above = place.above
    if not isinstance(above[0], ast.Dict) or len(above) < 2:
        return ""
    around = above[1]
    is_environ = (
        isinstance(around, ast.Call) and context.qualified(around.func, place.cell) == "os.environ.update"
    ) or (isinstance(around, ast.AugAssign) and context.qualified(around.target, place.cell) == "os.environ")
    key = next((key for key, value in zip(above[0].keys, above[0].values, strict=True) if value is place.node), None)
    return key.value if is_environ and isinstance(key, ast.Constant) and isinstance(key.value, str) else ""


def _is_formatted(place: Place) -> bool:
    parent = place.parent
    return (isinstance(parent, ast.Attribute) and parent.attr in ("format", "format_map")) or (
        isinstance(parent, ast.BinOp) and isinstance(parent.op, ast.Mod) and parent.left is place.node
    )


def _is_in_expression(before: str) -> bool:
    """Whether an f-string's text up to a place leaves a brace open."""
    return before.replace("{{", "").count("{") > before.replace("}}", "").count("}")


def _meant(raw: str, piece: strings.Piece) -> str | None:
    """The value that a part of a string token gives."""
    if "\\" not in raw or "r" in piece.prefix:
        return raw.replace("{{", "{").replace("}}", "}") if "f" in piece.prefix else raw
    try:
        value = ast.literal_eval(f"{piece.quote}{raw}{piece.quote}")
    except (ValueError, SyntaxError):
        return None
    return value if isinstance(value, str) else None
