"""The arrays of joblib's files, whose bytes stand between the opcodes of the pickle."""

from __future__ import annotations

import math
import re
from dataclasses import dataclass

from stsec_magic.pickles.meaning import meaning
from stsec_magic.pickles.operands import FaultError
from stsec_magic.pickles.symbols import Call, How, Items, Plain, Symbol

_WRAPPERS = frozenset(
    (
        "joblib.numpy_pickle.NumpyArrayWrapper",
        "sklearn.externals.joblib.numpy_pickle.NumpyArrayWrapper",
    )
)
_FORM = re.compile(r"[<>=|]?([a-zA-Z?])(\d{0,9})")
_UNSIZED = {"?": 1, "b": 1, "B": 1, "h": 2, "H": 2, "i": 4, "I": 4, "l": 8, "L": 8, "q": 8, "Q": 8, "e": 2, "f": 4}
_UNSIZED |= {"d": 8, "g": 16, "F": 8, "D": 16, "G": 32, "M": 8, "m": 8}
"""Bytes of a dtype that is named by its letter alone."""

_FLEXIBLE = "VSU"
"""Letters of dtypes whose size is told by their state."""

_MOST_FIELDS = 200
_DEEPEST = 8
_CHARACTER = 4
"""Bytes of one character in an array of texts."""


@dataclass(frozen=True, slots=True)
class Array:
    """What joblib reads behind a wrapper.

    Attributes:
        bytes: How many; None for an array of objects, which is a pickle of its own.
        is_padded: Whether a byte stands before them that tells how many more to pass over.
    """

    bytes: int | None
    is_padded: bool


def is_wrapper(made: Call) -> bool:
    """Whether an object is what joblib writes in place of an array; once it has its state, the bytes follow.

    Args:
        made: The call that makes the object.
    """
    return made.how in (How.NEW, How.CALL) and meaning(made.function) in _WRAPPERS


def array_behind(wrapper: Call) -> Array:
    """The array whose bytes follow on a wrapper.

    Args:
        wrapper: The call that made it, with its state.

    Raises:
        FaultError: Its state doesn't tell how many they are.
    """
    state = wrapper.state
    items = state.items if isinstance(state, Items) and state.kind == "dict" else ()
    fields = {key: value for key, value in zip(items[::2], items[1::2], strict=False) if isinstance(key, str)}
    dtype = fields.get("dtype", Plain.NONE)
    if _holds_objects(dtype, _DEEPEST):
        return Array(None, is_padded=False)
    count, size = _count(fields.get("shape", Plain.NONE)), _item_size(dtype)
    if count is None or size is None:
        raise FaultError("an array in it can't be measured")
    # joblib 1.2 and later align the bytes and tell how; what the older ones write has no such field.
    return Array(count * size, fields.get("numpy_array_alignment_bytes", Plain.NONE) is not Plain.NONE)


def _count(shape: Symbol) -> int | None:
    if not isinstance(shape, tuple):
        return None
    sides = [side for side in shape if type(side) is int and side >= 0]
    return math.prod(sides) if len(sides) == len(shape) else None


def _form(dtype: Symbol) -> str | None:
    """What ``numpy.dtype`` is called with: ``f8``."""
    if not isinstance(dtype, Call) or meaning(dtype.function) != "numpy.dtype" or not dtype.arguments:
        return None
    form = dtype.arguments[0]
    return form if isinstance(form, str) else None


def _state(dtype: Symbol) -> tuple[Symbol, ...]:
    """What a dtype's state is set to: version, order, part, names, fields, size of an item ..."""
    state = dtype.state if isinstance(dtype, Call) else None
    return state if isinstance(state, tuple) else ()


def _holds_objects(dtype: Symbol, depth: int) -> bool:
    """Whether an item is, or has in one of its fields, an object."""
    if depth == 0:
        raise FaultError("an array in it can't be measured")
    form = _form(dtype)
    if form is not None and form.lstrip("<>=|").startswith("O"):
        return True
    state = _state(dtype)
    part, fields = state[2] if len(state) > 2 else Plain.NONE, state[4] if len(state) > 4 else Plain.NONE
    inner = [part[0]] if isinstance(part, tuple) and part else []
    if isinstance(fields, Items):
        inner += [each[0] for each in fields.items[1::2] if isinstance(each, tuple) and each]
        if len(fields.items) >= _MOST_FIELDS:
            raise FaultError("an array in it can't be measured")
    return any(_holds_objects(each, depth - 1) for each in inner)


def _item_size(dtype: Symbol) -> int | None:
    """Bytes of an item."""
    form = _FORM.fullmatch(_form(dtype) or "")
    if form is None:
        return None
    letter, digits = form.groups()
    told = _state(dtype)[5:6]
    if letter in _FLEXIBLE and told and type(told[0]) is int and told[0] >= 0:
        return told[0]
    if not digits:
        return _UNSIZED.get(letter)
    return int(digits) * (_CHARACTER if letter == "U" else 1)
