"""TensorFlow's saved models: operations that run Python or touch files, and the layers that Keras noted beside them."""

from __future__ import annotations

import re

from stsec_magic.containers.found import Inside, Limits, Opened, Told, View
from stsec_magic.containers.json_files import told_in

_SAYS = {
    "PyFunc": "runs a function of Python",
    "PyFuncStateless": "runs a function of Python",
    "EagerPyFunc": "runs a function of Python",
    "ReadFile": "reads files",
    "WriteFile": "writes files",
    "MatchingFiles": "looks for files",
}
_OPERATION = re.compile(
    rb"\x12(?:\x06PyFunc|\x0fPyFuncStateless|\x0bEagerPyFunc|\x08ReadFile|\x09WriteFile|\x0dMatchingFiles)"
)
"""In a node's message its operation is the second field, a text with its length before it."""

_KERAS = re.compile(rb"class_name|class\\u|tensorflow")


def recognises(data: View) -> bool:
    """Whether it may be a saved model, a graph, or the notes of Keras.

    Args:
        data: The bytes.
    """
    head = bytes(data[: 1 << 12])
    if head[:3] == b"\x08\x01\x12":
        return True
    return head[:1] == b"\x0a" and (_KERAS.search(head) is not None or _OPERATION.search(head) is not None)


def opened(inside: Inside, limits: Limits) -> Opened:
    """Look through a model.

    Args:
        inside: The file.
        limits: How long it may take.

    Yields:
        Its operations that reach beyond the model, and what its configuration says.
    """
    seen: set[str] = set()
    for match in _OPERATION.finditer(inside.data):
        name = match[0][2:].decode()
        if name not in seen:
            seen.add(name)
            yield Told(inside.path, None, _SAYS[name], f"the operation {name}", False)
    yield from told_in(inside.path, inside.data, limits)
