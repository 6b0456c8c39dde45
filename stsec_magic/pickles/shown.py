"""What stands on the stack of a pickle, as readable Python, shortened."""

from __future__ import annotations

import re
from collections.abc import Sequence

from stsec_magic.pickles.meaning import today
from stsec_magic.pickles.symbols import Attribute, Blob, Call, How, Items, Name, Persistent, Plain, Symbol

_SHOWN = 160
_LONGEST = 400
"""Characters of a text, and of a whole expression, that are shown."""

_LAST_WORD = re.compile(r"\S{1,80}\Z")

_FEW = 6
_DEEPEST = 6


def shown(symbol: Symbol) -> str:
    """A symbol as readable Python, shortened.

    Args:
        symbol: The symbol.
    """
    return _cut(_shown(symbol, _DEEPEST), _LONGEST)


def _cut(text: str, most: int) -> str:
    """A text shortened between its words: half a password is one that no rule knows, and so nothing masks it."""
    return text if len(text) <= most else _LAST_WORD.sub("", text[:most]) + "…"


def _shown(symbol: Symbol, depth: int) -> str:
    if depth == 0:
        return "..."
    match symbol:
        case Plain():
            return "None" if symbol is Plain.NONE else "..."
        case str():
            return repr(_cut(symbol, _SHOWN))
        case Blob(length=length, head=head):
            return repr(head) + ("" if length <= len(head) else "...")
        case tuple():
            return _of_items("tuple", symbol, depth)
        case Items(kind=kind, items=items):
            return _of_items(kind, items, depth)
        case int() | float():
            return repr(symbol)
        case _:
            return _of_object(symbol, depth)


def _of_object(symbol: Name | Attribute | Persistent | Call, depth: int) -> str:
    match symbol:
        case Name():
            return today(symbol.module, symbol.name)
        case Attribute(of=of, name=name):
            return f"{_shown(of, depth - 1)}.{name}"
        case Persistent(id=id):
            return f"persistent_load({_shown(id, depth - 1)})"
        case Call():
            return _of_call(symbol, depth)


def _of_call(call: Call, depth: int) -> str:
    function = _shown(call.function, depth - 1)
    arguments = _listed(call.arguments, depth)
    if call.how is How.STATE:
        return f"{function}.__setstate__({arguments})"
    if call.how is How.NEW:
        return f"{function}.__new__({function}{', ' if arguments else ''}{arguments})"
    return f"{function}({arguments})"


def _listed(symbols: Sequence[Symbol], depth: int) -> str:
    texts = [_shown(each, depth - 1) for each in symbols[:_FEW]]
    return ", ".join([*texts, "..."] if len(symbols) > _FEW else texts)


def _of_items(kind: str, items: Sequence[Symbol], depth: int) -> str:
    if kind == "dict":
        texts = [_shown(each, depth - 1) for each in items[: 2 * _FEW]]
        pairs = [f"{key}: {value}" for key, value in zip(texts[::2], texts[1::2], strict=False)]
        return "{" + ", ".join([*pairs, "..."] if len(items) > 2 * _FEW else pairs) + "}"
    opening, closing = {"tuple": ("(", ")"), "list": ("[", "]"), "set": ("{", "}")}[kind]
    return opening + _listed(items, depth) + ("," if kind == "tuple" and len(items) == 1 else "") + closing
