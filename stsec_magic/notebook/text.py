"""nbformat's multi-line strings: a string, or a list of strings that belong together."""

from __future__ import annotations


def text_of(value: object, joint: str = "") -> str | None:
    """The text of a multi-line string.

    Args:
        value: A string or a list; strings among a list's items are kept, the rest is not text.
        joint: What stands between the items: "" but for tracebacks.

    Returns:
        The whole text; None where the value is neither.
    """
    if isinstance(value, str):
        return value
    if isinstance(value, list):
        return joint.join(item for item in value if isinstance(item, str))
    return None
