"""Code that can't be part of an app, kept as comments."""

from __future__ import annotations

import re

_LINE = re.compile(r"[^\r\n]*+(?:\r\n|\r|\n)|[^\r\n]++")


def commented(text: str) -> str:
    """Every line as a comment; what is commented already and empty lines stay.

    Args:
        text: Any text.
    """
    return "".join(_as_comment(line) for line in _LINE.findall(text))


def standing_in(text: str, indent: str, instead: str = "") -> str:
    """A statement's text as a comment, with something that does nothing in its place where a block needs it.

    Args:
        text: The statement, without its indentation.
        indent: What stands before it in its first line.
        instead: What is done in its place: ``x = None``; "" for nothing.

    Returns:
        Text for the statement's place, behind the same indentation.
    """
    first, *more = text.splitlines() or [""]
    statement = instead or ("pass" if indent else "")
    head = f"{statement}  # {first}" if statement else f"# {first}"
    return "\n".join([head.rstrip(), *(f"{indent}# {line.strip()}".rstrip() for line in more)])


def _as_comment(line: str) -> str:
    return line if not line.strip() or line.startswith("#") else f"# {line}"
