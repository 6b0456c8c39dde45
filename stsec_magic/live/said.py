"""What is said to the user while a cell runs."""

from __future__ import annotations

import sys


def say(text: str) -> None:
    """Tell the user, where the cell's output goes.

    Args:
        text: Masked.
    """
    sys.stdout.write(f"{text}\n")
