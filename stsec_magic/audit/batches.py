"""Files to pieces of work: the largest first, small ones together."""

from __future__ import annotations

import os
from collections.abc import Sequence

_BYTES = 1 << 21
"""Handing out a piece of work costs about a tenth of a millisecond; this much takes several."""

_FILES = 64


def batches(paths: Sequence[str]) -> list[list[int]]:
    """Group files by size.

    Args:
        paths: The files.

    Returns:
        Their numbers, in pieces that take about the same time: no worker is left with a large file
        when the others have ended.
    """
    sizes = [_size(path) for path in paths]
    groups: list[list[int]] = []
    held = _BYTES
    for number in sorted(range(len(paths)), key=lambda i: (-sizes[i], i)):
        if held + sizes[number] > _BYTES or len(groups[-1]) >= _FILES:
            groups.append([])
            held = 0
        groups[-1].append(number)
        held += sizes[number]
    return groups


def _size(path: str) -> int:
    try:
        return os.stat(path).st_size  # noqa: PTH116 - a Path for each file costs more than the call
    except (OSError, ValueError):
        return 0  # the reader will say why
