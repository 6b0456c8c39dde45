"""How much the guard does."""

from __future__ import annotations

from enum import Enum


class Mode(Enum):
    """What the guard does when it meets something: say so, or stop it."""

    WARN = "warn"
    BLOCK = "block"
