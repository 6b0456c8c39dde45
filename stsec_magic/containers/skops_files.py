"""The types that skops imports when it reads a model: its schema names each by module and class."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from stsec_magic.containers.found import Limits, Told
from stsec_magic.containers.json_nodes import nodes

_PAIRS = (("__module__", "__class__"), ("module_path", "function"))
_SAYS = "imports what it names"


def told(path: str, value: object, limits: Limits) -> Iterator[Told]:
    """Look through a schema.

    Args:
        path: Of the file that it stands in.
        value: What JSON gives.
        limits: How long it may take.

    Yields:
        Each type or function once; its name decides.
    """
    seen: set[str] = set()
    if not (isinstance(value, dict) and _is_schema(value)):
        return
    for node in nodes(value, limits):
        for name, loader in _named(node):
            if name not in seen:
                seen.add(name)
                limits.member()
                yield Told(path, name, _SAYS, f"{loader} of {name}", None)


def _is_schema(value: Mapping[str, object]) -> bool:
    return "__loader__" in value or "_skops_version" in value or ("__module__" in value and "__class__" in value)


def _named(node: Mapping[str, object]) -> Iterator[tuple[str, str]]:
    loader = node.get("__loader__")
    loader = loader if isinstance(loader, str) else "a node"
    for module_key, name_key in _PAIRS:
        module, name = node.get(module_key), node.get(name_key)
        if isinstance(module, str) and isinstance(name, str):
            yield f"{module}.{name}", loader
    # A method by its name, of an object that is built first.
    content = node.get("content")
    if loader == "MethodNode" and isinstance(content, dict) and isinstance(content.get("func"), str):
        yield f"{node.get('__module__')}.{node.get('__class__')}.{content['func']}", loader
