"""How the app knows Streamlit."""

from __future__ import annotations

ST = "__streamlit__"
"""Stands for the module's name in all that is put into the code until it is known which name is free: ``st`` is also
what people call scipy.stats."""


def named(text: str, name: str) -> str:
    """A text with the module's name put in.

    Args:
        text: Code of the app.
        name: ``st`` or ``streamlit``.
    """
    return text.replace(ST, name)
