"""What is said to the user while a cell runs."""

from __future__ import annotations

import os
import sys


def say(text: str) -> None:
    """Tell the user, where the cell's output goes.

    Args:
        text: Masked.
    """
    sys.stdout.write(f"{text}\n")


def has_colours() -> bool:
    """Whether what is said may be coloured: a terminal shows that, and so does a notebook."""
    is_kernels = hasattr(sys.stdout, "pub_thread")  # ipykernel's stream is no terminal
    return (sys.stdout.isatty() or is_kernels) and not os.environ.get("NO_COLOR")
