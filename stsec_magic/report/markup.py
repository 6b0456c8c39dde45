"""A stranger's text as HTML that stays text."""

from __future__ import annotations

from html import escape

from stsec_magic.report.visible import visible


def text(words: str) -> str:
    """A text on one line, escaped, and no formula for the MathJax of a notebook's page either.

    Args:
        words: Any text.
    """
    shown = escape(visible(words))
    # MathJax looks for $...$ and \(...\) in unbroken text; a tag between the sign and what follows ends it.
    return shown.replace("\\", "<span>\\</span>").replace("$", "<span>$</span>")


def element(tag: str, inside: str, style: str = "") -> str:
    """A tag around HTML.

    Args:
        tag: Its name.
        inside: HTML.
        style: Inline style, of properties and values that JupyterLab's sanitizer lets through.
    """
    return f'<{tag} style="{style}">{inside}</{tag}>' if style else f"<{tag}>{inside}</{tag}>"


def coloured(words: str, colour: str | None, tag: str = "span") -> str:
    """HTML in a colour, or as it is where there is none.

    Args:
        words: HTML.
        colour: Such as ``#7b7b7b``.
        tag: What holds it.
    """
    return words if colour is None else element(tag, words, f"color:{colour}")
