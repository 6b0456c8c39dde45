"""What Keras runs and looks up when it builds a model from its configuration: layers of code, names of functions."""

from __future__ import annotations

import builtins
from collections.abc import Iterator, Mapping, Sequence

from stsec_magic.containers.bytecode import reaching
from stsec_magic.containers.found import Limits, Told
from stsec_magic.containers.json_nodes import nodes

_OWN = ("keras", "tensorflow", "tf_keras")
_TRAPS = frozenset("enable_unsafe_deserialization get_file".split())
"""Functions of Keras itself that no model is made of: they switch its safety off, or download."""

_FEW = 6
_CODE = "runs code that it brings along"
_LOOKED_UP = "looks up what it names"


def told(path: str, value: object, limits: Limits) -> Iterator[Told]:
    """Look through a configuration.

    Args:
        path: Of the file that it stands in.
        value: What JSON gives.
        limits: How long it may take.

    Yields:
        Each name and each piece of code once.
    """
    seen: set[Told] = set()
    for node in nodes(value, limits):
        for each in _of_node(path, node):
            if each not in seen:
                seen.add(each)
                limits.member()
                yield each


def _of_node(path: str, node: Mapping[str, object]) -> Iterator[Told]:
    cls, module, config = node.get("class_name"), node.get("module"), node.get("config")
    if not isinstance(cls, str):
        return
    if cls == "__lambda__":
        yield _of_code(path, "a lambda function", config.get("code") if isinstance(config, dict) else None)
    elif _is_lambda_layer(node) and isinstance(config, dict):
        yield from _of_layer(path, config)
    elif cls == "function":
        yield from _of_function(path, module, config, node.get("registered_name"))
    if isinstance(module, str) and cls != "function":
        yield from _of_name(path, module, cls, _OWN)


def _is_lambda_layer(node: Mapping[str, object]) -> bool:
    names = (node.get("class_name"), node.get("registered_name"))
    return any(isinstance(name, str) and name.rpartition(">")[2] == "Lambda" for name in names)


def _of_layer(path: str, config: Mapping[str, object]) -> Iterator[Told]:
    """A Lambda layer: a function, and one each for its shape and its mask."""
    for key in ("function", "output_shape", "mask"):
        function, kind = config.get(key), config.get(f"{key}_type")
        module = config.get("module" if key == "function" else f"{key}_module")
        if kind == "lambda" or (isinstance(function, list) and function and _is_code(function[0])):
            yield _of_code(path, "a lambda layer", function[0] if isinstance(function, list) and function else None)
        elif isinstance(function, str) and (kind == "function" or key == "function"):
            if isinstance(module, str) and module:
                yield from _of_name(path, module, function, ("keras",))
            else:
                yield Told(path, function, _LOOKED_UP, f"{function}(...)", None)


def _of_code(path: str, what: str, code: object) -> Told:
    """Code that a model brings along: a stranger's, or the author's own that computes a layer."""
    names = reaching(code) if isinstance(code, str) else None
    if names is None:
        return Told(path, None, _CODE, what, True)
    if not names:
        return Told(path, None, f"{_CODE}, which only computes as far as its names tell", what, False)
    return Told(path, None, _CODE, f"{what} that names {', '.join(names[:_FEW])}", True)


def _is_code(value: object) -> bool:
    """Whether it may be a function's code in base64, and no number of a shape."""
    return isinstance(value, str) and len(value) > 20


def _of_function(path: str, module: object, name: object, registered: object) -> Iterator[Told]:
    if not isinstance(name, str):
        name = registered
    if not isinstance(name, str):
        return
    module = module if isinstance(module, str) else ""
    if not module and name not in _TRAPS:
        # Registered by the one who loads the model.
        return
    yield from _of_name(path, module, name, ("keras",))


_TRAPPED = "switches Keras' own protection off, or downloads"


def _of_name(path: str, module: str, name: str, own: Sequence[str]) -> Iterator[Told]:
    dotted = f"{module}.{name}" if module else name
    top = module.partition(".")[0]
    if name in _TRAPS:
        yield Told(path, dotted, _TRAPPED, f"{dotted}()", True)
    # By "builtins" Keras also means its own functions.
    elif top not in own and not top.startswith("keras_") and (module != "builtins" or hasattr(builtins, name)):
        yield Told(path, dotted, _LOOKED_UP, f"{dotted}(...)", None)
