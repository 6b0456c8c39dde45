"""The objects in what JSON gives, however deep."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from stsec_magic.containers.found import Limits


def nodes(value: object, limits: Limits) -> Iterator[Mapping[str, object]]:
    """Walk through a value.

    Args:
        value: What JSON gives.
        limits: How many objects, and how long it may take.

    Yields:
        Each object.
    """
    waiting: list[object] = [value]
    while waiting:
        node = waiting.pop()
        if isinstance(node, dict):
            limits.row()
            yield node
            waiting += node.values()
        elif isinstance(node, list):
            waiting += node
