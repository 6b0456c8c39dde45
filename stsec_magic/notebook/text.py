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
    return parts(value, joint)[0]


def parts(value: object, joint: str = "") -> tuple[str | None, object]:
    """The text of a multi-line string, and what of the value is no text.

    Args:
        value: A string, a list of strings, or whatever stands there instead.
        joint: What stands between the items.

    Returns:
        The text, None where the value holds none; the rest, None where the value is what nbformat says.
    """
    if isinstance(value, str):
        return value, None
    if not isinstance(value, list):
        return None, value
    try:
        return joint.join(value), None
    except TypeError:
        return (
            joint.join(item for item in value if isinstance(item, str)),
            {i: item for i, item in enumerate(value) if not isinstance(item, str)},
        )
